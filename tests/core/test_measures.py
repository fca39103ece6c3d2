"""Each measure against a recount of the single records that the sums were made of."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from operator import attrgetter
from statistics import median
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core import measures
from casemgr.core.dates import Month
from casemgr.core.insights import (
    BOOKED_WITHIN,
    DaySum,
    DueSum,
    FollowUps,
    Outreach,
    Rate,
    WorkSum,
    months_up_to,
)
from casemgr.core.kinds import Kinds
from casemgr.resources import load_toml_folder

KINDS = Kinds.load(load_toml_folder("schema/activities", None))
MONTH = Month(2024, 2)
"""With a leap day."""
MONTHS = months_up_to(MONTH)
LATER = date(2024, 6, 1)


class Work(NamedTuple):
    """One activity."""

    day: date
    kind: str
    outcome: str
    staff: str
    signed: int
    minutes: int


outcomes_of = {kind.kind: [outcome.id for outcome in kind.outcomes] for kind in KINDS} | {"gone": ["odd"]}
days = st.dates(MONTHS[0].first, MONTH.last)
month_days = st.dates(MONTH.first, MONTH.last)
todays = st.dates(MONTH.first - timedelta(days=40), MONTH.last + timedelta(days=80))
work = st.lists(
    st.sampled_from(sorted(outcomes_of)).flatmap(
        lambda kind: st.builds(
            Work,
            day=days | month_days,
            kind=st.just(kind),
            outcome=st.sampled_from(outcomes_of[kind]),
            staff=st.sampled_from(["amy", "bea"]),
            signed=st.integers(0, 1),
            minutes=st.integers(1, 720),
        )
    ),
    max_size=40,
)


def summed(each_work: list[Work]) -> list[WorkSum]:
    """What the store makes of activities."""
    alike: dict[tuple[str, str, str, str, int], list[int]] = {}
    for one in each_work:
        key = (str(Month.of(one.day)), one.kind, one.outcome, one.staff, one.signed)
        alike.setdefault(key, []).append(one.minutes)
    return [WorkSum(*key, len(minutes), sum(minutes)) for key, minutes in alike.items()]


def by_day(each_work: list[Work]) -> list[DaySum]:
    """What the store makes of a month's activities by day."""
    mine = [one for one in each_work if MONTH.contains(one.day)]
    return [
        DaySum(
            str(day),
            sum(one.day == day for one in mine),
            sum(one.minutes for one in mine if one.day == day),
        )
        for day in sorted({one.day for one in mine})
    ]


@given(work, todays)
def test_the_parts_together_are_the_month(each_work: list[Work], today: date) -> None:
    sums, by_days = summed(each_work), by_day(each_work)
    mine = [one for one in each_work if MONTH.contains(one.day)]
    minutes, activities, drafts = measures.totals(sums, MONTHS, today)
    whole = (len(mine), sum(one.minutes for one in mine))
    assert (activities.now, minutes.now) == whole
    assert drafts == sum(not one.signed for one in mine)
    parts = (
        measures.groups(sums, attrgetter("kind"), KINDS.title, MONTHS, today),
        measures.groups(sums, attrgetter("staff"), str.upper, MONTHS, today),
        measures.weeks(by_days, MONTH),
        measures.weekdays(by_days, MONTH, today),
    )
    for part in parts:
        assert (sum(one.activities for one in part), sum(one.minutes for one in part)) == whole
    for group in (*parts[0], *parts[1]):
        assert group.share == Rate(group.minutes, whole[1])
        assert group.trend.now == group.minutes
    for at, month in enumerate(MONTHS):
        for group in parts[0]:
            recount = sum(
                one.minutes for one in each_work if one.kind == group.id and month.contains(one.day)
            )
            assert (group.trend.values[at] or 0) == recount


@given(work)
def test_outcomes_are_of_signed_work_and_their_shares_make_one(each_work: list[Work]) -> None:
    signed = [one for one in each_work if one.signed and MONTH.contains(one.day)]
    found = measures.outcomes(summed(each_work), KINDS, MONTH)
    assert sum(kind.activities for kind in found) == len(signed)
    for kind in found:
        mine = [one for one in signed if one.kind == kind.kind]
        assert kind.activities == len(mine) == sum(row.activities for row in kind.outcomes)
        assert sum(row.minutes for row in kind.outcomes) == sum(one.minutes for one in mine)
        assert {row.share.whole for row in kind.outcomes} == {len(mine)}
        assert [row.activities for row in kind.outcomes] == sorted(
            (row.activities for row in kind.outcomes), reverse=True
        )
        for row in kind.outcomes:
            assert row.activities == sum(one.outcome == row.id for one in mine)
    reached = measures.reached(summed(each_work), KINDS, MONTHS, LATER)
    assert reached.now == Rate(
        sum(kind.reached.part for kind in found), sum(kind.reached.whole for kind in found)
    )


