"""What a claim's answers mean in money: paid, the patient's, taken off by contract, denied, still open. Pure.

Amounts are integer cents. What was paid adds up over all answers; of what was taken off, only the newest
answer to a line counts, since a payer that decides again takes its earlier reasons back (835, reversal and
correction: ASC X12N 005010X221A1, section 1.10.2.8).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.claim_life import FINISHED

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from casemgr.core.billing import (
        Adjustment,
        Claim,
        ClaimStatus,
        PatientPayment,
        Remittance,
        RemittanceLine,
    )

Key = tuple[str, str]
"""ISO service date and code, which name a line; both empty for the claim as a whole."""
WHOLE: Key = ("", "")


class Meanings(NamedTuple):
    """Which reasons for an adjustment are no denial, by CARC."""

    accepted: Container[str]
    """What the payer's contract or the law takes off: nobody owes it."""
    shares: Container[str]
    """The patient's ordinary part: deductible, coinsurance, copayment."""


class Taken(NamedTuple):
    """What stands against a charge. Cents."""

    paid_cents: int = 0
    patient_cents: int = 0
    """Group PR: the patient owes it."""
    contractual_cents: int = 0
    refused_cents: int = 0
    """Taken off for any other reason."""
    denies: bool = False
    """Whether a reason stands that is a denial, be it of no cent or left to the patient."""

    def plus(self, other: Taken) -> Taken:
        """Both together."""
        return Taken(
            self.paid_cents + other.paid_cents,
            self.patient_cents + other.patient_cents,
            self.contractual_cents + other.contractual_cents,
            self.refused_cents + other.refused_cents,
            self.denies or other.denies,
        )


class LineMoney(NamedTuple):
    """One line: charge = paid + patient + contractual + denied + pending."""

    charge_cents: int
    paid_cents: int
    patient_cents: int
    contractual_cents: int
    denied_cents: int
    pending_cents: int
    """What nobody has answered yet; negative where more came than was charged."""


class Money(NamedTuple):
    """A claim: charge = paid + patient + contractual + written off + denied + pending, at every moment."""

    charge_cents: int
    """As it was last sent, else as it would be."""
    paid_cents: int
    patient_cents: int
    """The patient's part, whether it was paid or not."""
    contractual_cents: int
    written_off_cents: int
    denied_cents: int
    pending_cents: int
    """What nobody has answered yet; negative where more came than was charged."""
    patient_paid_cents: int
    finished: bool = False
    """Whether the claim is closed or written off, so that nothing more is expected of the insurer."""

    @property
    def insurer_cents(self) -> int:
        """What is still looked for from the insurer: denied and pending, unless the claim is finished."""
        return 0 if self.finished else self.denied_cents + self.pending_cents

    @property
    def patient_balance_cents(self) -> int:
        """What the patient still owes; negative where they paid too much."""
        return self.patient_cents - self.patient_paid_cents

    @property
    def overpaid_cents(self) -> int:
        """By how much more came than was charged; else 0."""
        return max(0, -(self.denied_cents + self.pending_cents))


def in_order(remittances: Iterable[Remittance]) -> list[Remittance]:
    """The live answers, oldest first, by their own dates; those of one day as they were recorded.

    Args:
        remittances: in the order in which they were recorded.
    """
    live = (one for one in remittances if not one.voided)
    return sorted(live, key=lambda one: one.paid_on or one.received_on)


class Standing(NamedTuple):
    """What the answers to a claim come to, by line."""

    paid: dict[Key, int]
    """Cents, over all answers."""
    said: dict[Key, tuple[RemittanceLine, ...]]
    """What was said last of each, and was not taken back."""
    remarks: tuple[str, ...]
    """RARCs of the newest answer about the claim as a whole."""


