"""What patients pay, what a claim's story tells of it, and that no altered account is printed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.billing_commands import AddPayment
from casemgr.errors import InputRefused, RuleRefused, VerificationFailed
from casemgr.services.claim_money import account_of
from casemgr.services.claim_story import story_of
from casemgr.services.payments import add_payment, void_payment
from casemgr.services.payments import listed as payments
from casemgr.services.proof import prove_claim
from tests.services.accounts import drafted, now, paid, sent
from tests.services.support import TODAY

if TYPE_CHECKING:
    from casemgr.clock import FixedClock
    from casemgr.core.billing import Claim
    from casemgr.services.desk import Desk


@pytest.fixture
def claim(desk: Desk, ana: str, clock: FixedClock) -> Claim:
    """A claim of two lines at $22.50, sent on 10/21; it is 11/20 by now."""
    made = sent(desk, drafted(desk, ana, 19, 20))
    clock.move(days=30)
    return made


def test_a_payment_settles_the_patients_part_alone(desk: Desk, claim: Claim) -> None:
    paid(desk, claim, 4000, "PR-3=500")
    done = add_payment(desk, AddPayment(claim.number, 500, TODAY, "card"))
    assert (done.money.patient_balance_cents, done.money.insurer_cents) == (0, 0)
    assert done.warnings == ()
    assert now(desk, claim).status == "paid"
    over = add_payment(desk, AddPayment(claim.number, 100, TODAY))
    assert over.warnings == (f"Claim {claim.number}: the patient paid $1.00 more than their part",)
    back = add_payment(desk, AddPayment(claim.number, -100, TODAY))
    assert back.money.patient_balance_cents == 0
    with pytest.raises(InputRefused, match="More would go back"):
        add_payment(desk, AddPayment(claim.number, -501, TODAY))
    assert [row.payment.cents for row in payments(desk, claim=claim.number)] == [500, 100, -100]
    void_payment(desk, over.payment.id, "typed twice")
    assert account_of(desk, claim).money.patient_balance_cents == 100
    with pytest.raises(RuleRefused, match="voided already"):
        void_payment(desk, over.payment.id, "x")


@pytest.mark.parametrize(
    ("cents", "on", "why"),
    [
        (0, TODAY, "Nothing was paid"),
        (500, date(2026, 11, 21), "in the future"),
        (500, date(2026, 10, 18), "before the work"),
    ],
)
def test_what_cannot_be_is_refused(desk: Desk, claim: Claim, cents: int, on: date, why: str) -> None:
    with pytest.raises(InputRefused, match=why):
        add_payment(desk, AddPayment(claim.number, cents, on))


def test_a_claims_story_has_its_answers_and_payments_in_words(desk: Desk, claim: Claim) -> None:
    paid(desk, claim, 4000, "PR-3=500", check="4711")
    add_payment(desk, AddPayment(claim.number, 500, TODAY, "card"))
    steps = story_of(desk, claim.number)
    assert [(step.about, step.told.did) for step in steps] == [
        ("", "drafted"),
        ("", "made ready"),
        ("", "submitted"),
        ("answer", "added"),
        ("", "answered by the payer"),
        ("patient's payment", "added"),
    ]
    assert steps[4].told.reason == "check 4711: $40.00 paid; PR-3 $5.00"
    assert steps[4].changed == "Status: submitted → paid"
    sent_words = next(one.after for one in steps[2].told.differences if one.label == "Sent")
    assert sent_words == f"10/21/2026 electronically, {claim.number}-1, 40 min, $45.00"
    lines = next(one.after for one in steps[3].told.differences if one.label == "Lines")
    assert lines == "the claim as a whole: $45.00 billed, $40.00 paid, PR-3 $5.00"


@pytest.mark.parametrize(
    "altered",
    [
        "UPDATE remittances SET lines = replace(lines, '4000', '4500')",
        "UPDATE remittances SET voided = 1",
        "UPDATE patient_payments SET cents = 0",
        "UPDATE claims SET status = 'closed'",
        "UPDATE claims SET billed_cents = 0",
    ],
)
def test_no_claim_is_printed_from_an_account_that_was_altered(desk: Desk, claim: Claim, altered: str) -> None:
    paid(desk, claim, 4000, "PR-3=500")
    add_payment(desk, AddPayment(claim.number, 500, TODAY))
    prove_claim(desk, now(desk, claim))
    desk.store.connection.execute(altered)
    with pytest.raises(VerificationFailed):
        prove_claim(desk, now(desk, claim))
