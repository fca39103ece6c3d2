"""The synthetic practice: a month's main job on it, on whatever day it is made."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from casemgr.clock import FixedClock
from casemgr.core.roles import PERMISSIONS, permission_for
from casemgr.core.rows import ActivityFilter
from casemgr.errors import NotWritten
from casemgr.services.aging import aging
from casemgr.services.claims import listed as claims
from casemgr.services.claims import the_claim
from casemgr.services.demo import make_demo
from casemgr.services.desk import open_desk
from casemgr.services.follow_ups import listed as follow_ups
from casemgr.services.month_view import month_view
from casemgr.services.oddities import overlaps
from casemgr.store.reads.house import access_of
from tests.services.support import assert_whole, everything, length

if TYPE_CHECKING:
    from casemgr.settings import Settings


@pytest.mark.parametrize(
    "at", ["2026-11-21T12:00", "2026-03-01T00:10", "2027-01-31T23:50", "2028-02-29T09:00"]
)
def test_it_is_whole_on_any_day(settings: Settings, at: str) -> None:
    clock = FixedClock(datetime.fromisoformat(at).replace(tzinfo=ZoneInfo("America/New_York")))
    said: list[str] = []
    demo = make_demo(settings.places, said.append, clock)
    facts = dict(demo.facts)
    assert said
    desk = open_desk(settings, clock=clock)
    try:
        rows = everything(desk)
        assert len(rows) > 100
        assert max(row.service_date for row in rows) <= desk.today().isoformat()
        assert {row.staff for row in rows} == {"mrivera", "tchen", "bokafor"}
        assert not overlaps(desk, ActivityFilter())
        assert follow_ups(desk)
        drafted = claims(desk, demo.month)
        states = {row.status for row in drafted}
        assert states >= {"draft", "accepted", "denied", "paid_in_part", "paid", "appealed", "submitted"}
        assert any(the_claim(desk, row.number).amendment_owed for row in drafted)
        assert month_view(desk, demo.month).state.closed
        owed = aging(desk)
        assert owed.total.insurer_cents
        assert any(one.row.deadline for one in owed.claims)
        printed = sorted((settings.places.exports / f"claims-{demo.month}").iterdir())
        assert len(printed) == len(drafted)
        assert drafted[0].number in PdfReader(printed[0]).pages[0].extract_text()
        assert [facts["Workbook"]] == [str(one) for one in settings.places.exports.glob("*.xlsx")]
        assert f"billing-{demo.month}-at-" in facts["Workbook"]
        deeds = list(desk.store.rows("SELECT DISTINCT action, entity, staff FROM ledger"))
        assert ("close", "month", "pdiaz") in deeds
        for action, entity, staff in deeds:
            needed = permission_for(action, entity)
            assert needed in PERMISSIONS, f"nothing in core.roles covers {action} of {entity}"
            assert access_of(desk.store, staff) in needed.roles
        found = desk.store.one("SELECT max(at) FROM ledger")
        assert found is not None
        assert found[0] < clock.now() + 60_000_000, "no entry from the future"
        assert_whole(desk)
    finally:
        desk.close()


def test_it_is_never_made_over_a_practice(settings: Settings) -> None:
    clock = FixedClock(datetime(2026, 11, 2, 12, tzinfo=ZoneInfo("America/New_York")))
    make_demo(settings.places, lambda _: None, clock)
    desk = open_desk(settings)
    before = length(desk)
    with pytest.raises(NotWritten, match="already"):
        make_demo(settings.places, lambda _: None, clock)
    assert length(desk) == before
    desk.close()
