"""Locking: everything is hidden at once, nothing is lost, and only a passphrase brings it back."""

from __future__ import annotations

import gc
import weakref
from asyncio import sleep
from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING

import pytest
from textual.events import MouseMove
from textual.widgets import Input

from casemgr.services import demo, unlocking
from casemgr.services.drafts import draft_of
from casemgr.services.patients import the_patient_id
from casemgr.services.practices import edit_practice
from casemgr.services.preferences import save_preference
from casemgr.services.rekeying import change_key
from casemgr.services.timers import start_timer
from casemgr.tui.lane import Lane
from casemgr.tui.messages import Acted, Go, Quiet
from casemgr.tui.palette import Palette
from casemgr.tui.screens.activity import ActivityScreen
from casemgr.tui.screens.lock import LockScreen
from casemgr.tui.screens.menu import Answer, MenuScreen
from casemgr.tui.screens.today import TodayScreen
from casemgr.tui.widgets.entry import EntryLine
from casemgr.tui.widgets.fields import FieldRow
from casemgr.tui.widgets.inputs import FieldInput
from casemgr.tui.widgets.passphrase import PassphraseInput
from tests.services.support import log
from tests.support import PASSPHRASE
from tests.tui.conftest import MOST_LOOKS

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]

BELOW = ("Garcia", "Riverside", "Rivera", "Today", "booked")
"""What stands on the screens below, and must not on the lock."""


