"""A new practice: the first patient, and the first activity about them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from casemgr.services.first_start import example_line
from casemgr.tui import forms_patient, jobs
from casemgr.tui.messages import Acted, FormReady, LineRead, LineRefused, Saved
from casemgr.tui.notices import tell_error
from casemgr.tui.screens.form import FormScreen
from casemgr.tui.screens.menu import Answer, MenuScreen
from casemgr.tui.screens.page import Page
from casemgr.tui.screens.today import LINE
from casemgr.tui.text import shown
from casemgr.tui.widgets.completion import Completion
from casemgr.tui.widgets.entry import EntryLine
from casemgr.tui.widgets.preview import Preview

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from casemgr.services.desk import Desk
    from casemgr.tui.seat import Seat

HOW = "Work is logged for a patient. More of them can be imported from a file later."

ANSWERS = (Answer("a", "Add the first patient"), Answer("l", "Leave it for later"))

STEPS = ("The practice", "The first patient", "The first activity")


@dataclass
class Example(Message):
    """A line as the first one might be."""

    line: str


class FirstLine(EntryLine):
    """The one line, with an example to take."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "example", "Take the example", key_display="↓", id="first.example",
                tooltip="Write the example into the line, to change it"),
    ]  # fmt: skip

    example = ""
    """A line as it might be."""

    def action_example(self) -> None:
        """Write the example into the line."""
        self.value = self.example
        self.action_end()


class FirstSteps(Page):
    """Leads to the first activity; whatever is left out can be done later, on the screens themselves."""

    CSS_PATH = "first_steps.tcss"
    HELP = (
        "A new practice needs a patient before work can be logged. Then write what you did in one line, as "
        "the example shows. esc leaves for the first screen, where the same line stands."
    )
    BINDING_GROUP_TITLE = "First steps"

    def __init__(self, seat: Seat) -> None:
        """Begin with the patient."""
        super().__init__(seat)
        self._patient = ""
        """Who was added, in words."""
        self._tried = ""
        """The line that was refused last, of which every fault is told."""

    def body(self) -> ComposeResult:
        """The steps, what is to be done now, and the line once there is a patient."""
        yield Static("", id="steps")
        yield Static("", id="now")
        with Vertical(id="say"):
            with Horizontal(id="line"):
                yield Static("\u203a", id="prompt")
                yield FirstLine(Completion(self.seat.lane))
            yield Preview()
        yield Static("", id="how")

    def on_mount(self) -> None:
        """Ask for the patient at once."""
        self.query_one(EntryLine).placeholder = ""
        self._tell()
        self.ask(forms_patient.adding)

    @on(FormReady)
    def _form_ready(self, message: FormReady) -> None:
        self.app.push_screen(FormScreen(self.seat, message.form), self._added)

    def _added(self, acted: Acted | None) -> None:
        if acted is not None:
            self._patient = acted.words.partition(" · ")[0]
            self.ask(partial(_example, patient_id=acted.record_id))
        else:
            self.app.push_screen(MenuScreen("No patient yet", HOW, ANSWERS), self._answered)

    def _answered(self, answer: str | None) -> None:
        if answer == "a":
            self.ask(forms_patient.adding)
        else:
            self.leave()

    @on(Example)
    def _example_ready(self, message: Example) -> None:
        line = self.query_one(FirstLine)
        line.example = message.line
        self._tell(message.line)
        line.focus()

    def _tell(self, example: str = "") -> None:
        """Show how far it has come."""
        done = 2 if self._patient else 1
        signs = [("✓ ", "$text-success")] * done + [("▸ ", "$text-accent")] + [("  ", "")] * 2
        self.query_one("#steps", Static).update(
            Content("    ").join(
                Content.assemble(signs[at], (step, "bold" if at == done else "$foreground-muted"))
                for at, step in enumerate(STEPS)
            )
        )
        say = self.query_one("#say")
        say.display = bool(self._patient)
        # What is not shown could have the focus all the same.
        say.disabled = not self._patient
        now = Content(HOW)
        if self._patient:
            self.query_one("#how", Static).update(
                Content.assemble(
                    ("For instance\n", "$foreground-muted"),
                    (shown(example), "$text-accent"),
                    (
                        "\n\nHow long, what kind of work and for whom stand before the colon; then a note. "
                        "After => comes what came of it, after ! a date and what is to be done by then. "
                        "esc leaves this for later.",
                        "$foreground-muted",
                    ),
                )
            )
            now = Content.assemble(
                (shown(self._patient), "bold"),
                " is added. Now write what you did, in one line; enter saves it.",
            )
        self.query_one("#now", Static).update(now)
        self.query_one(Preview).rest()
        self.refresh_bindings()

    @on(EntryLine.Typed)
    def _typed(self, message: EntryLine.Typed) -> None:
        if message.text.strip():
            self.ask(partial(jobs.understand, text=message.text), replaces="line")
        else:
            self.query_one(Preview).rest()

    @on(LineRead)
    def _line_read(self, message: LineRead) -> None:
        if message.text == self.query_one(EntryLine).value and self.around is not None:
            refused = message.text == self._tried
            self.query_one(Preview).read(message.entry, message.outcome, self.around.pulse.today, refused)

    @on(EntryLine.Submitted)
    def _submitted(self, message: EntryLine.Submitted) -> None:
        if message.value.strip():
            self.ask(partial(jobs.save_line, text=message.value, form=LINE))

    @on(EntryLine.Form)
    def _form(self, message: EntryLine.Form) -> None:
        from casemgr.tui.screens.activity import ActivityScreen

        self.app.push_screen(ActivityScreen(self.seat, line=message.text), self._logged)

    @on(Saved)
    def _saved(self, message: Saved) -> None:
        self._logged(Acted("saved", message.at, message.words, message.activity_id, message.warnings))

    def _logged(self, acted: Acted | None) -> None:
        if acted is not None:
            self.notify(
                "That is all there is to it. ctrl+p finds everything that can be done, ? explains what you "
                "see.",
                title="Your first activity is logged", markup=False, timeout=8,
            )  # fmt: skip
            self.dismiss(acted)

    @on(LineRefused)
    def _line_refused(self, message: LineRefused) -> None:
        self._tried = message.text
        if message.error.exit_code != 3:
            tell_error(self, message.error)
        self.ask(partial(jobs.understand, text=message.text), replaces="line")

    @on(EntryLine.Left)
    def leave(self) -> None:
        """Leave the rest for later."""
        self.dismiss(None)


def _example(desk: Desk, patient_id: str) -> Example:
    return Example(example_line(desk, patient_id))
