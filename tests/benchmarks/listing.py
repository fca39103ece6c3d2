"""How lists, the month's workbook and its sums grow with what is in the store, the month being the same."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

from casemgr.core.dates import Month
from casemgr.core.rows import ActivityFilter
from casemgr.services.activities import listed
from casemgr.services.exports import export_month
from casemgr.services.insights import insights
from tests.benchmarks.log import environ_of
from tests.benchmarks.stores import IN_MONTH, MONTH
from tests.benchmarks.table import Line, typical

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from casemgr.services.desk import Desk
    from casemgr.settings import Settings
    from tests.benchmarks.stores import Stores

ROUNDS = 7
INSIGHTS_MS = 150
SUMMED = Month.of(MONTH.first - timedelta(days=1))
"""The last month before MONTH, which has as much in it as those before."""


def run(stores: Stores) -> Iterator[Line]:
    """Each size against the smallest, then a month summed up."""
    smallest: dict[str, float] = {}
    for size in stores.sizes:
        settings = stores.filled(size)
        desk = stores.desk(settings)
        try:
            for name, work in works(stores, settings, desk).items():
                took = typical(work, stores.rounds(ROUNDS))
                base = smallest.setdefault(name, took)
                yield Line(
                    f"{name}, {IN_MONTH} of {size:,} activities",
                    took,
                    None if size == stores.sizes[0] else base,
                )
            if size >= stores.usual:
                yield summed(stores, desk, size)
        finally:
            desk.close()


def summed(stores: Stores, desk: Desk, size: int) -> Line:
    """What a month came to, with the twelve before it."""
    took = typical(lambda: insights(desk, SUMMED), stores.rounds(ROUNDS))
    return Line(f"insights, a month and the twelve before, {size:,} activities", took, bar=INSIGHTS_MS)


def works(stores: Stores, settings: Settings, desk: Desk) -> dict[str, Callable[[], object]]:
    """What is measured, by name."""
    environ, target = environ_of(settings), stores.scratch / "grown.xlsx"
    command = [sys.executable, "-m", "casemgr", "activity", "list", "--month", str(MONTH), "--json"]
    wanted = ActivityFilter(first=MONTH.first.isoformat(), last=MONTH.last.isoformat())
    return {
        "activity list, whole process": lambda: subprocess.run(
            command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True
        ),
        "activity list, warm": lambda: listed(desk, wanted),
        "export month, warm": lambda: export_month(desk, MONTH, target, overwrite=True),
    }
