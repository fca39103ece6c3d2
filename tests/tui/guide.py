"""The first start as tests walk through it."""

from __future__ import annotations

from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

import pytest
from textual.worker import WorkerCancelled

from casemgr.tui.screens.recovery import RecoveryScreen, WordsAskedScreen
from casemgr.tui.screens.secret import SecretScreen
from casemgr.tui.screens.setting_up import PracticeScreen
from casemgr.tui.welcome import WelcomeApp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager

    from textual.pilot import Pilot

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk
    from casemgr.settings import Settings

    Guided = Callable[..., AbstractAsyncContextManager["Guide"]]


class Guide(NamedTuple):
    """The open guide."""

    app: WelcomeApp
    pilot: Pilot[Desk]

    async def press(self, *keys: str) -> None:
        """Press keys, and wait for threads as well as for the screen."""
        await self.pilot.press(*keys)
        with suppress(WorkerCancelled):
            await self.app.workers.wait_for_complete()
        await self.pilot.pause()

    def seen(self) -> str:
        """What stands on the screen."""
        return "\n".join(strip.text.rstrip() for strip in self.app.screen._compositor.render_strips())

    def text(self, selector: str) -> str:
        """What a widget shows as plain text."""
        return str(self.app.screen.query_one(selector).render())

    def value(self, name: str) -> str:
        """What stands in a field."""
        assert isinstance(self.app.screen, PracticeScreen)
        return self.app.screen.row(name).text

    async def secure(self) -> None:
        """Choose a passphrase, and show that the recovery words were written down."""
        assert isinstance(self.app.screen, SecretScreen)
        await self.press("f5", "enter")
        await self.write_down()

    async def write_down(self) -> None:
        """Type two of the recovery words, as from a paper."""
        shows = self.app.screen
        assert isinstance(shows, RecoveryScreen)
        await self.press("enter")
        asks = self.app.screen
        assert isinstance(asks, WordsAskedScreen)
        for number in asks.asked:
            await self.press(*shows.words[number - 1], "enter")

    def write(self, **values: str) -> None:
        """Fill fields."""
        assert isinstance(self.app.screen, PracticeScreen)
        for name, value in values.items():
            self.app.screen.row(name).write(value)


@pytest.fixture
def guided(settings: Settings, clock: FixedClock) -> Guided:
    """Opens the guide, and closes the desk that it gives."""

    @asynccontextmanager
    async def open_it(acting: str = "") -> AsyncIterator[Guide]:
        app = WelcomeApp(settings, acting, clock)
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await pilot.pause()
            yield Guide(app, pilot)
        if app.return_value is not None:
            app.return_value.close()

    return open_it
