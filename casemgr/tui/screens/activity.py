"""The form for an activity: a new one, what was timed, what a follow-up asked for, or one to amend."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from casemgr.core.holes import has_holes
from casemgr.tui import jobs_activity as jobs
from casemgr.tui import jobs_activity_begin as begin
from casemgr.tui.activity_fields import Sheet, Whom, activity_fields, day_written
from casemgr.tui.messages import ActivityBegun, LadderSeen, Refused, TemplateFilled
from casemgr.tui.notices import tell_error
from casemgr.tui.screens.form import Form, FormScreen
from casemgr.tui.screens.pick import Option, PickScreen
from casemgr.tui.widgets.completion import Patients
from casemgr.tui.widgets.fields import FieldRow
from casemgr.tui.widgets.inputs import FieldArea, FieldInput

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from textual import events

    from casemgr.core.kinds import Kind
    from casemgr.tui.seat import Seat


class ActivityScreen(FormScreen):
    """The form. Which fields it has depends on the kind; what is written outlives a change of it."""

    HELP = (
        "All that can be said of an activity. Which fields there are depends on its kind; * marks what is "
        "needed, and what stands in grey on the right says how a field is understood. Dates may be written "
        "as yesterday, mon or 10/21. The outcome may be in your own words. F7 begins the note from a "
        "template, f5 goes to the next hole in it, f6 opens your editor. What is written is kept while you "
        "write."
    )
    BINDING_GROUP_TITLE = "Activity form"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "save_draft", "Save as draft", id="form.draft", priority=True,
                tooltip="Save it unsigned, to be completed later"),
        Binding("f7", "template", "Template", id="form.template", priority=True,
                tooltip="Begin the note from a template"),
        Binding("f5", "hole", "Next hole", id="form.hole", priority=True,
                tooltip="Go to the next hole in the note"),
    ]  # fmt: skip

    def __init__(
        self,
        seat: Seat,
        *,
        patient_id: str = "",
        kind: str = "",
        amend: str = "",
        follow_up_id: str = "",
        timer: bool = False,
        until: int = 0,
        line: str = "",
    ) -> None:
        """Open it for a new activity, or for what is named.

        Args:
            seat: where it sits.
            patient_id: whom a new one is about.
            kind: what kind of work a new one is.
            amend: the activity that is to be amended.
            follow_up_id: the follow-up that it does.
            timer: whether it logs what was timed.
            until: the instant at which the timed work ended, in microseconds; 0 for now.
            line: what the one line says already.
        """
        beginning = begin.beginning(patient_id, kind, amend, follow_up_id, timer, until, line)
        super().__init__(seat, Form(beginning.name, beginning.title, (), None), beginning.at)
        self._beginning = beginning.job
        self.sheet: Sheet | None = None
        self.kind: Kind | None = None
        self._typed_ahead = ""
        """What was typed before there was a field to type it in."""
        self._first: Mapping[str, str] = {}
        """What the fields held at first."""

    def on_mount(self) -> None:
        """Have read what to begin with."""
        self.ask(self._beginning)

    def on_key(self, event: events.Key) -> None:
        """Nothing that is typed at once is lost, nor taken for an order."""
        if self.sheet is None and event.is_printable:
            event.stop()
            event.prevent_default()
            self._typed_ahead += event.character or ""

    @on(ActivityBegun)
    def begun(self, message: ActivityBegun) -> None:
        """Draw the fields."""
        sheet = self.sheet = message.sheet
        self.kind = sheet.kind(sheet.values.get("kind", ""))
        self._draw()
        if (patient := self.row("patient")) is not None and sheet.values.get("patient.key"):
            patient.settle(sheet.values["patient.key"], sheet.values["patient"])
        self._first = self.fields.values
        row = self.begin()
        if row is not None and isinstance(row.edited, FieldInput):
            row.edited.insert_text_at_cursor(self._typed_ahead)
        self._look_for_ladder()

    @on(Refused)
    def _not_begun(self, message: Refused) -> None:
        """Say why there is nothing to fill in, where one came from; else go to the hole that is left."""
        if self.sheet is None:
            message.prevent_default()
            tell_error(self, message.error)
            self.dismiss(None)
        elif message.error.field == "note" and (note := self._note) is not None:
            note.to_hole(0)

    def _draw(self) -> None:
        """Draw the fields of the present kind."""
        sheet = self.sheet
        assert sheet is not None
        whom = Whom(jobs.find_patients, jobs.settle_patient, Patients(self.seat.lane))
        fields = activity_fields(sheet, self.kind, self._day, whom)
        was = sheet.values if sheet.amends else None
        self.redraw(Form(sheet.name, sheet.title, fields, None, self.form.words or sheet.words, was))

    def _day(self) -> date:
        """The service date as it is written."""
        assert self.sheet is not None
        row = self.row("date")
        return day_written(row.text if row else "", self.sheet.today)

    # Another kind, another patient

    @on(FieldRow.Changed)
    def _other(self, message: FieldRow.Changed) -> None:
        if self.sheet is None or (row := self.row(message.name)) is None:
            return
        if message.name == "kind":
            found = row.spec.chosen(row.text)
            if found is not None and (self.kind is None or found.value != self.kind.kind):
                self._change_kind(found.value)
        elif message.name == "patient":
            self._look_for_ladder()
        elif message.name == "note":
            self.refresh_bindings()

    def _change_kind(self, kind_id: str) -> None:
        """Draw the fields of another kind; what was written in those of this one comes back with it."""
        assert self.sheet is not None
        self.kind = self.sheet.kind(kind_id)
        self._draw()
        self._look_for_ladder()

    def take_up(self, kept: Mapping[str, str]) -> None:
        """Write what a draft kept, in the fields of its kind."""
        if self.sheet is not None and self.sheet.kind(kept.get("kind", "")) is not None:
            self._change_kind(kept["kind"])
        self.fields.fill(kept)

    def _look_for_ladder(self) -> None:
        """Where the kind is one attempt after another, have found out what was tried so far."""
        patient = self.row("patient")
        if self.kind is not None and self.kind.ladder and patient is not None and patient.is_settled:
            self.ask(
                partial(begin.see_ladder, patient_id=patient.key, kind_id=self.kind.kind), replaces="ladder"
            )
        elif self.sheet is not None:
            self.tell(self.sheet.words)

    @on(LadderSeen)
    def _ladder_seen(self, message: LadderSeen) -> None:
        patient = self.row("patient")
        if self.sheet is None or self.kind is None or patient is None:
            return
        if (patient.key, self.kind.kind) == (message.patient_id, message.kind):
            self.tell("\n".join(part for part in (self.sheet.words, message.words) if part))
            for name, text in message.values.items():
                if (row := self.row(name)) is not None and not row.text:
                    row.write(text)
            if not self._filled:
                self._begun = self.fields.kept

    # The note

    def action_template(self) -> None:
        """Choose a template of the kind for the note."""
        if self.kind is None:
            if (row := self.row("kind")) is not None:
                row.complain("choose a kind first: each has its own templates")
                row.enter()
            return
        options = [Option(each.name, each.name, each.text) for each in self.kind.note_templates]
        self.app.push_screen(PickScreen(f"Templates: {self.kind.title}", options), self._template_chosen)

    def _template_chosen(self, option: Option | None) -> None:
        if option is not None and self.sheet is not None:
            self.ask(
                partial(jobs.fill_template, values=self.fields.values, sheet=self.sheet, template=option.key)
            )

    @on(TemplateFilled)
    def _template_filled(self, message: TemplateFilled) -> None:
        """Put it behind what the note says, and go to its first hole."""
        if (note := self._note) is not None:
            note.to_hole(note.append(message.text))

    def action_hole(self) -> None:
        """Go to the next hole in the note."""
        if (note := self._note) is not None:
            note.to_hole(note.cursor_index)

    @property
    def _note(self) -> FieldArea | None:
        row = self.row("note")
        return row.edited if row is not None and isinstance(row.edited, FieldArea) else None

    # Saving

    def action_save(self) -> None:
        """Save it signed, or change what is there."""
        self._save(draft=False)

    def action_save_draft(self) -> None:
        """Save it unsigned; what came of it may be missing."""
        self._save(draft=True)

    def _save(self, draft: bool) -> None:
        if (sheet := self.sheet) is not None:
            amend = partial(jobs.amend, sheet=sheet, was=self._first, draft=draft)
            how = amend if sheet.amends else partial(jobs.save, sheet=sheet, draft=draft)
            self.save(how, excused={"outcome"} if draft else ())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is signed is no draft again; templates need some, and the way to a hole one."""
        if action == "save_draft":
            return self.sheet is not None and not self.sheet.signed
        if action == "template":
            return self.kind is None or bool(self.kind.note_templates)
        if action == "hole":
            return (note := self._note) is not None and has_holes(note.text)
        return super().check_action(action, parameters)
