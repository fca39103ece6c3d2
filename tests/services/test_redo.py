"""Redoing: whole deeds, in the order in which they were undone, and only where they still fit."""

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
from casemgr.core.rows import ActivityFilter
from casemgr.errors import RuleRefused
from casemgr.services.activities import activity, amend_activity, log_batch, sign_activity, void_activity
from casemgr.services.cases import listed as cases
from casemgr.services.cases import open_case
from casemgr.services.claims import draft_claims, the_claim, void_claim
from casemgr.services.coverages import listed as coverages
from casemgr.services.entries import wish_from_text
from casemgr.services.exports import export_month
from casemgr.services.follow_ups import finish_follow_up
from casemgr.services.follow_ups import listed as follow_ups
from casemgr.services.importing import import_log
from casemgr.services.patients import add_patient, edit_patient
from casemgr.services.printing import remarks
from casemgr.services.staff import add_staff
from casemgr.services.summaries import summary_of
from casemgr.services.timers import start_timer, status, stop_timer
from casemgr.services.undo import redo, undo
from casemgr.store.reads.activities import void_reasons
from casemgr.store.reads.records import load
from tests.services.support import OCTOBER, RIDE, assert_whole, cover, everything, length, log

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk


def test_what_was_logged_stands_again_with_its_follow_up(desk: Desk) -> None:
    record = log(desk, RIDE)
    undo(desk)
    before = length(desk)
    redone = redo(desk)
    assert redone.action == "log"
    assert [entity for entity, _ in redone.records] == ["activity", "follow_up"]
    assert load(desk.store, Activity, record.id) == record
    assert [one.row.activity_id for one in follow_ups(desk)] == [record.id]
    assert length(desk) == before + 2
    entry = desk.store.one("SELECT action, reason FROM ledger WHERE seq = ?", (length(desk) - 1,))
    assert entry is not None
    assert entry[0] == "redo"
    assert entry[1].startswith("redo of log, ")
    assert_whole(desk)


def test_redoing_again_does_the_next_one_and_undo_takes_each_back(desk: Desk) -> None:
    first = log(desk, RIDE)
    amend_activity(desk, AmendActivity(first.id, "call log", {"minutes": 25}))
    assert [undo(desk).action, undo(desk).action] == ["amend", "log"]
    assert redo(desk).action == "log"
    assert activity(desk, first.id).minutes == 15
    assert redo(desk).action == "amend"
    assert activity(desk, first.id).minutes == 25
    assert [undo(desk).action, undo(desk).action] == ["amend", "log"]
    assert not everything(desk)
    redo(desk)
    redo(desk)
    with pytest.raises(RuleRefused, match="nothing of yours to redo"):
        redo(desk)
    assert activity(desk, first.id).minutes == 25
    assert_whole(desk)


def test_something_else_leaves_nothing_to_redo(desk: Desk, desk_of: Callable[[str], Desk]) -> None:
    with pytest.raises(RuleRefused, match="nothing of yours to redo"):
        redo(desk)
    log(desk, RIDE)
    undo(desk)
    log(desk_of("tchen"), RIDE)
    export_month(desk, OCTOBER)
    with pytest.raises(RuleRefused, match="nothing of yours to redo"):
        redo(desk_of("tchen"))
    assert redo(desk).action == "log"
    undo(desk)
    log(desk, RIDE)
    with pytest.raises(RuleRefused, match="nothing of yours to redo"):
        redo(desk)
    assert len(everything(desk)) == 2


def test_a_batch_is_one_deed(desk: Desk) -> None:
    log_batch(desk, {str(number): wish_from_text(desk, RIDE) for number in range(3)})
    undo(desk)
    assert len(redo(desk).records) == 6
    assert len(everything(desk)) == 3
    undo(desk)
    assert not everything(desk)


def test_signing_voiding_and_finishing_are_done_again(desk: Desk) -> None:
    record = log(desk, RIDE, draft=True)
    sign_activity(desk, SignActivity(record.id))
    finish_follow_up(desk, FinishFollowUp(follow_ups(desk)[0].row.id, "called"))
    void_activity(desk, VoidActivity(record.id, "twice"))
    for _ in range(3):
        undo(desk)
    assert activity(desk, record.id).status == "draft"
    assert [redo(desk).action for _ in range(3)] == ["sign", "done", "void"]
    assert activity(desk, record.id).voided
    assert not follow_ups(desk)
    assert void_reasons(desk.store, ActivityFilter(run="2026-10")) == {record.id: "twice"}
    undo(desk)
    assert activity(desk, record.id).status == "signed"
    assert void_reasons(desk.store, ActivityFilter(run="2026-10")) == {}
    assert_whole(desk)


