"""Figures over the months: rates, medians, and the months that they are taken of."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from statistics import median as plain_median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.dates import Month
from casemgr.core.insights import Rate, median, months_up_to, rate_trend, rounded, trend, usual

OCTOBER = Month(2026, 10)
MONTHS = months_up_to(OCTOBER)
LATER = date(2027, 3, 1)


def by_month(*values: int) -> dict[str, int]:
    """Values of the last so many of the months."""
    return {str(month): value for month, value in zip(MONTHS[-len(values) :], values, strict=True) if value}


def test_thirteen_months_end_with_the_one_asked_for() -> None:
    assert [str(month) for month in months_up_to(Month(2026, 2))] == [
        *(f"2025-{number:02}" for number in range(2, 13)),
        "2026-01",
        "2026-02",
    ]
    assert months_up_to(Month(1900, 3)) == (Month(1900, 1), Month(1900, 2), Month(1900, 3))


@pytest.mark.parametrize(
    ("part", "whole", "percent", "few"),
    [
        (0, 0, None, True),
        (0, 4, 0, True),
        (1, 3, 33, True),
        (2, 3, 67, True),
        (1, 200, 1, False),
        (1, 201, 0, False),
        (9, 9, 100, True),
        (10, 10, 100, False),
    ],
)
def test_a_rate_has_whole_percents_and_none_of_nothing(
    part: int, whole: int, percent: int | None, few: bool
) -> None:
    assert (Rate(part, whole).percent, Rate(part, whole).few) == (percent, few)


@given(st.fractions())
def test_rounding_is_to_the_nearest_and_halves_go_up(value: Fraction) -> None:
    assert -Fraction(1, 2) < rounded(value) - value <= Fraction(1, 2)


@given(st.lists(st.integers(0, 10_000), min_size=1))
def test_the_median_is_the_middle(values: list[int]) -> None:
    middle = median(values)
    assert middle is not None
    assert float(middle) == plain_median(values)
    assert median([]) is None


@given(st.lists(st.integers(0, 10_000), max_size=12))
def test_below_three_there_is_no_median(values: list[int]) -> None:
    assert (usual(values) is None) == (len(values) < 3)


def test_months_count_from_the_first_with_anything_in_it() -> None:
    found = trend(by_month(30, 0, 10, 20), MONTHS, LATER)
    assert found.values == (*[None] * 9, 30, 0, 10, 20)
    assert (found.now, found.usual) == (20, 10)


def test_two_months_before_are_not_enough() -> None:
    assert trend(by_month(30, 0, 20), MONTHS, LATER).usual is None
    assert trend({}, MONTHS, LATER) == trend(by_month(0), MONTHS, LATER)
    assert trend({}, MONTHS, LATER).values == (*[None] * 12, 0)


def test_a_month_that_is_not_over_is_shown_and_left_out_of_the_median() -> None:
    counts = by_month(10, 20, 30, 1, 5)
    on_the_last, day_after = Month(2026, 9).last, OCTOBER.first
    assert trend(counts, MONTHS, on_the_last).values == trend(counts, MONTHS, day_after).values
    assert trend(counts, MONTHS, on_the_last).usual == 20
    assert trend(counts, MONTHS, day_after).usual == 15


def test_the_median_of_rates_is_that_of_the_months_that_have_one() -> None:
    parts, wholes = by_month(1, 0, 2, 0, 4), by_month(2, 0, 3, 8, 4)
    found = rate_trend(parts, wholes, MONTHS, LATER)
    assert found.values[-5:] == (Rate(1, 2), Rate(0, 0), Rate(2, 3), Rate(0, 8), Rate(4, 4))
    assert (found.now.percent, found.usual) == (100, 50)
    assert rate_trend(parts, wholes, MONTHS, Month(2026, 9).last).usual is None


def test_percents_are_rounded_once() -> None:
    # 44.49 % is 44 %, although 444.9 per mille are 445 and 44.5 % would be 45 %.
    found = rate_trend(by_month(*[4449] * 3, 0), by_month(*[10_000] * 3, 0), MONTHS, LATER)
    assert found.usual == 44
    assert Rate(4449, 10_000).percent == 44
