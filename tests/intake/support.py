"""The practice's own files, and tables made on the spot."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from casemgr.core.kinds import Kinds
from casemgr.core.people import PatientIndex, PatientRef
from casemgr.core.records import Staff
from casemgr.intake.fates import summarise_log
from casemgr.intake.people import PatientContext, StaffContext, read_patients, read_staff
from casemgr.intake.rows import LogContext, read_log
from casemgr.intake.tables import Table, TableFile, read_tables
from casemgr.intake.vocabulary import load_vocabulary
from casemgr.resources import load_toml_folder
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from casemgr.intake.fates import LogEntry, Reading, Row
    from casemgr.intake.tables import Cell

PRACTICE = ROOT / "tests" / "data" / "practice"
FORMATS = ROOT / "tests" / "data" / "formats"
TODAY = date(2026, 11, 21)
HEADINGS: list[Cell] = ["Date", "Patient", "Type", "Mins", "How", "Notes", "Outcome", "F/U"]


@lru_cache(maxsize=1)
def practice_context() -> LogContext:
    """The practice's patients and staff, as its own files give them."""
    patients = read_patients(
        read_tables(PRACTICE / "patients.csv"), PatientContext(TODAY, (), load_vocabulary("patients"))
    )
    refs = [
        PatientRef(f"patient-{e.chart_number}", e.chart_number, e.last_name, e.first_name, e.birth_date)
        for e in (row.entry for row in patients.accepted)
    ]
    staff = read_staff(read_tables(PRACTICE / "staff.csv"), StaffContext({}, load_vocabulary("staff")))
    return LogContext(
        today=TODAY,
        kinds=Kinds.load(load_toml_folder("schema/activities", None)),
        patients=PatientIndex(refs),
        staff=tuple(Staff(id=row.entry.login, name=row.entry.name) for row in staff.accepted),
        vocabulary=load_vocabulary("log"),
    )


def read_practice_log(path: Path) -> Reading[LogEntry]:
    """A log of the practice, read whole."""
    return read_log(read_tables(path), practice_context())


def expected(month: str) -> dict[str, Any]:
    """What a reader must make of a month's log; the month itself is the file's name."""
    told: dict[str, Any] = json.loads((PRACTICE / f"expected-{month}.json").read_text("utf-8"))
    assert told.pop("month") == month
    return told


def without_reasons(reading: Reading[LogEntry]) -> dict[str, Any]:
    """The summary of a log as the expectations have it: reasons are our own words."""
    summary = summarise_log(reading)
    for row in summary["rejected"]:
        assert row.pop("reason")
    return summary


def table_file(*rows: Sequence[Cell], sheet: str = "Marisol Rivera", first_row: int = 1) -> TableFile:
    """A file with one sheet of these rows."""
    return TableFile("log.xlsx", "", (Table(sheet, [list(row) for row in rows], first_row),))


def read_rows(
    *rows: Sequence[Cell],
    headings: Sequence[Cell] = HEADINGS,
    sheet: str = "Marisol Rivera",
    titles: Sequence[Sequence[Cell]] = (),
    context: LogContext | None = None,
    mapping: Mapping[str, str] | None = None,
) -> tuple[Row[LogEntry], ...]:
    """The fates of a log's rows under some headings."""
    file = table_file(*titles, headings, *rows, sheet=sheet)
    return read_log(file, context or practice_context(), mapping).rows


def csv_text(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    """Rows as a spreadsheet program writes them to csv."""
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows(rows)
    return written.getvalue()
