"""Undoing: whole deeds, own deeds, the newest first, and never from under what stands on them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import (
    AddPatient,
    AddStaff,
    AmendActivity,
    EditPatient,
    FinishFollowUp,
    OpenCase,
    SignActivity,
    VoidActivity,
)
from casemgr.core.records import Activity, Patient
from casemgr.errors import RuleRefused
from casemgr.services.activities import activity, amend_activity, log_batch, sign_activity, void_activity
from casemgr.services.cases import open_case
from casemgr.services.claims import draft_claims, the_claim, void_claim
from casemgr.services.coverages import listed as coverages
from casemgr.services.entries import wish_from_text
from casemgr.services.exports import export_month
from casemgr.services.follow_ups import finish_follow_up
from casemgr.services.follow_ups import listed as follow_ups
from casemgr.services.importing import import_log
from casemgr.services.patients import add_patient, edit_patient
from casemgr.services.printing import print_claims, remarks
from casemgr.services.staff import add_staff
from casemgr.services.undo import redo, undo
from casemgr.store.reads.records import load
from tests.services.support import OCTOBER, RIDE, SEPTEMBER, assert_whole, cover, everything, length, log

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk


def test_a_logged_activity_is_withdrawn_with_its_follow_up_and_the_ledger_keeps_it(desk: Desk) -> None:
    record = log(desk, RIDE)
    before = length(desk)
    undone = undo(desk)
    assert undone.action == "log"
    assert {entity for entity, _ in undone.records} == {"activity", "follow_up"}
    assert not everything(desk)
    assert not follow_ups(desk)
    assert length(desk) == before + 2
    assert activity(desk, record.id).status == "voided"
    assert_whole(desk)


def test_undoing_again_takes_back_the_deed_before(desk: Desk) -> None:
    first = log(desk, RIDE)
    amend_activity(desk, AmendActivity(first.id, "call log", {"minutes": 25}))
    second = log(desk, RIDE)
    assert {entity_id for _, entity_id in undo(desk).records} >= {second.id}
    assert undo(desk).action == "amend"
    assert load(desk.store, Activity, first.id) == first
    third = log(desk, RIDE)
    assert {entity_id for _, entity_id in undo(desk).records} >= {third.id}
    assert {entity_id for _, entity_id in undo(desk).records} >= {first.id}
    assert not everything(desk)
    assert_whole(desk)


def test_a_batch_is_one_deed(desk: Desk) -> None:
    log_batch(desk, {str(number): wish_from_text(desk, RIDE) for number in range(3)})
    assert len(everything(desk)) == 3
    undo(desk)
    assert not everything(desk)


def test_what_was_voided_or_signed_is_as_before(desk: Desk) -> None:
    record = log(desk, RIDE, draft=True)
    sign_activity(desk, SignActivity(record.id))
    void_activity(desk, VoidActivity(record.id, "twice"))
    assert undo(desk).action == "void"
    assert activity(desk, record.id).status == "signed"
    assert undo(desk).action == "sign"
    assert load(desk.store, Activity, record.id) == record


def test_what_was_done_is_to_do_again(desk: Desk) -> None:
    log(desk, RIDE)
    finish_follow_up(desk, FinishFollowUp(follow_ups(desk)[0].row.id, "called"))
    assert not follow_ups(desk)
    undo(desk)
    assert len(follow_ups(desk)) == 1


def test_nobody_undoes_anothers_deeds(desk: Desk, desk_of: Callable[[str], Desk]) -> None:
    tam = desk_of("tchen")
    with pytest.raises(RuleRefused, match="nothing of yours"):
        undo(tam)
    record = log(desk, RIDE)
    theirs = log(tam, RIDE)
    undo(desk)
    assert [row.id for row in everything(desk)] == [theirs.id]
    assert activity(desk, record.id).voided


def test_the_making_of_the_practice_stays(desk: Desk) -> None:
    while True:
        try:
            undo(desk)
        except RuleRefused as refused:
            assert "nothing of yours" in refused.title
            break
    assert desk.member("mrivera").name == "Marisol Rivera"
    assert_whole(desk)


def test_an_export_of_another_month_is_no_deed_and_does_not_stand_in_the_way(desk: Desk) -> None:
    log(desk, RIDE)
    export_month(desk, SEPTEMBER)
    assert undo(desk).action == "log"


def test_what_was_exported_since_is_voided_with_a_reason_and_not_undone(desk: Desk) -> None:
    record = log(desk, RIDE)
    export_month(desk, OCTOBER)
    before = length(desk)
    with pytest.raises(RuleRefused, match="2026-10 was printed or exported since") as refused:
        undo(desk)
    assert "void the activity" in refused.value.todo
    assert length(desk) == before
    assert activity(desk, record.id).status == "signed"
    void_activity(desk, VoidActivity(record.id, "twice"))
    assert undo(desk).action == "void"


def test_what_has_stood_for_a_day_is_not_undone(desk: Desk, clock: FixedClock) -> None:
    record = log(desk, RIDE)
    clock.move(days=1)
    before = length(desk)
    assert undo(desk).action == "log"
    again = log(desk, RIDE)
    clock.move(days=1, minutes=1)
    with pytest.raises(RuleRefused, match="more than a day ago") as refused:
        undo(desk)
    assert "Amend or void" in refused.value.todo
    assert [row.id for row in everything(desk)] == [again.id]
    assert activity(desk, record.id).voided
    assert length(desk) == before + 4
    assert_whole(desk)


class TestImports:
    def test_one_is_undone_at_once_and_days_later(
        self, desk: Desk, log_file: Path, clock: FixedClock
    ) -> None:
        for days in (0, 30):
            import_log(desk, log_file)
            assert len(everything(desk)) == 2
            clock.move(days=days)
            assert undo(desk).action == "import"
            assert not everything(desk)
        assert_whole(desk)

    def test_one_whose_month_was_exported_since_stays(self, desk: Desk, log_file: Path) -> None:
        import_log(desk, log_file)
        export_month(desk, OCTOBER)
        before = length(desk)
        with pytest.raises(RuleRefused, match="printed or exported since"):
            undo(desk)
        assert (len(everything(desk)), length(desk)) == (2, before)

    def test_an_export_before_it_is_no_matter(self, desk: Desk, log_file: Path) -> None:
        export_month(desk, OCTOBER)
        import_log(desk, log_file)
        assert undo(desk).action == "import"


def test_what_somebody_changed_since_is_not_undone(desk: Desk, desk_of: Callable[[str], Desk]) -> None:
    record = log(desk, RIDE)
    tam = desk_of("tchen")
    amend_activity(tam, AmendActivity(record.id, "was longer", {"minutes": 25}))
    with pytest.raises(RuleRefused, match="changed again since") as refused:
        undo(desk)
    assert "tchen did “amend”" in refused.value.detail
    undo(tam)
    assert undo(desk).action == "log"


def test_an_own_change_that_was_undone_does_not_hide_anothers(
    desk: Desk, desk_of: Callable[[str], Desk]
) -> None:
    record = log(desk, RIDE)
    amend_activity(desk_of("tchen"), AmendActivity(record.id, "was longer", {"minutes": 25}))
    amend_activity(desk, AmendActivity(record.id, "a word", {"note": "no car at all"}))
    undo(desk)
    with pytest.raises(RuleRefused, match="changed again since"):
        undo(desk)
    assert activity(desk, record.id).minutes == 25


class TestClaims:
    def test_an_activity_on_a_claim_is_not_pulled_from_under_it(
        self, desk: Desk, desk_of: Callable[[str], Desk], covered: Activity
    ) -> None:
        (claim,) = draft_claims(desk_of("tchen"), OCTOBER).claims
        with pytest.raises(RuleRefused, match=claim.number):
            undo(desk)
        assert activity(desk, covered.id).status == "claimed"

    def test_drafting_is_undone_and_its_activities_are_free(self, desk: Desk, covered: Activity) -> None:
        (claim,) = draft_claims(desk, OCTOBER).claims
        assert undo(desk).action == "draft"
        assert the_claim(desk, claim.number).voided
        assert activity(desk, covered.id).status == "signed"
        (again,) = draft_claims(desk, OCTOBER).claims
        assert again.number > claim.number

    def test_a_claim_that_was_printed_or_exported_since_is_voided_and_not_undone(
        self, desk: Desk, covered: Activity
    ) -> None:
        (claim,) = draft_claims(desk, OCTOBER).claims
        list(print_claims(desk, [claim]))
        with pytest.raises(RuleRefused, match=f"{claim.number} was printed") as refused:
            undo(desk)
        assert "void the claim" in refused.value.todo
        assert activity(desk, covered.id).claim_number == claim.number
        void_claim(desk, claim.number, "wrong month")
        (again,) = draft_claims(desk, OCTOBER).claims
        export_month(desk, OCTOBER)
        with pytest.raises(RuleRefused, match="2026-10 was printed or exported"):
            undo(desk)
        assert activity(desk, covered.id).claim_number == again.number
        assert_whole(desk)

    def test_what_is_on_the_paper_of_a_claim_that_was_voided_is_not_undone(
        self, desk: Desk, desk_of: Callable[[str], Desk], covered: Activity
    ) -> None:
        theirs = desk_of("tchen")
        amend_activity(theirs, AmendActivity(covered.id, "call log says 33", {"minutes": 33}))
        (claim,) = draft_claims(desk, OCTOBER).claims
        list(print_claims(desk, [claim]))
        void_claim(desk, claim.number, "wrong month")
        with pytest.raises(RuleRefused, match=f"{claim.number} was printed") as refused:
            undo(theirs)
        assert "void the activity" in refused.value.todo
        assert activity(desk, covered.id).minutes == 33

    def test_what_is_on_the_paper_of_a_claim_that_was_voided_is_not_redone(
        self, desk: Desk, desk_of: Callable[[str], Desk], covered: Activity
    ) -> None:
        theirs = desk_of("tchen")
        amend_activity(theirs, AmendActivity(covered.id, "call log says 33", {"minutes": 33}))
        undo(theirs)
        (claim,) = draft_claims(desk, OCTOBER).claims
        remarks(desk, claim)
        void_claim(desk, claim.number, "wrong month")
        with pytest.raises(RuleRefused, match=f"{claim.number} was printed"):
            redo(theirs)
        assert activity(desk, covered.id).minutes == covered.minutes

    def test_a_claim_is_not_restored_over_another_one(
        self, desk: Desk, desk_of: Callable[[str], Desk], covered: Activity
    ) -> None:
        (claim,) = draft_claims(desk, OCTOBER).claims
        void_claim(desk, claim.number, "wrong month")
        (other,) = draft_claims(desk_of("tchen"), OCTOBER).claims
        with pytest.raises(RuleRefused, match=other.number):
            undo(desk)
        assert activity(desk, covered.id).claim_number == other.number

    def test_a_claim_is_not_restored_over_a_log_that_says_something_else(
        self, desk: Desk, desk_of: Callable[[str], Desk], covered: Activity
    ) -> None:
        (claim,) = draft_claims(desk, OCTOBER).claims
        void_claim(desk, claim.number, "minutes")
        tam = desk_of("tchen")
        amend_activity(tam, AmendActivity(covered.id, "call log", {"minutes": 25}))
        with pytest.raises(RuleRefused, match="have changed since"):
            undo(desk)
        undo(tam)
        assert undo(desk).action == "void"
        assert activity(desk, covered.id).claim_number == claim.number
        assert_whole(desk)

    def test_coverage_and_case_stay_under_a_claim(
        self, desk: Desk, desk_of: Callable[[str], Desk], ana: str
    ) -> None:
        log(desk_of("tchen"), RIDE)
        case = open_case(desk, OpenCase(ana, date(2026, 10, 1)))
        cover(desk, ana)
        (claim,) = draft_claims(desk_of("tchen"), OCTOBER).claims
        assert claim.case_id == case.id
        with pytest.raises(RuleRefused, match=claim.number):
            undo(desk)
        assert coverages(desk)


class TestPeople:
    def test_a_patient_comes_and_goes_with_the_cover(self, desk: Desk) -> None:
        added = add_patient(
            desk, AddPatient("Ortiz", "Luz", date(1990, 1, 5), payer="Sunrise", member_id="S1")
        )
        undo(desk)
        patient = load(desk.store, Patient, added.patient.id)
        assert patient is not None
        assert patient.voided
        assert not coverages(desk)

    def test_a_patient_with_work_stays(self, desk: Desk, desk_of: Callable[[str], Desk]) -> None:
        add_patient(desk, AddPatient("Ortiz", "Luz", date(1990, 1, 5), "2000"))
        log(desk_of("tchen"), "15m ride #2000: no car => ride confirmed")
        with pytest.raises(RuleRefused, match="Work has been logged"):
            undo(desk)

    def test_an_edit_of_a_patient_with_work_is_undone(self, desk: Desk, ana: str) -> None:
        log(desk, RIDE)
        edit_patient(desk, EditPatient(ana, {"phone": "617-555-0199"}))
        undo(desk)
        patient = load(desk.store, Patient, ana)
        assert patient is not None
        assert patient.phone == "617-555-0130"

    def test_staff_with_work_stay(self, desk: Desk, desk_of: Callable[[str], Desk]) -> None:
        add_staff(desk, AddStaff("bokafor", "Bisi Okafor"))
        log(desk_of("bokafor"), RIDE)
        with pytest.raises(RuleRefused, match="logged work since"):
            undo(desk)
