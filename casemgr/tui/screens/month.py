"""The month: what the workbook will say, what is left out and why, drafting, and the export."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.reactive import reactive
from textual.widgets import Static

from casemgr.core.dates import Month, format_us
from casemgr.core.minutes import format_minutes
from casemgr.core.money import format_cents
from casemgr.core.month import LeftOut, LeftOutWhy
from casemgr.tui import jobs_month
from casemgr.tui.exporting import Course, Progressed, ProgressLine
from casemgr.tui.folders import show_folder
from casemgr.tui.jobs_month import Exported, MonthRead
from casemgr.tui.messages import Go, Refused
from casemgr.tui.screens.monthly import MonthlyPage, month_keys
from casemgr.tui.screens.page import About
from casemgr.tui.text import shown
from casemgr.tui.widgets.columns import Column, fit, heading, line, text
from casemgr.tui.widgets.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from textual.app import ComposeResult

    from casemgr.services.month_view import LeftOutSum, MonthView
    from casemgr.tui.seat import Seat


class Figure(NamedTuple):
    """A line of the month's sums."""

    what: str
    activities: str
    minutes: str
    lines: str
    cents: str
    style: str = ""


class Figures(Listing[Figure]):
    """What is billed and what is not; the reason that is marked is told below."""

    HELP = (
        "The month's sums as the workbook will have them. Mark a reason for leaving something out, and what "
        "is left out for it stands below, with what to do about it."
    )
    BINDING_GROUP_TITLE = "The month's sums"
    OPENS = False

    COLUMNS = (
        Column("", 18, 44, 3),
        Column("Activities", 10, right=True),
        Column("Minutes", 9, right=True),
        Column("Lines", 7, right=True),
        Column("Charges", 12, right=True),
    )

    def head(self, width: int) -> Content:
        """The columns' titles."""
        return heading(self.COLUMNS, fit(self.COLUMNS, width))

    def draw(self, row: Figure, width: int) -> Sequence[Content]:
        """One sum."""
        cells = zip(self.COLUMNS, row, strict=False)
        widths = fit(self.COLUMNS, width)
        return (line(self.COLUMNS, widths, {column.title: text(cell, row.style) for column, cell in cells}),)


class LeftOutList(Listing[LeftOut]):
    """What is left out for the reason that is marked."""

    HELP = (
        "What is left out for the reason marked above. Enter goes to where it can be mended: the patient's "
        "page where coverage is missing, else the activity in the log."
    )
    BINDING_GROUP_TITLE = "Left out"

    COLUMNS = (
        Column("Date", 10),
        Column("Patient", 12, 30, 3),
        Column("Born", 10),
        Column("Kind", 12, 26, 2, from_width=90),
        Column("Min", 4, right=True),
        Column("What to do", 20, 200, 4),
    )

    def head(self, width: int) -> Content:
        """The columns' titles."""
        return heading(self.COLUMNS, fit(self.COLUMNS, width))

    def draw(self, row: LeftOut, width: int) -> Sequence[Content]:
        """One thing that is left out."""
        cells = {
            "Date": text(format_us(row.service_date) if row.service_date else ""),
            "Patient": text(row.patient, "bold"),
            "Born": text(format_us(row.birth_date) if row.birth_date else ""),
            "Kind": text(row.kind),
            "Min": text("" if row.minutes is None else str(row.minutes)),
            "What to do": text(f"{row.detail}{f' ({row.place})' if row.place else ''}"),
        }
        return (line(self.COLUMNS, fit(self.COLUMNS, width), cells),)


