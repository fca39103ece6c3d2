"""The workbook of rejected rows: the practice's own shape, with the reason beside each row."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from casemgr.core.text import fold
from casemgr.documents.rejects import (
    ORIGIN_HEADING,
    REASON_HEADING,
    RejectedCells,
    RejectsSheet,
    write_rejects,
)
from casemgr.errors import NotWritten
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

MADE_AT = datetime(2026, 11, 2, 15, 41, tzinfo=UTC)
TITLES: list[list[Any]] = [
    ["Case Management Log - Tam Chen", "", ""],
    ["September 2026", "", "PRIVATE"],
    ["", "", ""],
]
HEADINGS = ["Date", "Pt Name (LAST, FIRST DOB)", "Mins"]
ROWS = [
    RejectedCells(
        [date(2026, 9, 1), "  GARCIA, ANA ", 20.0], "Two patients have this name.", "log.xlsx|Tam Chen|87", 1
    ),
    RejectedCells(["9-31-2026", "=Olivo", "12 min"], "September has 30 days.", "log.xlsx|Tam Chen|88", 0),
    RejectedCells(["", "", time(0, 30)], "Nobody is named.", "log.xlsx|Tam Chen|90", None),
    RejectedCells(
        [datetime.fromisoformat("2026-09-03 14:30"), True, timedelta(hours=30)],
        "Who?",
        "log.xlsx|Tam Chen|91",
        1,
    ),
]
SHEET = RejectsSheet("Tam Chen", TITLES, HEADINGS, ROWS)


def grid(path: Path, sheet: str = "Tam Chen") -> list[list[Any]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def write(path: Path, *sheets: RejectsSheet, overwrite: bool = False) -> Path:
    write_rejects(path, sheets or (SHEET,), made_at=MADE_AT, overwrite=overwrite)
    return path


def test_it_has_the_shape_of_the_practice_s_own_log(tmp_path: Path) -> None:
    rows = grid(write(tmp_path / "mend.xlsx"))
    assert [row[:3] for row in rows[:4]] == [*TITLES, HEADINGS]
    assert [row[:3] for row in rows[4:]] == [list(row.cells) for row in ROWS]


def test_each_row_says_why_and_where_it_came_from(tmp_path: Path) -> None:
    rows = grid(write(tmp_path / "mend.xlsx"))
    assert rows[3][3:] == [REASON_HEADING, ORIGIN_HEADING]
    assert [row[3:] for row in rows[4:]] == [[row.reason, row.origin] for row in ROWS]


@pytest.mark.parametrize("table", ["log", "patients", "staff"])
def test_the_importer_knows_both_columns(table: str) -> None:
    declared = tomllib.loads((ROOT / f"schema/intake/{table}.toml").read_text(encoding="utf-8"))
    columns = {column["name"]: column["headings"] for column in declared["column"]}
    assert fold(REASON_HEADING) in columns["because"]
    assert fold(ORIGIN_HEADING) in columns["mends"]


def test_the_cell_that_is_wrong_is_marked(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write(tmp_path / "mend.xlsx"))["Tam Chen"]
    marked = [
        cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == "00FBE0DE"
    ]
    assert marked == ["B5", "A6", "B8"]
    assert sheet.freeze_panes == "A5"


def test_text_stays_text_and_dates_stay_dates(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write(tmp_path / "mend.xlsx"))["Tam Chen"]
    assert sheet["B6"].data_type == "s"
    assert (sheet["A5"].data_type, sheet["A5"].number_format) == ("d", "m/d/yyyy")
    assert sheet["C7"].number_format == "h:mm"
    assert (sheet["B8"].data_type, sheet["C8"].number_format) == ("b", "[h]:mm")


def test_a_date_before_excel_s_calendar_is_kept_as_text(tmp_path: Path) -> None:
    rows = [
        RejectedCells([date(1899, 7, 4), datetime.fromisoformat("1850-01-02 03:04")], "Too old.", "x|y|1", 0)
    ]
    found = grid(write(tmp_path / "mend.xlsx", RejectsSheet("Tam Chen", [], ["A", "B"], rows)))
    assert found[1][:2] == ["7/4/1899", "1850-01-02 03:04:00"]


def test_rows_that_are_refused_again_keep_two_columns_of_ours(tmp_path: Path) -> None:
    first = grid(write(tmp_path / "first.xlsx"))
    again = [
        RejectedCells(row, "Still two patients.", row[4], 4 if row[4].endswith("90") else 2)
        for row in first[4:]
    ]
    second = grid(write(tmp_path / "second.xlsx", RejectsSheet("Tam Chen", first[:3], first[3], again)))
    assert second[3] == first[3]
    assert [row[:3] + row[4:] for row in second[4:]] == [row[:3] + row[4:] for row in first[4:]]
    assert {row[3] for row in second[4:]} == {"Still two patients."}


def test_sheets_without_rows_are_left_out_and_names_are_made_to_fit(tmp_path: Path) -> None:
    sheets = [
        RejectsSheet("Empty", [], HEADINGS, []),
        RejectsSheet("log 9/2026 of the whole practice, all staff", [], HEADINGS, ROWS[:1]),
        RejectsSheet("log 9-2026 of the whole practice, all staff", [], HEADINGS, ROWS[:1]),
        RejectsSheet("Sheet", [], HEADINGS, ROWS[:1]),
    ]
    path = write(tmp_path / "mend.xlsx", *sheets)
    assert CalamineWorkbook.from_path(path).sheet_names == [
        "log 9-2026 of the whole practic",
        "log 9-2026 of the whole pra (2)",
        "Sheet",
    ]


def test_a_row_longer_than_its_headings_keeps_every_cell(tmp_path: Path) -> None:
    rows = [RejectedCells(["a", "b", "c"], "Why", "x|y|1", 2), RejectedCells([], "Why", "x|y|2", 0)]
    found = grid(write(tmp_path / "mend.xlsx", RejectsSheet("Tam Chen", [], ["A"], rows)))
    assert found[0] == ["A", "", "", REASON_HEADING, ORIGIN_HEADING]
    assert found[1] == ["a", "b", "c", "Why", "x|y|1"]
    assert found[2] == ["", "", "", "Why", "x|y|2"]


def test_the_same_rows_give_the_same_bytes_and_replace_nothing_unasked(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx")
    assert path.read_bytes() == write(tmp_path / "b.xlsx").read_bytes()
    with pytest.raises(NotWritten):
        write(path)
    write(path, overwrite=True)
