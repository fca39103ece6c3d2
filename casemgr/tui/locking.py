"""Locking: everything is hidden at once, and after the passphrase stands there as it was."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import App

from casemgr.clock import local
from casemgr.core.dates import format_us
from casemgr.errors import CasemgrError
from casemgr.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType
    from textual.notifications import SeverityLevel
    from textual.screen import Screen
    from textual.timer import Timer
    from textual.widget import AwaitMount

    from casemgr.services.desk import Desk
    from casemgr.tui.lane import Lane
    from casemgr.tui.messages import Opened, Shut
    from casemgr.tui.presence import Presence
    from casemgr.tui.seat import Seat

LOCKED = "locked"
"""The mode of the lock. Modes have screens of their own, so that nothing of another's is ever drawn in it."""

GRACE_SECONDS = 0.5
"""So long after hiding the desk is left: what was written last is on its way to be kept."""


class LockableApp(App[None]):
    """Hides its screens under a lock. They stay as they are, and may go on changing unseen."""

    seat: Seat
    presence: Presence

    def __init__(self, desk: Desk) -> None:
        """Nothing is hidden yet."""
        super().__init__()
        self.successor: Desk | None = None
        """The desk of somebody else who unlocked it: the program is to begin anew for them."""
        self._settings = Settings(desk.places, "")
        self._hidden = ""
        """The mode that is hidden; empty where none is."""
        self._leaving: Timer | None = None
        self._held: list[Callable[[], object]] = []
        """What people are to be told once they are back."""

    @property
    def lane(self) -> Lane:
        """Where the desk is."""
        return self.seat.lane

    @property
    def is_locked(self) -> bool:
        """Whether the lock is what is seen."""
        return bool(self._hidden)

    def action_lock(self) -> None:
        """Lock it."""
        self.lock()

    def on_shut(self, message: Shut) -> None:
        """The data has another key, or something is wrong with it: only who unlocks it anew goes on."""
        self.lock(f"{message.error.title}: perhaps somebody has left, and it was given another key.")

    def lock(self, why: str = "") -> None:
        """Hide everything at once, and leave the desk as soon as what was begun there is done."""
        if self.is_locked or self.successor is not None:
            return
        from casemgr.tui.screens.lock import LockScreen

        if not why and self.seat.practice.endswith("(demo)"):
            from casemgr.services.demo import DEMO_PASSPHRASE

            why = f"This is the demo. Its passphrase is: {DEMO_PASSPHRASE}"
        since = ""
        # A clock that is far off is no reason to stay open.
        with suppress(CasemgrError):
            now = local(self.seat.clock.now(), self.seat.zone)
            since = f"{now:%H:%M} on {now:%a} {format_us(now.date())}"
        self.capture_mouse(None)
        self._hidden = self.current_mode
        screen = partial(LockScreen, self._settings, self.seat.clock, self.seat.login, since, why)
        self.add_mode(LOCKED, screen)
        self.switch_mode(LOCKED)
        self._leaving = self.set_timer(GRACE_SECONDS, self.lane.lock)

    async def on_opened(self, message: Opened) -> None:
        """Somebody unlocked it: go on as it was, or begin anew for whoever else it is."""
        if self._leaving is None:
            message.desk.close()
        elif message.desk.login == self.seat.login:
            self._leaving.stop()
            self.lane.unlock(message.desk)
            await self._uncover_all()
        else:
            self.successor = message.desk
            self.exit()

    async def _uncover_all(self) -> None:
        hidden, self._hidden, self._leaving = self._hidden, "", None
        self.presence.sign()
        await self.switch_mode(hidden)
        await self.remove_mode(LOCKED)
        held, self._held = self._held, []
        for tell in held:
            tell()

    def push_screen(  # type: ignore[override]  # Textual tells apart what it gives by what it is asked
        self, screen: Screen[Any] | str, *args: Any, mode: str | None = None, **kwargs: Any
    ) -> AwaitMount:
        """Open a screen; what comes late opens below the lock."""
        opened: AwaitMount = super().push_screen(screen, *args, mode=mode or self._hidden or None, **kwargs)
        return opened

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Tell people something in a panel; below the lock once they are back."""
        tell = partial(
            super().notify, message, title=title, severity=severity, timeout=timeout, markup=markup
        )
        self.once_back(tell)

    def once_back(self, tell: Callable[[], object]) -> None:
        """Do something that people are to see: at once, or when they have unlocked it."""
        if self.is_locked:
            self._held.append(tell)
        else:
            tell()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Draw, unless it should have been locked by now: a machine that slept wakes with nothing drawn."""
        if not self.is_locked and self.presence.is_over:
            self.call_next(self.lock)
        else:
            super()._display(screen, renderable)
