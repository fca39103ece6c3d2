"""The question for a passphrase before anything else, where nobody has unlocked the data."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from casemgr.services.access import session
from casemgr.tui.gate import GateApp
from casemgr.tui.screens.lock import LockScreen
from tests.support import PASSPHRASE
from tests.tui.conftest import MOST_LOOKS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager

    from textual.pilot import Pilot

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk
    from casemgr.settings import Settings

    Gate = Callable[..., AbstractAsyncContextManager[Pilot[Desk]]]


@pytest.fixture
def gate(desk: Desk, settings: Settings, clock: FixedClock) -> Gate:
    """Opens the question, and closes the desk that it gives."""

    @asynccontextmanager
    async def open_it(acting: str = "") -> AsyncIterator[Pilot[Desk]]:
        app = GateApp(settings, acting, clock)
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await pilot.pause()
            yield pilot
        if app.return_value is not None:
            app.return_value.close()

    return open_it


async def given(pilot: Pilot[Desk]) -> Desk:
    """What it gives, once it does."""
    for _ in range(MOST_LOOKS):
        if pilot.app.return_value is not None:
            break
        await pilot.pause(0.05)
    assert pilot.app.return_value is not None
    return pilot.app.return_value


async def test_login_and_passphrase_open_it(gate: Gate, settings: Settings, clock: FixedClock) -> None:
    before = session(settings.places)
    async with gate() as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, LockScreen)
        assert pilot.app.focused is screen.login, "nobody knows who is there"
        await pilot.press(*"mrivera", "enter")
        screen.passphrase.value = PASSPHRASE
        await pilot.press("enter")
        opened = await given(pilot)
        assert (opened.login, opened.clock) == ("mrivera", clock)
        assert list(opened.store.rows("SELECT action, entity FROM ledger ORDER BY rowid DESC LIMIT 1")) == [
            ("unlock", "access")
        ]
    assert session(settings.places) == before, "commands have a session of their own"


async def test_whoever_is_named_has_to_give_their_own(gate: Gate, chen: str) -> None:
    async with gate("tchen") as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, LockScreen)
        assert screen.login.value == "tchen"
        assert pilot.app.focused is screen.passphrase
        screen.passphrase.value = chen
        await pilot.press("enter")
        assert (await given(pilot)).login == "tchen"


async def test_it_can_be_left(gate: Gate) -> None:
    async with gate() as pilot:
        await pilot.press("escape")
    assert pilot.app.return_value is None
