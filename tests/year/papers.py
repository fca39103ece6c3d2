"""Reading what leaves the house: workbooks by calamine, pages by pypdf, both as somebody else would."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from pypdf import PdfReader
from python_calamine import CalamineWorkbook

if TYPE_CHECKING:
    from pathlib import Path

Cell = object


class Table(NamedTuple):
    """A sheet: its rows and its row of totals, by heading."""

    rows: list[dict[str, Cell]]
    total: dict[str, Cell]

    def minutes(self, heading: str) -> int:
        """The whole numbers of a column, added up here."""
        return sum(whole(row[heading]) for row in self.rows)

    def cents(self, heading: str) -> int:
        """The amounts of a column, added up here."""
        return sum(cents(row[heading]) for row in self.rows)


class Book:
    """A workbook."""

    def __init__(self, path: Path) -> None:
        """Open it."""
        self._book = CalamineWorkbook.from_path(str(path))

    def table(self, title: str) -> Table:
        """A sheet with headings and a row of totals."""
        headings, *rows = self._book.get_sheet_by_name(title).to_python()
        named = [{str(key): shown(cell) for key, cell in zip(headings, row, strict=True)} for row in rows]
        return Table([row for row in named[:-1] if any(cell != "" for cell in row.values())], named[-1])

    def fact(self, label: str) -> str:
        """What the control sheet says beside a label."""
        rows = self._book.get_sheet_by_name("Control").to_python()
        return next(str(row[1]) for row in rows if row[0] == label)

    @property
    def checks(self) -> list[str]:
        """What the control sheet says of each figure and balance."""
        return [
            str(row[3])
            for row in self._book.get_sheet_by_name("Control").to_python()
            if row[3] not in ("", "Check")
        ]


def shown(cell: Cell) -> Cell:
    """A date as its ISO text."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else cell


def cents(cell: Cell) -> int:
    """An amount in dollars as cents, exactly; an empty cell is none."""
    exact = Decimal(str(cell or 0)) * 100
    assert exact == int(exact), cell
    return int(exact)


def whole(cell: Cell) -> int:
    """A whole number; an empty cell is none."""
    number = Decimal(str(cell or 0))
    assert number == int(number), cell
    return int(number)


def page_text(path: Path) -> str:
    """What stands on the pages of a PDF."""
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def dollars(amount: int) -> str:
    """Cents as pages show them."""
    sign = "-" if amount < 0 else ""
    return f"{sign}${abs(amount) // 100:,}.{abs(amount) % 100:02}"
