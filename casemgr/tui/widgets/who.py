"""Who a page is about: what tells them from everybody else, and what stands in the way, always in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from casemgr.core.dates import format_us
from casemgr.tui.text import shown

if TYPE_CHECKING:
    from casemgr.services.patient_page import PatientPage


class Who(Static):
    """Name, birth date, age, chart number, language; barriers; namesakes."""

    def tell(self, page: PatientPage) -> None:
        """Show whom a page is about."""
        one = page.patient
        lines = [
            Content.assemble(
                (shown(one.display_name), "bold"),
                f"   {format_us(one.birth_date)} ({page.age})   #{shown(one.chart_number)}",
                (f"   {shown(one.gender)}" if one.gender else "", "$foreground-muted"),
                (f"   {shown(one.language)}" if one.language else "", "bold $text-accent"),
            )
        ]
        if page.barriers:
            flags = (Content.styled(f"⚑ {shown(barrier)}", "$text-warning") for barrier in page.barriers)
            lines.append(Content("   ").join(flags))
        if page.namesakes:
            others = ", ".join(other.label for other in page.namesakes)
            lines.append(
                Content.assemble(("≠ not to be mistaken for ", "bold $text-warning"), (shown(others), "bold"))
            )
        self.update(Content("\n").join(lines))
