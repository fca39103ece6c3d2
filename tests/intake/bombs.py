"""Small files that ask for all the memory or time there is, each made on the spot.

`python -m tests.intake.bombs` reads each of them with little memory, and says what became of it.
"""

from __future__ import annotations

import io
import json
import struct
import sys
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from casemgr.errors import CasemgrError
from casemgr.intake.remittance_835 import parse_835
from casemgr.intake.tables import tables_in
from tests.intake.support import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MEMORY = 1 << 30
"""Bytes of address space that reading any of them may take, this program included."""

_TYPES = "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"
_WORKBOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="Log" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="{}" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/worksheet"/><Relationship Id="rId2" Target="sharedStrings.xml" Type="http://schemas.'
    'openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
)
_ROOT_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="xl/workbook.xml" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument"/></Relationships>'
)
_SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
_ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="Log">{}</table:table></office:spreadsheet></office:body>'
    "</office:document-content>"
)
_BILLION_LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">]>'
)
_OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of these files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return packed.getvalue()


def xlsx(rows: str, head: str = "", sheet: str = "worksheets/sheet1.xml", **more: str | bytes) -> bytes:
    """A workbook with these rows as XML."""
    return zipped(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _ROOT_RELS,
            "xl/workbook.xml": _WORKBOOK,
            "xl/_rels/workbook.xml.rels": _RELS.format(sheet),
            f"xl/{sheet}": head + _SHEET.format(f"<dimension ref='A1:B2'/><sheetData>{rows}</sheetData>"),
            **{name.replace("__", "/"): content for name, content in more.items()},
        }
    )


def ods(rows: str, head: str = "") -> bytes:
    """An OpenDocument sheet with these rows as XML."""
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": "<manifest/>",
            "content.xml": head + _ODS.format(rows),
        }
    )


def cell(place: str, value: str = "1") -> str:
    """A filled cell of xlsx."""
    return f'<c r="{place}"><v>{value}</v></c>'


