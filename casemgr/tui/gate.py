"""The question for a passphrase, where nobody has unlocked the data yet, or somebody else has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.services.unlocking import likely_person
from casemgr.tui.screens.lock import LockScreen
from casemgr.tui.threshold import Threshold

if TYPE_CHECKING:
    from casemgr.clock import Clock
    from casemgr.settings import Settings


class GateApp(Threshold):
    """What `casemgr` opens where a passphrase is wanted first."""

    CSS_PATH = ["app.tcss"]  # noqa: RUF012 - not declared as such there

    def __init__(self, settings: Settings, acting: str, clock: Clock) -> None:
        """Begin; acting is the login that was named, or empty."""
        super().__init__(settings, clock)
        self.likely = acting or likely_person(settings.places)
        """The login that is proposed."""

    def on_mount(self) -> None:
        """Ask."""
        self.push_screen(LockScreen(self.settings, self.clock, likely=self.likely))


def gate(settings: Settings, acting: str, clock: Clock, mouse: bool = True) -> GateApp:
    """Ask for a passphrase; what it gives stands in `return_value`, what made it fail in `fault`."""
    app = GateApp(settings, acting, clock)
    app.run(mouse=mouse)
    return app
