"""The first start, while there is no practice yet: set one up, or look around in the demo.

There is no desk here, and so no lane: it ends with one, on which the terminal UI proper opens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.tui.screens.setting_up import ChoiceScreen, PracticeScreen
from casemgr.tui.threshold import Threshold

if TYPE_CHECKING:
    from casemgr.clock import Clock
    from casemgr.settings import Settings


class WelcomeApp(Threshold):
    """What `casemgr` opens where there is nothing yet."""

    CSS_PATH = ["app.tcss", "welcome.tcss"]  # noqa: RUF012 - not declared as such there

    # Kept while it is left, so that nothing that was written is lost by going back.
    SCREENS = {"practice": PracticeScreen}  # noqa: RUF012

    def __init__(self, settings: Settings, acting: str, clock: Clock) -> None:
        """Begin; acting is the login that was named on the command line, or empty."""
        super().__init__(settings, clock)
        self.login = acting or settings.staff
        """Who acts, if that was said: what the owner's login should be then."""

    def on_mount(self) -> None:
        """Ask what is wanted."""
        self.push_screen(ChoiceScreen())


def welcome(settings: Settings, acting: str, clock: Clock, mouse: bool = True) -> WelcomeApp:
    """Lead through the first start; what it gives stands in `return_value`, what made it fail in `fault`."""
    app = WelcomeApp(settings, acting, clock)
    app.run(mouse=mouse)
    return app