def repeated(piece: bytes, times: int, end: bytes = b"") -> bytes:
    """What deflates a piece said so often, made without ever holding it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    once = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    last = packer.compress(end) + packer.flush()
    return once * times + last


def with_part(data: bytes, name: str, packed: bytes, stated: int) -> bytes:
    """A zip with one more part, deflated already, that states whatever size is wanted."""
    encoded = name.encode()
    end = data.rindex(b"PK\x05\x06")
    count, size, start = struct.unpack_from("<HII", data, end + 10)
    common = struct.pack("<HHHHHIII", 20, 0, 8, 0, 33, 0, len(packed), stated)
    local = b"PK\x03\x04" + common + struct.pack("<HH", len(encoded), 0) + encoded + packed
    entry = (
        b"PK\x01\x02"
        + struct.pack("<H", 20)
        + common
        + struct.pack("<HHHHHII", len(encoded), 0, 0, 0, 0, 0, start)
    )
    directory = data[start : start + size] + entry + encoded
    ending = struct.pack("<HHHHIIH", 0, 0, count + 1, count + 1, len(directory), start + len(local), 0)
    return data[:start] + local + directory + b"PK\x05\x06" + ending


def _far_away_in_xls() -> bytes:
    """An xls of ours, of which a cell claims to stand in the last row and a column that there is not."""
    data = bytearray((FORMATS / "log-2026-09.xls").read_bytes())
    at = data.index(b"\xfd\x00\x0a\x00")
    struct.pack_into("<HH", data, at + 4, 0xFFFF, 0xFFFF)
    return bytes(data)


def _835(segments: bytes) -> bytes:
    head = b"ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *261101*1200*^*00501*"
    return head + b"000000001*0*P*:~" + b"GS*HP*S*R*20261101*1200*1*X*005010X221A1~ST*835*0001~" + segments


_FILLED_ODS = '<table:table-cell {}office:value-type="string"><text:p>x</text:p></table:table-cell>'
_A_BILLION_TIMES = 'table:number-columns-repeated="1000000000" '
PLAIN_ODS = ods(f"<table:table-row>{_FILLED_ODS.format('')}</table:table-row>")
PLAIN_XLSX = xlsx(f"<row r='1'>{cell('A1')}</row>")

BOMBS: dict[str, Callable[[], bytes]] = {
    "xlsx, false dimension": lambda: xlsx(cell("A1") + cell("XFD1048576")),
    "xlsx, rows out of order": lambda: xlsx(cell("AAA900000") + cell("A1")),
    "xlsx, other quotation marks": lambda: xlsx(
        "<c s='1' r = 'A1'><v>1</v></c><c\nr='XFD1048576'><v>1</v></c>"
    ),
    "xlsx, sheet in another folder": lambda: xlsx(cell("A1") + cell("XFD1048576"), sheet="elsewhere/a.xml"),
    "xlsx, place from the row alone": lambda: xlsx(
        f"<row r='1'>{cell('A1')}</row><row r='900000'><c><v>1</v></c></row>"
    ),
    "xlsx, 16,384 columns": lambda: xlsx(cell("A1") + cell("XFD2")),
    "xlsx, a million rows": lambda: with_part(
        PLAIN_XLSX,
        "xl/worksheets/sheet2.xml",
        repeated((b"<row>" + b"<c><v>1</v></c>" * 10 + b"</row>") * 1_000, 1_000),
        1_000_000 * 161,
    ),
    "xlsx, shared texts": lambda: with_part(
        PLAIN_XLSX, "xl/sharedStrings.xml", repeated(b"<si><t/></si>" * 1_000, 8_000), 8_000_000 * 13
    ),
    "xlsx, a gigabyte of spaces": lambda: with_part(
        PLAIN_XLSX, "xl/styles.xml", repeated(b" " * (1 << 20), 1024), 1 << 30
    ),
    "xlsx, a gigabyte that states 10 bytes": lambda: with_part(
        PLAIN_XLSX, "xl/styles.xml", repeated(b" " * (1 << 20), 1024), 10
    ),
    "xlsx, two parts of one name": lambda: with_part(PLAIN_XLSX, "xl/workbook.xml", repeated(b"<a/>", 1), 4),
    "xlsx, 6,000 files": lambda: zipped({"xl/workbook.xml": "", **{f"x/{n}": "" for n in range(6_000)}}),
    "xlsx, entities": lambda: xlsx("<c r='A1'><v>&c;</v></c>", _BILLION_LAUGHS),
    "xlsx, a file from outside": lambda: xlsx("<c r='A1' t='str'><v>&a;</v></c>", _OUTSIDE),
    "ods, a row repeated": lambda: ods(
        f'<table:table-row table:number-rows-repeated="1000000000">{_FILLED_ODS.format("")}</table:table-row>'
    ),
    "ods, a cell repeated": lambda: ods(
        f"<table:table-row>{_FILLED_ODS.format(_A_BILLION_TIMES)}</table:table-row>"
    ),
    "ods, blanks before a cell": lambda: ods(
        '<table:table-row><table:table-cell table:number-columns-repeated="1000000000"/>'
        f"{_FILLED_ODS.format('')}</table:table-row>"
    ),
    "ods, blank rows before a row": lambda: ods(
        '<table:table-row table:number-rows-repeated="1000000000"><table:table-cell/></table:table-row>'
        f"<table:table-row>{_FILLED_ODS.format('')}</table:table-row>"
    ),
    "ods, entities": lambda: ods(
        f"<table:table-row>{_FILLED_ODS.format('')}&c;</table:table-row>", _BILLION_LAUGHS
    ),
    "ods, a file from outside": lambda: ods("<table:table-row>&a;</table:table-row>", _OUTSIDE),
    "xls, a cell beyond all columns": _far_away_in_xls,
    "csv, a million rows": lambda: b"1,2\n" * 1_000_000,
    "csv, a million columns": lambda: b"x" + b"," * 1_000_000,
    "csv, 50 million delimiters": lambda: b"," * 50_000_000,
    "csv, one giant cell": lambda: b"Date,Note\n1," + b"x" * 10_000_000,
    "csv, nothing but NULs": lambda: b"\0" * 10_000_000,
    "835, half a million segments": lambda: _835(b"LX*1~" * 500_001),
    "835, a giant element": lambda: _835(b"N1*PR*" + b"x" * 10_000_000 + b"~"),
    "835, a million elements": lambda: _835(b"CAS" + b"*" * 1_000_000 + b"~"),
}
"""By what they are."""


def fate(name: str, data: bytes) -> str:
    """What reading a file ends in: the error's title, or that it was read."""
    try:
        if name.startswith("835"):
            parse_835(name, data)
        else:
            tables_in(name, data)
    except CasemgrError as error:
        return error.title.removeprefix(name).strip()
    return "was read"


def most_memory() -> int:
    """The most that this process has had in memory, in KiB; on Linux without what its parent had."""
    import resource

    try:
        told = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(told.partition("VmHWM:")[2].split()[0])


def main() -> None:
    """Read each with little memory, and print what became of all of them as JSON."""
    # Imported here, since Windows has none.
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    told = {name: fate(name, make()) for name, make in BOMBS.items()}
    peak = most_memory()
    json.dump({"told": told, "peak": peak}, sys.stdout)


if __name__ == "__main__":
    main()
