"""Whether somebody is there: when a key was last pressed, and what goes on without them.

A timer that runs on is asked after, and the screen is locked.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from casemgr.clock import MICROSECONDS
from casemgr.errors import CasemgrError

if TYPE_CHECKING:
    from textual.message import Message

    from casemgr.services.desk import Desk
    from casemgr.tui.locking import LockableApp
    from casemgr.tui.seat import Seat

LOOK_SECONDS = 20
"""How often it is looked whether the timer was forgotten."""

WATCH_SECONDS = 1
"""How often it is looked whether nobody has been there for long; a machine that slept is found out so too."""

AWAY = 60 * MICROSECONDS
"""Who presses a key after so long may have been away: it is looked before the key counts as a sign."""


class Presence:
    """Has the lane look whether the timer was forgotten; the app is told by a LooksForgotten message.

    It locks the app where nobody has been there for long.
    """

    def __init__(self, app: LockableApp, seat: Seat) -> None:
        """Nobody has pressed a key yet."""
        self._app = app
        self._seat = seat
        self._last_key = 0
        self._last_passed: int | None = None
        self.lock_minutes = 10
        """After so long without a sign the app locks itself."""
        self.asking = False
        """Whether the question is on the screen, so that it is not asked twice."""

    def begin(self) -> None:
        """Look now, for a timer of another day, and from now on."""
        self.look()
        self._last_passed = self._seat.clock.passed()
        self._app.set_interval(LOOK_SECONDS, self.look)
        self._app.set_interval(WATCH_SECONDS, self._watch)

    def sign(self) -> None:
        """Somebody is there."""
        self._last_passed = self._seat.clock.passed()
        # A clock that is far off is told of where something is saved.
        with suppress(CasemgrError):
            now = self._seat.clock.now()
            if now - self._last_key > AWAY:
                self.look()
            self._last_key = now

    @property
    def is_over(self) -> bool:
        """Whether nobody has been there for so long that the app is to be locked.

        Either clock may say so: the one that is set, or the one that only grows.
        """
        if self._last_passed is None:
            return False
        quiet = self._seat.clock.passed() - self._last_passed
        if self._last_key:
            with suppress(CasemgrError):
                quiet = max(quiet, self._seat.clock.now() - self._last_key)
        return quiet >= self.lock_minutes * 60 * MICROSECONDS

    def _watch(self) -> None:
        if self.is_over:
            self._app.lock()

    def answered(self) -> None:
        """The question was answered, whichever way."""
        self.asking = False

    def look(self) -> None:
        """Have it looked whether the timer was forgotten."""
        if not (self.asking or self._app.is_locked):
            self._seat.lane.ask(self._app, partial(_seek, quiet_since=self._last_key))


def _seek(desk: Desk, quiet_since: int) -> Message:
    # Imported in the lane, after the first screen stands.
    from casemgr.tui.jobs_timer import seek_forgotten

    return seek_forgotten(desk, quiet_since)
