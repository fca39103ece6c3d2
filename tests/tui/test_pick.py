"""Choosing one of many: what is taken fits what is typed, however fast that was."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from textual.widgets import Input

from casemgr.core.commands import AddPatient
from casemgr.services.patients import add_patient, the_patient_id
from casemgr.tui.jobs_activity import find_patients
from casemgr.tui.screens.ask import AskScreen
from casemgr.tui.screens.menu import Answer, MenuScreen
from casemgr.tui.screens.pick import Option, PickScreen

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]


async def test_enter_right_after_typing_takes_nobody_who_was_there_before(opened: Open, desk: Desk) -> None:
    taken: list[Option | None] = []
    async with opened() as face:
        face.app.push_screen(PickScreen("Patient", lane=face.app.lane, finds=find_patients), taken.append)
        await face.press(*"garcia")
        assert "4/9/2012 #1030" in face.seen()
        screen = face.app.screen
        assert isinstance(screen, PickScreen)
        screen.query_one(Input).value = "garcia 1985"
        screen.action_take()
        await face.settle()
    assert [one.key for one in taken if one] == [the_patient_id(desk, "1031")]


async def test_what_fits_nobody_is_not_taken_and_goes_on_being_typed(opened: Open, desk: Desk) -> None:
    taken: list[Option | None] = []
    async with opened() as face:
        face.app.push_screen(PickScreen("Patient", lane=face.app.lane, finds=find_patients), taken.append)
        await face.press(*"zzz", "enter")
        assert taken == []
        assert "nothing fits" in face.seen()
        await face.press("backspace", "backspace", "backspace", *"1032")
        assert taken == []
        assert "nothing fits" not in face.seen()
        await face.press("enter")
    assert [one.key for one in taken if one] == [the_patient_id(desk, "1032")]


async def test_of_a_long_name_the_birth_date_is_still_there(opened: Open, desk: Desk) -> None:
    add_patient(
        desk, AddPatient("Featherstonehaugh-Cholmondeley " * 3, "Marjoribanks", date(1990, 1, 5), "77")
    )
    async with opened() as face:
        face.app.push_screen(PickScreen("Patient", lane=face.app.lane, finds=find_patients))
        await face.press(*"feather")
        assert "1/5/1990 #77" in face.seen()


async def test_a_few_options_take_little_room_and_titles_are_text(opened: Open) -> None:
    options = [Option("a", "One [/b]", "x" * 100), Option("b", "A title of some length")]
    async with opened(120, 40) as face:
        for screen in (
            PickScreen("Odd [/b] [red]x", options),
            MenuScreen("Odd [/b] [red]x", "words", (Answer("a", "does [/b]"),)),
            AskScreen("Odd [/b] [red]x", "words"),
        ):
            face.app.push_screen(screen)
            await face.settle()
            assert "Odd [/b] [red]x" in face.seen()
            assert screen.query_one(".panel").region.height < 12
            await face.press("escape")
        face.app.push_screen(PickScreen("Some", options))
        await face.settle()
        assert "A title of some length" in face.seen()
        assert "One [/b]" in face.seen()
