"""What can become of a row, whatever table it stands in: accepted, duplicate, ignored or rejected."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from datetime import date

    from casemgr.intake.sheets import Origin, Sheet, SkippedSheet
    from casemgr.intake.tables import Cell

EntryT = TypeVar("EntryT")


class LogEntry(NamedTuple):
    """What a row of a log says."""

    staff: str
    """Login."""
    patient_id: str
    kind: str
    """The kind's id."""
    service_date: date
    minutes: int
    method: str
    """An id of the contact methods, or the words as written."""
    contacted: str
    note: str
    outcome: str
    """An outcome id of the kind."""
    outcome_words: str
    follow_up: date | None
    follow_up_text: str
    """The words beside the due date; words without any date stand here too."""
    digest: str
    """See casemgr.core.digest.content_digest."""


class PatientEntry(NamedTuple):
    """What a row of a patient export says."""

    chart_number: str
    last_name: str
    first_name: str
    birth_date: date
    gender: str
    language: str
    phone: str
    address: str
    """In one line."""
    payer_name: str
    """As the practice writes it; "" where nobody but the patient pays."""
    member_id: str


class StaffEntry(NamedTuple):
    """What a row of a staff list says."""

    login: str
    name: str
    credential: str
    role: str
    """"" where only a credential was given."""
    npi: str


class Accepted(NamedTuple, Generic[EntryT]):
    """A row that is taken in."""

    origin: Origin
    entry: EntryT
    mends: str
    """The mark of the rejected row that this one mends, such as `log-2026-09.xlsx|Tam Chen|87`, or ""."""


class Duplicate(NamedTuple, Generic[EntryT]):
    """A row that says what is already in."""

    origin: Origin
    entry: EntryT
    mends: str
    of: Origin | None
    """The earlier row of the same file, or None where it was in before."""


class Ignored(NamedTuple):
    """A row that is none of what the table is about."""

    origin: Origin
    why: str


class Rejected(NamedTuple):
    """A row that must be mended."""

    origin: Origin
    field: str
    """The first column that is wrong; for a log in the order date, patient, type, minutes, outcome, staff."""
    reason: str
    """Everything that is wrong, in sentences."""
    month: str
    """Of a log, `2026-09`: of its date where that can be, else the sheet's where it says one, else ""."""
    digest: str
    """SHA-256 over the row as written."""
    cells: tuple[Cell, ...]
    """As read, from the sheet's first used column on."""
    mends: str


Row = Accepted[EntryT] | Duplicate[EntryT] | Ignored | Rejected


@dataclass(frozen=True, slots=True)
class Reading(Generic[EntryT]):
    """A file as it was read.

    Attributes:
        file: its name.
        rows: every row below the headings that holds anything, in the order of sheets and rows.
        sheets: the sheets that they stand in, with titles and headings.
        skipped: sheets without the columns needed.
    """

    file: str
    rows: tuple[Row[EntryT], ...]
    sheets: tuple[Sheet, ...]
    skipped: tuple[SkippedSheet, ...]

    @property
    def accepted(self) -> list[Accepted[EntryT]]:
        """The rows that are taken in."""
        return [row for row in self.rows if isinstance(row, Accepted)]

    @property
    def duplicates(self) -> list[Duplicate[EntryT]]:
        """The rows that are already in."""
        return [row for row in self.rows if isinstance(row, Duplicate)]

    @property
    def ignored(self) -> list[Ignored]:
        """The rows that were left alone."""
        return [row for row in self.rows if isinstance(row, Ignored)]

    @property
    def rejected(self) -> list[Rejected]:
        """The rows that must be mended."""
        return [row for row in self.rows if isinstance(row, Rejected)]

    def summary(self) -> dict[str, Any]:
        """What became of the rows, as `import --json` prints it; lists are in the order of the file."""
        return {
            "accepted": len(self.accepted),
            "rejected": [
                {**row.origin._asdict(), "field": row.field, "reason": row.reason} for row in self.rejected
            ],
            "duplicates": [row.origin._asdict() for row in self.duplicates],
            "ignored": len(self.ignored),
        }


def summarise_log(reading: Reading[LogEntry]) -> dict[str, Any]:
    """The summary of a log, with its minutes and with [rows, minutes] by kind and by staff."""
    by_kind: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    by_staff: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in reading.accepted:
        for sums in (by_kind[row.entry.kind], by_staff[row.entry.staff]):
            sums[0] += 1
            sums[1] += row.entry.minutes
    return {
        **reading.summary(),
        "minutes": sum(row.entry.minutes for row in reading.accepted),
        "by_kind": dict(sorted(by_kind.items())),
        "by_staff": dict(sorted(by_staff.items())),
    }
