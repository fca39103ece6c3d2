"""What a month's work came to, measured so that it may be shown to those who did it.

What is common to all measures (casemgr.core.measures):

- A month is its service dates, both ends included; follow-ups belong to the month in which they are due.
- Voided records are in nothing. Minutes and activities are of the log as it stands, drafts among them; what
  came of the work (outcomes, contact, booked) is of signed work only, since a draft may have no outcome yet.
- A count stands beside each rate, and nothing is a rate of nothing.
- Beside each figure stand the twelve months before, under the same filter, and their median. A month takes
  part in it when it is over and not before the first of the thirteen in which there was anything to measure;
  below ENOUGH such months there is no median.
- Percents and medians are rounded to whole ones, halves upwards.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.dates import Month

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

MONTHS_BEFORE = 12
"""So many months stand beside the one that is asked for."""

ENOUGH = 3
"""Fewer months make no median."""

FEW = 10
"""A rate of fewer cases says little: one more or less moves it by over ten percent."""

BOOKED_WITHIN = 30
"""Days after the first try within which a visit counts as booked after it."""


class WorkSum(NamedTuple):
    """Activities that are alike, as the store sums them up."""

    month: str
    """`2026-10`"""
    kind: str
    outcome: str
    staff: str
    signed: int
    """1 for signed, 0 for drafts."""
    activities: int
    minutes: int


class DaySum(NamedTuple):
    """A day's activities and minutes."""

    day: str
    activities: int
    minutes: int


class DueSum(NamedTuple):
    """Follow-ups with the same due date that were done on the same day; `done_on` is empty for open ones."""

    due_date: str
    done_on: str
    follow_ups: int


class Rate(NamedTuple):
    """A part of a whole."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """Whole percents; None of nothing."""
        return rounded(Fraction(100 * self.part, self.whole)) if self.whole else None

    @property
    def few(self) -> bool:
        """Whether the whole is too small to be compared with anything."""
        return self.whole < FEW


class Trend(NamedTuple):
    """A count over the months, the oldest first, the month itself last."""

    values: tuple[int | None, ...]
    """None for months before there was anything, and where there was nothing to take a median of."""
    usual: int | None
    """The median of the months before; None below ENOUGH of them."""

    @property
    def now(self) -> int | None:
        """The month's own."""
        return self.values[-1]


class RateTrend(NamedTuple):
    """A rate over the months, the oldest first, the month itself last."""

    values: tuple[Rate, ...]
    usual: int | None
    """The median percent of the months before that have one; None below ENOUGH of them."""

    @property
    def now(self) -> Rate:
        """The month's own."""
        return self.values[-1]


class Group(NamedTuple):
    """The month's work of one kind, or of one member of staff."""

    id: str
    title: str
    activities: int
    minutes: int
    share: Rate
    """Its minutes of all minutes under the filter."""
    trend: Trend
    """Its minutes; they begin with the first of the thirteen months in which it has any."""


class Week(NamedTuple):
    """An ISO week (Monday to Sunday), cut to the days that lie in the month."""

    year: int
    """Of the week, which may be another than the month's at the turn of a year."""
    number: int
    first: date
    last: date
    activities: int
    minutes: int

    @property
    def days(self) -> int:
        """How many of its days lie in the month, 1 to 7."""
        return (self.last - self.first).days + 1


class Weekday(NamedTuple):
    """All Mondays of the month together, and so on."""

    number: int
    """0 for Monday."""
    days: int
    """How many of them have been, today included."""
    activities: int
    minutes: int

    @property
    def average(self) -> int | None:
        """Minutes of one of them; None where there has been none yet."""
        return rounded(Fraction(self.minutes, self.days)) if self.days else None


class OutcomeSum(NamedTuple):
    """The month's signed activities of a kind with one outcome."""

    id: str
    label: str
    """The id where its kind no longer has it."""
    contact: bool | None
    """Whether somebody was reached by it; None where it does not tell."""
    booked: bool
    """Whether a visit has a date by it."""
    activities: int
    minutes: int
    share: Rate
    """Its activities of the kind's signed ones."""


class KindOutcomes(NamedTuple):
    """What came of the month's signed activities of a kind."""

    kind: str
    title: str
    activities: int
    reached: Rate
    """Activities whose outcome means contact, of those whose outcome tells; see `measures.reached`."""
    outcomes: tuple[OutcomeSum, ...]
    """The most frequent first; those that did not occur are left out."""


class Outreach(NamedTuple):
    """What was booked after outreach; see `measures.booked_after`."""

    within: int
    """Days."""
    trend: RateTrend
    """Patients with a visit booked, of those whose days are over."""
    patients: int
    """All of the month's patients with outreach."""
    waiting: int
    """Those of them whose days are not over, so that they are not in the rate."""
    waiting_booked: int
    """Those of the waiting who have a visit booked already."""
    final_on: date
    """From this day on nobody of the month waits."""


