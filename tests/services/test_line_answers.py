"""What became of claim lines, on the sheets that billing gets."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from casemgr.core.billing import Adjustment
from casemgr.core.billing_commands import AnswerClaim, AnsweredLine, DenyClaim, SubmitClaims
from casemgr.core.commands import AmendActivity
from casemgr.core.dates import Span
from casemgr.errors import VerificationFailed
from casemgr.services.activities import amend_activity
from casemgr.services.claim_life import ready, submit
from casemgr.services.claims import draft_claims
from casemgr.services.exports import export_workbook
from casemgr.services.month_rows import MonthRows
from casemgr.services.patients import the_patient_id
from casemgr.services.profiles import profile_named
from casemgr.services.remittances import answer, deny
from casemgr.services.sources import Scope, SourceRows
from tests.services.support import OCTOBER, cover, log

if TYPE_CHECKING:
    from casemgr.core.billing import Claim
    from casemgr.core.month import BillingLine
    from casemgr.services.desk import Desk

SENT = date(2026, 10, 20)
TOLD = date(2026, 10, 21)
DAYS = Span(date(2026, 10, 1), date(2026, 10, 30))


@pytest.fixture
def sent(desk: Desk) -> Claim:
    """A claim of two lines at $15 that was sent."""
    cover(desk, the_patient_id(desk, "1030"))
    log(desk, "20m referral #1030 10/5: consult => booked")
    log(desk, "15m ride #1030 10/6: no car => ride confirmed")
    (claim,) = draft_claims(desk, OCTOBER).claims
    ready(desk, [claim.number], "checked by hand")
    submit(desk, SubmitClaims((claim.number,), "paper", SENT))
    return claim


def lines(desk: Desk) -> list[BillingLine]:
    """October's lines; their figures agree with those of the log, by run and by date."""
    with desk.store.snapshot():
        month = MonthRows(desk, OCTOBER)
        found = list(month.billing_lines())
        days = SourceRows(desk, Scope(DAYS))
        by_date: Any = list(days.rows(["billing_lines"])["billing_lines"])
        assert sorted(by_date) == sorted(found)
        for figures in (month.figures(), days.figures(["billing_lines"])):
            assert figures["billing_lines.paid_cents"] == sum(line.paid_cents or 0 for line in found)
    exported = export_workbook(desk, profile_named(desk, "month"), Scope(OCTOBER))
    assert exported.rows["Billing lines"] == len(found)
    return found


def told(line: BillingLine) -> tuple[int | None, int | None, int | None, str]:
    return line.paid_cents, line.adjusted_cents, line.patient_cents, line.reason


def test_what_nobody_answered_is_left_to_fill_in(desk: Desk, sent: Claim) -> None:
    found = lines(desk)
    assert len(found) == len(sent.lines)
    for line in found:
        assert (line.status, line.submitted_on, line.answered_on) == ("submitted", SENT, None)
        assert told(line) == (None, None, None, "")


def test_each_line_says_what_was_answered_to_it(desk: Desk, sent: Claim) -> None:
    first, _ = sent.lines
    taken = (Adjustment(group="CO", carc="45", cents=300), Adjustment(group="PR", carc="3", cents=200))
    said = AnsweredLine((first.service_date, first.code), 1000, taken)
    answer(desk, AnswerClaim(sent.number, TOLD, (said,), payer_claim_number="P-7"))
    one, other = lines(desk)
    assert told(one) == (1000, 300, 200, "CO-45; PR-3")
    assert (one.status, one.answered_on, one.payer_claim_number) == ("paid in part", TOLD, "P-7")
    assert told(other) == (None, None, None, "")
    assert (other.status, other.payer_claim_number, other.answered_on) == ("paid in part", "P-7", None)


def test_a_second_answer_adds_up_what_was_paid_and_says_anew_what_was_taken_off(
    desk: Desk, sent: Claim
) -> None:
    deny(desk, DenyClaim(sent.number, TOLD, "16"))
    assert [told(line) for line in lines(desk)] == [(0, 1500, 0, "CO-16")] * 2
    keys = [(line.service_date, line.code) for line in sent.lines]
    paid = tuple(AnsweredLine(key, 1500) for key in keys)
    answer(desk, AnswerClaim(sent.number, TOLD, paid))
    assert [told(line) for line in lines(desk)] == [(1500, 0, 0, "")] * 2
    assert {line.status for line in lines(desk)} == {"paid"}


def test_an_answer_to_the_whole_claim_stands_on_its_first_line(desk: Desk, sent: Claim) -> None:
    taken = (Adjustment(group="CO", carc="45", cents=1000),)
    answer(desk, AnswerClaim(sent.number, TOLD, (AnsweredLine(("", ""), 2000, taken),)))
    one, other = lines(desk)
    assert told(one) == (2000, 1000, 0, "CO-45 (whole claim)")
    assert told(other) == (None, None, None, "")


def test_what_was_paid_for_a_line_stays_when_its_work_turns_out_to_be_of_another_date(
    desk: Desk, sent: Claim
) -> None:
    first, second = sent.lines
    key = second.service_date, second.code
    taken = (Adjustment(group="PR", carc="3", cents=200),)
    answer(desk, AnswerClaim(sent.number, TOLD, (AnsweredLine(key, 1000, taken),)))
    amend_activity(desk, AmendActivity(second.activity_ids[0], "call log", {"service_date": "2026-10-07"}))
    one, other = lines(desk)
    assert told(one) == (1000, 0, 200, "PR-3 (whole claim)")
    assert (one.service_date, other.service_date) == (date(2026, 10, 5), date(2026, 10, 7))
    assert told(other) == (None, None, None, "")
    answer(desk, AnswerClaim(sent.number, TOLD, (AnsweredLine((first.service_date, first.code), 500),)))
    assert told(lines(desk)[0]) == (1500, 0, 200, "PR-3 (whole claim)")


@pytest.mark.parametrize("name", ["month", "minimum-necessary", "claim-form"])
def test_altered_answers_leave_the_house_on_no_sheet(desk: Desk, sent: Claim, name: str) -> None:
    deny(desk, DenyClaim(sent.number, TOLD, "16"))
    with desk.store.immediate():
        desk.store.connection.execute("UPDATE remittances SET lines = replace(lines, '1500', '1400')")
    for period in (OCTOBER, DAYS) if name != "month" else (OCTOBER,):
        with pytest.raises(VerificationFailed):
            export_workbook(desk, profile_named(desk, name), Scope(period))
