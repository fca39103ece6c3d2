"""Where a passphrase is written: hidden, unless somebody wants to see it."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

from casemgr.tui.text import typeable


class PassphraseInput(Input):
    """One line for a passphrase. What is hidden cannot be copied either."""

    HELP = "A passphrase. It is hidden while you type; f4 shows it, and hides it again."
    BINDING_GROUP_TITLE = "A passphrase"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "reveal", "Show", tooltip="Show what is typed, or hide it again", id="passphrase.show"),
        Binding("ctrl+u", "clear_line", "Clear", show=False, tooltip="Empty the line", id="passphrase.clear"),
    ]

    def __init__(self, hint: str = "", id: str | None = None) -> None:
        """An empty line."""
        super().__init__(placeholder=hint, password=True, compact=True, select_on_focus=False, id=id)

    def validate_value(self, value: str) -> str:
        """What is pasted may hold control characters; they become blanks."""
        return typeable(value)

    def action_reveal(self) -> None:
        """Show what is typed, or hide it again."""
        self.password = not self.password

    def action_clear_line(self) -> None:
        """Empty the line."""
        self.value = ""

    def action_copy(self) -> None:
        """Copy what is shown; nothing that is hidden."""
        if not self.password:
            super().action_copy()

    def action_cut(self) -> None:
        """Cut what is shown; nothing that is hidden."""
        if not self.password:
            super().action_cut()
