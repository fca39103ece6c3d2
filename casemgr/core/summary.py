"""What the printed documentation of a claim says, gathered and named, before it has any look.

A service fills these from signed records; a document shows them and adds nothing. Dates are local dates of
the practice, minutes and cents are integers, texts stand verbatim as signed. An empty string or None
means that nothing was recorded, and the page says so. What belongs on it follows what auditors ask of a
time-based note (26 TAC 306.275, Iowa 441-79.3, CMS Program Integrity Manual on amendments).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from casemgr.core.ledger import Witness


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPractice:
    """The letterhead."""

    name: str
    address: str = ""
    phone: str = ""
    npi: str = ""
    tax_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPatient:
    """Who the claim is about; name and birth date stand on every page."""

    name: str
    """As the chart files it: `Last, First`."""
    birth_date: date
    chart_number: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCase:
    """Why case management was needed and what was planned."""

    opened_on: date
    complaint: str = ""
    findings: str = ""
    barriers: tuple[str, ...] = ()
    """Each as words, with its ICD-10-CM code in front where it has one."""
    supplementary: str = ""
    plan: str = ""
    consent: str = ""
    treating_dentist: str = ""
    treating_dentist_npi: str = ""
    labels: tuple[str, ...] = ()
    """What was changed since the case was opened, such as `AMENDED 11/10/2026 by …`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    """A service line: one date and one code."""

    service_date: date
    code: str
    title: str
    """The practice's paraphrase of the code."""
    minutes: int
    quantity: int
    fee_cents: int
    charge_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownActivity:
    """A signed activity."""

    service_date: date
    kind: str
    """The kind's title."""
    minutes: int
    """Raw, as signed."""
    staff: str
    """The rendering staff's name."""
    outcome: str
    """The label of the outcome in the kind's list."""
    start: str = ""
    """`HH:MM`, 24 hours, where it is known."""
    code: str = ""
    """The code of the line that it stands under; empty where it is not billed."""
    line_date: date | None = None
    """The date of that line; None where it is its own. What is paid by the month has one line on one date."""
    credential: str = ""
    method: str = ""
    """The contact method in words."""
    contacted: str = ""
    reason: str = ""
    details: tuple[tuple[str, str], ...] = ()
    """The kind's own fields as (label, value), in the kind's order, the empty ones left out."""
    outcome_words: str = ""
    """The outcome as it was written."""
    response: str = ""
    next_step: str = ""
    note: str = ""
    signed_by: str = ""
    signed_on: date | None = None
    labels: tuple[str, ...] = ()
    """Late entry, amendments and origin, such as `LATE ENTRY, 12 days`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCheck:
    """A point of the documentation checklist."""

    id: str
    text: str
    satisfied: bool
    evidence: str
    """Where it is met: by what. Where it is not: what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSummary:
    """Everything that the documentation of one claim shows."""

    practice: ShownPractice
    patient: ShownPatient
    claim_number: str
    status: str
    """Empty while there is nothing to say of it."""
    payer: str
    member_id: str
    first_service: date
    last_service: date
    case: ShownCase | None
    lines: tuple[ShownLine, ...]
    activities: tuple[ShownActivity, ...]
    """By service date and start."""
    narrative: tuple[str, ...]
    """Whole sentences, one text an activity."""
    checklist: tuple[ShownCheck, ...]
    warnings: tuple[str, ...] = ()
    """What whoever reads the claim must know, such as the claim that it replaces."""
    advice: tuple[str, ...] = ()
    """What the practice should look at before it sends the claim; never printed."""
    witness: Witness
    witnessed_at: int
    """The instant of the witness entry in microseconds since the epoch; a document bears it, never today."""
    prepared_on: date
    """The local date of that instant."""
    prepared_by: str
    """Name and credential of whoever made that entry."""
    content_digest: str = ""
    """SHA-256 over the kinds, codes and payer rules that word the page: a practice may change them."""

    @property
    def minutes(self) -> int:
        """The minutes of all lines."""
        return sum(line.minutes for line in self.lines)

    @property
    def charge_cents(self) -> int:
        """The charges of all lines."""
        return sum(line.charge_cents for line in self.lines)

    @property
    def signers(self) -> tuple[tuple[str, str], ...]:
        """The rendering staff as (name, credential), each once, in order of their first activity."""
        return tuple(dict.fromkeys((activity.staff, activity.credential) for activity in self.activities))

    @property
    def disagreements(self) -> tuple[str, ...]:
        """Where lines and activities differ in minutes, by date and code; empty on a sound claim."""
        billed: Counter[tuple[date, str]] = Counter()
        logged: Counter[tuple[date, str]] = Counter()
        for line in self.lines:
            billed[line.service_date, line.code] += line.minutes
        for activity in self.activities:
            if activity.code:
                logged[activity.line_date or activity.service_date, activity.code] += activity.minutes
        return tuple(
            f"{day.isoformat()} {code}: {billed[day, code]} minutes on the claim, "
            f"{logged[day, code]} in the log"
            for day, code in sorted(billed.keys() | logged.keys())
            if billed[day, code] != logged[day, code]
        )
