"""Each measure of a month, worked out from sums that the store hands over; see casemgr.core.insights.

What is common to all of them stands in that module's docstring, what is counted how in each function's own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

from casemgr.core.insights import (
    BOOKED_WITHIN,
    FollowUps,
    Group,
    KindOutcomes,
    OutcomeSum,
    Outreach,
    Rate,
    RateTrend,
    Trend,
    Week,
    Weekday,
    median,
    rate_trend,
    rounded,
    trend,
    usual,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from casemgr.core.dates import Month
    from casemgr.core.insights import DaySum, DueSum, WorkSum
    from casemgr.core.kinds import Kinds

TOLD = {
    "minutes": "Minutes and activities of the month's service dates as they stand in the log, drafts among "
    "them, voided ones not.",
    "weeks": "Weeks run from Monday to Sunday and are numbered as in ISO 8601. Of a week that lies in two "
    "months only the days of this month count, so that the weeks together are the month.",
    "outcomes": "Signed activities of the month by outcome; the share is of the kind's signed activities.",
    "reached": "Contact reached: of the signed activities whose outcome says whether somebody was reached, "
    "those that reached somebody. “Other” does not say.",
    "booked": "Booked after outreach: of the patients with signed outreach in the month, those who had a "
    f"visit booked within {BOOKED_WITHIN} days of the month's first try, that day included, by whomever and "
    f"in whatever kind of work. Patients whose {BOOKED_WITHIN} days are not over are not in the rate. With "
    "one member of staff, the patients are those whom that person tried to reach. Each patient counts once a "
    "month.",
    "kept": "Follow-ups kept: of those that fell due in the month, that is before today, those done on their "
    "day or earlier. The day is the one that they were put off to, if they were; how many were is shown. "
    "With one member of staff they are those that are that person's to do now, whoever did them; with one "
    "kind, those that come from activities of that kind.",
    "days_late": "Median days late: of those done late. Those still open are not in it.",
    "usual": "The median of the up to twelve months before, under the same filter, from the first with "
    "anything in it. A month that is not over is left out, and below three months there is none.",
}
"""How each measure is counted, in the words of those who are measured; the exact ones stand below."""


def totals(sums: Iterable[WorkSum], months: Sequence[Month], today: date) -> tuple[Trend, Trend, int]:
    """Minutes and activities over the months, and how many of the last month's activities are drafts.

    Counts all activities of the sums, signed or not.
    """
    minutes, activities = Counter[str](), Counter[str]()
    drafts = 0
    for each in sums:
        minutes[each.month] += each.minutes
        activities[each.month] += each.activities
        if not each.signed and each.month == str(months[-1]):
            drafts += each.activities
    return trend(minutes, months, today), trend(activities, months, today), drafts


def groups(
    sums: Iterable[WorkSum],
    group_of: Callable[[WorkSum], str],
    titles: Callable[[str], str],
    months: Sequence[Month],
    today: date,
) -> list[Group]:
    """Minutes and activities by kind or by staff, in no order; those with work in any month are among them.

    Counts all activities of the sums, signed or not, so that the groups together are the month.
    """
    minutes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    activities = Counter[str]()
    month = str(months[-1])
    for each in sums:
        group = group_of(each)
        minutes[group][each.month] += each.minutes
        if each.month == month:
            activities[group] += each.activities
    whole = sum(of_group[month] for of_group in minutes.values())
    return [
        Group(
            group,
            titles(group),
            activities[group],
            of_group[month],
            Rate(of_group[month], whole),
            trend(of_group, months, today),
        )
        for group, of_group in minutes.items()
    ]


def weeks(days: Iterable[DaySum], month: Month) -> tuple[Week, ...]:
    """The month's ISO weeks, each with the days that lie in the month: together they are the month."""
    sums = {each.day: each for each in days}
    found = []
    first = month.first
    while first <= month.last:
        last = min(first + timedelta(days=6 - first.weekday()), month.last)
        year, number, _ = first.isocalendar()
        of_week = [sums.get(day.isoformat()) for day in days_between(first, last)]
        found.append(
            Week(
                year,
                number,
                first,
                last,
                sum(each.activities for each in of_week if each),
                sum(each.minutes for each in of_week if each),
            )
        )
        first = last + timedelta(days=1)
    return tuple(found)


