"""A workbook from a profile: tables with filters and totals, and a control sheet that checks them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo

from casemgr.core.sources import ROW_TYPES
from casemgr.documents.cells import (
    RENDERERS,
    blank_cell,
    count_lines,
    formula_cell,
    row_xml,
    text_cell,
    to_fill,
)
from casemgr.documents.control import Checks, Tally, control_rows, set_up_control
from casemgr.documents.files import new_file
from casemgr.documents.looks import Looks, set_up_page
from casemgr.documents.package import LAST_ROW, write_package, written_digest
from casemgr.errors import NotWritten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from casemgr.core.month import ControlSheet
    from casemgr.core.profiles import Column, Profile, Sheet
    from casemgr.documents.cells import Render

PROGRESS_EVERY = 500
"""How many rows go by between two reports of progress."""
FILTER_BUTTON = 3
"""The width of what Excel lays over the right end of a table's heading, in characters."""


@dataclass(frozen=True)
class WrittenWorkbook:
    """What was written."""

    sha256: str
    rows: Mapping[str, int]
    """Rows of each sheet by its id."""
    differing: tuple[str, ...]
    """Labels of the figures that do not agree with the log, or between sheets; empty in a sound workbook."""


def write_workbook(
    path: Path,
    profile: Profile,
    sources: Mapping[str, Iterable[tuple[Any, ...]]],
    control: ControlSheet,
    *,
    made_at: datetime,
    progress: Callable[[int], None] | None = None,
    overwrite: bool = False,
) -> WrittenWorkbook:
    """Write a workbook to a file of its own; see fill_workbook.

    Args:
        path: the file; its folder must exist.
        profile: sheets and columns.
        sources: see fill_workbook.
        control: what the control sheet states.
        made_at: see fill_workbook.
        progress: see fill_workbook.
        overwrite: whether a file of that name may be replaced.

    Raises:
        NotWritten: see `casemgr.documents.files.new_file`; also for more rows than a sheet can have.
    """
    with new_file(path, overwrite=overwrite) as file:
        return fill_workbook(file, profile, sources, control, made_at=made_at, progress=progress)


def fill_workbook(
    file: IO[bytes],
    profile: Profile,
    sources: Mapping[str, Iterable[tuple[Any, ...]]],
    control: ControlSheet,
    *,
    made_at: datetime,
    progress: Callable[[int], None] | None = None,
) -> WrittenWorkbook:
    """Write a workbook into an open file; the same arguments give the same bytes.

    Args:
        file: an empty file that can be sought in.
        profile: sheets and columns.
        sources: for each source that the profile names, its rows as ROW_TYPES says; each is gone through
            once, in the order of the sheets, and never held in memory.
        control: what the control sheet states.
        made_at: an aware datetime that stands for the present: when the record was last changed.
        progress: told how many rows are written, every PROGRESS_EVERY rows and at the end.

    Raises:
        NotWritten: there are more rows than a sheet can have.
    """
    workbook = Workbook()
    workbook.properties.title = f"{profile.title}, {control.period}"
    worksheets = [workbook.worksheets[0], *(workbook.create_sheet() for _ in profile.sheets)]
    looks = Looks(worksheets[0])
    tallies = [Tally(sheet, sums=dict.fromkeys((c.key for c in sheet.sums), 0)) for sheet in profile.sheets]
    differing: list[str] = []

    def report() -> None:
        if progress:
            progress(sum(tally.rows for tally in tallies))

    def rows_of_control() -> Iterator[str]:
        checks = Checks(profile.control, tallies, control.figures)
        differing.extend(checks.differing)
        yield from control_rows(profile, control, checks, looks, made_at)

    rows: list[Iterator[str]] = []
    for worksheet, tally in zip(worksheets, tallies, strict=False):
        sheet = tally.sheet
        _set_up(worksheet, profile, control, sheet.title, landscape=sheet.landscape, paper=sheet.paper)
        table = _add_table(worksheet, sheet)
        rows.append(_table_rows(sources[sheet.source], table, tally, looks, report))
    _set_up(worksheets[-1], profile, control, profile.control.title)
    set_up_control(worksheets[-1])
    rows.append(rows_of_control())

    write_package(file, workbook, rows, made_at)
    digest = written_digest(file)
    report()
    return WrittenWorkbook(digest, {t.sheet.id: t.rows for t in tallies}, tuple(differing))


def _set_up(
    worksheet: Worksheet,
    profile: Profile,
    control: ControlSheet,
    title: str,
    *,
    landscape: bool = False,
    paper: str = "letter",
) -> None:
    worksheet.title = title
    set_up_page(
        worksheet,
        left=control.practice,
        center=f"{profile.title}: {title}",
        right=control.period,
        foot=f"casemgr {control.witness.short}",
        landscape=landscape,
        paper=paper,
    )


