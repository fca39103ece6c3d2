"""The month's sums read their indexes and nothing else, however much is in the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.dates import Month
from casemgr.core.insights import months_up_to
from casemgr.store.reads import insights

if TYPE_CHECKING:
    import pytest

    from casemgr.services.desk import Desk
    from casemgr.store.database import Parameters, Store

MONTHS = [str(month) for month in months_up_to(Month(2026, 10))]
BOOKED = [("missed_visit", "rebooked"), ("referral", "consult_booked")]


def plans_of(desk: Desk, monkeypatch: pytest.MonkeyPatch, staff: str, kind: str) -> list[str]:
    """How SQLite goes about each query: a line each."""
    plans: list[str] = []
    rows = desk.store.rows

    def explained(sql: str, parameters: Parameters = ()) -> object:
        plans.append("; ".join(row[3] for row in rows(f"EXPLAIN QUERY PLAN {sql}", parameters)))
        return rows(sql, parameters)

    monkeypatch.setattr(desk.store, "rows", explained)
    store: Store = desk.store
    insights.work_sums(store, MONTHS, staff, kind)
    insights.day_sums(store, MONTHS[-1], staff, kind)
    list(insights.first_tries(store, MONTHS, ["missed_visit"], staff))
    list(insights.days_of_outcomes(store, MONTHS, BOOKED))
    insights.due_sums(store, MONTHS, staff)
    return plans


def test_each_sum_is_read_from_an_index_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for staff in ("", "amy"):
        for kind in ("", "referral"):
            with monkeypatch.context() as patched:
                *activities, follow_ups = plans_of(desk, patched, staff, kind)
            for plan in activities:
                assert "SEARCH activities USING COVERING INDEX activities_by_month" in plan
            assert "SEARCH f USING COVERING INDEX follow_ups_by_month" in follow_ups
