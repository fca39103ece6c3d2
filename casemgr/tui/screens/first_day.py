"""Today where nothing was ever logged: asks for the first patient, and shows what the first line may say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Button

from casemgr.services import patients
from casemgr.services.first_start import example_line
from casemgr.services.today import is_unbegun
from casemgr.tui import forms_patient
from casemgr.tui.messages import FormReady
from casemgr.tui.screens.form import FormScreen
from casemgr.tui.screens.today import TodayScreen
from casemgr.tui.text import shown
from casemgr.tui.widgets.entry import EXAMPLE, EntryLine
from casemgr.tui.widgets.go_on import GoOn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from casemgr.services.desk import Desk
    from casemgr.services.today import DayView
    from casemgr.tui.messages import Acted
    from casemgr.tui.seat import Seat

FIELDS = ("last_name", "first_name", "birth_date", "chart_number", "payer", "member_id")
"""What a first patient is asked for; all else can come later."""

NOBODY = (
    "Work is logged for a patient, and there is none yet: a adds the first one. "
    "`casemgr import patients` reads all of them from a file."
)
WORDS = "Name and birth date are enough. Enter goes on; esc leaves this for later, and keeps what is written."
HOW = (
    "Write what you did in one line, as the example shows: minutes, kind, patient, a colon, a note; "
    "after => what came of it. Enter saves it."
)


@dataclass
class Begun(Message):
    """How far a new practice has come."""

    example: str
    """What the first line may say; empty where there is no patient."""
    over: bool
    """Whether an activity was logged, so that nobody needs an example."""


class FirstPatientScreen(FormScreen):
    """The form for a patient, with a last line that saves."""

    def on_mount(self) -> None:
        """Put that line below the fields."""
        self.query_one("#fields", VerticalScroll).mount(GoOn("Add the patient"))

    def take_up(self, kept: Mapping[str, str]) -> None:
        """Write what a draft kept, and go on where it ends."""
        super().take_up(kept)
        self.begin()

    @on(Button.Pressed)
    def _go_on(self) -> None:
        self.action_save()


class FirstDay(TodayScreen):
    """Today until something was logged."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "Add", tooltip="Add the first patient", id="today.add_patient"),
    ]

    def __init__(self, seat: Seat, first: DayView) -> None:
        """Begin as on any day."""
        super().__init__(seat, first)
        self._begun: Begun | None = None
        """How far it has come, as it was read last."""

    def on_mount(self) -> None:
        """Look how far it has come."""
        self.ask(begun)

    def look(self) -> None:
        """So too whenever something was written."""
        super().look()
        if self._begun is None or not self._begun.over:
            self.ask(begun, replaces="begun")

    @on(Begun)
    def _told(self, message: Begun) -> None:
        before, self._begun = self._begun, message
        line = self.entry_line
        line.placeholder = message.example or EXAMPLE
        if message.over:
            self.preview.guide = ""
            if before is not None and before.example:
                self.notify(
                    "ctrl+p finds everything that can be done, ? explains what you see.",
                    title="Your first activity is logged", markup=False, timeout=8,
                )  # fmt: skip
        else:
            self.preview.guide = HOW if message.example else NOBODY
        self._show_example()
        if not line.value:
            self.preview.rest(self._last)
        if before is None and not (message.over or message.example):
            self.action_add()
        self.refresh_bindings()

    @on(EntryLine.Changed)
    def _show_example(self) -> None:
        """While somebody writes, the example stands below."""
        example = self._begun.example if self._begun is not None and self.entry_line.value else ""
        self.query_one("#say").border_subtitle = Content(shown(example))

    def action_add(self) -> None:
        """Open the form for the first patient."""
        self.ask(forms_patient.adding)

    @on(FormReady)
    def _form_ready(self, message: FormReady) -> None:
        fields = tuple(spec for spec in message.form.fields if spec.name in FIELDS)
        form = message.form._replace(title="Your first patient", fields=fields, words=WORDS)
        self.app.push_screen(FirstPatientScreen(self.seat, form), self._patient_left)

    def _patient_left(self, acted: Acted | None) -> None:
        if acted is None:
            # Where the letter that adds one works.
            self.day_table.focus()
        else:
            self.entry_line.focus()
        self._came_back(acted)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only the first patient is added here."""
        if action == "add":
            return self._begun is not None and not (self._begun.example or self._begun.over)
        return super().check_action(action, parameters)


def begun(desk: Desk) -> Begun:
    """Look how far a new practice has come."""
    over = not is_unbegun(desk)
    first = None if over else next(iter(patients.listed(desk, limit=1)), None)
    return Begun(example_line(desk, first.id) if first else "", over)
