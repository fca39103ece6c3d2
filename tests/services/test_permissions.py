"""Who may do what, at the desk: each permission from both sides, and what is recorded of a refusal."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from casemgr.core.billing import MonthClose
from casemgr.core.billing_commands import DenyClaim
from casemgr.core.commands import (
    AddFollowUp,
    AddStaff,
    AmendActivity,
    EditCase,
    EditPatient,
    EditStaff,
    OpenCase,
    SignActivity,
)
from casemgr.core.dates import Month
from casemgr.core.records import Disclosure
from casemgr.core.roles import PERMISSIONS, ROLES
from casemgr.errors import InputRefused, RuleRefused
from casemgr.services.access import record_access
from casemgr.services.activities import amend_activity, log_activity, sign_activity
from casemgr.services.benefits import VerifyBenefits, verify_benefits
from casemgr.services.cases import edit_case, open_case
from casemgr.services.claim_edit import next_action
from casemgr.services.claim_life import close, ready, write_off
from casemgr.services.claims import draft_claims, the_claim
from casemgr.services.entries import wish_from_text
from casemgr.services.follow_ups import add_follow_up
from casemgr.services.importing import import_log
from casemgr.services.importing_billing import import_billing
from casemgr.services.importing_people import import_patients, import_staff
from casemgr.services.importing_remittances import import_remittances
from casemgr.services.month_close import close_month, reopen_month
from casemgr.services.patients import edit_patient
from casemgr.services.permissions import may, need
from casemgr.services.practices import edit_practice
from casemgr.services.remittances import deny
from casemgr.services.staff import add_staff, edit_staff, shown
from casemgr.services.undo import redo, undo
from casemgr.store.ledger import entries, witness
from tests.services.accounts import drafted, paid, sent
from tests.services.support import OCTOBER, RIDE, TODAY, assert_whole, cover, everything, log

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.core.billing import Claim
    from casemgr.core.roles import Permission
    from casemgr.services.desk import Desk

NOWHERE = Path("there-is-no-such-file")


class Scene(NamedTuple):
    """A practice in which everybody could do something."""

    owner: Desk
    tam: Desk
    """The desk of tchen, whose role changes while it is open."""
    ana: str
    folder: Path
    n: int = 0
    """Another number for each role that tries."""

    def left(self, action: str) -> None:
        """Something leaves."""
        with self.tam.write() as tx:
            tx.append(action, "disclosure", Disclosure(id=tx.new_id(), what="a file"))

    def claim(self) -> Claim:
        """A claim that was sent."""
        if self.n == 0:
            return sent(self.owner, drafted(self.owner, self.ana, 19))
        (number,) = self.owner.store.one("SELECT number FROM claims") or ("",)
        return the_claim(self.owner, number)

    def covered(self) -> str:
        """Ana Garcia, who is covered."""
        if self.n == 0:
            cover(self.owner, self.ana)
        return self.ana

    def case(self) -> str:
        """The open case."""
        if self.n == 0:
            return open_case(self.owner, OpenCase(self.ana, date(2026, 10, 1))).id
        return str((self.owner.store.one("SELECT id FROM cases") or ("",))[0])

    def closed(self) -> Month:
        """A month that was closed."""
        month = Month(2026, 5 + self.n)
        with self.owner.write() as tx:
            tx.append("close", "month", MonthClose(id=str(month), closed=True, closed_by="mrivera"))
        return month

    def list_of_one(self) -> Path:
        """A list with a patient whom nobody knows yet."""
        path = self.folder / f"patients-{self.n}.csv"
        path.write_text(f"Chart,Last,First,DOB\n90{self.n},Doe,Jo,1/{self.n + 1}/1990\n", "utf-8")
        return path


DEEDS: dict[str, Callable[[Scene], object]] = {
    "log work": lambda at: log(at.tam, RIDE),
    "change what somebody else logged": lambda at: amend_activity(
        at.tam, AmendActivity(log(at.owner, RIDE).id, "call log says 16", {"minutes": 16})
    ),
    "keep cases": lambda at: edit_case(at.tam, EditCase(at.case(), {"plan": f"Rides, {at.n}"})),
    "keep follow-ups": lambda at: add_follow_up(at.tam, AddFollowUp(TODAY, "call", at.ana)),
    "keep patients": lambda at: edit_patient(at.tam, EditPatient(at.ana, {"phone": f"617-555-010{at.n}"})),
    "keep benefits and attachments": lambda at: verify_benefits(
        at.tam,
        VerifyBenefits(at.covered(), TODAY, "", "phone", "line", f"88{at.n}", "yes", ("D9993",), "covered"),
    ),
    "prepare claims": lambda at: next_action(at.tam, at.claim().number, f"call {at.n}", date(2026, 11, 2)),
    "book payments": lambda at: paid(at.tam, at.claim(), 1 + at.n),
    "end claims": lambda at: write_off(at.tam, [at.claim().number], "small", 1),
    "close a month": lambda at: close_month(at.tam, Month(2026, 5 + at.n), "for a test"),
    "reopen a month": lambda at: reopen_month(at.tam, at.closed(), "for a test"),
    "import files": lambda at: import_patients(at.tam, at.list_of_one()),
    "export and print": lambda at: at.left("print"),
    "make a backup": lambda at: at.left("backup"),
    "restore a backup": lambda at: need(at.tam, "restore", "disclosure"),
    "keep the list of staff": lambda at: edit_staff(at.tam, EditStaff("bokafor", {"name": f"Bisi {at.n}"})),
    "say who may do what": lambda at: edit_staff(at.tam, EditStaff("bokafor", {"access": "biller"})),
    "let people in and out": lambda at: record_access(at.tam, "invite", "bokafor"),
    "unlock the data": lambda at: record_access(at.tam, "passphrase", "tchen"),
    "change the practice's particulars": lambda at: edit_practice(at.tam, {"phone": f"617-555-010{at.n}"}),
}
"""Something that tchen does under each permission, by its name."""


@pytest.fixture
def scene(desk: Desk, desk_of: Callable[[str], Desk], ana: str, tmp_path: Path) -> Scene:
    """The owner's desk, and that of tchen."""
    add_staff(desk, AddStaff("bokafor", "Bisi Okafor"))
    return Scene(desk, desk_of("tchen"), ana, tmp_path)


