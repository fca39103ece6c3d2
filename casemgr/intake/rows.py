"""A log's rows read for what they say, each ending in one fate."""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.dates import Month, format_us
from casemgr.core.digest import content_digest
from casemgr.core.people import OLDEST_BIRTH_YEAR
from casemgr.core.text import words
from casemgr.core.wording import quoted
from casemgr.errors import ParseError
from casemgr.intake.cells import cell_date, cell_follow_up, cell_minutes, cell_text, overlong_cells
from casemgr.intake.fates import Accepted, Duplicate, Ignored, LogEntry, Reading, Rejected
from casemgr.intake.meanings import LogCells, Meanings
from casemgr.intake.sheets import read_sheets, written_digest
from casemgr.intake.staffing import StaffIndex

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping
    from datetime import date

    from casemgr.core.kinds import Kinds
    from casemgr.core.people import PatientLookup
    from casemgr.core.records import Staff
    from casemgr.intake.fates import Row
    from casemgr.intake.sheets import Origin, Sheet
    from casemgr.intake.tables import Cell, TableFile
    from casemgr.intake.vocabulary import Vocabulary

_MONTH_NAMED = re.compile(
    r"\b[a-z]{3,9}\.?,?\s+\d{4}\b|(?<![\d-])\d{4}[-_]\d{2}(?![\d-])|(?<![\d/])\d{1,2}/\d{4}\b", re.IGNORECASE
)
_HOURS = frozenset({"h", "hr", "hrs", "hour", "hours"})


@dataclass(frozen=True, slots=True)
class LogContext:
    """What a log is read against.

    Attributes:
        today: the local date; later service dates are refused.
        kinds: the kinds of activity.
        patients: who can be meant.
        staff: who can have kept it.
        vocabulary: what practices call the columns, for the table `log`.
        known: digests of what is already in.
        default_staff: login of whoever did what nothing in the file says who did; empty refuses such rows.
    """

    today: date
    kinds: Kinds
    patients: PatientLookup
    staff: tuple[Staff, ...]
    vocabulary: Vocabulary
    known: Container[str] = frozenset()
    default_staff: str = ""


def read_log(
    file: TableFile, context: LogContext, mapping: Mapping[str, str] | None = None
) -> Reading[LogEntry]:
    """Read every sheet of a log.

    Args:
        file: what was read of it.
        context: what it is read against.
        mapping: column to heading, as told by `--map`.

    Raises:
        InputRefused: the columns cannot be told.
    """
    sheets, skipped = read_sheets(file, context.vocabulary, mapping)
    reader = _LogReader(context)
    rows = tuple(row for sheet in sheets for row in reader.read(sheet, file.name))
    return Reading(file.name, rows, sheets, skipped)


class _SheetFacts(NamedTuple):
    """What holds for all rows of a sheet."""

    month: Month | None
    """The month that the sheet says it is of."""
    owner: str
    """Login of whom the sheet belongs to, or ""."""
    hours: bool
    """Whether its column of minutes counts hours."""


