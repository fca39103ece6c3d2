"""A claim's PDF: the first, then warm ones of few and of many activities, against a bare page of Typst's."""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING, Any

import typst

from casemgr.documents.glyphs import font_families, font_folders
from casemgr.documents.pdf import ClaimPrinter
from tests.benchmarks.table import Line, alternated, milliseconds
from tests.documents.summaries import long_claim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.stores import Stores

BAR_MS = 50
TYPICAL = 8
"""Activities of a patient's month, as practices log them."""
SIZES = ((1, 40), (TYPICAL, 40), (40, 15))
PAGE = "#set text(font: json(bytes(sys.inputs.fonts)), size: 9pt)\n= Case management\n#sys.inputs.number"


def run(stores: Stores) -> Iterator[Line]:
    """Each document differs from all before it, so that nothing is remembered between them."""
    first = milliseconds(lambda: ClaimPrinter().render(long_claim(TYPICAL)))
    yield Line("claim PDF, the first, with fonts and compiler", first)
    fonts = json.dumps(font_families(""))
    printer, numbers = ClaimPrinter(), count(1)
    # Typed loosely, since the stubs of typst ask for keys of one kind only.
    compiler: Any = typst.Compiler(font_paths=font_folders(), ignore_system_fonts=True)

    def bare() -> None:
        compiler.compile(
            {"main.typ": PAGE.encode()}, sys_inputs={"number": str(next(numbers)), "fonts": fonts}
        )

    for activities, rounds in SIZES:
        summaries = iter([long_claim(activities, next(numbers)) for _ in range(stores.rounds(rounds) + 1)])
        took, base = alternated(
            lambda: printer.render(next(summaries)),  # noqa: B023 - called at once
            bare,
            stores.rounds(rounds),
        )
        bar = BAR_MS if activities == TYPICAL else None
        yield Line(f"claim PDF, warm, {activities} activities / a bare page", took, base, bar, absolute=True)
