"""A line that narrows a list while one types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from casemgr.tui.text import typeable


class FindLine(Input):
    """What is typed narrows the list below it at once; the arrows lead into the list."""

    HELP = (
        "Type to narrow the list: each word may begin any word of what is wanted. Enter and the down arrow "
        "go into the list, which stays narrowed; esc empties the line and goes there too."
    )
    BINDING_GROUP_TITLE = "Find"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,down", "into", "List", tooltip="Go into the list as it is narrowed", id="find.into",
                key_display="⏎"),
        Binding("escape", "drop", "All", key_display="esc", tooltip="Empty the line, and show all again",
                id="find.drop"),
    ]  # fmt: skip

    @dataclass
    class Typed(Message):
        """The list is to be narrowed."""

        text: str

    class Left(Message):
        """The list is wanted."""

    def __init__(self, hint: str) -> None:
        """An empty line."""
        super().__init__(placeholder=hint, select_on_focus=False, compact=True, id="find")

    def validate_value(self, value: str) -> str:
        """What is pasted may hold control characters; they become blanks."""
        return typeable(value)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what is typed."""
        event.stop()
        self.post_message(self.Typed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter leads into the list, however it is asked for."""
        event.stop()
        self.action_into()

    def action_into(self) -> None:
        """Go into the list."""
        self.post_message(self.Left())

    def action_drop(self) -> None:
        """Empty the line, and go into the list."""
        self.value = ""
        self.post_message(self.Left())
