"""The moves of a claim at a desk: entries of the ledger, refused where there is none, undone and redone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.billing_commands import AnswerClaim, AnsweredLine, EditClaim, SubmitClaims
from casemgr.core.claim_money import WHOLE
from casemgr.core.commands import AmendActivity, OpenCase
from casemgr.errors import InputRefused, NotFound, RuleRefused
from casemgr.services.activities import amend_activity
from casemgr.services.benefits import AddAuthorization, add_authorization
from casemgr.services.cases import open_case
from casemgr.services.claim_edit import edit, next_action
from casemgr.services.claim_life import (
    accept,
    appeal,
    close,
    correct,
    ready,
    reopen,
    submit,
    without_errors,
    write_off,
)
from casemgr.services.claim_money import account_of
from casemgr.services.claim_moves import numbers_in
from casemgr.services.claims import the_claim, void_claim
from casemgr.services.patients import the_patient_id
from casemgr.services.practices import edit_practice
from casemgr.services.printing import remarks
from casemgr.services.remittances import answer
from casemgr.services.undo import redo, undo
from casemgr.store.ledger import history
from tests.services.accounts import FEE, HARBOR, drafted, now, off, paid, sent
from tests.services.support import OCTOBER, TODAY, assert_whole, length

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk


def steps(desk: Desk, claim_id: str) -> list[tuple[str, str]]:
    return [(entry.action, entry.reason) for entry in history(desk.store, "claim", claim_id)]


def test_a_claim_goes_from_draft_to_closed_and_every_move_is_an_entry(desk: Desk, ana: str) -> None:
    claim = sent(desk, drafted(desk, ana, 20))
    (only,) = claim.submissions
    assert (only.control_number, only.kind, only.charge_cents) == (f"{claim.number}-1", "original", FEE)
    assert accept(desk, (claim.number,), "PX-1")[0].claim.payer_claim_number == "PX-1"
    denied = paid(desk, claim, 0, f"CO-197={FEE}").claim
    assert denied.status == "denied"
    assert appeal(desk, (claim.number,), TODAY, "it was authorized")[0].claim.appealed_on == "2026-10-21"
    assert paid(desk, claim, FEE).claim.status == "paid"
    assert close(desk, (claim.number,))[0].claim.status == "closed"
    assert [action for action, _ in steps(desk, claim.id)] == [
        "draft",
        "ready",
        "submit",
        "accept",
        "deny",
        "appeal",
        "pay",
        "close",
    ]
    assert steps(desk, claim.id)[5] == ("appeal", "it was authorized")
    assert_whole(desk)


def test_an_illegal_move_is_refused_with_what_is_possible(desk: Desk, ana: str) -> None:
    claim = drafted(desk, ana, 20)
    before = length(desk)
    moves: tuple[Callable[[], object], ...] = (
        lambda: submit(desk, SubmitClaims((claim.number,), "paper", TODAY)),
        lambda: accept(desk, (claim.number,)),
        lambda: appeal(desk, (claim.number,), TODAY, "why"),
        lambda: correct(desk, (claim.number,), "why"),
        lambda: close(desk, (claim.number,), "why"),
        lambda: write_off(desk, (claim.number,), "why"),
        lambda: reopen(desk, (claim.number,), "why"),
    )
    for move in moves:
        with pytest.raises(RuleRefused) as refused:
            move()
        assert refused.value.title.startswith(f"Claim {claim.number} is draft")
        assert refused.value.todo == "It can be made ready."
    assert length(desk) == before
    sent(desk, claim)
    with pytest.raises(RuleRefused, match="is submitted already"):
        submit(desk, SubmitClaims((claim.number,), "paper", TODAY))


def test_a_claim_with_errors_is_ready_with_a_reason_only(desk: Desk, ana: str) -> None:
    claim = drafted(desk, ana, 20)
    with pytest.raises(RuleRefused, match=rf"Claim {claim.number} is not ready: \d+ errors? \(") as refused:
        ready(desk, (claim.number,))
    assert "claim check" in refused.value.todo
    done = ready(desk, (claim.number,), "the payer knows")[0]
    assert done.claim.status == "ready"
    assert "is ready with" in done.warnings[0]
    assert steps(desk, claim.id)[-1] == ("ready", "the payer knows")


def test_several_claims_move_together_or_not_at_all(desk: Desk, ana: str) -> None:
    one = drafted(desk, ana, 20)
    other = drafted(desk, the_patient_id(desk, "1031"), 20)
    ready(desk, (one.number,), "r")
    with pytest.raises(RuleRefused) as refused:
        submit(desk, SubmitClaims((one.number, other.number), "paper", TODAY))
    assert other.number in refused.value.title
    assert now(desk, one).status == "ready"
    ready(desk, (other.number,), "r")
    done = submit(desk, SubmitClaims(numbers_in(desk, OCTOBER, "submit"), "paper", TODAY))
    assert {moved.claim.status for moved in done} == {"submitted"}
    assert [moved.before for moved in done] == ["ready", "ready"]
    with pytest.raises(NotFound, match="No claim of October 2026 can be submitted"):
        numbers_in(desk, OCTOBER, "submit")
    paid(desk, one, FEE)
    paid(desk, other, 0, f"CO-197={FEE}")
    assert numbers_in(desk, OCTOBER, "close") == (one.number,)


@pytest.mark.parametrize(
    ("on", "why"),
    [
        (date(2026, 10, 22), "in the future"),
        (date(2026, 10, 19), "before its last work on 10/20/2026"),
    ],
)
def test_a_day_on_which_it_cannot_have_been_sent_is_refused(desk: Desk, ana: str, on: date, why: str) -> None:
    claim = drafted(desk, ana, 19, 20)
    ready(desk, (claim.number,), "r")
    with pytest.raises(InputRefused, match=why) as refused:
        submit(desk, SubmitClaims((claim.number,), "paper", on))
    assert refused.value.field == "on"


def test_it_may_be_sent_on_the_day_of_its_last_work(desk: Desk, ana: str) -> None:
    assert sent(desk, drafted(desk, ana, 19, 20), date(2026, 10, 20)).sent_on == "2026-10-20"


def test_a_corrected_claim_says_so_and_is_counted_on(desk: Desk, ana: str) -> None:
    claim = sent(desk, drafted(desk, ana, 20))
    with pytest.raises(InputRefused, match="with a reason"):
        correct(desk, (claim.number,), " ")
    back = correct(desk, (claim.number,), "wrong place")[0].claim
    assert back.status == "draft"
    again = sent(desk, back)
    assert [(one.kind, one.control_number[-2:]) for one in again.submissions] == [
        ("original", "-1"),
        ("corrected", "-2"),
    ]
    assert (again.sent_on, again.amendment_owed) == ("2026-10-21", False)


def test_a_ready_claim_is_taken_back_without_a_reason(desk: Desk, ana: str) -> None:
    claim = drafted(desk, ana, 20)
    ready(desk, (claim.number,), "r")
    assert correct(desk, (claim.number,))[0].claim.status == "draft"


def test_what_the_payer_has_is_taken_back_before_it_is_voided(desk: Desk, ana: str) -> None:
    claim = sent(desk, drafted(desk, ana, 20))
    with pytest.raises(RuleRefused, match="was sent") as refused:
        void_claim(desk, claim.number, "another patient's")
    assert "claim correct" in refused.value.todo
    back = correct(desk, (claim.number,), "another patient's")[0].claim
    assert void_claim(desk, back.number, "withdrawn").voided
    assert_whole(desk)


def test_what_money_came_for_is_not_voided(desk: Desk, ana: str) -> None:
    claim = sent(desk, drafted(desk, ana, 20))
    paid(desk, claim, FEE)
    correct(desk, (claim.number,), "another patient's")
    with pytest.raises(RuleRefused, match=r"\$22\.50 came for claim"):
        void_claim(desk, claim.number, "withdrawn")
    paid(desk, claim, -FEE)
    assert void_claim(desk, claim.number, "withdrawn").voided


def test_closing_with_money_open_needs_a_reason(desk: Desk, ana: str) -> None:
    claim = sent(desk, drafted(desk, ana, 20))
    paid(desk, claim, 1000, "PR-3=250")
    with pytest.raises(InputRefused, match=r"balance of claim .* is \$10\.00"):
        close(desk, (claim.number,))
    done = close(desk, (claim.number,), "the payer will not move")[0]
    assert done.warnings == (f"Claim {claim.number}: the patient still owes $2.50",)
    assert account_of(desk, done.claim).money.insurer_cents == 0


def test_a_part_is_written_off_then_the_rest_which_ends_it(desk: Desk, ana: str) -> None:
    claim = sent(desk, drafted(desk, ana, 20))
    paid(desk, claim, 0, f"CO-29={FEE}")
    with pytest.raises(InputRefused, match=r"\$22\.51 is more than is open"):
        write_off(desk, (claim.number,), "late", FEE + 1)
    part = write_off(desk, (claim.number,), "late", 250)[0].claim
    assert (part.status, part.written_off_cents) == ("denied", 250)
    rest = write_off(desk, (claim.number,), "late")[0].claim
    assert (rest.status, rest.written_off_cents) == ("written_off", FEE)
    back = reopen(desk, (claim.number,), "a waiver was granted")[0].claim
    assert (back.status, back.written_off_cents) == ("denied", 250)
    assert account_of(desk, back).money.insurer_cents == FEE - 250


def test_what_was_written_off_and_comes_after_all_is_no_longer_written_off(desk: Desk, ana: str) -> None:
    claim = sent(desk, drafted(desk, ana, 20))
    write_off(desk, (claim.number,), "small balance", 250)
    done = paid(desk, claim, FEE - 100)
    assert (done.claim.status, done.claim.written_off_cents) == ("paid", 100)
    assert (done.money.insurer_cents, done.money.overpaid_cents) == (0, 0)
    assert f"Claim {claim.number}: $1.50 is no longer written off, since it came" in done.warnings
    more = paid(desk, claim, 150)
    assert (more.claim.written_off_cents, more.money.overpaid_cents) == (0, 50)
    assert_whole(desk)


def test_a_claim_of_which_the_rest_was_written_off_before_is_paid(desk: Desk, ana: str) -> None:
    claim = sent(desk, drafted(desk, ana, 20))
    write_off(desk, (claim.number,), "small balance", 250)
    assert paid(desk, claim, 1000).claim.status == "paid_in_part"
    assert paid(desk, claim, FEE - 1250).claim.status == "paid"


def test_nothing_is_written_off_of_what_is_paid_in_full(desk: Desk, ana: str) -> None:
    claim = sent(desk, drafted(desk, ana, 20))
    with pytest.raises(InputRefused, match="nothing to write off"):
        write_off(desk, (claim.number,), "x", 0)
    paid(desk, claim, FEE)
    with pytest.raises(RuleRefused, match="is paid: it cannot be written off"):
        write_off(desk, (claim.number,), "x")


def test_a_closed_claim_is_reopened_where_it_stood(desk: Desk, ana: str) -> None:
    claim = sent(desk, drafted(desk, ana, 20))
    paid(desk, claim, 0, f"CO-96={FEE}")
    close(desk, (claim.number,), "no benefit")
    with pytest.raises(InputRefused, match="reopened with a reason"):
        reopen(desk, (claim.number,), "")
    assert reopen(desk, (claim.number,), "new plan documents")[0].claim.status == "denied"


def test_the_last_day_for_an_appeal_is_counted_by_the_payers_rules(desk: Desk, ana: str) -> None:
    folder = desk.places.config / "payers"
    folder.mkdir(parents=True)
    (folder / "county.toml").write_text('name = "County Plan"\nappeal_days = 90\n[fees]\nD9992 = 2250\n')
    claim = sent(desk, drafted(desk, ana, 20, payer="County Plan"))
    assert paid(desk, claim, 0, f"CO-197={FEE}").claim.appeal_by == "2027-01-19"
    assert paid(desk, claim, FEE).claim.appeal_by == ""


def test_an_appeal_is_not_older_than_the_first_answer(desk: Desk, ana: str, clock: FixedClock) -> None:
    claim = sent(desk, drafted(desk, ana, 20))
    clock.move(days=10)
    for day in (25, 28):
        paid(desk, claim, 0, f"CO-197={FEE}", on=date(2026, 10, day))
    with pytest.raises(InputRefused, match="answered later, on 10/25/2026"):
        appeal(desk, (claim.number,), date(2026, 10, 24), "why")
    assert appeal(desk, (claim.number,), date(2026, 10, 26), "why")[0].claim.status == "appealed"


def test_an_appeal_after_its_last_day_is_told(desk: Desk, ana: str, clock: FixedClock) -> None:
    claim = sent(desk, drafted(desk, ana, 20))
    line = AnsweredLine(WHOLE, 0, (off(f"CO-197={FEE}"),))
    answer(desk, AnswerClaim(claim.number, TODAY, (line,), appeal_by=date(2026, 11, 20)))
    clock.move(days=30)
    assert appeal(desk, (claim.number,), date(2026, 11, 20), "why")[0].warnings == ()
    undo(desk)
    clock.move(days=1)
    late = appeal(desk, (claim.number,), date(2026, 11, 21), "why")[0].warnings
    assert late == (f"Claim {claim.number}: the last day for an appeal was 11/20/2026",)


def test_what_is_to_be_done_next_is_kept_until_a_move(desk: Desk, ana: str) -> None:
    claim = sent(desk, drafted(desk, ana, 20))
    said = next_action(desk, claim.number, "call the payer", date(2026, 11, 2)).claim
    assert (said.next_action, said.next_action_on) == ("call the payer", "2026-11-02")
    with pytest.raises(InputRefused, match="when"):
        next_action(desk, claim.number, "call the payer", None)
    assert next_action(desk, claim.number, "", None).claim.next_action == ""
    next_action(desk, claim.number, "call the payer", date(2026, 11, 2))
    assert paid(desk, claim, FEE).claim.next_action == ""


def test_a_claim_is_edited_until_it_is_sent(desk: Desk, ana: str) -> None:
    claim = drafted(desk, ana, 20)
    add_authorization(desk, AddAuthorization(ana, "PA-77", payer=HARBOR))
    edited = edit(
        desk,
        EditClaim(
            claim.number,
            {"diagnoses": ("z59.82", "K02.9"), "authorization_id": "pa-77", "place_of_service": "22"},
        ),
    ).claim
    assert edited.diagnoses == ("Z59.82", "K02.9")
    assert edited.place_of_service == "22"
    assert edited.authorization_id
    ready(desk, (claim.number,), "r")
    back = edit(desk, EditClaim(claim.number, {"diagnoses": ("none",), "authorization_id": "none"})).claim
    assert (back.status, back.diagnoses, back.authorization_id) == ("draft", (), "")
    sent(desk, back)
    with pytest.raises(RuleRefused, match="what was sent is not changed"):
        edit(desk, EditClaim(claim.number, {"place_of_service": "11"}))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"diagnoses": ("A00", "A01", "A02", "A03", "A04")}, "at most 4"),
        ({"diagnoses": ("Z59.82", "z59.82")}, "twice"),
        ({"authorization_id": "PA-1"}, "no authorization"),
        ({"place_of_service": "office"}, "no place of service"),
        ({"place_of_service": "11"}, "says this already"),
        ({"lines": ""}, "cannot be edited"),
    ],
)
def test_what_a_claim_cannot_hold_is_refused(
    desk: Desk, ana: str, changes: dict[str, str | tuple[str, ...]], why: str
) -> None:
    claim = drafted(desk, ana, 20)
    with pytest.raises(InputRefused, match=why):
        edit(desk, EditClaim(claim.number, changes))


class TestUndo:
    """A move goes back like any other deed, until somebody built on it."""

    def test_moves_are_undone_and_redone_one_after_the_other(self, desk: Desk, ana: str) -> None:
        claim = sent(desk, drafted(desk, ana, 20))
        undo(desk)
        assert now(desk, claim).status == "ready"
        undo(desk)
        assert now(desk, claim).status == "draft"
        redo(desk)
        redo(desk)
        assert now(desk, claim) == claim
        assert_whole(desk)

    def test_what_was_printed_since_is_not_undone(self, desk: Desk, ana: str, clock: FixedClock) -> None:
        claim = sent(desk, drafted(desk, ana, 20))
        clock.move(minutes=1)
        remarks(desk, claim)
        with pytest.raises(RuleRefused, match=f"{claim.number} was printed or exported since"):
            undo(desk)
        assert now(desk, claim).status == "submitted"

    def test_an_answer_goes_back_with_the_claims_state(self, desk: Desk, ana: str) -> None:
        claim = sent(desk, drafted(desk, ana, 20))
        paid(desk, claim, 0, f"CO-197={FEE}")
        undo(desk)
        assert now(desk, claim).status == "submitted"
        assert account_of(desk, claim).remittances == ()
        redo(desk)
        assert now(desk, claim).status == "denied"
        assert account_of(desk, claim).money.denied_cents == FEE
        assert_whole(desk)

    def test_an_answer_on_which_another_was_built_stays(self, desk: Desk, ana: str, desk_of: object) -> None:
        claim = sent(desk, drafted(desk, ana, 20))
        paid(desk, claim, 0, f"CO-197={FEE}")
        other = desk_of("tchen")  # type: ignore[operator]  # a fixture that is called
        appeal(other, (claim.number,), TODAY, "authorized")
        with pytest.raises(RuleRefused, match="changed again since"):
            undo(desk)
        assert the_claim(desk, claim.number).status == "appealed"


def test_claims_without_errors_are_told_from_the_others(desk: Desk, ana: str) -> None:
    faulty = drafted(desk, ana, 20)
    other = the_patient_id(desk, "1032")
    edit_practice(desk, {"npi": "1234567893", "tax_id": "04-1234567"})
    whole = OpenCase(
        other,
        date(2026, 10, 1),
        "mother, by phone",
        "pain",
        "abscess",
        ("Z59.82",),
        "pano",
        "rides, then extraction",
        "Dr. Lee",
        "1234567893",
    )
    open_case(desk, whole)
    sound = drafted(desk, other, 20)
    (activity_id,) = sound.lines[0].activity_ids
    amend_activity(desk, AmendActivity(activity_id, "left out", {"reason": "extraction of #17"}))

    assert without_errors(desk, [faulty.number, sound.number]) == (sound.number,)
    assert [one.claim.status for one in ready(desk, [sound.number])] == ["ready"]