class MonthScreen(MonthlyPage):
    """A month for billing."""

    PLACE = "month"
    CSS_PATH = "month.tcss"
    HELP = (
        "What billing will get for a month: every figure here is the workbook's. What is left out says why, "
        "and what to do about it. Drafting makes claims of what can be billed; exporting writes the "
        "workbook, checks it against the log, and records that it was made."
    )
    BINDING_GROUP_TITLE = "Month"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("E", "export", "Export", tooltip="Write the month's workbook", id="month.export"),
        Binding("D", "draft", "Draft", tooltip="Draft claims of what can be billed", id="month.draft"),
        Binding("O", "folder", "Folder", tooltip="Open the folder of the workbook", id="month.folder"),
        Binding("escape", "stop", "Stop", key_display="esc", tooltip="Stop the export", id="month.stop"),
        *month_keys("month"),
    ]  # fmt: skip

    figures = query_one(Figures)
    left_out = query_one(LeftOutList)

    view: reactive[MonthView | None] = reactive(None)
    """What is shown, as it was read last."""

    def __init__(self, seat: Seat) -> None:
        """The present month."""
        super().__init__(seat)
        self._course: Course | None = None
        self._path: Path | None = None
        """The workbook that was written last."""

    def body(self) -> ComposeResult:
        """Sums above, what is left out below, the export beneath."""
        yield Static(id="month_title")
        yield Figures("figures")
        with Vertical(id="why"):
            yield LeftOutList("left_out")
        yield Static(id="todo")
        yield Static(id="exported")
        yield ProgressLine(id="progress")

    def on_mount(self) -> None:
        """Begin at the sums."""
        self.set_focus(self.figures)

    def look(self) -> None:
        """Have the month read anew."""
        if self._course is None:
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
            self.view = message.view

    def watch_view(self, view: MonthView | None) -> None:
        """Hand the parts down."""
        if view is None:
            return
        self.query_one("#month_title", Static).update(
            Content.assemble(
                (view.month.title, "bold"),
                f"   {view.activities:,} {'activity' if view.activities == 1 else 'activities'} · ",
                f"{format_minutes(view.minutes)} · {len(view.claims):,} ",
                "claim" if len(view.claims) == 1 else "claims",
            )
        )
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

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Stopping needs something that runs, all else that nothing does."""
        if action == "stop":
            return self._course is not None
        if action in {"export", "draft"}:
            return self._course is None and self.view is not None
        return super().check_action(action, parameters)

    def action_export(self) -> None:
        """Write the workbook."""
        assert self.view is not None
        self._course = Course(
            self, self.view.rows_to_write, "Nothing was written, and nothing is left behind."
        )
        self.progressed(Progressed(0, 1))
        self.ask(partial(jobs_month.export, month=self.view.month, course=self._course))
        self.refresh_bindings()

    @on(Progressed)
    def progressed(self, message: Progressed) -> None:
        """Say how far the export is."""
        if self._course is not None and self.view is not None:
            what = f"Writing the workbook of {self.view.month.title}"
            self.query_one(ProgressLine).progress = (what, message.done, message.total)

    @on(Exported)
    def _exported(self, message: Exported) -> None:
        self._path = message.path
        self._ended()
        self.acted(message.acted)

    @on(Refused)
    def _not_exported(self, message: Refused) -> None:
        # The panel is Page's; here the bar goes. A look that was refused is not taken again at once.
        if self._course is not None:
            self._ended()

    def _ended(self) -> None:
        self._course = None
        self.query_one(ProgressLine).progress = None
        self.refresh_bindings()
        self.look()

    def action_stop(self) -> None:
        """Stop the export."""
        if self._course is not None:
            self._course.stop()

    def action_draft(self) -> None:
        """Draft the month's claims."""
        assert self.view is not None
        self.ask(partial(jobs_month.draft, month=self.view.month))

    def action_folder(self) -> None:
        """Open the folder of the workbooks, or say where it is."""
        folder = self._path.parent if self._path else self.seat.exports
        if not show_folder(folder):
            self.app.copy_to_clipboard(str(folder))
            self.notify(
                f"{folder}\nIts name is on the clipboard.", title="The workbooks are in", markup=False
            )

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


def figures_of(view: MonthView) -> list[tuple[str, Figure]]:
    """The lines of the sums, by a key each."""
    found = [
        (
            "billed",
            Figure(
                "Billable",
                f"{view.billed:,}",
                f"{view.billed_minutes:,}",
                f"{view.lines:,}",
                format_cents(view.charge_cents),
                "bold",
            ),
        )
    ]
    if view.to_draft_lines:
        waiting = Figure(
            "  of which to draft", "", "", f"{view.to_draft_lines:,}", format_cents(view.to_draft_cents)
        )
        found.append(("draft", waiting))
    found += [(one.why.name, _left_out(one)) for one in view.left_out]
    whole = Figure("All activities", f"{view.activities:,}", f"{view.minutes:,}", "", "", "$foreground-muted")
    return [*found, ("all", whole)]


def _left_out(one: LeftOutSum) -> Figure:
    minutes = "–" if one.minutes is None else f"{one.minutes:,}"
    return Figure(f"Left out: {one.why.value.lower()}", f"{one.number:,}", minutes, "", "", "$text-warning")
