"""What does not fit together in the log: overlaps, over-long days, late entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.clock import MICROSECONDS
from casemgr.core.ids import short
from casemgr.core.minutes import format_minutes
from casemgr.core.rows import ActivityFilter
from casemgr.core.workdays import LONG_DAY_MINUTES
from casemgr.store.reads.activities import activities, spans, totals

if TYPE_CHECKING:
    from casemgr.core.records import Activity
    from casemgr.services.desk import Desk

CLOCK_TOLERANCE = 10 * 60 * MICROSECONDS
"""Machines differ by seconds; from ten minutes on, one of two clocks is wrong."""


def clock_behind(desk: Desk, ledger_now: int) -> tuple[str, ...]:
    """A word where this machine's clock is behind the ledger's: entries bear the ledger's time."""
    behind = ledger_now - desk.clock.now()
    if behind < CLOCK_TOLERANCE:
        return ()
    by = format_minutes(behind // MICROSECONDS // 60)
    return (
        f"this machine's clock is {by} behind the newest entry: one of the two is wrong; set the clock right",
    )


def found_odd(desk: Desk, record: Activity) -> tuple[str, ...]:
    """What should be looked at again: overlaps and over-long days of who did the work, and a late entry."""
    found = []
    if record.start:
        begin = int(record.start[:2]) * 60 + int(record.start[3:])
        for span in spans(desk.store, record.staff, record.service_date, but=record.id):
            if span.start < begin + record.minutes and begin < span.end:
                found.append(
                    f"it overlaps another activity of {record.staff}, {short(span.activity_id)}, on that day"
                )
    count, minutes = totals(
        desk.store, ActivityFilter(first=record.service_date, last=record.service_date, staff=record.staff)
    )
    if minutes > LONG_DAY_MINUTES:
        found.append(
            f"{record.staff} now has {format_minutes(minutes)} in {count} activities on {record.service_date}"
        )
    if record.late_days and record.source is None:
        days = "1 day" if record.late_days == 1 else f"{record.late_days} days"
        found.append(f"late entry: {days} after the service date; documents will say so")
    return tuple(found)


class Overlap(NamedTuple):
    """Two activities of one member of staff that claim the same minutes."""

    staff: str
    service_date: str
    first: str
    second: str
    minutes: int


def overlaps(desk: Desk, wanted: ActivityFilter) -> list[Overlap]:
    """Every pair of activities with a start that overlap, by member of staff and day."""
    found: list[Overlap] = []
    days = sorted({(row.staff, row.service_date) for row in activities(desk.store, wanted) if row.start})
    for staff, day in days:
        held: list[tuple[str, int, int]] = []
        for span in spans(desk.store, staff, day):
            for other_id, _, end in held:
                if span.start < end:
                    found.append(
                        Overlap(staff, day, other_id, span.activity_id, min(end, span.end) - span.start)
                    )
            held.append((span.activity_id, span.start, span.end))
    return found
