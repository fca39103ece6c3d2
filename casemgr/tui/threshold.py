"""What stands before an open desk: the first start, and the question for a passphrase."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from casemgr.services.desk import Desk
from casemgr.services.preferences import preferences
from casemgr.tui.terminal import steady
from casemgr.tui.themes import DARK, LIGHT, theme_for

if TYPE_CHECKING:
    from textual.driver import Driver

    from casemgr.clock import Clock
    from casemgr.settings import Settings
    from casemgr.tui.messages import Faulted, Opened


class Threshold(App[Desk]):
    """Gives an open desk, on which the terminal UI proper opens, or None where it was left."""

    TITLE = "casemgr"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (116, "-wide")]  # noqa: RUF012 - not declared as such there
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Leave", show=False, priority=True, tooltip="Leave", id="welcome.quit"),
        Binding("f2", "turn", "Light or dark", show=False, priority=True, tooltip="Turn light or dark",
                id="welcome.theme"),
    ]  # fmt: skip

    def __init__(self, settings: Settings, clock: Clock) -> None:
        """Begin."""
        super().__init__()
        self.settings = settings
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
