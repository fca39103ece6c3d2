"""Days against the clock: what a zone does to them, sums and overlaps, against a recount minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.workdays import Shift, Slot, clock_time, minute_of, shift_of, staff_day

USUAL = Shift(1440, 0, 0)


@pytest.mark.parametrize(
    ("zone", "day", "length"),
    [
        ("America/New_York", date(2026, 3, 8), 23 * 60),
        ("America/New_York", date(2026, 11, 1), 25 * 60),
        ("America/New_York", date(2026, 3, 7), 24 * 60),
        ("America/New_York", date(2026, 11, 2), 24 * 60),
        ("America/Phoenix", date(2026, 3, 8), 24 * 60),
        ("America/Havana", date(2026, 3, 8), 23 * 60),
        ("America/Havana", date(2026, 11, 1), 25 * 60),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23 * 60 + 30),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24 * 60 + 30),
    ],
)
def test_every_minute_of_a_day_is_there_once_unless_the_clock_jumps(
    zone: str, day: date, length: int
) -> None:
    shift = shift_of(ZoneInfo(zone), day)
    assert shift.length == length
    midnight = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    shown = [
        (midnight + timedelta(minutes=passed)).astimezone(ZoneInfo(zone)).strftime("%H:%M")
        for passed in range(length)
    ]
    for minute in range(1440):
        times = shown.count(clock_time(minute))
        assert shift.missing(minute) == (times == 0)
        assert shift.twice(minute) == (times == 2)
        if times == 1:
            assert shown.index(clock_time(minute)) == shift.elapsed(minute)


def test_a_time_of_day_is_a_minute() -> None:
    assert [minute_of(start) for start in ("00:00", "09:10", "23:59")] == [0, 550, 1439]


SLOTS = st.lists(
    st.builds(
        lambda start, minutes: Slot("", f"{start // 60:02}:{start % 60:02}", minutes, "p", True),
        st.integers(0, 300),
        st.integers(1, 90),
    ),
    max_size=8,
).map(lambda slots: [slot._replace(activity_id=f"a{at}") for at, slot in enumerate(slots)])


@given(SLOTS)
def test_overlaps_are_those_of_a_recount_minute_by_minute(slots: list[Slot]) -> None:
    made = staff_day(slots, USUAL)
    assert (made.activities, made.minutes) == (len(slots), sum(slot.minutes for slot in slots))
    worked = {
        slot.activity_id: set(range(minute_of(slot.start), minute_of(slot.start) + slot.minutes))
        for slot in slots
    }
    for one in worked:
        found = {clash.activity_id: clash.minutes for clash in made.clashes.get(one, ())}
        shared = {other: len(worked[one] & worked[other]) for other in worked if other != one}
        assert found == {other: minutes for other, minutes in shared.items() if minutes}


def test_work_without_a_start_adds_up_and_overlaps_nothing() -> None:
    slots = [Slot("a", "", 30, "p", True), Slot("b", "09:00", 30, "p", True), Slot("c", "", 30, "p", False)]
    assert staff_day(slots, USUAL) == (3, 90, {})
