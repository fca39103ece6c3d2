"""Choosing one of many: filter as you type, arrows, enter."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input

from casemgr.core.text import fold
from casemgr.tui.messages import Picks
from casemgr.tui.screens.leaving import Leaving
from casemgr.tui.text import cell, typeable
from casemgr.tui.widgets.columns import text
from casemgr.tui.widgets.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

    from casemgr.services.desk import Desk
    from casemgr.tui.lane import Lane


MOST_SHOWN = 16
"""Lines for a list that may be of any length."""

FOOT = "⏎ takes · esc leaves"
"""Below the list."""

NOTHING_FITS = "nothing fits · esc leaves"
"""Below a list that is empty."""

AROUND = 6
"""Lines of the panel besides the list: its border, what is typed, and blank ones."""


class Option(NamedTuple):
    """Something to choose."""

    key: str
    title: str
    beside: str = ""
    """What tells it apart, to the right of the title."""


class Options(Listing[Option]):
    """What there is to choose."""

    HELP = "Type to narrow the list; arrows move, enter takes the marked one."
    BINDING_GROUP_TITLE = "Choose"

    def draw(self, row: Option, width: int) -> Sequence[Content]:
        """Title and what tells it apart; where both are long, the title has the most of the room."""
        title, beside = text(row.title, "bold"), text(row.beside, "$foreground-muted")
        room = max(width - beside.cell_length - 4, width * 3 // 5)
        title = title.truncate(max(12, room), ellipsis=True)
        beside = beside.truncate(max(1, width - title.cell_length - 4), ellipsis=True)
        blanks = max(2, width - title.cell_length - beside.cell_length - 2)
        return (Content.assemble(" ", title, " " * blanks, beside, " "),)


class PickScreen(ModalScreen[Option | None], Leaving):
    """Gives the option that was chosen, or None where it was left.

    Either the options are few and known, or a job of the lane finds those that fit what is typed.
    """

    HELP = "Type to narrow the list; the arrows move in it while you type, and enter takes the marked one."
    BINDING_GROUP_TITLE = "Choosing one of many"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Leave", key_display="esc", tooltip="Choose nothing",
                id="pick.leave"),
        Binding("enter", "take", "Take", priority=True, tooltip="Take the marked one", id="pick.take"),
        Binding("up", "step(-1)", "Up", show=False, priority=True, tooltip="One up", id="pick.up"),
        Binding("down", "step(1)", "Down", show=False, priority=True, tooltip="One down", id="pick.down"),
        Binding("pageup", "step(-8)", "Page up", show=False, priority=True, tooltip="Eight up",
                id="pick.page_up"),
        Binding("pagedown", "step(8)", "Page down", show=False, priority=True, tooltip="Eight down",
                id="pick.page_down"),
    ]  # fmt: skip

    def __init__(
        self,
        title: str,
        options: Sequence[Option] = (),
        *,
        lane: Lane | None = None,
        finds: Callable[[Desk, str], list[Option]] | None = None,
        typed: str = "",
        hint: str = "type to narrow the list",
    ) -> None:
        """Ask for one of the options, or of those that `finds` has for what is typed."""
        super().__init__()
        self._title = title
        self._options = tuple(options)
        self._lane = lane
        self._finds = finds
        self._typed = typed
        self._hint = hint
        self._shown_for = ""
        """The text that the options fit which are shown."""
        self._taking: str | None = None
        """The text of which the first that fits is to be taken once it is known."""

    def compose(self) -> ComposeResult:
        """A line to type in, and the list."""
        panel = Vertical(
            Input(typeable(self._typed), placeholder=self._hint, compact=True, select_on_focus=False),
            Options("options"),
            classes="panel",
        )
        panel.border_title = cell(self._title)
        panel.border_subtitle = FOOT
        yield panel

    def on_mount(self) -> None:
        """Begin to type."""
        self.query_one(Options).can_focus = False
        self.narrow(typeable(self._typed))

    def on_resize(self) -> None:
        """Take no more room than there is to choose from."""
        most = max(4, self.size.height * 9 // 10 - AROUND)
        wanted = len(self._options) + 1 if self._finds is None else MOST_SHOWN
        self.query_one(Options).styles.height = min(wanted, most)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        self.narrow(event.value)

    def narrow(self, typed: str) -> None:
        """Show what fits."""
        if self._finds is not None and self._lane is not None:
            self._lane.ask(self, partial(_found, typed=typed, finds=self._finds), replaces=f"pick {id(self)}")
        else:
            self._show([one for one in self._options if fits(one, typed)], typed)
            if self._taking == typed:
                self._take()

    @on(Picks)
    def _found(self, message: Picks) -> None:
        if message.typed == self.query_one(Input).value:
            self._show(list(message.options), message.typed)
            if self._taking == message.typed:
                self._take()

    @on(Options.Chosen)
    def action_take(self) -> None:
        """Give the marked one, of those that fit all that was typed before."""
        # The keys pressed before it may still be on their way into the line.
        self.query_one(Input).call_later(self._take)

    def _take(self) -> None:
        """Never one that was there for another text: it may be somebody else."""
        typed = self.query_one(Input).value
        if self._shown_for != typed:
            self._taking = typed
            self.narrow(typed)
        elif (one := self.query_one(Options).marked) is not None and self.is_current:
            self.dismiss(one)

    def action_step(self, rows: int) -> None:
        """Move in the list while typing."""
        self.query_one(Options).action_step(rows)

    def _show(self, options: list[Option], typed: str) -> None:
        self._shown_for = typed
        listing = self.query_one(Options)
        listing.at = 0
        rows = {one.key: one for one in options}
        listing.show(tuple(rows), rows)
        listing.at = 0
        self.query_one(".panel").border_subtitle = FOOT if rows or not typed.strip() else NOTHING_FITS


def fits(one: Option, typed: str) -> bool:
    """Whether every word that is typed begins a word of the option."""
    words = fold(f"{one.title} {one.beside}").split()
    return all(any(word.startswith(part) for word in words) for part in fold(typed).split())


def _found(desk: Desk, typed: str, finds: Callable[[Desk, str], list[Option]]) -> Picks:
    return Picks(typed, tuple(finds(desk, typed)))
