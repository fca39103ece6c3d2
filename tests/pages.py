"""What stands on the pages of a PDF."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from pypdf import PdfReader

if TYPE_CHECKING:
    from pathlib import Path


def pages(pdf: bytes | Path) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(BytesIO(pdf) if isinstance(pdf, bytes) else pdf).pages]


def squeezed(text: str) -> str:
    """Without white space and invisible places to break, which depend on where lines end."""
    return "".join(text.replace("\u200b", "").split())


def printed_text(pdf: bytes | Path) -> str:
    """The text of all pages, squeezed."""
    return squeezed("".join(pages(pdf)))
