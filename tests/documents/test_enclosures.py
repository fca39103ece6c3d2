from __future__ import annotations

import struct
import subprocess
import sys
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.documents.enclosures import MAX_BYTES, examine
from casemgr.documents.pages import MAX_PAGES
from casemgr.documents.pictures import read_picture
from casemgr.errors import InputRefused
from tests.documents.enclosed import filled_form, jpeg, pdf, png, png_of, protected

SCRIPT = "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"


def named(value: object) -> str | None:
    """A parameter in a test's name: not the bytes of files, which differ from one process to the next."""
    return "file" if isinstance(value, bytes) else None


@pytest.mark.parametrize(
    ("content", "media_type", "pages"),
    [
        (pdf("", "/Rotate 90", ""), "application/pdf", 3),
        (b"\r\n" + pdf(""), "application/pdf", 1),
        (pdf("", root=SCRIPT), "application/pdf", 1),
        (pdf("", box="-100 -50 14300 14350"), "application/pdf", 1),
        (filled_form(), "application/pdf", 1),
        (filled_form(look=False, flags=2), "application/pdf", 1),
        (png(3, 2), "image/png", 1),
        (png(3, 2, alpha=True), "image/png", 1),
        (jpeg(), "image/jpeg", 1),
        (jpeg(6), "image/jpeg", 1),
        (jpeg(progressive=True), "image/jpeg", 1),
        (jpeg(press=True), "image/jpeg", 1),
    ],
    ids=named,
)
def test_a_file_is_what_its_bytes_say(content: bytes, media_type: str, pages: int) -> None:
    assert examine(content, "called anything.docx") == (media_type, pages)


LAYERS = "/OCProperties<</OCGs[]/D<</OFF[3 0 R]>>>>"
HEADER = struct.pack(">IIBBBBB", 20_000, 6_000, 8, 2, 0, 0, 0)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "It is empty"),
        (b"Dear colleague", "neither PDF nor PNG nor JPEG"),
        (b"PK\x03\x04" + bytes(40), "Office document"),
        (b"II*\x00" + bytes(40), "TIFF"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), "a phone's own format"),
        (b"RIFF\x00\x00\x00\x00WEBP", "WebP"),
        (protected(), "protected by a password: print it into a new PDF"),
        (protected(password="secret"), "protected by a password"),
        (pdf(), "no pages"),
        (pdf("")[:200], "damaged"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 9, "damaged"),
        (pdf("", box="0 0 0 0"), "no size"),
        (pdf(*[""] * (MAX_PAGES + 1)), "501 pages; at most 500"),
        (pdf("", root="/Collection<</Type/Collection>>"), "portfolio"),
        (
            pdf("", root="/NeedsRendering true/AcroForm<</XFA 3 0 R>>"),
            "form that only its own program can show",
        ),
        (pdf("", root=LAYERS), "hidden layers"),
        (filled_form(look=False), "no look of its own: print it into a new PDF and attach that (page 1)"),
        (png(3, 2)[:-20], "ends in the middle"),
        (png(3, 2).replace(b"IDAT", b"IDAT\x00"), "damaged"),
        (png_of(struct.pack(">IIBBBBB", 3, 2, 8, 2, 0, 0, 0), zlib.compress(b"short")), "damaged"),
        (png_of(HEADER, b""), "120 megapixels (20000 × 6000); at most 100"),
        (jpeg()[:-2], "ends in the middle"),
        (jpeg()[:60], "damaged or ends in the middle"),
        (jpeg().replace(b"\xff\xc0", b"\xff\xc3"), "a kind of JPEG that documents cannot hold"),
        (pdf("") + bytes(MAX_BYTES), "25 MB; at most 25"),
    ],
    ids=named,
)
def test_what_a_packet_could_not_show_is_refused_with_why(content: bytes, why: str) -> None:
    with pytest.raises(InputRefused) as refused:
        examine(content, "scan 3.pdf")
    assert refused.value.title == "scan 3.pdf cannot go into a packet"
    assert why in refused.value.detail
    assert "attach" in refused.value.todo


@given(st.sampled_from([pdf("", "/Rotate 90"), filled_form(), png(9, 4), jpeg(6)]), st.data())
def test_a_damaged_file_is_taken_or_refused_and_never_a_fault(content: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(content) - 1))
    cut = data.draw(st.booleans())
    broken = (
        content[:at]
        if cut
        else content[:at] + data.draw(st.binary(min_size=1, max_size=4)) + content[at + 1 :]
    )
    try:
        examine(broken, "scan.pdf")
    except InputRefused as refused:
        assert refused.detail


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_set_upright(orientation: int) -> None:
    picture = read_picture(jpeg(orientation))
    assert picture.shown == ((16, 8) if orientation < 5 else (8, 16))
    matrix = picture.svg().split(b"matrix(")[1].split(b")")[0].split()
    a, b, c, d, e, f = map(int, matrix)
    corners = {(a * x + c * y + e, b * x + d * y + f) for x in (0, 16) for y in (0, 8)}
    assert corners == {(x, y) for x in (0, picture.shown[0]) for y in (0, picture.shown[1])}


def test_where_a_photograph_was_taken_does_not_leave_with_it() -> None:
    phone = jpeg(6)
    assert b"39.7817" in phone
    assert b"39.7817" not in read_picture(phone).content
    assert read_picture(phone).content == jpeg()


def test_what_a_phone_appends_to_a_photograph_is_left_out() -> None:
    assert read_picture(jpeg() + jpeg(3)).content == jpeg()


def test_importing_the_module_loads_no_library() -> None:
    code = "import casemgr.documents.packet, sys; sys.exit(bool({'typst', 'pypdf'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
