"""Whether minutes can be true: overlaps, long days, days of 23 and 25 hours, habits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from casemgr.core.workdays import LONG_DAY_MINUTES, Slot, StaffDay, StaffMonth
from tests.core.checks.facts import (
    AS_OF,
    DAY,
    facts,
    found,
    in_house,
    line,
    on_day,
    plan,
    severities,
    work,
)

SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)
"""The days of 23 and 25 hours in New York."""


def of_work(*done: Any, day: date = DAY) -> Any:
    """A claim of one line with some work, and the day that it makes."""
    return on_day(facts(None, line(plan(), day, "D9992", *done)))


def at(start: str, minutes: int, name: str = "w1", day: date = DAY, **more: Any) -> Any:
    """Work at a time of day."""
    return work(name, start=start, minutes=minutes, service_date=day.isoformat(), **more)


def test_today_is_no_future_and_the_day_of_birth_is_none_before() -> None:
    assert not found(in_house(facts(), as_of=DAY), "dates")
    assert severities(in_house(facts(), as_of=date(2026, 10, 4)), "dates") == ["error"]
    claim = facts()
    born = claim.patient.model_copy(update={"birth_date": DAY.isoformat()})
    assert not found(replace(claim, patient=born), "dates")
    unborn = claim.patient.model_copy(update={"birth_date": "2026-10-06"})
    assert severities(replace(claim, patient=unborn), "dates") == ["error"]


@pytest.mark.parametrize(
    ("start", "told"),
    [("01:59", []), ("02:00", ["error"]), ("02:30", ["error"]), ("02:59", ["error"]), ("03:00", [])],
)
def test_the_hour_that_spring_skips_cannot_be_a_start(start: str, told: list[str]) -> None:
    assert severities(of_work(at(start, 20, day=SPRING), day=SPRING), "clock") == told
    assert not found(of_work(at(start, 20)), "clock")


@pytest.mark.parametrize(
    ("day", "start", "minutes", "past"),
    [
        (DAY, "23:40", 20, False),
        (DAY, "23:40", 21, True),
        (SPRING, "23:40", 20, False),
        (SPRING, "23:40", 21, True),
        (AUTUMN, "23:40", 20, False),
        (AUTUMN, "23:40", 21, True),
        (SPRING, "01:00", 60, False),
    ],
)
def test_work_ends_by_midnight_however_long_the_day(day: date, start: str, minutes: int, past: bool) -> None:
    claim = of_work(at(start, minutes, day=day), day=day)
    assert severities(claim, "clock") == ["note"] * past


@pytest.mark.parametrize(("start", "told"), [("09:20", []), ("09:19", ["error"]), ("08:40", [])])
def test_work_may_begin_when_the_other_ends(start: str, told: list[str]) -> None:
    claim = facts(None, line(plan(), DAY, "D9992", at("09:00", 20)))
    assert severities(on_day(claim, Slot("other1", start, 20, "somebody", True)), "overlap") == told


def test_an_overlap_with_what_is_on_no_claim_is_a_warning() -> None:
    claim = facts(None, line(plan(), DAY, "D9992", at("09:00", 20)))
    (finding,) = found(on_day(claim, Slot("other1", "09:10", 20, "patient", False)), "overlap")
    assert finding.severity.label == "warning"
    assert "10 min" in finding.why
    assert "the same patient" in finding.why
    assert not found(on_day(claim, Slot("other1", "", 20, "somebody", True)), "overlap")


def test_two_on_one_line_that_overlap_are_told_once() -> None:
    assert len(found(of_work(at("09:00", 20), at("09:10", 20, "w2")), "overlap")) == 1


def test_the_day_of_23_hours_lets_no_hour_be_worked_twice() -> None:
    # 1:30 and 60 minutes end at 3:30 by the clock, since it goes from 2:00 to 3:00.
    before = at("01:30", 60, day=SPRING)
    assert found(of_work(before, at("03:29", 20, "w2", SPRING), day=SPRING), "overlap")
    assert not found(of_work(before, at("03:30", 20, "w2", SPRING), day=SPRING), "overlap")
    # On a usual day they end at 2:30.
    assert found(of_work(at("01:30", 60), at("02:29", 20, "w2")), "overlap")
    assert not found(of_work(at("01:30", 60), at("02:30", 20, "w2")), "overlap")


def test_an_hour_that_comes_twice_is_given_the_benefit_of_the_doubt() -> None:
    twice = [at("01:10", 30, day=AUTUMN), at("01:20", 30, "w2", AUTUMN)]
    assert not found(of_work(*twice, day=AUTUMN), "overlap")
    # Half an hour before one begins there is an hour more than the clock shows.
    apart = [at("00:30", 90, day=AUTUMN), at("02:00", 30, "w2", AUTUMN)]
    assert not found(of_work(*apart, day=AUTUMN), "overlap")
    assert found(of_work(at("00:30", 151, day=AUTUMN), apart[1], day=AUTUMN), "overlap")
    assert not found(of_work(at("00:30", 150, day=AUTUMN), apart[1], day=AUTUMN), "overlap")


def two_codes(first: Any, second: Any) -> Any:
    """A claim with work under two codes of a date."""
    rules = plan()
    return on_day(facts(rules, line(rules, DAY, "D9991", first), line(rules, DAY, "D9992", second, number=2)))


def test_the_same_minutes_do_not_stand_under_two_codes() -> None:
    claim = two_codes(at("09:00", 20), at("09:10", 20, "w2"))
    (finding,) = found(claim, "same_minutes")
    assert (finding.severity.label, finding.line) == ("error", 2)
    assert finding.title.startswith("10 min ")
    assert not found(claim, "overlap")
    assert not found(two_codes(at("09:00", 20), at("09:20", 20, "w2")), "same_minutes")


def test_without_a_start_the_same_words_and_minutes_are_suspicious() -> None:
    note = "Called about the ride and the surgeon"
    first = at("", 20, note=note)
    assert severities(two_codes(first, at("", 20, "w2", note=note)), "same_minutes") == ["warning"]
    assert not found(two_codes(first, at("", 21, "w2", note=note)), "same_minutes")
    assert not found(two_codes(first, at("", 20, "w2", note="Something else")), "same_minutes")
    assert not found(two_codes(at("", 20, note=""), at("", 20, "w2", note="")), "same_minutes")


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        (26 * 15, []),
        (27 * 15 - 1, []),
        (27 * 15, ["note"]),
        (LONG_DAY_MINUTES, ["note"]),
        (LONG_DAY_MINUTES + 1, ["warning"]),
    ],
)
def test_a_long_day_is_noted_from_the_27th_unit_and_warned_of_after_12_hours(
    minutes: int, told: list[str]
) -> None:
    days = {("mrivera", DAY.isoformat()): StaffDay(9, minutes, {})}
    assert severities(replace(facts(), days=days), "long_day") == told


@pytest.mark.parametrize(
    ("activities", "fives", "tens", "told"),
    [
        (20, 18, 0, ["in steps of 5 minutes"]),
        (20, 17, 0, []),
        (19, 19, 19, []),
        (20, 20, 18, ["in steps of 10 minutes"]),
    ],
)
def test_round_minutes_are_a_habit_from_nine_in_ten_of_twenty(
    activities: int, fives: int, tens: int, told: list[str]
) -> None:
    months = {("mrivera", "2026-10"): StaffMonth(activities, fives, tens)}
    titles = [one.title for one in found(replace(facts(), months=months), "round_minutes")]
    assert [title.partition("logs ")[2] for title in titles] == told


def test_the_day_of_checking_is_after_the_work() -> None:
    assert AS_OF > DAY