class FollowUps(NamedTuple):
    """How the follow-ups were kept that fell due; see `measures.follow_ups_kept`."""

    trend: RateTrend
    """Done on time, of those that fell due."""
    on_time: int
    late: int
    """Done after their day."""
    open: int
    """Past their day and not done."""
    ahead: int
    """Of the month, but due today or later: they are not in the rate, done or not."""
    put_off: int
    """Of those that fell due, how many had been due on an earlier day before somebody put them off."""
    days_late: Trend
    """The median days late of those done late; None where there are none."""
    oldest_open: int
    """Days by which the oldest open one is past its day; 0 where none is open."""


class Insights(NamedTuple):
    """A month and the twelve before it, under one filter."""

    month: Month
    months: tuple[Month, ...]
    """The thirteen months, the oldest first; every `values` of a trend has one for each."""
    today: date
    staff: str
    """Login, or empty for everybody."""
    staff_name: str
    kind: str
    """Kind id, or empty for all."""
    kind_title: str
    minutes: Trend
    activities: Trend
    drafts: int
    """Of the activities, those not signed yet."""
    by_kind: tuple[Group, ...]
    """Kinds with work in any of the months, that with most minutes in this one first."""
    by_staff: tuple[Group, ...]
    """Staff with work in any of the months, by name: they are no ranking."""
    weeks: tuple[Week, ...]
    weekdays: tuple[Weekday, ...]
    """Monday first, always seven."""
    reached: RateTrend
    outcomes: tuple[KindOutcomes, ...]
    """Kinds with signed work in the month, by title."""
    outreach: Outreach | None
    """None where the filter's kind is no outreach, or no kind is."""
    follow_ups: FollowUps

    @property
    def over(self) -> bool:
        """Whether the month is over; else its counts are so far, and fall short of the months before."""
        return self.month.last < self.today

    @property
    def days_so_far(self) -> int:
        """How many days of the month have begun; 0 for one that lies ahead."""
        return max(0, min((self.today - self.month.first).days + 1, self.month.last.day))


def rounded(value: Fraction) -> int:
    """The nearest whole number, halves upwards."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def median(values: Iterable[int | Fraction]) -> Fraction | None:
    """The middle one, or the mean of the two in the middle; None of nothing."""
    inorder = sorted(values)
    if not inorder:
        return None
    half = len(inorder) // 2
    return Fraction(inorder[half] if len(inorder) % 2 else Fraction(inorder[half - 1] + inorder[half], 2))


def usual(values: Sequence[int | Fraction]) -> int | None:
    """The median of the months before as a whole number; None below ENOUGH of them."""
    middle = median(values) if len(values) >= ENOUGH else None
    return None if middle is None else rounded(middle)


def months_up_to(month: Month) -> tuple[Month, ...]:
    """The month with MONTHS_BEFORE before it, the oldest first."""
    at = month.year * 12 + month.month - 1
    # Earlier than 1900 there are no months.
    first = max(1900 * 12, at - MONTHS_BEFORE)
    return tuple(Month(each // 12, each % 12 + 1) for each in range(first, at + 1))


def trend(by_month: Mapping[str, int], months: Sequence[Month], today: date) -> Trend:
    """A count over the months; a month without any counts as 0 once there has been one with some.

    Args:
        by_month: the count of each month that has any, by its text.
        months: the oldest first, the month asked for last.
        today: months that are not over by then stand in the values and not in the median.
    """
    values: list[int | None] = []
    for month in months:
        count = by_month.get(str(month), 0)
        values.append(count if count or (values and values[-1] is not None) else None)
    before = [
        value
        for month, value in zip(months[:-1], values[:-1], strict=True)
        if value is not None and month.last < today
    ]
    return Trend((*values[:-1], by_month.get(str(months[-1]), 0)), usual(before))


def rate_trend(
    parts: Mapping[str, int], wholes: Mapping[str, int], months: Sequence[Month], settled_before: date
) -> RateTrend:
    """A rate over the months; a month without cases has no percent and is not in the median.

    Args:
        parts: by the month's text.
        wholes: by the month's text.
        months: the oldest first, the month asked for last.
        settled_before: only months whose last day lies before it are in the median.
    """
    rates = tuple(Rate(parts.get(str(month), 0), wholes.get(str(month), 0)) for month in months)
    before = [
        Fraction(100 * rate.part, rate.whole)
        for month, rate in zip(months[:-1], rates[:-1], strict=True)
        if rate.whole and month.last < settled_before
    ]
    return RateTrend(rates, usual(before))
