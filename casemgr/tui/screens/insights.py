"""Insights: what a month came to, beside the practice's own months before."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.reactive import reactive
from textual.widgets import Static

from casemgr.core.dates import Month
from casemgr.errors import ParseError
from casemgr.tui.figures import Columns, figures_of
from casemgr.tui.jobs_insights import Measured, measure
from casemgr.tui.options import kind_options, whose_options
from casemgr.tui.screens.monthly import MonthlyPage, month_keys
from casemgr.tui.screens.pick import Option, PickScreen
from casemgr.tui.text import shown
from casemgr.tui.widgets.bars import LINE, Chart, lines_needed
from casemgr.tui.widgets.columns import Column, fit, heading, line, text
from casemgr.tui.widgets.facts import Fact, Facts
from casemgr.tui.widgets.sectioned import Sectioned

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from casemgr.core.insights import Insights
    from casemgr.services.desk import Desk
    from casemgr.tui.figures import Figure
    from casemgr.tui.seat import Seat


NOW = "Now "
"""The column of the month's own values, with room for the sign of few cases."""


class FigureList(Sectioned["Figure"]):
    """What is measured, each with the month's value and what is usual."""

    OPENS = False
    HELP = (
        "What is measured. The month's own value stands beside what is usual for the practice: the median of "
        "the months before. The marked one is drawn beside the list. A * means few cases."
    )
    BINDING_GROUP_TITLE = "What is measured"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy", tooltip="Copy the numbers of the marked one", id="figure.copy"),
    ]

    columns = (
        Column("", 12, 40),
        Column(NOW, 7, right=True),
        Column("Usual", 8, right=True, from_width=38),
    )

    @property
    def explained(self) -> str:
        """What help says: how the marked one is counted, then what the list is."""
        figure = self.marked_row
        return f"{figure.title}. {figure.means}\n\n{self.HELP}" if figure else self.HELP

    def head(self, width: int) -> Content:
        """The columns' titles."""
        return Content("  ") + heading(self.columns, fit(self.columns, width - 2))

    def draw_row(self, row: Figure, width: int) -> Content:
        """Title, value, and what is usual."""
        cells = {
            "": text(row.title),
            NOW: text(row.now + ("*" if row.few else " ") if row.now else "", "bold"),
            "Usual": text(row.usual, "$foreground-muted"),
        }
        return line(self.columns, fit(self.columns, width), cells)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Copying needs something marked."""
        if action == "copy":
            return self.marked_row is not None
        return super().check_action(action, parameters)

    def action_copy(self) -> None:
        """Copy the numbers, a row a line, their parts separated by tabs, through the terminal."""
        if figure := self.marked_row:
            rows = (figure.numbers.headings, *figure.numbers.rows)
            self.app.copy_to_clipboard("\n".join("\t".join(map(shown, row)) for row in rows))
            self.notify("The numbers are on the clipboard.", markup=False, timeout=2)


class InsightsScreen(MonthlyPage):
    """The measures of a month: a list of them, and the marked one as a chart or as numbers."""

    PLACE = "insights"
    CSS_PATH = "insights.tcss"
    HELP = (
        "What the month came to beside the practice's own months before: no norm, and no ranking of people. "
        "Mark a figure to see it drawn; # shows its numbers, ? how it is counted."
    )
    BINDING_GROUP_TITLE = "Insights"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("number_sign", "numbers", "Numbers", key_display="#",
                tooltip="Show the numbers, or the chart again", id="insights.numbers"),
        Binding("w", "whose", "Whose", tooltip="Choose whose work is measured", id="insights.whose"),
        Binding("f", "kind", "Kind", tooltip="Measure one kind of activity only, or all", id="insights.kind"),
        *month_keys("insights"),
    ]  # fmt: skip

    listing = query_one(FigureList)
    chart = query_one(Chart)

    found: reactive[Insights | None] = reactive(None)
    """What is shown, as it was measured last."""

    def __init__(self, seat: Seat) -> None:
        """The present month, everybody, all kinds."""
        super().__init__(seat)
        self._staff = self._kind = ""

    def body(self) -> ComposeResult:
        """What is measured to the left, the marked one drawn to the right."""
        yield Static("", id="measured")
        with Horizontal(id="insights_work"):
            yield FigureList("figure_list")
            with Vertical(id="drawn"):
                yield Static("", id="figure_title")
                yield Chart()
                yield Facts(id="figure_facts")
                yield Static("", id="means")

    def on_mount(self) -> None:
        """Begin at the list."""
        self.set_focus(self.listing)
        self.look()

    def look(self) -> None:
        """Have the month measured anew."""
        wanted = partial(measure, month=self.months.shown, staff=self._staff, kind=self._kind)
        self.ask(wanted, replaces="view")

    def arrive(self, at: str) -> None:
        """Show a month."""
        try:
            self.months.shown = Month.parse(at)
        except ParseError:
            return
        self.look()

    @on(Measured)
    def _measured(self, message: Measured) -> None:
        found = message.found
        if (found.month, found.staff, found.kind) == (self.months.shown, self._staff, self._kind):
            self.pulse = message.pulse
            self.found = found

    def watch_found(self, found: Insights | None) -> None:
        """Hand the parts down."""
        if found is None:
            return
        so_far = "" if found.over else f"   {found.days_so_far} of {found.month.last.day} days so far"
        self.query_one("#measured", Static).update(
            Content.assemble(
                (found.month.title, "bold"),
                (so_far, "$text-warning"),
                f"   {shown(found.staff_name) or 'everybody'}   {shown(found.kind_title) or 'all kinds'}",
            )
        )
        self.listing.show_sections(
            (title, [(figure.key, figure) for figure in figures]) for title, figures in figures_of(found)
        )
        self.refresh_bindings()

    @on(FigureList.Moved, "#figure_list")
    def tell_marked(self) -> None:
        """Draw the marked one."""
        figure = self.listing.marked_row
        self.chart.figure = figure
        if figure is None:
            return
        value = f"   {figure.now}{'*' if figure.few else ''}" if figure.now else ""
        whole = isinstance(figure.chart, Columns)
        title = (
            figure.title if whole or not figure.key.startswith("outcomes") else f"Outcomes: {figure.title}"
        )
        self.query_one("#figure_title", Static).update(
            Content.assemble((shown(title), "bold"), (value if whole else "", "bold $text-accent"))
        )
        self.chart.styles.max_height = lines_needed(figure, self.chart.numbers)
        self.query_one("#figure_facts", Facts).parts = [
            Fact(label, text(words, LINE if label == "Usual" else "")) for label, words in figure.facts
        ]
        self.query_one("#means", Static).update(Content.styled(figure.means, "$foreground-muted"))

    # What is measured

    def action_numbers(self) -> None:
        """Show the numbers, or the chart again."""
        self.chart.numbers = not self.chart.numbers
        self.tell_marked()

    def action_whose(self) -> None:
        """Choose whose work is measured."""
        picker = PickScreen("Whose work", lane=self.seat.lane, finds=whose_options)
        self.app.push_screen(picker, self._whose_chosen)

    def _whose_chosen(self, option: Option | None) -> None:
        if option is not None:
            self._staff = option.key
            self.look()

    def action_kind(self) -> None:
        """Choose one kind, or all."""
        picker = PickScreen("Which kind", lane=self.seat.lane, finds=kinds_or_all)
        self.app.push_screen(picker, self._kind_chosen)

    def _kind_chosen(self, option: Option | None) -> None:
        if option is not None:
            self._kind = option.key
            self.look()


def kinds_or_all(desk: Desk, typed: str) -> list[Option]:
    """The kinds of activity, and before them all of them where nothing is typed."""
    return [*([] if typed.strip() else [Option("", "All kinds")]), *kind_options(desk, typed)]
