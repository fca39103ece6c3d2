"""A month's measures as figures to look at: months beside each other, or bars, and the numbers behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.dates import WEEKDAY_NAMES
from casemgr.core.measure_words import (
    counts_as,
    follow_up_facts,
    outreach_facts,
    percent,
    span,
    usual_words,
)
from casemgr.core.measures import TOLD

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from casemgr.core.dates import Month
    from casemgr.core.insights import Group, Insights, KindOutcomes, Outreach, RateTrend, Trend, Weekday


USUAL = f"Usual is {TOLD['usual'][0].lower()}{TOLD['usual'][1:]}"
"""What is meant by usual, to go on after what a figure means."""


class Columns(NamedTuple):
    """A value a month, the oldest first, the month that is asked for last."""

    months: tuple[Month, ...]
    values: tuple[int | None, ...]
    """None where there is nothing to show."""
    usual: int | None
    top: int
    """What the highest column stands for; 100 for percents."""
    unit: str = ""
    """Stands after each value: ` %`."""


class Bar(NamedTuple):
    """A bar and what stands beside it."""

    label: str
    value: int
    shown: str
    usual: int | None = None
    """Marked on it."""
    beside: str = ""
    """What else stands there where there is room."""


class Bars(NamedTuple):
    """Bars below each other."""

    bars: tuple[Bar, ...]
    unit: str = ""
    """What the values are: minutes, cases."""

    @property
    def top(self) -> int:
        """What the longest stands for."""
        return max((max(bar.value, bar.usual or 0) for bar in self.bars), default=0)


class Numbers(NamedTuple):
    """The same as a table."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Figure(NamedTuple):
    """Something that was measured."""

    key: str
    title: str
    now: str
    """Its value in the month; empty where it is several."""
    usual: str
    few: bool
    """Whether it is a rate of so few cases that one more or less moves it."""
    chart: Columns | Bars
    numbers: Numbers
    facts: tuple[tuple[str, str], ...]
    """What stands behind it, with how many cases there are."""
    means: str
    """How it is counted."""


def figures_of(found: Insights) -> list[tuple[str, list[Figure]]]:
    """All figures of a month, in two sections: beside the months before, and what it was made of."""
    drafts = "1 is a draft" if found.drafts == 1 else f"{found.drafts:,} are drafts"
    told = f"{found.activities.now or 0:,}" + (f", of which {drafts}" if found.drafts else "")
    kept, outreach = found.follow_ups, found.outreach
    late = (("Late", f"{kept.late:,} done late"),) if kept.late else ()
    beside = [
        count_figure(found, "minutes", "Minutes", found.minutes, (("Activities", told),), TOLD["minutes"]),
        count_figure(found, "activities", "Activities", found.activities, (), TOLD["minutes"]),
        rate_figure(found, "reached", "Contact reached", found.reached, (), TOLD["reached"]),
        *booked_figure(found, outreach),
        rate_figure(found, "kept", "Follow-ups kept", kept.trend, tuple(follow_up_facts(kept)), TOLD["kept"]),
        count_figure(found, "late", "Median days late", kept.days_late, late, TOLD["days_late"]),
    ]
    made_of = [
        groups_figure("kinds", "By kind", found.by_kind),
        groups_figure("staff", "By staff", found.by_staff),
        weeks_figure(found),
        weekdays_figure(found.weekdays),
    ]
    came_of = [outcomes_figure(one) for one in found.outcomes]
    return [
        ("Beside the months before", beside),
        ("Minutes of the month", [one for one in made_of if one.numbers.rows]),
        ("Outcomes, and contact reached", came_of),
    ]


def booked_figure(found: Insights, outreach: Outreach | None) -> list[Figure]:
    """Booked after outreach, where there is any outreach."""
    if outreach is None:
        return []
    facts = tuple(outreach_facts(outreach))
    title = "Booked after outreach"
    return [rate_figure(found, "booked", title, outreach.trend, facts, TOLD["booked"])]


def count_figure(
    found: Insights, key: str, title: str, trend: Trend, facts: Iterable[tuple[str, str]], means: str
) -> Figure:
    """A count over the months."""
    values = trend.values
    return Figure(
        key,
        title,
        "–" if trend.now is None else f"{trend.now:,}",
        "" if trend.usual is None else f"{trend.usual:,}",
        few=False,
        chart=Columns(found.months, values, trend.usual, max((each or 0 for each in values), default=0)),
        numbers=Numbers(
            ("Month", title),
            tuple(
                (month.title, "–" if value is None else f"{value:,}")
                for month, value in reversed(list(zip(found.months, values, strict=True)))
            ),
        ),
        facts=(*facts, ("Usual", usual_words(trend.usual))),
        means=f"{means} {USUAL}",
    )


