"""A month's sums as its workbook has them, and what is left out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.dates import format_us
from casemgr.core.money import format_cents
from casemgr.core.month import LeftOut
from casemgr.services.runs import title_of
from casemgr.tui.widgets.columns import Column, fit, heading, line, text
from casemgr.tui.widgets.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.content import Content

    from casemgr.services.month_view import LeftOutSum, MonthView


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
    found.append(("all", whole))
    found += [
        (f"late {month}", Figure(f"  of which late from {title_of(month)}", f"{count:,}", "", "", ""))
        for month, count in view.late_in
    ]
    found += [
        (f"later {month}", Figure(f"Late: billed with {title_of(month)}", f"{count:,}", "", "", ""))
        for month, count in view.late_out
    ]
    return found


def _left_out(one: LeftOutSum) -> Figure:
    minutes = "–" if one.minutes is None else f"{one.minutes:,}"
    return Figure(f"Left out: {one.why.value.lower()}", f"{one.number:,}", minutes, "", "", "$text-warning")
