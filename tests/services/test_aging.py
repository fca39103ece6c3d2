"""What is owed, by age: of the insurer and of the patient, today and as of a past day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from casemgr.core.billing_commands import AddPayment
from casemgr.services.aging import aging
from casemgr.services.claim_edit import next_action
from casemgr.services.claim_life import appeal, close, correct, write_off
from casemgr.services.claims import void_claim
from casemgr.services.patients import the_patient_id
from casemgr.services.payments import add_payment, void_payment
from casemgr.services.remittances import void_remittance
from casemgr.store.reads.answers import remittances_of
from tests.services.accounts import FEE, HARBOR, drafted, now, paid, sent
from tests.services.support import SUNRISE, TODAY

if TYPE_CHECKING:
    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk


@pytest.mark.parametrize(("days", "at"), [(0, 0), (30, 0), (31, 1), (60, 1), (61, 2), (90, 2), (91, 3)])
def test_a_claim_is_in_the_bucket_of_its_age(
    desk: Desk, ana: str, clock: FixedClock, days: int, at: int
) -> None:
    claim = sent(desk, drafted(desk, ana, 20))
    clock.move(days=days)
    report = aging(desk)
    (one,) = report.claims
    assert (one.row.claim_number, one.row.age_days, one.row.sent_on) == (claim.number, days, TODAY)
    assert [sums.insurer_cents for sums in report.buckets] == [FEE if i == at else 0 for i in range(4)]
    assert one.row[9:13] == tuple(FEE if i == at else 0 for i in range(4))
    assert report.total == (1, FEE, 0)


def test_a_correction_does_not_set_the_clock_back(desk: Desk, ana: str, clock: FixedClock) -> None:
    claim = sent(desk, drafted(desk, ana, 20))
    clock.move(days=40)
    back = correct(desk, (claim.number,), "place")[0].claim
    (one,) = aging(desk).claims
    assert (one.status, one.row.next_action) == ("draft", "send the corrected claim")
    sent(desk, back, desk.today())
    (one,) = aging(desk).claims
    assert (one.row.age_days, one.row.next_action) == (40, "ask for its status")
    assert one.row.next_action_on == desk.today() + timedelta(days=30)


def test_what_was_never_sent_is_not_owed(desk: Desk, ana: str) -> None:
    drafted(desk, ana, 20)
    assert aging(desk).claims == ()


def test_insurer_and_patient_are_kept_apart(desk: Desk, ana: str) -> None:
    claim = sent(desk, drafted(desk, ana, 20))
    paid(desk, claim, 1000, "CO-45=250", "PR-3=500", "CO-197=500")
    (one,) = aging(desk).claims
    assert (one.row.insurer_cents, one.row.patient_cents) == (500, 500)
    assert one.row.answer == "$10.00 paid; CO-45 $2.50; PR-3 $5.00; CO-197 $5.00"
    assert (one.row.status, one.row.answered_on) == ("paid in part", TODAY)
    close(desk, (claim.number,), "enough")
    (one,) = aging(desk).claims
    assert (one.row.insurer_cents, one.row.patient_cents, one.row.next_action) == (0, 500, "bill the patient")
    add_payment(desk, AddPayment(claim.number, 500, TODAY))
    assert aging(desk).claims == ()


def test_what_was_paid_too_much_is_owed_the_other_way(desk: Desk, ana: str) -> None:
    claim = sent(desk, drafted(desk, ana, 20))
    paid(desk, claim, FEE + 100)
    (one,) = aging(desk).claims
    assert (one.row.insurer_cents, one.overpaid_cents) == (-100, 100)
    assert one.row.next_action == "settle what was paid too much"


def test_a_claim_that_is_paid_or_written_off_is_gone(desk: Desk, ana: str) -> None:
    first = sent(desk, drafted(desk, ana, 20))
    paid(desk, first, FEE)
    second = sent(desk, drafted(desk, the_patient_id(desk, "1031"), 20))
    write_off(desk, (second.number,), "goodwill")
    assert aging(desk).claims == ()


def test_what_somebody_said_is_next_goes_first(desk: Desk, ana: str) -> None:
    claim = sent(desk, drafted(desk, ana, 20))
    next_action(desk, claim.number, "call Ms. Ortiz", date(2026, 10, 28))
    (one,) = aging(desk).claims
    assert (one.row.next_action, one.row.next_action_on) == ("call Ms. Ortiz", date(2026, 10, 28))


def test_payers_have_their_own_sums_which_add_up(desk: Desk, ana: str, clock: FixedClock) -> None:
    sent(desk, drafted(desk, ana, 20))
    clock.move(days=45)
    other = sent(desk, drafted(desk, the_patient_id(desk, "1031"), 21, payer=SUNRISE), desk.today())
    report = aging(desk)
    assert [one.payer for one in report.payers] == [HARBOR, SUNRISE]
    assert sum(one.total.insurer_cents for one in report.payers) == report.total.insurer_cents
    assert [one.row.claim_number for one in aging(desk, payer="sunrise").claims] == [other.number]
    assert report.buckets[0].insurer_cents == report.payers[1].total.insurer_cents
    assert report.buckets[1].insurer_cents == report.payers[0].total.insurer_cents


class TestAsOf:
    """A past day's report says what was known of it."""

    def test_it_says_what_that_days_said(self, desk: Desk, ana: str, clock: FixedClock) -> None:
        claim = sent(desk, drafted(desk, ana, 20))
        reports = {desk.today(): aging(desk)}
        clock.move(days=20)
        paid(desk, claim, 0, f"CO-197={FEE}", on=desk.today())
        reports[desk.today()] = aging(desk)
        clock.move(days=20)
        appeal(desk, (claim.number,), desk.today(), "authorized")
        reports[desk.today()] = aging(desk)
        clock.move(days=20)
        paid(desk, claim, 1000, "PR-3=1250", on=desk.today())
        reports[desk.today()] = aging(desk)
        clock.move(days=5)
        add_payment(desk, AddPayment(claim.number, 1250, desk.today()))
        close(desk, (claim.number,))
        assert aging(desk).claims == ()
        assert [one.claims[0].status for one in reports.values()] == [
            "submitted",
            "denied",
            "appealed",
            "paid",
        ]
        for day, report in reports.items():
            assert aging(desk, day) == report
        assert aging(desk, date(2026, 10, 20)).claims == ()

    def test_what_was_withdrawn_since_was_owed_then(self, desk: Desk, ana: str, clock: FixedClock) -> None:
        claim = sent(desk, drafted(desk, ana, 20))
        before = aging(desk)
        clock.move(days=5)
        correct(desk, (claim.number,), "another patient's")
        void_claim(desk, claim.number, "withdrawn")
        assert aging(desk).claims == ()
        assert aging(desk, before.as_of) == before

    def test_what_was_taken_back_since_counted_then(self, desk: Desk, ana: str, clock: FixedClock) -> None:
        claim = sent(desk, drafted(desk, ana, 20))
        answered = paid(desk, claim, 1000, "PR-3=500", on=desk.today())
        came = add_payment(desk, AddPayment(claim.number, 200, desk.today())).payment
        before = aging(desk)
        assert before.total == (1, FEE - 1500, 300)
        clock.move(days=5)
        void_payment(desk, came.id, "the check came back")
        void_remittance(desk, answered.remittance.id, "another patient's")
        assert aging(desk).total == (1, FEE, 0)
        assert aging(desk, before.as_of) == before
        paid(desk, claim, 700, on=TODAY)
        void_remittance(desk, remittances_of(desk.store, claim.id)[0].id, "a slip")
        assert aging(desk, before.as_of) == before

    def test_what_was_entered_late_counts_by_its_own_day(
        self, desk: Desk, ana: str, clock: FixedClock
    ) -> None:
        claim = drafted(desk, ana, 20)
        clock.move(days=30)
        sent(desk, claim, TODAY)
        paid(desk, claim, 1000, "CO-197=1250", on=date(2026, 10, 30))
        (then,) = aging(desk, TODAY).claims
        assert (then.status, then.row.insurer_cents, then.row.age_days) == ("submitted", FEE, 0)
        (later,) = aging(desk, date(2026, 10, 30)).claims
        assert (later.status, later.row.insurer_cents) == ("paid_in_part", 1250)
        assert now(desk, claim).status == "paid_in_part"
