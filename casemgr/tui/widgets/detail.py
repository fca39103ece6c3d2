"""The whole of one activity, where the table has no room for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from casemgr.core.dates import format_us
from casemgr.core.ids import short
from casemgr.core.methods import method_label
from casemgr.core.minutes import format_minutes
from casemgr.tui.text import shown

if TYPE_CHECKING:
    from casemgr.services.today import DayRow


class Detail(Static):
    """Who, what and how long; the outcome in its own words; the note."""

    def tell(self, one: DayRow | None) -> None:
        """Show an activity, or nothing."""
        if one is None:
            self.update("")
            return
        row = one.row
        facts = (method_label(row.method), row.status, f"id {short(row.id)}")
        late = f" · entered {row.late_days} d late" if row.late_days else ""
        self.update(
            Content.assemble(
                (shown(f"{row.patient} {format_us(row.birth_date)} #{row.chart_number}"), "bold"),
                f"   {shown(one.kind_title)} · {format_minutes(row.minutes)}",
                ("\n→ ", "$text-accent"),
                shown(row.outcome_words or "no outcome yet"),
                (f"   {shown(' · '.join(fact for fact in facts if fact))}", "$foreground-muted"),
                (late, "$text-warning"),
                (f"\n“{shown(row.note)}”" if row.note else "", "$foreground-muted"),
            )
        )
