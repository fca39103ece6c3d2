from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.dates import Month
from casemgr.errors import ParseError
from casemgr.intake.cells import cell_birth_date, cell_date, cell_follow_up, cell_minutes, cell_text

if TYPE_CHECKING:
    from casemgr.intake.tables import Cell

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("", ""),
        ("  two \n words\t", "two words"),
        ("a\x00b\u200bc", "a b c"),
        (1001.0, "1001"),
        (7, "7"),
        (2.5, "2.5"),
        (True, "TRUE"),
        (date(2026, 9, 1), "2026-09-01"),
        (datetime.fromisoformat("2026-09-01"), "2026-09-01"),
        (datetime.fromisoformat("2026-09-01 08:05"), "2026-09-01 08:05"),
        (time(1, 5), "1:05"),
        (timedelta(hours=26, minutes=5), "26:05"),
    ],
)
def test_text_of_a_cell(cell: Cell, text: str) -> None:
    assert cell_text(cell) == text


@pytest.mark.parametrize(
    "cell",
    [
        date(2026, 9, 1),
        datetime.fromisoformat("2026-09-01 09:30"),
        46266,
        46266.0,
        20260901,
        "20260901",
        "9/1/26",
        "9-1-2026",
        "09/01/2026",
        "2026-09-01",
        "2026-09-01 00:00:00",
        "Sep 1, 2026",
        "Tue 9/1/26",
        "9/1",
    ],
)
def test_a_date_in_all_spellings(cell: Cell) -> None:
    assert cell_date(cell, TODAY) == date(2026, 9, 1)


@pytest.mark.parametrize(
    "cell", ["", None, "13/45/26", "mon", "yesterday", "soon", 20.0, time(0, 30), True, 1e300]
)
def test_no_date(cell: Cell) -> None:
    with pytest.raises(ParseError):
        cell_date(cell, TODAY)


def test_a_date_without_its_year_lies_nearest_to_the_sheet_s_month() -> None:
    assert cell_date("12/31", TODAY, Month(2026, 1)) == date(2025, 12, 31)
    assert cell_date("1/2", TODAY, Month(2025, 1)) == date(2025, 1, 2)
    assert cell_date("12/31", TODAY) == date(2025, 12, 31)


@pytest.mark.parametrize(
    "cell", [30, 30.0, "30", "30 min", "0:30", ".5 hr", time(0, 30), timedelta(minutes=30), 29.9999999999]
)
def test_minutes_in_all_spellings(cell: Cell) -> None:
    assert cell_minutes(cell) == 30


@pytest.mark.parametrize(
    "cell",
    [
        *(0, -5, 721, 12.5, 0.5, float("nan"), float("inf"), True, None, "", "15-20", "about 20"),
        *(time(0, 0), time(20, 0), timedelta(seconds=90), date(2026, 9, 1)),
        datetime.fromisoformat("2026-09-01"),
    ],
)
def test_no_minutes(cell: Cell) -> None:
    with pytest.raises(ParseError):
        cell_minutes(cell)


def test_a_column_of_hours_counts_hours() -> None:
    assert [cell_minutes(cell, hours=True) for cell in (1, 0.5, "1.25", "20 min", time(0, 15), 1 / 3)] == [
        60, 30, 75, 20, 15, 20,
    ]  # fmt: skip
    with pytest.raises(ParseError):
        cell_minutes(13, hours=True)


@pytest.mark.parametrize(
    "cell",
    [date(1985, 4, 9), datetime.fromisoformat("1985-04-09"), 31146.0, 19850409, "4/9/85", "04/09/1985"],
)
def test_a_birth_date_in_all_spellings(cell: Cell) -> None:
    assert cell_birth_date(cell, TODAY) == date(1985, 4, 9)


@pytest.mark.parametrize("cell", [1985, 1985.0, "1985", "", None, date(2027, 1, 1), "4/9", time(1, 0), True])
def test_no_birth_date(cell: Cell) -> None:
    with pytest.raises(ParseError):
        cell_birth_date(cell, TODAY)


@pytest.mark.parametrize(
    ("cell", "due", "words"),
    [
        (None, None, ""),
        (date(2026, 9, 9), date(2026, 9, 9), ""),
        (datetime.fromisoformat("2026-09-09 09:00"), date(2026, 9, 9), ""),
        (46274, date(2026, 9, 9), ""),
        ("9/9/26", date(2026, 9, 9), ""),
        ("8/30", date(2027, 8, 30), ""),
        ("in 2 weeks", date(2026, 9, 15), ""),
        ("9/9 confirm ride", date(2026, 9, 9), "confirm ride"),
        ("Sep 9, 2026: confirm ride", date(2026, 9, 9), "confirm ride"),
        ("confirm ride by 9/9", date(2026, 9, 9), "confirm ride"),
        ("sat down with mom", None, "sat down with mom"),
        ("13/45/26", None, "13/45/26"),
        (3, None, "3"),
    ],
)
def test_follow_up(cell: Cell, due: date | None, words: str) -> None:
    assert cell_follow_up(cell, date(2026, 9, 1)) == (due, words)


CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(), st.text(), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.times(),
    st.timedeltas(),
)  # fmt: skip


@given(CELLS)
def test_any_cell_has_a_text_and_is_a_date_or_refused(cell: Cell) -> None:
    assert "\n" not in cell_text(cell)
    for read in (cell_minutes, lambda c: cell_date(c, TODAY), lambda c: cell_birth_date(c, TODAY)):
        try:
            assert isinstance(read(cell), int | date)
        except ParseError as told:
            assert str(told)
    cell_follow_up(cell, TODAY)
