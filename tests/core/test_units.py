"""Minutes to units: both sides of every edge, and what holds for any minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.units import MOST_UNITS, Counting, eighth_minute_units, nearest_quarters, units

if TYPE_CHECKING:
    from casemgr.core.payer_rules import Unit

UNITS: tuple[Unit | None, ...] = (None, "day", "visit", "15_minutes", "8_minutes", "month")


@pytest.mark.parametrize("count", [nearest_quarters, eighth_minute_units])
@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(0, 7, 0), (8, 22, 1), (23, 37, 2), (38, 52, 3), (53, 67, 4), (713, 727, 48)],
)
def test_both_ends_of_a_unit(count: object, first: int, last: int, expected: int) -> None:
    assert callable(count)
    assert (count(first), count(last)) == (expected, expected)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [(None, 1), ("day", 1), ("visit", 3), ("15_minutes", 1), ("8_minutes", 2), ("month", 1)],
)
def test_each_unit_counts_three_contacts_in_its_own_way(unit: Unit | None, expected: int) -> None:
    assert units(Counting(unit, monthly_minutes=30 if unit == "month" else None), [7, 7, 20]) == expected


@pytest.mark.parametrize(
    ("summed", "expected"), [(None, 0), (False, 0), (True, 1)], ids=["not said", "apart", "added up"]
)
def test_short_calls_are_added_up_only_where_a_rule_says_so(summed: bool | None, expected: int) -> None:
    for unit in ("day", "15_minutes", "visit"):
        assert units(Counting(unit, summed, 15), [7, 8]) == expected
    assert units(Counting("15_minutes", summed), [7, 7]) == expected


def test_adding_up_is_a_part_of_the_8_minute_rule_unless_a_rule_forbids_it() -> None:
    assert units(Counting("8_minutes"), [7, 7, 7]) == 1
    assert units(Counting("8_minutes", False), [7, 7, 7]) == 0


@pytest.mark.parametrize(("minutes", "expected"), [(14, 0), (15, 1), (16, 1)])
def test_both_sides_of_the_minimum(minutes: int, expected: int) -> None:
    for unit in ("day", "visit", "15_minutes", "8_minutes"):
        assert units(Counting(unit, minimum_minutes=15), [minutes]) == expected


@pytest.mark.parametrize(
    ("minutes", "expected"), [([19], 0), ([20], 1), ([12, 7], 0), ([12, 8], 1), ([500], 1)]
)
def test_both_sides_of_a_months_threshold_without_rounding_up(minutes: list[int], expected: int) -> None:
    assert units(Counting("month", monthly_minutes=20), minutes) == expected


def test_a_contact_under_the_minimum_adds_nothing_to_the_month() -> None:
    assert units(Counting("month", minimum_minutes=5, monthly_minutes=20), [16, 4]) == 0
    assert units(Counting("month", minimum_minutes=5, monthly_minutes=20), [16, 5]) == 1


def test_no_minutes_are_no_units() -> None:
    for unit in UNITS:
        assert units(Counting(unit, monthly_minutes=1), []) == 0
        assert units(Counting(unit, monthly_minutes=1), [0]) == 0


some_minutes = st.lists(st.integers(1, 720), min_size=1, max_size=8)
countings = st.builds(
    Counting,
    unit=st.sampled_from(UNITS),
    sum_contacts=st.sampled_from([None, True, False]),
    minimum_minutes=st.none() | st.integers(0, 60),
    monthly_minutes=st.integers(1, 600),
)


@given(countings, some_minutes, st.integers(0, 7), st.integers(1, 60))
def test_more_minutes_never_make_fewer_units(
    counting: Counting, minutes: list[int], at: int, more: int
) -> None:
    longer = [each + (more if number == at % len(minutes) else 0) for number, each in enumerate(minutes)]
    assert units(counting, longer) >= units(counting, minutes)
    assert units(counting, [*minutes, more]) >= units(counting, minutes)


@given(countings, some_minutes)
def test_units_are_within_what_the_minutes_can_bear(counting: Counting, minutes: list[int]) -> None:
    found = units(counting, minutes)
    assert 0 <= found <= MOST_UNITS
    if counting.unit in ("15_minutes", "8_minutes"):
        assert found * 15 <= sum(minutes) + 7 * (1 if counting.summed else len(minutes))
    else:
        assert found <= (len(minutes) if counting.unit == "visit" else 1)


@given(some_minutes, st.sampled_from(["15_minutes", "8_minutes"]))
def test_adding_up_and_counting_apart_differ_by_less_than_a_unit_a_contact(
    minutes: list[int], unit: Unit
) -> None:
    together, apart = units(Counting(unit, True), minutes), units(Counting(unit, False), minutes)
    assert together == min(MOST_UNITS, eighth_minute_units(sum(minutes)))
    if apart < MOST_UNITS:
        assert abs(together - apart) <= len(minutes) / 2


@given(st.integers(0, 10_000))
def test_the_8_minute_rule_is_the_table_of_its_source(minutes: int) -> None:
    found = eighth_minute_units(minutes)
    assert (found == 0) == (minutes < 8)
    if found:
        assert 15 * (found - 1) + 8 <= minutes <= 15 * found + 7
