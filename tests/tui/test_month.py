"""The month's bars."""

from __future__ import annotations

import pytest

from casemgr.tui.widgets.month import bars, days


def test_the_busiest_day_is_as_high_as_the_chart() -> None:
    assert bars((0, 30, 60), 1) == ["·▄█"]
    assert bars((0, 30, 60), 2) == ["  █", "·██"]


def test_the_least_work_still_shows() -> None:
    assert bars((1, 720), 1) == ["▁█"]


def test_a_month_without_work_is_dots() -> None:
    assert bars((0,) * 31, 3) == [" " * 31, " " * 31, "·" * 31]


@pytest.mark.parametrize(("count", "step"), [(28, 1), (31, 1), (30, 2), (31, 3)])
def test_days_stand_below_their_bars(count: int, step: int) -> None:
    line = days(count, step)
    for day in range(1, count + 1, 7):
        assert line[(day - 1) * step :].startswith(str(day))
