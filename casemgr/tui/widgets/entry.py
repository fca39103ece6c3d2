"""The one line that logs an activity, and below it how it is understood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from casemgr.tui.text import typeable

if TYPE_CHECKING:
    from textual.suggester import Suggester
    from textual.timer import Timer

EXAMPLE = "20m referral garcia ana 2012: OS consult => booked !fri confirm ride"
"""What an empty line shows: its day is one to come, whenever it is read."""

SETTLE_SECONDS = 0.05
"""How long the line stands still before it is read anew."""


class EntryLine(Input):
    """A one-line entry. Its text stands there until it is saved."""

    HELP = (
        "Write what you did in one line, as you would say it:\n\n"
        "  20m referral garcia ana 2012: OS consult => booked !fri confirm ride\n\n"
        "Minutes, kind and patient stand before the colon in any order; so may a date (yesterday, mon), "
        "a time (at 9:30) and how (phone, text). A birth date, its year or #chart tells namesakes apart. "
        "After the colon comes the note, after => what came of it, after ! and a date what is to be done by "
        "then. Below the line stands how it is understood. The right arrow takes what is offered in grey, f3 "
        "goes on in the form. A line that is left half typed is there again, also after a crash."
    )
    BINDING_GROUP_TITLE = "New activity"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Save", tooltip="Save the activity that the line says", id="entry.save"),
        Binding(
            "escape",
            "leave",
            "Lists",
            key_display="esc",
            tooltip="Leave the line as it is, for the lists",
            id="entry.leave",
        ),
        Binding("f3", "form", "Form", tooltip="Go on in the form, with what the line says", id="entry.form"),
        Binding("ctrl+u", "clear_line", "Clear", show=False, tooltip="Empty the line", id="entry.clear"),
    ]

    @dataclass
    class Typed(Message):
        """The line has stood still for a moment."""

        text: str

    @dataclass
    class Form(Message):
        """The whole form is wanted."""

        text: str

    class Left(Message):
        """The lists are wanted."""

    def __init__(self, suggester: Suggester | None = None) -> None:
        """An empty line."""
        super().__init__(
            placeholder=EXAMPLE,
            suggester=suggester,
            select_on_focus=False,
            compact=True,
            id="entry",
        )
        self._settling: Timer | None = None
        self._saving: set[str] = set()
        """Texts that were handed in and not answered yet: saving may wait for another program."""

    def validate_value(self, value: str) -> str:
        """What is pasted may hold control characters; they become blanks."""
        return typeable(value)

    def on_input_changed(self) -> None:
        """Say what was typed once it stands still."""
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(SETTLE_SECONDS, lambda: self.post_message(self.Typed(self.value)))

    async def action_submit(self) -> None:
        """Have the line saved; pressed again before that is done, enter does not log it twice."""
        if self.value not in self._saving:
            self._saving.add(self.value)
            await super().action_submit()

    def refused(self, text: str) -> None:
        """A line was not saved: it may be handed in again."""
        self._saving.discard(text)

    def saved(self, text: str) -> None:
        """A line was saved: make room for the next, unless that is being typed already."""
        self._saving.discard(text)
        if self.value == text:
            self.value = ""

    def action_clear_line(self) -> None:
        """Empty the line."""
        self.value = ""

    def action_form(self) -> None:
        """Ask for the form."""
        self.post_message(self.Form(self.value))

    def action_leave(self) -> None:
        """Ask for the lists."""
        self.post_message(self.Left())
