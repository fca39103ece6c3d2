"""Rows that an import refused, as a workbook of the same shape with the reasons beside them, to be mended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from casemgr.core.profiles import BARRED_IN_TITLE, MAX_TITLE
from casemgr.core.text import fold, tidy
from casemgr.core.wording import TO_MEND
from casemgr.documents.cells import BY_TYPE, blank_cell, count_lines, row_xml, text_cell
from casemgr.documents.files import new_file
from casemgr.documents.looks import Looks, set_up_page
from casemgr.documents.package import write_package, written_digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

REASON_HEADING = "Rejected because"
ORIGIN_HEADING = "casemgr row"
"""By this column a mended row is known as the one that was rejected; schema/intake/ has both headings."""

Value: TypeAlias = str | int | float | bool | date | datetime | time | timedelta | None
"""What a cell of a practice's own file holds; None and empty text are blank."""

REASON_WIDTH, ORIGIN_WIDTH = 56, 34
NARROWEST, WIDEST = 9, 44
"""Column widths in characters."""


class RejectedCells(NamedTuple):
    """A row that was refused."""

    cells: Sequence[Value]
    """As they were read, in the columns of the headings."""
    reason: str
    origin: str
    """Where it stood, such as `log-2026-09.xlsx|Tam Chen|87`."""
    column: int | None
    """Index of the cell that is wrong, or None where no single one is."""


@dataclass(frozen=True)
class RejectsSheet:
    """A sheet of the practice's own file, with only the rows that were refused."""

    name: str
    titles: Sequence[Sequence[Value]]
    """The rows above the headings; they say whose log it is and which month's."""
    headings: Sequence[Value]
    rows: Sequence[RejectedCells]


def write_rejects(
    path: Path, sheets: Sequence[RejectsSheet], *, made_at: datetime, overwrite: bool = False
) -> str:
    """Write the rows to be mended; sheets without any are left out.

    Args:
        path: the file; its folder must exist.
        sheets: with values in the types in which they were read.
        made_at: an aware datetime that stands for the present, such as when the import was made.
        overwrite: whether a file of that name may be replaced.

    Returns:
        The file's SHA-256 as hex digits.

    Raises:
        NotWritten: see `casemgr.documents.files.new_file`.
    """
    workbook = Workbook()
    workbook.properties.title = TO_MEND
    shown = [_without_marks(sheet) for sheet in sheets if sheet.rows]
    worksheets = [*workbook.worksheets, *(workbook.create_sheet() for _ in shown[1:])]
    looks = Looks(worksheets[0])
    for worksheet, sheet in zip(worksheets, shown, strict=True):
        _set_up(worksheet, sheet, [other.title for other in worksheets])
    with new_file(path, overwrite=overwrite) as file:
        write_package(file, workbook, [_rows(sheet, looks) for sheet in shown], made_at)
        return written_digest(file)


def _set_up(worksheet: Worksheet, sheet: RejectsSheet, taken: Sequence[str]) -> None:
    worksheet.title = _free_title(sheet.name, taken)
    widths = [*_widths(sheet), REASON_WIDTH, ORIGIN_WIDTH]
    for index, width in enumerate(widths, 1):
        worksheet.column_dimensions[get_column_letter(index)].width = width
    heading_row = len(sheet.titles) + 1
    worksheet.freeze_panes = f"A{heading_row + 1}"
    worksheet.print_title_rows = f"{heading_row}:{heading_row}"
    set_up_page(
        worksheet,
        left=TO_MEND,
        center=worksheet.title,
        right=f"{len(sheet.rows)} to mend",
        foot="casemgr",
        landscape=True,
    )