def test_an_outcome_that_nobody_declares_any_more_tells_nothing() -> None:
    sums = [
        WorkSum("2024-02", "gone", "odd", "amy", 1, 2, 10),
        WorkSum("2024-02", "referral", "x", "amy", 1, 1, 5),
    ]
    gone, referral = measures.outcomes(sums, KINDS, MONTH)
    assert (gone.title, gone.outcomes[0].label, gone.outcomes[0].contact, gone.reached) == (
        "Gone",
        "odd",
        None,
        Rate(0, 0),
    )
    assert (referral.outcomes[0].label, referral.outcomes[0].booked) == ("x", False)


# Weeks


@pytest.mark.parametrize(
    ("month", "weeks"),
    [
        (
            Month(2024, 2),
            ["2024-W05 1-4", "2024-W06 5-11", "2024-W07 12-18", "2024-W08 19-25", "2024-W09 26-29"],
        ),
        (
            Month(2026, 12),
            ["2026-W49 1-6", "2026-W50 7-13", "2026-W51 14-20", "2026-W52 21-27", "2026-W53 28-31"],
        ),
        (
            Month(2027, 1),
            ["2026-W53 1-3", "2027-W01 4-10", "2027-W02 11-17", "2027-W03 18-24", "2027-W04 25-31"],
        ),
        (
            Month(2024, 12),
            [
                "2024-W48 1-1",
                "2024-W49 2-8",
                "2024-W50 9-15",
                "2024-W51 16-22",
                "2024-W52 23-29",
                "2025-W01 30-31",
            ],
        ),
    ],
)
def test_weeks_are_cut_at_the_ends_of_the_month(month: Month, weeks: list[str]) -> None:
    found = measures.weeks([], month)
    assert [f"{w.year}-W{w.number:02} {w.first.day}-{w.last.day}" for w in found] == weeks
    assert sum(week.days for week in found) == month.last.day


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_each_day_lies_in_the_week_that_the_calendar_gives_it(day: date) -> None:
    (week,) = (one for one in measures.weeks([DaySum(str(day), 1, 30)], Month.of(day)) if one.activities)
    assert (week.year, week.number) == day.isocalendar()[:2]
    assert week.first <= day <= week.last
    assert week.first.weekday() == 0 or week.first.day == 1
    assert week.last.weekday() == 6 or week.last == Month.of(day).last


def test_weekdays_say_how_many_have_been() -> None:
    leap_day = DaySum("2024-02-29", 2, 61)
    assert [one.days for one in measures.weekdays([leap_day], MONTH, LATER)] == [4, 4, 4, 5, 4, 4, 4]
    thursday = measures.weekdays([leap_day], MONTH, LATER)[3]
    assert (thursday.activities, thursday.minutes, thursday.average) == (2, 61, 12)
    assert [one.days for one in measures.weekdays([], MONTH, date(2024, 2, 2))] == [0, 0, 0, 1, 1, 0, 0]
    ahead = measures.weekdays([], MONTH, date(2024, 1, 31))
    assert [(one.days, one.average) for one in ahead] == [(0, None)] * 7


# Booked after outreach


class Deed(NamedTuple):
    """A signed activity, as far as this measure looks at it."""

    patient: str
    day: date
    outreach: bool
    booked: bool


deeds = st.lists(
    st.builds(
        Deed,
        patient=st.sampled_from(["ana", "ben", "cy"]),
        day=st.dates(MONTHS[-3].first, MONTH.last + timedelta(days=40)),
        outreach=st.booleans(),
        booked=st.booleans(),
    ),
    max_size=25,
)


def after(each_deed: list[Deed], today: date) -> Outreach:
    """What is measured of deeds, from what the store would hand over."""
    tries: dict[tuple[str, str], str] = {}
    for deed in sorted(each_deed, key=attrgetter("day")):
        if deed.outreach and Month.of(deed.day) <= MONTH:
            tries.setdefault((str(Month.of(deed.day)), deed.patient), str(deed.day))
    return measures.booked_after(
        [(*key, day) for key, day in tries.items()],
        [(deed.patient, str(deed.day)) for deed in each_deed if deed.booked],
        MONTHS,
        today,
        BOOKED_WITHIN,
    )


@given(deeds, todays)
def test_booked_after_outreach_is_what_a_recount_by_hand_gives(each_deed: list[Deed], today: date) -> None:
    found = after(each_deed, today)
    for month, rate in zip(MONTHS, found.trend.values, strict=True):
        part = whole = waiting = waiting_booked = 0
        for patient in ("ana", "ben", "cy"):
            tries = [
                d.day for d in each_deed if d.outreach and d.patient == patient and month.contains(d.day)
            ]
            if not tries:
                continue
            end = min(tries) + timedelta(days=30)
            booked = any(d.booked and d.patient == patient and min(tries) <= d.day <= end for d in each_deed)
            if end < today:
                whole, part = whole + 1, part + booked
            else:
                waiting, waiting_booked = waiting + 1, waiting_booked + booked
        assert rate == Rate(part, whole)
        if month == MONTH:
            assert (found.waiting, found.waiting_booked) == (waiting, waiting_booked)
            assert found.patients == whole + waiting


