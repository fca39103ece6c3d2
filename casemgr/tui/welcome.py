"""The first start, while there is no practice yet: set one up, or look around in the demo.

There is no desk here, and so no lane: it ends with one, on which the terminal UI proper opens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from casemgr.services.desk import Desk
from casemgr.services.preferences import preferences
from casemgr.tui.screens.setting_up import ChoiceScreen, PracticeScreen
from casemgr.tui.terminal import steady
from casemgr.tui.themes import DARK, LIGHT, theme_for

if TYPE_CHECKING:
    from textual.driver import Driver

    from casemgr.clock import Clock
    from casemgr.settings import Settings
    from casemgr.tui.messages import Faulted
    from casemgr.tui.screens.setting_up import Opened


class WelcomeApp(App[Desk]):
    """What `casemgr` opens where there is nothing yet; it gives an open desk, or None where it was left."""

    TITLE = "casemgr"
    CSS_PATH = ["app.tcss", "welcome.tcss"]  # noqa: RUF012 - not declared as such there
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (116, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Leave", show=False, priority=True, tooltip="Leave", id="welcome.quit"),
        Binding("f2", "turn", "Light or dark", show=False, priority=True, tooltip="Turn light or dark",
                id="welcome.theme"),
    ]  # fmt: skip

    # Kept while it is left, so that nothing that was written is lost by going back.
    SCREENS = {"practice": PracticeScreen}  # noqa: RUF012

    def __init__(self, settings: Settings, acting: str, clock: Clock) -> None:
        """Begin; acting is the login that was named on the command line, or empty."""
        super().__init__()
        self.settings = settings
        self.login = acting or settings.staff
        """Who acts, if that was said: what the owner's login should be then."""
        self.clock = clock
        self.fault: BaseException | None = None
        """What made the program fail, if it did."""
        self.turned = ""
        """`dark` or `light`, where somebody asked for it."""
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        found = preferences(settings.places).values
        self.theme = theme_for(found.theme)
        self.set_keymap(found.keys)

    def on_mount(self) -> None:
        """Ask what is wanted."""
        self.push_screen(ChoiceScreen())

    def get_driver_class(self) -> type[Driver]:
        """The terminal, whatever it sends."""
        return steady(super().get_driver_class())

    def action_turn(self) -> None:
        """Turn light or dark."""
        self.turned = "light" if self.current_theme.dark else "dark"
        self.theme = theme_for(self.turned)

    def on_opened(self, message: Opened) -> None:
        """There is a desk: this was all."""
        self.exit(message.desk)

    def on_faulted(self, message: Faulted) -> None:
        """What was asked for failed as nothing should."""
        raise message.error

    def _fatal_error(self) -> None:
        """Leave without Textual's traceback, which would show what variables hold, such as names."""
        self.fault = self._exception
        self._close_messages_no_wait()


def welcome(settings: Settings, acting: str, clock: Clock, mouse: bool = True) -> WelcomeApp:
    """Lead through the first start; what it gives stands in `return_value`, what made it fail in `fault`."""
    app = WelcomeApp(settings, acting, clock)
    app.run(mouse=mouse)
    return app
