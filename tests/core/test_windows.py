"""Spans of limits against a recount day by day, with leap days, year ends and rolling spans."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.payer_rules import Limit
from casemgr.core.windows import (
    Units,
    Window,
    month_around,
    next_eligible,
    used_beside,
    window_of,
    year_around,
    year_day,
)

JANUARY = "01-01"
ONE = timedelta(days=1)


def limit(count: int, per: str, days: int = 0, scope: str = "patient") -> Limit:
    return Limit.model_validate({"count": count, "per": per, "days": days, "scope": scope})


def on(*days: date, episode: str = "") -> list[Units]:
    return [Units(day, 1, episode) for day in days]


def test_a_benefit_year_begins_on_its_day_and_ends_on_the_day_before() -> None:
    july = Window(date(2026, 7, 1), date(2027, 6, 30))
    assert year_around(date(2026, 7, 1), "07-01") == july
    assert year_around(date(2027, 6, 30), "07-01") == july
    assert year_around(date(2026, 6, 30), "07-01") == Window(date(2025, 7, 1), date(2026, 6, 30))
    assert year_around(date(2026, 12, 31), JANUARY) == Window(date(2026, 1, 1), date(2026, 12, 31))


def test_a_year_that_begins_on_a_leap_day_begins_in_march_in_other_years() -> None:
    assert year_day(2024, "02-29") == date(2024, 2, 29)
    assert year_day(2025, "02-29") == date(2025, 3, 1)
    assert year_around(date(2024, 2, 29), "02-29") == Window(date(2024, 2, 29), date(2025, 2, 28))
    assert year_around(date(2025, 2, 28), "02-29") == Window(date(2024, 2, 29), date(2025, 2, 28))
    assert year_around(date(2025, 3, 1), "02-29") == Window(date(2025, 3, 1), date(2026, 2, 28))
    assert year_around(date(2028, 2, 28), "02-29") == Window(date(2027, 3, 1), date(2028, 2, 28))


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2024, 2, 1), date(2024, 2, 29)),
        (date(2026, 2, 28), date(2026, 2, 28)),
        (date(2026, 12, 31), date(2026, 12, 31)),
    ],
)
def test_a_month_ends_on_its_last_day(day: date, last: date) -> None:
    assert month_around(day) == Window(day.replace(day=1), last)


def test_a_rolling_span_has_exactly_so_many_days_and_ends_on_the_date() -> None:
    once = limit(1, "days", 30)
    day = date(2024, 3, 1)
    assert window_of(once, day, JANUARY, day) == Window(date(2024, 2, 1), day)
    assert used_beside(once, day, on(date(2024, 2, 1)), JANUARY)[0] == 1
    assert used_beside(once, day, on(date(2024, 1, 31)), JANUARY)[0] == 0
    assert next_eligible(once, day, on(date(2024, 2, 1)), JANUARY) == date(2024, 3, 2)
    # Of the year before, which has no leap day, it begins a day earlier.
    assert next_eligible(once, date(2023, 2, 2), on(date(2023, 2, 1)), JANUARY) == date(2023, 3, 3)


def test_a_year_of_365_days_back_from_a_leap_day() -> None:
    once = limit(1, "days", 365)
    assert next_eligible(once, date(2024, 3, 1), on(date(2024, 2, 29)), JANUARY) == date(2025, 2, 28)
    assert used_beside(once, date(2025, 2, 27), on(date(2024, 2, 29)), JANUARY)[0] == 1
    assert used_beside(once, date(2025, 2, 28), on(date(2024, 2, 29)), JANUARY)[0] == 0


def test_units_on_later_days_fill_a_rolling_span_as_well() -> None:
    twice = limit(2, "days", 10)
    later = on(date(2026, 10, 8), date(2026, 10, 12))
    assert used_beside(twice, date(2026, 10, 5), later, JANUARY)[0] == 2
    assert used_beside(twice, date(2026, 10, 3), later, JANUARY)[0] == 2
    assert used_beside(twice, date(2026, 10, 2), later, JANUARY)[0] == 1


def test_calendar_spans_end_at_midnight_of_their_last_day() -> None:
    new_year = on(date(2026, 12, 31))
    for per in ("calendar_year", "month"):
        assert used_beside(limit(1, per), date(2026, 12, 31), new_year, JANUARY)[0] == 1
        assert used_beside(limit(1, per), date(2027, 1, 1), new_year, JANUARY)[0] == 0
        assert next_eligible(limit(1, per), date(2026, 12, 31), new_year, JANUARY) == date(2027, 1, 1)


def test_a_service_year_begins_with_the_first_service_and_with_its_day_of_each_year() -> None:
    once = limit(1, "service_year")
    served = on(date(2025, 3, 10))
    assert used_beside(once, date(2026, 3, 9), served, JANUARY)[0] == 1
    assert used_beside(once, date(2026, 3, 10), served, JANUARY)[0] == 0
    assert next_eligible(once, date(2025, 3, 11), served, JANUARY) == date(2026, 3, 10)
    leap = on(date(2024, 2, 29))
    assert next_eligible(once, date(2024, 3, 1), leap, JANUARY) == date(2025, 3, 1)


def test_an_episode_counts_by_its_case_and_ends_by_no_date() -> None:
    twice = limit(2, "episode")
    served = [*on(date(2020, 1, 1), date(2026, 1, 1), episode="case"), *on(date(2026, 1, 2), episode="old")]
    assert used_beside(twice, date(2026, 10, 5), served, JANUARY, "case")[0] == 2
    assert next_eligible(twice, date(2026, 10, 5), served, JANUARY) is None


def test_a_full_span_after_a_full_span_is_passed_over() -> None:
    served = on(date(2026, 12, 3), date(2027, 1, 20), date(2027, 3, 2))
    assert next_eligible(limit(1, "month"), date(2026, 12, 1), served, JANUARY) == date(2027, 2, 1)


def test_more_units_than_a_limit_has_never_fit() -> None:
    for per in ("day", "month", "calendar_year"):
        assert next_eligible(limit(2, per), date(2026, 1, 1), [], JANUARY, 3) is None
    assert next_eligible(limit(2, "days", 5), date(2026, 1, 1), [], JANUARY, 3) is None


DAYS = st.dates(date(2023, 11, 1), date(2025, 4, 30))
UNITS = st.lists(st.builds(Units, DAYS, st.integers(1, 3)), max_size=8)
LIMITS = st.one_of(
    st.builds(limit, st.integers(1, 4), st.sampled_from(["day", "month", "calendar_year", "benefit_year"])),
    st.builds(limit, st.integers(1, 4), st.just("days"), st.integers(1, 400)),
)
YEARS = st.sampled_from([JANUARY, "07-01", "02-28", "03-01", "12-31", "10-01"])


def fits(of: Limit, day: date, units: list[Units], year: str, count: int = 1) -> bool:
    """A recount: no span of the limit that holds the day has more than the limit."""
    if of.per == "days":
        ends = [day + ahead * ONE for ahead in range(of.days)]
        held = [[one for one in units if end - (of.days - 1) * ONE <= one.day <= end] for end in ends]
    else:
        held = [[one for one in units if span_name(of, one.day, year) == span_name(of, day, year)]]
    return all(sum(one.number for one in some) + count <= of.count for some in held)


def span_name(of: Limit, day: date, year: str) -> object:
    """What days have in common that lie in one span."""
    if of.per == "month":
        return day.year, day.month
    if of.per == "calendar_year":
        return day.year
    return day.year - (f"{day:%m-%d}" < year) if of.per == "benefit_year" else day


@given(LIMITS, DAYS, UNITS, YEARS)
def test_what_is_used_is_what_a_recount_says(of: Limit, day: date, units: list[Units], year: str) -> None:
    used, _ = used_beside(of, day, units, year)
    assert (used + 1 <= of.count) == fits(of, day, units, year)


@given(LIMITS, DAYS, UNITS, YEARS)
def test_the_next_date_is_the_first_that_fits(of: Limit, day: date, units: list[Units], year: str) -> None:
    found = next_eligible(of, day, units, year)
    assert found is not None
    assert fits(of, found, units, year)
    before: Any = day
    while before < found:
        assert not fits(of, before, units, year)
        before += ONE