def _rows(sheet: RejectsSheet, looks: Looks) -> Iterator[str]:
    """The XML of a sheet's rows: titles, headings, refused rows."""
    for number, title in enumerate(sheet.titles, 1):
        yield row_xml(number, _plain_cells(title, number, looks))
    number = len(sheet.titles) + 1
    width = _width(sheet)
    reason, origin = get_column_letter(width + 1), get_column_letter(width + 2)
    heading = looks.heading()
    cells = [
        _cell(get_column_letter(index), heading, value, number)
        for index, value in enumerate(sheet.headings, 1)
    ]
    for letter, text in ((reason, REASON_HEADING), (origin, ORIGIN_HEADING)):
        cells.append(text_cell(letter, heading)(text, number))
    yield row_xml(number, cells)
    say_why, say_where = text_cell(reason, looks.reason()), text_cell(origin, looks.origin())
    for number, row in enumerate(sheet.rows, len(sheet.titles) + 2):
        cells = _table_cells(row, width, number, looks)
        cells += [say_why(row.reason, number), say_where(row.origin, number)]
        yield row_xml(number, cells, count_lines(row.reason, REASON_WIDTH))


def _table_cells(row: RejectedCells, width: int, number: int, looks: Looks) -> list[str]:
    """A refused row's own cells, the one that is wrong marked."""
    cells = []
    for index in range(width):
        value = row.cells[index] if index < len(row.cells) else None
        kind = BY_TYPE[type(value)][0] if value is not None else "text"
        cells.append(
            _cell(get_column_letter(index + 1), looks.body(kind, marked=index == row.column), value, number)
        )
    return cells


def _plain_cells(values: Sequence[Value], number: int, looks: Looks) -> Iterator[str]:
    for index, value in enumerate(values, 1):
        if value not in (None, ""):
            yield _cell(get_column_letter(index), looks.plain(BY_TYPE[type(value)][0]), value, number)


def _cell(letter: str, style: int, value: Value, number: int) -> str:
    if value is None:
        return blank_cell(f"{letter}{number}", style)
    return BY_TYPE[type(value)][1](letter, style)(value, number)


def _without_marks(sheet: RejectsSheet) -> RejectsSheet:
    """The sheet without the columns that an earlier run of ours wrote, which are written anew."""
    ours = {fold(REASON_HEADING), fold(ORIGIN_HEADING)}
    kept = [
        i
        for i, heading in enumerate(sheet.headings)
        if not (isinstance(heading, str) and fold(heading) in ours)
    ]
    if len(kept) == len(sheet.headings):
        return sheet
    rows = [
        row._replace(
            cells=[row.cells[i] for i in kept if i < len(row.cells)],
            column=kept.index(row.column) if row.column in kept else None,
        )
        for row in sheet.rows
    ]
    return RejectsSheet(sheet.name, sheet.titles, [sheet.headings[i] for i in kept], rows)


def _width(sheet: RejectsSheet) -> int:
    """The number of the practice's own columns."""
    return max(len(sheet.headings), *(len(row.cells) for row in sheet.rows))


def _widths(sheet: RejectsSheet) -> Iterator[float]:
    """A width for each of the practice's own columns, by what stands in it."""
    lines = [sheet.headings, *(row.cells for row in sheet.rows)]
    for index in range(_width(sheet)):
        longest = max(_length(line[index]) for line in lines if index < len(line))
        yield min(WIDEST, max(NARROWEST, longest + 1))


def _length(value: Value) -> int:
    """About how many characters a value shows."""
    return len(value) if isinstance(value, str) else 10 if value is not None else 0


def _free_title(name: str, taken: Sequence[str]) -> str:
    """A sheet's name as Excel takes it, which not every file's names are, and no other sheet's."""
    plain = (
        "".join("-" if character in BARRED_IN_TITLE else character for character in tidy(name)).strip("' ")
        or "Sheet"
    )
    # Excel keeps this one for itself.
    used = {"history", *(title.casefold() for title in taken)}
    title, count = plain[:MAX_TITLE], 1
    while title.casefold() in used:
        count += 1
        ending = f" ({count})"
        title = plain[: MAX_TITLE - len(ending)] + ending
    return title
