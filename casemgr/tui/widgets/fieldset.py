"""All fields of a form, in one column, or in two where there is room for them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical, VerticalScroll

from casemgr.errors import CasemgrError
from casemgr.tui.messages import EditorReady, Settled
from casemgr.tui.screens.pick import Option, PickScreen
from casemgr.tui.widgets.fields import FieldRow, Spec

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from textual.app import ComposeResult
    from textual.widget import Widget

    from casemgr.services.desk import Desk
    from casemgr.tui.lane import Lane


class FieldSet(VerticalScroll):
    """Fields as a form declares them; which there are may change while it is filled in."""

    HELP = "The fields of the form. Tab goes from one to the next."
    BINDING_GROUP_TITLE = "Fields"

    def __init__(self, lane: Lane, specs: Sequence[Spec], was: Mapping[str, str] | None = None) -> None:
        """The fields at first; `was` is what stood there, where changes are told against it."""
        super().__init__(id="fields", can_focus=False)
        self.lane = lane
        self._specs = specs
        self._was = was

    def compose(self) -> ComposeResult:
        """The two columns."""
        self.set_class(any(spec.second for spec in self._specs), "-two")
        for second in (False, True):
            with Vertical(id="second" if second else "first", classes="column"):
                for spec in self._specs:
                    if spec.second == second:
                        yield self._drawn(spec)

    @property
    def rows(self) -> list[FieldRow]:
        """The fields, in order."""
        return [row for row in self.query(FieldRow) if row.display]

    @property
    def values(self) -> dict[str, str]:
        """What is written, by field."""
        return {row.spec.name: row.value for row in self.rows}

    @property
    def kept(self) -> dict[str, str]:
        """What a draft keeps: what is written, by field, and what pickers found."""
        kept = {row.spec.name: row.text if row.spec.shape == "pick" else row.value for row in self.rows}
        return kept | {f"{row.spec.name}.key": row.key for row in self.rows if row.is_settled}

    def row(self, name: str) -> FieldRow | None:
        """The row of a field."""
        return next((row for row in self.rows if row.spec.name == name), None)

    def fill(self, kept: Mapping[str, str]) -> None:
        """Write what a draft kept."""
        for name, text in kept.items():
            if (row := self.row(name)) is not None:
                row.settle(kept.get(f"{name}.key", ""), text)

    def wrong(self, excused: Collection[str] = ()) -> FieldRow | None:
        """The first field that is empty and needed, unless it is excused, or holds no choice; all say so."""
        found = []
        for row in self.rows:
            spec = row.spec
            if spec.required and spec.name not in excused and not row.text.strip():
                row.complain("this is needed")
                found.append(row)
            elif spec.is_unknown(row.text):
                row.complain(spec.not_among)
                found.append(row)
        return found[0] if found else None

    def draw(self, specs: Sequence[Spec], was: Mapping[str, str] | None = None) -> None:
        """Be the fields of another form, of which some are here already: what is written in them stays.

        Fields that it does not have only hide, and come back with what was written in them.
        """
        self._specs, self._was = specs, was
        self.set_class(any(spec.second for spec in specs), "-two")
        with self.app.batch_update():
            for second in (False, True):
                box = self.query_one("#second" if second else "#first", Vertical)
                self._draw_column(box, (spec for spec in specs if spec.second == second))

    def _draw_column(self, box: Vertical, specs: Iterable[Spec]) -> None:
        wanted = list(specs)
        there = {(row.spec.name, row.spec.shape): row for row in box.query(FieldRow)}
        # Only those that go: hiding the one that is written in, if but for a moment, takes the focus from it.
        for gone in there.keys() - {(spec.name, spec.shape) for spec in wanted}:
            there[gone].display = False
        last: FieldRow | None = None
        for spec in wanted:
            row = there.get((spec.name, spec.shape))
            if row is None:
                row = self._drawn(spec)
                box.mount(row, before=None if last or not box.children else 0, after=last)
            else:
                row.follow(spec)
                row.display = True
                if last is not None and box.children.index(row) < box.children.index(last):
                    box.move_child(row, after=last)
            last = row

    def _drawn(self, spec: Spec) -> FieldRow:
        return FieldRow(spec, None if self._was is None else self._was.get(spec.name, ""))

    @on(FieldRow.Choosing)
    def choosing(self, message: FieldRow.Choosing) -> None:
        """Choose from the list of a field's choices, or of what its picker finds."""
        row = message.row
        spec = row.spec
        options = [Option(choice.value, choice.label) for choice in spec.choices]
        typed = row.text if spec.is_unknown(row.text) or (spec.shape == "pick" and not row.is_settled) else ""
        self.app.push_screen(
            PickScreen(spec.label, options, lane=self.lane, finds=spec.finds, typed=typed),
            partial(self.chosen, row),
        )

    def chosen(self, row: FieldRow, option: Option | None) -> None:
        """Write what was chosen."""
        row.enter()
        if option is None:
            return
        if row.spec.settles is not None:
            self._settle(row, option.key, True)
        elif row.spec.shape == "pick":
            row.settle(option.key, option.title)
        elif row.spec.shape == "several":
            row.add(option.key)
        else:
            row.write(option.key)

    @on(FieldRow.Settling)
    def settling(self, message: FieldRow.Settling) -> None:
        """Have found out what a picker's text names."""
        self._settle(message.row, message.row.text, message.going_on)

    def _settle(self, row: FieldRow, named: str, going_on: bool) -> None:
        spec = row.spec
        if spec.settles is None:
            return
        if named.strip():
            self.lane.ask(self, partial(settle, spec=spec, typed=row.text, named=named, going_on=going_on))
        else:
            self.choosing(FieldRow.Choosing(row))

    @on(Settled)
    def settled(self, message: Settled) -> None:
        """Write out whom or what it names; else offer what comes near."""
        row = self.row(message.field)
        if row is None or row.text != message.typed:
            return
        here = row.edited is not None and row.edited.has_focus
        if message.found is not None:
            row.settle(message.found.key, message.found.title)
            if message.going_on and here:
                self.screen.focus_next()
        elif message.error is not None:
            row.complain(beside(message.error))
            if message.going_on and here and row.spec.finds is not None:
                self.choosing(FieldRow.Choosing(row))

    def once_typed(self, then: Callable[[], None]) -> None:
        """Do something once the keys pressed before are in their fields, however slow the machine is."""
        there = self.screen.focused
        (there or self).call_later(self._once_there, then, there)

    def _once_there(self, then: Callable[[], None], there: Widget | None) -> None:
        if self.screen.focused is there:
            then()
        else:
            self.once_typed(then)

    # Writing elsewhere

    @property
    def long_row(self) -> FieldRow | None:
        """The field of several lines in which somebody writes, else the last there is."""
        rows = [row for row in self.rows if row.spec.shape == "long"]
        return next((row for row in rows if row.edited and row.edited.has_focus), rows[-1] if rows else None)

    def ask_for_editor(self) -> None:
        """Have found out which editor there is."""
        from casemgr.tui.editor import find_editor

        if (row := self.long_row) is not None:
            self.lane.ask(self, partial(find_editor, field=row.spec.name))

    @on(EditorReady)
    def edit_outside(self, message: EditorReady) -> None:
        """Hand the terminal to the editor, and take over what it leaves."""
        from casemgr.tui.editor import edited_in

        row = self.row(message.field)
        if row is None:
            return
        try:
            row.put(edited_in(self.app, row.text, message))
        except CasemgrError as error:
            row.complain(f"{error.title}. {error.detail}")
        row.enter()


def settle(desk: Desk, spec: Spec, typed: str, named: str, going_on: bool) -> Settled:
    """What a text names, by the field's own rules."""
    assert spec.settles is not None
    try:
        return Settled(spec.name, typed, spec.settles(desk, named), None, going_on)
    except CasemgrError as error:
        return Settled(spec.name, typed, None, error, going_on)


def beside(error: CasemgrError) -> str:
    """A refusal as it stands beside its field."""
    title = error.title.removeprefix(f"{error.field}: ")
    return "\n".join(part for part in (title, *(f"  {each}" for each in error.candidates)) if part)
