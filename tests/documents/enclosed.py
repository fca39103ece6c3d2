"""Made-up files to attach, for the tests of packets: as scanners, phones and payers make them."""

from __future__ import annotations

import base64
import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

# JPEG pictures of 16 × 8 pixels: from an office scanner, from the web, from a print shop.
_PLAIN = (
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6j"
    "q62rZ4C8ybqmx5moq6T/wAALCAAIABABAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABYQAAMAAAAAAAAAAAAAAAAAAAAVYv/a"
    "AAgBAQAAPwAigIoP/9k="
)
_PROGRESSIVE = (
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6j"
    "q62rZ4C8ybqmx5moq6T/wgALCAAIABABAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQAAAAE//8QAFRABAQAAAAAAAAAA"
    "AAAAAAAAABP/2gAIAQEAAQUCgg//xAAUEAEAAAAAAAAAAAAAAAAAAAAQ/9oACAEBAAY/Aj//xAAVEAEBAAAAAAAAAAAAAAAAAAAA"
    "cf/aAAgBAQABPyGEP//aAAgBAQAAABA//8QAFBABAAAAAAAAAAAAAAAAAAAAEP/aAAgBAQABPxA//9k="
)
_PRESS = (
    "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAbEhQXFBEbFxYXHhwbIChCKyglJShROj0wQmBVZWRfVV1baniZgWpxkHNbXYW1hpCeo6ut"
    "q2eAvMm6pseZqKuk/8AAFAgACAAQBEMRAE0RAFkRAEsRAP/EABUAAQEAAAAAAAAAAAAAAAAAAAAG/8QAFhABAQEAAAAAAAAAAAAA"
    "AAAAABVi/9oADgRDAE0AWQBLAAA/AKZTKYhYAIWH/9k="
)


def png(width: int = 1, height: int = 1, *, alpha: bool = False) -> bytes:
    """A PNG with a gradient, in RGB or RGBA."""
    depth = 4 if alpha else 3
    row = bytes(x * 255 // width if band < 3 else 128 for x in range(width) for band in range(depth))
    head = struct.pack(">IIBBBBB", width, height, 8, 6 if alpha else 2, 0, 0, 0)
    return png_of(head, zlib.compress((b"\x00" + row) * height))


def png_of(head: bytes, body: bytes) -> bytes:
    """A PNG with this header and these compressed rows."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    )


def jpeg(orientation: int = 0, *, progressive: bool = False, press: bool = False) -> bytes:
    """A JPEG of 16 × 8 pixels, as a phone writes it where it has an orientation."""
    plain = base64.b64decode(_PRESS if press else _PROGRESSIVE if progressive else _PLAIN)
    if not orientation:
        return plain
    tiff = (
        b"MM\x00*"
        + struct.pack(">IH", 8, 2)
        + b"".join(
            struct.pack(">HHIHH", tag, 3, 1, value, 0) for tag, value in ((0x0100, 16), (0x0112, orientation))
        )
    )
    exif = b"Exif\x00\x00" + tiff + b"\x00" * 4 + b"taken at 39.7817 N, 89.6501 W"
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + plain[2:]


def pdf(*pages: str, root: str = "", box: str = "0 0 612 792", texts: Iterable[str] = ()) -> bytes:
    """A PDF written by hand.

    Args:
        pages: further keys of each page, such as `/Rotate 90`.
        root: further keys of the document's root.
        box: of each page.
        texts: what each page says, by default `Page 1` and so on.
    """
    said = list(texts) or [f"Page {number}" for number in range(1, len(pages) + 1)]
    objects = [
        f"<</Type/Catalog/Pages 2 0 R {root}>>",
        # What a page does not say itself, its parent does.
        f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(f'{4 + 2 * n} 0 R' for n in range(len(pages)))}]"
        f"/MediaBox[{box}]/Resources<</Font<</F 3 0 R>>>>>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for number, (page, text) in enumerate(zip(pages, said, strict=True)):
        drawn = f"BT /F 24 Tf 72 600 Td ({text}) Tj ET"
        objects += [
            f"<</Type/Page/Parent 2 0 R/Contents {5 + 2 * number} 0 R {page}>>",
            f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream",
        ]
    out = b"%PDF-1.7\n"
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj{each}endobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return (
        out
        + (
            f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
            f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF"
        ).encode()
    )


def filled_form(*, look: bool = True, flags: int = 4) -> bytes:
    """A PDF with a filled field, with or without a look of its own, and a sticky note."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf("/Annots[]"))))
    page: Any = writer.pages[0]
    drawn = DecodedStreamObject()
    drawn.set_data(b"BT /F 12 Tf 2 5 Td (FILLED IN) Tj ET")
    drawn.update(_names({"/Type": "/XObject", "/Subtype": "/Form"}))
    drawn[NameObject("/BBox")] = _numbers(0, 0, 200, 20)
    drawn[NameObject("/Resources")] = page["/Resources"]
    field = _names({"/Type": "/Annot", "/Subtype": "/Widget", "/FT": "/Tx"})
    field[NameObject("/V")] = TextStringObject("FILLED IN")
    field[NameObject("/F")] = _numbers(flags)[0]
    field[NameObject("/Rect")] = _numbers(100, 100, 300, 120)
    if look:
        field[NameObject("/AP")] = DictionaryObject({NameObject("/N"): writer._add_object(drawn)})
    note = _names({"/Type": "/Annot", "/Subtype": "/Text"})
    note[NameObject("/Contents")] = TextStringObject("sticky note")
    note[NameObject("/Rect")] = _numbers(0, 0, 20, 20)
    page["/Annots"].extend([writer._add_object(field), writer._add_object(note)])
    return _written(writer)


def protected(*, password: str = "") -> bytes:
    """A PDF that its maker protected, with or without a password to open it."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf(""))))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    return _written(writer)


def _written(writer: Any) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _names(pairs: dict[str, str]) -> Any:
    from pypdf.generic import DictionaryObject, NameObject

    return DictionaryObject({NameObject(key): NameObject(value) for key, value in pairs.items()})


def _numbers(*numbers: int) -> Any:
    from pypdf.generic import ArrayObject, NumberObject

    return ArrayObject(map(NumberObject, numbers))
