"""Runs: every activity is billed in one month, whatever was closed, came late and was reopened."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casemgr.core.commands import VoidActivity
from casemgr.core.dates import Month
from casemgr.core.records import Activity
from casemgr.core.rows import ActivityFilter, within
from casemgr.errors import CasemgrError
from casemgr.services.activities import listed, summed, void_activity
from casemgr.services.claims import draft_claims
from casemgr.services.claims import listed as claims
from casemgr.services.month_close import close_month, reopen_month
from casemgr.services.month_rows import MonthRows
from casemgr.services.month_standing import state_of
from casemgr.services.month_view import listed_months
from casemgr.store.reads.activities import conditions
from casemgr.store.reads.records import load
from tests.services.support import OCTOBER, SEPTEMBER, assert_whole, cover, everything, log, minutes_of
from tests.services.test_month_rows import STEPS, Player, assert_reconciled

if TYPE_CHECKING:
    from casemgr.services.desk import Desk
    from tests.services.support import Anew

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
RUNS = (SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER)


class Closer(Player):
    """A player that closes and reopens months as well."""

    def step(self, name: str) -> None:
        month = self.chance.choice((SEPTEMBER, SEPTEMBER, OCTOBER))
        match name:
            case "close":
                close_month(self.desk, month, "why")
            case "reopen":
                reopen_month(self.desk, month, "why")
            case "claim late":
                draft_claims(self.desk, self.chance.choice(RUNS[2:]))
            case _:
                super().step(name)


def by_run(desk: Desk) -> dict[str, Counter[str]]:
    """Activities and minutes of each run, counted from the records themselves."""
    found: dict[str, Counter[str]] = {str(month): Counter() for month in RUNS}
    for (activity_id,) in desk.store.rows("SELECT DISTINCT entity_id FROM ledger WHERE entity = 'activity'"):
        record = load(desk.store, Activity, activity_id)
        assert record is not None
        if not record.voided:
            found[record.billed_in].update(activities=1, minutes=record.minutes)
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from((*STEPS, "close", "close", "reopen", "claim late")), max_size=30),
    st.integers(0, 2**32),
)
def test_every_minute_is_in_one_run_whatever_was_closed(anew: Anew, steps: list[str], seed: int) -> None:
    with anew() as desk:
        player = Closer(desk, seed)
        for step in steps:
            try:
                player.step(step)
            except CasemgrError as refused:
                assert refused.exit_code in {3, 4, 5}, refused.title
        assert_in_one_run(desk)


def assert_in_one_run(desk: Desk) -> None:
    """Runs, figures and log agree, and what was frozen still holds."""
    counted = by_run(desk)
    assert sum(one["minutes"] for one in counted.values()) == minutes_of(everything(desk))
    for month in RUNS:
        assert_reconciled(desk, month)
        own = counted[str(month)]
        assert summed(desk, within(month)) == (own["activities"], own["minutes"])
        frozen = state_of(desk, month).figures
        if frozen:
            # Who is covered may change afterwards; what was done, and what stands on claims, does not.
            assert (frozen["activities.rows"], frozen["activities.minutes"]) == (
                own["activities"],
                own["minutes"],
            )
    told = {str(one.month): (one.activities, one.minutes) for one in listed_months(desk) if one.activities}
    assert told == {
        run: (own["activities"], own["minutes"]) for run, own in counted.items() if own["activities"]
    }
    for row in everything(desk):
        claim = next((one for one in claims(desk) if one.id == row.claim_id), None)
        assert claim is None or claim.month == row.billed_in
    assert_whole(desk)


def test_a_run_has_what_came_late_first_and_nothing_twice(desk: Desk, ana: str) -> None:
    cover(desk, ana)
    for day in ("9/3", "10/1", "10/2"):
        log(desk, f"10m ride #1030 {day}: no car => ride confirmed")
    close_month(desk, SEPTEMBER, "why")
    for day in ("9/30", "9/1", "10/1"):
        log(desk, f"10m ride #1030 {day}: no car => ride confirmed")
    late = ["2026-09-01", "2026-09-30", "2026-10-01", "2026-10-01", "2026-10-02"]
    for patient_id in ("", ana):
        rows = listed(desk, within(OCTOBER, patient_id))
        assert [row.service_date for row in rows] == late
        newest = listed(desk, ActivityFilter(run="2026-10", patient_id=patient_id, newest_first=True))
        assert newest == rows[::-1]
        assert [row.service_date for row in listed(desk, within(SEPTEMBER, patient_id))] == ["2026-09-03"]
    # By service date, each stays where it was done.
    assert summed(desk, ActivityFilter(first="2026-09-01", last="2026-09-30")) == (3, 30)
    with desk.store.snapshot():
        shown = MonthRows(desk, OCTOBER).activities()
        assert [(row.service_date.month, row.late_from) for row in shown] == [
            (9, "September 2026"),
            (9, "September 2026"),
            (10, ""),
            (10, ""),
            (10, ""),
        ]


def test_a_voided_late_activity_is_told_in_its_run(desk: Desk) -> None:
    close_month(desk, SEPTEMBER, "why")
    record = log(desk, "10m ride #1030 9/30: no car => ride confirmed")
    void_activity(desk, VoidActivity(record.id, "twice"))
    with desk.store.snapshot():
        assert [row.detail for row in MonthRows(desk, OCTOBER).left_out()] == ["10 min, voided: twice"]
        assert not list(MonthRows(desk, SEPTEMBER).left_out())


@pytest.mark.parametrize("patient_id", ["", "somebody"])
def test_each_part_of_a_run_is_found_by_an_index(desk: Desk, patient_id: str) -> None:
    where, values = conditions(within(OCTOBER, patient_id))
    sql = f"EXPLAIN QUERY PLAN SELECT sum(a.minutes) FROM activities a {where}"
    plan = [str(row[3]) for row in desk.store.rows(sql, values)]
    other = "activities_by_patient" if patient_id else "activities_by_date"
    assert not [step for step in plan if step.startswith("SCAN")]
    assert any("activities_by_run" in step for step in plan)
    assert any(other in step for step in plan)
