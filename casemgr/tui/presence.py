"""Whether somebody is there: when a key was last pressed, and whether a timer runs on without them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from casemgr.clock import MICROSECONDS

if TYPE_CHECKING:
    from textual.app import App
    from textual.message import Message

    from casemgr.services.desk import Desk
    from casemgr.tui.seat import Seat

LOOK_SECONDS = 20
"""How often it is looked whether the timer was forgotten."""

AWAY = 60 * MICROSECONDS
"""Who presses a key after so long may have been away: it is looked before the key counts as a sign."""


class Presence:
    """Has the lane look whether the timer was forgotten; the app is told by a LooksForgotten message."""

    def __init__(self, app: App[None], seat: Seat) -> None:
        """Nobody has pressed a key yet."""
        self._app = app
        self._seat = seat
        self._last_key = 0
        self.asking = False
        """Whether the question is on the screen, so that it is not asked twice."""

    def begin(self) -> None:
        """Look now, for a timer of another day, and from now on."""
        self.look()
        self._app.set_interval(LOOK_SECONDS, self.look)

    def sign(self) -> None:
        """Somebody is there."""
        now = self._seat.clock.now()
        if now - self._last_key > AWAY:
            self.look()
        self._last_key = now

    def answered(self) -> None:
        """The question was answered, whichever way."""
        self.asking = False

    def look(self) -> None:
        """Have it looked whether the timer was forgotten."""
        if not self.asking:
            self._seat.lane.ask(self._app, partial(_seek, quiet_since=self._last_key))


def _seek(desk: Desk, quiet_since: int) -> Message:
    # Imported in the lane, after the first screen stands.
    from casemgr.tui.jobs_timer import seek_forgotten

    return seek_forgotten(desk, quiet_since)
