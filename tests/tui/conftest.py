"""The terminal UI on a real practice, with a clock that stands still."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple

import pytest

from casemgr.core.rows import ActivityFilter
from casemgr.services.access import begin_session, session
from casemgr.services.activities import listed
from casemgr.services.desk import open_desk
from casemgr.services.key_slots import invite
from casemgr.settings import read_settings
from casemgr.tui.app import CasemgrApp
from casemgr.tui.widgets.entry import SETTLE_SECONDS, EntryLine
from casemgr.tui.widgets.fields import FieldRow
from tests.services.conftest import ana, clock, desk, desk_of, settings, template

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from textual.pilot import Pilot

    from casemgr.clock import FixedClock
    from casemgr.core.rows import ActivityRow
    from casemgr.services.desk import Desk
    from casemgr.settings import Settings

__all__ = ["ana", "clock", "desk", "desk_of", "settings", "template"]


CHEN = "what tchen alone can tell"

MOST_LOOKS = 200
"""So often is looked, every tenth of a second, for what comes by itself."""


STILL_SECONDS = SETTLE_SECONDS + 0.02
"""So long after the last key the line has stood still and is being read."""

ROUNDS = 4
"""How often lane and screen are waited for: an answer may ask for something else, and that for more."""


class Face(NamedTuple):
    """An open terminal UI, and another desk on the same data to see what it did."""

    app: CasemgrApp
    pilot: Pilot[None]
    desk: Desk

    async def settle(self) -> None:
        """Wait until the line stood still, the lane is done, and the screen has drawn what it answered."""
        if self.app.screen.query(EntryLine):
            await self.pilot.pause(STILL_SECONDS)
        for _ in range(ROUNDS):
            await self.app.lane.settled()
            await self.pilot.pause()

    async def until(self, true: Callable[[], object]) -> None:
        """Wait for what comes by itself, such as what another program wrote; however slow the machine is."""
        for _ in range(MOST_LOOKS):
            if true():
                break
            await self.pilot.pause(0.1)
        assert true()
        await self.settle()

    async def press(self, *keys: str) -> None:
        """Press keys and wait for what comes of them."""
        for key in keys:
            await self.pilot.press(key)
        await self.settle()

    async def type(self, text: str) -> None:
        """Write a line as a paste would, and wait for how it is understood."""
        self.app.screen.query_one(EntryLine).value = text
        await self.settle()

    def write(self, values: Mapping[str, str]) -> None:
        """Write into the fields of the form that is open, by their names."""
        rows = {row.spec.name: row for row in self.app.screen.query(FieldRow)}
        for name, value in values.items():
            rows[name].write(value)

    def text(self, selector: str) -> str:
        """What a widget shows as plain text."""
        return str(self.app.screen.query_one(selector).render())

    def seen(self) -> str:
        """What stands on the screen, line by line."""
        lines = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in lines)

    def logged(self) -> list[ActivityRow]:
        """The activities in the store."""
        return listed(self.desk, ActivityFilter())

    def deeds(self) -> list[tuple[str, str]]:
        """Action and entity of every ledger entry, oldest first."""
        return list(self.desk.store.rows("SELECT action, entity FROM ledger ORDER BY rowid"))


@pytest.fixture(autouse=True)
def _rest_is_noticed_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual looks every 4 ms whether the program has come to rest, and not every 20, after each key."""
    monkeypatch.setattr("textual._wait.SLEEP_GRANULARITY", 0.004)
    monkeypatch.setattr("textual._wait.SLEEP_IDLE", 0.0004)


@pytest.fixture
def noticed_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What others write is looked for five times a second, so that a test of it need not wait."""
    monkeypatch.setattr("casemgr.tui.screens.page.LOOK_SECONDS", 0.2)


@pytest.fixture
def unwatched(monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not lock itself, so that a test may let hours go by."""
    monkeypatch.setattr("casemgr.tui.presence.Presence.is_over", False)


@pytest.fixture
def own_session(desk: Desk, template: Path) -> Iterator[None]:
    """The key slots may change: what is unlocked goes by their bytes, which the template's copies share."""
    places = read_settings({"CASEMGR_HOME": str(template)}).places
    unlocked = session(places)
    yield
    assert unlocked is not None
    begin_session(places, unlocked)


@pytest.fixture
def chen(desk: Desk, own_session: None) -> str:
    """The passphrase of tchen, who may unlock it too."""
    invite(desk, "tchen", CHEN)
    return CHEN


Open = "Callable[..., AbstractAsyncContextManager[Face]]"


@pytest.fixture
def opened(
    desk: Desk, settings: Settings, clock: FixedClock
) -> Callable[..., AbstractAsyncContextManager[Face]]:
    """Opens the terminal UI at a size; `desk` stays outside to look and to write beside it."""

    @asynccontextmanager
    async def open_it(width: int = 80, height: int = 24) -> AsyncIterator[Face]:
        app = CasemgrApp(open_desk(settings, clock=clock))
        try:
            async with app.run_test(size=(width, height), notifications=True) as pilot:
                await pilot.pause()
                face = Face(app, pilot, desk)
                await face.settle()
                yield face
        finally:
            app.lane.close()

    return open_it
