"""What a zipped workbook really holds, measured before the reader gets it: no header of it is believed.

The reader holds the whole rectangle between a sheet's outermost filled cells, so that a file of a few hundred
bytes can ask for all the memory there is. The parts are unpacked here piece by piece, and never kept.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from zipfile import ZipInfo

_PIECE, _INPUT = 1 << 20, 1 << 16
_OVERLAP = 64
"""Bytes of a piece that are looked at again with the next, for what stands across their border."""
_LOCAL_HEADER = 30
_COLUMN = re.compile(rb"""r\s*=\s*["']\s*([A-Za-z]+)""")
_ROW = re.compile(rb"""r\s*=\s*["']\s*[A-Za-z]*(\d+)""")
_CELL = re.compile(rb"<(?:\w+:)?(?:c|si)[\s/>]")
"""A cell of xlsx, or a text that its cells share."""
_ENTITY = b"<!ENTITY"
_BLANK_BUT_STYLED = frozenset(
    {
        "table:style-name",
        "table:number-columns-repeated",
        "table:number-columns-spanned",
        "table:number-rows-spanned",
        "table:content-validation-name",
    }
)


class Extent(NamedTuple):
    """How far the cells of a sheet reach."""

    rows: int
    """From the outermost filled cell to that at the other end."""
    columns: int
    last_row: int

    @property
    def area(self) -> int:
        """Cells of the rectangle."""
        return self.rows * self.columns


class Part(NamedTuple):
    """What is known of a part of the package."""

    size: int
    """Bytes that it really unpacks to."""
    cells: int
    """Cells or shared texts in it, blank ones too."""
    extent: Extent
    """Of its cells, blank ones too."""
    entities: bool
    """Whether it defines entities, which no workbook needs."""


def pieces(data: bytes, member: ZipInfo) -> Iterator[bytes]:
    """A member's content, whatever size its header states.

    Raises:
        BadZipFile, zlib.error, NotImplementedError: it is damaged, or packed in another way.
    """
    at = member.header_offset
    header = data[at : at + _LOCAL_HEADER]
    if len(header) < _LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
        raise BadZipFile("a part of it is not where it should be")
    name, extra = int.from_bytes(header[26:28], "little"), int.from_bytes(header[28:30], "little")
    start = at + _LOCAL_HEADER + name + extra
    packed = data[start : start + member.compress_size]
    if member.compress_type == ZIP_STORED:
        for at in range(0, len(packed), _PIECE):
            yield packed[at : at + _PIECE]
    elif member.compress_type == ZIP_DEFLATED:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        for at in range(0, len(packed), _INPUT):
            waiting = packed[at : at + _INPUT]
            while waiting and not unpacker.eof:
                yield unpacker.decompress(waiting, _PIECE)
                waiting = unpacker.unconsumed_tail
    else:
        raise NotImplementedError("it is packed in a way that workbooks are not")


def measured(content: Iterable[bytes], most: int, most_cells: int) -> Part:
    """A part looked through, up to where it has more bytes or cells than so many."""
    size = cells = 0
    columns: set[int] = set()
    rows: set[int] = set()
    entities = False
    tail = b""
    for piece in content:
        size += len(piece)
        text = tail + piece
        columns = _ends((*columns, *map(_column, set(_COLUMN.findall(text)))))
        rows = _ends((*rows, *map(_number, set(_ROW.findall(text)))))
        # What stands in the overlap is counted twice at most, which no bound notices.
        cells += len(_CELL.findall(text))
        entities = entities or _ENTITY in text
        if size > most or cells > most_cells:
            break
        tail = text[-_OVERLAP:]
    return Part(size, cells, _extent(columns, rows), entities)


def filled_extent(content: Iterable[bytes]) -> Extent:
    """How far the cells of an xlsx sheet reach that hold anything; for parts that `measured` finds too wide.

    Raises:
        expat.ExpatError: it is no XML.
    """
    columns: set[int] = set()
    rows: set[int] = set()
    row = column = depth = 0
    position = (0, 0)

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, depth, position, rows, columns
        local = name.rpartition(":")[2]
        said = attributes.get("r", "").encode()
        if depth:
            depth += 1
            if depth == 2:
                # Only what has something inside is filled.
                rows, columns = _ends((*rows, position[0])), _ends((*columns, position[1]))
        elif local == "row":
            row = _number(said) if said else row + 1
            column = 0
        elif local == "c":
            depth = 1
            letters = said.rstrip(b"0123456789")
            column = _column(letters) if letters else column + 1
            position = (_number(said[len(letters) :]) if letters else row, column)

    def end(_name: str) -> None:
        nonlocal depth
        depth = max(depth - 1, 0)

    _parse(content, begin, end)
    return _extent(columns, rows)


def ods_extents(content: Iterable[bytes]) -> list[Extent]:
    """How far the filled cells of each table in an ods reach, once all that is said to repeat is repeated.

    Raises:
        expat.ExpatError: it is no XML.
        ValueError: a number of repetitions is none.
    """
    found: list[Extent] = []
    last_row = rows = width = widest = filled_width = repeated = times = inside = 0
    filled = False

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal last_row, rows, width, widest, filled_width, repeated, times, inside, filled
        if inside:
            filled, inside = True, inside + 1
        elif name == "table:table":
            last_row = rows = widest = 0
        elif name == "table:table-row":
            width = filled_width = 0
            repeated = int(attributes.get("table:number-rows-repeated", "1"))
        elif name in ("table:table-cell", "table:covered-table-cell"):
            inside = 1
            times = int(attributes.get("table:number-columns-repeated", "1"))
            filled = bool(attributes.keys() - _BLANK_BUT_STYLED)

    def end(name: str) -> None:
        nonlocal last_row, rows, width, widest, filled_width, inside
        if inside > 1:
            inside -= 1
        elif inside:
            inside = 0
            width += times
            filled_width = width if filled else filled_width
        elif name == "table:table-row":
            rows += repeated
            if filled_width:
                last_row, widest = rows, max(widest, filled_width)
        elif name == "table:table":
            found.append(Extent(last_row, widest, last_row))

    _parse(content, begin, end)
    return found


def _parse(
    content: Iterable[bytes], begin: Callable[[str, dict[str, str]], None], end: Callable[[str], None]
) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    for piece in content:
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def _ends(numbers: tuple[int, ...]) -> set[int]:
    """The least and the greatest, which is all that matters."""
    return {min(numbers), max(numbers)} if numbers else set()


def _extent(columns: set[int], rows: set[int]) -> Extent:
    last = max(rows, default=0)
    across = max(columns, default=0) - min(columns, default=1) + 1
    return Extent(last - min(rows, default=1) + 1, across, last)


def _column(letters: bytes) -> int:
    number = 0
    # More letters than any sheet's columns have are a number beyond all bounds soon enough.
    for letter in letters.upper()[:8]:
        number = number * 26 + letter - 64
    return number


def _number(digits: bytes) -> int:
    return int(digits[:12] or 0)
