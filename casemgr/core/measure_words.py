"""A month's measures in words, for both faces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.dates import WEEKDAY_NAMES, format_us

if TYPE_CHECKING:
    from casemgr.core.insights import FollowUps, OutcomeSum, Outreach, Rate, Week

NOT_YET = "not enough yet"
"""Instead of a median, below as many months as make one."""


def percent(rate: Rate) -> str:
    """`62 %`; a dash where there are no cases."""
    return "–" if rate.percent is None else f"{rate.percent} %"


def usual_words(usual: int | None, unit: str = "") -> str:
    """`1,320`, `62 %`, or that there is none yet."""
    return NOT_YET if usual is None else f"{usual:,}{unit}"


def span(week: Week) -> str:
    """`Thu 10/1 – Sun 10/4`, or one day alone."""
    days = (week.first, week.last)[: week.days]
    return " – ".join(f"{WEEKDAY_NAMES[day.weekday()][:3]} {day.month}/{day.day}" for day in days)


def counts_as(outcome: OutcomeSum) -> str:
    """`booked`, `contact`, `no contact`; empty where it does not tell."""
    return "booked" if outcome.booked else {True: "contact", False: "no contact", None: ""}[outcome.contact]


def outreach_facts(outreach: Outreach | None) -> list[tuple[str, str]]:
    """What stands behind booked after outreach: who was tried, and who is not in the rate yet."""
    if outreach is None or not outreach.patients:
        return []
    rate = outreach.trend.now
    told = f"; {rate.part:,} of {rate.whole:,} booked" if rate.whole else ", too early to say"
    facts = [("Outreach", f"{outreach.patients:,} {'patient' + 's' * (outreach.patients > 1)}{told}")]
    if outreach.waiting:
        waiting = (
            f"{outreach.waiting:,} whose {outreach.within} days are not over, {outreach.waiting_booked:,} "
            f"booked so far; final on {format_us(outreach.final_on)}"
        )
        facts.append(("Not counted", waiting))
    return facts


def follow_up_facts(kept: FollowUps) -> list[tuple[str, str]]:
    """What stands behind follow-ups kept: what became of those that fell due."""
    facts: list[tuple[str, str]] = []
    due = kept.trend.now.whole
    if due:
        facts.append(("Follow-ups", f"{due:,} fell due; {kept.on_time:,} done on time, {kept.late:,} late"))
        oldest = "1 day" if kept.oldest_open == 1 else f"{kept.oldest_open:,} days"
        facts.append(("Still open", f"{kept.open:,}, the oldest for {oldest}" if kept.open else ""))
        facts.append(("Put off", f"{kept.put_off:,} of them had been due earlier" if kept.put_off else ""))
    facts.append(("Ahead", f"{kept.ahead:,} due today or later, not counted" if kept.ahead else ""))
    return [(label, words) for label, words in facts if words]
