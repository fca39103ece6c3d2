"""The few forms of formula that our workbooks use, worked out from the cells that openpyxl reads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from openpyxl.utils import range_boundaries

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

Value = float | int | str

_TABLE = re.compile(r"SUBTOTAL\(109,(\w+)\[((?:'.|[^\]'])+)\]\)")
_SUM = re.compile(r"(SUM|COUNTA|ROWS)\('((?:''|[^'])+)'!([$A-Z0-9:]+)\)")
_EQUAL = re.compile(r'IF\(ROUND\(([A-Z]+\d+)-([A-Z]+\d+),(\d)\)=0,"(.*)","(.*)"\)')
_VERDICT = re.compile(r'IF\(COUNTIF\(\$([A-Z]):\$[A-Z],"(\w+)"\)>0,"(.*)","(.*)"\)')


def value_of(workbook: Workbook, sheet: Worksheet, cell: str) -> Value:
    """The value of a cell, calculated where it holds a formula."""
    held = sheet[cell].value
    return calculate(workbook, sheet, held[1:]) if sheet[cell].data_type == "f" else held


def calculate(workbook: Workbook, sheet: Worksheet, formula: str) -> Value:
    """What a formula on a sheet gives."""
    if found := _VERDICT.fullmatch(formula):
        letter, word, bad, good = found.groups()
        verdicts = [value_of(workbook, sheet, f"{letter}{row}") for row in range(3, sheet.max_row + 1)]
        return bad if word in verdicts else good
    if found := _EQUAL.fullmatch(formula):
        left, right, places, same, other = found.groups()
        gap = float(value_of(workbook, sheet, left)) - float(value_of(workbook, sheet, right))
        return same if round(gap, int(places)) == 0 else other
    if found := _TABLE.fullmatch(formula):
        return _table_sum(sheet, *found.groups())
    parts = [_SUM.fullmatch(part) for part in re.split(r"\+(?=SUM|COUNTA|ROWS)", formula)]
    assert all(parts), f"no such form: {formula}"
    return sum(_range(workbook, *part.groups()) for part in parts if part)


def _range(workbook: Workbook, function: str, title: str, cells: str) -> float:
    sheet = workbook[title.replace("''", "'")]
    values = [cell.value for row in sheet[cells.replace("$", "")] for cell in row]
    if function == "ROWS":
        return len(values)
    if function == "COUNTA":
        return sum(value is not None for value in values)
    return sum(value for value in values if isinstance(value, int | float))


def _table_sum(sheet: Worksheet, name: str, heading: str) -> float:
    """A sum over a table's column, without its heading and its row of totals."""
    table = sheet.tables[name]
    left, top, _, bottom = range_boundaries(table.ref)
    assert left and top and bottom
    column = left + table.column_names.index(re.sub("'(.)", r"\1", heading))
    values = [sheet.cell(row, column).value for row in range(top + 1, bottom)]
    return sum(value for value in values if isinstance(value, int | float))