@pytest.fixture(autouse=True)
def _left_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk is left soon after hiding, so that nobody waits for it."""
    monkeypatch.setattr("casemgr.tui.locking.GRACE_SECONDS", 0.05)


def locked(face: Face) -> LockScreen | None:
    """The lock, where it is what is seen."""
    screen = face.app.screen
    return screen if isinstance(screen, LockScreen) else None


async def lock(face: Face) -> None:
    """Locks it, and waits until the desk is left."""
    await face.pilot.press("ctrl+l")
    await face.until(lambda: locked(face) and face.app.lane.is_locked)


async def give(face: Face, passphrase: str = PASSPHRASE) -> None:
    """Types a passphrase, and waits for what comes of it."""
    screen = locked(face)
    assert screen is not None
    screen.passphrase.value = passphrase
    await face.pilot.press("enter")
    await face.until(lambda: locked(face) is not screen or "Opening" not in face.text("#complaint"))


def drawn(face: Face) -> str:
    """All that is drawn, as lines and as a picture; in pictures blanks do not break."""
    return face.seen() + face.app.export_screenshot().replace("&#160;", " ")


async def test_nothing_of_what_lies_below_is_drawn(opened: Open, desk: Desk) -> None:
    log(desk, "20m referral 1030: x => booked")
    start_timer(desk, the_patient_id(desk, "1030"), "referral")
    async with opened(120, 40) as face:
        await face.type("20m referral Garcia Ana: OS")
        assert "Garcia" in drawn(face)
        face.app.screen.notify("Garcia was logged", timeout=60)
        await lock(face)
        assert "casemgr is locked" in face.seen()
        for words in BELOW:
            assert words not in drawn(face), words
        await give(face)
        assert "Garcia" in drawn(face)


async def test_a_half_typed_form_is_there_again_with_its_cursor(opened: Open, desk: Desk) -> None:
    async with opened(120, 40) as face:
        await face.press("f3")
        await face.until(
            lambda: isinstance(face.app.screen, ActivityScreen) and face.app.screen.query(FieldRow)
        )
        row = next(each for each in face.app.screen.query(FieldRow) if each.spec.name == "minutes")
        row.enter()
        await face.press(*"125", "left", "left")
        await lock(face)
        await give(face)
        assert isinstance(face.app.screen, ActivityScreen)
        line = face.app.focused
        assert isinstance(line, FieldInput)
        assert (line.value, line.cursor_position) == ("125", 1)
        await face.press("x")
        assert line.value == "1x25"


async def test_the_line_is_there_again_and_is_saved_through_the_new_desk(opened: Open) -> None:
    async with opened() as face:
        await face.press(*"20m referral 1030: x => book")
        await lock(face)
        await give(face)
        line = face.app.screen.query_one(EntryLine)
        assert face.app.focused is line
        await face.press(*"ed", "enter")
        assert [row.minutes for row in face.logged()] == [20]


async def test_no_key_and_no_click_reaches_what_lies_below(opened: Open, desk: Desk) -> None:
    log(desk, "20m referral 1030: x => booked")
    async with opened(120, 40) as face:
        await face.press("escape")
        await lock(face)
        screen = locked(face)
        assert screen is not None
        theme, deeds = face.app.theme, face.deeds()
        for key in (
            "ctrl+p",
            "f1",
            "question_mark",
            "f2",
            "f8",
            "ctrl+l",
            "z",
            "2",
            "n",
            "tab",
            "ctrl+s",
            "f9",
        ):
            await face.pilot.press(key)
        for place in ((3, 1), (12, 1), (30, 10), (5, 39)):
            await face.pilot.click(offset=place)
        await face.pilot.press("escape", "escape", "escape")
        assert locked(face) is screen
        assert len(face.app.screen_stack) == 1
        assert (face.app.theme, face.deeds()) == (theme, deeds)
        await give(face)
        assert isinstance(face.app.screen, TodayScreen)


async def test_the_desk_is_closed_and_the_key_forgotten(opened: Open) -> None:
    async with opened() as face:
        stores = [weakref.ref(face.app.lane._desk.store)]  # type: ignore[union-attr]  # it is not locked yet
        await lock(face)
        gc.collect()
        assert [ref() for ref in stores] == [None]
        await give(face)
        assert not face.app.lane.is_locked


async def test_what_was_typed_is_kept_before_the_desk_is_left(opened: Open, desk: Desk) -> None:
    async with opened() as face:
        await face.pilot.press(*"20m ref", "ctrl+l")
        await face.until(lambda: face.app.lane.is_locked)
        kept = draft_of(desk, "line")
        assert kept is not None
        assert kept.body == {"text": "20m ref"}


async def test_work_under_way_is_finished_and_uncovers_nothing(opened: Open) -> None:
    going_on = Event()

    def slow(desk: Desk) -> Acted:
        assert going_on.wait(30)
        return Acted("exported", "12:00:00", "Garcia, all of it", warnings=("Garcia again",))

    async with opened(100, 30) as face:
        page = face.app.screen
        assert isinstance(page, TodayScreen)
        page.ask(slow)
        await face.pilot.press("ctrl+l")
        await face.pilot.pause()
        assert locked(face), "it is hidden though the work goes on"
        assert not face.app.lane.is_locked
        face.app.push_screen(MenuScreen("Garcia", "Which?", (Answer("a", "this"),)))
        page.post_message(Go("log"))
        going_on.set()
        await face.until(lambda: face.app.lane.is_locked)
        await face.pilot.pause(0.1)
        assert locked(face)
        assert "Garcia" not in drawn(face)

        await give(face)
        await face.settle()
        assert face.app.current_mode == "log"
        assert "Garcia again" in drawn(face)


async def test_it_can_be_unlocked_while_work_is_still_under_way(opened: Open) -> None:
    going_on = Event()

    def slow(desk: Desk) -> Quiet:
        assert going_on.wait(30)
        desk.today()
        return Quiet()

    async with opened() as face:
        face.app.lane.ask(face.app, slow)
        await face.pilot.press("ctrl+l")
        screen = locked(face)
        assert screen is not None
        screen.passphrase.value = PASSPHRASE
        await face.pilot.press("enter")
        for _ in range(100):
            await face.pilot.pause(0.05)
            if not locked(face):
                break
        assert isinstance(face.app.screen, TodayScreen)
        going_on.set()
        await face.settle()
        await face.press(*"20m referral 1030: x => booked", "enter")
        assert len(face.logged()) == 1


async def test_the_palette_is_hidden_as_well_and_there_again(opened: Open) -> None:
    async with opened() as face:
        await face.press("ctrl+p", *"garc")
        await face.until(lambda: "Garcia, Ana" in face.seen())
        await lock(face)
        assert "arcia" not in drawn(face)
        await give(face)
        assert isinstance(face.app.screen, Palette)
        assert face.app.screen.query_one(Input).value == "garc"


async def test_it_locks_itself_after_the_idle_minutes(opened: Open, desk: Desk, clock: FixedClock) -> None:
    save_preference(desk.places, "lock_after", 3)
    async with opened() as face:
        await face.press("escape")
        clock.move(minutes=2)
        await face.press("down")
        clock.move(minutes=2)
        face.app.post_message(MouseMove(None, 3, 3, 0, 0, 0, False, False, False))
        await face.pilot.pause()
        clock.move(minutes=2, seconds=50)
        await face.pilot.pause(1.1)
        assert not locked(face), "the mouse is a sign too"
        clock.move(minutes=1)
        await face.until(lambda: locked(face))
        await give(face)
        assert not locked(face)


@pytest.mark.parametrize("key", ["x", "ctrl+p", "enter"])
async def test_the_first_key_after_a_sleep_does_nothing_but_lock(
    opened: Open, clock: FixedClock, key: str
) -> None:
    async with opened() as face:
        await face.press(*"5m education 1030: x => understood")
        clock.at += timedelta(hours=9)
        await face.pilot.press(key)
        assert locked(face)
        await give(face)
        assert face.app.screen.query_one(EntryLine).value == "5m education 1030: x => understood"
        assert not face.logged()


async def test_nothing_is_drawn_between_waking_and_locking(opened: Open, clock: FixedClock) -> None:
    async with opened() as face:
        await face.press("escape")
        clock.at += timedelta(hours=9)
        face.app.screen.refresh()
        for _ in range(3):
            await face.pilot.pause()
        assert locked(face)


async def test_a_wrong_passphrase_is_answered_calmly_and_echoed_nowhere(opened: Open) -> None:
    async with opened() as face:
        await lock(face)
        await face.pilot.press(*"Zwq")
        assert "Zwq" not in drawn(face)
        assert "•••" in face.seen()
        await face.pilot.press("f4")
        assert "Zwq" in face.seen()
        await give(face, "Zwq is not it at all")
        assert "do not open" in face.text("#complaint")
        screen = locked(face)
        assert screen is not None
        assert (screen.passphrase.value, screen.passphrase.password) == ("", True)
        await give(face)
        assert not locked(face)


async def test_what_is_hidden_cannot_be_copied(opened: Open) -> None:
    async with opened() as face:
        await lock(face)
        line = face.app.screen.query_one(PassphraseInput)
        line.value = "Zwq"
        line.select_all()
        await face.pilot.press("ctrl+c", "ctrl+x")
        assert face.app.clipboard == ""
        assert line.value == "Zwq"


async def test_too_many_wrong_ones_have_to_wait(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    # Long enough to be seen on a busy machine.
    monkeypatch.setattr(unlocking, "pause", lambda number: 4 if number >= unlocking.FREE_TRIES else 0)
    async with opened() as face:
        await lock(face)
        for _ in range(3):
            await give(face, "wrong horse battery")
        assert "can be tried in" in face.text("#complaint")
        await face.until(lambda: "can be tried" not in face.text("#complaint"))
        await give(face)
        assert not locked(face)
        assert ("fail", "access") in face.deeds()


async def test_somebody_else_begins_anew_and_finds_nothing_of_who_was_here(
    opened: Open, desk: Desk, chen: str
) -> None:
    async with opened() as face:
        await face.press(*"20m ref")
        await lock(face)
        await face.pilot.press("f3", *"tchen", "enter", *chen, "enter")
        for _ in range(MOST_LOOKS):
            if face.app.successor is not None:
                break
            await sleep(0.05)
        successor = face.app.successor
        assert successor is not None
        assert successor.login == "tchen"
        assert draft_of(successor, "line") is None
        successor.close()
    kept = draft_of(desk, "line")
    assert kept is not None
    assert kept.body == {"text": "20m ref"}


async def test_a_program_left_while_it_is_locked_leaves_at_once(opened: Open, desk: Desk) -> None:
    async with opened() as face:
        await face.press(*"20m ref")
        await lock(face)
        await face.pilot.press("ctrl+q")
    assert draft_of(desk, "line") is not None


def test_a_locked_lane_answers_nobody_once_it_is_closed(desk_of: Callable[[str], Desk]) -> None:
    lane = Lane(desk_of("mrivera"))
    lane.lock()
    ran = Event()

    def job(desk: Desk) -> Quiet:
        ran.set()
        return Quiet()

    lane.ask(None, job, replaces="draft", due=True)  # type: ignore[arg-type]  # nobody is answered
    lane.close()
    assert not ran.is_set()


async def test_data_that_got_another_key_is_asked_for_anew(
    opened: Open, desk: Desk, own_session: None
) -> None:
    async with opened() as face:
        await face.press(*"20m ref")
        change_key(desk)
        page = face.app.screen
        assert isinstance(page, TodayScreen)
        page.feel()
        await face.until(lambda: locked(face) and face.app.lane.is_locked)
        assert "another key" in face.text("#words")
        await give(face)
        assert face.app.screen.query_one(EntryLine).value == "20m ref"
        await face.press(*"erral 1030: x => booked", "enter")
        assert len(face.logged()) == 1


async def test_the_demo_says_how_it_is_unlocked(opened: Open, desk: Desk) -> None:
    edit_practice(desk, {"name": demo.NAME})
    async with opened() as face:
        await lock(face)
        assert demo.DEMO_PASSPHRASE in face.text("#words")
        assert demo.NAME not in drawn(face)
