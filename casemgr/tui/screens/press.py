"""Asking for a key by pressing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from casemgr.tui.keymap import why_not
from casemgr.tui.keys import key_words
from casemgr.tui.screens.leaving import Leaving

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual import events
    from textual.app import ComposeResult


class PressScreen(ModalScreen[str | None], Leaving):
    """Gives the key that was pressed, or None where it was left. Keys that cannot be had are refused."""

    HELP = "Press the key that you want. One that cannot be had is refused with why; esc leaves it as it is."
    BINDING_GROUP_TITLE = "Press a key"

    GRABS_KEYS = True
    """No key does here what it does elsewhere."""

    def __init__(self, key_id: str, does: str, changed: Mapping[str, str]) -> None:
        """Ask for a key for something, beside those that were changed already."""
        super().__init__()
        self._key_id = key_id
        self._purpose = does
        self._changed = changed

    def compose(self) -> ComposeResult:
        """What it is for, and why the last key was refused."""
        panel = Vertical(
            Static(Content(self._purpose), classes="does"),
            Static("Press the key that you want for it.", classes="asks"),
            Static("", classes="complaint"),
            classes="panel",
        )
        panel.border_title = "Press a key"
        panel.border_subtitle = "esc leaves it as it is"
        yield panel

    def on_key(self, event: events.Key) -> None:
        """Take the key, or say why it cannot be had."""
        event.stop()
        event.prevent_default()
        if event.key == "escape":
            self.dismiss(None)
        elif why := why_not(self._key_id, event.key, self._changed):
            self.query_one(".complaint", Static).update(Content(why))
        else:
            self.query_one(".asks", Static).update(Content(key_words(event.key)))
            self.dismiss(event.key)