def give(desk: Desk, role: str, login: str = "tchen") -> None:
    """Give somebody a role, unless they have it."""
    if desk.member(login).access != role:
        edit_staff(desk, EditStaff(login, {"access": role}))


def deeds_of(desk: Desk, login: str) -> list[tuple[str, str]]:
    """Action and entity of what somebody did, oldest first."""
    return [(entry.action, entry.entity) for entry in entries(desk.store, staff=login)]


def refusals(desk: Desk) -> list[str]:
    """What was refused, by the names of the permissions."""
    found = entries(desk.store, entity="access", actions=("refuse",))
    return [json.loads(entry.body)["detail"] for entry in found]


def test_there_is_a_deed_for_each_permission() -> None:
    assert list(DEEDS) == [one.name for one in PERMISSIONS]


@pytest.mark.parametrize("permission", PERMISSIONS, ids=[one.name for one in PERMISSIONS])
def test_each_may_what_the_table_says_and_nothing_else(scene: Scene, permission: Permission) -> None:
    for n, role in enumerate(ROLES):
        give(scene.owner, role)
        before = deeds_of(scene.owner, "tchen")
        deed = DEEDS[permission.name]
        if role in permission.roles:
            deed(scene._replace(n=n))
            assert ("refuse", "access") not in deeds_of(scene.owner, "tchen")[len(before) :]
        else:
            with pytest.raises(RuleRefused, match=f"^Only .+ may {permission.name}$") as refused:
                deed(scene._replace(n=n))
            assert f"You act as Tam Chen, {role}. Nothing was changed." == refused.value.detail
            assert deeds_of(scene.owner, "tchen")[len(before) :] == [("refuse", "access")]
            assert refusals(scene.owner)[-1] == permission.name
    assert_whole(scene.owner)


