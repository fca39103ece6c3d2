"""A month beside the twelve before it: every figure recounted from the rows of a random store."""

from __future__ import annotations

import json
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import pytest

from casemgr.core.dates import Month
from casemgr.core.insights import Rate, months_up_to
from casemgr.core.records import Activity, FollowUp
from casemgr.services.insights import insights
from casemgr.services.reports import month_report
from tests.services.support import OCTOBER, SEPTEMBER, TODAY, assert_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from casemgr.core.insights import Insights
    from casemgr.services.desk import Desk
    from casemgr.store.ledger import Transaction

PERIOD = (date(2025, 8, 20), date(2026, 11, 30))
"""A little more than the thirteen months; follow-ups are due ahead as well."""


class Row(NamedTuple):
    """An activity as its table has it."""

    day: date
    patient: str
    kind: str
    staff: str
    minutes: int
    outcome: str
    status: str
    voided: int


class Due(NamedTuple):
    """A follow-up as its table has it."""

    day: date
    once_due: date
    """The earliest day on which it was ever due, by the ledger."""
    done: date | None
    staff: str
    activity_id: str
    voided: int


def add_work(tx: Transaction, chance: Random, desk: Desk, patients: Sequence[str]) -> None:
    """An activity of any kind and outcome on any day; some are drafts, some voided, some with a follow-up."""
    kind = chance.choice(list(desk.kinds))
    day = PERIOD[0] + timedelta(days=chance.randrange((TODAY - PERIOD[0]).days + 1))
    login = chance.choice(("mrivera", "tchen"))
    signed = chance.random() < 0.9
    record = Activity(
        id=tx.new_id(),
        patient_id=chance.choice(patients),
        kind=kind.kind,
        staff=login,
        service_date=day.isoformat(),
        minutes=chance.randrange(1, 90),
        outcome=chance.choice(kind.outcomes).id,
        outcome_words="so it went",
        status="signed" if signed else "draft",
        entered_at=tx.now,
        entered_by=login,
    )
    tx.append("log", "activity", record)
    if chance.random() < 0.1:
        tx.append("void", "activity", record.model_copy(update={"voided": True}), "twice")
    if chance.random() < 0.5:
        add_due(tx, chance, record.id)


def add_due(tx: Transaction, chance: Random, activity_id: str) -> None:
    """A follow-up on any day, open, done in time or late; some are put off, some withdrawn."""
    due = PERIOD[0] + timedelta(days=chance.randrange((PERIOD[1] - PERIOD[0]).days + 1))
    record = FollowUp(
        id=tx.new_id(),
        due_date=due.isoformat(),
        what="call",
        activity_id=activity_id if chance.random() < 0.8 else "",
        assigned_to=chance.choice(("mrivera", "tchen")),
    )
    tx.append("add", "follow_up", record)
    if chance.random() < 0.2:
        due += timedelta(days=chance.randrange(-20, 30))
        record = record.model_copy(update={"due_date": due.isoformat()})
        tx.append("snooze", "follow_up", record)
    done = due + timedelta(days=chance.randrange(-10, 20))
    if chance.random() < 0.7 and done <= TODAY:
        record = record.model_copy(update={"done_on": done.isoformat(), "done_by": "tchen"})
        tx.append("done", "follow_up", record)
    if chance.random() < 0.1:
        tx.append("void", "follow_up", record.model_copy(update={"voided": True}))


@pytest.fixture
def random_store(desk: Desk) -> Desk:
    """Four hundred activities and two hundred follow-ups."""
    chance = Random(7)
    patients = [row[0] for row in desk.store.rows("SELECT id FROM patients")]
    with desk.write() as tx:
        for _ in range(400):
            add_work(tx, chance, desk, patients)
    assert_whole(desk)
    return desk


def rows_of(desk: Desk) -> list[Row]:
    """Every activity."""
    rows = desk.store.rows(
        "SELECT service_date, patient_id, kind, staff, minutes, outcome, status, voided FROM activities"
    )
    return [Row(date.fromisoformat(day), *rest) for day, *rest in rows]


def due_of(desk: Desk) -> list[Due]:
    """Every follow-up."""
    once: dict[str, date] = {}
    for entity_id, body in desk.store.rows("SELECT entity_id, body FROM ledger WHERE entity = 'follow_up'"):
        due = date.fromisoformat(json.loads(body)["due_date"])
        once[entity_id] = min(once.get(entity_id, due), due)
    columns = "id, due_date, done_on, assigned_to, activity_id, voided"
    return [
        Due(date.fromisoformat(due), once[id_], date.fromisoformat(done) if done else None, *rest)
        for id_, due, done, *rest in desk.store.rows(f"SELECT {columns} FROM follow_ups")
    ]


FILTERS = [(staff, kind) for staff in ("", "tchen") for kind in ("", "missed_visit", "referral")]


