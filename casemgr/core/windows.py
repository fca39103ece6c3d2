"""Limits of payers as spans of days: what counts together with a date, and when the next unit fits. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from casemgr.core.payer_rules import Limit

_DAY = timedelta(days=1)


class Units(NamedTuple):
    """Units that were rendered on a date."""

    day: date
    number: int
    episode: str = ""
    """The case to which they belong; empty where there is none."""


class Window(NamedTuple):
    """A span of days within which units count together, both ends included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.first <= day <= self.last


def year_day(year: int, month_day: str) -> date:
    """A day of the calendar in a year, such as `02-29`; where there is none, the first of the next month."""
    month, day = int(month_day[:2]), int(month_day[3:])
    try:
        return date(year, month, day)
    except ValueError:
        return date(year + month // 12, month % 12 + 1, 1)


def year_around(day: date, month_day: str) -> Window:
    """The year that begins on a day of the calendar, such as `07-01`, and holds a date."""
    first = year_day(day.year, month_day)
    if first > day:
        return Window(year_day(day.year - 1, month_day), first - _DAY)
    return Window(first, year_day(day.year + 1, month_day) - _DAY)


def month_around(day: date) -> Window:
    """The calendar month of a date."""
    first = day.replace(day=1)
    return Window(first, date(day.year + day.month // 12, day.month % 12 + 1, 1) - _DAY)


def window_of(limit: Limit, day: date, benefit_year: str, first_service: date) -> Window:
    """The span of a limit that a date belongs to; of a rolling one, the one that ends on it.

    A service year begins on the day of the first service and on that day of every year after. An episode has
    no days of its own: its window is all time.

    Args:
        limit: the limit.
        day: the date.
        benefit_year: month and day on which the payer's benefit year begins.
        first_service: the patient's first service under the limit, not after the date.
    """
    if limit.per == "day":
        return Window(day, day)
    if limit.per == "days":
        return Window(day - (limit.days - 1) * _DAY, day)
    if limit.per == "month":
        return month_around(day)
    if limit.per == "calendar_year":
        return Window(date(day.year, 1, 1), date(day.year, 12, 31))
    if limit.per == "benefit_year":
        return year_around(day, benefit_year)
    if limit.per == "service_year":
        return year_around(day, f"{first_service:%m-%d}")
    return Window(date.min, date.max)


def used_beside(
    limit: Limit, day: date, others: Sequence[Units], benefit_year: str, episode: str = ""
) -> tuple[int, Window]:
    """The most units that other work takes of any span of a limit that holds a date, and that span.

    Args:
        limit: the limit.
        day: the date of the unit that is asked about.
        others: the units that go before it, in any order.
        benefit_year: month and day on which the payer's benefit year begins.
        episode: the case to which the unit belongs, for limits by episode.
    """
    if limit.per == "episode":
        return sum(one.number for one in others if one.episode == episode), Window(date.min, date.max)
    first = min((one.day for one in others if one.day <= day), default=day)
    ends = [day]
    if limit.per == "days":
        # Units on later days that count already may be in one span with this date as well.
        ends += {one.day for one in others if day < one.day < day + limit.days * _DAY}
    found = []
    for end in ends:
        window = window_of(limit, end, benefit_year, first)
        found.append((sum(one.number for one in others if window.holds(one.day)), window))
    return max(found, key=lambda one: one[0])


def next_eligible(
    limit: Limit, day: date, units: Iterable[Units], benefit_year: str, count: int = 1
) -> date | None:
    """The first date from a day on, on which so many units more fit in; None where none ever does.

    Args:
        limit: the limit; of an episode, only another one helps.
        day: the first date that is asked about.
        units: the units that count already.
        benefit_year: month and day on which the payer's benefit year begins.
        count: how many units are to fit.
    """
    held = list(units)
    if limit.per == "episode" or count > limit.count:
        return None
    if limit.per == "days":
        # Room is made only where the days behind a unit are over.
        candidates = sorted({day, *(one.day + limit.days * _DAY for one in held)})
        for each in candidates:
            if each >= day and used_beside(limit, each, held, benefit_year)[0] + count <= limit.count:
                return each
        return None
    each = day
    # Every turn goes to a later span, and only a span that holds units can be full.
    for _ in range(len(held) + 1):
        used, window = used_beside(limit, each, held, benefit_year)
        if used + count <= limit.count:
            return each
        each = window.last + _DAY
    return None
