"""Typst at work: templates and fonts loaded once, data handed in as JSON, PDF out.

The look is Typst markup in exports/documents/, or the practice's own of the same name. What is shown never
becomes markup. The same data and templates give the same bytes on every machine.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from casemgr.core.money import format_cents
from casemgr.documents.glyphs import font_folders, showable, without_glyph_in
from casemgr.errors import ContentBroken
from casemgr.resources import content_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_AREA = "exports/documents"
_SUFFIXES = (".typ", ".svg")
"""What a template imports by name; pictures in other formats are read from the practice's folder by Typst."""
_ARCHIVABLE = ["a-2a", "ua-1"]
_PLAIN = ["1.7"]
_PLACE = re.compile(r"┌─ ([^:\s]+):(\d+):\d+")
_ATTEMPTS = 4
"""Each attempt may find further characters without a glyph; in practice the second succeeds."""


class Typesetter:
    """Makes PDF from templates, with fonts and templates loaded once for all documents."""

    def __init__(self, own: Path | None = None) -> None:
        """Load the fonts and the templates.

        Args:
            own: the practice's folder of documents, whose files take the place of ours with the same name.

        Raises:
            ContentBroken: a template cannot be read.
        """
        # Imported here, since only printing needs the compiler.
        import typst

        self._files: dict[str, bytes] = {}
        for suffix in _SUFFIXES:
            for path in content_files(_AREA, own, suffix):
                try:
                    self._files[path.name] = path.read_bytes()
                except OSError as error:
                    raise ContentBroken(
                        f"{path.name} cannot be read",
                        f"{path}: {error.strerror}",
                        "Allow reading it, or move it out of the folder.",
                    ) from error
        self._failure = typst.TypstError
        self._compiler: Any = typst.Compiler(
            font_paths=font_folders(),
            ignore_system_fonts=True,
            # Where Typst finds a logo as PNG or JPEG: the files handed to it may be text only.
            root=own if own is not None and own.is_dir() else None,
        )

    def pdf(
        self,
        template: str,
        data: Callable[[frozenset[str]], Mapping[str, Any]],
        at: int,
        *,
        pictures: Mapping[str, bytes] | None = None,
        archivable: bool = True,
    ) -> bytes:
        """A document.

        Args:
            template: the template's file name.
            data: what the template is handed as JSON, given the characters that no font has.
            at: the instant in microseconds since the epoch that the file bears.
            pictures: SVG by the name under which the template finds it.
            archivable: PDF/A-2a and PDF/UA-1, or plain tagged PDF 1.7.

        Raises:
            ContentBroken: a template is broken.
        """
        files = self._files | dict(pictures or {}) | {"main.typ": self._files[template]}
        without_glyph: frozenset[str] = frozenset()
        for attempt in range(_ATTEMPTS):
            try:
                made = self._compiler.compile(
                    files,
                    sys_inputs={"data": json.dumps(data(without_glyph), ensure_ascii=False)},
                    pdf_standards=_ARCHIVABLE if archivable else _PLAIN,
                    timestamp=at // 1_000_000,
                )
            except self._failure as error:
                found = without_glyph_in(error.diagnostic)
                if found <= without_glyph or attempt == _ATTEMPTS - 1:
                    raise _broken(template, error.message, error.hints, error.diagnostic) from None
                without_glyph |= found
            else:
                assert isinstance(made, bytes)
                return made
        raise AssertionError  # the loop returns or raises


def shown(value: Any, without_glyph: frozenset[str]) -> Any:
    """A value as templates show it.

    Dates become `MM/DD/YYYY`, as claim forms write them, and times `MM/DD/YYYY HH:MM`; amounts become dollars
    and lose `_cents` from their names; texts hold only what the fonts have; bytes are left out.
    """
    match value:
        case str():
            return showable(value, without_glyph)
        case datetime():
            return f"{value:%m/%d/%Y %H:%M}"
        case date():
            return f"{value:%m/%d/%Y}"
        case dict():
            return dict(
                _shown_item(key, item, without_glyph)
                for key, item in value.items()
                if not isinstance(item, bytes)
            )
        case list() | tuple():
            return [shown(item, without_glyph) for item in value]
        case _:
            return value


def substituted(value: Any) -> bool:
    """Whether a character of what `shown` returned had to be shown by its number."""
    return "[U+" in json.dumps(value, ensure_ascii=False)


def _shown_item(key: str, value: Any, without_glyph: frozenset[str]) -> tuple[str, Any]:
    if key.endswith("_cents"):
        return key.removesuffix("_cents"), "" if value is None else format_cents(value)
    return key, shown(value, without_glyph)


def _broken(template: str, message: str, hints: list[str], diagnostic: str) -> ContentBroken:
    place = _PLACE.search(diagnostic)
    name, line = (place[1].replace("main.typ", template), place[2]) if place else (template, "")
    return ContentBroken(
        f"The document template {name} is broken",
        ". ".join([f"Line {line}: {message}" if line else message, *hints]),
        "Mend it, or move it out of the practice's folder of documents so that ours is used.",
    )
