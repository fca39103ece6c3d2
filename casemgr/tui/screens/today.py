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

from casemgr.tui import jobs
from casemgr.tui.commands import hidden
from casemgr.tui.messages import Pulsed, Viewed
from casemgr.tui.screens.line import LinePage
from casemgr.tui.screens.page import About
from casemgr.tui.widgets.completion import Completion
from casemgr.tui.widgets.day import DayTable
from casemgr.tui.widgets.detail import Detail
from casemgr.tui.widgets.due import DueList
from casemgr.tui.widgets.entry import EntryLine
from casemgr.tui.widgets.month import MonthChart
from casemgr.tui.widgets.preview import Preview

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from casemgr.services.today import DayView
    from casemgr.tui.seat import Seat


class TodayScreen(LinePage):
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
        """Show what was read already."""
        self.view = self._first

    def look(self) -> None:
        """Have the day read anew."""
        self.ask(partial(jobs.view_day, day=self._day, mine=self._mine), replaces="view")

    def watch_view(self, view: DayView | None) -> None:
        """Hand the parts down."""
        if view is None:
            return
        self.day_table.view = self.query_one(MonthChart).view = view
        self.due_list.due = view.due
        self.pulse, self.around = view.pulse, Pulsed(view.pulse, view.timing, self.seat.damaged)
        self.tell_marked()
        self.refresh_bindings()

    @on(Viewed)
    def _viewed(self, message: Viewed) -> None:
        self.view = message.view

    def show_new(self, activity_id: str) -> None:
        """Mark what was written just now."""
        self.day_table.mark(activity_id)

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
