"""Cells read as text, dates and minutes, whether a spreadsheet program made them or people typed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, TypeGuard

from casemgr.core.bounds import overlong
from casemgr.core.dates import Direction, Month, parse_birth_date, parse_date, written_date
from casemgr.core.minutes import check_minutes, parse_minutes
from casemgr.core.text import tidy
from casemgr.core.wording import quoted
from casemgr.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from casemgr.intake.tables import Cell

_SERIAL_ORIGIN = date(1899, 12, 30)
_SERIALS = range(18_264, 73_051)
"""Excel's day numbers of 1950 to 2100: a date whose cell was formatted as a number."""
_BIRTH_SERIALS = range(3_000, 73_051)
"""Those from 1908 on, past any number that could be a year by itself."""


def cell_text(cell: Cell) -> str:
    """A cell as one line of text: dates as `2026-10-21`, times and durations as `1:05`, blank ones as ""."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, str):
        # Printable text has no control characters, so the slower way can be spared.
        return " ".join(cell.split()) if cell.isprintable() else tidy(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, time):
        return f"{cell.hour}:{cell.minute:02}"
    if isinstance(cell, timedelta):
        minutes = cell // timedelta(minutes=1)
        return f"{minutes // 60}:{minutes % 60:02}"
    return str(cell)


def overlong_cells(cells: Mapping[str, Cell]) -> list[tuple[str, str]]:
    """The columns whose text is longer than the record keeps, each with what is wrong."""
    return [(found.field, found.problem) for found in overlong(cells)]


def cell_date(cell: Cell, today: date, month: Month | None = None) -> date:
    """The date in a cell of a log.

    Args:
        cell: a date, Excel's number of a day, or a date that is written out.
        today: a date without a year is the latest such day up to it,
        month: unless the sheet says which month it is of: then it is the nearest such day to that.

    Raises:
        ParseError: it is blank, no date, or says it relative to a day that is long past (`yesterday`, `mon`).
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if _is_serial(cell, _SERIALS):
        return _SERIAL_ORIGIN + timedelta(days=int(cell))
    return _written(cell_text(cell), today, month)


@lru_cache(maxsize=8192)
def _written(text: str, today: date, month: Month | None) -> date:
    text = _with_dashes(text)
    written = written_date(text) or written_date(text.partition(" ")[2])
    if written is None and text:
        raise ParseError(f"{quoted(text)} is no date that is written out: write it such as 10/21/2026.")
    if written is not None and written.year is None and month is not None:
        near: tuple[Direction, Direction] = ("past", "future")
        return min(
            (parse_date(text, month.first, way) for way in near), key=lambda day: abs(day - month.first)
        )
    return parse_date(text, today)


def cell_minutes(cell: Cell, *, hours: bool = False) -> int:
    """The minutes in a cell, 1 to 720; `hours` says that the column counts hours where a bare number stands.

    Raises:
        ParseError: it is blank, a range, a guess, no whole number of minutes, or outside the bounds.
    """
    if isinstance(cell, time):
        cell = timedelta(
            hours=cell.hour, minutes=cell.minute, seconds=cell.second, microseconds=cell.microsecond
        )
    if isinstance(cell, timedelta):
        whole, rest = divmod(cell, timedelta(minutes=1))
        if rest:
            raise ParseError(f"{cell} is not a whole number of minutes.")
        return check_minutes(whole)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        number = float(cell) * 60 if hours else float(cell)
        # A third of an hour, as a spreadsheet program computes it, is 20 minutes but for a rounding error.
        if abs(number) < 1e6 and abs(number - round(number)) < 1e-6:
            return check_minutes(round(number))
    text = cell_text(cell)
    if hours and text.replace(".", "", 1).isdecimal():
        text += "h"
    return check_minutes(parse_minutes(text))


def cell_follow_up(cell: Cell, service_date: date) -> tuple[date | None, str]:
    """What a follow-up column says: the due date, counted from the service date, and the words beside it.

    `10/26 confirm ride`, `confirm ride by Oct 26`, `in 2 weeks`. Words without any date come back as words.
    """
    if isinstance(cell, date) or _is_serial(cell, _SERIALS):
        return cell_date(cell, service_date), ""
    return _due(cell_text(cell), service_date)


@lru_cache(maxsize=8192)
def _due(text: str, service_date: date) -> tuple[date | None, str]:
    if not text:
        return None, ""
    try:
        return parse_date(text, service_date, "future"), ""
    except ParseError:
        pass
    parts = text.split()
    for length in (3, 2, 1):
        for start in (0, len(parts) - length):
            end = start + length
            dated = " ".join(parts[start:end]).strip(" :;,.-–")
            if start < 0 or written_date(dated) is None:
                continue
            try:
                due = parse_date(dated, service_date, "future")
            except ParseError:
                continue
            rest = parts[:start] + parts[end:]
            if start and rest[-1].lower() in ("by", "on"):
                rest.pop()
            return due, " ".join(rest).strip(" :;,-–")
    return None, text


def cell_birth_date(cell: Cell, today: date) -> date:
    """The birth date in a cell.

    Raises:
        ParseError: it is blank, no date with its year, in the future, or more than 130 years ago.
    """
    if isinstance(cell, datetime):
        cell = cell.date()
    elif _is_serial(cell, _BIRTH_SERIALS):
        cell = _SERIAL_ORIGIN + timedelta(days=int(cell))
    text = cell_text(cell)
    return parse_birth_date(_with_dashes(text), today)


def _is_serial(cell: Cell, serials: range) -> TypeGuard[int | float]:
    """Whether a cell is a day's number; a range itself would compare a float with each of its own in turn."""
    return (
        isinstance(cell, int | float)
        and not isinstance(cell, bool)
        and serials.start <= cell < serials.stop
        and cell == int(cell)
    )


def _with_dashes(text: str) -> str:
    """`20121021`, as other programs export it, as `2012-10-21`; any other text as it is."""
    if len(text) == 8 and text.isdecimal() and text.isascii() and text[:2] in ("19", "20"):
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return text
