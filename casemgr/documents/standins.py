"""Pictures that stand for pages of other people's PDFs while Typst sets a document, and their exchange.

The document is added to and not written anew, as PDF allows (ISO 32000-1, 7.5.6): that costs next to nothing
where writing all of its objects again would take longer than setting them.
"""

from __future__ import annotations

import base64
import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DictionaryObject

_MARK = b"page no. "
"""What the pixels of such a picture say, before the number of the page in three bytes."""
_SIZE = (4, 1)


def stand_in(number: int) -> bytes:
    """A picture that stands for a page, as SVG: four pixels that say which."""
    rows = zlib.compress(b"\x00" + _MARK + number.to_bytes(3))
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", *_SIZE, 8, 2, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b""))
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><image width="4" height="4" '
        f'preserveAspectRatio="none" href="data:image/png;base64,{base64.b64encode(png).decode()}"/></svg>'
    ).encode()


def exchanged(made: bytes, count: int, form_of: Callable[[int, PdfWriter], DictionaryObject]) -> bytes:
    """A document with forms in place of the pictures that stand for them.

    Args:
        made: the document.
        count: how many there are, numbered from 0.
        form_of: makes the form for a number, and adds to the writer what it needs.

    Raises:
        LookupError: the document has no picture for a number, which is what the error holds.
    """
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import NullObject

    reader = PdfReader(BytesIO(made))
    found = dict(_stand_ins(reader))
    size: Any = reader.trailer["/Size"]
    writer = PdfWriter()
    # What is added to the writer gets numbers that the document does not have.
    writer._objects.extend([NullObject()] * (size - len(writer._objects) - 1))
    objects: dict[int, Any] = {}
    for number in range(count):
        if number not in found:
            raise LookupError(number)
        objects[found[number]] = form_of(number, writer)
    objects |= dict(enumerate(writer._objects[size - 1 :], size))
    out = BytesIO(made)
    out.seek(0, 2)
    places = {}
    for number, each in sorted(objects.items()):
        out.write(b"\n")
        places[number] = out.tell()
        out.write(f"{number} 0 obj\n".encode())
        each.write_to_stream(out)
        out.write(b"\nendobj")
    _write_end(out, reader, places)
    return out.getvalue()


def _stand_ins(reader: PdfReader) -> Iterator[tuple[int, int]]:
    """The number of each page that is stood for, with that of the object that does."""
    for page in reader.pages:
        resources: Any = page.get("/Resources", {})
        pictures = resources.get("/XObject", {})
        for name in pictures:
            picture = pictures[name]
            if (picture.get("/Width"), picture.get("/Height")) == _SIZE:
                pixels = picture.get_data()
                if pixels.startswith(_MARK) and len(pixels) == len(_MARK) + 3:
                    yield int.from_bytes(pixels[-3:]), pictures.raw_get(name).idnum


def _write_end(out: BytesIO, reader: PdfReader, places: dict[int, int]) -> None:
    """The table of the objects that were added, and the trailer that leads to the one before it."""
    from pypdf.generic import DictionaryObject, NameObject, NumberObject

    trailer = DictionaryObject(
        {NameObject(key): reader.trailer.raw_get(key) for key in ("/Root", "/Info", "/ID")}
    )
    trailer[NameObject("/Size")] = NumberObject(max(places) + 1)
    trailer[NameObject("/Prev")] = NumberObject(reader._startxref)
    out.write(b"\n")
    start = out.tell()
    out.write(b"xref\n")
    for number, place in places.items():
        out.write(f"{number} 1\n{place:010} 00000 n\r\n".encode())
    out.write(b"trailer\n")
    trailer.write_to_stream(out)
    out.write(f"\nstartxref\n{start}\n%%EOF\n".encode())
