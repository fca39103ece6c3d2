"""Months: which are closed, and what was logged and claimed in the run of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from casemgr.store.database import Store


class Close(NamedTuple):
    """Who closed a month, and when."""

    by: str
    """A login."""
    at: int
    """The instant, in microseconds."""


class RunSum(NamedTuple):
    """A month's run; months are text such as `2026-10`, money is in cents."""

    month: str
    activities: int
    minutes: int
    claims: int
    charge_cents: int
    """Of its live claims, as they would be sent now."""


def close_of(store: Store, month: str) -> Close | None:
    """Who closed a month such as `2026-10`; None while it is open."""
    found = store.one(
        "SELECT closed_by, closed_at FROM months WHERE id = ? AND closed = 1 AND voided = 0", (month,)
    )
    return Close(*found) if found else None


def closes(store: Store) -> dict[str, Close]:
    """Every closed month."""
    rows = store.rows("SELECT id, closed_by, closed_at FROM months WHERE closed = 1 AND voided = 0")
    return {month: Close(by, at) for month, by, at in rows}


def runs(store: Store) -> list[RunSum]:
    """Every month in whose run something is, the newest first."""
    worked: dict[str, tuple[int, int]] = {}
    # By month of service from an index that has no runs in it; then what came late is moved to its run.
    own = (
        "SELECT substr(service_date, 1, 7), count(*), sum(minutes) FROM activities WHERE voided = 0 "
        "GROUP BY substr(service_date, 1, 7)"
    )
    for month, count, minutes in store.rows(own):
        worked[month] = count, minutes
    late = (
        "SELECT substr(service_date, 1, 7), run_month, count(*), sum(minutes) FROM activities "
        "WHERE run_month <> '' AND voided = 0 GROUP BY 1, 2"
    )
    for month, run, count, minutes in store.rows(late):
        there, here = worked[month], worked.get(run, (0, 0))
        worked[month] = there[0] - count, there[1] - minutes
        worked[run] = here[0] + count, here[1] + minutes
    claimed = {
        month: (count, cents)
        for month, count, cents in store.rows(
            "SELECT c.month, count(DISTINCT c.id), coalesce(sum(l.quantity * l.fee_cents), 0) "
            "FROM claims c LEFT JOIN claim_lines l ON l.claim_id = c.id WHERE c.voided = 0 GROUP BY c.month"
        )
    }
    months = {month for month, (count, _) in worked.items() if count} | claimed.keys()
    return [
        RunSum(month, *worked.get(month, (0, 0)), *claimed.get(month, (0, 0)))
        for month in sorted(months, reverse=True)
    ]


class RunClaim(NamedTuple):
    """A live claim of a run, as far as closing the month asks about it."""

    id: str
    number: str
    status: str
    amendment_owed: bool


def claims_of(store: Store, month: str) -> list[RunClaim]:
    """The live claims of a month's run, by number."""
    rows = store.rows(
        "SELECT id, number, status, amendment_owed FROM claims WHERE month = ? AND voided = 0 "
        "ORDER BY number",
        (month,),
    )
    return [RunClaim(claim_id, number, status, bool(owed)) for claim_id, number, status, owed in rows]


def late_ids(store: Store, month: str) -> list[tuple[str, str]]:
    """Id and run of each live, unclaimed activity that came too late for a month such as `2026-10`."""
    rows = store.rows(
        "SELECT a.id, a.run_month FROM activities a LEFT JOIN claim_activities ca ON ca.activity_id = a.id "
        "WHERE a.run_month <> '' AND a.service_date BETWEEN ? AND ? AND a.voided = 0 "
        "AND ca.claim_id IS NULL ORDER BY a.row",
        (f"{month}-01", f"{month}-31"),
    )
    return [(row[0], row[1]) for row in rows]


def late_sums(store: Store, month: str) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """What came late: from which months into a run, and into which runs from a month; month and number."""
    into = store.rows(
        "SELECT substr(service_date, 1, 7), count(*) FROM activities "
        "WHERE run_month = ? AND run_month <> '' AND voided = 0 GROUP BY 1 ORDER BY 1",
        (month,),
    )
    out = store.rows(
        "SELECT run_month, count(*) FROM activities "
        "WHERE run_month <> '' AND service_date BETWEEN ? AND ? AND voided = 0 GROUP BY 1 ORDER BY 1",
        (f"{month}-01", f"{month}-31"),
    )
    return [(row[0], row[1]) for row in into], [(row[0], row[1]) for row in out]
