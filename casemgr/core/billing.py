"""Claims and what becomes of them: one frozen model an entity, each field with its unit.

The states and answers follow what payers send (ASC X12N 005010X221A1, the 835) and what a practice does with
it; what they mean for money is worked out in core/claim_money.py.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from casemgr.core.base import Record
from casemgr.core.entity import Entity, IsoDate, MonthText, OptionalIsoDate

ClaimStatus = Literal[
    "draft",
    "ready",
    "submitted",
    "accepted",
    "denied",
    "paid_in_part",
    "paid",
    "appealed",
    "closed",
    "written_off",
]
Method = Literal["electronic", "paper", "portal", "fax"]
"""How a claim is sent."""
MAX_DIAGNOSES = 4
"""Diagnoses that a dental claim holds (ADA form item 34a)."""


class ClaimLine(Record):
    """A line of a claim: one service date and one code, which together name it."""

    service_date: IsoDate
    code: str
    minutes: int
    """Raw minutes of its activities, as they were logged."""
    quantity: Annotated[int, Field(ge=1, le=99)] = 1
    """Units, as the payer's rules count them."""
    fee_cents: Annotated[int, Field(ge=0)] = 0
    """Fee for one unit."""
    activity_ids: tuple[str, ...]

    @property
    def charge_cents(self) -> int:
        """Quantity times fee."""
        return self.quantity * self.fee_cents


class Submission(Record):
    """One sending of a claim, with what it said then."""

    sent_on: IsoDate
    at: int
    """The instant at which it was recorded."""
    method: Method
    kind: Literal["original", "corrected"] = "original"
    """Frequency code 1 or 7 of an electronic claim."""
    control_number: str
    """Attachment control number, printed on every page that goes with it (837D PWK06)."""
    reference: str = ""
    """What the clearing house or the payer's portal gave as a receipt."""
    minutes: int
    charge_cents: int


class Claim(Entity):
    """A patient's claim under one coverage for one month's run. Voiding it frees its activities."""

    number: str
    """`device-year-sequence`, such as K7Q2-2026-0142."""
    patient_id: str
    coverage_id: str
    payer: str
    payer_name: str
    member_id: str
    month: MonthText
    """The run in which it is billed; a line that came too late for its own month has an earlier date."""
    case_id: str = ""
    status: ClaimStatus = "draft"
    payer_rules: str = ""
    """SHA-256 of the payer file in force when the claim was drafted, which is kept under it."""
    diagnoses: Annotated[tuple[str, ...], Field(max_length=MAX_DIAGNOSES)] = ()
    """ICD-10-CM codes, the primary one first."""
    authorization_id: str = ""
    place_of_service: str = "11"
    """Two digits, ADA form item 38; 11 is the office."""
    submissions: tuple[Submission, ...] = ()
    payer_claim_number: str = ""
    """The payer's own number for it, as it last said."""
    amendment_owed: bool = False
    """Whether the log changed since it was sent, so that a corrected claim is owed."""
    appealed_on: OptionalIsoDate = ""
    appeal_by: OptionalIsoDate = ""
    """Last day for an appeal, as the payer said or its rules count it."""
    written_off_cents: Annotated[int, Field(ge=0)] = 0
    """What was given up of the charge, beyond what the payer's contract takes off."""
    next_action: str = ""
    next_action_on: OptionalIsoDate = ""
    lines: tuple[ClaimLine, ...]

    @property
    def minutes(self) -> int:
        """The minutes of all lines."""
        return sum(line.minutes for line in self.lines)

    @property
    def charge_cents(self) -> int:
        """The charges of all lines."""
        return sum(line.charge_cents for line in self.lines)

    @property
    def sent_on(self) -> str:
        """The day on which it was first sent; empty before."""
        return self.submissions[0].sent_on if self.submissions else ""

    @property
    def billed_cents(self) -> int:
        """What the payer was last asked for: the charge as it was sent, else as it would be."""
        return self.submissions[-1].charge_cents if self.submissions else self.charge_cents


