"""A question with a few answers, each by its letter."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from casemgr.tui.screens.leaving import Leaving
from casemgr.tui.text import cell, shown
from casemgr.tui.widgets.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult


class Answer(NamedTuple):
    """An answer: its letter, and what it does."""

    key: str
    does: str


class Answers(Listing[Answer]):
    """The answers, one a line."""

    HELP = "Press a letter, or move with the arrows and press enter."
    BINDING_GROUP_TITLE = "Choose"

    def draw(self, row: Answer, width: int) -> Sequence[Content]:
        """Letter and words."""
        return (Content.assemble(" ", (row.key, "bold $text-accent"), f"  {shown(row.does)}"),)


class MenuScreen(ModalScreen[str | None], Leaving):
    """Gives the letter of the answer, or None where it was left."""

    HELP = "A question with a few answers: press the letter of one, or esc to leave it open."
    BINDING_GROUP_TITLE = "A menu"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape", "dismiss(None)", "Leave", key_display="esc", tooltip="Choose nothing", id="menu.leave"
        ),
    ]

    def __init__(self, title: str, words: str, answers: Sequence[Answer]) -> None:
        """Ask."""
        super().__init__()
        self._title = title
        self._words = words
        self._answers = {answer.key: answer for answer in answers}

    def compose(self) -> ComposeResult:
        """The words, then the answers."""
        listing = Answers("answers")
        listing.styles.height = len(self._answers) + 1
        words = Static(Content(shown_lines(self._words)))
        words.display = bool(self._words)
        panel = Vertical(words, listing, classes="panel")
        panel.border_title = cell(self._title)
        panel.border_subtitle = "esc leaves"
        yield panel

    def on_mount(self) -> None:
        """Show the answers."""
        listing = self.query_one(Answers)
        listing.show(tuple(self._answers), self._answers)
        listing.focus()

    def on_key(self, event: events.Key) -> None:
        """A letter is an answer."""
        if event.character in self._answers:
            event.stop()
            self.dismiss(event.character)

    def on_listing_chosen(self, message: Listing.Chosen) -> None:
        """So is enter on it."""
        self.dismiss(message.key)


def shown_lines(words: str) -> str:
    """Several lines of people's text."""
    return "\n".join(shown(line) for line in words.splitlines())
