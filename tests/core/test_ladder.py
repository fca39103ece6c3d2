"""Which attempts to reach a patient belong together."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.ladder import Attempt, Ladder, present_attempts

FIRST = date(2026, 10, 1)


def tried(day: int, reached: bool | None = False, missed: int | None = None) -> Attempt:
    """An attempt so many days after the first of October."""
    missed_on = "" if missed is None else (FIRST + timedelta(missed)).isoformat()
    on = (FIRST + timedelta(day)).isoformat()
    return Attempt(f"a{day}", on, "", "phone", "Left voicemail", "amy", "Amy Ames", reached, missed_on)


@pytest.mark.parametrize(
    ("attempts", "present"),
    [
        ([], []),
        ([tried(0)], [0]),
        ([tried(0), tried(2), tried(5)], [0, 2, 5]),
        ([tried(0), tried(2, reached=True)], [0, 2]),
        ([tried(0), tried(2, reached=True), tried(9)], [9]),
        ([tried(0, reached=None), tried(2)], [0, 2]),
        ([tried(1, missed=0), tried(3, missed=0), tried(5)], [1, 3, 5]),
        ([tried(1, missed=0), tried(3), tried(9, missed=8)], [9]),
        ([tried(1, missed=0), tried(9, missed=8), tried(11, missed=0)], [9, 11]),
        # Whoever names the visit only later means the one that was missed before.
        ([tried(1), tried(3, missed=0)], [1, 3]),
        ([tried(1), tried(3, missed=1)], [1, 3]),
        ([tried(1), tried(3, missed=2)], [3]),
    ],
)
def test_they_count_from_the_last_contact_or_the_last_missed_visit(
    attempts: list[Attempt], present: list[int]
) -> None:
    assert [each.activity_id for each in present_attempts(attempts)] == [f"a{day}" for day in present]


attempts_in_order = st.lists(
    st.builds(
        lambda reached, missed: (reached, missed),
        st.sampled_from([True, False, None]),
        st.none() | st.integers(0, 20),
    )
).map(lambda said: [tried(day, reached, missed) for day, (reached, missed) in enumerate(said)])


@given(attempts_in_order)
def test_it_is_the_end_of_all_attempts_and_only_its_last_one_reached_anybody(all_of: list[Attempt]) -> None:
    present = present_attempts(all_of)
    assert list(present) == all_of[len(all_of) - len(present) :]
    assert bool(present) == bool(all_of)
    assert not any(each.reached for each in present[:-1])
    before = all_of[: len(all_of) - len(present)]
    if before and not before[-1].reached:
        assert present[0].missed_on > before[-1].missed_on


def test_it_says_how_many_how_long_ago_and_for_which_visit() -> None:
    ladder = Ladder("missed_visit", (tried(1, missed=0), tried(3)), FIRST + timedelta(7))
    assert (ladder.count, ladder.days_since_last, ladder.missed_on) == (2, 4, "2026-10-01")
    assert not ladder.reached
    assert ladder.last.activity_id == "a3"
    assert Ladder("missed_visit", (tried(1), tried(3, reached=True)), FIRST).reached
    assert Ladder("missed_visit", (tried(1),), FIRST).missed_on == ""
