"""Attempts to reach a patient, from the log."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import VoidActivity
from casemgr.services.activities import log_activity, void_activity
from casemgr.services.desk import open_desk
from casemgr.services.entries import wish_from_text
from casemgr.services.outreach import ladder, open_ladders
from casemgr.services.patients import the_patient_id
from tests.services.support import log
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.services.desk import Desk
    from casemgr.settings import Settings


@pytest.fixture
def other(desk: Desk) -> str:
    """Id of the other Ana Garcia."""
    return the_patient_id(desk, "1031")


def test_each_attempt_says_when_how_by_whom_and_whether_it_reached_anybody(
    desk: Desk, desk_of: Callable[[str], Desk], ana: str
) -> None:
    assert ladder(desk, ana) is None
    wish = wish_from_text(desk, "5m no-show #1030 10/14 2pm phone: called => left vm")
    first = log_activity(desk, wish._replace(fields={"missed_date": "10/13"})).activity
    log(desk, "15m ride #1030 10/15: no car => ride confirmed")
    second = log(desk_of("tchen"), "5m no-show #1030 10/19 text: wrote => asked the neighbour")
    found = ladder(desk, ana)
    assert found is not None
    assert (found.kind, found.count, found.days_since_last) == ("missed_visit", 2, 2)
    assert (found.missed_on, found.reached) == ("2026-10-13", False)
    assert [each.activity_id for each in found.attempts] == [first.id, second.id]
    one, two = found.attempts
    assert (one.service_date, one.start, one.method) == ("2026-10-14", "14:00", "phone")
    assert (one.outcome, one.reached, one.staff_name) == ("Left voicemail", False, "Marisol Rivera")
    assert (two.outcome, two.reached, two.staff) == ("asked the neighbour", None, "tchen")


def test_it_ends_with_whom_was_reached_and_stands_as_it_did_on_a_day(desk: Desk, ana: str) -> None:
    for line in ("10/14: x => left vm", "10/16: x => reached pt rebooked", "10/20: x => no answer"):
        log(desk, f"5m no-show #1030 {line}")
    found = ladder(desk, ana)
    assert found is not None
    assert [each.service_date for each in found.attempts] == ["2026-10-20"]
    then = ladder(desk, ana, date(2026, 10, 18))
    assert then is not None
    assert (then.count, then.reached, then.days_since_last) == (2, True, 2)
    assert ladder(desk, ana, date(2026, 10, 13)) is None


def test_those_who_were_reached_or_never_tried_are_not_open(desk: Desk, ana: str, other: str) -> None:
    log(desk, "5m no-show #1030 10/20: x => left vm")
    log(desk, "5m no-show #1031 10/20: x => left vm")
    third = the_patient_id(desk, "1032")
    assert open_ladders(desk, [ana, other, third, ""]).keys() == {ana, other}
    log(desk, "5m no-show #1031 10/21: x => reached pt rebooked")
    assert open_ladders(desk, [ana, other, third]).keys() == {ana}
    assert open_ladders(desk, []) == {}


def test_what_was_voided_was_no_attempt(desk: Desk, ana: str) -> None:
    record = log(desk, "5m no-show #1030 10/20: x => left vm")
    void_activity(desk, VoidActivity(record.id, "wrong patient"))
    assert ladder(desk, ana) is None


def test_a_practice_declares_a_ladder_of_its_own(desk: Desk, settings: Settings, ana: str) -> None:
    folder = settings.places.config / "activities"
    folder.mkdir(parents=True, exist_ok=True)
    text = (ROOT / "schema/activities/missed_visit.toml").read_text(encoding="utf-8")
    text = text.replace('kind = "missed_visit"', 'kind = "recall"').replace('"missed_date"', '"due_date"')
    text = text.replace("{missed_date}", "{due_date}").replace("Missed-visit outreach", "Recall")
    begin, end = text.index("aliases = ["), text.index("code =")
    (folder / "recall.toml").write_text(text[:begin] + text[end:], encoding="utf-8")
    mine = open_desk(settings, clock=desk.clock)
    try:
        log(mine, "5m no-show #1030 10/19: x => left vm")
        log(mine, "5m recall #1030 10/20: x => left vm")
        found = ladder(mine, ana)
        assert found is not None
        assert (found.kind, found.count) == ("recall", 1)
        log(mine, "5m no-show #1030 10/21: x => left vm")
        again = ladder(mine, ana)
        assert again is not None
        assert (again.kind, again.count) == ("missed_visit", 2)
    finally:
        mine.close()