EARLY: dict[str, Callable[[Desk], object]] = {
    "log work": lambda desk: import_log(desk, NOWHERE),
    "book payments": lambda desk: import_remittances(desk, NOWHERE),
    "keep the list of staff": lambda desk: import_staff(desk, NOWHERE),
    "close a month": lambda desk: close_month(desk, OCTOBER, dry_run=True),
}


@pytest.mark.parametrize("name", EARLY)
def test_what_takes_long_is_refused_before_it_begins(scene: Scene, name: str) -> None:
    give(scene.owner, "biller" if name == "log work" else "case manager")
    with pytest.raises(RuleRefused, match=f"may {name}$"):
        EARLY[name](scene.tam)
    assert refusals(scene.owner) == [name]


def test_what_billing_filled_in_is_refused_before_it_is_read(scene: Scene) -> None:
    give(scene.owner, "case manager")
    with pytest.raises(RuleRefused, match="may book payments"):
        import_billing(scene.tam, NOWHERE)


def test_a_refusal_takes_the_whole_deed_back_and_says_who_can_help(scene: Scene) -> None:
    give(scene.owner, "supervisor")
    head = witness(scene.owner.store)
    with pytest.raises(RuleRefused) as refused:
        edit_staff(scene.tam, EditStaff("bokafor", {"credential": "CHW", "access": "supervisor"}))
    assert refused.value.title == "Only the owner may say who may do what"
    assert "Ask Marisol Rivera" in refused.value.todo
    assert '`casemgr staff edit tchen --access "owner"`' in refused.value.todo
    assert scene.owner.member("bokafor").credential == ""
    assert witness(scene.owner.store) == head, "a refusal changes no record"


def test_a_dry_run_is_refused_as_well_and_recorded_once(scene: Scene, log_file: Path) -> None:
    give(scene.owner, "biller")
    with pytest.raises(RuleRefused, match="may log work"):
        import_log(scene.tam, log_file, dry_run=True)
    assert refusals(scene.owner) == ["log work"]


def test_whoever_was_refused_undoes_what_they_did_before(scene: Scene) -> None:
    log(scene.tam, RIDE)
    give(scene.owner, "biller")
    with pytest.raises(RuleRefused, match="may log work"):
        log(scene.tam, RIDE)
    undo(scene.tam)
    assert not everything(scene.owner)
    # Nor does a redo get past that.
    with pytest.raises(RuleRefused, match="may log work"):
        redo(scene.tam)
    assert not everything(scene.owner)
    give(scene.owner, "case manager")
    redo(scene.tam)
    assert len(everything(scene.owner)) == 1


class TestOthersWork:
    """What somebody did is theirs, whoever entered it."""

    def test_who_did_it_and_who_entered_it_may_change_it(self, scene: Scene) -> None:
        give(scene.owner, "case manager")
        for by, staff in ((scene.owner, "tchen"), (scene.tam, "mrivera")):
            record = log_activity(by, wish_from_text(by, RIDE)._replace(staff=staff)).activity
            amended = amend_activity(scene.tam, AmendActivity(record.id, "call log says 16", {"minutes": 16}))
            assert amended.activity.minutes == 16

    def test_nobody_signs_for_somebody_else_but_who_leads(self, scene: Scene) -> None:
        draft = log(scene.owner, RIDE, draft=True)
        give(scene.owner, "case manager")
        with pytest.raises(RuleRefused, match="may change what somebody else logged"):
            sign_activity(scene.tam, SignActivity(draft.id))
        give(scene.owner, "supervisor")
        assert sign_activity(scene.tam, SignActivity(draft.id)).signed_by == "tchen"


