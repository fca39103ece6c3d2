"""Asking for one line, such as the reason for an amendment."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from casemgr.tui.screens.leaving import Leaving
from casemgr.tui.screens.menu import shown_lines
from casemgr.tui.text import cell, typeable

if TYPE_CHECKING:
    from textual.app import ComposeResult


class AskScreen(ModalScreen[str | None], Leaving):
    """Gives what was written, or None where it was left. An empty line is an answer only where it may be."""

    HELP = "One line is wanted. Enter does what is asked for with it, esc leaves without doing it."
    BINDING_GROUP_TITLE = "A question"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape",
            "dismiss(None)",
            "Leave",
            key_display="esc",
            tooltip="Leave without doing it",
            id="ask.leave",
        ),
    ]

    def __init__(
        self, title: str, words: str, hint: str = "", value: str = "", optional: bool = False
    ) -> None:
        """Ask, with some words about what it is for."""
        super().__init__()
        self._title = title
        self._words = words
        self._hint = hint
        self._value = value
        self._optional = optional

    def compose(self) -> ComposeResult:
        """The words, the line, and what is missing."""
        panel = Vertical(
            Static(Content(shown_lines(self._words)), id="words"),
            Input(typeable(self._value), placeholder=self._hint, compact=True, select_on_focus=False),
            Static("", classes="complaint"),
            classes="panel",
        )
        panel.border_title = cell(self._title)
        panel.border_subtitle = "⏎ does it · esc leaves"
        yield panel

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if event.value.strip() or self._optional:
            self.dismiss(event.value.strip())
        else:
            self.query_one(".complaint", Static).update("Write something first.")
