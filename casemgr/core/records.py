"""The practice, its people, their care and its imports: one frozen model an entity, each field with its unit.

Record keeping follows what auditors ask of a time-based note (sources in the domain notes: 26 TAC 306.275,
Iowa 441-79.3, CMS Program Integrity Manual on amendments).
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field

from casemgr.core.base import Record
from casemgr.core.entity import Entity, IsoDate, OptionalClockTime, OptionalIsoDate, OptionalMonthText
from casemgr.core.minutes import MAX_MINUTES, MIN_MINUTES
from casemgr.core.text import last_first

LOGIN = r"[a-z0-9][a-z0-9._-]{0,31}"
"""What a login looks like, as a regular expression."""

_NPI = re.compile(r"\d{10}", re.ASCII)


def is_npi(text: str) -> bool:
    """Whether a text has the form of a National Provider Identifier: ten digits."""
    return _NPI.fullmatch(text) is not None


AccessRole = Literal["case manager", "biller", "supervisor", "owner"]
"""What somebody may do; whom the practice names as its owner is one whatever else is said."""


LeftAs = Literal["", "clear", "encrypted", "paper", "screen"]
"""In which form something left; empty for what was recorded before that was, and for what came back."""


class Practice(Entity):
    """The practice itself; there is one, with id `practice`."""

    name: str
    time_zone: str
    owner: str
    """Login of the staff member who acts unless somebody else is named."""
    npi: str = ""
    tax_id: str = ""
    address: str = ""
    phone: str = ""


class Staff(Entity):
    """A member of staff; `id` is the login, lower case, and never changes."""

    name: str
    credential: str = ""
    """Letters after the name, such as RDH or CDHC; printed with every activity."""
    role: str = "case manager"
    """What they do here, in the words that payers' rules ask for."""
    access: AccessRole = "case manager"
    """What they may do in this program; see core.roles."""
    npi: str = ""
    active_from: OptionalIsoDate = ""
    active_to: OptionalIsoDate = ""

    def works_on(self, day: str) -> bool:
        """Whether somebody works here on a day, as ISO text."""
        return (not self.active_from or self.active_from <= day) and (
            not self.active_to or day <= self.active_to
        )


class Patient(Entity):
    """A patient; chart number, name and birth date together tell namesakes apart."""

    chart_number: str
    last_name: str
    first_name: str
    birth_date: IsoDate
    gender: str = ""
    language: str = ""
    phone: str = ""
    address: str = ""

    @property
    def display_name(self) -> str:
        """`Last, First`, as charts file it."""
        return last_first(self.last_name, self.first_name)


class Coverage(Entity):
    """A patient's cover by one payer between two dates (both inclusive; empty means open)."""

    patient_id: str
    payer: str
    """The payer's id where a payer file has that name, else the name as the practice writes it."""
    payer_name: str
    member_id: str
    valid_from: OptionalIsoDate = ""
    valid_to: OptionalIsoDate = ""


class Case(Entity):
    """An episode of case management: why the work was needed and what was planned."""

    patient_id: str
    opened_on: IsoDate
    closed_on: OptionalIsoDate = ""
    consent: str = ""
    complaint: str = ""
    """Chief complaint and the history that bears on it."""
    findings: str = ""
    """Clinical findings that support case management."""
    barriers: tuple[str, ...] = ()
    """ICD-10-CM codes or plain words, as told."""
    supplementary: str = ""
    """Tests, images or other data on file."""
    plan: str = ""
    """The plan, with its rationale."""
    treating_dentist: str = ""
    treating_dentist_npi: str = ""
    close_reason: str = ""


class Source(Record):
    """Where an imported activity stood in the practice's own log."""

    file: str
    sheet: str
    row: int
    digest: str
    """SHA-256 of the row's content as read, by which it is recognised when it comes again."""
    mends: str = ""
    """`file|sheet|row` of the rejected row that this one mends, from a workbook of rejected rows."""


