"""Today: the one-line entry, the day's log, what is due, and the month so far."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal, Vertical
from textual.getters import query_one
from textual.reactive import reactive
from textual.widgets import Static

from casemgr.tui import drafts, jobs
from casemgr.tui.commands import hidden
from casemgr.tui.messages import DraftFound, LineRead, LineRefused, LineTimed, Pulsed, Saved, Viewed
from casemgr.tui.notices import tell_error, tell_warnings
from casemgr.tui.screens.page import About, Page
from casemgr.tui.widgets.completion import Completion
from casemgr.tui.widgets.day import DayTable
from casemgr.tui.widgets.detail import Detail
from casemgr.tui.widgets.due import DueList
from casemgr.tui.widgets.entry import EntryLine
from casemgr.tui.widgets.foot import Foot
from casemgr.tui.widgets.month import MonthChart
from casemgr.tui.widgets.preview import Preview

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from casemgr.services.today import DayView
    from casemgr.tui.messages import Acted
    from casemgr.tui.seat import Seat

LINE = "line"
"""What the half-typed line is kept under."""


class TodayScreen(Page):
    """The case manager's first screen. Reads come from the lane as messages; widgets are handed a DayView."""

    PLACE = "today"
    AUTO_FOCUS = "EntryLine"

    HELP = "Your day: log work in the line above, see it below, and what is due beside it."
    BINDING_GROUP_TITLE = "Today"
    BINDINGS: ClassVar[list[BindingType]] = [
        hidden("left_square_bracket", "step(-1)", "Day before", "Show the day before", "today.before", "["),
        hidden("right_square_bracket", "step(1)", "Day after", "Show the day after", "today.after", "]"),
        hidden("0", "present", "Today", "Show today again", "today.present"),
        hidden("e", "amend", "Amend", "Amend the marked activity", "today.amend"),
        hidden("w", "whose", "Whose", "Show your own work only, or everybody's", "today.whose"),
    ]

    entry_line = query_one(EntryLine)
    preview = query_one(Preview)
    day_table = query_one(DayTable)
    due_list = query_one(DueList)

    view: reactive[DayView | None] = reactive(None)
    """What is shown, as it was read last."""

    def __init__(self, seat: Seat, first: DayView) -> None:
        """Begin with a view that was read already; whatever comes later comes from the lane."""
        super().__init__(seat)
        self._first = first
        self._day: date | None = None
        """The day that is wanted; None for the present one, whichever that is."""
        self._mine = first.mine
        self._tried = ""
        """The line that was refused last, of which every fault is told."""
        self._last = ""
        """What was done last, in words."""
        self._found = ""
        """The line that was half typed when the program ended, as it was found."""
        self._kept_at = ""
        """When that was kept."""

    def body(self) -> ComposeResult:
        """Entry above, the day to the left, what waits to the right."""
        with Vertical(id="say"):
            with Horizontal(id="line"):
                yield Static("\u203a", id="prompt")
                yield EntryLine(Completion(self.seat.lane))
            yield Preview()
        with Horizontal(id="work"):
            with Vertical(id="day_side"):
                yield DayTable()
                yield Detail()
            with Vertical(id="waiting"):
                yield DueList(self.seat.login)
                yield MonthChart()

    def on_mount(self) -> None:
        """Begin at the line."""
        self.view = self._first
        self.preview.rest()
        self.set_focus(self.entry_line)
        self.ask(partial(drafts.find, form=LINE))

    def look(self) -> None:
        """Have the day read anew."""
        self.ask(partial(jobs.view_day, day=self._day, mine=self._mine), replaces="view")

    def watch_view(self, view: DayView | None) -> None:
        """Hand the parts down."""
        if view is None:
            return
        self.day_table.view = self.query_one(MonthChart).view = view
        self.due_list.due = view.due
        self.pulse, self.around = view.pulse, Pulsed(view.pulse, view.timing)
        self.tell_marked()
        self.refresh_bindings()

    @on(Viewed)
    def _viewed(self, message: Viewed) -> None:
        self.view = message.view

    @on(DraftFound)
    def _draft_found(self, message: DraftFound) -> None:
        """What was half typed stands in the line again."""
        if (text := message.body.get("text", "")) and not self.entry_line.value:
            self._found, self._kept_at = text, message.at
            self.entry_line.value = text

    @on(EntryLine.Changed)
    def _changed(self, message: EntryLine.Changed) -> None:
        if message.value != self._found:
            self._found = ""
            self.ask(
                partial(drafts.keep, form=LINE, body={"text": message.value}), replaces="draft", due=True
            )

    @on(EntryLine.Typed)
    def _typed(self, message: EntryLine.Typed) -> None:
        if message.text.strip():
            self.ask(partial(jobs.understand, text=message.text), replaces="line")
        else:
            self.preview.rest(self._last)

    @on(LineRead)
    def _line_read(self, message: LineRead) -> None:
        # An answer about a line that has changed since says nothing.
        if message.text == self.entry_line.value and self.view is not None:
            refused = message.text == self._tried
            kept_at = self._kept_at if message.text == self._found else ""
            self.preview.read(message.entry, message.outcome, self.view.pulse.today, refused, kept_at)

    @on(EntryLine.Submitted)
    def _submitted(self, message: EntryLine.Submitted) -> None:
        if message.value.strip():
            self.ask(partial(jobs.save_line, text=message.value, form=LINE))

    @on(EntryLine.Form)
    def _form(self, message: EntryLine.Form) -> None:
        from casemgr.tui.screens.activity import ActivityScreen

        form = ActivityScreen(self.seat, line=message.text)
        self.app.push_screen(form, partial(self._form_left, message.text))

    def _form_left(self, text: str, acted: Acted | None) -> None:
        if acted is not None:
            self.entry_line.saved(text)
        self._came_back(acted)

    def _came_back(self, acted: Acted | None) -> None:
        super()._came_back(acted)
        if acted is not None:
            self.day_table.mark(acted.record_id)

    @on(Saved)
    def _saved(self, message: Saved) -> None:
        self._tried = ""
        self.entry_line.saved(message.text)
        self.did(f"saved {message.at} ✓", f"saved: {message.words}")
        tell_warnings(self, message.warnings)
        self.day_table.mark(message.activity_id)
        self.look()

    @on(LineRefused)
    def _line_refused(self, message: LineRefused) -> None:
        self._tried = message.text
        self.entry_line.refused(message.text)
        if message.error.exit_code != 3:
            tell_error(self, message.error)
        self.ask(partial(jobs.understand, text=message.text), replaces="line")

    @on(EntryLine.Left)
    def _left(self) -> None:
        self.set_focus(self.day_table)

    @on(DayTable.Moved, "#day")
    def tell_marked(self) -> None:
        """Show the whole of the marked activity."""
        self.query_one(Detail).tell(self.day_table.marked)

    @on(DueList.Asked, "#due")
    def _act(self, message: DueList.Asked) -> None:
        from casemgr.tui.screens.follow_up_acts import act

        act(self, message)

    @on(DayTable.Chosen, "#day")
    def action_amend(self) -> None:
        """Open the form to amend the marked activity."""
        from casemgr.tui.screens.activity import ActivityScreen

        if (one := self.day_table.marked) is not None:
            self.open(ActivityScreen(self.seat, amend=one.row.id))

    @on(DueList.Chosen, "#due")
    def _do(self, message: DueList.Chosen) -> None:
        from casemgr.tui.screens.activity import ActivityScreen

        self.open(ActivityScreen(self.seat, follow_up_id=message.key))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Amending needs an activity."""
        if action == "amend":
            return self.day_table.marked is not None
        return super().check_action(action, parameters)

    def about(self) -> About:
        """The marked activity, or follow-up."""
        if self.due_list.has_focus and (due := self.due_list.marked) is not None:
            return About(due.row.patient_id)
        one = self.day_table.marked
        return About(one.row.patient_id, one.row.kind) if one is not None else About()

    def action_timer(self) -> None:
        """Start timing what the half-typed line says, or what is marked; or open what there is."""
        typing = self.entry_line.has_focus
        self.press_timer(About() if typing else self.about(), self.entry_line.value if typing else "")

    @on(LineTimed)
    def _line_timed(self, message: LineTimed) -> None:
        if message.used:
            self.entry_line.saved(message.text)
        self.acted(message.acted)

    def action_new(self) -> None:
        """Go to the line."""
        self.set_focus(self.entry_line)

    def action_step(self, days: int) -> None:
        """Show another day."""
        if self.view is not None:
            day = (self._day or self.view.pulse.today) + timedelta(days=days)
            self._day = None if day == self.view.pulse.today else day
            self.look()

    def action_present(self) -> None:
        """Show today again."""
        self._day = None
        self.look()

    def action_whose(self) -> None:
        """Show own work only, or everybody's."""
        self._mine = not self._mine
        self.look()

    def did(self, status: str, words: str = "") -> None:
        """Say what was done, below and, until something is typed, under the line."""
        self._last = words
        self.query_one(Foot).status = status
        if not self.entry_line.value.strip():
            self.preview.rest(words)
