"""What patients pay towards their part of a claim; it moves no claim, and stays apart from the insurer's."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.account_rows import ListedPayment
from casemgr.core.billing import Claim, PatientPayment
from casemgr.core.dates import format_us
from casemgr.core.money import format_cents
from casemgr.core.text import tidy
from casemgr.errors import InputRefused, RuleRefused
from casemgr.services.claim_money import account_of
from casemgr.services.claim_moves import field_refused, live_claim, wrong_date
from casemgr.services.refusals import NOTHING_CHANGED, no_reason
from casemgr.store.reads.answers import claims_whose, payments_between, payments_of
from casemgr.store.reads.records import full_id, load

if TYPE_CHECKING:
    from casemgr.core.billing_commands import AddPayment
    from casemgr.core.claim_money import Money
    from casemgr.core.dates import Month
    from casemgr.services.desk import Desk


class Paid(NamedTuple):
    """A payment that was booked, and the claim's money after it."""

    payment: PatientPayment
    claim: Claim
    money: Money
    warnings: tuple[str, ...]


def add_payment(desk: Desk, wish: AddPayment) -> Paid:
    """Book a patient's payment, or money that went back to them.

    Raises:
        InputRefused: nothing was paid, more went back than came, or the day cannot be.
        RuleRefused: the claim is voided.
    """
    with desk.write() as tx:
        claim = live_claim(desk, wish.number)
        if wish.on > desk.today():
            raise wrong_date(f"{format_us(wish.on)} is in the future")
        if claim.lines and wish.on.isoformat() < claim.lines[0].service_date:
            raise wrong_date(
                f"{format_us(wish.on)} is before the work on {format_us(claim.lines[0].service_date)}"
            )
        before = account_of(desk, claim).money
        if not wish.cents:
            raise field_refused("amount", "Nothing was paid")
        if before.patient_paid_cents + wish.cents < 0:
            raise field_refused(
                "amount",
                f"More would go back than the {format_cents(before.patient_paid_cents)} that came",
            )
        payment = PatientPayment(
            id=tx.new_id(),
            claim_id=claim.id,
            received_on=wish.on.isoformat(),
            cents=wish.cents,
            method=tidy(wish.method),
            note=wish.note.strip(),
        )
        tx.append("add", "patient_payment", payment)
        money = account_of(desk, claim).money
        warnings = []
        if money.patient_balance_cents < 0:
            over = format_cents(-money.patient_balance_cents)
            warnings.append(f"Claim {claim.number}: the patient paid {over} more than their part")
        return Paid(payment, claim, money, tuple(warnings))


def void_payment(desk: Desk, text: str, reason: str) -> PatientPayment:
    """Take a payment back, with the reason; it stays in the record.

    Raises:
        NotFound: there is none.
        RuleRefused: it is voided already.
        InputRefused: no reason.
    """
    with desk.write() as tx:
        payment = load(desk.store, PatientPayment, full_id(desk.store, "patient_payment", text))
        assert payment is not None
        if payment.voided:
            raise RuleRefused("This payment is voided already", NOTHING_CHANGED)
        if not tidy(reason):
            raise no_reason("A payment can only be voided with a reason")
        claim = load(desk.store, Claim, payment.claim_id)
        assert claim is not None
        if account_of(desk, claim).money.patient_paid_cents < payment.cents:
            raise InputRefused(
                "More went back to the patient than would be left",
                NOTHING_CHANGED,
                "Void what went back first.",
            )
        voided = payment.model_copy(update={"voided": True})
        tx.append("void", "patient_payment", voided, tidy(reason))
        return voided


def listed(
    desk: Desk, month: Month | None = None, claim: str = "", include_voided: bool = False
) -> list[ListedPayment]:
    """The payments received in a month, or towards a claim, by day."""
    with desk.store.snapshot():
        if claim:
            wanted = payments_of(desk.store, live_claim(desk, claim).id, include_voided)
        else:
            first = month.first.isoformat() if month else ""
            last = month.last.isoformat() if month else ""
            wanted = payments_between(desk.store, first, last, include_voided)
        whose = claims_whose(desk.store, {one.claim_id for one in wanted})
    found = [ListedPayment(one, whose[one.claim_id]) for one in wanted]
    return sorted(found, key=lambda one: one.payment.received_on)