@pytest.mark.parametrize(("staff", "kind"), FILTERS)
@pytest.mark.parametrize(
    "month", [OCTOBER, SEPTEMBER, Month(2026, 2), Month(2026, 1), Month(2026, 11)], ids=str
)
def test_every_figure_is_what_a_recount_of_the_rows_gives(
    random_store: Desk, month: Month, staff: str, kind: str
) -> None:
    desk, found = random_store, insights(random_store, month, staff=staff, kind=kind)
    live = [row for row in rows_of(desk) if not row.voided]
    mine = [row for row in live if staff in {"", row.staff} and kind in {"", row.kind}]
    for at, each in enumerate(months_up_to(month)):
        of_month = [row for row in mine if each.contains(row.day)]
        assert (found.activities.values[at] or 0) == len(of_month)
        assert (found.minutes.values[at] or 0) == sum(row.minutes for row in of_month)
        assert found.reached.values[at] == reached(desk, of_month)
    of_month = [row for row in mine if month.contains(row.day)]
    assert found.drafts == sum(row.status == "draft" for row in of_month)
    assert parts(found, "kind") == recount(of_month, lambda row: row.kind)
    assert parts(found, "staff") == recount(of_month, lambda row: row.staff)
    assert {(w.year, w.number): (w.activities, w.minutes) for w in found.weeks if w.activities} == recount(
        of_month, lambda row: row.day.isocalendar()[:2]
    )
    assert {w.number: (w.activities, w.minutes) for w in found.weekdays if w.activities} == recount(
        of_month, lambda row: row.day.weekday()
    )
    assert {
        (one.kind, outcome.id): (outcome.activities, outcome.minutes)
        for one in found.outcomes
        for outcome in one.outcomes
    } == recount([row for row in of_month if row.status == "signed"], lambda row: (row.kind, row.outcome))
    assert_outreach(found, [row for row in live if row.status == "signed"], staff, kind)
    kinds = {row[0]: row[1] for row in desk.store.rows("SELECT id, kind FROM activities")}
    due = [
        one
        for one in due_of(desk)
        if not one.voided and staff in {"", one.staff} and kind in {"", kinds.get(one.activity_id)}
    ]
    assert_kept(found, due)


def reached(desk: Desk, rows: Sequence[Row]) -> Rate:
    """Contact reached, row by row."""
    told = []
    for row in rows:
        outcome = desk.kinds.kept(row.kind).outcome(row.outcome)
        if row.status == "signed" and outcome and outcome.contact is not None:
            told.append(outcome.contact)
    return Rate(sum(told), len(told))


def parts(found: Insights, by: str) -> dict[object, tuple[int, int]]:
    """Activities and minutes of the groups that have any in the month."""
    groups = found.by_kind if by == "kind" else found.by_staff
    return {one.id: (one.activities, one.minutes) for one in groups if one.activities}


def recount(rows: Sequence[Row], key: Callable[[Row], object]) -> dict[object, tuple[int, int]]:
    """Activities and minutes of rows by a key."""
    counted: dict[object, tuple[int, int]] = {}
    for row in rows:
        activities, minutes = counted.get(key(row), (0, 0))
        counted[key(row)] = (activities + 1, minutes + row.minutes)
    return counted


def assert_outreach(found: Insights, signed: Sequence[Row], staff: str, kind: str) -> None:
    """Booked after outreach, patient by patient."""
    if kind == "referral":
        assert found.outreach is None
        return
    assert found.outreach is not None
    booked = {
        ("missed_visit", "rebooked"),
        ("referral", "consult_booked"),
        ("transport", "visit_rescheduled"),
    }
    for month, rate in zip(found.months, found.outreach.trend.values, strict=True):
        part, whole = 0, 0
        for patient in {row.patient for row in signed}:
            tries = [
                row.day
                for row in signed
                if (row.patient, row.kind) == (patient, "missed_visit")
                and month.contains(row.day)
                and staff in {"", row.staff}
            ]
            if tries and (end := min(tries) + timedelta(days=30)) < TODAY:
                whole += 1
                part += any(
                    row.patient == patient
                    and (row.kind, row.outcome) in booked
                    and min(tries) <= row.day <= end
                    for row in signed
                )
        assert rate == Rate(part, whole)


def assert_kept(found: Insights, due: Sequence[Due]) -> None:
    """Follow-ups kept, one by one."""
    for month, rate in zip(found.months, found.follow_ups.trend.values, strict=True):
        fell_due = [one for one in due if month.contains(one.day) and one.day < TODAY]
        assert rate == Rate(
            sum(one.done is not None and one.done <= one.day for one in fell_due), len(fell_due)
        )
    mine = [one for one in due if found.month.contains(one.day)]
    kept = found.follow_ups
    assert kept.open == sum(one.day < TODAY and one.done is None for one in mine)
    assert kept.late == sum(one.day < TODAY and one.done is not None and one.done > one.day for one in mine)
    assert kept.ahead == sum(one.day >= TODAY for one in mine)
    assert kept.put_off == sum(one.day < TODAY and one.day > one.once_due for one in mine)


def test_the_sums_are_those_of_the_other_reports(random_store: Desk) -> None:
    found, report = insights(random_store, SEPTEMBER), month_report(random_store, SEPTEMBER)
    assert (found.activities.now, found.minutes.now) == (report.activities, report.minutes)
    assert parts(found, "kind") == {one.id: (one.activities, one.minutes) for one in report.by_kind}
    assert parts(found, "staff") == {one.id: (one.activities, one.minutes) for one in report.by_staff}
