"""The only place that asks what time it is. Everybody else is handed times as values."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import tzinfo

MICROSECONDS = 1_000_000


class Clock(Protocol):
    """Tells the present instant."""

    def now(self) -> int:
        """Microseconds since the epoch, UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> int:
        """Microseconds since the epoch, UTC."""
        return time.time_ns() // 1000


class FixedClock:
    """A clock that stands still until it is moved: for tests and for making the demo's past."""

    def __init__(self, at: datetime) -> None:
        """Start at an aware datetime."""
        self.at = at

    def now(self) -> int:
        """Microseconds since the epoch, UTC."""
        return instant_of(self.at)

    def move(self, **step: float) -> None:
        """Go on by a timedelta's keywords, such as `minutes=5`."""
        self.at += timedelta(**step)


def instant_of(at: datetime) -> int:
    """An aware datetime as integer microseconds since the epoch."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def local(at: int, zone: tzinfo) -> datetime:
    """An instant in microseconds as an aware datetime in a time zone."""
    return datetime.fromtimestamp(at // MICROSECONDS, zone).replace(microsecond=at % MICROSECONDS)


def local_date(at: int, zone: tzinfo) -> date:
    """The local date of an instant in a time zone."""
    return local(at, zone).date()
