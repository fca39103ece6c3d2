"""The month: how it stands, what the workbook will say, what is left out and why."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.reactive import reactive
from textual.widgets import Static

from casemgr.core.dates import Month
from casemgr.core.minutes import format_minutes
from casemgr.core.month import LeftOutWhy
from casemgr.tui import jobs_month
from casemgr.tui.jobs_month import MonthRead
from casemgr.tui.messages import Go
from casemgr.tui.progress import ProgressLine
from casemgr.tui.screens.month_deeds import MonthDeeds
from casemgr.tui.screens.page import About
from casemgr.tui.text import shown
from casemgr.tui.widgets.columns import text
from casemgr.tui.widgets.facts import Facts
from casemgr.tui.widgets.month_standing import standing_of, state_of
from casemgr.tui.widgets.month_sums import Figures, LeftOutList, figures_of

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from casemgr.services.month_view import MonthView


class MonthScreen(MonthDeeds):
    """A month for billing."""

    PLACE = "month"
    CSS_PATH = "month.tcss"
    HELP = (
        "What billing will get for a month: every figure here is the workbook's. What is left out says why, "
        "and what to do about it. Drafting makes claims of what can be billed; exporting writes the "
        "workbook, checks it against the log, and records that it was made. Once a month is closed, nobody "
        "changes its activities or what its claims bill."
    )
    figures = query_one(Figures)
    left_out = query_one(LeftOutList)

    view: reactive[MonthView | None] = reactive(None)
    """What is shown, as it was read last."""

    def body(self) -> ComposeResult:
        """How it stands, its sums, what is left out below, the export beneath."""
        yield Static(id="month_title")
        yield Facts(id="standing")
        yield Figures("figures")
        with Vertical(id="why"):
            yield LeftOutList("left_out")
        yield Static(id="todo")
        yield Static(id="exported")
        yield ProgressLine(id="progress")

    def on_mount(self) -> None:
        """Begin at the sums."""
        self.set_focus(self.figures)

    def read(self) -> None:
        """Have the month read anew."""
        self.ask(partial(jobs_month.view_month, month=self.months.shown), replaces="month")

    def arrive(self, at: str) -> None:
        """Show the month of that name."""
        self.months.shown = Month.parse(at)
        self.look()

    def about(self) -> About:
        """The patient of what is marked among what is left out."""
        row = self.left_out.marked if self.left_out.has_focus else None
        return About(row.patient_id) if row is not None else About()

    @on(MonthRead)
    def _read(self, message: MonthRead) -> None:
        if message.view.month == self.months.shown:
            self.pulse = message.view.pulse
            self.view = self.seen = message.view

    def watch_view(self, view: MonthView | None) -> None:
        """Hand the parts down."""
        if view is None:
            return
        self.query_one("#month_title", Static).update(
            Content.assemble(
                (view.month.title, "bold"),
                "   ",
                state_of(view),
                f"   {view.activities:,} {'activity' if view.activities == 1 else 'activities'} · ",
                f"{format_minutes(view.minutes)} · {len(view.claims):,} ",
                "claim" if len(view.claims) == 1 else "claims",
            )
        )
        self.query_one("#standing", Facts).parts = tuple(standing_of(view))
        rows = dict(figures_of(view))
        self.figures.show(tuple(rows), rows)
        self.query_one("#exported", Static).update(self._said_of_export(view))
        self.tell_marked()
        self.refresh_bindings()

    @on(Figures.Moved, "#figures")
    def tell_marked(self) -> None:
        """Show what is left out for the marked reason, or for all of them."""
        if self.view is None:
            return
        wanted = self.figures.key
        sums = [one for one in self.view.left_out if wanted in {one.why.name, "billed", "draft", "all"}]
        rows = {f"{one.why.name} {row.activity_id or row.place}": row for one in sums for row in one.rows}
        chosen = sums[0] if len(sums) == 1 else None
        if not rows:
            self.left_out.border_title = "Nothing is left out"
        elif chosen is not None:
            self.left_out.border_title = f"Left out: {chosen.why.value.lower()} · {chosen.number:,}"
        else:
            self.left_out.border_title = f"Left out · {len(rows):,}"
        self.left_out.show(tuple(rows), rows)

    @on(LeftOutList.Moved, "#left_out")
    def tell_what_to_do(self) -> None:
        """Say the whole of what the marked row needs, for which a column has no room."""
        row = self.left_out.marked
        words = Content("")
        if row is not None:
            place = f"   {shown(row.place)}" if row.place else ""
            words = Content.assemble(("→ ", "$text-accent"), shown(row.detail), (place, "$foreground-muted"))
        self.query_one("#todo", Static).update(words)

    @on(LeftOutList.Chosen, "#left_out")
    def _mend(self) -> None:
        row = self.left_out.marked
        if row is not None and row.why is LeftOutWhy.NO_COVERAGE:
            self.post_message(Go("patients", row.patient_id))
        elif row is not None and row.activity_id:
            self.post_message(Go("log", row.activity_id))
        elif row is not None:
            self.notify(row.detail, title=row.place, markup=False, timeout=10)

    def _said_of_export(self, view: MonthView) -> Content:
        if view.exported is None:
            return Content.styled("Not exported yet. E writes the workbook.", "$foreground-muted")
        last = view.exported
        changed = "the record was changed since" if last.changed_since else "nothing was changed since"
        return Content.assemble(
            ("Exported ", "$foreground-muted"),
            f"{last.when} by ",
            text(last.by),
            ", ",
            (changed, "$text-warning" if last.changed_since else "$text-success"),
            # The name of the file comes last: a narrow screen cuts the end.
            ": ",
            text(last.file),
        )
