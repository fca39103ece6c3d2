"""The only place that asks what time it is. Everybody else is handed times as values."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from casemgr.errors import InputRefused

if TYPE_CHECKING:
    from datetime import tzinfo

MICROSECONDS = 1_000_000
EARLIEST, LATEST = 946_684_800 * MICROSECONDS, 4_102_444_800 * MICROSECONDS
"""The years 2000 to 2099: what a machine's clock can mean in earnest."""


class Clock(Protocol):
    """Tells the present instant."""

    def now(self) -> int:
        """Microseconds since the epoch, UTC."""
        ...

    def passed(self) -> int:
        """Microseconds since some moment, which only grow; two of them tell how long something took."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> int:
        """Microseconds since the epoch, UTC.

        Raises:
            InputRefused: it is so far off that dates would break.
        """
        at = time.time_ns() // 1000
        if not EARLIEST <= at < LATEST:
            day = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)
            raise InputRefused(
                f"This machine's clock says {day:%Y-%m-%d}",
                "Nothing was saved: every entry would have a wrong time.",
                "Set the machine's date and time, then do it again.",
            )
        return at

    def passed(self) -> int:
        """Microseconds since the machine was started; see uptime."""
        return uptime() * MICROSECONDS


class FixedClock:
    """A clock that stands still until it is moved: for tests and for making the demo's past."""

    def __init__(self, at: datetime) -> None:
        """Start at an aware datetime."""
        self.at = at

    def now(self) -> int:
        """Microseconds since the epoch, UTC."""
        return instant_of(self.at)

    def passed(self) -> int:
        """As if nobody ever set it."""
        return self.now()

    def move(self, **step: float) -> None:
        """Go on by a timedelta's keywords, such as `minutes=5`."""
        self.at += timedelta(**step)


def uptime() -> int:
    """Seconds since this machine was started, with those that it slept where the platform counts them."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return int(time.monotonic() if boot is None else time.clock_gettime(boot))


def instant_of(at: datetime) -> int:
    """An aware datetime as integer microseconds since the epoch."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def local(at: int, zone: tzinfo) -> datetime:
    """An instant in microseconds as an aware datetime in a time zone."""
    return datetime.fromtimestamp(at // MICROSECONDS, zone).replace(microsecond=at % MICROSECONDS)


def machine_date(at: int) -> date:
    """The local date of an instant where this machine stands."""
    return datetime.fromtimestamp(at // MICROSECONDS, UTC).astimezone().date()


def local_date(at: int, zone: tzinfo) -> date:
    """The local date of an instant in a time zone."""
    return local(at, zone).date()
