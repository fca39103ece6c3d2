"""The month as billing gets it: the rows of each list, and the log's own figures beside them.

The services make the rows, exports/workbooks/ says which of their fields stand on which sheet. Minutes and
cents are integers, dates are local dates of the practice, None and empty text leave a cell empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import NamedTuple

from casemgr.core.ledger import Witness

TO_DRAFT = "to draft"
"""What stands in place of a claim number until the claim is drafted."""


class LeftOutWhy(StrEnum):
    """Why something is not among the billing lines."""

    NO_COVERAGE = "No coverage"
    DRAFT = "Draft"
    ON_A_CLAIM = "Date is on a claim"
    UNKNOWN_KIND = "Kind is not declared"
    NOT_COVERED = "Not covered"
    NOT_BILLABLE = "Not billable"
    TOO_SHORT = "Too short for a unit"
    REJECTED = "Rejected at import"
    VOIDED = "Voided"


class BillingLine(NamedTuple):
    """A claim line, drafted or to draft: one patient, coverage, service date and code."""

    claim_number: str
    """The claim's number, or TO_DRAFT."""
    patient: str
    initials: str
    birth_date: date
    birth_year: int
    chart_number: str
    payer: str
    member_id: str
    service_date: date
    code: str
    code_title: str
    staff: str
    """Names of the rendering staff."""
    minutes: int
    quantity: int
    fee_cents: int
    charge_cents: int
    activities: int
    """How many activities the line gathers."""
    status: str = ""
    """The claim's, such as `paid in part`; this and what follows is empty until it is known."""
    submitted_on: date | None = None
    paid_cents: int | None = None
    adjusted_cents: int | None = None
    """What the payer took off at the practice's cost (CO)."""
    patient_cents: int | None = None
    """What the payer left to the patient (PR)."""
    reason: str = ""
    """Group and reason codes (CARC), such as `CO-45; PR-1`."""
    payer_claim_number: str = ""
    answered_on: date | None = None
    late_from: str = ""
    """`October 2026`, where it came too late for that month's run; else empty."""


class ActivityRow(NamedTuple):
    """An activity of the month that is not voided."""

    service_date: date
    start: time | None
    patient: str
    initials: str
    birth_date: date
    birth_year: int
    chart_number: str
    kind: str
    """The kind's title."""
    code: str
    """Of the claim line that it stands on; empty while unclaimed."""
    minutes: int
    staff: str
    credential: str
    method: str
    contacted: str
    outcome: str
    """The outcome's label."""
    outcome_words: str
    reason: str
    response: str
    next_step: str
    note: str
    details: str
    """The kind's own fields, as `Vendor: Access Ride; Trip number: 123`."""
    status: str
    """draft, signed or claimed."""
    claim_number: str
    late_days: int
    amended: bool
    entered_on: date
    entered_by: str
    """Login of who entered it."""
    signed_by: str
    """Login of who signed it; empty for a draft."""
    place: str
    """File, sheet and row of the practice's own log, where it came from one."""
    short_id: str
    late_from: str = ""
    """`October 2026`, where it came too late for that month's run; else empty."""


class PatientSum(NamedTuple):
    """A patient's month."""

    patient: str
    birth_date: date
    chart_number: str
    payer: str
    activities: int
    minutes: int
    lines: int
    charge_cents: int


class StaffSum(NamedTuple):
    """A staff member's month; minutes are billed_minutes and left_out_minutes together."""

    staff: str
    credential: str
    activities: int
    minutes: int
    billed_minutes: int
    left_out_minutes: int


class LeftOut(NamedTuple):
    """Something that is not billed.

    `minutes` are those of activities that stand in the log; a rejected row and a voided activity have None,
    so that billed and left-out minutes together are the minutes of all activities.
    """

    why: LeftOutWhy
    service_date: date | None
    patient: str
    birth_date: date | None
    chart_number: str
    kind: str
    minutes: int | None
    staff: str
    detail: str
    """What to do about it."""
    place: str
    """Sheet and row of the practice's own log, where it came from one."""
    activity_id: str = ""
    """Which activity it is; empty for a rejected row."""
    patient_id: str = ""
    """Whose it is; empty for a rejected row."""


@dataclass(frozen=True)
class ControlSheet:
    """What the control sheet states about the workbook that it stands in."""

    practice: str
    period: str
    """Such as `October 2026`."""
    filters: str
    """What the rows were narrowed to, or empty."""
    time_zone: str
    """The practice's own, by its IANA name."""
    version: str
    """casemgr's."""
    witness: Witness
    """The last entry that changed the record."""
    figures: Mapping[str, int] = field(default_factory=dict)
    """The log's own figures, computed apart from the rows: `source.rows`, and `source.field` for each summed
    field (`billing_lines.charge_cents`)."""