class Verification(Entity):
    """What a payer said about a patient's benefits, when and through whom."""

    patient_id: str
    coverage_id: str
    verified_on: IsoDate
    verified_by: str
    """Login of who asked."""
    method: str = ""
    """`phone`, `portal`, …: a contact method."""
    contacted: str = ""
    """With whom it was spoken."""
    reference: str = ""
    covered: Literal["yes", "no", "unknown"] = "unknown"
    """Whether case management is covered."""
    codes: tuple[str, ...] = ()
    """The codes that were asked about; none means all of them."""
    said: str = ""


class Authorization(Entity):
    """A payer's prior authorization."""

    patient_id: str
    coverage_id: str
    number: str
    codes: tuple[str, ...] = ()
    """The codes that it is for; none means all."""
    valid_from: OptionalIsoDate = ""
    valid_to: OptionalIsoDate = ""
    units: Annotated[int, Field(ge=0)] = 0
    """Units that it allows; 0 where it names no number."""
    note: str = ""


class Attachment(Entity):
    """A file that belongs to a patient and goes with a claim; its bytes are kept under their digest."""

    patient_id: str
    claim_id: str = ""
    """The claim that it goes with; empty where it belongs to the patient's chart only."""
    name: str
    """File name without its folder."""
    media_type: Literal["application/pdf", "image/png", "image/jpeg"]
    kind: Literal["referral", "eob", "support"] = "support"
    """837D PWK01: B4 referral form, EB explanation of benefits, OZ support data."""
    what: str = ""
    """What it is, in a few words, for the index of a packet."""
    sha256: str
    size: int
    """Bytes."""
    pages: int = 1


class Adjustment(Record):
    """What a payer took off a charge, and why."""

    group: Literal["CO", "PR", "OA", "PI", "CR"]
    """Who bears it: provider, patient, other; PI payer initiated, CR correction."""
    carc: str
    cents: int
    """Negative where it gives back."""


class RemittanceLine(Record):
    """A payer's answer to one line: billed = paid + the adjustments (835 TR3, 1.10.2)."""

    service_date: OptionalIsoDate = ""
    code: str = ""
    """With the date, names the claim's line; both are empty where the answer is to the claim as a whole."""
    billed_cents: int
    allowed_cents: int | None = None
    paid_cents: int
    quantity: int = 1
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()
    """RARCs."""


class Remittance(Entity):
    """One answer of a payer to one claim."""

    claim_id: str
    received_on: IsoDate
    """The day on which the practice learned of it; appeals are counted from it if nothing else is said."""
    paid_on: OptionalIsoDate = ""
    """The payment's or notice's own date."""
    check_number: str = ""
    """Check or trace number (TRN02)."""
    payer_claim_number: str = ""
    reversal: bool = False
    """Whether it takes back an earlier answer (CLP02 is 22)."""
    appeal_by: OptionalIsoDate = ""
    lines: tuple[RemittanceLine, ...]
    remarks: tuple[str, ...] = ()
    """RARCs about the claim as a whole."""
    note: str = ""
    file: str = ""
    """Name of the file that it came from; empty where it was typed in."""
    digest: str = ""
    """SHA-256 of what it says in that file, by which it is recognized when it comes again."""

    @property
    def paid_cents(self) -> int:
        """What was paid with it; negative for a reversal."""
        return sum(line.paid_cents for line in self.lines)


class PatientPayment(Entity):
    """What a patient paid of their part of a claim."""

    claim_id: str
    received_on: IsoDate
    cents: int
    """Negative for money that went back."""
    method: str = ""
    note: str = ""


class MonthClose(Entity):
    """Whether a month's run is closed; `id` is the month, such as `2026-10`."""

    closed: bool
    closed_at: int = 0
    closed_by: str = ""
    figures: dict[str, int] = Field(default_factory=dict)
    """What the month's workbook of record stated: `source.rows` and `source.field`, minutes and cents."""
    taken_with: tuple[str, ...] = ()
    """The errors with which it was closed all the same; the reason stands in the ledger entry."""
