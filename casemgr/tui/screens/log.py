"""The log: a month's activities or all of them, narrowed with every key, and what is to be done to them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal, Vertical
from textual.getters import query_one
from textual.widgets import Static

from casemgr.core.wording import counted
from casemgr.tui import jobs_log
from casemgr.tui.commands import hidden
from casemgr.tui.jobs_log import Copied, Located, LogSeen, RowsRead, WholeRead, Wish
from casemgr.tui.messages import Acted
from casemgr.tui.options import whose_options
from casemgr.tui.screens.ask import AskScreen
from casemgr.tui.screens.history import HistoryScreen
from casemgr.tui.screens.monthly import MonthlyPage, month_keys
from casemgr.tui.screens.page import About
from casemgr.tui.screens.pick import Option, PickScreen
from casemgr.tui.widgets.detail import WholeDetail
from casemgr.tui.widgets.log_list import FilterLine, LogList

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from casemgr.tui.seat import Seat

NAMED = 4
"""So many of the activities to be voided are named in the question."""


class LogScreen(MonthlyPage):
    """The log. What is wanted is a Wish; what there is comes as LogSeen."""

    PLACE = "log"
    CSS_PATH = "log.tcss"
    HELP = "The log of a month: find, amend, sign and void activities, one or several at once."
    BINDING_GROUP_TITLE = "Log"
    BINDINGS: ClassVar[list[BindingType]] = [
        hidden("slash", "filter", "Filter", "Narrow the log as you type", "log.filter", "/"),
        *month_keys("log"),
        hidden("f6", "all_time", "All time", "Look through all time, or the month again", "log.all_time"),
        hidden("w", "whose", "Whose", "Choose whose work is shown", "log.whose"),
        hidden("v", "voided", "Voided", "Show voided activities too, or hide them", "log.voided"),
    ]

    list_ = query_one(LogList)

    def __init__(self, seat: Seat) -> None:
        """Begin with the present month."""
        super().__init__(seat)
        self._all_time = False
        self._staff: str | None = None
        self._text = ""
        self._voided = False
        self._seen: LogSeen | None = None

    def body(self) -> ComposeResult:
        """The line that narrows; the list and the marked one, beside each other or below."""
        with Horizontal(id="narrowing"):
            yield Static("/", id="sign")
            yield FilterLine("type / and a name, a word, a kind")
            yield Static("", id="scope")
        with Horizontal(id="log_work"):
            with Vertical(id="log_side"):
                yield LogList()
            yield WholeDetail()

    def on_mount(self) -> None:
        """Begin at the list."""
        self.set_focus(self.list_)
        self.look()

    # Reading

    @property
    def wish(self) -> Wish:
        """Which activities are wanted."""
        return Wish(None if self._all_time else self.months.shown, self._staff, self._text, self._voided)

    def look(self) -> None:
        """Have the list read anew."""
        self.ask(partial(jobs_log.look, wish=self.wish, near=self.list_.key), replaces="log")

    @on(LogSeen)
    def _log_seen(self, message: LogSeen) -> None:
        # An answer to what is no longer wanted says nothing.
        if message.wish == self.wish:
            self.pulse, self._seen = message.pulse, message
            self.list_.see(message)
            other = "all time" if message.month else "the month"
            self.query_one("#scope", Static).update(f"f6 {other}")

    @on(LogList.Wanted)
    def _wanted(self, message: LogList.Wanted) -> None:
        self.ask(partial(jobs_log.read_rows, ids=message.keys), replaces="rows")

    @on(RowsRead)
    def _rows_read(self, message: RowsRead) -> None:
        self.list_.fill(message.rows)

    @on(LogList.Moved)
    def _moved(self) -> None:
        self.list_.say_title()
        if key := self.list_.key:
            self.ask(partial(jobs_log.read_whole, activity_id=key), replaces="whole")
        else:
            self.query_one(WholeDetail).tell(None)

    @on(WholeRead)
    def _whole_read(self, message: WholeRead) -> None:
        if message.whole.row.id == self.list_.key:
            self.query_one(WholeDetail).tell(message.whole)

    # Narrowing

    @on(FilterLine.Typed)
    def _typed(self, message: FilterLine.Typed) -> None:
        self._text = message.text
        self.look()

    @on(FilterLine.Left)
    def _left(self) -> None:
        self.set_focus(self.list_)

    def action_filter(self) -> None:
        """Narrow the list."""
        self.set_focus(self.query_one(FilterLine))

    def show_month(self) -> None:
        """Have it read, also where all time was looked through."""
        self._all_time = False
        self.look()

    def action_all_time(self) -> None:
        """Look through all time, or the month again."""
        self._all_time = not self._all_time
        self.look()

    def action_whose(self) -> None:
        """Ask whose work is wanted."""
        self.app.push_screen(
            PickScreen("Whose work?", lane=self.seat.lane, finds=whose_options), self._whose_picked
        )

    def _whose_picked(self, option: Option | None) -> None:
        if option is not None:
            self._staff = option.key
            self.look()

    def action_voided(self) -> None:
        """Show voided ones too, or hide them."""
        self._voided = not self._voided
        self.look()

    def arrive(self, at: str) -> None:
        """Go to an activity."""
        self.ask(partial(jobs_log.locate, activity_id=at))

    @on(Located)
    def _located(self, message: Located) -> None:
        if self._seen is not None and self._seen.staff not in {"", message.staff}:
            self._staff = ""
        self._voided |= message.voided
        self.months.shown = message.month
        self._text = ""
        with self.prevent(FilterLine.Changed):
            self.query_one(FilterLine).value = ""
        self.list_.mark(message.activity_id)
        self.set_focus(self.list_)
        self.show_month()

    # Acting

    def about(self) -> About:
        """The marked activity."""
        one = self.list_.marked
        return About(one.row.patient_id, one.row.kind) if one is not None else About()

    @on(LogList.Chosen)
    def _amend(self) -> None:
        from casemgr.tui.screens.activity import ActivityScreen

        self.open(ActivityScreen(self.seat, amend=self.list_.key))

    @on(LogList.Asked)
    def _asked(self, message: LogList.Asked) -> None:
        keys = message.keys
        if message.what == "void":
            self.app.push_screen(void_question(self.list_, keys), partial(self._void, keys))
        elif message.what == "sign":
            self.ask(partial(jobs_log.sign, ids=keys))
        elif message.what == "copy":
            self.ask(partial(jobs_log.copy, ids=keys))
        elif message.what == "amend":
            self._amend()
        else:
            self.open(HistoryScreen(self.seat, "activity", self.list_.key))

    def _void(self, keys: tuple[str, ...], reason: str | None) -> None:
        if reason is not None:
            self.ask(partial(jobs_log.void, ids=keys, reason=reason))

    @on(Acted)
    def _untick(self, message: Acted) -> None:
        """What was to be done to several was done."""
        if message.did in {"voided", "signed"}:
            self.list_.untick()

    @on(Copied)
    def _copied(self, message: Copied) -> None:
        self.list_.copied(message)


def void_question(listing: LogList, keys: tuple[str, ...]) -> AskScreen:
    """The question why activities are to be voided, with the first of them named."""
    rows = [row for key in keys[:NAMED] if (row := listing.row(key)) is not None]
    more = [f"and {counted(len(keys) - len(rows), 'other')}"] if len(keys) > len(rows) else []
    words = [*map(jobs_log.in_words, rows), *more, "What is voided stays in the record, with the reason."]
    title = f"Void {counted(len(keys), 'activity')}"
    return AskScreen(title, "\n".join(words), "why, such as: logged twice")