def test_a_stopped_timer_is_stopped_again_unless_another_was_started(
    desk: Desk, ana: str, clock: FixedClock
) -> None:
    start_timer(desk, ana, "referral")
    clock.move(minutes=20)
    saved = stop_timer(desk, ": OS consult => booked").activity
    undo(desk)
    clock.move(minutes=5)
    redo(desk)
    assert status(desk) is None
    assert load(desk.store, Activity, saved.id) == saved


def test_what_somebody_changed_since_is_not_redone(desk: Desk, desk_of: Callable[[str], Desk]) -> None:
    record = log(desk, RIDE)
    amend_activity(desk, AmendActivity(record.id, "call log", {"minutes": 25}))
    undo(desk)
    tam = desk_of("tchen")
    amend_activity(tam, AmendActivity(record.id, "was longer", {"minutes": 30}))
    with pytest.raises(RuleRefused, match="changed again since") as refused:
        redo(desk)
    assert "tchen did “amend”" in refused.value.detail
    assert activity(desk, record.id).minutes == 30
    undo(tam)
    assert redo(desk).action == "amend"
    assert activity(desk, record.id).minutes == 25


def test_what_was_undone_a_day_ago_is_done_anew(desk: Desk, clock: FixedClock) -> None:
    log(desk, RIDE)
    undo(desk)
    clock.move(days=1, minutes=1)
    with pytest.raises(RuleRefused, match="undone more than a day ago"):
        redo(desk)
    assert not everything(desk)


class TestPaper:
    def test_a_month_that_was_exported_without_it_does_not_stand_in_the_way(self, desk: Desk) -> None:
        log(desk, RIDE)
        undo(desk)
        export_month(desk, OCTOBER)
        assert redo(desk).action == "log"

    @pytest.mark.parametrize("deed", ["amend", "void"])
    def test_what_was_exported_as_it_is_changes_with_a_reason_only(self, desk: Desk, deed: str) -> None:
        record = log(desk, RIDE)
        if deed == "amend":
            amend_activity(desk, AmendActivity(record.id, "call log", {"minutes": 25}))
        else:
            void_activity(desk, VoidActivity(record.id, "twice"))
        undo(desk)
        export_month(desk, OCTOBER)
        before = length(desk)
        with pytest.raises(RuleRefused, match="2026-10 was printed or exported since"):
            redo(desk)
        assert length(desk) == before
        assert activity(desk, record.id).minutes == 15

    def test_an_amendment_that_was_redone_is_labelled_once(self, desk: Desk, ana: str) -> None:
        cover(desk, ana)
        record = log(desk, RIDE)
        amend_activity(desk, AmendActivity(record.id, "first", {"minutes": 25}))
        amend_activity(desk, AmendActivity(record.id, "second", {"minutes": 30}))
        for _ in range(2):
            undo(desk)
            undo(desk)
            redo(desk)
            redo(desk)
        undo(desk)
        (claim,) = draft_claims(desk, OCTOBER).claims
        (shown,) = summary_of(desk, claim).activities
        assert [label for label in shown.labels if "AMENDED" in label] == [
            "AMENDED 10/21/2026 by Marisol Rivera: first (minutes was 15, now 25)"
        ]


class TestClaims:
    def test_a_draft_is_drafted_again_under_its_number(self, desk: Desk, covered: Activity) -> None:
        (claim,) = draft_claims(desk, OCTOBER).claims
        undo(desk)
        assert redo(desk).action == "draft"
        assert the_claim(desk, claim.number) == claim
        assert activity(desk, covered.id).claim_number == claim.number
        assert_whole(desk)

    def test_a_voided_claim_is_voided_again_and_says_why(self, desk: Desk, covered: Activity) -> None:
        (claim,) = draft_claims(desk, OCTOBER).claims
        remarks(desk, claim)
        void_claim(desk, claim.number, "wrong month")
        undo(desk)
        redo(desk)
        assert activity(desk, covered.id).status == "signed"
        (other,) = draft_claims(desk, OCTOBER).claims
        assert summary_of(desk, other).warnings == (
            f"This claim takes the place of {claim.number}, voided on 10/21/2026: wrong month",
        )

    def test_nothing_is_claimed_twice(
        self, desk: Desk, desk_of: Callable[[str], Desk], covered: Activity
    ) -> None:
        draft_claims(desk, OCTOBER)
        undo(desk)
        (other,) = draft_claims(desk_of("tchen"), OCTOBER).claims
        with pytest.raises(RuleRefused, match=other.number):
            redo(desk)
        assert activity(desk, covered.id).claim_number == other.number

    def test_a_claim_does_not_come_back_over_a_log_that_says_something_else(
        self, desk: Desk, desk_of: Callable[[str], Desk], covered: Activity
    ) -> None:
        draft_claims(desk, OCTOBER)
        undo(desk)
        tam = desk_of("tchen")
        amend_activity(tam, AmendActivity(covered.id, "call log", {"minutes": 25}))
        with pytest.raises(RuleRefused, match="have changed since"):
            redo(desk)
        assert activity(desk, covered.id).status == "signed"

    def test_a_claim_does_not_come_back_without_its_coverage(
        self, desk: Desk, desk_of: Callable[[str], Desk], ana: str
    ) -> None:
        tam = desk_of("tchen")
        log(desk, RIDE)
        cover(tam, ana)
        (claim,) = draft_claims(desk, OCTOBER).claims
        void_claim(desk, claim.number, "wrong month")
        undo(desk)
        undo(desk)
        undo(tam)
        with pytest.raises(RuleRefused, match="Its coverage was withdrawn"):
            redo(desk)

    @pytest.mark.parametrize("deed", ["amend", "void"])
    def test_what_stands_on_a_claim_by_now_is_left_alone(
        self, desk: Desk, desk_of: Callable[[str], Desk], covered: Activity, deed: str
    ) -> None:
        if deed == "amend":
            amend_activity(desk, AmendActivity(covered.id, "call log", {"minutes": 25}))
        else:
            void_activity(desk, VoidActivity(covered.id, "twice"))
        undo(desk)
        (claim,) = draft_claims(desk_of("tchen"), OCTOBER).claims
        with pytest.raises(RuleRefused, match=claim.number):
            redo(desk)
        assert activity(desk, covered.id).minutes == 15