class TestWhatFollows:
    """What a deed brings along needs no permission of its own."""

    def test_a_case_managers_amendment_takes_a_ready_claim_back_to_draft(self, scene: Scene) -> None:
        give(scene.owner, "case manager")
        cover(scene.owner, scene.ana)
        record = log(scene.tam, RIDE)
        (claim,) = draft_claims(scene.owner, OCTOBER).claims
        ready(scene.owner, [claim.number], "for a test")
        amend_activity(scene.tam, AmendActivity(record.id, "call log says 25", {"minutes": 25}))
        assert the_claim(scene.owner, claim.number).status == "draft"

    def test_a_billers_answer_opens_a_closed_claim_again(self, scene: Scene) -> None:
        give(scene.owner, "biller")
        claim = scene.claim()
        deny(scene.tam, DenyClaim(claim.number, TODAY, "197"))
        close(scene.tam, [claim.number], "nobody appeals")
        paid(scene.tam, claim, 100)
        assert the_claim(scene.owner, claim.number).status == "paid_in_part"

    def test_a_biller_takes_in_patients_with_their_coverage(self, scene: Scene) -> None:
        give(scene.owner, "biller")
        path = scene.folder / "patients.csv"
        path.write_text("Chart,Last,First,DOB,Payer,Member\n77,Doe,Jo,1/1/1990,Acme,S1\n", "utf-8")
        assert import_patients(scene.tam, path).summary["accepted"] == 1


class TestGiving:
    """Who gives a role, and to whom."""

    def test_the_owner_gives_one_with_the_login(self, desk: Desk) -> None:
        member = add_staff(desk, AddStaff("pdiaz", "Paz Diaz", role="billing", access="Biller"))
        assert (member.access, member.role) == ("biller", "billing")
        undo(desk)
        assert add_staff(desk, AddStaff("pdiaz", "Paz Diaz")).access == "case manager"

    def test_a_supervisor_adds_somebody_who_manages_cases(self, scene: Scene) -> None:
        assert add_staff(scene.tam, AddStaff("pdiaz", "Paz Diaz")).access == "case manager"
        with pytest.raises(RuleRefused, match="say who may do what"):
            add_staff(scene.tam, AddStaff("lpark", "Lee Park", access="biller"))
        with pytest.raises(RuleRefused, match="say who may do what"):
            edit_staff(scene.tam, EditStaff("tchen", {"access": "owner"}))

    def test_there_are_four(self, desk: Desk) -> None:
        with pytest.raises(InputRefused) as refused:
            edit_staff(desk, EditStaff("tchen", {"access": "boss"}))
        assert (refused.value.field, refused.value.candidates) == ("access", ROLES)

    def test_nobody_takes_the_owners_away(self, scene: Scene) -> None:
        give(scene.owner, "owner")
        for role in ROLES[:-1]:
            with pytest.raises(InputRefused, match="is the practice's owner") as refused:
                edit_staff(scene.tam, EditStaff("mrivera", {"access": role}))
            assert refused.value.field == "access"

    def test_the_practices_owner_is_one_whatever_the_record_says(self, scene: Scene) -> None:
        edit_practice(scene.owner, {"owner": "bokafor"})
        assert shown(scene.owner, "bokafor").access == "owner"
        assert scene.owner.member("bokafor").access == "case manager"
        scene.tam.seat("bokafor")
        assert may(scene.tam, "edit", "practice")
        edit_staff(scene.tam, EditStaff("mrivera", {"access": "case manager"}))
        assert not may(scene.owner, "edit", "practice")

    def test_a_list_of_staff_gives_none(self, desk: Desk, tmp_path: Path) -> None:
        path = tmp_path / "staff.csv"
        path.write_text("Login,Name,Role,Access\npdiaz,Paz Diaz,owner,owner\n", "utf-8")
        import_staff(desk, path)
        assert desk.member("pdiaz").access == "case manager"
