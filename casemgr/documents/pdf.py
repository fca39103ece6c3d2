"""The printed documentation of a claim: a PDF for the archive (PDF/A-2a) and for screen readers (PDF/UA-1).

The look is Typst markup in exports/documents/, or the practice's own of the same name. What is shown goes in
as JSON and never becomes markup. The same summary and templates give the same bytes on every machine.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from casemgr.core.money import format_cents
from casemgr.documents.glyphs import font_families, font_folders, showable, without_glyph_in
from casemgr.errors import ContentBroken, RuleRefused
from casemgr.resources import content_files

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.core.summary import ClaimSummary

CLAIM_TEMPLATE = "claim_summary.typ"
_AREA = "exports/documents"
_SUFFIXES = (".typ", ".svg", ".png", ".jpg")
_STANDARDS = ["a-2a", "ua-1"]
_PLACE = re.compile(r"┌─ ([^:\s]+):(\d+):\d+")
_ATTEMPTS = 4
"""Each attempt may find further characters without a glyph; in practice the second succeeds."""


class ClaimPrinter:
    """Prints claims, with fonts and templates loaded once for all of them."""

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
                    self._files["main.typ" if path.name == CLAIM_TEMPLATE else path.name] = path.read_bytes()
                except OSError as error:
                    raise ContentBroken(
                        f"{path.name} cannot be read",
                        f"{path}: {error.strerror}",
                        "Allow reading it, or move it out of the folder.",
                    ) from error
        self._failure = typst.TypstError
        self._compiler: Any = typst.Compiler(font_paths=font_folders(), ignore_system_fonts=True)

    def render(self, summary: ClaimSummary) -> bytes:
        """The PDF.

        Raises:
            RuleRefused: lines and activities of the claim do not agree.
            ContentBroken: a template is broken.
        """
        if summary.disagreements:
            raise RuleRefused(
                f"Claim {summary.claim_number} no longer agrees with the log",
                "; ".join(summary.disagreements),
                "Void the claim and draft it again.",
            )
        without_glyph: frozenset[str] = frozenset()
        for attempt in range(_ATTEMPTS):
            try:
                return self._compile(summary, without_glyph)
            except self._failure as error:
                found = without_glyph_in(error.diagnostic)
                if found <= without_glyph or attempt == _ATTEMPTS - 1:
                    raise _broken_template(error.message, error.hints, error.diagnostic) from None
                without_glyph |= found
        raise AssertionError  # the loop returns or raises

    def _compile(self, summary: ClaimSummary, without_glyph: frozenset[str]) -> bytes:
        pdf = self._compiler.compile(
            self._files,
            sys_inputs={"data": json.dumps(claim_data(summary, without_glyph), ensure_ascii=False)},
            pdf_standards=_STANDARDS,
            timestamp=summary.witnessed_at // 1_000_000,
        )
        assert isinstance(pdf, bytes)
        return pdf


def render_claim(summary: ClaimSummary, own: Path | None = None) -> bytes:
    """One claim's PDF; for several, a ClaimPrinter is faster."""
    return ClaimPrinter(own).render(summary)


def claim_data(summary: ClaimSummary, without_glyph: frozenset[str] = frozenset()) -> dict[str, Any]:
    """What a template is handed: the summary's fields by name, with sums, signers, witness and fonts.

    Dates are `MM/DD/YYYY`, as claim forms write them; minutes and quantities are integers; amounts are
    dollars and lose `_cents` from their names. `substituted` tells whether a character had to be shown by its
    number.
    """
    shown: dict[str, Any] = _shown(
        # What only the practice should look at leaves with no paper, whatever its own template prints.
        asdict(replace(summary, advice=()))
        | {
            "minutes": summary.minutes,
            "logged_minutes": sum(activity.minutes for activity in summary.activities),
            "charge_cents": summary.charge_cents,
            "signers": summary.signers,
        },
        without_glyph,
    )
    return shown | {
        # Kept out of the above, so that a hash can be copied whole, without places to break in it.
        "witness": str(summary.witness),
        "witness_short": summary.witness.short,
        "content_digest": summary.content_digest[:16],
        "substituted": "[U+" in json.dumps(shown, ensure_ascii=False),
        "fonts": font_families(summary.patient.language),
    }


def _shown(value: Any, without_glyph: frozenset[str]) -> Any:
    match value:
        case str():
            return showable(value, without_glyph)
        case date():
            return f"{value:%m/%d/%Y}"
        case dict():
            return dict(_shown_item(key, item, without_glyph) for key, item in value.items())
        case list() | tuple():
            return [_shown(item, without_glyph) for item in value]
        case _:
            return value


def _shown_item(key: str, value: Any, without_glyph: frozenset[str]) -> tuple[str, Any]:
    if key.endswith("_cents"):
        return key.removesuffix("_cents"), format_cents(value)
    return key, _shown(value, without_glyph)


def _broken_template(message: str, hints: list[str], diagnostic: str) -> ContentBroken:
    place = _PLACE.search(diagnostic)
    name, line = (place[1].replace("main.typ", CLAIM_TEMPLATE), place[2]) if place else (CLAIM_TEMPLATE, "")
    return ContentBroken(
        f"The document template {name} is broken",
        ". ".join([f"Line {line}: {message}" if line else message, *hints]),
        "Mend it, or move it out of the practice's folder of documents so that ours is used.",
    )
