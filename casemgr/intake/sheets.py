"""The sheets of a file that are such tables as they are read for, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from casemgr.intake.cells import cell_text
from casemgr.intake.headings import Headings, check_mapping, find_headings, no_headings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from casemgr.intake.tables import Cell, Table, TableFile
    from casemgr.intake.vocabulary import Vocabulary


class Origin(NamedTuple):
    """Where a row stands: the sheet's name, and the row's number as the spreadsheet program shows it."""

    sheet: str
    row: int


class SkippedSheet(NamedTuple):
    """A sheet that was left alone, since it is no such table."""

    sheet: str
    rows: int
    """How many of its rows hold anything."""
    missing: tuple[tuple[str, ...], ...]
    """Groups of columns of which it has none."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with its columns known."""

    table: Table
    headings: Headings

    @property
    def name(self) -> str:
        """The sheet's name."""
        return self.table.sheet

    @property
    def titles(self) -> list[list[Cell]]:
        """The rows above the headings, blank ones too."""
        return self.table.rows[: self.headings.index]

    @property
    def title_texts(self) -> list[str]:
        """The texts above the headings, row by row."""
        return [text for row in self.titles for cell in row if (text := cell_text(cell))]

    @property
    def heading_row(self) -> list[Cell]:
        """The row of the headings."""
        return self.table.rows[self.headings.index]

    def rows(self) -> Iterator[tuple[Origin, list[Cell]]]:
        """The rows below the headings that hold anything at all."""
        start = self.headings.index + 1
        number = self.table.first_row + start
        for row in self.table.rows[start:]:
            if not is_blank(row):
                yield Origin(self.table.sheet, number), row
            number += 1

    def repeats_headings(self, row: list[Cell]) -> bool:
        """Whether a row is the headings once more, as on each page of a printed log."""
        heading_row, width = self.heading_row, len(row)
        for index in self.headings.columns.values():
            if index >= width or row[index] != heading_row[index]:
                return False
        return True


def cells_of(row: list[Cell], columns: Mapping[str, int]) -> dict[str, Cell]:
    """A row's cells by column name; a short row has blanks at its end."""
    width = len(row)
    return {name: row[index] if index < width else None for name, index in columns.items()}


def written_digest(cells: Mapping[str, Cell], owner: str = "") -> str:
    """SHA-256 over a row as written, without what casemgr wrote beside it; `owner` is whose sheet it is."""
    said = (
        f"{name}={cell_text(cell)}"
        for name, cell in sorted(cells.items())
        if name not in ("mends", "because")
    )
    return sha256("\x1f".join((owner, *said)).encode()).hexdigest()


def is_blank(row: list[Cell]) -> bool:
    """Whether no cell of a row holds anything that can be seen."""
    for cell in row:  # noqa: SIM110
        if cell is not None and cell != "" and cell_text(cell):
            return False
    return True


def read_sheets(
    file: TableFile, vocabulary: Vocabulary, mapping: Mapping[str, str] | None = None
) -> tuple[tuple[Sheet, ...], tuple[SkippedSheet, ...]]:
    """The sheets of a file that have the columns needed, and those that were left alone.

    Args:
        file: what was read.
        vocabulary: what practices call the columns.
        mapping: column to heading, as told by `--map`.

    Raises:
        InputRefused: no sheet has them, or a mapped heading stands in none.
    """
    check_mapping(file.name, file.tables, mapping or {})
    sheets: list[Sheet] = []
    others = []
    for table in file.tables:
        found = find_headings(table, vocabulary, mapping)
        if isinstance(found, Headings):
            sheets.append(Sheet(table, found))
        else:
            others.append((table, found))
    if not sheets:
        raise no_headings(file.name, [(table.sheet, found) for table, found in others], vocabulary)
    skipped = (
        SkippedSheet(table.sheet, sum(not is_blank(row) for row in table.rows), found.missing)
        for table, found in others
    )
    return tuple(sheets), tuple(sheet for sheet in skipped if sheet.rows)
