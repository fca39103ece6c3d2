"""An appeal letter as PDF, for the archive and for screen readers as a claim's documentation is."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from casemgr.documents.glyphs import font_families
from casemgr.documents.typesetting import Typesetter, shown, substituted

if TYPE_CHECKING:
    from casemgr.core.appeal import Appeal, QuotedEntry

LETTER_TEMPLATE = "appeal_letter.typ"


class LetterPrinter(Typesetter):
    """Prints appeal letters."""

    def render(self, appeal: Appeal) -> bytes:
        """The PDF.

        Raises:
            ContentBroken: a template is broken.
        """
        return self.pdf(LETTER_TEMPLATE, partial(letter_data, appeal), appeal.witnessed_at)


def letter_data(appeal: Appeal, without_glyph: frozenset[str] = frozenset()) -> dict[str, Any]:
    """What the template is handed: the letter's fields by name, with sums, witness and fonts.

    Values are as `typesetting.shown` makes them; what a reason took off is `amount`, empty for a remark. An
    entry's `size` is about how many characters it has, by which a template keeps short ones on one page.
    """
    told: dict[str, Any] = shown(
        asdict(appeal)
        | {
            "reasons": [asdict(each) | {"amount_cents": each.cents} for each in appeal.reasons],
            "entries": [asdict(each) | {"size": _size(each)} for each in appeal.entries],
            "codes": appeal.codes,
            "some_late": appeal.some_late,
            "charge_cents": appeal.charge_cents,
            # The sheet's foot names the treating dentist as a claim's documentation does.
            "case": {"treating_dentist": appeal.treating_dentist},
        },
        without_glyph,
    )
    for reason, said in zip(appeal.reasons, told["reasons"], strict=True):
        said["amount"] = said["amount"] if reason.cents else ""
    return told | {
        "witness": str(appeal.witness),
        "witness_short": appeal.witness.short,
        "substituted": substituted(told),
        "fonts": font_families(appeal.patient.language),
    }


def _size(entry: QuotedEntry) -> int:
    return sum(len(text) for pair in entry.said for text in pair) + sum(map(len, entry.labels))