def standing(remittances: Iterable[Remittance], lines: Iterable[Key]) -> Standing:
    """What was paid, and what was said last, of each line and of the claim as a whole.

    Args:
        remittances: all answers to one claim as they were recorded; the voided ones do not count.
        lines: the claim's lines.
    """
    every = frozenset(lines)
    paid: dict[Key, int] = {}
    said: dict[Key, tuple[RemittanceLine, ...]] = {}
    remarks: tuple[str, ...] = ()
    for answer in in_order(remittances):
        keys = {(line.service_date, line.code) for line in answer.lines}
        if keys == {WHOLE} or (keys >= every and not answer.reversal):
            # It takes back, or answers anew, the claim as a whole, with lines that a correction took off it.
            said.clear()
        elif keys and (WHOLE in keys or keys >= every):
            said.pop(WHOLE, None)
        for key in keys:
            said.pop(key, None)
        for line in answer.lines:
            key = line.service_date, line.code
            paid[key] = paid.get(key, 0) + line.paid_cents
            if not answer.reversal:
                said[key] = (*said.get(key, ()), line)
        remarks = () if answer.reversal else answer.remarks
    return Standing(paid, said, remarks)


def taken(remittances: Iterable[Remittance], lines: Iterable[Key], meanings: Meanings) -> dict[Key, Taken]:
    """What stands against each line, and against the claim as a whole; see standing."""
    paid, said, _ = standing(remittances, lines)
    return {
        key: _taken(
            paid.get(key, 0), (one for line in said.get(key, ()) for one in line.adjustments), meanings
        )
        for key in dict.fromkeys((*paid, *said))
    }


def keys_of(claim: Claim) -> tuple[Key, ...]:
    """What names a claim's lines."""
    return tuple((line.service_date, line.code) for line in claim.lines)


def _taken(paid: int, adjustments: Iterable[Adjustment], meanings: Meanings) -> Taken:
    patient = contractual = refused = 0
    denies = False
    for one in adjustments:
        if one.group == "PR":
            patient += one.cents
            ordinary = not one.carc or one.carc in meanings.shares or one.carc in meanings.accepted
            denies = denies or not ordinary
        elif one.carc in meanings.accepted:
            contractual += one.cents
        else:
            refused += one.cents
            denies = True
    return Taken(paid, patient, contractual, refused, denies)


def total(by_line: Mapping[Key, Taken]) -> Taken:
    """All lines of a claim together."""
    whole = Taken()
    for one in by_line.values():
        whole = whole.plus(one)
    return whole


def money_of(claim: Claim, whole: Taken, payments: Iterable[PatientPayment]) -> Money:
    """A claim's money.

    Args:
        claim: the claim.
        whole: what stands against it; see taken and total.
        payments: all payments of the patient towards it; the voided ones do not count.
    """
    rest = _rest(claim.billed_cents - claim.written_off_cents, whole)
    # A payment that came in spite of a denial, or a write-off, takes away from what is denied first.
    denied = max(0, min(whole.refused_cents, rest))
    return Money(
        claim.billed_cents,
        whole.paid_cents,
        whole.patient_cents,
        whole.contractual_cents,
        claim.written_off_cents,
        denied,
        rest - denied,
        sum(one.cents for one in payments if not one.voided),
        claim.status in FINISHED,
    )


def _rest(charge_cents: int, taken_off: Taken) -> int:
    """What of a charge is neither paid nor the patient's nor taken off by contract."""
    return charge_cents - taken_off.paid_cents - taken_off.patient_cents - taken_off.contractual_cents


def lines_money(claim: Claim, by_line: Mapping[Key, Taken]) -> tuple[LineMoney, ...]:
    """The money of a claim's lines as they stand now, in their order.

    What was answered for the claim as a whole, or for a line that it no longer has, is in none of them.
    """
    found = []
    for line in claim.lines:
        one = by_line.get((line.service_date, line.code), Taken())
        rest = _rest(line.charge_cents, one)
        denied = max(0, min(one.refused_cents, rest))
        found.append(
            LineMoney(
                line.charge_cents,
                one.paid_cents,
                one.patient_cents,
                one.contractual_cents,
                denied,
                rest - denied,
            )
        )
    return tuple(found)


def implied_status(claim: Claim, whole: Taken) -> ClaimStatus:
    """The state of a claim by what was answered.

    Denied: nothing was paid, and something was refused or all of it is open again. Paid: the insurer has
    nothing left to pay. Paid in part: all between. What was written off is not looked for any more.

    Args:
        claim: the claim.
        whole: what stands against it; see taken and total.
    """
    charge_cents = claim.billed_cents - claim.written_off_cents
    rest = _rest(charge_cents, whole)
    if whole.paid_cents <= 0 and (whole.denies or rest >= charge_cents > 0):
        return "denied"
    return "paid_in_part" if rest > 0 else "paid"