def rate_figure(
    found: Insights, key: str, title: str, trend: RateTrend, facts: Iterable[tuple[str, str]], means: str
) -> Figure:
    """A rate over the months, with how many cases each has."""
    now = trend.now
    few = bool(now.whole and now.few)
    cases = f"{now.part:,} of {now.whole:,}" if now.whole else "none"
    return Figure(
        key,
        title,
        percent(now),
        "" if trend.usual is None else f"{trend.usual} %",
        few,
        chart=Columns(found.months, tuple(rate.percent for rate in trend.values), trend.usual, 100, " %"),
        numbers=Numbers(
            ("Month", title, "Cases"),
            tuple(
                (month.title, percent(rate), f"{rate.part:,} of {rate.whole:,}" if rate.whole else "")
                for month, rate in reversed(list(zip(found.months, trend.values, strict=True)))
            ),
        ),
        facts=(
            ("Cases", cases + (": so few that one more or less moves it" if few else "")),
            *facts,
            ("Usual", usual_words(trend.usual, " %")),
        ),
        means=f"{means} {USUAL}",
    )


def groups_figure(key: str, title: str, groups: Sequence[Group]) -> Figure:
    """Minutes by kind or staff, each beside its own median."""
    shown = [group for group in groups if group.minutes or group.trend.usual]
    return Figure(
        key,
        title,
        "",
        "",
        few=False,
        chart=Bars(
            tuple(
                Bar(
                    group.title,
                    group.minutes,
                    f"{group.minutes:,}  {percent(group.share):>5}",
                    group.trend.usual,
                )
                for group in shown
            ),
            "minutes",
        ),
        numbers=Numbers(
            (title.removeprefix("By ").capitalize(), "Activities", "Minutes", "Usual", "Share"),
            tuple(
                (
                    group.title,
                    f"{group.activities:,}",
                    f"{group.minutes:,}",
                    "–" if group.trend.usual is None else f"{group.trend.usual:,}",
                    percent(group.share),
                )
                for group in groups
            ),
        ),
        facts=(),
        means=f"{TOLD['minutes']} {USUAL}",
    )


def weeks_figure(found: Insights) -> Figure:
    """Minutes by week."""
    worked = any(week.minutes for week in found.weeks)
    return Figure(
        "weeks",
        "By week",
        "",
        "",
        few=False,
        chart=Bars(
            tuple(
                Bar(f"W{week.number:02} {span(week)}", week.minutes, f"{week.minutes:,}")
                for week in found.weeks
            ),
            "minutes",
        ),
        numbers=Numbers(
            ("Week", "Days", "Activities", "Minutes"),
            tuple(
                (f"W{week.number:02}", span(week), f"{week.activities:,}", f"{week.minutes:,}")
                for week in found.weeks
                if worked
            ),
        ),
        facts=(),
        means=TOLD["weeks"],
    )


def weekdays_figure(weekdays: Sequence[Weekday]) -> Figure:
    """Minutes a weekday has on average."""
    been = [(day, day.average) for day in weekdays if day.average is not None]
    worked = any(average for _, average in been)
    return Figure(
        "weekdays",
        "By weekday",
        "",
        "",
        few=False,
        chart=Bars(
            tuple(Bar(WEEKDAY_NAMES[day.number], average, f"{average:,} a day") for day, average in been),
            "minutes a day",
        ),
        numbers=Numbers(
            ("Weekday", "Days", "Activities", "Minutes", "Min a day"),
            tuple(
                (
                    WEEKDAY_NAMES[day.number],
                    f"{day.days}",
                    f"{day.activities:,}",
                    f"{day.minutes:,}",
                    f"{average:,}",
                )
                for day, average in been
                if worked
            ),
        ),
        facts=(),
        means="Minutes of all Mondays together by the number of Mondays that have been, and so on. "
        + TOLD["minutes"],
    )


def outcomes_figure(one: KindOutcomes) -> Figure:
    """What came of a kind's signed activities."""
    return Figure(
        f"outcomes {one.kind}",
        one.title,
        percent(one.reached) if one.reached.whole else "",
        "",
        few=bool(one.reached.whole and one.reached.few),
        chart=Bars(
            tuple(
                Bar(
                    outcome.label,
                    outcome.activities,
                    f"{outcome.activities:,}  {percent(outcome.share):>5}",
                    beside=counts_as(outcome),
                )
                for outcome in one.outcomes
            ),
            "signed activities",
        ),
        numbers=Numbers(
            ("Outcome", "Counts as", "Cases", "Share", "Minutes"),
            tuple(
                (
                    outcome.label,
                    counts_as(outcome),
                    f"{outcome.activities:,}",
                    percent(outcome.share),
                    f"{outcome.minutes:,}",
                )
                for outcome in one.outcomes
            ),
        ),
        facts=(
            ("Cases", f"{one.activities:,} signed"),
            (
                "Reached",
                f"{one.reached.part:,} of {one.reached.whole:,}" if one.reached.whole else "none tells",
            ),
        ),
        means=f"{TOLD['outcomes']} {TOLD['reached']}",
    )
