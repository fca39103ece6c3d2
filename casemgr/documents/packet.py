"""A claim's packet as one PDF, with every page of every attached file.

Typst sets all pages, so that stamps, index and page numbers are of one piece; where a page of a PDF goes, it
sets a picture that stands for it, which is then exchanged. Without such pages the packet is PDF/A-2a and
PDF/UA-1, else tagged PDF 1.7: nobody can vouch for the inside of other people's files.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from casemgr.documents.enclosures import holds_picture, open_enclosure, refused
from casemgr.documents.pages import page_form
from casemgr.documents.pdf import claim_data, refuse_disagreement
from casemgr.documents.standins import exchanged, stand_in
from casemgr.documents.typesetting import Typesetter, shown, substituted
from casemgr.errors import ContentBroken, InputRefused, ParseError

if TYPE_CHECKING:
    from pypdf import PdfWriter
    from pypdf.generic import DictionaryObject

    from casemgr.core.packet import Enclosure, Packet
    from casemgr.documents.enclosures import Opened

PACKET_TEMPLATE = "claim_packet.typ"
_KINDS = {"application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPEG"}


class PacketPrinter(Typesetter):
    """Prints packets."""

    def render(self, packet: Packet) -> bytes:
        """The PDF.

        Raises:
            RuleRefused: lines and activities of the claim do not agree.
            InputRefused: an attached file cannot be printed.
            ContentBroken: a template is broken, or leaves out an attached file.
        """
        refuse_disagreement(packet.summary)
        files = [_opened(packet, each) for each in packet.enclosures]
        pages = [
            (at, number) for at, file in enumerate(files) if file.pdf for number in range(len(file.sizes))
        ]
        pictures = {
            _name(at, 0): file.picture.svg() for at, file in enumerate(files) if file.picture is not None
        } | {_name(*place): stand_in(count) for count, place in enumerate(pages)}

        def data(without_glyph: frozenset[str]) -> dict[str, Any]:
            return packet_data(packet, files, without_glyph)

        made = self.pdf(
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


def _opened(packet: Packet, each: Enclosure) -> Opened:
    try:
        return open_enclosure(each.content)
    except ParseError as error:
        raise _unprintable(packet, each, error) from error


def _unprintable(packet: Packet, each: Enclosure, why: ParseError) -> InputRefused:
    error = refused(each.name, why)
    error.detail += f" It is attached to claim {packet.summary.claim_number}, whose packet was not written."
    error.todo = "Attach it in another form, and withdraw this one with `casemgr attachment void`."
    return error


def _name(at: int, number: int) -> str:
    """Under which name the template finds a page of an attached file."""
    return f"enclosure-{at}-{number}.svg"


def _with_pages(made: bytes, packet: Packet, files: list[Opened], pages: list[tuple[int, int]]) -> bytes:
    """The document with the pages of PDFs in place of the pictures that stand for them."""

    def form_of(count: int, writer: PdfWriter) -> DictionaryObject:
        at, number = pages[count]
        reader = files[at].pdf
        assert reader is not None
        try:
            return page_form(reader.pages[number], writer)
        except ParseError as error:
            raise _unprintable(packet, packet.enclosures[at], error) from error

    try:
        return exchanged(made, len(pages), form_of)
    except LookupError as error:
        at, _ = pages[error.args[0]]
        raise _left_out(packet.enclosures[at]) from error


def _left_out(each: Enclosure) -> ContentBroken:
    return ContentBroken(
        f"The packet leaves out {each.name}",
        f"The template {PACKET_TEMPLATE} does not show each page of it.",
        "Mend it, or move it out of the practice's folder of documents so that ours is used.",
    )