def weekdays(days: Iterable[DaySum], month: Month, today: date) -> tuple[Weekday, ...]:
    """The month by weekday, with how many of each have been: fives and fours do not compare as they are."""
    activities, minutes = Counter[int](), Counter[int]()
    for each in days:
        number = date.fromisoformat(each.day).weekday()
        activities[number] += each.activities
        minutes[number] += each.minutes
    been = Counter(day.weekday() for day in days_between(month.first, min(month.last, today)))
    return tuple(Weekday(n, been[n], activities[n], minutes[n]) for n in range(7))


def days_between(first: date, last: date) -> list[date]:
    """Both ends included; none where the last lies before the first."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def reached(sums: Iterable[WorkSum], kinds: Kinds, months: Sequence[Month], today: date) -> RateTrend:
    """Contact reached.

    Numerator: signed activities whose outcome is declared with `contact = true`. Denominator: signed
    activities whose outcome is declared with `contact`, true or false. `other`, and an outcome that its kind
    no longer declares, tell nothing and are in neither.
    """
    told = contacts(kinds)
    parts, wholes = Counter[str](), Counter[str]()
    for each in sums:
        contact = told.get((each.kind, each.outcome)) if each.signed else None
        if contact is not None:
            wholes[each.month] += each.activities
            parts[each.month] += each.activities if contact else 0
    return rate_trend(parts, wholes, months, today)


def contacts(kinds: Kinds) -> dict[tuple[str, str], bool]:
    """Whether an outcome means contact, by kind and outcome id; those that do not tell are left out."""
    return {
        (kind.kind, outcome.id): outcome.contact
        for kind in kinds
        for outcome in kind.outcomes
        if outcome.contact is not None
    }


def outcomes(sums: Iterable[WorkSum], kinds: Kinds, month: Month) -> tuple[KindOutcomes, ...]:
    """The month's signed activities by kind and outcome.

    A share's numerator: signed activities of the kind with that outcome. Denominator: all signed activities
    of the kind, so that the shares of a kind are one. For `reached` see the function of that name.
    """
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    minutes = Counter[tuple[str, str]]()
    for each in sums:
        if each.signed and each.month == str(month):
            counted[each.kind][each.outcome] += each.activities
            minutes[each.kind, each.outcome] += each.minutes
    found = []
    for kind_id, of_kind in counted.items():
        kind, whole = kinds.kept(kind_id), of_kind.total()
        rows = []
        for outcome_id, count in sorted(of_kind.items(), key=lambda item: (-item[1], item[0])):
            outcome = kind.outcome(outcome_id)
            rows.append(
                OutcomeSum(
                    outcome_id,
                    outcome.label if outcome else outcome_id,
                    outcome.contact if outcome else None,
                    outcome.booked if outcome else False,
                    count,
                    minutes[kind_id, outcome_id],
                    Rate(count, whole),
                )
            )
        telling = [row for row in rows if row.contact is not None]
        rate = Rate(
            sum(row.activities for row in telling if row.contact), sum(row.activities for row in telling)
        )
        found.append(KindOutcomes(kind_id, kind.title, whole, rate, tuple(rows)))
    return tuple(sorted(found, key=lambda one: (one.title, one.kind)))


def booked_after(
    tries: Iterable[tuple[str, str, str]],
    bookings: Iterable[tuple[str, str]],
    months: Sequence[Month],
    today: date,
    within: int,
) -> Outreach:
    """Booked after outreach.

    A patient belongs to a month in which there is a signed activity of an outreach kind for them; their days
    run from the first such activity in that month, that day and the `within` days after it. Denominator:
    patients of the month whose days are all over. Numerator: those of them with a signed activity, of any
    kind and by anybody, on one of their days, whose outcome is declared with `booked = true`; the outreach's
    own is one of these. Order within a day is not looked at, since a start is often not written. A patient
    with outreach in two months belongs to both, with days of its own in each. A month is in the median when
    the days of a try on its last day are over.

    Args:
        tries: month's text, patient's id, and ISO day of the first outreach, once a patient and month.
        bookings: patient's id and ISO day, over all days that matter.
        months: the oldest first, the month asked for last.
        today: in the practice's time zone; a patient's days are over when the last of them lies before it.
        within: days after the first try.
    """
    booked: defaultdict[str, list[str]] = defaultdict(list)
    for patient, day in bookings:
        booked[patient].append(day)
    parts, wholes = Counter[str](), Counter[str]()
    patients = waiting = waiting_booked = 0
    over_before = (today - timedelta(days=within)).isoformat()
    last_days: dict[str, str] = {}
    asked = str(months[-1])
    for month, patient, first in tries:
        found = False
        if patient in booked:
            last = last_days.get(first)
            if last is None:
                last = last_days[first] = (date.fromisoformat(first) + timedelta(days=within)).isoformat()
            found = any(first <= day <= last for day in booked[patient])
        over = first < over_before
        if over:
            wholes[month] += 1
            parts[month] += found
        if month == asked:
            patients += 1
            waiting += not over
            waiting_booked += found and not over
    return Outreach(
        within,
        rate_trend(parts, wholes, months, today - timedelta(days=within)),
        patients,
        waiting,
        waiting_booked,
        months[-1].last + timedelta(days=within + 1),
    )


def follow_ups_kept(due: Iterable[DueSum], put_off: int, months: Sequence[Month], today: date) -> FollowUps:
    """Follow-ups kept.

    Denominator: follow-ups whose due date lies in the month and before today. Numerator: those of them that
    were done on their due date or earlier. The due date is the one that they have now; `put_off` says how
    many would have been due earlier. Late: done after it; days late are from it to the day on which it was
    done. Open: not done. One due today may still be done on time, so it is ahead, as those after it are.

    Args:
        due: of all the months.
        put_off: of those of the last month that fell due, how many had an earlier due date before.
        months: the oldest first, the month asked for last.
        today: in the practice's time zone.
    """
    parts, wholes = Counter[str](), Counter[str]()
    lateness: defaultdict[str, list[int]] = defaultdict(list)
    late = Counter[str]()
    asked, now = str(months[-1]), today.isoformat()
    ahead = oldest_open = 0
    for each in due:
        month = each.due_date[:7]
        if each.due_date >= now:
            ahead += each.follow_ups if month == asked else 0
            continue
        wholes[month] += each.follow_ups
        if not each.done_on:
            if month == asked:
                oldest_open = max(oldest_open, days_from(each.due_date, today))
        elif each.done_on <= each.due_date:
            parts[month] += each.follow_ups
        else:
            late[month] += each.follow_ups
            days = days_from(each.due_date, date.fromisoformat(each.done_on))
            lateness[month] += [days] * each.follow_ups
    return FollowUps(
        rate_trend(parts, wholes, months, today),
        parts[asked],
        late[asked],
        wholes[asked] - parts[asked] - late[asked],
        ahead,
        put_off,
        median_days_late(lateness, months, today),
        oldest_open,
    )


def days_from(due_date: str, day: date) -> int:
    """Days from an ISO date to another day."""
    return (day - date.fromisoformat(due_date)).days


def median_days_late(lateness: Mapping[str, list[int]], months: Sequence[Month], today: date) -> Trend:
    """The median days late of each month's follow-ups that were done late; None where there are none.

    The median of the months before is that of their medians.
    """
    middles = [median(lateness.get(str(month), ())) for month in months]
    before = [
        middle
        for month, middle in zip(months[:-1], middles[:-1], strict=True)
        if middle is not None and month.last < today
    ]
    return Trend(tuple(None if middle is None else rounded(middle) for middle in middles), usual(before))
