"""What a month came to beside the months before: tables with small bars, or JSON."""

from __future__ import annotations

from datetime import date
from textwrap import fill
from typing import TYPE_CHECKING, Any

import click

from casemgr.cli.options import json_option, the_month, with_desk
from casemgr.cli.output import show, show_facts, show_json, show_table, unicode_output
from casemgr.core.measure_words import (
    counts_as,
    follow_up_facts,
    outreach_facts,
    percent,
    span,
    usual_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from casemgr.core.insights import (
        FollowUps,
        Group,
        Insights,
        KindOutcomes,
        Outreach,
        RateTrend,
        Trend,
    )
    from casemgr.services.desk import Desk

BAR = 12
"""The longest bar, in characters."""

LEVELS, PLAIN_LEVELS = "▁▂▃▄▅▆▇█", "_.-:=+*#"
"""Heights of a trend, lowest first; the second where the output cannot show the first."""

WIDTH = 78


@click.command(name="insights")
@click.argument("month", default="")
@click.option("--staff", default="", metavar="LOGIN", help="Only one person's work and follow-ups.")
@click.option("--kind", default="", help="Only one kind of activity, by any word for it.")
@click.option("--explain", is_flag=True, help="Say below how each figure is counted.")
@json_option
@with_desk
def insights_command(desk: Desk, month: str, staff: str, kind: str, explain: bool, as_json: bool) -> None:
    """Show what a month came to, beside the twelve months before.

    \b
    Examples:
      casemgr report insights
      casemgr report insights 2026-10 --staff tchen
      casemgr report insights 2026-10 --kind "missed visit" --explain
      casemgr report insights 2026-10 --json

    Minutes and activities by kind, staff, week and weekday; outcomes by kind; how many patients had a visit
    booked within 30 days of outreach; how many follow-ups were done in time. “Usual” is the median of the
    months before, as soon as there are three. Of rates, those of fewer than ten cases bear a *.
    """
    from casemgr.services.insights import insights

    found = insights(desk, the_month(desk, month), staff=staff, kind=kind)
    if as_json:
        from casemgr.core.measures import TOLD

        show_json({**as_value(found), "measures": dict(TOLD)})
        return
    show_heading(found)
    show_summary(found)
    show_rest(found.outreach, found.follow_ups)
    show_groups("Kind", found.by_kind)
    show_groups("Staff", found.by_staff)
    show_weeks(found)
    show_weekdays(found)
    for one in found.outcomes:
        show_outcomes(one)
    if explain:
        show_measures()


def as_value(value: Any) -> Any:
    """A measure as JSON: dates and months ISO, named tuples by their names, with what they work out."""
    from casemgr.core.dates import Month
    from casemgr.core.insights import Insights, Rate, Week, Weekday

    if isinstance(value, (date, Month)):
        return str(value)
    if not isinstance(value, tuple):
        return value
    if not hasattr(value, "_asdict"):
        return [as_value(each) for each in value]
    worked_out = {
        Rate: ("percent", "few"),
        Week: ("days",),
        Weekday: ("average",),
        Insights: ("over", "days_so_far"),
    }
    fields = {name: as_value(each) for name, each in value._asdict().items()}
    return fields | {name: getattr(value, name) for name in worked_out.get(type(value), ())}


def show_heading(found: Insights) -> None:
    """Which month, and whose work."""
    so_far = "" if found.over else f", {found.days_so_far} of {found.month.last.day} days so far"
    drafts = "1 draft" if found.drafts == 1 else f"{found.drafts:,} drafts"
    show_facts(
        (
            ("Month", found.month.title + so_far),
            ("Staff", f"{found.staff_name} ({found.staff})" if found.staff else "everybody"),
            ("Kind", found.kind_title or "all"),
            ("Not signed", f"{drafts}, in minutes and activities only" if found.drafts else ""),
        )
    )


def show_summary(found: Insights) -> None:
    """The month's own figures, each beside its median and its months."""
    late, kept = found.follow_ups.days_late, found.follow_ups.trend
    booked = found.outreach.trend if found.outreach else None
    rows = (
        count_row("Minutes", found.minutes),
        count_row("Activities", found.activities),
        rate_row("Contact reached", found.reached),
        *((rate_row("Booked after outreach", booked),) if booked else ()),
        rate_row("Follow-ups kept", kept),
        count_row("Median days late", late, f"{found.follow_ups.late:,}" if found.follow_ups.late else ""),
    )
    show()
    show_table(
        ("", "Month", "Cases", "Usual", f"{len(found.months)} months"),
        rows,
        right=("Month", "Cases", "Usual"),
    )


def count_row(label: str, trend: Trend, cases: str = "") -> tuple[str, str, str, str, str]:
    """A count in the summary."""
    now = "– " if trend.now is None else f"{trend.now:,} "
    return label, now, cases, usual_words(trend.usual), sparkline(trend.values)


def rate_row(label: str, trend: RateTrend) -> tuple[str, str, str, str, str]:
    """A rate in the summary."""
    return (
        label,
        percent(trend.now) + ("*" if trend.now.whole and trend.now.few else " "),
        f"{trend.now.part:,} of {trend.now.whole:,}" if trend.now.whole else "",
        usual_words(trend.usual, " %"),
        sparkline((rate.percent for rate in trend.values), most=100),
    )


def show_rest(outreach: Outreach | None, kept: FollowUps) -> None:
    """What stands behind the two rates: who is not in them yet, and what became of the others."""
    facts = [*outreach_facts(outreach), *follow_up_facts(kept)]
    if facts:
        show()
        show_facts(facts)


def show_groups(heading: str, groups: Sequence[Group]) -> None:
    """Minutes by kind or staff."""
    if not groups:
        return
    most = max(group.minutes for group in groups)
    show()
    show_table(
        (heading, "Activities", "Min", "Usual", "Share", ""),
        (
            (
                group.title,
                f"{group.activities:,}",
                f"{group.minutes:,}",
                "–" if group.trend.usual is None else f"{group.trend.usual:,}",
                "–" if group.share.percent is None else f"{group.share.percent} %",
                bar(group.minutes, most),
            )
            for group in groups
        ),
        right=("Activities", "Min", "Usual", "Share"),
    )


def show_weeks(found: Insights) -> None:
    """Minutes by week, each with the days that lie in the month."""
    most = max(week.minutes for week in found.weeks)
    show()
    show_table(
        ("Week", "Days", "Activities", "Min", ""),
        (
            (
                f"W{week.number:02}",
                span(week),
                f"{week.activities:,}",
                f"{week.minutes:,}",
                bar(week.minutes, most),
            )
            for week in found.weeks
        ),
        right=("Activities", "Min"),
    )


def show_weekdays(found: Insights) -> None:
    """Minutes by weekday: of all of them together, and of one on average."""
    from casemgr.core.dates import WEEKDAY_NAMES

    been = [(day, day.average) for day in found.weekdays if day.average is not None]
    most = max((average for _, average in been), default=0)
    if not most:
        return
    show()
    show_table(
        ("Weekday", "Days", "Activities", "Min", "Min a day", ""),
        (
            (
                WEEKDAY_NAMES[day.number],
                day.days,
                f"{day.activities:,}",
                f"{day.minutes:,}",
                f"{average:,}",
                bar(average, most),
            )
            for day, average in been
        ),
        right=("Days", "Activities", "Min", "Min a day"),
    )


def show_outcomes(one: KindOutcomes) -> None:
    """What came of a kind's signed activities."""
    most = max(outcome.activities for outcome in one.outcomes)
    show()
    show_table(
        (one.title, "Counts as", "Cases", "Share", ""),
        (
            (
                outcome.label,
                counts_as(outcome),
                f"{outcome.activities:,}",
                percent(outcome.share),
                bar(outcome.activities, most, width=8),
            )
            for outcome in one.outcomes
        ),
        right=("Cases", "Share"),
    )


def show_measures() -> None:
    """How each figure is counted."""
    from casemgr.core.measures import TOLD

    for told in TOLD.values():
        show()
        show(fill(told, WIDTH))


def bar(value: int, most: int, width: int = BAR) -> str:
    """A bar as long as the value's part of the most; what is not nothing is seen."""
    if not value:
        return ""
    eighths = max(1, value * width * 8 // most)
    if not unicode_output():
        return "#" * max(1, eighths // 8)
    full, rest = divmod(eighths, 8)
    return "█" * full + ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")[rest]


def sparkline(values: Iterable[int | None], most: int | None = None) -> str:
    """A character a month, as high as its value; a dot where there is none."""
    shown = list(values)
    top = most or max((value for value in shown if value is not None), default=0)
    levels, none = (LEVELS, "·") if unicode_output() else (PLAIN_LEVELS, " ")
    return "".join(
        none if value is None else levels[min(7, value * 8 // top) if top else 0] for value in shown
    )
