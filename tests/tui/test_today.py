"""The first screen: logging in one line, the day, what is due, undo, and what others write meanwhile."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import AddFollowUp, AddPatient
from casemgr.services.activities import log_activity, log_batch
from casemgr.services.drafts import draft_of, drafts
from casemgr.services.entries import wish_from_text
from casemgr.services.follow_ups import add_follow_up
from casemgr.services.follow_ups import listed as follow_ups
from casemgr.services.patients import add_patient, the_patient_id
from casemgr.services.timers import start_timer
from casemgr.tui.screens.help import HelpScreen
from casemgr.tui.widgets.day import DayTable
from casemgr.tui.widgets.due import DueList
from casemgr.tui.widgets.entry import EXAMPLE, EntryLine

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]

LINE = "20m referral garcia ana 2012: OS consult => booked 10/28 !10/26 confirm ride"
TODAY = date(2026, 10, 21)


def log(desk: Desk, line: str) -> str:
    return log_activity(desk, wish_from_text(desk, line)).activity.id


async def test_the_header_says_whose_practice_which_day_and_who_acts(opened: Open) -> None:
    async with opened() as face:
        assert "Riverside Community Dental" in face.seen()
        assert "Wed 10/21/2026" in face.text("Masthead")
        assert "Marisol Rivera" in face.text("Masthead")


async def test_a_line_is_understood_while_it_is_typed(opened: Open) -> None:
    async with opened() as face:
        await face.press(*"5m", "space", *"edu")
        assert "who?" in face.text("Preview")

        await face.type(LINE)

        preview = face.text("Preview")
        for part in ("Garcia, Ana 4/9/2012 #1030", "Referral coordination", "20 min", "today", "✓"):
            assert part in preview
        assert "Mon 10/26 confirm ride" in preview
        assert "booked 10/28" in preview
        assert not face.logged()


def test_the_example_that_an_empty_line_shows_is_right_on_any_day(desk: Desk, clock: FixedClock) -> None:
    for _ in range(7):
        (follow_up,) = wish_from_text(desk, EXAMPLE).follow_ups
        assert desk.today() < follow_up.due_date <= desk.today() + timedelta(days=7)
        clock.move(days=1)


async def test_enter_saves_the_line_and_says_so(opened: Open) -> None:
    async with opened() as face:
        await face.type(LINE)
        await face.press("enter")

        (row,) = face.logged()
        assert (row.patient_id, row.kind, row.minutes, row.note) == (
            the_patient_id(face.desk, "1030"), "referral", 20, "OS consult",
        )  # fmt: skip
        assert face.deeds()[-2:] == [("log", "activity"), ("add", "follow_up")]
        assert face.text("Foot").endswith("saved 12:00:00 ✓")
        assert "Garcia, Ana 4/9/2012 #1030" in face.text("Preview")
        assert face.app.screen.query_one(EntryLine).value == ""
        assert face.app.screen.query_one(DayTable).border_title == "Today · 1 activity · 20 min"
        assert "in 5 d" in face.seen()


async def test_enter_pressed_again_while_another_program_holds_the_data_logs_once(opened: Open) -> None:
    async with opened() as face:
        await face.type(LINE)
        with face.desk.store.immediate():
            for _ in range(3):
                await face.pilot.press("enter")
        await face.settle()
        assert len(face.logged()) == 1

        await face.type(LINE)
        await face.press("enter")
        assert len(face.logged()) == 2


@pytest.mark.usefixtures("noticed_soon")
async def test_it_says_so_while_another_program_holds_the_data(opened: Open) -> None:
    async with opened() as face:
        with face.desk.store.immediate():
            await face.pilot.press(*"20m")
            await face.pilot.pause(0.8)
            assert "waiting for the data" in face.text("Foot")
        await face.settle()
        assert "waiting for the data" not in face.text("Foot")


async def test_a_refused_line_may_be_handed_in_again(opened: Open, desk: Desk) -> None:
    async with opened() as face:
        await face.type("20m referral nguyen an: consult => booked")
        await face.press("enter")
        assert not face.logged()

        add_patient(desk, AddPatient("Nguyen", "An", date(1961, 11, 30)))
        await face.press("enter")
        assert len(face.logged()) == 1


async def test_namesakes_are_never_guessed_and_the_line_is_kept(opened: Open) -> None:
    line = "20m referral garcia ana: consult => booked"
    async with opened() as face:
        await face.type(line)
        await face.press("enter")

        assert not face.logged()
        assert face.app.screen.query_one(EntryLine).value == line
        for label in ("Garcia, Ana 4/9/2012 #1030", "Garcia, Ana 4/9/1985 #1031"):
            assert label in face.text("Preview")


async def test_what_is_missing_is_named_calmly_until_saving_is_tried(opened: Open) -> None:
    async with opened() as face:
        await face.type("20m referral 1030")
        assert "still to come: => outcome" in face.text("Preview")

        await face.press("enter")

        assert "Write what came of it" in face.text("Preview")
        assert not face.logged()


async def test_typing_on_while_it_saves_is_not_lost(opened: Open) -> None:
    async with opened() as face:
        await face.type(LINE)
        await face.pilot.press("enter")
        face.app.screen.query_one(EntryLine).value = "5m education"
        await face.settle()

        assert len(face.logged()) == 1
        assert face.app.screen.query_one(EntryLine).value == "5m education"


async def test_a_kind_and_a_name_that_only_one_has_are_offered(opened: Open) -> None:
    async with opened() as face:
        for typed, offered in (
            ("20m refe", "20m referral"),
            ("20m referral gar", "20m referral garcia"),
            ("20m referral garcia a", "20m referral garcia ana"),
            ("20m referral o'brien-núñez m", "20m referral o'brien-núñez mary Jo 1/5/1990"),
            ("20m referral 1030: x => cons", "20m referral 1030: x => consult booked"),
        ):
            await face.type("")
            await face.type(typed)
            await face.press("end", "right")
            assert face.app.screen.query_one(EntryLine).value.casefold() == offered.casefold()


async def test_undo_takes_the_last_deed_back_and_says_which(opened: Open) -> None:
    async with opened(120, 40) as face:
        log(face.desk, LINE)
        await face.press("escape", "z")

        assert not face.logged()
        assert face.deeds()[-1][0] == "undo"
        assert face.text("Foot").endswith("undone 12:00:00 ✓")
        assert "log of 20 min Referral coordination, Garcia, Ana 4/9/2012 #1030" in face.text("Preview")


async def test_many_records_of_a_deed_are_counted(opened: Open, desk: Desk) -> None:
    log_batch(desk, {str(number): wish_from_text(desk, LINE) for number in range(3)})
    async with opened(120, 40) as face:
        await face.press("escape", "z")
        assert "#1030, 2 more, 3 follow-ups · done 12:00 10/21/2026" in face.text("Preview")
        await face.press("Z")
        assert "#1030, 2 more, 3 follow-ups · done 12:00 10/21/2026" in face.text("Preview")


async def test_nothing_to_undo_is_told_plainly(opened: Open) -> None:
    async with opened() as face:
        await face.press("escape")
        for _ in range(5):
            await face.press("z")
        assert "There is nothing of yours to undo" in face.seen()


async def test_follow_ups_stand_by_age_and_are_done_or_put_off(
    opened: Open, desk: Desk, clock: FixedClock
) -> None:
    ana = the_patient_id(desk, "1030")
    clock.move(days=-9)
    for days, what in ((-9, "second call"), (0, "did they call back?"), (2, "confirm ride"), (30, "far off")):
        add_follow_up(desk, AddFollowUp(TODAY + timedelta(days=days), what, ana))
    clock.move(days=9)
    async with opened() as face:
        seen = face.seen()
        assert "9 d late  Garcia, Ana 4/9/2012   second call" in seen
        assert "today     Garcia, Ana" in seen
        assert "far off" not in seen
        due = face.app.screen.query_one(DueList)
        assert due.border_title == "Due · 3 · 1 overdue"

        await face.press("escape", "tab", "d", "enter")
        assert [one.row.what for one in follow_ups(desk)] == [
            "did they call back?",
            "confirm ride",
            "far off",
        ]
        assert "second call" in face.text("Preview")

        await face.press("s", "t")
        assert next(one.row.due_date for one in follow_ups(desk)) == "2026-10-22"
        assert face.text("Foot").endswith("snoozed 12:00:00 ✓")


@pytest.mark.usefixtures("noticed_soon")
async def test_what_others_write_appears_without_losing_mark_or_line(
    opened: Open, desk_of: Callable[[str], Desk]
) -> None:
    async with opened() as face:
        first = log(face.desk, "20m referral 1030: a => booked")
        log(face.desk, "10m education 1032: b => teach-back done")
        face.app.screen.query_one(EntryLine).value = "half a li"
        await face.press("escape")
        table = face.app.screen.query_one(DayTable)
        await face.until(lambda: len(table.keys) == 2)
        await face.press("home")
        assert table.marked is not None
        assert table.marked.row.id == first

        log(face.desk, "15m transport 1031 at 8:00: c => ride confirmed")
        await face.until(lambda: len(table.keys) == 3)

        assert table.marked is not None
        assert table.marked.row.id == first
        assert face.app.screen.query_one(EntryLine).value == "half a li"

        log(desk_of("tchen"), "15m transport 1031: d => ride confirmed !10/22 ask the driver")
        await face.until(lambda: table.border_title == "Today · 3 activities · 45 min · 1 of others")
        assert "ask the driver   tchen" in face.seen()
        await face.press("w")
        assert len(table.keys) == 4


@pytest.mark.usefixtures("unwatched")
async def test_the_timer_runs_in_the_header(opened: Open, desk: Desk, clock: FixedClock) -> None:
    start_timer(desk, the_patient_id(desk, "1030"), "referral")
    async with opened() as face:
        clock.move(minutes=12, seconds=31)
        await face.pilot.pause(1.2)
        assert "● 0:12:31  Garcia, Ana 4/9/2012 #1030 · Referral coordination" in face.text("Masthead")


@pytest.mark.usefixtures("noticed_soon", "unwatched")
async def test_days_are_stepped_through_and_midnight_is_noticed(opened: Open, clock: FixedClock) -> None:
    async with opened() as face:
        log(face.desk, "20m referral 1030 yesterday: a => booked")
        await face.press("escape", "left_square_bracket")
        table = face.app.screen.query_one(DayTable)
        assert table.border_title == "Tue 10/20/2026 · 1 activity · 20 min"
        await face.press("0")
        assert str(table.border_title).startswith("Today")

        clock.move(days=1)
        await face.until(lambda: "Thu 10/22/2026" in face.text("Masthead"))


async def test_copying_goes_through_the_terminal(opened: Open) -> None:
    async with opened() as face:
        await face.type("20m referral 1030: x => booked")
        await face.press("enter", "escape", "y")
        assert face.app.clipboard.split("\t")[2:6] == [
            "Referral coordination",
            "Garcia, Ana",
            "4/9/2012",
            "#1030",
        ]


@pytest.mark.parametrize("key", ["f1", "question_mark"])
async def test_help_is_about_what_has_the_focus(opened: Open, key: str) -> None:
    async with opened(120, 40) as face:
        if key == "question_mark":
            await face.press("escape", "tab")
        await face.press(key)
        assert isinstance(face.app.screen, HelpScreen)
        assert ("Put the marked follow-up off" in face.seen()) == (
            key == "question_mark" and bool(follow_ups(face.desk))
        )
        await face.press("end")
        assert "Undo your last action" in face.seen()
        await face.press("escape")
        assert not isinstance(face.app.screen, HelpScreen)


async def test_the_palette_does_what_can_be_done(opened: Open) -> None:
    async with opened(120, 40) as face:
        log(face.desk, LINE)
        await face.press("ctrl+p")
        await face.pilot.press(*"undo your last")
        await face.pilot.pause(0.5)
        await face.pilot.press("enter")
        await face.pilot.pause(0.3)
        await face.settle()
        assert not face.logged()


async def test_every_key_has_an_id_and_can_be_rebound(opened: Open) -> None:
    async with opened() as face:
        log(face.desk, LINE)
        face.app.set_keymap({"page.undo": "u"})
        await face.press("escape", "z")
        assert len(face.logged()) == 1
        await face.press("u")
        assert not face.logged()


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_everything_is_reachable_at_every_size(opened: Open, desk: Desk, size: tuple[int, int]) -> None:
    log(desk, LINE)
    async with opened(*size) as face:
        seen = face.seen()
        for part in (
            "Today · 1 activity · 20 min",
            "Due · 1",
            "October · 20 min",
            "Garcia, Ana",
            "4/9/2012",
            "Save",
        ):
            assert part in seen
        await face.press("escape")
        for part in ("Open", "Copy", "Undo", "New", "Help"):
            assert part in face.seen()


async def test_the_half_typed_line_is_there_again(opened: Open, desk: Desk) -> None:
    async with opened() as face:
        await face.press(*"20m", "space", *"ref")
        found = draft_of(desk, "line")
        assert found is not None
        assert found.body == {"text": "20m ref"}
    async with opened() as face:
        line = face.app.screen.query_one(EntryLine)
        assert line.value == "20m ref"
        assert "half typed 12:00 on Oct 21, and not saved" in face.text("Preview")
        await face.type("20m referral 1030: x => booked")
        assert "half typed" not in face.text("Preview")
        await face.press("enter")
        assert len(face.logged()) == 1
        assert drafts(desk) == []
