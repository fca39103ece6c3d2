"""The timer: one key starts it, a panel has the rest, it outlives a crash, and asks when forgotten."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import AddFollowUp
from casemgr.services.activities import log_activity
from casemgr.services.entries import wish_from_text
from casemgr.services.follow_ups import add_follow_up
from casemgr.services.patients import the_patient_id
from casemgr.services.preferences import save_preference
from casemgr.services.timers import start_timer, status
from casemgr.tui.screens.activity import ActivityScreen
from casemgr.tui.screens.menu import MenuScreen
from casemgr.tui.widgets.due import DueList
from casemgr.tui.widgets.entry import EntryLine

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]

pytestmark = pytest.mark.usefixtures("unwatched")

ANA = "Garcia, Ana 4/9/2012 #1030"


def timed(desk: Desk) -> tuple[str, str, str] | None:
    """About whom, what kind and with what note the timer is."""
    timing = status(desk)
    return (timing.patient, timing.timer.kind, timing.timer.note) if timing else None


async def test_one_key_times_what_is_marked(opened: Open, desk: Desk) -> None:
    log_activity(desk, wish_from_text(desk, "20m referral 1030: x => booked"))
    async with opened(120, 40) as face:
        await face.press("escape", "t")
        assert timed(desk) == (ANA, "referral", "")
        assert face.deeds()[-1] == ("start", "timer")
        assert f"0:00:00  {ANA}" in face.text("Masthead")
        assert f"timing: {ANA} · Referral coordination" in face.seen()


async def test_a_marked_follow_up_gives_the_patient(opened: Open, desk: Desk) -> None:
    add_follow_up(desk, AddFollowUp(date(2026, 10, 21), "ask", the_patient_id(desk, "1031")))
    async with opened(120, 40) as face:
        face.app.screen.query_one(DueList).focus()
        await face.press("t")
        assert timed(desk) == ("Garcia, Ana 4/9/1985 #1031", "", "")


async def test_where_nothing_is_marked_it_asks_whom_and_what(opened: Open, desk: Desk) -> None:
    async with opened(120, 40) as face:
        await face.press("escape", "t")
        assert "Time work for whom?" in face.seen()
        await face.press(*"brien", "enter", *"transp", "enter")
        found = timed(desk)
        assert found is not None
        assert found[0].startswith("O'Brien-Núñez, Mary Jo")
        assert found[1] == "transport"


async def test_whom_and_what_may_be_skipped_or_the_whole_left(opened: Open, desk: Desk) -> None:
    async with opened(120, 40) as face:
        await face.press("escape", "t", "escape")
        assert timed(desk) is None
        await face.press("t", "enter", "enter")
        assert timed(desk) == ("", "", "")


async def test_the_panel_pauses_and_goes_on(opened: Open, desk: Desk, clock: FixedClock) -> None:
    start_timer(desk, the_patient_id(desk, "1030"), "referral")
    clock.move(minutes=12)
    async with opened(120, 40) as face:
        await face.press("escape", "t")
        seen = face.seen()
        assert f"{ANA} · Referral coordination" in seen
        assert "It runs, begun at 12:00: 12 min so far." in seen
        await face.press("p")
        assert face.deeds()[-1] == ("pause", "timer")
        assert "paused 0:12:00" in face.text("Masthead")
        await face.press("t", "p")
        assert face.deeds()[-1] == ("resume", "timer")


async def test_the_panel_stops_into_the_filled_form(opened: Open, desk: Desk, clock: FixedClock) -> None:
    start_timer(desk, the_patient_id(desk, "1030"), "referral", "OS consult")
    clock.move(minutes=12)
    async with opened(120, 40) as face:
        await face.press("escape", "t", "s")
        assert isinstance(face.app.screen, ActivityScreen)
        face.write({"outcome": "booked"})
        await face.press("f9")

        (row,) = face.logged()
        assert (row.minutes, row.start, row.note, row.patient) == (12, "12:00", "OS consult", "Garcia, Ana")
        assert face.deeds()[-2:] == [("log", "activity"), ("stop", "timer")]
        assert timed(desk) is None


async def test_the_panel_changes_patient_kind_and_note(opened: Open, desk: Desk) -> None:
    start_timer(desk)
    async with opened(120, 40) as face:
        await face.press("escape", "t", "c", "p", *"#1031", "enter")
        await face.press("t", "c", "w", *"educ", "enter")
        await face.press("t", "c", "n", *"flossing", "enter")
        assert timed(desk) == ("Garcia, Ana 4/9/1985 #1031", "education", "flossing")
        assert face.deeds()[-3:] == [("edit", "timer")] * 3


async def test_the_panel_discards_only_after_asking(opened: Open, desk: Desk) -> None:
    start_timer(desk)
    async with opened(120, 40) as face:
        await face.press("escape", "t", "x", "k")
        assert timed(desk) is not None
        await face.press("t", "x", "x")
        assert timed(desk) is None
        assert face.deeds()[-1] == ("discard", "timer")


async def test_f8_times_what_the_half_typed_line_says(opened: Open, desk: Desk) -> None:
    async with opened(120, 40) as face:
        await face.type("referral garcia ana 2012: OS consult")
        await face.press("f8")
        assert timed(desk) == (ANA, "referral", "OS consult")
        assert face.app.screen.query_one(EntryLine).value == ""


async def test_f8_clears_nothing_that_the_timer_does_not_keep(opened: Open, desk: Desk) -> None:
    async with opened(120, 40) as face:
        line = "20m referral garcia ana 2012: OS consult => booked"
        await face.type(line)
        await face.press("f8")
        assert timed(desk) == (ANA, "referral", "OS consult")
        assert face.app.screen.query_one(EntryLine).value == line

        await face.press("escape", "t", "x", "x")
        for line in ("referral garcia ana", "referral nobody at all"):
            await face.type(line)
            face.app.screen.query_one(EntryLine).focus()
            await face.press("f8")
            assert timed(desk) == ("", "referral", "")
            assert face.app.screen.query_one(EntryLine).value == line
            await face.press("escape", "t", "x", "x")


async def test_a_timer_that_was_forgotten_is_asked_about(opened: Open, desk: Desk, clock: FixedClock) -> None:
    start_timer(desk, the_patient_id(desk, "1030"), "referral")
    async with opened(120, 40) as face:
        clock.move(minutes=20)
        await face.press("escape")
        clock.move(minutes=50)
        await face.press("down")
        assert not isinstance(face.app.screen, MenuScreen)

        clock.move(minutes=61)
        await face.press("down")
        seen = face.seen()
        assert "Is your timer forgotten?" in seen
        assert "you last did something at 13:10" in seen
        assert "Stop as of 13:10, and log 1 h 10" in seen
        await face.press("k")
        assert timed(desk) is not None
        await face.press("down", "down")
        assert not isinstance(face.app.screen, MenuScreen)

        clock.move(minutes=90)
        await face.press("down", "b")
        assert isinstance(face.app.screen, ActivityScreen)
        face.write({"outcome": "booked"})
        await face.press("f9")
        (row,) = face.logged()
        assert row.minutes == 131


async def test_it_is_asked_over_whatever_is_open_and_once(
    opened: Open, desk: Desk, clock: FixedClock
) -> None:
    start_timer(desk, the_patient_id(desk, "1030"), "referral")
    async with opened(120, 40) as face:
        await face.press("escape", "question_mark")
        before = len(face.app.screen_stack)
        clock.move(minutes=61)
        for _ in range(2):
            face.app.presence.look()
        await face.settle()
        assert len(face.app.screen_stack) == before + 1
        assert "Is your timer forgotten?" in face.seen()
        await face.press("x", "x", "escape")
        assert timed(desk) is None
        assert "timer discarded" in face.text("Foot")


async def test_how_long_is_long_can_be_set_and_never_is_never(
    opened: Open, desk: Desk, clock: FixedClock
) -> None:
    start_timer(desk)
    save_preference(desk.places, "forgotten_timer_minutes", 15)
    async with opened(120, 40) as face:
        await face.press("escape")
        clock.move(minutes=16)
        await face.press("down")
        assert "Is your timer forgotten?" in face.seen()
        await face.press("escape")
        save_preference(desk.places, "forgotten_timer_minutes", 0)
        clock.move(minutes=600)
        await face.press("down")
        assert "forgotten" not in face.seen()


async def test_a_timer_outlives_a_crash_and_is_asked_about_the_next_morning(
    opened: Open, desk: Desk, clock: FixedClock
) -> None:
    async with opened(120, 40) as face:
        await face.type("referral garcia ana 2012")
        await face.press("f8")
    clock.move(hours=20)
    async with opened(120, 40) as face:
        await face.settle()
        seen = face.seen()
        assert "Is your timer forgotten?" in seen
        assert "you last did something at 12:00 yesterday" in seen
        assert "Stop now" not in seen
        await face.press("x", "x")
        assert timed(desk) is None
