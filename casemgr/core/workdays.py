"""A day's work of a member of staff against the clock: sums, overlaps, and days of 23 or 25 hours. Pure."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from zoneinfo import ZoneInfo

_MINUTE = timedelta(minutes=1)
LONG_DAY_MINUTES = 12 * 60
"""A member of staff with more than this on one day is asked to look again."""


class Slot(NamedTuple):
    """An activity of a member of staff on a day, whoever it was for."""

    activity_id: str
    start: str
    """`HH:MM`; empty where nobody said."""
    minutes: int
    patient_id: str
    claimed: bool
    """Whether it stands on a live claim."""


class Clash(NamedTuple):
    """Another activity of the same member of staff that claims some of the same minutes."""

    activity_id: str
    minutes: int
    patient_id: str
    claimed: bool


class StaffDay(NamedTuple):
    """What a member of staff did on a day."""

    activities: int
    minutes: int
    clashes: Mapping[str, tuple[Clash, ...]]
    """By the id of either activity; empty where nothing overlaps."""


class StaffMonth(NamedTuple):
    """How a member of staff counted minutes in a month: activities, and how many are round numbers."""

    activities: int
    fives: int = 0
    """Multiples of 5."""
    tens: int = 0
    fifteens: int = 0


class Shift(NamedTuple):
    """What happens to the clock on a day, in minutes of the wall clock."""

    length: int
    """Minutes that the day has: 1440, or 60 fewer or more."""
    at: int
    """Where the clock jumps; 0 on a usual day."""
    by: int
    """How far: forward above 0, back below."""

    def missing(self, minute: int) -> bool:
        """Whether a time of day is jumped over."""
        return self.at <= minute < self.at + self.by

    def twice(self, minute: int) -> bool:
        """Whether a time of day comes twice."""
        return self.at + self.by <= minute < self.at

    def elapsed(self, minute: int) -> int:
        """Minutes since midnight at a time of day that comes once."""
        return minute - self.by if self.by and minute >= self.at else minute


def minute_of(start: str) -> int:
    """`09:10` as minutes of the wall clock."""
    return int(start[:2]) * 60 + int(start[3:])


def clock_time(minute: int) -> str:
    """A minute of the day as `09:10`."""
    return f"{minute // 60:02}:{minute % 60:02}"


@lru_cache(maxsize=4096)
def shift_of(zone: ZoneInfo, day: date) -> Shift:
    """What the clock does on a day of a time zone; it jumps at most once, by whole minutes."""
    midnight = datetime.combine(day, time(), zone)
    morrow = datetime.combine(day + timedelta(days=1), time(), zone)
    length = (morrow.astimezone(UTC) - midnight.astimezone(UTC)) // _MINUTE
    if length == 1440:
        return Shift(1440, 0, 0)
    by = 1440 - length
    before = midnight.utcoffset()
    # The first minute, counted from midnight in real time, at which the clock goes another way.
    low, high = 0, length
    while low < high:
        middle = (low + high) // 2
        now = (midnight.astimezone(UTC) + middle * _MINUTE).astimezone(zone)
        low, high = (middle + 1, high) if now.utcoffset() == before else (low, middle)
    return Shift(length, low, by)


def staff_day(slots: Iterable[Slot], shift: Shift) -> StaffDay:
    """A day's sums and overlaps. Times that the clock shows twice are given the benefit of the doubt."""
    count = minutes = 0
    timed: list[tuple[int, Slot]] = []
    for slot in slots:
        count += 1
        minutes += slot.minutes
        if slot.start and not (shift.by < 0 and shift.twice(minute_of(slot.start))):
            timed.append((shift.elapsed(minute_of(slot.start)), slot))
    timed.sort(key=lambda one: one[0])
    found: dict[str, list[Clash]] = defaultdict(list)
    open_: list[tuple[int, Slot]] = []
    for begin, slot in timed:
        open_ = [held for held in open_ if held[0] > begin]
        for end, other in open_:
            shared = min(end, begin + slot.minutes) - begin
            found[slot.activity_id].append(Clash(other.activity_id, shared, other.patient_id, other.claimed))
            found[other.activity_id].append(Clash(slot.activity_id, shared, slot.patient_id, slot.claimed))
        open_.append((begin + slot.minutes, slot))
    return StaffDay(count, minutes, {each: tuple(clashes) for each, clashes in found.items()})
