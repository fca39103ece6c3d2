"""What a payer's answer says, read from its 835 or from a table, before it is matched to any claim.

Money is integer cents, signs as the payer sent them: a reversal has negative charges and payments. Terms and
balancing follow ASC X12N 005010X221A1, section 1.10.2.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.money import format_cents
from casemgr.core.text import canonical_json

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

STATUSES = {
    "1": "processed as primary",
    "2": "processed as secondary",
    "3": "processed as tertiary",
    "4": "denied",
    "19": "processed as primary, forwarded",
    "20": "processed as secondary, forwarded",
    "21": "processed as tertiary, forwarded",
    "22": "reversal of an earlier payment",
    "23": "not this payer's claim, forwarded",
}
"""Claim status codes (CLP02) that are answers to a claim, and what they mean."""
DENIED, REVERSAL = "4", "22"
GROUPS = ("CO", "PR", "OA", "PI", "CR")
"""Group codes: who bears an adjustment. CR is of older payers only."""


class Place(NamedTuple):
    """Where something stands in a file."""

    sheet: str
    """The sheet's name; "" in an 835."""
    transaction: int
    """Which transaction of the file, from 1; 0 in a table."""
    number: int
    """Of the segment, its ST being 1; of the row as the spreadsheet program shows it."""

    def __str__(self) -> str:
        """`transaction 1, segment 14`, or `sheet “October”, row 5`."""
        if self.transaction:
            return f"transaction {self.transaction}, segment {self.number}"
        return f"sheet “{self.sheet}”, row {self.number}"


class AdvisedAdjustment(NamedTuple):
    """What was taken off a charge, and why."""

    group: str
    """One of GROUPS."""
    carc: str
    """Claim adjustment reason code; "" only where a table tells the patient's part and not why."""
    cents: int
    """Negative where it gives back."""


class AdvisedLine(NamedTuple):
    """The answer to one line: charge = paid + its adjustments."""

    code: str
    """The procedure as it was decided on."""
    submitted_code: str
    """The procedure as it was billed, where the payer decided on another; else ""."""
    service_date: date | None
    """Its first day; None where neither line nor claim has any."""
    charge_cents: int
    paid_cents: int
    allowed_cents: int | None
    """None where the payer did not say."""
    units: int
    adjustments: tuple[AdvisedAdjustment, ...]
    remarks: tuple[str, ...]
    """RARCs."""
    control_number: str
    """The line's number as we sent it (REF*6R), or ""."""
    place: Place


class AdvisedClaim(NamedTuple):
    """The answer to one claim: charge = paid + its adjustments + those of its lines."""

    number: str
    """Our number of the claim (CLP01)."""
    status: str
    """A key of STATUSES."""
    payer_claim_number: str
    charge_cents: int
    paid_cents: int
    patient_cents: int
    """What the patient owes, as the payer told it; what counts are the adjustments of group PR."""
    received_on: date | None
    """The day on which the payer received the claim."""
    patient_name: str
    """`Last, First` as told, or ""; never for a message."""
    member_id: str
    adjustments: tuple[AdvisedAdjustment, ...]
    """Those of the claim as a whole."""
    remarks: tuple[str, ...]
    """RARCs about the claim as a whole."""
    lines: tuple[AdvisedLine, ...]
    """Empty where the payer answered the claim as a whole."""
    place: Place

    @property
    def denied(self) -> bool:
        """Whether the payer says that it is denied."""
        return self.status == DENIED

    @property
    def reversal(self) -> bool:
        """Whether it takes back an earlier answer."""
        return self.status == REVERSAL

    def digest(self, advice: PaymentAdvice) -> str:
        """SHA-256 over what it says in a payment, wherever it stands: the same however often it comes."""
        told = self._replace(
            place=_NOWHERE, lines=tuple(line._replace(place=_NOWHERE) for line in self.lines)
        )
        paid = advice.payer, advice.payer_id, advice.trace, str(advice.paid_on or "")
        return sha256(canonical_json([paid, _plain(told)]).encode()).hexdigest()


_NOWHERE = Place("", 0, 0)


def _plain(value: object) -> object:
    """Dates as their ISO text, tuples as lists."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, int | str) else str(value)


class ProviderAdjustment(NamedTuple):
    """What was added to or taken from the payment without being about a claim of it (PLB)."""

    code: str
    """`WO` overpayment recovery, `FB` forward balance, `L6` interest, `72` refund, and others."""
    reference: str
    """What the payer files it under, such as the number of an earlier claim; or ""."""
    cents: int
    """Positive takes from the payment, negative adds to it."""
    provider: str
    """NPI or other number of whom it is about."""
    place: Place


class AdviceFault(NamedTuple):
    """What cannot be taken in, and why."""

    place: Place
    number: str
    """Of the claim; "" where it is about a whole payment, or where the claim is not known."""
    reason: str
    """A sentence without names."""


class PaymentAdvice(NamedTuple):
    """A payment, or a notice without one: a transaction (ST to SE), or the rows of a table with one check."""

    payer: str
    payer_id: str
    """The payer's number (TRN03, else N1*PR), or ""."""
    payee: str
    payee_id: str
    """NPI or tax id of who is paid, or ""."""
    trace: str
    """Check or trace number (TRN02); "" in a table without one."""
    method: str
    """`CHK`, `ACH`, `NON` (no payment), `FWT`, `BOP`; "" in a table."""
    paid_on: date | None
    """Day of the payment or notice; None only in a table without one."""
    total_cents: int
    """The payment's amount (BPR02); in a table, the sum of what its rows say was paid."""
    claims: tuple[AdvisedClaim, ...]
    """Those that can be taken in; each balances."""
    provider_adjustments: tuple[ProviderAdjustment, ...]
    faults: tuple[AdviceFault, ...]
    """The claims that cannot be taken in; and the payment itself where it does not balance."""
    difference_cents: int
    """Total less what its claims, faulty ones too, and provider adjustments come to; 0 where it balances."""
    place: Place

    @property
    def balanced(self) -> bool:
        """Whether total = paid - provider adjustments; if not, its claims are not to be trusted."""
        return self.difference_cents == 0


class AdviceFile(NamedTuple):
    """A file of payers' answers as it was read."""

    name: str
    """File name without its folder."""
    sha256: str
    advices: tuple[PaymentAdvice, ...]
    """In the file's order."""
    ignored: int = 0
    """Rows of a table that are no answer to a claim, such as totals."""
    skipped: tuple[str, ...] = ()
    """Sheets without the columns needed."""

    @property
    def faults(self) -> tuple[AdviceFault, ...]:
        """Everything that cannot be taken in."""
        return tuple(fault for advice in self.advices for fault in advice.faults)


def unbalanced(charge: int, paid: int, adjustments: Iterable[AdvisedAdjustment]) -> str:
    """Why charge = paid + adjustments does not hold, in a sentence; "" where it does."""
    adjusted = sum(one.cents for one in adjustments)
    if charge == paid + adjusted:
        return ""
    return (
        f"The charge of {format_cents(charge)} is not the {format_cents(paid)} paid and the "
        f"{format_cents(adjusted)} of adjustments together."
    )
