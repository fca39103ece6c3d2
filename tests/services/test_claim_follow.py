"""A claim follows its log: in the same deed, under the rules of its drafting, and back again with it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import AmendActivity, VoidActivity
from casemgr.errors import RuleRefused
from casemgr.services.activities import activity, amend_activity, void_activity
from casemgr.services.claim_edit import next_action
from casemgr.services.claims import draft_claims, the_claim
from casemgr.services.several import void_activities
from casemgr.services.undo import redo, undo
from casemgr.store.ledger import history
from tests.services.support import (
    ACME,
    OCTOBER,
    activities_of,
    assert_whole,
    cover,
    length,
    log,
    put_claim,
    write_payer,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.core.billing import Claim, ClaimStatus
    from casemgr.core.records import Activity
    from casemgr.services.desk import Desk

RULED = """name = "Acme Dental"
[fees]
D9993 = 1000
[[rule]]
codes = ["*"]
unit = "15_minutes"
not_billable = [{ why = "A voicemail is no contact", outcomes = ["voicemail"] }]
"""


@pytest.fixture
def work(desk: Desk, ana: str) -> list[Activity]:
    """Two on 10/1 and one on 10/2, of one patient, covered by a payer that counts quarter hours."""
    write_payer(desk, RULED)
    cover(desk, ana, payer="Acme Dental")
    return [
        log(desk, "20m ride #1030 10/1: to visit => ride confirmed"),
        log(desk, "30m referral #1030 10/1: consult => booked"),
        log(desk, "15m outreach #1030 10/2: missed visit => rebooked"),
    ]


@pytest.fixture
def claim(desk: Desk, work: list[Activity]) -> Claim:
    """Drafted from them: 3 units on 10/1, 1 on 10/2."""
    assert work
    (claim,) = draft_claims(desk, OCTOBER).claims
    assert [(line.minutes, line.quantity) for line in claim.lines] == [(50, 3), (15, 1)]
    return claim


def amend(desk: Desk, record: Activity, **changes: str | int) -> tuple[str, ...]:
    return amend_activity(desk, AmendActivity(record.id, "call log", changes)).warnings


def now(desk: Desk, claim: Claim) -> Claim:
    return the_claim(desk, claim.number)


def lines(claim: Claim) -> list[tuple[str, int, int]]:
    return [(line.service_date, line.minutes, line.quantity) for line in claim.lines]


def actions(desk: Desk, claim: Claim) -> list[str]:
    return [entry.action for entry in history(desk.store, "claim", claim.id)]


def test_other_minutes_are_other_units_in_the_same_deed(
    desk: Desk, work: list[Activity], claim: Claim
) -> None:
    told = amend(desk, work[0], minutes=40)
    assert told[0] == f"Claim {claim.number} follows: 85 min instead of 65, $60.00 instead of $40.00"
    followed = now(desk, claim)
    assert lines(followed) == [("2026-10-01", 70, 5), ("2026-10-02", 15, 1)]
    assert (followed.status, followed.amendment_owed) == ("draft", False)
    assert followed.model_copy(update={"lines": claim.lines}) == claim
    amended = history(desk.store, "activity", work[0].id)[-1]
    entry = history(desk.store, "claim", claim.id)[-1]
    assert (entry.action, entry.command) == ("follow", amended.command)
    assert entry.reason == f"activity {work[0].id[-6:]} was amended"
    assert_whole(desk)


def test_what_leaves_the_lines_as_they_are_leaves_the_claim_alone(
    desk: Desk, work: list[Activity], claim: Claim
) -> None:
    statuses: tuple[ClaimStatus, ...] = ("draft", "submitted")
    for status in statuses:
        put_claim(desk, claim, status, "2026-10-31" if status == "submitted" else "")
        before = length(desk)
        assert not [text for text in amend(desk, work[0], note=f"in words, {status}") if "Claim" in text]
        assert length(desk) == before + 1
    assert not now(desk, claim).amendment_owed


def test_a_ready_claim_is_a_draft_again_whatever_changed(
    desk: Desk, work: list[Activity], claim: Claim
) -> None:
    put_claim(desk, claim, "ready")
    told = amend(desk, work[0], note="in other words")
    assert told[0] == f"Claim {claim.number} follows: its log changed; it was ready and is a draft again"
    assert now(desk, claim).status == "draft"


@pytest.mark.parametrize("status", ["submitted", "accepted", "denied", "paid_in_part", "paid", "appealed"])
def test_of_a_claim_that_was_sent_a_corrected_one_is_owed(
    desk: Desk, work: list[Activity], claim: Claim, status: ClaimStatus
) -> None:
    put_claim(desk, claim, status, "2026-10-31")
    told = amend(desk, work[2], minutes=8)
    assert told[0] == (
        f"Claim {claim.number} follows: 58 min instead of 65; "
        "it was sent on 10/31/2026, so a corrected claim is owed"
    )
    followed = now(desk, claim)
    assert (followed.status, followed.amendment_owed, followed.minutes) == (status, True, 58)
    assert followed.submissions[0].minutes == 65


def test_a_claim_that_is_being_corrected_still_owes_it(
    desk: Desk, work: list[Activity], claim: Claim
) -> None:
    put_claim(desk, claim, "draft", "2026-10-31")
    assert "a corrected claim is owed" in amend(desk, work[2], minutes=8)[0]
    assert (now(desk, claim).status, now(desk, claim).amendment_owed) == ("draft", True)


@pytest.mark.parametrize(("status", "called"), [("closed", "closed"), ("written_off", "written off")])
def test_a_claim_that_came_to_its_end_holds_its_activities(
    desk: Desk, work: list[Activity], claim: Claim, status: ClaimStatus, called: str
) -> None:
    put_claim(desk, claim, status, "2026-10-31")
    before = length(desk)
    for deed in (
        lambda: amend(desk, work[0], minutes=40),
        lambda: void_activity(desk, VoidActivity(work[0].id, "x")),
    ):
        with pytest.raises(RuleRefused, match=f"which is {called}") as refused:
            deed()
        assert f"casemgr claim reopen {claim.number}" in refused.value.todo
    assert length(desk) == before


def test_a_voided_activity_falls_off(desk: Desk, work: list[Activity], claim: Claim) -> None:
    (voided,) = void_activities(desk, [work[1].id], "wrong patient")
    assert voided.warnings == (
        f"Claim {claim.number} follows: 35 min instead of 65, $20.00 instead of $40.00",
    )
    assert lines(now(desk, claim)) == [("2026-10-01", 20, 1), ("2026-10-02", 15, 1)]
    assert_whole(desk)


def test_another_date_of_the_month_is_another_line(desk: Desk, work: list[Activity], claim: Claim) -> None:
    told = amend(desk, work[2], service_date="2026-10-03")
    assert told[0] == f"Claim {claim.number} follows: D9993 on 10/3/2026 instead of D9993 on 10/2/2026"
    assert lines(now(desk, claim)) == [("2026-10-01", 50, 3), ("2026-10-03", 15, 1)]
    amend(desk, work[2], service_date="2026-10-01")
    assert lines(now(desk, claim)) == [("2026-10-01", 65, 4)]


def test_what_no_longer_fits_drops_off_says_why_and_can_be_claimed_again(
    desk: Desk, work: list[Activity], claim: Claim
) -> None:
    other_month = amend(desk, work[2], service_date="2026-09-30")
    assert (
        other_month[1] == f"Activity {work[2].id[-6:]} is on no claim now: it belongs to another month's run"
    )
    unpaid = amend(desk, work[0], outcome_words="left voicemail")
    assert unpaid[1] == (
        f"Activity {work[0].id[-6:]} is on no claim now: Not billable: A voicemail is no contact"
    )
    short = amend(desk, work[1], minutes=7)
    assert short[:2] == (
        f"Claim {claim.number} is voided: nothing stands on it any more",
        f"Activity {work[1].id[-6:]} is on no claim now: Too short for a unit: A unit needs 8 min",
    )
    assert {activity(desk, each.id).status for each in work} == {"signed"}
    (anew,) = draft_claims(desk, OCTOBER.__class__(2026, 9)).claims
    assert [row.id for row in activities_of(desk, anew)] == [work[2].id]
    assert_whole(desk)


def test_a_claim_that_was_never_sent_is_voided_with_the_last_of_it(
    desk: Desk, work: list[Activity], claim: Claim
) -> None:
    voided = void_activities(desk, [each.id for each in work], "wrong patient")
    assert voided[-1].warnings == (f"Claim {claim.number} is voided: nothing stands on it any more",)
    assert now(desk, claim).voided
    assert actions(desk, claim)[-1] == "void"
    assert_whole(desk)
    undo(desk)
    assert now(desk, claim) == claim
    assert {activity(desk, each.id).claim_number for each in work} == {claim.number}
    redo(desk)
    assert now(desk, claim).voided
    assert_whole(desk)


def test_a_claim_that_was_sent_is_not_left_with_nothing(
    desk: Desk, work: list[Activity], claim: Claim
) -> None:
    put_claim(desk, claim, "submitted", "2026-10-31")
    before = length(desk)
    with pytest.raises(RuleRefused, match="Nothing would be left") as refused:
        void_activities(desk, [each.id for each in work], "wrong patient")
    assert f"Void claim {claim.number} first" in refused.value.todo
    assert length(desk) == before


def test_the_rules_of_its_drafting_and_the_codes_that_it_has_go_on(
    desk: Desk, work: list[Activity], claim: Claim
) -> None:
    write_payer(desk, ACME + '[codes]\n"*" = "D9991"\n')
    amend(desk, work[0], minutes=40)
    followed = now(desk, claim)
    assert lines(followed)[0] == ("2026-10-01", 70, 5)
    assert {(line.code, line.fee_cents) for line in followed.lines} == {("D9993", 1000)}


def test_a_date_that_another_claim_bills_is_not_billed_twice(
    desk: Desk, work: list[Activity], claim: Claim
) -> None:
    log(desk, "45m ride #1030 10/6: to visit => ride confirmed")
    (second,) = draft_claims(desk, OCTOBER).claims
    told = amend(desk, work[2], service_date="2026-10-06")
    assert told[1].endswith("is on no claim now: Date is on a claim")
    assert lines(now(desk, claim)) == [("2026-10-01", 50, 3)]
    assert now(desk, second) == second


@pytest.mark.parametrize("status", ["draft", "ready", "submitted"])
def test_undo_takes_both_back_and_redo_does_both_again(
    desk: Desk, work: list[Activity], claim: Claim, status: ClaimStatus
) -> None:
    put = put_claim(desk, claim, status, "2026-10-31" if status == "submitted" else "")
    amend(desk, work[2], service_date="2026-10-03", minutes=30)
    followed = now(desk, claim)
    assert followed != put
    undone = undo(desk)
    assert {entity for entity, _ in undone.records} == {"activity", "claim"}
    assert now(desk, claim) == put
    assert (activity(desk, work[2].id).minutes, activity(desk, work[2].id).claim_number) == (15, claim.number)
    redo(desk)
    assert now(desk, claim) == followed
    assert activity(desk, work[2].id).minutes == 30
    undo(desk)
    assert now(desk, claim) == put
    assert_whole(desk)


def test_what_fell_off_and_was_claimed_since_is_not_taken_back(
    desk: Desk, desk_of: Callable[[str], Desk], work: list[Activity], claim: Claim
) -> None:
    void = now(desk, claim)
    amend(desk, work[2], service_date="2026-09-30")
    (other,) = draft_claims(desk_of("tchen"), OCTOBER.__class__(2026, 9)).claims
    with pytest.raises(RuleRefused, match=other.number):
        undo(desk)
    assert now(desk, void).minutes == 50


def test_a_claim_that_moved_on_since_keeps_the_deed(
    desk: Desk, desk_of: Callable[[str], Desk], work: list[Activity], claim: Claim
) -> None:
    amend(desk, work[2], minutes=30)
    next_action(desk_of("tchen"), claim.number, "call the payer", date(2026, 11, 9))
    with pytest.raises(RuleRefused, match="changed again since"):
        undo(desk)
    assert now(desk, claim).minutes == 80


def test_plain_work_on_a_claim_is_still_not_pulled_from_under_it(
    desk: Desk, desk_of: Callable[[str], Desk], work: list[Activity]
) -> None:
    draft_claims(desk_of("tchen"), OCTOBER)
    with pytest.raises(RuleRefused, match="It stands on claim"):
        undo(desk)
    assert activity(desk, work[2].id).status == "claimed"


MONTHLY = """name = "Acme Dental"
[fees]
D9993 = 6000
[[rule]]
codes = ["*"]
unit = "month"
monthly_minutes = 20
"""


def test_a_months_line_follows_to_the_day_on_which_the_threshold_is_reached_now(desk: Desk, ana: str) -> None:
    write_payer(desk, MONTHLY)
    cover(desk, ana, payer="Acme Dental")
    early = log(desk, "15m ride #1030 10/1: to visit => ride confirmed")
    late = log(desk, "10m referral #1030 10/9: consult => booked")
    (claim,) = draft_claims(desk, OCTOBER).claims
    assert lines(claim) == [("2026-10-09", 25, 1)]
    amend(desk, early, minutes=30)
    assert lines(now(desk, claim)) == [("2026-10-01", 40, 1)]
    amend(desk, early, minutes=10)
    assert lines(now(desk, claim)) == [("2026-10-09", 20, 1)]
    told = amend(desk, late, minutes=9)
    assert told[0] == f"Claim {claim.number} is voided: nothing stands on it any more"
    assert told[1].endswith("Too short for a unit: A unit needs 20 min in a calendar month")
    assert_whole(desk)
