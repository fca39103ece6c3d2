"""Patients: find one while typing, open the page, add another."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.getters import query_one
from textual.widgets import Static

from casemgr.tui import jobs_patients
from casemgr.tui.commands import hidden
from casemgr.tui.jobs_patients import PatientsFound
from casemgr.tui.messages import Acted, FormReady
from casemgr.tui.screens.form import FormScreen
from casemgr.tui.screens.page import About, Page
from casemgr.tui.screens.patient import PatientScreen
from casemgr.tui.widgets.patients import PatientLine, PatientList

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from casemgr.services.desk import Desk
    from casemgr.tui.seat import Seat


class PatientsScreen(Page):
    """All patients, found by what is typed."""

    PLACE = "patients"
    CSS_PATH = "patients.tcss"
    HELP = "Find a patient by name, birth date or chart number, and open the page, or add another."
    BINDING_GROUP_TITLE = "Patients"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a,f3", "add", "Add", tooltip="Add a patient (f3 while typing)", id="patients.add"),
        hidden("slash", "find", "Find", "Find a patient as you type", "patients.find", "/"),
    ]

    line = query_one(PatientLine)
    list_ = query_one(PatientList)

    def __init__(self, seat: Seat) -> None:
        """Begin with those worked with last."""
        super().__init__(seat)
        self._found: PatientsFound | None = None
        self._opening = False
        """Whether the first who fits is to be opened as soon as it is known who that is."""

    def body(self) -> ComposeResult:
        """The line above, who fits below."""
        with Horizontal(id="finding"):
            yield Static("\u203a", id="finding_sign")
            yield PatientLine()
        yield PatientList()

    def on_mount(self) -> None:
        """Begin at the line."""
        self.set_focus(self.line)
        self.look()

    def look(self) -> None:
        """Have the list read anew."""
        self.ask(partial(jobs_patients.look, text=self.line.value), replaces="patients")

    @on(PatientLine.Typed)
    def _typed(self) -> None:
        self._opening = False
        self.look()

    @on(PatientsFound)
    def _patients_found(self, message: PatientsFound) -> None:
        # An answer about a text that has changed since says nothing.
        if message.text != self.line.value:
            return
        anew = self._found is None or self._found.text != message.text
        self._found, self.pulse = message, message.pulse
        self.list_.see(message, anew)
        if self._opening:
            self._opening = False
            self._open_marked()

    @on(PatientLine.Moved)
    def _moved(self, message: PatientLine.Moved) -> None:
        if message.rows:
            self.list_.action_step(message.rows)
        else:
            self.list_.action_turn(message.pages)

    @on(PatientLine.Left)
    def _left(self) -> None:
        # A list without rows is no place to go to: those worked with last come back.
        if self._found is not None and not self._found.rows:
            self.line.value = ""
        self.set_focus(self.list_)

    def action_find(self) -> None:
        """Go to the line."""
        self.set_focus(self.line)

    # Opening

    @on(PatientLine.Open)
    def _open_typed(self) -> None:
        # Whoever types fast and presses enter means who fits now, not who stood there before.
        if self._found is not None and self._found.text == self.line.value:
            self._open_marked()
        else:
            self._opening = True

    @on(PatientList.Chosen)
    def _open_marked(self) -> None:
        if key := self.list_.key:
            self.open(PatientScreen(self.seat, key))

    def arrive(self, at: str) -> None:
        """Open a patient's page, and there what is meant: `id`, `id#case.plan`, `id#coverage`."""
        patient_id, _, place = at.partition("#")
        self.open(PatientScreen(self.seat, patient_id, place))

    def about(self) -> About:
        """The marked patient."""
        return About(self.list_.key)

    # Adding

    def action_add(self) -> None:
        """Open the form for another patient, with what was typed to look for them."""
        typed = self.line.value if self._found is not None and not self._found.rows else ""
        self.ask(partial(_adding, typed=typed))

    @on(FormReady)
    def _form_ready(self, message: FormReady) -> None:
        self.app.push_screen(FormScreen(self.seat, message.form, message.at), self._added)

    def _added(self, acted: Acted | None) -> None:
        if acted is not None:
            self.acted(acted)
            self.line.value = ""
            self.open(PatientScreen(self.seat, acted.record_id))


def _adding(desk: Desk, typed: str) -> FormReady:
    from casemgr.tui.forms_patient import adding

    return adding(desk, typed)