@pytest.mark.parametrize(
    ("booked_on", "today", "rate", "waiting"),
    [
        ("2024-02-10", "2024-03-12", (1, 1), 0),  # the outreach itself booked it
        ("2024-03-11", "2024-03-12", (1, 1), 0),  # the last of the days; February has 29
        ("2024-03-12", "2024-03-13", (0, 1), 0),
        ("2024-02-09", "2024-03-12", (0, 1), 0),
        ("2024-02-10", "2024-03-11", (0, 0), 1),  # the last day is not over, so booked or not is not said
    ],
)
def test_the_days_after_a_try(booked_on: str, today: str, rate: tuple[int, int], waiting: int) -> None:
    tried = Deed("ana", date(2024, 2, 10), outreach=True, booked=False)
    booked = Deed("ana", date.fromisoformat(booked_on), outreach=False, booked=True)
    found = after([tried, booked], date.fromisoformat(today))
    assert (found.trend.now, found.waiting) == (Rate(*rate), waiting)


def test_a_patient_counts_once_a_month_from_the_first_try_and_in_each_month_anew() -> None:
    tries = [Deed("ana", day, outreach=True, booked=False) for day in (date(2024, 1, 2), date(2024, 1, 31))]
    tries += [Deed("ana", date(2024, 2, 27), outreach=True, booked=False)]
    booked = Deed("ana", date(2024, 2, 28), outreach=False, booked=True)
    found = after([*tries, booked], LATER)
    assert found.trend.values[-2:] == (Rate(0, 1), Rate(1, 1))
    assert found.patients == 1


def test_a_month_is_final_when_a_try_on_its_last_day_has_had_its_days() -> None:
    assert after([], LATER).final_on == date(2024, 3, 31)
    tried = Deed("ana", MONTH.last, outreach=True, booked=False)
    assert after([tried], date(2024, 3, 30)).waiting == 1
    assert after([tried], date(2024, 3, 31)).waiting == 0


def test_a_month_in_which_somebody_may_still_wait_is_in_no_median() -> None:
    tries = [(str(month), "ana", str(month.first)) for month in MONTHS]
    bookings = [("ana", str(month.first)) for month in MONTHS]

    def usual(today: date) -> int | None:
        return measures.booked_after(tries, bookings, MONTHS[-4:], today, 30).trend.usual

    # The days of January's only patient are long over; those of somebody tried on the 31st would not be.
    assert (usual(date(2024, 3, 1)), usual(date(2024, 3, 2))) == (None, 100)


# Follow-ups kept


class Due(NamedTuple):
    """A follow-up: when it is due, and how many days later it was done, if it was."""

    day: date
    done_after: int | None


follow_ups = st.lists(
    st.builds(Due, day=days | month_days, done_after=st.none() | st.integers(-9, 90)), max_size=30
)


def kept(each_due: list[Due], today: date) -> FollowUps:
    """What is measured of follow-ups, from what the store would hand over."""
    sums = Counter(
        (str(one.day), "" if one.done_after is None else str(one.day + timedelta(days=one.done_after)))
        for one in each_due
    )
    return measures.follow_ups_kept((DueSum(*key, count) for key, count in sums.items()), 0, MONTHS, today)


@given(follow_ups, todays)
def test_follow_ups_kept_are_what_a_recount_by_hand_gives(each_due: list[Due], today: date) -> None:
    found = kept(each_due, today)
    for at, month in enumerate(MONTHS):
        due = [one for one in each_due if month.contains(one.day) and one.day < today]
        on_time = [one for one in due if one.done_after is not None and one.done_after <= 0]
        late = [one.done_after for one in due if one.done_after is not None and one.done_after > 0]
        assert found.trend.values[at] == Rate(len(on_time), len(due))
        assert found.days_late.values[at] == (int(median(late) + 0.5) if late else None)
        if month == MONTH:
            waiting = [(today - one.day).days for one in due if one.done_after is None]
            assert (found.on_time, found.late, found.open) == (len(on_time), len(late), len(waiting))
            assert found.oldest_open == max(waiting, default=0)
            ahead = [one for one in each_due if month.contains(one.day) and one.day >= today]
            assert found.ahead == len(ahead)
            assert found.on_time + found.late + found.open == found.trend.now.whole


def test_a_follow_up_due_on_the_last_day_falls_due_when_that_day_is_over() -> None:
    due = [Due(MONTH.last, 0), Due(MONTH.last, None)]
    assert (kept(due, MONTH.last).ahead, kept(due, MONTH.last).trend.now) == (2, Rate(0, 0))
    day_after = kept(due, MONTH.last + timedelta(days=1))
    assert (day_after.ahead, day_after.trend.now, day_after.oldest_open) == (0, Rate(1, 2), 1)


def test_days_late_are_compared_with_the_medians_of_the_months() -> None:
    before = [Due(month.first, late) for month, late in zip(MONTHS[-4:-1], (2, 4, 40), strict=True)]
    found = kept([*before, Due(MONTH.first, 1), Due(MONTH.first, 2), Due(MONTH.first, None)], LATER)
    assert (found.days_late.now, found.days_late.usual) == (2, 4)
    assert kept(before[1:], LATER).days_late.usual is None
    assert kept([], LATER).days_late.now is None
