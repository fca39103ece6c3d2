"""Pages of other people's PDFs as pictures in ours: what is seen, upright, and nothing that acts.

A page becomes a form XObject over the unit square, as an image would be. What a viewer draws over it (filled
fields, stamps, signatures) is drawn into it; scripts, links and embedded files stay behind.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from casemgr.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pypdf import PageObject, PdfReader, PdfWriter
    from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, IndirectObject

Matrix = tuple[float, float, float, float, float, float]

PDF = b"%PDF-"

MAX_PAGES = 500
_HIDDEN = 0b100010
"""Flags of an annotation that is hidden or not viewed."""
_SILENT = frozenset(
    {"/Popup", "/Link", "/Text", "/FileAttachment", "/Sound", "/Movie", "/RichMedia", "/Screen"}
)
"""Annotations that print nothing of their own."""
_PRINT_IT = "print it into a new PDF and attach that"
_PROTECTED = f"it is protected by a password: {_PRINT_IT}"


class Placed(NamedTuple):
    """A page's visible part."""

    box: tuple[float, float, float, float]
    """Left, bottom, right and top in points, before it is turned."""
    turn: int
    """Degrees clockwise by which it is shown turned: 0, 90, 180 or 270."""

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points, as shown."""
        width, height = self.box[2] - self.box[0], self.box[3] - self.box[1]
        return (height, width) if self.turn in {90, 270} else (width, height)

    @property
    def matrix(self) -> Matrix:
        """From the page's own space to the unit square."""
        left, bottom, right, top = self.box
        x, y = 1 / (right - left), 1 / (top - bottom)
        match self.turn:
            case 90:
                return (0, -x, y, 0, -bottom * y, right * x)
            case 180:
                return (-x, 0, 0, -y, right * x, top * y)
            case 270:
                return (0, x, -y, 0, top * y, -left * x)
            case _:
                return (x, 0, 0, y, -left * x, -bottom * y)


def open_pdf(content: bytes) -> PdfReader:
    """A PDF that can be printed.

    Raises:
        ParseError: it is protected, damaged, empty, too long, or shows what only its own program can draw.
    """
    from pypdf import PdfReader

    # It tells of each thing that it repairs; whoever attaches a file can do nothing about those.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    # Protection may be of a kind that cannot even be looked at.
    with _damaged(_PROTECTED if b"/Encrypt" in content else "it is damaged and cannot be read as a PDF"):
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted:
            raise ParseError(_PROTECTED)
        count = len(reader.pages)
        root: Any = reader.root_object
        _refuse_programs(root)
    if not count:
        raise ParseError("it has no pages")
    if count > MAX_PAGES:
        raise ParseError(f"it has {count:,} pages; at most {MAX_PAGES} can be attached at once")
    return reader


@contextmanager
def _damaged(why: str) -> Iterator[None]:
    """Reads what may be damaged, and so fails in any way at all.

    Raises:
        ParseError: why it cannot be read.
    """
    try:
        yield
    except ParseError:
        raise
    except Exception as error:
        raise ParseError(why) from error


def _refuse_programs(root: Any) -> None:
    """Refuse what a viewer would show other than its pages say."""
    if "/Collection" in root:
        raise ParseError("it is a portfolio of several files: attach them one by one")
    if "/XFA" in (_found(root, "/AcroForm") or ()) and root.get("/NeedsRendering"):
        raise ParseError(f"it is a form that only its own program can show: {_PRINT_IT}")
    layers = _found(root, "/OCProperties")
    shown = _found(layers, "/D") if layers else None
    if shown and (_found(shown, "/OFF") or shown.get("/BaseState") == "/OFF"):
        raise ParseError(f"it has hidden layers, which would be printed: {_PRINT_IT}")


def placed(page: PageObject) -> Placed:
    """Where the visible part of a page is.

    Raises:
        ParseError: it has no size.
    """
    with _damaged("a page of it is damaged"):
        crop, media = page.cropbox, page.mediabox
        box = (
            float(max(crop.left, media.left)),
            float(max(crop.bottom, media.bottom)),
            float(min(crop.right, media.right)),
            float(min(crop.top, media.top)),
        )
        turn = page.rotation % 360 // 90 * 90
    if not (box[2] - box[0] >= 1 and box[3] - box[1] >= 1):
        raise ParseError("a page has no size")
    return Placed(box, turn)


def page_form(page: PageObject, writer: PdfWriter) -> DictionaryObject:
    """A page as a form XObject over the unit square, with all that it needs copied into the writer.

    Raises:
        ParseError: it is damaged, or something on it has no look of its own and would be missing.
    """
    from pypdf.generic import DictionaryObject, NameObject

    where = placed(page)
    with _damaged("a page of it is damaged"):
        content = _content(page, where, writer)
        parts = DictionaryObject({NameObject("/Page"): writer._add_object(content)})
        drawing = ["/Page Do"]
        for number, (look, matrix) in enumerate(_looks(page)):
            parts[NameObject(f"/Look{number}")] = look.clone(writer)
            drawing.append(f"q {' '.join(map(_written, matrix))} cm /Look{number} Do Q")
    form = _form(where.box)
    form[NameObject("/Matrix")] = _array(where.matrix)
    form[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): parts})
    form.set_data("\n".join(drawing).encode())
    return form


