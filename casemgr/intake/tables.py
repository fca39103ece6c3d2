"""A practice's own file as plain tables of cells, whatever its format: xlsx, xls, xlsb, ods, csv, tsv, txt.

What a file is, is told by its bytes; the name's ending is not believed, since exports may carry a wrong one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING, cast

from casemgr.errors import InputRefused
from casemgr.intake.apart import Protected, read_sheets, sheets_apart
from casemgr.intake.containers import (
    check_container,
    check_extent,
    damaged,
    is_binary,
    is_container,
    protected,
)
from casemgr.intake.delimited import read_delimited
from casemgr.intake.files import read_bytes
from casemgr.intake.unpacking import Extent

if TYPE_CHECKING:
    from pathlib import Path

Cell = str | int | float | bool | date | datetime | time | timedelta | None
"""A cell's value; `""` and None are blank."""

MAX_FILE_BYTES = 50 * 1024 * 1024
"""A bigger file is refused before it is read."""


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet, or the whole of a csv file.

    Attributes:
        sheet: the sheet's name; the file's name without its ending for csv.
        rows: the cells from the first used row and column on.
        first_row: number, as the spreadsheet program shows it, of `rows[0]`.
    """

    sheet: str
    rows: list[list[Cell]]
    first_row: int = 1


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file that was read.

    Attributes:
        name: file name without its folder.
        sha256: of the bytes that were read.
        tables: every sheet in the file's order, hidden ones too; sheets without any cell are left out.
        encoding: of a text file, such as `utf-8` or `cp1252`; empty for workbooks.
        delimiter: of a text file; empty for workbooks.
    """

    name: str
    sha256: str
    tables: tuple[Table, ...]
    encoding: str = ""
    delimiter: str = ""


def read_tables(path: Path, *, own: bool = False) -> TableFile:
    """Read a table file whole.

    Args:
        path: the file.
        own: whether a workbook that casemgr exported is taken.

    Raises:
        NotFound: there is no such file.
        InputRefused: it cannot be read, is no table file, damaged, protected by a password, empty or too big.
    """
    data = read_bytes(path, MAX_FILE_BYTES, "Split it, for instance by month.")
    return tables_in(path.name, data, own=own)


def tables_in(name: str, data: bytes, *, own: bool = False) -> TableFile:
    """The tables in a file's bytes; `name` is the file's, and `own` as for `read_tables`.

    Raises:
        InputRefused: it is no table file, damaged, protected by a password or empty.
    """
    digest = hashlib.sha256(data).hexdigest()
    if is_container(data):
        check_container(name, data, own=own)
        found = TableFile(name, digest, _workbook_tables(name, data))
    else:
        text = read_delimited(name, data)
        rows = cast("list[list[Cell]]", text.rows)
        found = TableFile(name, digest, (Table(PurePath(name).stem, rows),), text.encoding, text.delimiter)
    if not any(cell not in ("", None) for table in found.tables for row in table.rows for cell in row):
        raise InputRefused(
            f"{name} is empty",
            "No cell of it holds anything.",
            "Check that this is the file that you meant.",
        )
    return found


def _workbook_tables(name: str, data: bytes) -> tuple[Table, ...]:
    import python_calamine as calamine

    try:
        found = sheets_apart(data) if is_binary(data) else read_sheets(data)
        tables = tuple(Table(sheet, cast("list[list[Cell]]", rows), first) for sheet, first, rows in found)
    except (calamine.PasswordError, Protected):
        raise protected(name) from None
    except (KeyboardInterrupt, SystemExit):
        raise
    # A panic inside the reader arrives as a BaseException whose class cannot be imported.
    except BaseException as fault:
        raise damaged(name, str(fault)) from None
    for table in tables:
        width = len(table.rows[0]) if table.rows else 0
        check_extent(name, Extent(len(table.rows), width, 0))
    return tables
