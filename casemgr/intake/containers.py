"""What a workbook file is packed in, looked at before the reader gets it: that may abort on hostile bytes."""

from __future__ import annotations

import re
import struct
import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from casemgr.core.wording import CREATOR, TO_MEND
from casemgr.errors import InputRefused

MAX_UNPACKED_BYTES = 1024 * 1024 * 1024
"""What a zipped workbook may unpack to, so that a small file cannot fill the memory."""
MAX_CELLS = 20_000_000
"""A sheet's used area: the reader holds the whole rectangle between its outermost filled cells."""

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FILEPASS = re.compile(rb"\x09\x08\x10\x00.{16}\x2f\x00", re.DOTALL)
"""In xls, the record that begins a stream (BOF), followed by the one that says it is encrypted."""
_HEAD_BYTES = 4096
_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_LAST_ROW = re.compile(rb'<row (?:[^>]*? )?r="(\d{1,7})"')
_THREE_LETTERS = re.compile(rb' r="[A-Z]{3}')
_TWO_LETTER_COLUMNS = 702
_FILLED_CELL = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3})(\d{1,7})"[^>]*[^/]>')


def is_container(data: bytes) -> bool:
    """Whether the bytes begin like a zipped (xlsx, xlsb, ods) or compound (xls, protected xlsx) file."""
    return data.startswith((_ZIP, _OLE))


def check_container(name: str, data: bytes, *, own: bool = False) -> None:
    """Refuse what is no workbook, protected, damaged, or would unpack beyond the bounds.

    Args:
        name: the file's.
        data: its bytes.
        own: whether a workbook that casemgr exported is taken.

    Raises:
        InputRefused: with which of these it is and what to do.
    """
    if data.startswith(_ZIP):
        _check_zip(name, data, own)
    elif _utf16("EncryptedPackage") in data or _FILEPASS.search(data):
        raise protected(name)
    elif _utf16("Workbook") not in data and _utf16("Book") not in data:
        raise not_a_table(name)


def protected(name: str) -> InputRefused:
    """The error for a file that asks for a password."""
    return InputRefused(
        f"{name} is protected by a password",
        "casemgr cannot open it.",
        "Open it in Excel, save a copy without the password, and import the copy.",
    )


def damaged(name: str, particulars: str) -> InputRefused:
    """The error for a workbook that the reader cannot follow."""
    return InputRefused(
        f"{name} is damaged",
        f"It looks like a workbook but cannot be read to its end ({particulars}).",
        "Open it in Excel, let Excel repair it, save it under another name and import that.",
    )


def not_a_table(
    name: str, particulars: str = "It is neither a workbook nor a text file with columns."
) -> InputRefused:
    """The error for a file of another kind."""
    return InputRefused(
        f"{name} is not a table file",
        particulars,
        "Save it as an Excel workbook (xlsx, xls), an OpenDocument sheet (ods) or csv.",
    )


def too_big(name: str, particulars: str) -> InputRefused:
    """The error for a table beyond the bounds."""
    return InputRefused(f"{name} is too big", particulars, "Split it, for instance by month.")


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def _refuse_our_own(name: str, properties: bytes) -> None:
    """What we exported is in the log already; only rejected rows come back, mended."""
    if f">{CREATOR}</".encode() in properties and TO_MEND.encode() not in properties:
        raise InputRefused(
            f"{name} is a workbook that casemgr made",
            "Its rows are in the log already: taken in, they would count twice.",
            "Change the log itself with `casemgr activity amend`; import only files of other making, and "
            "workbooks of rejected rows. What billing filled in comes in with `casemgr import billing`.",
        )


def _check_zip(name: str, data: bytes, own: bool) -> None:
    try:
        with ZipFile(BytesIO(data)) as package:
            members = {member.filename: member for member in package.infolist()}
            if any(member.flag_bits & 1 for member in members.values()):
                raise protected(name)
            if sum(member.file_size for member in members.values()) > MAX_UNPACKED_BYTES:
                raise too_big(name, f"It unpacks to more than {MAX_UNPACKED_BYTES >> 20} MB.")
            lowered = {member.lower() for member in members}
            if "content.xml" in lowered and "mimetype" in lowered:
                if b"spreadsheet" not in package.read("mimetype"):
                    raise not_a_table(name)
                if "META-INF/manifest.xml" in members and b"encryption-data" in package.read(
                    "META-INF/manifest.xml"
                ):
                    raise protected(name)
            elif not lowered & {"xl/workbook.xml", "xl/workbook.bin"}:
                raise not_a_table(name)
            for member in members:
                if _SHEET_PART.fullmatch(member):
                    _check_extent(name, package, member)
            if "docProps/core.xml" in members and not own:
                _refuse_our_own(name, package.read("docProps/core.xml"))
    # The zip reader lets through what its own parts raise on broken bytes.
    except (
        BadZipFile,
        OSError,
        EOFError,
        ValueError,
        NotImplementedError,
        zlib.error,
        struct.error,
    ) as fault:
        raise damaged(name, str(fault)) from None


def _check_extent(name: str, package: ZipFile, member: str) -> None:
    """Refuse a sheet whose outermost filled cells are too far apart; what is likely fine is told cheaply."""
    with package.open(member) as part:
        head = part.read(_HEAD_BYTES)
        if (said := _DIMENSION.search(head)) and _area(said[1], said[3], said[2], said[4]) <= MAX_CELLS:
            return
        text = head + part.read()
    last_row = _LAST_ROW.match(text, max(text.rfind(b"<row "), 0))
    if last_row and int(last_row[1]) * _TWO_LETTER_COLUMNS <= MAX_CELLS and not _THREE_LETTERS.search(text):
        return
    # Programs count formatted blank cells in the dimension, or leave it out: only filled cells cost anything.
    columns: set[bytes] = set()
    rows: set[bytes] = set()
    for cell in _FILLED_CELL.finditer(text):
        columns.add(cell[1])
        rows.add(cell[2])
    if rows:
        lowest, highest = min(columns, key=_column), max(columns, key=_column)
        if _area(lowest, highest, min(rows, key=int), max(rows, key=int)) > MAX_CELLS:
            raise too_big(
                name, f"Cells of it are so far apart that more than {MAX_CELLS:,} lie between them."
            )


def _area(left: bytes, right: bytes, top: bytes, bottom: bytes) -> int:
    return (_column(right) - _column(left) + 1) * (int(bottom) - int(top) + 1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
