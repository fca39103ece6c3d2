"""How long a claim's PDF takes: the first, then claims of a few and of many activities.

Run with `python -m tests.benchmarks.pdf`.
"""

from __future__ import annotations

from functools import partial
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from casemgr.documents.pdf import ClaimPrinter
from tests.documents.summaries import long_claim

if TYPE_CHECKING:
    from collections.abc import Callable

BAR_MS = 50
"""design.md part 8: a claim PDF, warm."""


def milliseconds(work: Callable[[], object]) -> float:
    """How long the work takes, once."""
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000


def warm(printer: ClaimPrinter, activities: int, claims: int) -> float:
    """The median over claims that differ from each other, so that nothing is remembered between them."""
    summaries = [long_claim(activities, seed) for seed in range(1, claims + 1)]
    return median(milliseconds(partial(printer.render, summary)) for summary in summaries)


def main() -> None:
    """Print the table."""
    cold = milliseconds(lambda: ClaimPrinter().render(long_claim(6)))
    printer = ClaimPrinter()
    printer.render(long_claim(6))
    print(f"{'claim PDF':34} {'ms':>7} {'of the bar':>11}")
    print(f"{'first, with fonts and compiler':34} {cold:7.1f} {'':>11}")
    for activities, claims in ((1, 50), (6, 50), (40, 20)):
        took = warm(printer, activities, claims)
        print(f"{f'warm, {activities} activities':34} {took:7.1f} {took / BAR_MS:11.2f}")


if __name__ == "__main__":
    main()
