"""A keystroke in the log: which activities there are, and the rows in sight, as the screen asks for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from casemgr.core.dates import Month
from casemgr.core.rows import ActivityFilter
from casemgr.services.log_view import log_keys, log_rows
from tests.benchmarks.stores import MONTH
from tests.benchmarks.table import Line, typical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.services.desk import Desk
    from tests.benchmarks.stores import Stores

ROUNDS = 5
BAR_MS = 50
IN_SIGHT = 60
"""As many rows as the tallest terminal shows."""
FULL = Month.of(MONTH.first - timedelta(days=1))
"""The last month before MONTH, which has as much in it as those before: 8,200 of a million activities."""
TYPED = (
    "",
    "g",
    "a",
    "0",
    "x",
    "ga",
    "an",
    "zz",
    "pan",
    "garcia",
    "garcia ana",
    "confirmed",
    "panoramic faxed",
    "garcia panoramic faxed letter",
    "mother called referral packet faxed",
    "c b a",
    "nothingofthis",
    "#1234",
)
"""What somebody types: letters, names, words of notes, what is everywhere and what is nowhere."""


def run(stores: Stores) -> Iterator[Line]:
    """In all of the log, then in a month of it: the slowest of what may be typed; `--full` shows each."""
    for size in (stores.usual, *((1_000_000,) if stores.full else ())):
        desk = stores.desk(stores.filled(size))
        month = ActivityFilter(FULL.first.isoformat(), FULL.last.isoformat(), newest_first=True)
        try:
            for where, wanted in (("everywhere", ActivityFilter(newest_first=True)), ("in a month", month)):
                yield from keystrokes(stores, desk, wanted, f"{where}, {size:,} activities")
        finally:
            desk.close()


def keystrokes(stores: Stores, desk: Desk, wanted: ActivityFilter, where: str) -> Iterator[Line]:
    """How long each text takes, the slowest first."""
    took = {text: typical(partial(look, desk, wanted, text), stores.rounds(ROUNDS)) for text in TYPED}
    slowest = sorted(took.items(), key=lambda one: -one[1])
    for text, once in slowest if stores.full else slowest[:1]:
        yield Line(f"search keystroke “{text}” {where}", once, bar=BAR_MS)


def look(desk: Desk, wanted: ActivityFilter, text: str) -> int:
    """What a screen asks for after a keystroke."""
    keys = log_keys(desk, replace(wanted, search=text))
    return len(log_rows(desk, keys.ids[:IN_SIGHT]))
