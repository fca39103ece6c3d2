"""A claim's packet as one PDF, with every page of every attached file.

Typst sets all pages, so that stamps, index and page numbers are of one piece; where a page of a PDF goes, it
sets a picture that stands for it, which is then exchanged. Without such pages the packet is PDF/A-2a and
PDF/UA-1, else tagged PDF 1.7: nobody can vouch for the inside of other people's files.
"""

from __future__ import annotations

import base64
import struct
import zlib
from dataclasses import asdict, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

from casemgr.documents.enclosures import holds_picture, open_enclosure, refused
from casemgr.documents.pages import page_form
from casemgr.documents.pdf import claim_data, refuse_disagreement
from casemgr.documents.typesetting import Typesetter, shown, substituted
from casemgr.errors import ContentBroken, ParseError

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.core.packet import Enclosure, Packet
    from casemgr.documents.enclosures import Opened

PACKET_TEMPLATE = "claim_packet.typ"
_KINDS = {"application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPEG"}
_MARK = b"page no. "
"""What the pixels of a picture that stands for a page say, before its number in three bytes."""


class PacketPrinter:
    """Prints packets, with fonts and templates loaded once for all of them."""

    def __init__(self, own: Path | None = None) -> None:
        """Load the fonts and the templates.

        Args:
            own: the practice's folder of documents, whose files take the place of ours with the same name.

        Raises:
            ContentBroken: a template cannot be read.
        """
        self._typesetter = Typesetter(own)

    def render(self, packet: Packet) -> bytes:
        """The PDF.

        Raises:
            RuleRefused: lines and activities of the claim do not agree.
            InputRefused: an attached file cannot be printed.
            ContentBroken: a template is broken, or leaves out an attached file.
        """
        refuse_disagreement(packet.summary)
        files = [_opened(each) for each in packet.enclosures]
        pages = [
            (at, number) for at, file in enumerate(files) if file.pdf for number in range(len(file.sizes))
        ]
        pictures = {
            _name(at, 0): file.picture.svg() for at, file in enumerate(files) if file.picture is not None
        } | {_name(*place): _stand_in(count) for count, place in enumerate(pages)}

        def data(without_glyph: frozenset[str]) -> dict[str, Any]:
            return packet_data(packet, files, without_glyph)

        made = self._typesetter.pdf(
            PACKET_TEMPLATE,
            data,
            packet.summary.witnessed_at,
            pictures=pictures,
            archivable=all(file.archivable for file in files),
        )
        for each, file in zip(packet.enclosures, files, strict=True):
            if file.picture is not None and not holds_picture(made, file.picture):
                raise _left_out(each)
        return _with_pages(made, packet, files, pages) if pages else made


def packet_data(
    packet: Packet, files: list[Opened], without_glyph: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """What the template is handed: that of the claim's summary, and the packet's own fields by name."""
    told: dict[str, Any] = shown(
        {
            "control_number": packet.control_number,
            "zone": packet.zone,
            "standing": packet.status,
            "notices": packet.notices,
            "remarks": packet.remarks,
            "records": [asdict(each) for each in packet.records],
            "verifications": [asdict(each) for each in packet.verifications],
            "authorizations": [asdict(each) for each in packet.authorizations],
            "enclosures": [
                asdict(replace(each, content=b""))
                | {
                    "what": each.what or "Attached file",
                    "kind": _KINDS[file.media_type],
                    "digest": each.sha256[:16],
                    "pages": [
                        {
                            "picture": _name(at, number),
                            "width": round(width),
                            "height": round(height),
                            "landscape": width > height,
                            "alt": f"{each.what or each.name}, page {number + 1} of {len(file.sizes)}",
                        }
                        for number, (width, height) in enumerate(file.sizes)
                    ],
                }
                for at, (each, file) in enumerate(zip(packet.enclosures, files, strict=True))
            ],
        },
        without_glyph,
    )
    claim = claim_data(packet.summary, without_glyph)
    return claim | told | {"substituted": claim["substituted"] or substituted(told)}


def _opened(each: Enclosure) -> Opened:
    try:
        return open_enclosure(each.content)
    except ParseError as error:
        raise refused(each.name, error) from error


def _name(at: int, number: int) -> str:
    """Under which name the template finds a page of an attached file."""
    return f"enclosure-{at}-{number}.svg"


def _stand_in(count: int) -> bytes:
    """A picture that stands for a page: four pixels that say which."""
    rows = zlib.compress(b"\x00" + _MARK + count.to_bytes(3))
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", 4, 1, 8, 2, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b""))
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><image width="4" height="4" '
        f'preserveAspectRatio="none" href="data:image/png;base64,{base64.b64encode(png).decode()}"/></svg>'
    ).encode()


def _with_pages(made: bytes, packet: Packet, files: list[Opened], pages: list[tuple[int, int]]) -> bytes:
    """The document with the pages of PDFs in place of the pictures that stand for them."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(BytesIO(made)))
    found = dict(_stand_ins(writer))
    for count, (at, number) in enumerate(pages):
        reader = files[at].pdf
        assert reader is not None
        if count not in found:
            raise _left_out(packet.enclosures[at])
        try:
            form = page_form(reader.pages[number], writer)
        except ParseError as error:
            raise refused(packet.enclosures[at].name, error) from error
        writer._replace_object(found[count], form)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _stand_ins(writer: Any) -> Any:
    """The number of each page that is stood for, with the number of the object that does."""
    from pypdf.generic import StreamObject

    for number, each in enumerate(writer._objects, 1):
        if isinstance(each, StreamObject) and (each.get("/Width"), each.get("/Height")) == (4, 1):
            pixels = each.get_data()
            if pixels.startswith(_MARK) and len(pixels) == len(_MARK) + 3:
                yield int.from_bytes(pixels[-3:]), number


def _left_out(each: Enclosure) -> ContentBroken:
    return ContentBroken(
        f"The packet leaves out {each.name}",
        f"The template {PACKET_TEMPLATE} does not show each page of it.",
        "Mend it, or move it out of the practice's folder of documents so that ours is used.",
    )
