"""A form over the whole screen, drawn from its fields; what is written is kept until it is saved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from casemgr.tui import drafts
from casemgr.tui.messages import Acted, DraftFound, Refused
from casemgr.tui.screens.menu import Answer, MenuScreen, shown_lines
from casemgr.tui.screens.page import Page
from casemgr.tui.text import shown
from casemgr.tui.widgets.fields import FieldRow, Spec
from casemgr.tui.widgets.fieldset import FieldSet, beside

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.await_complete import AwaitComplete

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
    save: Save | None
    """None where its screen saves in a way of its own."""
    words: str = ""
    """What to know before filling it in."""
    was: Mapping[str, str] | None = None
    """What stood there, by field, where changes are marked and told against it."""


class FormScreen(Page):
    """A form. It closes with what was done, and is only left behind with its draft kept."""

    AUTO_FOCUS = ""
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
        Binding("f6", "editor", "Editor", priority=True, id="form.editor",
                tooltip="Write the long text in your own editor"),
    ]  # fmt: skip

    def __init__(self, seat: Seat, form: Form, at: str = "") -> None:
        """Draw the form's fields, and begin at the one named, else at the first that is empty."""
        super().__init__(seat)
        self.form = form
        self.fields = FieldSet(seat.lane, form.fields, form.was)
        self._begin_at = at
        self._saving = False
        self._filled = False
        """Whether somebody wrote, so that there is a draft to keep."""
        self._begun: dict[str, str] = {}
        """What stood in the fields before anybody wrote."""

    def body(self) -> ComposeResult:
        """Title, trouble, fields."""
        yield Static(Content(shown(self.form.title)), id="title")
        yield Static(
            Content(shown_lines(self.form.words)), id="words", classes="" if self.form.words else "-none"
        )
        yield Static("", id="trouble", classes="-none")
        yield self.fields

    def on_mount(self) -> None:
        """Begin at the first field that is empty, and ask whether there is a draft."""
        self.begin()
        if self.form.name:
            self.ask(partial(drafts.find, form=self.form.name))

    def begin(self) -> FieldRow | None:
        """Go to the field that is meant, else to the first empty one, of those needed where there are any."""
        self._begun = self.fields.kept
        rows = [row for row in self.rows if row.edited is not None]
        empty = sorted((row for row in rows if not row.text), key=lambda row: not row.spec.required)
        if (row := self.row(self._begin_at) or next(iter((*empty, *rows)), None)) is not None:
            row.enter()
        return row

    @property
    def rows(self) -> list[FieldRow]:
        """The fields, in order."""
        return self.fields.rows

    @property
    def values(self) -> dict[str, str]:
        """What is written, by field."""
        return self.fields.values

    def row(self, name: str) -> FieldRow | None:
        """The row of a field."""
        return self.fields.row(name)

    def fill(self, values: Mapping[str, str]) -> None:
        """Write values into the fields."""
        self.fields.fill(values)

    def redraw(self, form: Form) -> None:
        """Be another form, of which this one has a part already: what is written there stays."""
        self.form = form
        self.query_one("#title", Static).update(Content(shown(form.title)))
        self.tell(form.words)
        self.fields.draw(form.fields, form.was)

    def tell(self, words: str) -> None:
        """Say what to know before filling it in."""
        self.form = self.form._replace(words=words)
        told = self.query_one("#words", Static)
        told.update(Content(shown_lines(words)))
        told.set_class(not words, "-none")

    # What is written

    @on(FieldRow.Changed)
    def written(self, message: FieldRow.Changed) -> None:
        """Keep what is written, as it stands now."""
        self._keep_written()

    def _keep_written(self) -> None:
        # Setting a field to what it holds already is no writing.
        if (self._filled or self.fields.kept != self._begun) and not self._saving:
            self._filled = True
            self.keep()

    def keep(self) -> None:
        """Keep what is written."""
        if self.form.name:
            self.ask(
                partial(drafts.keep, form=self.form.name, body=self.fields.kept), replaces="draft", due=True
            )

    @on(DraftFound)
    def draft_found(self, message: DraftFound) -> None:
        """Offer what was written before."""
        if message.body and message.body != self.fields.kept and not self._filled:
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
            self._filled = True
            self.take_up(found.body)
        elif answer == "s":
            self.ask(partial(drafts.drop, form=self.form.name))

    def take_up(self, kept: Mapping[str, str]) -> None:
        """Write what a draft kept."""
        self.fill(kept)

    # Saving

    def action_save(self) -> None:
        """Save; whatever is wrong is said beside its field."""
        if self.form.save is not None:
            self.save(self.form.save)

    def save(self, how: Save, excused: Collection[str] = ()) -> None:
        """Have it saved, unless something is missing that is not excused; its draft goes with it."""
        self.fields.once_typed(partial(self._save_written, how, excused))

    def _save_written(self, how: Save, excused: Collection[str]) -> None:
        wrong = self.fields.wrong(excused)
        if wrong is not None:
            wrong.enter()
        elif not self._saving:
            self._saving = True
            self.trouble("")
            self.ask(partial(drafts.saved, form=self.form.name, values=self.fields.values, save=how))

    @on(Acted)
    def acted(self, message: Acted) -> None:
        """It is saved: close."""
        message.stop()
        message.prevent_default()
        self.dismiss(message)

    @on(Refused)
    def refused(self, message: Refused) -> None:
        """It is not saved: say why, beside the field if one is to blame."""
        message.prevent_default()
        was_saving, self._saving = self._saving, False
        if was_saving and self._filled:
            # What was written while it was being saved is not kept yet.
            self.keep()
        error = message.error
        if error.field and (row := self.row(error.field)) is not None:
            row.complain(beside(error))
            row.enter()
        else:
            self.trouble(
                "\n".join(part for part in (error.title, error.detail, *error.candidates, error.todo) if part)
            )

    def trouble(self, words: str) -> None:
        """Say what is wrong with the whole, or nothing."""
        trouble = self.query_one("#trouble", Static)
        trouble.set_class(not words, "-none")
        trouble.update(Content(shown_lines(words)))

    def action_editor(self) -> None:
        """Edit the long text elsewhere."""
        self.fields.ask_for_editor()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The editor is for long texts; what leads elsewhere waits until the form is left."""
        if action == "editor":
            return self.fields.long_row is not None
        if action in {"go", "new", "patient", "undo", "redo", "timer"}:
            return False
        return super().check_action(action, parameters)

    def dismiss(self, result: Acted | None = None) -> AwaitComplete:
        """Close; where it is not saved, what was written last is kept too, told of already or not."""
        if result is None:
            self._keep_written()
        return super().dismiss(result)

    def action_leave(self) -> None:
        """Leave; what is written stays kept."""
        self.dismiss(None)

    def action_drop(self) -> None:
        """Drop what is written, and leave; where that is something, ask first."""
        if not self._filled:
            self.dismiss(None)
            return
        answers = (Answer("d", "Drop it, and leave the form"), Answer("g", "Go on writing"))
        self.app.push_screen(
            MenuScreen("Drop what you wrote?", "It cannot be brought back.", answers), self._drop_answered
        )

    def _drop_answered(self, answer: str | None) -> None:
        if answer == "d":
            # No key that is still on its way is to be kept after all.
            self._saving = True
            if self.form.name:
                self.ask(partial(drafts.drop, form=self.form.name), replaces="draft")
            self.dismiss(None)
