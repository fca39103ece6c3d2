"""The month's sums read their indexes and nothing else, however much is in the store."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from casemgr.core.dates import Month
from casemgr.core.insights import months_up_to
from casemgr.core.rows import ActivityFilter
from casemgr.store.reads import insights
from casemgr.store.reads.activities import activities, totals
from casemgr.store.reads.follow_ups import follow_ups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.services.desk import Desk
    from casemgr.store.database import Parameters, Store

MONTHS = [str(month) for month in months_up_to(Month(2026, 10))]
BOOKED = [("missed_visit", "rebooked"), ("referral", "consult_booked")]


@contextmanager
def plans(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """How SQLite goes about each query that is made within: a line each."""
    found: list[str] = []
    rows, one = store.rows, store.one

    def explain(sql: str, parameters: Parameters) -> None:
        found.append("; ".join(row[3] for row in rows(f"EXPLAIN QUERY PLAN {sql}", parameters)))

    def explained_rows(sql: str, parameters: Parameters = ()) -> object:
        explain(sql, parameters)
        return rows(sql, parameters)

    def explained_one(sql: str, parameters: Parameters = ()) -> object:
        explain(sql, parameters)
        return one(sql, parameters)

    with monkeypatch.context() as patched:
        patched.setattr(store, "rows", explained_rows)
        patched.setattr(store, "one", explained_one)
        yield found


@pytest.mark.parametrize("staff", ["", "amy"])
@pytest.mark.parametrize("kind", ["", "referral"])
def test_each_sum_is_read_from_an_index_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, staff: str, kind: str
) -> None:
    store = desk.store
    with plans(store, monkeypatch) as of_activities:
        insights.work_sums(store, MONTHS, staff, kind)
        insights.day_sums(store, MONTHS[-1], staff, kind)
        list(insights.first_tries(store, MONTHS, ["missed_visit"], staff))
        list(insights.days_of_outcomes(store, MONTHS, BOOKED))
    with plans(store, monkeypatch) as of_follow_ups:
        insights.due_sums(store, MONTHS, staff)
    assert len(of_activities) == 4
    for plan in of_activities:
        assert "SEARCH activities USING COVERING INDEX activities_by_month" in plan
    assert "SEARCH f USING COVERING INDEX follow_ups_by_month" in of_follow_ups[0]


def test_no_list_goes_by_these_indexes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with plans(desk.store, monkeypatch) as found:
        for wanted in (ActivityFilter(), ActivityFilter(first="2026-10-01"), ActivityFilter(kind="referral")):
            totals(desk.store, wanted)
            list(activities(desk.store, wanted))
        follow_ups(desk.store)
        follow_ups(desk.store, open_only=False, due_by="2026-10-21")
    assert len(found) == 8
    assert [plan for plan in found if "_by_month" in plan] == []
