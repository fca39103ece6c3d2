"""A day at a glance: what was logged, what is due, the month so far, and the timer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.dates import Month
from casemgr.core.due import aged
from casemgr.core.rows import OTHER, ActivityFilter
from casemgr.services.changes import pulse
from casemgr.store.reads.activities import activities, has_activities, minutes_by, totals
from casemgr.store.reads.follow_ups import follow_ups, has_timer

if TYPE_CHECKING:
    from casemgr.core.due import Aged
    from casemgr.core.rows import ActivityRow
    from casemgr.services.changes import Pulse
    from casemgr.services.desk import Desk
    from casemgr.services.timers import Timing

DUE_AHEAD_DAYS = 7
"""Follow-ups so many days ahead are shown beside those that are due."""

MOST_DUE = 200
"""More follow-ups than this nobody works through in a day."""


class DayRow(NamedTuple):
    """An activity as a day's log shows it."""

    row: ActivityRow
    time: str
    """`HH:MM` at which it began, else at which it was entered where that was the same day, else empty."""
    began: bool
    """Whether `time` is when it began."""
    kind_title: str
    outcome: str
    """The outcome's label; the words as written where they fit none."""


@dataclass(frozen=True, slots=True)
class MonthSoFar:
    """What a month has of somebody's work, or of everybody's."""

    month: Month
    activities: int
    minutes: int
    by_day: tuple[int, ...]
    """Minutes of each day, from the 1st to the last."""


@dataclass(frozen=True, slots=True)
class DayView:
    """All that the first screen shows, of one moment."""

    day: date
    pulse: Pulse
    mine: bool
    """Whether only the work of who acts is in it; else everybody's."""
    activities: tuple[DayRow, ...]
    others: int
    """How many more activities of that day are not in it, since they are other people's."""
    due: tuple[Aged, ...]
    """Everybody's: overdue, due, and due within DUE_AHEAD_DAYS, by date; at most MOST_DUE."""
    month: MonthSoFar
    timing: Timing | None

    @property
    def minutes(self) -> int:
        """The minutes of the day's activities."""
        return sum(each.row.minutes for each in self.activities)

    @property
    def is_today(self) -> bool:
        """Whether the day is the present one."""
        return self.day == self.pulse.today


def day_view(desk: Desk, day: date | None = None, mine: bool = True) -> DayView:
    """A day as it stands now.

    Args:
        desk: the open practice.
        day: today unless said.
        mine: only the work of who acts; what is due is everybody's concern.
    """
    login = desk.login if mine else ""
    with desk.store.snapshot():
        now = pulse(desk)
        day = day or now.today
        iso = day.isoformat()
        rows = [day_row(desk, row) for row in activities(desk.store, ActivityFilter(iso, iso, staff=login))]
        everybody, _ = totals(desk.store, ActivityFilter(iso, iso)) if mine else (len(rows), 0)
        ahead = (now.today + timedelta(days=DUE_AHEAD_DAYS)).isoformat()
        waiting = follow_ups(desk.store, due_by=ahead, limit=MOST_DUE)
        return DayView(
            day=day,
            pulse=now,
            mine=mine,
            activities=tuple(sorted(rows, key=lambda each: (each.time, each.row.entered_at))),
            others=everybody - len(rows),
            due=tuple(aged(row, now.today) for row in waiting),
            month=month_so_far(desk, Month.of(day), login),
            timing=timer_of(desk),
        )


def is_unbegun(desk: Desk) -> bool:
    """Whether nothing was ever logged here."""
    return not has_activities(desk.store)


def timer_of(desk: Desk) -> Timing | None:
    """The timer of who acts, if there is one; without one, what times work is not even imported."""
    if not has_timer(desk.store, desk.login):
        return None
    from casemgr.services.timers import status

    return status(desk)


def day_row(desk: Desk, row: ActivityRow) -> DayRow:
    """An activity with what a day's log shows beside it."""
    labels = desk.labels.of(row.kind)
    entered = desk.local(row.entered_at)
    time = row.start or (f"{entered:%H:%M}" if entered.date().isoformat() == row.service_date else "")
    named = labels.outcomes.get(row.outcome, "") if row.outcome != OTHER else ""
    return DayRow(row, time, bool(row.start), labels.title, named or row.outcome_words)


def month_so_far(desk: Desk, month: Month, login: str = "") -> MonthSoFar:
    """The minutes of a month by day, of one login or of everybody."""
    wanted = ActivityFilter(month.first.isoformat(), month.last.isoformat(), staff=login)
    by_day, count = [0] * month.last.day, 0
    for day, activities_of_day, minutes in minutes_by(desk.store, "service_date", wanted):
        by_day[int(day[-2:]) - 1] = minutes
        count += activities_of_day
    return MonthSoFar(month, count, sum(by_day), tuple(by_day))