def _add_table(worksheet: Worksheet, sheet: Sheet) -> Table:
    """The table with its columns, widths and panes; its range is set when its last row is written."""
    for index, column in enumerate(sheet.columns, 1):
        worksheet.column_dimensions[get_column_letter(index)].width = column.width
        if column.choices:
            words = DataValidation("list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
            words.errorTitle, words.error = "No such word", "Choose one of the list."
            words.showErrorMessage = True
            letter = get_column_letter(index)
            words.add(f"{letter}2:{letter}{LAST_ROW}")
            worksheet.add_data_validation(words)
    worksheet.freeze_panes = f"{get_column_letter(sheet.freeze + 1)}2"
    worksheet.print_title_rows = "1:1"
    table = Table(displayName=f"{sheet.id}_table", ref="A1:A2", totalsRowCount=1)
    table.tableColumns = [
        TableColumn(
            id=index,
            name=column.heading,
            totalsRowFunction="sum" if column.total == "sum" else None,
            totalsRowLabel="Total" if _says_total(index, column) else None,
        )
        for index, column in enumerate(sheet.columns, 1)
    ]
    table.tableStyleInfo = TableStyleInfo("TableStyleLight1", showRowStripes=False)
    worksheet.add_table(table)
    return table


def _table_rows(
    source: Iterable[tuple[Any, ...]], table: Table, tally: Tally, looks: Looks, report: Callable[[], None]
) -> Iterator[str]:
    """The XML of a sheet's rows: headings, data, totals."""
    columns = tally.sheet.columns
    letters = [get_column_letter(index) for index in range(1, len(columns) + 1)]
    field_names = ROW_TYPES[tally.sheet.source]._fields
    places = [field_names.index(column.key) for column in columns]
    headings = [
        text_cell(letter, looks.heading(column.format, filtered=True))(column.heading, 1)
        for letter, column in zip(letters, columns, strict=True)
    ]
    yield row_xml(1, headings, max(count_lines(c.heading, c.width - FILTER_BUTTON) for c in columns))

    cells = [
        (place, _renderer(letter, column, looks))
        for place, letter, column in zip(places, letters, columns, strict=True)
    ]
    sums = tally.sums
    summed = [
        (column.key, place) for place, column in zip(places, columns, strict=True) if column.key in sums
    ]
    wrapped = [(place, column.width) for place, column in zip(places, columns, strict=True) if column.wrap]
    for number, row in enumerate(source, 2):
        if number >= LAST_ROW:
            raise _too_many(tally.sheet)
        lines = max([count_lines(row[place], width) for place, width in wrapped], default=1)
        yield row_xml(number, [render(row[place], number) for place, render in cells], lines)
        for key, place in summed:
            sums[key] += row[place] or 0
        tally.rows += 1
        tally.named += row[places[0]] not in (None, "")
        if not tally.rows % PROGRESS_EVERY:
            report()

    if not tally.rows:
        yield row_xml(2, (blank_cell(f"{letter}2", looks.body("text")) for letter in letters))
    last = tally.last_row
    yield row_xml(last + 1, _totals(table, tally, letters, looks))
    table.ref = f"A1:{letters[-1]}{last + 1}"
    table.autoFilter = AutoFilter(ref=f"A1:{letters[-1]}{last}")


def _renderer(letter: str, column: Column, looks: Looks) -> Render:
    """What makes the cells of a column below its heading."""
    render = RENDERERS[column.format](letter, looks.body(column.format, wrap=column.wrap))
    if column.fill_in:
        return to_fill(letter, looks.blank(column.format, wrap=column.wrap), render)
    return render


def _totals(table: Table, tally: Tally, letters: list[str], looks: Looks) -> Iterator[str]:
    """The row of totals: formulas over the rows that the filter leaves in sight, stored with their values."""
    number = tally.last_row + 1
    for index, (letter, column) in enumerate(zip(letters, tally.sheet.columns, strict=True), 1):
        style = looks.total("money" if column.in_cents else column.format)
        if column.total == "sum":
            formula = f"SUBTOTAL(109,{table.displayName}[{_escaped(column.heading)}])"
            total = tally.sums[column.key]
            yield formula_cell(f"{letter}{number}", style, formula, total, money=column.in_cents)
        elif _says_total(index, column):
            yield text_cell(letter, style)("Total", number)
        else:
            yield blank_cell(f"{letter}{number}", style)


def _says_total(index: int, column: Column) -> bool:
    return index == 1 and column.total != "sum"


def _escaped(heading: str) -> str:
    """A heading inside a structured reference, where an apostrophe marks special characters."""
    return "".join(f"'{character}" if character in "[]#'@" else character for character in heading)


def _too_many(sheet: Sheet) -> NotWritten:
    return NotWritten(
        f"“{sheet.title}” has more rows than Excel holds",
        f"A sheet holds {LAST_ROW - 2:,} rows. Nothing was written; what was there before is unchanged.",
        "Export a shorter period, or narrow it to some patients or staff.",
    )
