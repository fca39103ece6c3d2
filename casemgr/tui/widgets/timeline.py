"""A patient's activities, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.minutes import format_minutes
from casemgr.core.wording import counted
from casemgr.tui.widgets.columns import Column, fit, line, text
from casemgr.tui.widgets.day import BY, DATE, KIND, MINUTES, OUTCOME, ActivityList, cells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.content import Content

    from casemgr.services.patient_page import PatientPage
    from casemgr.services.today import DayRow

STATUS = Column("Status", 8, from_width=60)
STYLES = {"draft": "bold $text-warning", "voided": "$text-error", "claimed": "$text-accent"}


class Timeline(ActivityList):
    """The activities; rows that are not held are wanted as they come into sight."""

    HELP = (
        "All that was done for the patient, the newest first; below stands the whole of the marked activity. "
        "Enter amends it, h shows what was done to it, v shows voided ones too. Tab goes to what is kept."
    )
    BINDING_GROUP_TITLE = "The patient's activities"

    columns = (DATE, KIND, BY, MINUTES, OUTCOME, STATUS)

    def __init__(self) -> None:
        """An empty list."""
        super().__init__("timeline")

    def see(self, page: PatientPage, voided: bool) -> None:
        """Show a page's activities."""
        self.show(page.timeline.ids, {each.row.id: each for each in page.newest})
        parts = [counted(page.timeline.count, "activity") if page.timeline.ids else "nothing logged yet"]
        parts += [format_minutes(page.timeline.minutes)] if page.timeline.ids else []
        parts += ["voided ones too"] if voided else []
        self.border_title = " · ".join(parts)

    def draw(self, row: DayRow, width: int) -> Sequence[Content]:
        """One activity in one line; a voided one struck out."""
        widths = fit(self.columns, width)
        status = row.row.status
        words = "amended" if status == "signed" and row.row.amended else status
        found = cells(row, widths.get(KIND.title, 0)) | {
            STATUS.title: text(words, STYLES.get(status, "$foreground-muted"))
        }
        drawn = line(self.columns, widths, found)
        return (drawn.stylize("dim strike") if status == "voided" else drawn,)