class _LogReader:
    """Reads sheet after sheet, remembering what it has read: a log says the same things again and again."""

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._staff = StaffIndex(context.staff)
        self._meanings = Meanings(context.kinds, context.patients, context.vocabulary, context.today)
        self._seen: dict[str, Origin] = {}

    def read(self, sheet: Sheet, file_name: str) -> Iterator[Row[LogEntry]]:
        """The fates of a sheet's rows."""
        columns = sheet.headings.columns
        texts = [*sheet.title_texts, sheet.name, file_name]
        month = next((found for text in texts if (found := _month_in(text))), None)
        owner = self._staff.of_sheet(sheet.name, sheet.title_texts) or self._context.default_staff
        unit = words(sheet.headings.texts[columns["minutes"]])
        hours = bool(_HOURS.intersection(unit)) and not any(word.startswith("min") for word in unit)
        facts = _SheetFacts(month, owner, hours)
        width = max(columns.values()) + 1
        # A column that the sheet has not is read from the blank that every row gets at its end.
        pick = itemgetter(*(columns.get(name, -1) for name in LogCells._fields))
        for origin, row in sheet.rows():
            if sheet.repeats_headings(row):
                yield Ignored(origin, "the headings once more")
                continue
            cells = LogCells._make(pick((*row, *(None,) * (width - len(row)), None)))
            fate = self._fate(origin, cells, facts)
            yield fate._replace(cells=tuple(row)) if isinstance(fate, Rejected) else fate

    def _fate(self, origin: Origin, cells: LogCells, facts: _SheetFacts) -> Row[LogEntry]:
        if endless := overlong_cells(cells._asdict()):
            # Not read any further: a whole book in one cell takes its time to understand.
            field, problem = endless[0]
            digest = written_digest(cells._asdict(), facts.owner)
            return Rejected(
                origin, field, problem, str(facts.month or ""), digest, (), cell_text(cells.mends)
            )
        meanings, said = self._meanings, self._meanings.said
        kind_text, outcome_words = said(cells.type), said(cells.outcome)
        kind, named = meanings.kind(kind_text), meanings.named(cells)
        if kind is None and (why := meanings.no_case_work(cells, named, kind_text, outcome_words)):
            return Ignored(origin, why)
        patient = named.patient
        faults: list[tuple[str, str]] = []
        service_date = self._service_date(cells.date, facts.month, faults)
        if patient is None:
            faults.append(("patient", named.why))
        elif service_date and service_date < patient.birth_date:
            faults.insert(0, ("date", f"{format_us(service_date)} lies before the patient's birth."))
        if kind is None:
            faults.append(("type", meanings.no_kind(kind_text)))
        minutes = 0
        try:
            minutes = cell_minutes(cells.minutes, hours=facts.hours)
        except ParseError as fault:
            faults.append(("minutes", str(fault)))
        if not outcome_words:
            faults.append(("outcome", "There is no outcome: write what came of it."))
        staff_text = said(cells.staff)
        staff = self._staff.find(staff_text) if staff_text else facts.owner
        if not staff:
            faults.append(("staff", _no_staff(staff_text)))
        mends = cell_text(cells.mends)
        if faults or kind is None or patient is None or service_date is None:
            month = Month.of(service_date) if service_date and faults[0][0] != "date" else facts.month
            reason = " ".join(reason for _, reason in faults)
            return Rejected(
                origin,
                faults[0][0],
                reason,
                str(month or ""),
                written_digest(cells._asdict(), facts.owner),
                (),
                mends,
            )
        method = meanings.method(cells.method)
        note = cell_text(cells.note)
        due = cells.follow_up
        follow_up, follow_up_text = cell_follow_up(said(due) if isinstance(due, str) else due, service_date)
        digest = content_digest(
            staff=staff,
            service_date=service_date.isoformat(),
            patient_id=patient.id,
            kind=kind.kind,
            minutes=minutes,
            method=method,
            note=note,
            outcome_words=outcome_words,
            follow_up=follow_up.isoformat() if follow_up else "",
        )
        entry = LogEntry(
            staff=staff,
            patient_id=patient.id,
            kind=kind.kind,
            service_date=service_date,
            minutes=minutes,
            method=method,
            contacted=said(cells.contacted),
            note=note,
            outcome=meanings.outcome(kind, outcome_words),
            outcome_words=outcome_words,
            follow_up=follow_up,
            follow_up_text=follow_up_text,
            digest=digest,
        )
        earlier = self._seen.setdefault(digest, origin)
        if digest in self._context.known:
            return Duplicate(origin, entry, mends, None)
        if earlier is not origin:
            return Duplicate(origin, entry, mends, earlier)
        return Accepted(origin, entry, mends)

    def _service_date(self, cell: Cell, month: Month | None, faults: list[tuple[str, str]]) -> date | None:
        try:
            found = cell_date(cell, self._context.today, month)
        except ParseError as fault:
            faults.append(("date", str(fault)))
            return None
        if found > self._context.today:
            faults.append(("date", f"{format_us(found)} is in the future."))
            return None
        if found.year < OLDEST_BIRTH_YEAR:
            faults.append(("date", f"{format_us(found)} is too long ago."))
            return None
        return found


def _no_staff(text: str) -> str:
    if text:
        return f"{quoted(text)} is nobody of the staff, or fits several: write the login or the full name."
    return "Nothing says who did it: neither a column, nor the sheet's name, nor a line above the headings."


def _month_in(text: str) -> Month | None:
    """The month that a title such as `Log for September 2026` or a name such as `log-2026-09` speaks of."""
    for found in _MONTH_NAMED.finditer(text):
        try:
            return Month.parse(found[0].replace("_", "-"))
        except ParseError:
            continue
    return None
