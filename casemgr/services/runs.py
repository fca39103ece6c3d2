"""In the run of which month work is billed, and what nobody changes any more once that month is closed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from casemgr.core.dates import Month, format_us
from casemgr.errors import RuleRefused
from casemgr.store.reads.months import close_of

if TYPE_CHECKING:
    from casemgr.core.records import Activity
    from casemgr.services.desk import Desk


def refuse_closed(desk: Desk, month: str) -> None:
    """Refuse to change a closed month's activities and claim lines; to be asked under the write lock.

    Args:
        desk: the open practice.
        month: in whose run they are billed, such as `2026-10`.

    Raises:
        RuleRefused: it is closed.
    """
    closed = close_of(desk.store, month)
    if closed is not None:
        raise RuleRefused(
            f"{title_of(month)} is closed",
            f"{closed.by} closed it on {format_us(desk.local(closed.at).date())}, and what is billed in it "
            "stands. Nothing was changed.",
            f"If it has to change, reopen it with `casemgr month reopen {month} --why …`.",
        )


def run_of(desk: Desk, service_date: date, today: date) -> str:
    """The month in whose run work that is saved today is billed; empty for that of its own date.

    Where that one is closed, it is the first open month from the present one on.
    """
    own = Month.of(service_date)
    if close_of(desk.store, str(own)) is None:
        return ""
    return str(first_open(desk, max(own, Month.of(today))))


def first_open(desk: Desk, since: Month) -> Month:
    """The first month from one on that is not closed."""
    while close_of(desk.store, str(since)) is not None:
        since = next_month(since)
    return since


def run_after(desk: Desk, record: Activity, service_date: date, today: date) -> str:
    """As run_of, for an activity whose date changes; within its month it stays in the run that it has."""
    same = Month.of(service_date) == Month.of(date.fromisoformat(record.service_date))
    return record.run_month if same else run_of(desk, service_date, today)


def told_late(record: Activity) -> tuple[str, ...]:
    """A word where work that was just saved is billed with a later month."""
    if not record.run_month:
        return ()
    return (f"{title_of(record.service_date[:7])} is closed: {billed_with(record.run_month)}",)


def billed_with(run: str) -> str:
    """`it will be billed with November 2026`."""
    return f"it will be billed with {title_of(run)}"


def title_of(month: str) -> str:
    """`October 2026`, of `2026-10`."""
    return Month.of(date.fromisoformat(f"{month}-01")).title


def next_month(month: Month) -> Month:
    """The month after one."""
    return Month.of(month.last + timedelta(days=1))
