"""Follow-ups: all that is still to be done, by age, and what is to be done about it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.getters import query_one
from textual.widgets import Static

from casemgr.tui import jobs_follow_ups
from casemgr.tui.commands import hidden
from casemgr.tui.jobs_follow_ups import AroundRead, FollowUpsSeen, Wish
from casemgr.tui.messages import Acted, FormReady
from casemgr.tui.options import whose_options
from casemgr.tui.screens.follow_up_acts import act
from casemgr.tui.screens.form import FormScreen
from casemgr.tui.screens.page import About, Page
from casemgr.tui.screens.pick import Option, PickScreen
from casemgr.tui.widgets.find import FindLine
from casemgr.tui.widgets.follow_up_list import AroundFollowUp, FollowUpList

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from casemgr.services.desk import Desk
    from casemgr.tui.seat import Seat


class FollowUpsScreen(Page):
    """Follow-ups by age. What is wanted is a Wish; what there is comes as FollowUpsSeen."""

    PLACE = "follow_ups"
    CSS_PATH = "follow_ups.tcss"
    HELP = "What is still to be done, by age; log what was done about it, put it off or hand it over."
    BINDING_GROUP_TITLE = "Follow-ups"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "Add", tooltip="Add something to be done by a date", id="follow_ups.add"),
        hidden("slash", "filter", "Filter", "Narrow the follow-ups as you type", "follow_ups.filter", "/"),
        hidden("w", "whose", "Whose", "Choose whose follow-ups are shown", "follow_ups.whose"),
        hidden("v", "done", "Done", "Show those done last too, or hide them", "follow_ups.done"),
    ]

    list_ = query_one(FollowUpList)

    def __init__(self, seat: Seat) -> None:
        """Begin with those still to be done, of whom the settings say."""
        super().__init__(seat)
        self._wish = Wish()

    def body(self) -> ComposeResult:
        """The line that narrows; the list and what is around the marked one, beside each other or below."""
        with Horizontal(id="narrowing"):
            yield Static("/", id="sign")
            yield FindLine("type / and a name, a word, a chart number")
        with Horizontal(id="follow_ups_work"):
            with Vertical(id="follow_ups_side"):
                yield FollowUpList(self.seat.login)
            yield AroundFollowUp()

    def on_mount(self) -> None:
        """Begin at the list."""
        self.set_focus(self.list_)
        self.look()

    def look(self) -> None:
        """Have the list read anew."""
        self.ask(partial(jobs_follow_ups.look, wish=self._wish), replaces="follow_ups")

    @on(FollowUpsSeen)
    def _follow_ups_seen(self, message: FollowUpsSeen) -> None:
        # An answer to what is no longer wanted says nothing.
        if message.wish == self._wish:
            self.pulse = message.pulse
            self.list_.see(message)

    @on(FollowUpList.Moved)
    def _moved(self) -> None:
        self.list_.say_title()
        if key := self.list_.key:
            self.ask(partial(jobs_follow_ups.read_around, follow_up_id=key), replaces="around")
        else:
            self.query_one(AroundFollowUp).show(None)

    @on(AroundRead)
    def _around_read(self, message: AroundRead) -> None:
        if message.around.one.row.id == self.list_.key:
            self.query_one(AroundFollowUp).show(message.around)

    # Narrowing

    @on(FindLine.Typed)
    def _typed(self, message: FindLine.Typed) -> None:
        self._want(self._wish._replace(text=message.text))

    @on(FindLine.Left)
    def _left(self) -> None:
        self.set_focus(self.list_)

    def _want(self, wish: Wish) -> None:
        self._wish = wish
        self.look()

    def action_filter(self) -> None:
        """Narrow the list."""
        self.set_focus(self.query_one(FindLine))

    def action_whose(self) -> None:
        """Ask whose follow-ups are wanted."""
        self.app.push_screen(
            PickScreen("Whose follow-ups?", lane=self.seat.lane, finds=whose_options), self._whose_picked
        )

    def _whose_picked(self, option: Option | None) -> None:
        if option is not None:
            self._want(self._wish._replace(staff=option.key))

    def action_done(self) -> None:
        """Show those done last too, or hide them."""
        self._want(self._wish._replace(done=not self._wish.done))

    def arrive(self, at: str) -> None:
        """Go to a follow-up, whosever it is, done or not."""
        with self.prevent(FindLine.Changed):
            self.query_one(FindLine).value = ""
        self.list_.mark(at)
        self.set_focus(self.list_)
        self._want(self._wish._replace(text="", staff="", done=True))

    # Acting

    def about(self) -> About:
        """The marked follow-up's patient."""
        one = self.list_.marked
        return About(one.row.patient_id) if one is not None else About()

    @on(FollowUpList.Chosen)
    def _do(self, message: FollowUpList.Chosen) -> None:
        from casemgr.tui.screens.activity import ActivityScreen

        self.open(ActivityScreen(self.seat, follow_up_id=message.key))

    @on(FollowUpList.Asked)
    def _asked(self, message: FollowUpList.Asked) -> None:
        act(self, message)

    @on(Acted)
    def _untick(self, message: Acted) -> None:
        """What was to be done to several was done."""
        if message.did in {"done", "snoozed", "handed over"}:
            self.list_.untick()

    def action_add(self) -> None:
        """Ask for whom, and then for what and when."""
        marked = self.list_.marked
        finds = partial(_whom_options, marked=marked.row.patient_id if marked is not None else "")
        pick = PickScreen("Follow-up for whom?", lane=self.seat.lane, finds=finds,
                          hint="name, birth date or #chart")  # fmt: skip
        self.app.push_screen(pick, self._whom_picked)

    def _whom_picked(self, option: Option | None) -> None:
        if option is not None:
            from casemgr.tui.forms_patient import reminding

            self.ask(partial(reminding, patient_id=option.key))

    @on(FormReady)
    def _form_ready(self, message: FormReady) -> None:
        self.open(FormScreen(self.seat, message.form, message.at))


def _whom_options(desk: Desk, typed: str, marked: str) -> list[Option]:
    """Patients; before anything is typed, the marked one and nobody in particular come first."""
    from casemgr.services.patients import patient_label
    from casemgr.tui.jobs_activity import find_patients

    if typed.strip():
        return find_patients(desk, typed)
    first = [Option(marked, patient_label(desk, marked), "the marked one")] if marked else []
    others = [each for each in find_patients(desk, typed) if each.key != marked]
    return [*first, Option("", "Nobody in particular"), *others]