class Activity(Entity):
    """A piece of case-management work. Minutes are raw, as written: rounding belongs to claims."""

    patient_id: str
    kind: str
    staff: str
    """Login of the rendering staff."""
    service_date: IsoDate
    minutes: Annotated[int, Field(ge=MIN_MINUTES, le=MAX_MINUTES)]
    outcome: str
    """An outcome id of the kind; `other` where the words fit none."""
    outcome_words: str
    """The outcome as it was written."""
    start: OptionalClockTime = ""
    method: str = ""
    """Contact method: an id of the contact-method vocabulary, or the words as written."""
    contacted: str = ""
    reason: str = ""
    response: str = ""
    next_step: str = ""
    note: str = ""
    fields: dict[str, str] = Field(default_factory=dict)
    """The kind's own fields, by name."""
    case_id: str = ""
    status: Literal["draft", "signed"] = "signed"
    signed_by: str = ""
    signed_at: int = 0
    entered_at: int
    """When it was first saved."""
    entered_by: str
    late_days: Annotated[int, Field(ge=0)] = 0
    """Days between service date and first saving, in the practice's time zone."""
    amended: bool = False
    run_month: OptionalMonthText = ""
    """The month in whose run it is billed, where it came too late for its own; see billed_in."""
    source: Source | None = None

    @property
    def billed_in(self) -> str:
        """The month in whose run it is billed, such as `2026-10`."""
        return self.run_month or self.service_date[:7]


class FollowUp(Entity):
    """Something to do by a date."""

    due_date: IsoDate
    what: str
    patient_id: str = ""
    activity_id: str = ""
    assigned_to: str
    done_on: OptionalIsoDate = ""
    done_by: str = ""
    done_note: str = ""
    done_activity_id: str = ""
    """The activity that did it, where it was logged so."""


class Timer(Entity):
    """A staff member's running or paused timer; `id` is the login. Stopped or discarded means voided."""

    patient_id: str = ""
    kind: str = ""
    note: str = ""
    started_at: int
    running_since: int = 0
    """When it was last resumed; 0 while paused."""
    banked_seconds: Annotated[int, Field(ge=0)] = 0
    """Seconds gathered before the last pause."""


class RejectedRow(Record):
    """A row that an import refused, by place and reason."""

    sheet: str
    row: int
    field: str
    reason: str
    month: str = ""
    """The month that the row belongs to where its date could be read, else the file's."""
    digest: str = ""
    mends: str = ""
    """`file|sheet|row` of the row that this one was to mend, where it came in a workbook of rejected rows."""
    said: str = ""
    """What its cells say, so that nobody has to look for the file to know what is missing."""


class ImportBatch(Entity):
    """One run of an import: the file, what became of its rows, and the rows still to be mended."""

    kind: Literal["patients", "staff", "log", "remittance", "billing"]
    file: str
    sha256: str
    imported_at: int
    accepted: int
    minutes: int = 0
    duplicates: int = 0
    ignored: int = 0
    rejected: tuple[RejectedRow, ...] = ()
    mended: tuple[str, ...] = ()
    """`file|sheet|row` of earlier rejected rows that have come in with this run."""


class Disclosure(Entity):
    """Something that left the store: an export, a print or a backup (45 CFR 164.528: who, when, what)."""

    what: str
    """Kind of document: month workbook, claim summary, backup, …"""
    filters: str = ""
    rows: int = 0
    sha256: str = ""
    """Of what it says, before it was encrypted."""
    file: str = ""
    """File name without its folder."""
    left_as: LeftAs = ""
    recipients: tuple[str, ...] = ()
    """For whose keys it was encrypted, in short: name in the practice's address book, and the key's ends."""
    sealed_sha256: str = ""
    """Of the encrypted file; encrypting the same again gives another."""
    sent_to: str = ""
    """To whom it went, as who let it out said."""
    purpose: str = ""


class AccessEvent(Entity):
    """Somebody was let in or was not, was refused something, or a key slot was made or taken away.

    45 CFR 164.312(b): audit controls; 164.308(a)(5)(ii)(C): log-in monitoring.
    """

    login: str = ""
    """Whom it is about, where that is known; who did it is the entry's own staff."""
    detail: str = ""
    """Such as the name of the permission that was missing; never a patient's name."""
    times: int = 1
    first_at: int = 0
    """Instants in microseconds, where it happened before it could be recorded: failed tries."""
    last_at: int = 0
