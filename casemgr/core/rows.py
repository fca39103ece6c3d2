"""What lists show and by what they are narrowed: rows as the store hands them out, and the faces show them.

Dates are ISO text, minutes and cents are integers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.dates import Month
from casemgr.core.text import last_first

if TYPE_CHECKING:
    from casemgr.core.dates import Period
    from casemgr.core.records import Coverage, RejectedRow


OTHER = "other"
"""The outcome of every kind for words that fit none, or more than one equally well."""


@dataclass(frozen=True)
class ActivityFilter:
    """Which activities; what is empty does not narrow."""

    first: str = ""
    """First service date, ISO."""
    last: str = ""
    run: str = ""
    """The month in whose run they are billed, such as `2026-10`; instead of service dates."""
    patient_id: str = ""
    staff: str = ""
    kind: str = ""
    search: str = ""
    """Words, each at the start of a word in the text, the patient's name or the chart number."""
    claim_id: str = ""
    unclaimed: bool = False
    ids: tuple[str, ...] = ()
    include_voided: bool = False
    only_voided: bool = False
    drafts: bool = False
    """Only those that are not signed."""
    limit: int = 0
    """At most so many, 0 for all; of what a search finds, those entered last (or first)."""
    newest_first: bool = False


def within(period: Period, patient_id: str = "") -> ActivityFilter:
    """The activities of a month's run, or of some other days by service date; of one patient or of all."""
    if isinstance(period, Month):
        return ActivityFilter(run=str(period), patient_id=patient_id)
    return ActivityFilter(first=period.first.isoformat(), last=period.last.isoformat(), patient_id=patient_id)


class ActivityRow(NamedTuple):
    """An activity with what every list shows beside it; `fields` and `source` are JSON text."""

    id: str
    service_date: str
    start: str
    kind: str
    minutes: int
    outcome: str
    outcome_words: str
    method: str
    contacted: str
    reason: str
    response: str
    next_step: str
    note: str
    fields: str
    case_id: str
    recorded_status: str
    """draft or signed, as recorded."""
    late_days: int
    amended: int
    entered_at: int
    entered_by: str
    signed_by: str
    source: str
    voided: int
    staff: str
    staff_name: str
    credential: str
    patient_id: str
    chart_number: str
    last_name: str
    first_name: str
    birth_date: str
    claim_id: str
    claim_number: str
    code: str
    """Code of the claim line, empty while unclaimed."""
    line_date: str
    """Service date of the claim line, which may gather a month; empty while unclaimed."""
    run_month: str
    """The month in whose run it is billed, where it came too late for its own; else empty."""

    @property
    def billed_in(self) -> str:
        """The month in whose run it is billed, such as `2026-10`."""
        return self.run_month or self.service_date[:7]

    @property
    def late_from(self) -> str:
        """`October 2026`, where it came too late for that month's run; else empty."""
        return Month.of(date.fromisoformat(self.service_date)).title if self.run_month else ""

    @property
    def status(self) -> str:
        """`draft`, `signed`, `claimed` or `voided`."""
        if self.voided:
            return "voided"
        return "claimed" if self.claim_id else self.recorded_status

    @property
    def patient(self) -> str:
        """`Last, First`."""
        return last_first(self.last_name, self.first_name)


class House(NamedTuple):
    """The practice, in the few words that every screen needs."""

    name: str
    time_zone: str
    owner: str
    """Login of who acts unless somebody is named."""


class Sitter(NamedTuple):
    """Who acts, in the few words that every screen needs."""

    login: str
    name: str
    credential: str
    active_to: str
    """The last day at work, ISO; empty while somebody works here."""


class Span(NamedTuple):
    """When a member of staff was at work on an activity, in minutes of the day."""

    activity_id: str
    start: int
    end: int


class FollowUpRow(NamedTuple):
    """A follow-up with whom it is about."""

    id: str
    due_date: str
    what: str
    assigned_to: str
    done_on: str
    done_by: str
    done_note: str
    done_activity_id: str
    activity_id: str
    patient_id: str
    chart_number: str
    last_name: str
    first_name: str
    birth_date: str

    @property
    def patient(self) -> str:
        """`Last, First`, or empty where it is about nobody."""
        return last_first(self.last_name, self.first_name)


class ClaimRow(NamedTuple):
    """A claim with its sums and whose it is; money in cents."""

    id: str
    number: str
    month: str
    status: str
    voided: int
    payer_name: str
    member_id: str
    lines: int
    minutes: int
    charge_cents: int
    patient_id: str
    chart_number: str
    last_name: str
    first_name: str
    birth_date: str

    @property
    def patient(self) -> str:
        """`Last, First`."""
        return last_first(self.last_name, self.first_name)


class ClaimNumber(NamedTuple):
    """A claim and whose it is, where it is looked for by number."""

    number: str
    month: str
    voided: int
    last_name: str
    first_name: str
    birth_date: str
    chart_number: str

    @property
    def patient(self) -> str:
        """`Last, First`."""
        return last_first(self.last_name, self.first_name)


class StandingLine(NamedTuple):
    """A claim line with its claim's number and payer; the fee is in cents."""

    number: str
    payer: str
    member_id: str
    service_date: str
    code: str
    minutes: int
    quantity: int
    fee_cents: int


class CoverageRow(NamedTuple):
    """A coverage with whose it is."""

    coverage: Coverage
    patient: str
    birth_date: str
    chart_number: str


class StandingRejection(NamedTuple):
    """A row that an import refused and that nothing has mended since."""

    file: str
    row: RejectedRow
