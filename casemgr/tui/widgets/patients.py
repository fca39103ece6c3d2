"""Patients, one a row, and the line that finds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from casemgr.core.dates import format_us
from casemgr.core.wording import counted
from casemgr.services.picking import PatientRow
from casemgr.tui.text import shown, typeable
from casemgr.tui.widgets.columns import Column, fit, heading, line, text
from casemgr.tui.widgets.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casemgr.tui.jobs_patients import PatientsFound

NAME = Column("Patient", 16, 48, 6)
COLUMNS = (
    NAME,
    Column("Born", 10),
    Column("Age", 3, right=True),
    Column("Chart", 7, 16, 1),
    Column("Language", 8, 40, 3),
    Column("Last work", 10),
)

NOBODY = "Nobody fits · f3 adds a patient · esc shows those worked with last"
"""Above a list without rows."""

SAME = " ≠"
"""Behind a name that another patient has as well."""


class PatientLine(Input):
    """What is typed finds patients; arrows and enter work in the list all the while."""

    HELP = (
        "Type any part of a name, in any order, a birth date or its year, or a chart number: gar an, "
        "4/9/2012, 1034. The likeliest stands first. The arrows move in the list, enter opens the marked "
        "patient; esc leaves the line for the list, where letters are keys."
    )
    BINDING_GROUP_TITLE = "Find a patient"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", tooltip="Open the page of the marked patient", id="patients.open"),
        Binding("up", "step(-1)", "Up", show=False, tooltip="One patient up", id="patients.up"),
        Binding("down", "step(1)", "Down", show=False, tooltip="One patient down", id="patients.down"),
        Binding("pageup", "turn(-1)", "Page up", show=False, tooltip="A page of patients up",
                id="patients.page_up"),
        Binding("pagedown", "turn(1)", "Page down", show=False, tooltip="A page of patients down",
                id="patients.page_down"),
        Binding("escape", "leave", "List", key_display="esc", tooltip="Leave the line for the list",
                id="patients.leave"),
        Binding("ctrl+u", "clear", "Clear", show=False, tooltip="Empty the line", id="patients.clear"),
    ]  # fmt: skip

    @dataclass
    class Typed(Message):
        """Somebody is looked for."""

        text: str

    @dataclass
    class Moved(Message):
        """The list is to move by rows, or by pages."""

        rows: int = 0
        pages: int = 0

    class Open(Message):
        """The marked patient is wanted."""

    class Left(Message):
        """The list is wanted."""

    def __init__(self) -> None:
        """An empty line."""
        super().__init__(
            placeholder="name, birth date or chart number", select_on_focus=False, compact=True, id="who_line"
        )

    def validate_value(self, value: str) -> str:
        """What is pasted may hold control characters; they become blanks."""
        return typeable(value)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what is typed."""
        event.stop()
        self.post_message(self.Typed(event.value))

    def action_open(self) -> None:
        """Ask for the marked patient."""
        self.post_message(self.Open())

    def action_step(self, rows: int) -> None:
        """Move in the list."""
        self.post_message(self.Moved(rows=rows))

    def action_turn(self, pages: int) -> None:
        """Move in the list by pages."""
        self.post_message(self.Moved(pages=pages))

    def action_leave(self) -> None:
        """Go into the list."""
        self.post_message(self.Left())

    def action_clear(self) -> None:
        """Empty the line."""
        self.value = ""


class PatientList(Listing[PatientRow]):
    """Patients, the likeliest first."""

    HELP = (
        "Patients, the likeliest first; while nothing is typed, those you worked with last. Behind a name "
        "that another patient has as well stands ≠: look at birth date and chart number before you go on."
    )
    BINDING_GROUP_TITLE = "Patients' list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy", tooltip="Copy the marked patient to the clipboard", id="patients.copy"),
    ]

    def __init__(self) -> None:
        """An empty list."""
        super().__init__("patients")

    def see(self, found: PatientsFound, anew: bool) -> None:
        """Show who was found; of another search the first is marked."""
        rows = {row.id: row for row in found.rows}
        self.show(tuple(rows), rows)
        if anew:
            self.at = 0
        self.border_title = title_of(found)

    def head(self, width: int) -> Content:
        """The columns' titles."""
        return heading(COLUMNS, fit(COLUMNS, width))

    def draw(self, row: PatientRow, width: int) -> Sequence[Content]:
        """One patient in one line."""
        widths = fit(COLUMNS, width)
        name = text(row.name, "bold")
        if row.namesake:
            name = name.truncate(widths[NAME.title] - len(SAME), ellipsis=True)
            name = Content.assemble(name, (SAME, "bold $text-warning"))
        styled = "bold $text-warning" if row.namesake else ""
        last = format_us(row.last_activity) if row.last_activity else ""
        cells = {
            NAME.title: name,
            "Born": text(format_us(row.birth_date), styled),
            "Age": text(str(row.age)),
            "Chart": text(row.chart_number),
            "Language": text(row.language),
            "Last work": text(last, "$foreground-muted"),
        }
        return (line(COLUMNS, widths, cells),)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Copying needs somebody marked."""
        return self.marked is not None if action == "copy" else super().check_action(action, parameters)

    def action_copy(self) -> None:
        """Copy the marked patient, the parts separated by tabs, through the terminal."""
        if one := self.marked:
            parts = (one.name, format_us(one.birth_date), f"#{one.chart_number}", one.language)
            self.app.copy_to_clipboard("\t".join(shown(part) for part in parts))
            self.notify("The patient is on the clipboard.", markup=False, timeout=2)


def title_of(found: PatientsFound) -> Content:
    """`3 patients · ≠ has a namesake`; what is typed stands above already."""
    if not found.rows:
        return Content(NOBODY if found.text.strip() else "No patients yet · f3 adds one")
    count = counted(len(found.rows), "patient")
    title = Content(count if found.text.strip() else f"Worked with last · {count}")
    if any(row.namesake for row in found.rows):
        return Content.assemble(title, " · ", ("≠ has a namesake", "$text-warning"))
    return title
