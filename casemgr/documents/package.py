"""The xlsx package: openpyxl makes every part but the rows, which stream into the archive one by one.

Nothing of a patient passes through a temporary folder, and memory does not grow with the number of rows.
"""

from __future__ import annotations

import re
from hashlib import sha256
from io import BytesIO
from itertools import islice
from typing import IO, TYPE_CHECKING
from zipfile import ZipFile

from openpyxl.cell import Cell
from openpyxl.styles.stylesheet import write_stylesheet
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.functions import tostring

from casemgr.core.wording import CREATOR
from casemgr.documents.zipped import zip_member

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, PatternFill
    from openpyxl.worksheet.worksheet import Worksheet

BATCH = 64
"""Rows that go to the archive at once."""
LAST_ROW = 1_048_576
"""The number of rows that a sheet can have."""

_STYLES, _TABLES = "xl/styles.xml", "xl/tables/"
"""Parts that are only known when the last row is made."""
_ROWS_GO_HERE = re.compile(rb"<sheetData\s*/>|<sheetData></sheetData>")
_DIMENSION = re.compile(rb"<dimension [^>]*/>")
_TEXT_IS_MEANT = (
    b'<ignoredErrors><ignoredError sqref="A1:XFD1048576" numberStoredAsText="1" /></ignoredErrors>'
)
"""Keeps Excel from marking every chart number as a number that was mistaken for text."""


def write_package(
    file: IO[bytes], workbook: Workbook, rows: Sequence[Iterable[str]], made_at: datetime
) -> None:
    """Write a workbook whose sheets get their rows from elsewhere.

    Args:
        file: an empty file that can be sought in.
        workbook: with sheets that have no cells; it may get styles, and its tables their range, until the
            last row is made.
        rows: for each sheet in order, the XML of its rows; they are made sheet after sheet.
        made_at: an aware datetime that the archive and the properties state instead of the present time.
    """
    workbook.properties.creator = CREATOR
    workbook.properties.created = workbook.properties.modified = made_at.replace(microsecond=0)
    parts = _parts(workbook)
    sheets = {sheet.path.lstrip("/"): xml for sheet, xml in zip(workbook.worksheets, rows, strict=True)}
    with ZipFile(file, "w") as archive:
        for name, content in parts.items():
            if name not in sheets and name != _STYLES and not name.startswith(_TABLES):
                archive.writestr(zip_member(name, made_at), content)
        for name, xml in sheets.items():
            head, tail = _around_rows(parts[name])
            with archive.open(zip_member(name, made_at), "w") as out:
                out.write(head)
                rest = iter(xml)
                while batch := "".join(islice(rest, BATCH)):
                    out.write(batch.encode())
                out.write(tail)
        archive.writestr(zip_member(_STYLES, made_at), tostring(write_stylesheet(workbook)))
        for sheet in workbook.worksheets:
            for table in sheet.tables.values():
                archive.writestr(zip_member(table.path.lstrip("/"), made_at), tostring(table.to_tree()))


def written_digest(file: IO[bytes]) -> str:
    """SHA-256 of a file that has just been written, as hex digits."""
    file.seek(0)
    digest = sha256()
    while block := file.read(1 << 16):
        digest.update(block)
    return digest.hexdigest()


def style_id(
    sheet: Worksheet,
    number_format: str = "General",
    font: Font | None = None,
    fill: PatternFill | None = None,
    border: Border | None = None,
    alignment: Alignment | None = None,
) -> int:
    """The number by which the cells of a workbook name a style, which is added where it is new."""
    cell = Cell(sheet, row=1, column=1)
    cell.number_format = number_format
    if font:
        cell.font = font
    if fill:
        cell.fill = fill
    if border:
        cell.border = border
    if alignment:
        cell.alignment = alignment
    return cell.style_id


def _parts(workbook: Workbook) -> dict[str, bytes]:
    """Every part of the package as openpyxl makes it, the list of content types first."""
    buffer = BytesIO()
    ExcelWriter(workbook, ZipFile(buffer, "w")).save()
    with ZipFile(buffer) as archive:
        return {name: archive.read(name) for name in sorted(archive.namelist())}


def _around_rows(part: bytes) -> tuple[bytes, bytes]:
    """What stands before and after the rows in the part of an empty worksheet."""
    head, tail = _ROWS_GO_HERE.split(part)
    before, mark, after = tail.partition(b"<tableParts")
    if not mark:
        before, mark, after = tail.partition(b"</worksheet>")
    return _DIMENSION.sub(
        b"", head
    ) + b"<sheetData>", b"</sheetData>" + before + _TEXT_IS_MEANT + mark + after
