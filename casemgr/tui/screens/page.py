"""What all screens have in common: masthead, the line of screens, keys below, and what works everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.binding import Binding, BindingType
from textual.reactive import reactive

from casemgr.tui import jobs
from casemgr.tui.commands import hidden
from casemgr.tui.messages import Acted, Go, Pulsed, Refused
from casemgr.tui.notices import tell_error, tell_warnings
from casemgr.tui.places import PLACES
from casemgr.tui.screens.leaving import Leaving
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

WAITING = "waiting for the data …"
"""What stands below while the lane is still at something, or another program holds the data."""


class About(NamedTuple):
    """What the marked row is about; empty where that is nothing."""

    patient_id: str = ""
    kind: str = ""


class Page(Leaving):
    """A screen with masthead and keys. A subclass says what stands between, and how it is read anew.

    Reads and deeds are asked of the lane and come back as messages; nothing here touches the desk.
    """

    BINDING_GROUP_TITLE = "Every screen"
    # A key that is pressed while a screen is still coming up is meant for its list.
    AUTO_FOCUS = "Listing"
    PLACE: ClassVar[str] = ""
    """The place that it is or belongs to; empty for a form, which has no line of screens."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "new", "New", tooltip="Write a new activity", id="page.new"),
        Binding("t", "timer", "Timer", tooltip="Start, pause or stop your timer", id="page.timer"),
        hidden("f8", "timer", "Timer", "Your timer, also while typing", "page.timer_typing"),
        hidden("p", "patient", "Patient", "Go to the patient of the marked row", "page.patient"),
        Binding("z", "undo", "Undo", tooltip="Undo your last action, whole", id="page.undo"),
        hidden("Z", "redo", "Redo", "Do again what was undone last", "page.redo"),
        *(
            hidden(place.key, f"go('{place.name}')", place.title, place.told, f"go.{place.name}")
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
        self._feeling = False
        """Whether it was asked what others write, and nothing was answered yet."""

    # What subclasses say

    def body(self) -> ComposeResult:
        """What stands between masthead and keys."""
        raise NotImplementedError

    def look(self) -> None:
        """Have what is shown read anew."""

    def arrive(self, at: str) -> None:
        """Somebody was sent here, for the record of that id or number."""

    def about(self) -> About:
        """What is marked, for what is to be done about it: a new activity, the timer, the patient's page."""
        return About()

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
        self.set_interval(LOOK_SECONDS, self._feel_again)

    def on_screen_resume(self) -> None:
        """Back here: something may have been written meanwhile."""
        self.feel()

    def feel(self) -> None:
        """Ask whether anything was written since, by whichever program."""
        if self.is_current:
            self.ask(jobs.feel_pulse, replaces="pulse")

    def _feel_again(self) -> None:
        """Feel, and say so where what was asked last time is not answered: nothing else would tell."""
        if self.is_current:
            if self._feeling:
                self.query_one(Foot).status = WAITING
            self._feeling = True
            self.feel()

    def ask(self, job: Job, replaces: str = "", due: bool = False) -> None:
        """Have a job done; its answer comes as a message. See Lane.ask."""
        # Two screens may each have a job of the same name.
        self.seat.lane.ask(self, job, replaces and f"{id(self)} {replaces}", due)

    @on(Pulsed)
    def _pulsed(self, message: Pulsed) -> None:
        self._feeling = False
        foot = self.query_one(Foot)
        if foot.status == WAITING:
            foot.status = ""
        self.around = message
        if message.pulse != self.pulse:
            self.look()

    def watch_around(self, around: Pulsed | None) -> None:
        """Tell the masthead."""
        if around is not None:
            masthead = self.query_one(Masthead)
            masthead.today, masthead.timing = around.pulse.today, around.timing
            masthead.damaged = around.damaged

    @on(Acted)
    def acted(self, message: Acted) -> None:
        """Say what was done, and show how things stand now."""
        tell_warnings(self, message.warnings)
        self.did(f"{message.did} {message.at} ✓", f"{message.did}: {message.words}")
        self.feel()

    @on(Refused)
    def _refused(self, message: Refused) -> None:
        self._feeling = False
        tell_error(self, message.error)

    def did(self, status: str, words: str = "") -> None:
        """Say what was done: in short at the bottom, and at length in a panel that goes away."""
        self.query_one(Foot).status = status
        if words:
            self.notify(words, markup=False, timeout=4)

    def open(self, page: Page) -> None:
        """Put another screen over this one; what was done there is told here."""
        self.app.push_screen(page, self._came_back)

    def _came_back(self, acted: Acted | None) -> None:
        if acted is not None:
            self.acted(acted)

    @on(Tabs.Clicked)
    def _tab(self, message: Tabs.Clicked) -> None:
        self.post_message(Go(message.place))

    def action_go(self, place: str) -> None:
        """Go to another screen."""
        self.post_message(Go(place))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Going to a patient needs one."""
        return bool(self.about().patient_id) if action == "patient" else True

    def action_new(self) -> None:
        """Open the form for a new activity, about the patient that is marked."""
        from casemgr.tui.screens.activity import ActivityScreen

        self.open(ActivityScreen(self.seat, patient_id=self.about().patient_id))

    def action_timer(self) -> None:
        """Start timing what is marked, or open what can be done with the timer that there is."""
        self.press_timer(self.about())

    def press_timer(self, about: About, line: str = "") -> None:
        """Start timing that, or what a half-typed line says; or open what can be done with the timer."""
        from casemgr.tui.screens.timer import timer_pressed

        timer_pressed(self, about, line)

    def action_patient(self) -> None:
        """Go to the patient of the marked row."""
        self.post_message(Go("patients", self.about().patient_id))

    def action_undo(self) -> None:
        """Undo the last own deed."""
        self.ask(jobs.undo_last)

    def action_redo(self) -> None:
        """Do again what was undone last."""
        self.ask(jobs.redo_last)
