"""Follow-ups: by age, whose, done, put off and handed over, with what they come from beside them."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Event
from typing import TYPE_CHECKING

import pytest
from textual.message import Message

from casemgr.core.commands import AddFollowUp, AddPatient, FinishFollowUp
from casemgr.core.text import tidy
from casemgr.services.activities import log_activity
from casemgr.services.entries import wish_from_text
from casemgr.services.follow_ups import add_follow_up, finish_follow_up, listed
from casemgr.services.patients import add_patient, the_patient_id
from casemgr.services.telling import told
from casemgr.tui.messages import Go
from casemgr.tui.screens.activity import ActivityScreen
from casemgr.tui.screens.form import FormScreen
from casemgr.tui.screens.history import HistoryScreen
from casemgr.tui.widgets.due import DueList
from casemgr.tui.widgets.facts import Facts
from casemgr.tui.widgets.follow_up_list import FollowUpList
from tests.tui.test_text import NASTY

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]

TODAY = date(2026, 10, 21)


class Waited(Message):
    """What was waited for came."""


def ask(desk: Desk, days: int, what: str, chart: str = "1030", whose: str = "") -> str:
    patient_id = the_patient_id(desk, chart) if chart else ""
    wish = AddFollowUp(TODAY + timedelta(days=days), what, patient_id, "", whose)
    return add_follow_up(desk, wish).id


def due(desk: Desk) -> dict[str, str]:
    return {one.row.what: one.row.due_date for one in listed(desk)}


async def go(face: Face, *keys: str) -> FollowUpList:
    await face.press("escape", "4")
    listing = face.app.screen.query_one(FollowUpList)
    if keys:
        await face.press(*keys)
    return listing


def title(face: Face) -> str:
    return str(face.app.screen.query_one(FollowUpList).border_title)


def beside(face: Face) -> str:
    return str(face.app.screen.query_one(Facts).render())


async def test_they_stand_by_age_and_each_age_has_its_name(
    opened: Open, desk: Desk, clock: FixedClock
) -> None:
    clock.move(days=-9)
    ask(desk, -9, "second call")
    clock.move(days=9)
    ask(desk, 0, "did they call back?", "1031")
    ask(desk, 2, "order forms", "")
    async with opened(120, 40) as face:
        await go(face)
        assert "Yours · 1 overdue · 1 today · 1 later" in title(face)
        seen = face.seen()
        for part in ("Overdue  9 d late", "Today    today", "Later    in 2 d", "4/9/1985"):
            assert part in seen
        assert seen.index("Overdue") < seen.index("Today    today") < seen.index("Later  ")
        assert "Garcia, Ana  4/9/2012  #1030" in beside(face)


async def test_nothing_is_said_of_them_before_they_were_read(opened: Open) -> None:
    read_on = Event()

    def long(_: Desk) -> Waited:
        read_on.wait()
        return Waited()

    async with opened(120, 40) as face:
        assert face.app.screen.query_one(DueList).border_title == "Nothing is due"
        face.app.lane.ask(face.app.screen, long)
        await face.pilot.press("escape", "4")
        await face.pilot.pause()
        assert title(face) == "…"

        read_on.set()
        await face.settle()
        assert title(face) == "Yours · nothing is waiting"


async def test_enter_logs_what_was_done_and_d_only_notes_it(opened: Open, desk: Desk) -> None:
    ask(desk, 0, "confirm ride")
    ask(desk, 1, "send the form")
    ask(desk, 2, "third")
    async with opened(120, 40) as face:
        await go(face, "enter")
        assert isinstance(face.app.screen, ActivityScreen)
        face.write({"kind": "transport", "minutes": "5", "outcome": "ride confirmed"})
        await face.press("f9")
        assert len(face.logged()) == 1
        assert face.deeds()[-2:] == [("log", "activity"), ("done", "follow_up")]

        await face.press("d", *"sent", "enter")
        await face.press("d", "enter")
        assert due(desk) == {}
        assert "nothing is waiting" in title(face)

        await face.press("v")
        assert "3 done" in title(face)
        assert "Done     done 10/21" in face.seen()
        await face.press("down")
        assert "Transport" in beside(face) or "sent" in beside(face)


async def test_putting_off_goes_to_tomorrow_a_later_day_or_one_that_is_typed(
    opened: Open, desk: Desk
) -> None:
    ask(desk, 0, "confirm ride")
    async with opened(120, 40) as face:
        await go(face, "s")
        seen = face.seen()
        for part in ("Tomorrow, Thu 10/22/2026", "In 2 days, Fri 10/23/2026", "Next week, Mon 10/26/2026"):
            assert part in seen
        await face.press("t")
        assert due(desk) == {"confirm ride": "2026-10-22"}
        await face.press("s", "w")
        assert due(desk) == {"confirm ride": "2026-10-26"}
        await face.press("s", "d", *"sometime", "enter")
        assert "is no date" in face.seen()
        await face.press("ctrl+u", *"+9d", "enter")
        assert due(desk) == {"confirm ride": "2026-10-30"}
        assert "snoozed: confirm ride" in face.seen()


async def test_several_are_put_off_handed_over_and_done_in_one_deed(opened: Open, desk: Desk) -> None:
    for days in (0, 1, 2):
        ask(desk, days, f"ask {days}")
    async with opened(120, 40) as face:
        listing = await go(face, "space", "space")
        assert "2 ticked" in title(face)
        await face.press("s", "w")
        assert sorted(due(desk).values()) == ["2026-10-23", "2026-10-26", "2026-10-26"]
        assert not listing.ticked
        await face.press("z")
        assert sorted(due(desk).values()) == ["2026-10-21", "2026-10-22", "2026-10-23"]

        await face.press("home", "space", "space", "r", *"tam", "enter")
        assert face.deeds()[-2:] == [("assign", "follow_up")] * 2
        assert "Yours · 1 later" in title(face)
        await face.press("w", *"every", "enter")
        assert "Everybody's · 1 today · 2 later" in title(face)
        await face.press("home", "space", "space", "space", "d", *"all came", "enter")
        assert due(desk) == {}


async def test_the_attempts_for_a_missed_visit_stand_beside(
    opened: Open, desk: Desk, clock: FixedClock
) -> None:
    clock.move(days=-3)
    first = log_activity(
        desk,
        wish_from_text(desk, "5m missed visit 1030 by phone: cleaning => left voicemail !10/21 call again"),
    )
    clock.move(days=1)
    log_activity(desk, wish_from_text(desk, "5m missed visit 1030 by text: cleaning => left voicemail"))
    clock.move(days=2)
    async with opened(120, 40) as face:
        await go(face)
        told_beside = beside(face)
        for part in ("Tried so far", "10/18/2026 · Phone · Left voicemail", "10/19/2026 · Text"):
            assert part in told_beside or part in " ".join(told_beside.split())
        assert "Missed-visit outreach, 5 min, 10/18/2026" in " ".join(told_beside.split())
        assert first.follow_ups


async def test_something_to_do_is_added_for_the_marked_patient_or_another(opened: Open, desk: Desk) -> None:
    ask(desk, 0, "confirm ride", "1031")
    async with opened(120, 40) as face:
        await go(face, "a", "enter")
        assert isinstance(face.app.screen, FormScreen)
        assert "Garcia, Ana 4/9/1985 #1031" in face.seen()
        face.write({"due_date": "+3d", "what": "send the form"})
        await face.press("f9")
        assert due(desk)["send the form"] == "2026-10-24"

        await face.press("a", "down", "enter")
        assert isinstance(face.app.screen, FormScreen)
        face.write({"due_date": "fri", "what": "order forms"})
        await face.press("f9")
        assert due(desk)["order forms"] == "2026-10-23"
        assert [one.row.patient_id for one in listed(desk) if one.row.what == "order forms"] == [""]


async def test_they_are_narrowed_while_one_types(opened: Open, desk: Desk) -> None:
    ask(desk, 0, "confirm ride")
    ask(desk, 1, "send the form", "1032")
    async with opened(120, 40) as face:
        listing = await go(face, "slash", *"obr")
        assert [listing.row(key) is not None for key in listing.keys] == [True]
        assert "send the form" in face.seen()
        await face.press("escape")
        assert len(listing.keys) == 2


@pytest.mark.usefixtures("noticed_soon")
async def test_history_opens_and_what_others_write_comes_in(
    opened: Open, desk: Desk, desk_of: Callable[[str], Desk]
) -> None:
    first = ask(desk, 0, "confirm ride")
    second = ask(desk, 0, "send the form")
    async with opened(120, 40) as face:
        listing = await go(face, "h")
        assert isinstance(face.app.screen, HistoryScreen)
        await face.press("escape", "end", "space")
        assert listing.ticked == {second}
        await face.press("end")
        finish_follow_up(desk_of("tchen"), FinishFollowUp(first))
        await face.until(lambda: tuple(listing.keys) == (second,))
        assert (listing.key, listing.ticked) == (second, {second})
        assert told(desk, "follow_up", first).steps[0].who == "Tam Chen, RDH"


async def test_whoever_is_sent_to_one_arrives_there(opened: Open, desk: Desk) -> None:
    ask(desk, 0, "confirm ride")
    other = ask(desk, 1, "send the form", whose="tchen")
    async with opened(120, 40) as face:
        face.app.screen.post_message(Go("follow_ups", other))
        await face.settle()
        await face.settle()
        assert face.app.screen.query_one(FollowUpList).key == other


async def test_today_has_the_same_deeds(opened: Open, desk: Desk) -> None:
    ask(desk, 0, "confirm ride")
    async with opened(120, 40) as face:
        face.app.screen.query_one(DueList).focus()
        await face.press("s", "2")
        assert due(desk) == {"confirm ride": "2026-10-23"}
        await face.press("r", *"tam", "enter")
        assert next(one.row.assigned_to for one in listed(desk)) == "tchen"
        await face.press("h")
        assert isinstance(face.app.screen, HistoryScreen)


async def test_odd_text_stands_there_as_it_is(opened: Open, desk: Desk) -> None:
    for number, nasty in enumerate(NASTY):
        add_patient(desk, AddPatient(f"Odd{nasty}", "Pat", date(2000, 2, 1 + number), f"20{number:02}"))
        ask(desk, 0, f"ask {nasty}", f"#20{number:02}")
    async with opened(160, 40) as face:
        await go(face)
        for nasty in NASTY:
            assert f"Odd{tidy(nasty)}, Pat" in face.seen()
            assert f"ask {tidy(nasty)}" in beside(face)
            await face.press("s", "escape", "d", "escape", "down")
        assert face.app.fault is None
