"""The automatic backups that stay cover the last days, weeks and months."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.rotation import DAYS, MONTHS, WEEKS, staying

TODAY = date(2026, 10, 21)
DATES = st.frozensets(st.dates(date(2024, 1, 1), date(2027, 3, 1)), max_size=120)


def week(day: date) -> tuple[int, int]:
    """Year and number of a day's week."""
    return day.isocalendar()[:2]


def month(day: date) -> tuple[int, int]:
    """Year and number of a day's month."""
    return day.year, day.month


@given(days=DATES)
def test_what_stays_covers_days_weeks_and_months(days: frozenset[date]) -> None:
    kept = staying(days, TODAY)
    past = sorted((day for day in days if day <= TODAY), reverse=True)

    assert kept <= days
    assert set(past[:DAYS]) <= kept
    for span, most in ((week, WEEKS), (month, MONTHS)):
        for each in sorted({span(day) for day in past}, reverse=True)[:most]:
            assert max(day for day in past if span(day) == each) in kept
    assert len([day for day in kept if day <= TODAY]) <= DAYS + WEEKS + MONTHS


@given(days=DATES)
def test_the_newest_and_what_lies_in_the_future_always_stay(days: frozenset[date]) -> None:
    kept = staying(days, TODAY)

    assert not days or max(days) in kept
    assert {day for day in days if day > TODAY} <= kept
    past = [day for day in days if day <= TODAY]
    assert not past or max(past) in kept


@given(days=DATES)
def test_to_rotate_again_changes_nothing(days: frozenset[date]) -> None:
    kept = staying(days, TODAY)

    assert staying(kept, TODAY) == kept
    assert staying(sorted(days), TODAY) == kept


@given(gaps=st.lists(st.integers(1, 40), min_size=1, max_size=150))
def test_day_by_day_as_much_stays_as_if_nothing_had_been_removed(gaps: list[int]) -> None:
    everything: set[date] = set()
    kept: frozenset[date] = frozenset()
    day = date(2024, 1, 1)
    for gap in gaps:
        day += timedelta(days=gap)
        everything.add(day)
        kept = staying(kept | {day}, day)
        assert kept == staying(everything, day)


def test_two_years_of_every_day() -> None:
    days = {TODAY - timedelta(days=back) for back in range(730)}
    kept = sorted(staying(days, TODAY), reverse=True)

    assert [(TODAY - day).days for day in kept[:9]] == [0, 1, 2, 3, 4, 5, 6, 10, 17]
    assert [f"{day:%m/%d/%y}" for day in kept[9:]] == [
        *("09/30/26", "08/31/26", "07/31/26", "06/30/26", "05/31/26", "04/30/26"),
        *("03/31/26", "02/28/26", "01/31/26", "12/31/25", "11/30/25"),
    ]
