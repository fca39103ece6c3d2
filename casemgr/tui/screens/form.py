"""A form over the whole screen, drawn from its fields; what is written is kept until it is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from casemgr.tui import drafts
from casemgr.tui.messages import Acted, DraftFound, Refused
from casemgr.tui.screens.menu import Answer, MenuScreen
from casemgr.tui.screens.page import Page
from casemgr.tui.screens.pick import Option, PickScreen
from casemgr.tui.text import shown
from casemgr.tui.widgets.fields import FieldRow, Spec

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from casemgr.services.desk import Desk
    from casemgr.tui.seat import Seat

Save = Callable[["Desk", Mapping[str, str]], "Acted"]
"""Saves what is written, by field; says what was done, or raises a refusal that may name the field."""


class Form(NamedTuple):
    """A form as it is declared."""

    name: str
    """What its draft is kept under, such as `patient.add`; empty for a form whose text need not be kept."""
    title: str
    fields: tuple[Spec, ...]
    save: Save
    words: str = ""
    """What to know before filling it in."""


class FormScreen(Page):
    """A form. It closes with what was done, and is only left behind with its draft kept."""

    CSS_PATH = "form.tcss"
    HELP = (
        "Fill in what there is; * marks what is needed. Enter, tab and the arrows go from field to field, "
        "ctrl+s saves. What is written is kept while you write: leave with esc, and it is offered again."
    )
    BINDING_GROUP_TITLE = "Form"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,f9", "save", "Save", priority=True, tooltip="Save (f9 as well)", id="form.save",
                key_display="ctrl+s"),
        Binding("escape", "leave", "Leave", key_display="esc", tooltip="Leave; what is written is kept",
                id="form.leave"),
        Binding("ctrl+r", "drop", "Drop", show=False, tooltip="Drop what is written, and leave",
                id="form.drop"),
    ]  # fmt: skip

    def __init__(self, seat: Seat, form: Form, at: str = "") -> None:
        """Draw the form's fields, and begin at the one named, else at the first that is empty."""
        super().__init__(seat)
        self.form = form
        self._begin_at = at
        self._saving = False
        self._filled = False
        """Whether somebody wrote, so that there is a draft to keep."""

    def body(self) -> ComposeResult:
        """Title, trouble, fields."""
        yield Static(Content(shown(self.form.title)), id="title")
        yield Static(Content(shown(self.form.words)), id="words", classes="" if self.form.words else "-none")
        yield Static("", id="trouble", classes="-none")
        with VerticalScroll(id="fields", can_focus=False):
            for spec in self.form.fields:
                yield FieldRow(spec)

    def on_mount(self) -> None:
        """Begin at the first field that is empty, and ask whether there is a draft."""
        self.begin()
        if self.form.name:
            self.ask(partial(drafts.find, form=self.form.name))

    def begin(self) -> None:
        """Go to the field that is meant, else to the first empty one."""
        rows = list(self.query(FieldRow))
        empty = next((row for row in rows if not row.text), rows[0] if rows else None)
        empty = self.row(self._begin_at) or empty
        if empty is not None:
            empty.edited.focus()

    @property
    def values(self) -> dict[str, str]:
        """What is written, by field."""
        return {row.spec.name: row.value for row in self.query(FieldRow)}

    def row(self, name: str) -> FieldRow | None:
        """The row of a field."""
        return next((row for row in self.query(FieldRow) if row.spec.name == name), None)

    @on(FieldRow.Changed)
    def written(self, message: FieldRow.Changed) -> None:
        """Keep what is written, as it stands now."""
        row = self.row(message.name)
        # Setting a field to what it holds already is no writing.
        if row is not None and row.edited.has_focus:
            self._filled = True
        if self._filled and self.form.name and not self._saving:
            self.keep()

    def keep(self) -> None:
        """Keep what is written."""
        self.ask(partial(drafts.keep, form=self.form.name, body=self.values), replaces="draft")

    @on(DraftFound)
    def _draft_found(self, message: DraftFound) -> None:
        if message.body and message.body != self.values and not self._filled:
            self.app.push_screen(
                MenuScreen(
                    "What you wrote is still here",
                    f"It was kept at {message.at} and not saved yet.",
                    (Answer("t", "Take it up again"), Answer("s", "Start anew; it is dropped")),
                ),
                partial(self._draft_answered, message),
            )

    def _draft_answered(self, found: DraftFound, answer: str | None) -> None:
        if answer == "t":
            self.fill(found.body)
            self._filled = True
        elif answer == "s":
            self.ask(partial(drafts.drop, form=self.form.name))

    def fill(self, values: Mapping[str, str]) -> None:
        """Write values into the fields."""
        for name, value in values.items():
            if (row := self.row(name)) is not None:
                row.write(value)

    def action_save(self) -> None:
        """Save; whatever is wrong is said beside its field."""
        wrong = [row for row in self.query(FieldRow) if row.is_unknown]
        wrong += [row for row in self.query(FieldRow) if row.spec.required and not row.text.strip()]
        for row in wrong:
            row.complain(
                "this is needed" if not row.text.strip() else
                "choose one of: " + ", ".join(choice.label for choice in row.spec.choices)
            )  # fmt: skip
        if wrong:
            wrong[0].edited.focus()
        elif not self._saving:
            self._saving = True
            self.trouble("")
            values = self.values
            self.ask(lambda desk: self.form.save(desk, values))

    @on(Acted)
    def acted(self, message: Acted) -> None:
        """It is saved: close."""
        message.stop()
        self.dismiss(message)

    @on(Refused)
    def refused(self, message: Refused) -> None:
        """It is not saved: say why, beside the field if one is to blame."""
        message.prevent_default()
        self._saving = False
        error = message.error
        if error.field and (row := self.row(error.field)) is not None:
            row.complain(error.title.removeprefix(f"{error.field}: "))
            row.edited.focus()
        else:
            self.trouble(
                "\n".join(part for part in (error.title, error.detail, *error.candidates, error.todo) if part)
            )

    def trouble(self, words: str) -> None:
        """Say what is wrong with the whole, or nothing."""
        trouble = self.query_one("#trouble", Static)
        trouble.set_class(not words, "-none")
        trouble.update(Content("\n".join(shown(line) for line in words.splitlines())))

    @on(FieldRow.Choosing)
    def choosing(self, message: FieldRow.Choosing) -> None:
        """Choose from the list of a field's choices."""
        row = message.row
        options = [Option(choice.value, choice.label) for choice in row.spec.choices]
        self.app.push_screen(PickScreen(row.spec.label, options), partial(self._chosen, row))

    def _chosen(self, row: FieldRow, option: Option | None) -> None:
        if option is not None:
            self._filled = True
            if row.spec.shape == "several":
                row.add(option.key)
            else:
                row.write(option.key)
            row.edited.focus()

    def action_leave(self) -> None:
        """Leave; what is written stays kept."""
        self.dismiss(None)

    def action_drop(self) -> None:
        """Drop what is written, and leave."""
        if self.form.name:
            self.ask(partial(drafts.drop, form=self.form.name))
        self.dismiss(None)
