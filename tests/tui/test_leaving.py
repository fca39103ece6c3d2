"""Leaving a screen that something lies over by then, or whose place was left meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.tui.messages import Acted, Go
from casemgr.tui.screens.ask import AskScreen
from casemgr.tui.screens.form import Form, FormScreen
from casemgr.tui.screens.today import TodayScreen
from casemgr.tui.widgets.fields import Spec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractAsyncContextManager

    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]


def saved(desk: Desk, values: Mapping[str, str]) -> Acted:
    return Acted("saved", "12:00:00", values["what"])


FORM = Form("", "Something", (Spec("what", "What", value="it"),), saved)


async def test_a_form_that_is_saved_while_help_lies_over_it_is_gone_with_it(opened: Open) -> None:
    async with opened(100, 30) as face:
        form = FormScreen(face.app.seat, FORM)
        face.app.screen.open(form)  # type: ignore[attr-defined]  # it is a Page
        await face.settle()
        face.app.action_explain()
        await face.settle()
        assert face.app.screen is not form
        form.dismiss(Acted("saved", "12:00:00", "it"))
        form.dismiss(Acted("saved", "12:00:00", "it"))
        await face.settle()
        assert isinstance(face.app.screen, TodayScreen)
        assert "saved: it" in face.text("Preview")


async def test_a_form_that_is_saved_while_one_is_elsewhere_is_gone_when_one_comes_back(opened: Open) -> None:
    async with opened(100, 30) as face:
        form = FormScreen(face.app.seat, FORM)
        today = face.app.screen
        today.open(form)  # type: ignore[attr-defined]  # it is a Page
        await face.settle()
        await face.app.switch_mode("log")
        await face.settle()
        form.dismiss(Acted("saved", "12:00:00", "it"))
        await face.settle()
        assert face.app.current_mode == "log"
        face.app.screen.post_message(Go("today"))
        await face.settle()
        await face.settle()
        assert face.app.screen is today


async def test_a_panel_stands_in_the_middle_over_what_lies_below(opened: Open) -> None:
    async with opened(100, 30) as face:
        ask = AskScreen("Why?", "", "why")
        face.app.push_screen(ask)
        await face.settle()
        panel = ask.query_one(".panel").region
        assert abs(panel.x - (100 - panel.right)) <= 1
        assert abs(panel.y - (30 - panel.bottom)) <= 1
        assert "2 Log" in face.seen()