def _found(holder: DictionaryObject, key: str) -> Any:
    """What stands under a key, wherever in the file it is; None where nothing does."""
    from pypdf.generic import NullObject

    found = holder.get(key)
    found = None if found is None else found.get_object()
    return None if isinstance(found, NullObject) else found


def _content(page: PageObject, where: Placed, writer: PdfWriter) -> DictionaryObject:
    """What the page itself draws, in its own space."""
    from pypdf.generic import DictionaryObject, NameObject, StreamObject

    form = _form(where.box)
    resources = _found(page, "/Resources")
    if isinstance(resources, DictionaryObject):
        form[NameObject("/Resources")] = DictionaryObject(
            {NameObject(key): value.clone(writer) for key, value in resources.items()}
        )
    if "/Group" in page:
        # How colours mix is worked out within the page, as it was meant.
        form[NameObject("/Group")] = page.raw_get("/Group").clone(writer)
    content = _found(page, "/Contents")
    if isinstance(content, StreamObject):
        drawn = content.get_data()
    else:
        drawn = b"\n".join(piece.get_object().get_data() for piece in content or ())
    form.set_data(drawn)
    return form.flate_encode()


def _looks(page: PageObject) -> Iterator[tuple[IndirectObject, Matrix]]:
    """What is drawn over a page: each look, and the matrix that puts it there (ISO 32000, 12.5.5)."""
    for each in _found(page, "/Annots") or ():
        note = each.get_object()
        if note.get("/Subtype") in _SILENT or int(note.get("/F", 0)) & _HIDDEN:
            continue
        look = _look(note)
        if look is None:
            if note.get("/Subtype") != "/Widget" or _filled(note):
                raise ParseError(f"a filled field or a note in it has no look of its own: {_PRINT_IT}")
            continue
        form: Any = look.get_object()
        a, b, c, d, e, f = map(float, form.get("/Matrix", (1, 0, 0, 1, 0, 0)))
        left, bottom, right, top = _bounds((a, b, c, d, e, f), tuple(map(float, form["/BBox"])))
        rect = tuple(map(float, note["/Rect"]))
        x0, x1 = sorted((rect[0], rect[2]))
        y0, y1 = sorted((rect[1], rect[3]))
        if right > left and top > bottom:
            x, y = (x1 - x0) / (right - left), (y1 - y0) / (top - bottom)
            yield look, (x, 0, 0, y, x0 - left * x, y0 - bottom * y)


def _look(note: DictionaryObject) -> IndirectObject | None:
    """The normal look of what is drawn over a page, in its present state; None where it has none."""
    from pypdf.generic import DictionaryObject, IndirectObject, StreamObject

    looks = _found(note, "/AP")
    if not isinstance(looks, DictionaryObject) or "/N" not in looks:
        return None
    normal = looks.raw_get("/N")
    if not isinstance(normal.get_object(), StreamObject):
        states = normal.get_object()
        state = note.get("/AS", "/Off")
        if state not in states:
            return None
        normal = states.raw_get(state)
    return normal if isinstance(normal, IndirectObject) else None


def _filled(note: DictionaryObject) -> bool:
    """Whether a form's field says something that can be seen."""
    field: Any = note
    while "/V" not in field and "/Parent" in field:
        field = field["/Parent"]
    return str(field.get("/V", "")) not in {"", "/Off"} and field.get("/FT") != "/Btn"


def _bounds(matrix: Matrix, box: tuple[float, ...]) -> tuple[float, float, float, float]:
    """The box around a transformed one."""
    a, b, c, d, e, f = matrix
    corners = [(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    across = [a * x + c * y + e for x, y in corners]
    up = [b * x + d * y + f for x, y in corners]
    return min(across), min(up), max(across), max(up)


def _form(box: tuple[float, float, float, float]) -> DecodedStreamObject:
    from pypdf.generic import DecodedStreamObject, NameObject

    form = DecodedStreamObject()
    form[NameObject("/Type")] = NameObject("/XObject")
    form[NameObject("/Subtype")] = NameObject("/Form")
    form[NameObject("/BBox")] = _array(box)
    return form


def _array(numbers: Iterable[float]) -> ArrayObject:
    from pypdf.generic import ArrayObject, FloatObject

    return ArrayObject(FloatObject(_written(number)) for number in numbers)


def _written(number: float) -> str:
    """A number as a PDF writes it: never with an exponent."""
    return f"{number:.9f}".rstrip("0").rstrip(".")
