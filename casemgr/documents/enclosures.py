"""Attached files: what they are by their own bytes, and whether a packet can show them.

Whoever attaches a file learns at once that it cannot be printed, instead of when the packet is due.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from casemgr.documents.pages import PDF, open_pdf, page_form, placed
from casemgr.documents.pictures import JPEG, PNG, Picture, read_picture
from casemgr.errors import InputRefused, ParseError

if TYPE_CHECKING:
    from pypdf import PdfReader

MediaType = Literal["application/pdf", "image/png", "image/jpeg"]

MAX_BYTES = 25_000_000
"""25 MB, as much as an e-mail or a payer's portal takes."""

_POINTS = 0.75
"""Of a pixel of a picture at its natural size, which is 96 pixels an inch."""
_PLAN_B = "Save or print it as a PDF, a PNG or a JPEG, and attach that."
_OTHERS = (
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a bitmap picture"),
    (b"PK\x03\x04", "a zip archive, or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "a rich-text document"),
    (b"<", "a web page or XML"),
)
_PDF_START = 1024
"""Bytes before a PDF's own beginning that readers put up with."""


class Examined(NamedTuple):
    """A file that can be attached."""

    media_type: MediaType
    pages: int
    """Pages that it takes in a packet."""


class Opened(NamedTuple):
    """An attached file, opened to be printed: a picture or a PDF."""

    media_type: MediaType
    sizes: tuple[tuple[float, float], ...]
    """Width and height of each page in points, as shown."""
    picture: Picture | None = None
    pdf: PdfReader | None = None

    @property
    def archivable(self) -> bool:
        """Whether a PDF/A may hold it: nobody can vouch for the pages of other people's PDFs."""
        return self.picture is not None and not self.picture.cmyk


def examine(content: bytes, name: str) -> Examined:
    """What a file is, once it is sure that a packet can show all of it.

    Args:
        content: the file's bytes, by which alone it is judged.
        name: what people call it, for the message.

    Raises:
        InputRefused: it is none of PDF, PNG and JPEG, or protected, damaged or too large.
    """
    try:
        opened = open_enclosure(content)
        if opened.pdf is not None:
            _try_pages(opened.pdf)
        elif opened.picture is not None:
            _try_picture(opened.picture)
    except ParseError as error:
        raise refused(name, error) from error
    return Examined(opened.media_type, len(opened.sizes))


def refused(name: str, error: ParseError) -> InputRefused:
    """What people are told about a file that cannot be printed."""
    why = str(error)
    return InputRefused(f"{name} cannot go into a packet", f"{why[0].upper()}{why[1:]}.", _PLAN_B)


def open_enclosure(content: bytes) -> Opened:
    """A file, opened as what it is.

    Raises:
        ParseError: it is nothing that can be printed.
    """
    if not content:
        raise ParseError("it is empty")
    if len(content) > MAX_BYTES:
        raise ParseError(
            f"it has {len(content) / 1e6:,.0f} MB; at most {MAX_BYTES // 1_000_000} can be attached"
        )
    if content.startswith((PNG, JPEG)):
        picture = read_picture(content)
        width, height = picture.shown
        return Opened(picture.media_type, ((width * _POINTS, height * _POINTS),), picture=picture)
    if PDF in content[:_PDF_START]:
        reader = open_pdf(content)
        return Opened("application/pdf", tuple(placed(page).size for page in reader.pages), pdf=reader)
    if content[4:8] == b"ftyp":
        raise ParseError("it is a picture or film in a phone's own format")
    if content.startswith(b"RIFF"):
        raise ParseError("it is a WebP picture")
    for start, what in _OTHERS:
        if content.startswith(start):
            raise ParseError(f"it is {what}")
    raise ParseError("it is neither PDF nor PNG nor JPEG")


def _try_pages(reader: PdfReader) -> None:
    """Make every page as a packet would.

    Raises:
        ParseError: one cannot be made.
    """
    from pypdf import PdfWriter

    writer = PdfWriter()
    for number, page in enumerate(reader.pages, 1):
        try:
            page_form(page, writer)
        except ParseError as error:
            raise ParseError(f"{error} (page {number})") from error


def _try_picture(picture: Picture) -> None:
    """Set the picture as a packet would.

    Raises:
        ParseError: Typst cannot read it.
    """
    import typst

    # Typed loosely, since the stubs ask for keys of one kind only.
    compiler: Any = typst.Compiler(ignore_system_fonts=True)
    try:
        made = compiler.compile({"main.typ": b'#image("picture.svg")', "picture.svg": picture.svg()})
    except typst.TypstError as error:
        raise ParseError("it is damaged") from error
    assert isinstance(made, bytes)
    if not holds_picture(made, picture):
        raise ParseError("it is damaged")


def holds_picture(pdf: bytes, picture: Picture) -> bool:
    """Whether a document has a picture of these pixels: Typst leaves out silently what it cannot read."""
    return b"/Width %d" % picture.width in pdf and b"/Height %d" % picture.height in pdf
