"""The owner's passphrase, the last thing that a new practice needs; with it the practice is made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from casemgr.services.key_slots import make_recovery
from casemgr.services.setup import create_practice
from casemgr.tui.messages import Opened, Refused
from casemgr.tui.screens.recovery import RecoveryScreen
from casemgr.tui.screens.step import Step
from casemgr.tui.widgets.foot import Foot
from casemgr.tui.widgets.new_passphrase import NewPassphrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

    from casemgr.services.desk import Desk


@dataclass
class Made(Message):
    """There is a practice, and its recovery words are to be shown."""

    desk: Desk
    words: tuple[str, ...]


class SecretScreen(Step):
    """With the passphrase the practice is made at once, whole, and its recovery words are shown."""

    HELP = "The passphrase that opens the practice. Type it twice; enter then makes the practice."
    BINDING_GROUP_TITLE = "The owner's passphrase"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,f9", "make", "Make the practice", priority=True, key_display="ctrl+s",
                tooltip="Make the practice (f9 as well)", id="welcome.make"),
        Binding("escape", "dismiss", "Back", key_display="esc", tooltip="Back; nothing is made",
                id="welcome.back_to_fields"),
    ]  # fmt: skip

    _making = False

    def __init__(self, values: Mapping[str, str]) -> None:
        """Of a practice with these particulars, by field."""
        super().__init__()
        self._values = values

    def compose(self) -> ComposeResult:
        """What it is for, and its two lines."""
        panel = Vertical(
            Static("All of it is kept encrypted, and opens with your passphrase."),
            NewPassphrase(self._known),
            Static("", id="doing"),
            classes="panel",
        )
        panel.border_title = "Your passphrase"
        yield panel
        yield Foot()

    def on_mount(self) -> None:
        """Begin at the first line."""
        self.query_one(NewPassphrase).first.focus()

    def _known(self) -> tuple[str, ...]:
        return tuple(self._values[name] for name in ("login", "owner_name", "name"))

    @on(NewPassphrase.Chosen)
    def action_make(self) -> None:
        """Make the practice."""
        chosen = "" if self._making else self.query_one(NewPassphrase).chosen()
        if chosen:
            self._making = True
            self.query_one("#doing", Static).update("Making the practice …")
            self.do(partial(self._make, chosen))

    def _make(self, passphrase: str) -> Made:
        values = self._values
        desk = create_practice(
            self.first.settings.places,
            values["name"],
            values["time_zone"],
            values["login"],
            values["owner_name"],
            self.first.clock,
            credential=values["credential"],
            passphrase=passphrase,
        )
        return Made(desk, make_recovery(desk))

    @on(Made)
    def _made(self, message: Made) -> None:
        self.app.push_screen(RecoveryScreen(message.words), partial(self._kept, message.desk))

    def _kept(self, desk: Desk, kept: bool | None) -> None:
        self.app.post_message(Opened(desk))

    @on(Refused)
    def _refused(self, message: Refused) -> None:
        self._making = False
        self.query_one("#doing", Static).update("")
        error = message.error
        self.query_one(NewPassphrase).refuse(" ".join(part for part in (error.title, error.detail) if part))