class TestPeople:
    def test_a_patient_comes_back_with_the_cover(self, desk: Desk) -> None:
        added = add_patient(
            desk, AddPatient("Ortiz", "Luz", date(1990, 1, 5), payer="Sunrise", member_id="S1")
        )
        undo(desk)
        assert redo(desk).records == (("patient", added.patient.id), ("coverage", added.coverage.id))  # type: ignore[union-attr]
        assert load(desk.store, Patient, added.patient.id) == added.patient
        assert len(coverages(desk)) == 1

    def test_a_chart_number_that_was_given_away_stays_where_it_is(
        self, desk: Desk, desk_of: Callable[[str], Desk], ana: str
    ) -> None:
        tam = desk_of("tchen")
        add_patient(desk, AddPatient("Ortiz", "Luz", date(1990, 1, 5), "2000"))
        undo(desk)
        add_patient(tam, AddPatient("Diaz", "Eva", date(1991, 1, 5), "2000"))
        with pytest.raises(RuleRefused, match="2000 belongs to another") as refused:
            redo(desk)
        assert refused.value.candidates == ("Diaz, Eva 1/5/1991 #2000",)
        edit_patient(desk, EditPatient(ana, {"chart_number": "3000"}))
        add_patient(tam, AddPatient("Diaz", "Ida", date(1991, 1, 5), "1030"))
        with pytest.raises(RuleRefused, match="1030 belongs to another"):
            undo(desk)
        assert_whole(desk)

    def test_work_does_not_come_back_without_its_patient_or_who_did_it(
        self, desk: Desk, desk_of: Callable[[str], Desk]
    ) -> None:
        tam = desk_of("tchen")
        add_patient(tam, AddPatient("Ortiz", "Luz", date(1990, 1, 5), "2000"))
        log(desk, "15m ride #2000 10/20: no car => ride confirmed")
        undo(desk)
        undo(tam)
        with pytest.raises(RuleRefused, match="patient was withdrawn since"):
            redo(desk)
        add_staff(tam, AddStaff("bokafor", "Bisi Okafor"))
        bisi = desk_of("bokafor")
        log(bisi, RIDE)
        undo(bisi)
        undo(tam)
        with pytest.raises(RuleRefused, match="Who did the work was withdrawn since"):
            redo(bisi)
        assert not everything(desk)

    def test_one_case_at_a_time(self, desk: Desk, desk_of: Callable[[str], Desk], ana: str) -> None:
        open_case(desk, OpenCase(ana, date(2026, 10, 1)))
        undo(desk)
        open_case(desk_of("tchen"), OpenCase(ana, date(2026, 10, 2)))
        with pytest.raises(RuleRefused, match="open case since 10/2/2026"):
            redo(desk)
        assert len(cases(desk)) == 1


class TestImports:
    def test_one_comes_back_days_later_and_is_recognised(
        self, desk: Desk, log_file: Path, clock: FixedClock
    ) -> None:
        import_log(desk, log_file)
        undo(desk)
        clock.move(days=5)
        assert redo(desk).action == "import"
        assert len(everything(desk)) == 2
        assert import_log(desk, log_file).summary["accepted"] == 0
        clock.move(days=5)
        assert undo(desk).action == "import"
        assert not everything(desk)
        assert_whole(desk)

    def test_what_somebody_imported_again_is_not_in_twice(
        self, desk: Desk, desk_of: Callable[[str], Desk], log_file: Path
    ) -> None:
        import_log(desk, log_file)
        undo(desk)
        import_log(desk_of("tchen"), log_file)
        with pytest.raises(RuleRefused, match="imported again since"):
            redo(desk)
        assert len(everything(desk)) == 2
