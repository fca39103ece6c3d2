"""What a workbook file is packed in, looked at before the reader gets it: that may abort on hostile bytes."""

from __future__ import annotations

import re
import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile

from casemgr.core.wording import CREATOR, TO_MEND
from casemgr.errors import InputRefused
from casemgr.intake.unpacking import filled_extent, measured, ods_extents, pieces

if TYPE_CHECKING:
    from zipfile import ZipInfo

    from casemgr.intake.unpacking import Extent

MAX_UNPACKED_BYTES = 256 * 1024 * 1024
"""What a zipped workbook may unpack to, so that a small file cannot fill the memory."""
MAX_PARTS = 5_000
"""Files in a zipped workbook; each sheet and each picture is one."""
MAX_ROWS = 200_000
"""Rows of a sheet, or of a text file: a practice's log of twenty years."""
MAX_COLUMNS = 1_000
MAX_CELLS = 4_000_000
"""Cells of a file, and of a sheet's used area: the reader holds all between its outermost filled cells."""
MAX_MANIFEST_BYTES = 1 << 20
"""As much is read of the part that says what the others are."""

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY = b"PK\x01\x02"
"""Begins an entry in the directory of a zip."""
_UNPACKS_TO_TOO_MUCH = f"It unpacks to more than {MAX_UNPACKED_BYTES >> 20} MB."
_BINARY = "xl/workbook.bin"
_FILEPASS = re.compile(rb"\x09\x08\x10\x00.{16}\x2f\x00", re.DOTALL)
"""In xls, the record that begins a stream (BOF), followed by the one that says it is encrypted."""


def is_container(data: bytes) -> bool:
    """Whether the bytes begin like a zipped (xlsx, xlsb, ods) or compound (xls, protected xlsx) file."""
    return data.startswith((_ZIP, _OLE))


def is_binary(data: bytes) -> bool:
    """Whether a container that was checked holds one of Excel's binary formats (xls, xlsb)."""
    return data.startswith(_OLE) or _BINARY.encode() in data.lower()


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
    if data.count(_ENTRY) > MAX_PARTS:
        raise too_big(name, f"It holds more than {MAX_PARTS:,} files.")
    # The zip reader lets through what its own parts raise on broken bytes.
    try:
        with ZipFile(BytesIO(data)) as package:
            members = package.infolist()
            lowered = {member.filename.lower() for member in members}
            if len(lowered) < len(members):
                raise damaged(name, "two parts of it have the same name")
            if any(member.flag_bits & 1 for member in members):
                raise protected(name)
            if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
                raise too_big(name, _UNPACKS_TO_TOO_MUCH)
            _check_kind(name, package, lowered)
            _check_parts(name, data, members)
            if "docProps/core.xml" in package.NameToInfo and not own:
                _refuse_our_own(name, package.read("docProps/core.xml"))
    except (
        BadZipFile,
        OSError,
        EOFError,
        ValueError,
        NotImplementedError,
        ExpatError,
        zlib.error,
        struct.error,
    ) as fault:
        raise damaged(name, str(fault)) from None


def _check_kind(name: str, package: ZipFile, lowered: set[str]) -> None:
    """Refuse what is no workbook, and what is protected."""
    if "content.xml" not in lowered or "mimetype" not in lowered:
        if not lowered & {"xl/workbook.xml", _BINARY}:
            raise not_a_table(name)
        return
    if b"spreadsheet" not in _beginning(package, "mimetype"):
        raise not_a_table(name)
    if "META-INF/manifest.xml" in package.NameToInfo and b"encryption-data" in _beginning(
        package, "META-INF/manifest.xml"
    ):
        raise protected(name)


def _beginning(package: ZipFile, member: str) -> bytes:
    with package.open(member) as part:
        return part.read(MAX_MANIFEST_BYTES)


def _check_parts(name: str, data: bytes, members: list[ZipInfo]) -> None:
    """Refuse what unpacks to too much, and sheets whose outermost filled cells are too far apart."""
    left, cells = MAX_UNPACKED_BYTES, 0
    for member in members:
        part = measured(pieces(data, member), left, MAX_CELLS - cells)
        left -= part.size
        cells += part.cells
        if left < 0:
            raise too_big(name, _UNPACKS_TO_TOO_MUCH)
        if cells > MAX_CELLS:
            raise too_big(name, f"It has more than {MAX_CELLS:,} cells.")
        if part.size != member.file_size:
            raise damaged(name, "a part of it has another size than it states")
        if part.entities:
            raise damaged(name, "it defines entities, which no spreadsheet program does")
        # Programs count formatted blank cells too, as far out as they like: only filled cells cost anything.
        if member.filename.lower() == "content.xml":
            extents = ods_extents(pieces(data, member))
        elif _fits(part.extent):
            continue
        else:
            extents = [filled_extent(pieces(data, member))]
        for extent in extents:
            check_extent(name, extent)


def _fits(extent: Extent) -> bool:
    return extent.last_row <= MAX_ROWS and extent.columns <= MAX_COLUMNS and extent.area <= MAX_CELLS


def check_extent(name: str, extent: Extent) -> None:
    """Refuse a sheet that is too long, too wide or, between its outermost filled cells, too big."""
    if extent.rows > MAX_ROWS:
        raise too_big(name, f"A sheet of it has more than {MAX_ROWS:,} rows.")
    if extent.columns > MAX_COLUMNS:
        raise too_big(name, f"A sheet of it has more than {MAX_COLUMNS:,} columns.")
    if extent.area > MAX_CELLS:
        raise too_big(name, f"Cells of it are so far apart that more than {MAX_CELLS:,} lie between them.")
