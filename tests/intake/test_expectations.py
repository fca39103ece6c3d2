"""What a reader must make of the practice's own two months, in every format."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casemgr.intake.cells import cell_text
from casemgr.intake.delimited import read_delimited
from casemgr.intake.fates import Rejected
from casemgr.intake.rows import read_log
from casemgr.intake.tables import Table, TableFile, read_tables
from tests.intake.support import (
    FORMATS,
    PRACTICE,
    csv_text,
    expected,
    practice_context,
    read_practice_log,
    without_reasons,
)

MONTHS = ("2026-09", "2026-10")


@pytest.mark.parametrize("month", MONTHS)
def test_month_is_read_as_expected(month: str) -> None:
    assert without_reasons(read_practice_log(PRACTICE / f"log-{month}.xlsx")) == expected(month)


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_other_workbook_formats_say_the_same(ending: str) -> None:
    reading = read_practice_log(FORMATS / f"log-2026-09.{ending}")
    assert without_reasons(reading) == expected("2026-09")
    same = read_practice_log(PRACTICE / "log-2026-09.xlsx")
    assert [row.entry for row in reading.accepted] == [row.entry for row in same.accepted]
    assert [row.digest for row in reading.rejected] == [row.digest for row in same.rejected]


@pytest.mark.parametrize("month", MONTHS)
def test_what_is_in_already_is_a_duplicate(month: str) -> None:
    first = read_practice_log(PRACTICE / f"log-{month}.xlsx")
    known = {row.entry.digest for row in first.accepted}
    again = read_log(read_tables(PRACTICE / f"log-{month}.xlsx"), replace(practice_context(), known=known))
    assert not again.accepted
    assert len(again.duplicates) == len(first.accepted) + len(first.duplicates)
    assert all(row.of is None for row in again.duplicates)
    assert [row.origin for row in again.rejected] == [row.origin for row in first.rejected]


def test_no_activity_of_one_month_is_in_the_other() -> None:
    digests = [
        {row.entry.digest for row in read_practice_log(PRACTICE / f"log-{m}.xlsx").accepted} for m in MONTHS
    ]
    assert not digests[0] & digests[1]


def test_sheets_as_csv_files_say_the_same() -> None:
    whole = read_practice_log(PRACTICE / "log-2026-10.xlsx")
    by_sheet = [
        row.entry
        for table in read_tables(PRACTICE / "log-2026-10.xlsx").tables
        for row in read_log(as_csv(table), practice_context()).accepted
    ]
    assert by_sheet == [row.entry for row in whole.accepted]


def as_csv(table: Table) -> TableFile:
    """A sheet as a spreadsheet program saves it to csv: every cell as the text that it shows."""
    text = csv_text([[cell_text(cell) for cell in row] for row in table.rows])
    rows = read_delimited("log.csv", text.encode()).rows
    return TableFile("log.csv", "", (Table("log", [list(row) for row in rows], table.first_row),))


def test_a_rejected_row_has_what_its_mending_needs() -> None:
    reading = read_practice_log(PRACTICE / "log-2026-09.xlsx")
    row = next(row for row in reading.rows if isinstance(row, Rejected) and row.field == "minutes")
    sheet = next(sheet for sheet in reading.sheets if sheet.name == row.origin.sheet)
    assert row.origin.row == 6
    assert row.cells[:4] == ("Sep 1, 2026", "Pacocha, Amos 10/28/1973", "Missed appt outreach", "15-20")
    assert "range" in row.reason
    assert row.month == "2026-09"
    assert [cell_text(cell) for cell in sheet.heading_row][:2] == ["Date", "Pt Name (LAST, FIRST DOB)"]
    assert sheet.title_texts == ["Case Management Log - Marisol Rivera", "September 2026", "PRIVATE"]


def test_a_date_in_the_far_future_belongs_to_the_month_of_its_sheet() -> None:
    reading = read_practice_log(PRACTICE / "log-2026-10.xlsx")
    assert {row.month for row in reading.rejected} == {"2026-10"}
