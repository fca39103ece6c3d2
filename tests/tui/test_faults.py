"""When the program itself fails: the terminal is left sane, and nobody's name leaves the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casemgr.errors import NotWritten
from casemgr.services.desk import open_desk
from casemgr.services.faults import report_on
from casemgr.tui.app import CasemgrApp

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk
    from casemgr.settings import Settings
    from casemgr.tui.messages import Saved
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]


async def test_a_refusal_is_a_calm_panel(opened: Open) -> None:
    def full(_: Desk) -> Saved:
        raise NotWritten("There is no space left [/", "Nothing was saved.", "Free some space.")

    async with opened() as face:
        face.app.lane.ask(face.app.screen, full)
        await face.settle()
        for part in ("There is no space left [/", "Nothing was saved.", "Free some space."):
            assert part in face.seen()


async def test_an_error_met_again_is_not_piled_up_while_its_panel_stands(opened: Open) -> None:
    def busy(_: Desk) -> Saved:
        raise NotWritten("The data is in use", "Nothing was saved.", "Try again in a moment.")

    async with opened() as face:
        for _ in range(3):
            face.app.lane.ask(face.app.screen, busy)
            await face.settle()
        assert face.seen().count("The data is in use") == 1

        await face.pilot.click("Toast")
        await face.settle()
        assert "The data is in use" not in face.seen()

        face.app.lane.ask(face.app.screen, busy)
        await face.settle()
        assert "The data is in use" in face.seen()


async def test_a_fault_ends_the_program_without_telling_names(
    desk: Desk, settings: Settings, clock: FixedClock, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(_: Desk) -> Saved:
        name = "Garcia, Ana"
        raise ZeroDivisionError(name)

    app = CasemgrApp(open_desk(settings, clock=clock))
    with pytest.raises(ZeroDivisionError):
        async with app.run_test() as pilot:
            await pilot.pause()
            app.lane.ask(app.screen, broken)
            await app.lane.settled()
            await pilot.pause()
    app.lane.close()

    assert app.fault is not None
    report = report_on(app.fault)
    assert "ZeroDivisionError" in report
    assert "broken" in report
    out, err = capfd.readouterr()
    assert "Garcia" not in report + out + err
