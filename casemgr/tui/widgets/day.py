"""Activities, one a row: a day's log, and wherever else activities stand in a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive

from casemgr.core.dates import format_us
from casemgr.core.minutes import format_minutes
from casemgr.services.today import DayRow
from casemgr.tui.text import shown
from casemgr.tui.widgets.columns import Column, fit, heading, line, text
from casemgr.tui.widgets.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casemgr.services.today import DayView

TIME = Column("Time", 5)
DATE = Column("Date", 10)
KIND = Column("Kind", 12, 24, 1)
PATIENT = Column("Patient", 12, 32, 3)
BORN = Column("Born", 10)
MINUTES = Column("Min", 4, right=True)
OUTCOME = Column("Outcome", 8, 200, 4)
BY = Column("By", 8)


class ActivityList(Listing[DayRow]):
    """Activities with the columns that a subclass names."""

    BINDING_GROUP_TITLE = "Every list of activities"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy", tooltip="Copy the marked activity to the clipboard", id="activity.copy"),
    ]

    columns: Sequence[Column] = (TIME, KIND, PATIENT, BORN, MINUTES, OUTCOME)

    def head(self, width: int) -> Content:
        """The columns' titles."""
        return heading(self.columns, fit(self.columns, width))

    def draw(self, row: DayRow, width: int) -> Sequence[Content]:
        """One activity in one line."""
        return (line(self.columns, widths := fit(self.columns, width), cells(row, widths.get("Kind", 0))),)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Copying needs something marked."""
        return self.marked is not None if action == "copy" else super().check_action(action, parameters)

    def action_copy(self) -> None:
        """Copy the marked activity, its parts separated by tabs, through the terminal."""
        if one := self.marked:
            self.app.copy_to_clipboard(as_tabbed(one))
            self.notify("The activity is on the clipboard.", markup=False, timeout=2)


class DayTable(ActivityList):
    """A day's log."""

    HELP = (
        "The day's activities in the order in which they began. A time in grey is when the activity was "
        "entered, since nobody said when it began. Where there is room, all of the marked one stands below."
    )
    BINDING_GROUP_TITLE = "The day's log"

    view: reactive[DayView | None] = reactive(None)
    """What to show."""

    def __init__(self) -> None:
        """An empty day."""
        super().__init__("day")

    def watch_view(self, view: DayView | None) -> None:
        """Fill it anew."""
        if view is not None:
            self.border_title = _title(view)
            self.columns = type(self).columns if view.mine else (*type(self).columns, BY)
            rows = {each.row.id: each for each in view.activities}
            self.show(tuple(rows), rows)


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


def cells(each: DayRow, kind_width: int) -> dict[str, Content]:
    """The cells of every column that lists of activities may have."""
    row = each.row
    kind = each.kind_title if len(each.kind_title) <= kind_width else row.kind.replace("_", " ").capitalize()
    return {
        "Time": text(each.time, "" if each.began else "$foreground-muted"),
        "Date": text(format_us(row.service_date)),
        "Kind": text(kind),
        "Patient": text(row.patient, "bold"),
        "Born": text(format_us(row.birth_date)),
        "Min": text(str(row.minutes)),
        "Outcome": text(each.outcome)
        if each.outcome
        else Content.styled("draft", "$foreground-muted italic"),
        "By": text(row.staff, "$foreground-muted"),
    }


def as_tabbed(one: DayRow) -> str:
    """An activity for the clipboard, its parts separated by tabs."""
    row = one.row
    parts = (
        *(format_us(row.service_date), one.time if one.began else "", one.kind_title, row.patient),
        *(format_us(row.birth_date), f"#{row.chart_number}", str(row.minutes), row.outcome_words, row.note),
    )
    return "\t".join(shown(part) for part in parts)
