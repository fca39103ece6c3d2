"""The day's activities, one a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widgets import DataTable
from textual.widgets.data_table import RowDoesNotExist

from casemgr.core.dates import format_us
from casemgr.core.minutes import format_minutes
from casemgr.tui.text import cell, shown

if TYPE_CHECKING:
    from textual import events

    from casemgr.services.today import DayRow, DayView

FIXED = {"Time": 5, "Born": 10, "Min": 4}
"""Columns that always have the same width, in cells."""

SHARES = {"Kind": (0.24, 12, 24), "Patient": (0.38, 12, 40)}
"""Columns that share what is left: the part, least and most of each; the outcome has the rest."""


class DayTable(DataTable[Text]):
    """A day's log. It keeps its cursor on the same activity whatever is written meanwhile."""

    HELP = (
        "The day's activities in the order in which they began. A time in grey is when the activity was "
        "entered, since nobody said when it began. Where there is room, all of the marked one stands below."
    )
    BINDING_GROUP_TITLE = "The day's log"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy", tooltip="Copy the marked activity to the clipboard", id="day.copy"),
    ]

    view: reactive[DayView | None] = reactive(None)
    """What to show."""

    def __init__(self) -> None:
        """An empty table."""
        super().__init__(cursor_type="row", id="day", cell_padding=1)
        self._width = 0
        self._wanted = ""

    @property
    def marked(self) -> DayRow | None:
        """The activity under the cursor."""
        rows = self.view.activities if self.view else ()
        return rows[self.cursor_row] if 0 <= self.cursor_row < len(rows) else None

    def mark(self, activity_id: str) -> None:
        """Put the cursor on an activity, now or once it is there."""
        self._wanted = activity_id
        self._find()

    def watch_view(self, old: DayView | None, view: DayView | None) -> None:
        """Fill it anew, and find the activity again that was marked."""
        if view is None:
            return
        self.border_title = _title(view)
        # Before it has a width there is nothing to fit the columns to.
        if self._width and (old is None or old.activities != view.activities or old.mine != view.mine):
            self._fill(view, old)

    def on_resize(self, event: events.Resize) -> None:
        """Fit the columns to the width."""
        if event.size.width != self._width:
            self._width = event.size.width
            if self.view is not None:
                self._fill(self.view, self.view)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Copying needs something marked."""
        return action != "copy" or self.marked is not None

    def action_copy(self) -> None:
        """Copy the marked activity, its parts separated by tabs, through the terminal."""
        if one := self.marked:
            row = one.row
            parts = (
                *(format_us(row.service_date), one.time if one.began else "", one.kind_title, row.patient),
                *(
                    format_us(row.birth_date),
                    f"#{row.chart_number}",
                    str(row.minutes),
                    row.outcome_words,
                    row.note,
                ),
            )
            self.app.copy_to_clipboard("\t".join(shown(part) for part in parts))
            self.notify("The activity is on the clipboard.", markup=False, timeout=2)

    def _fill(self, view: DayView, old: DayView | None) -> None:
        rows = old.activities if old else ()
        if not self._wanted and 0 <= self.cursor_row < len(rows):
            self._wanted = rows[self.cursor_row].row.id
        at, scrolled = self.cursor_row, self.scroll_y
        self.clear(columns=True)
        widths = _widths(self.scrollable_content_region.width, view.mine)
        for name, width in widths.items():
            self.add_column(Text(name, justify="right" if name == "Min" else "left"), width=width, key=name)
        for each in view.activities:
            self.add_row(*(_cells(each, widths)), key=each.row.id)
        self.move_cursor(row=min(at, len(view.activities) - 1), scroll=False)
        self.scroll_to(y=scrolled, animate=False)
        self._find()

    def _find(self) -> None:
        try:
            self.move_cursor(row=self.get_row_index(self._wanted))
            self._wanted = ""
        except RowDoesNotExist:
            pass


def _title(view: DayView) -> str:
    """`Today · 6 activities · 1 h 35`; no person's text, since titles are markup."""
    day = "Today" if view.is_today else f"{view.day:%a} {format_us(view.day)}"
    whose = "" if view.mine else " · everybody"
    count = len(view.activities)
    others = f" · {view.others} of others" if view.others else ""
    if not count:
        return f"{day}{whose} · nothing logged yet{others}"
    counted = "1 activity" if count == 1 else f"{count} activities"
    return f"{day}{whose} · {counted} · {format_minutes(view.minutes)}{others}"


def _widths(width: int, mine: bool) -> dict[str, int]:
    """How wide each column is, in order, between its blanks."""
    names = ["Time", "Kind", "Patient", "Born", "Min", "Outcome", *(() if mine else ("By",))]
    fixed = FIXED | {"By": 8}
    left = width - 2 * len(names) - sum(fixed.get(name, 0) for name in names)
    shared = {name: max(least, min(most, int(left * part))) for name, (part, least, most) in SHARES.items()}
    shared["Outcome"] = max(8, left - sum(shared.values()))
    return {name: fixed.get(name) or shared[name] for name in names}


def _cells(each: DayRow, widths: dict[str, int]) -> list[Text]:
    row = each.row
    kind = (
        each.kind_title if len(each.kind_title) <= widths["Kind"] else row.kind.replace("_", " ").capitalize()
    )
    cells = {
        "Time": cell(each.time, "" if each.began else "dim"),
        "Kind": cell(kind),
        "Patient": cell(row.patient, "bold"),
        "Born": cell(format_us(row.birth_date)),
        "Min": cell(str(row.minutes), right=True),
        "Outcome": cell(each.outcome or "draft", "" if each.outcome else "dim italic"),
        "By": cell(row.staff, "dim"),
    }
    return [cells[name] for name in widths]
