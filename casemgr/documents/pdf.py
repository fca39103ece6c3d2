"""The printed documentation of a claim: PDF for the archive (PDF/A-2a) and for screen readers (PDF/UA-1)."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from casemgr.documents.glyphs import font_families
from casemgr.documents.typesetting import Typesetter, shown, substituted
from casemgr.errors import RuleRefused

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.core.summary import ClaimSummary

CLAIM_TEMPLATE = "claim_summary.typ"


class ClaimPrinter(Typesetter):
    """Prints claims."""

    def render(self, summary: ClaimSummary) -> bytes:
        """The PDF.

        Raises:
            RuleRefused: lines and activities of the claim do not agree.
            ContentBroken: a template is broken.
        """
        refuse_disagreement(summary)
        return self.pdf(CLAIM_TEMPLATE, partial(claim_data, summary), summary.witnessed_at)


def render_claim(summary: ClaimSummary, own: Path | None = None) -> bytes:
    """One claim's PDF; for several, a ClaimPrinter is faster."""
    return ClaimPrinter(own).render(summary)


def refuse_disagreement(summary: ClaimSummary) -> None:
    """Refuse to print a claim whose lines differ from its activities.

    Raises:
        RuleRefused: they do.
    """
    if summary.disagreements:
        raise RuleRefused(
            f"Claim {summary.claim_number} no longer agrees with the log",
            "; ".join(summary.disagreements),
            "Void the claim and draft it again.",
        )


def claim_data(summary: ClaimSummary, without_glyph: frozenset[str] = frozenset()) -> dict[str, Any]:
    """What a template is handed: the summary's fields by name, with sums, signers, witness and fonts.

    Values are as `typesetting.shown` makes them; minutes and quantities are integers. `substituted` tells
    whether a character had to be shown by its number.
    """
    told: dict[str, Any] = shown(
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
    return told | {
        # Kept out of the above, so that a hash can be copied whole, without places to break in it.
        "witness": str(summary.witness),
        "witness_short": summary.witness.short,
        "content_digest": summary.content_digest[:16],
        "substituted": substituted(told),
        "fonts": font_families(summary.patient.language),
    }
