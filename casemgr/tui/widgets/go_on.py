"""The last line of a form that leads on: enter there does what it says."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Button


class GoOn(Button):
    """Goes on with what is written above."""

    HELP = "Enter goes on with what is written above."
    BINDING_GROUP_TITLE = "Going on"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "press", "Go on", key_display="⏎", tooltip="Go on", id="go_on.press"),
        Binding("up", "screen.focus_previous", "Up", show=False, key_display="↑",
                tooltip="The field above", id="go_on.previous"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    GoOn.-style-default {
        margin: 1 0 0 20;
        color: $text;
        background: $block-cursor-blurred-background;

        &:focus {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: bold;
        }
    }
    """

    def __init__(self, words: str) -> None:
        """Say what enter does."""
        super().__init__(words, compact=True)
