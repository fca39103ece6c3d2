"""What all screens have in common: masthead, the line of screens, keys below, and what works everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.screen import Screen

from casemgr.tui import jobs
from casemgr.tui.commands import hidden
from casemgr.tui.messages import Acted, Go, Pulsed, Refused
from casemgr.tui.notices import tell_error
from casemgr.tui.places import PLACES
from casemgr.tui.widgets.foot import Foot
from casemgr.tui.widgets.masthead import Masthead
from casemgr.tui.widgets.tabs import Tabs

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from casemgr.services.changes import Pulse
    from casemgr.tui.lane import Job
    from casemgr.tui.seat import Seat

LOOK_SECONDS = 2
"""How often a screen looks for what other programs wrote."""


class Page(Screen[None]):
    """A screen with masthead and keys. A subclass says what stands between, and how it is read anew.

    Reads and deeds are asked of the lane and come back as messages; nothing here touches the desk.
    """

    PLACE: ClassVar[str] = ""
    """The place that it is or belongs to; empty for a form, which has no line of screens."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("z", "undo", "Undo", tooltip="Undo your last action, whole", id="page.undo"),
        hidden("Z", "redo", "Redo", "Do again what was undone last", "page.redo"),
        *(
            hidden(place.key, f"go('{place.name}')", place.title, place.purpose, f"go.{place.name}")
            for place in PLACES
        ),
        hidden("q", "app.quit", "Quit", "Leave; all is saved", "page.quit"),
    ]

    around: reactive[Pulsed | None] = reactive(None)
    """Where the ledger stands, the date, and the timer, as read last."""

    def __init__(self, seat: Seat) -> None:
        """Sit down."""
        super().__init__()
        self.seat = seat
        self.pulse: Pulse | None = None
        """Where the ledger stood when what is shown was read."""

    # What subclasses say

    def body(self) -> ComposeResult:
        """What stands between masthead and keys."""
        raise NotImplementedError

    def look(self) -> None:
        """Have what is shown read anew."""

    def arrive(self, at: str) -> None:
        """Somebody was sent here, for the record of that id or number."""

    # What all have

    def compose(self) -> ComposeResult:
        """Masthead, line of screens, body, keys."""
        yield Masthead(self.seat)
        if self.PLACE:
            yield Tabs(self.PLACE)
        yield from self.body()
        yield Foot()

    def on_mount(self) -> None:
        """Keep looking for what others write."""
        self.set_interval(LOOK_SECONDS, self.feel)

    def on_screen_resume(self) -> None:
        """Back here: something may have been written meanwhile."""
        self.feel()

    def feel(self) -> None:
        """Ask whether anything was written since, by whichever program."""
        if self.is_current:
            self.ask(jobs.feel_pulse, replaces="pulse")

    def ask(self, job: Job, replaces: str = "") -> None:
        """Have a job done; its answer comes as a message."""
        # Two screens may each have a job of the same name.
        self.seat.lane.ask(self, job, replaces and f"{id(self)} {replaces}")

    @on(Pulsed)
    def _pulsed(self, message: Pulsed) -> None:
        self.around = message
        if message.pulse != self.pulse:
            self.look()

    def watch_around(self, around: Pulsed | None) -> None:
        """Tell the masthead."""
        if around is not None:
            masthead = self.query_one(Masthead)
            masthead.today, masthead.timing = around.pulse.today, around.timing

    @on(Acted)
    def acted(self, message: Acted) -> None:
        """Say what was done, and show how things stand now."""
        self.did(f"{message.did} {message.at} ✓", f"{message.did}: {message.words}")
        self.feel()

    @on(Refused)
    def _refused(self, message: Refused) -> None:
        tell_error(self, message.error)

    def did(self, status: str, words: str = "") -> None:
        """Say what was done: in short at the bottom, and at length in a panel that goes away."""
        self.query_one(Foot).status = status
        if words:
            self.notify(words, markup=False, timeout=4)

    @on(Tabs.Clicked)
    def _tab(self, message: Tabs.Clicked) -> None:
        self.post_message(Go(message.place))

    def action_go(self, place: str) -> None:
        """Go to another screen."""
        self.post_message(Go(place))

    def action_undo(self) -> None:
        """Undo the last own deed."""
        self.ask(jobs.undo_last)

    def action_redo(self) -> None:
        """Do again what was undone last."""
        self.ask(jobs.redo_last)
