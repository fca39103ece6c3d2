"""The log as a screen scrolls through it: first which activities there are, then rows of what is in sight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from casemgr.core.rows import ActivityFilter
from casemgr.services.today import day_row
from casemgr.store.reads.activities import activities
from casemgr.store.reads.keys import keys_within, newest_keys
from casemgr.store.reads.search import scope_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casemgr.services.desk import Desk
    from casemgr.services.today import DayRow

MOST_WITHIN = 20_000
"""The most activities of some days or of a patient: twice the busiest month."""

MOST_FOUND = 500
"""The most activities where neither days nor a patient are named: nobody reads on, but narrows the search."""

LOOKED_THROUGH = 5_000
"""So many of the newest are held against staff and kind where neither days nor a patient are named."""


@dataclass(frozen=True, slots=True)
class LogKeys:
    """Which activities a list has."""

    ids: tuple[str, ...]
    """In the order in which they are shown."""
    minutes: int
    """Of all of them together."""
    capped: bool
    """Whether there may be more than are listed, so that count and minutes are those of the newest alone."""

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self.ids)


def log_keys(desk: Desk, wanted: ActivityFilter) -> LogKeys:
    """Which activities a filter has, so that memory holds ids of a month and never rows of all years.

    With a first and a last day or a patient these are all, up to MOST_WITHIN, by service date, start and
    time of entry, newest first where the filter says so. Else they are the newest MOST_FOUND, newest first;
    of what a search finds those that were entered last. `limit` is left alone.
    """
    if scope_of(wanted)[0]:
        found = keys_within(desk.store, wanted, MOST_WITHIN + 1)
        capped = len(found) > MOST_WITHIN
        found = found[:MOST_WITHIN]
    else:
        found, capped = newest_keys(desk.store, wanted, MOST_FOUND, LOOKED_THROUGH)
    return LogKeys(tuple(key.id for key in found), sum(key.minutes for key in found), capped)


def log_rows(desk: Desk, ids: Sequence[str]) -> dict[str, DayRow]:
    """The rows of some activities by id, voided ones included; to be asked for a few hundred at a time."""
    if not ids:
        return {}
    rows = activities(desk.store, ActivityFilter(ids=tuple(ids), include_voided=True))
    return {row.id: day_row(desk, row) for row in rows}
