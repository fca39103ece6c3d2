"""Where a form's fields are written: one line, or several."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widgets import Input, TextArea

from casemgr.core.holes import next_hole
from casemgr.tui.text import shown, typeable, typeable_lines

if TYPE_CHECKING:
    from textual.suggester import Suggester
    from textual.widget import Widget
    from textual.widgets.text_area import Edit, EditResult

    from casemgr.tui.widgets.fields import Spec


LISTED = frozenset({"choice", "several", "pick"})
"""Shapes of fields for which there is a list to choose from."""


class FieldInput(Input):
    """One line of a form; enter and the arrow keys go from field to field."""

    HELP = "One line of a form. Enter, tab and the arrows go from field to field, f4 chooses from a list."
    BINDING_GROUP_TITLE = "A field of a form"
    BINDINGS: ClassVar[list[BindingType]] = [
        # Before all else, so that what is typed right after them goes where they lead.
        Binding("enter", "advance", "Next", show=False, priority=True, id="field.next",
                tooltip="The next field", key_display="⏎"),
        Binding("down,tab", "go(1)", "Down", show=False, priority=True, id="field.down",
                tooltip="The field below", key_display="↓"),
        Binding("up,shift+tab", "go(-1)", "Up", show=False, priority=True, id="field.previous",
                tooltip="The field above", key_display="↑"),
        Binding("f4", "choose", "Choose", id="field.choose", tooltip="Choose from a list"),
    ]  # fmt: skip

    class Choose(Message):
        """A list to choose from is wanted."""

    class Advance(Message):
        """The next field is wanted, once it is known what the text names."""

    def __init__(self, spec: Spec, value: str) -> None:
        """A line for a field."""
        # What is chosen is replaced as a whole, not written on.
        super().__init__(value, select_on_focus=spec.shape in LISTED, compact=True)
        self.is_open = False
        """Whether it is a picker's, and nobody knows yet what its text names."""
        self.follow(spec)

    def follow(self, spec: Spec) -> None:
        """Be the line of a field as it is declared now; what is written stays."""
        self.spec = spec
        self._fit_hint()
        self.suggester = suggester_of(spec)
        self.explained = f"{spec.label}. {spec.hint}" if spec.hint else spec.label
        """What help says of it."""

    def on_resize(self) -> None:
        """Fit the hint to the room."""
        self._fit_hint()

    def _fit_hint(self) -> None:
        width = self.size.width or len(self.spec.hint)
        self.placeholder = Content(shown(self.spec.hint)).truncate(width, ellipsis=True).plain

    def validate_value(self, value: str) -> str:
        """What is pasted may hold control characters; they become blanks."""
        return typeable(value)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Choosing needs choices."""
        return self.spec.shape in LISTED if action == "choose" else True

    def action_choose(self) -> None:
        """Ask for the list."""
        self.post_message(self.Choose())

    def action_advance(self) -> None:
        """Go on; from a picker's text once it is known what that names."""
        if self.is_open:
            self.post_message(self.Advance())
        else:
            self.screen.focus_next()

    def action_go(self, fields: int) -> None:
        """Go to another field."""
        go(self, fields)


class FieldArea(TextArea):
    """Several lines of a form; tab leaves them, as do the arrows at their ends."""

    HELP = "Several lines of text. Enter begins a new one, tab goes on to the next field."
    BINDING_GROUP_TITLE = "Several lines"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "go(1)", "Next", show=False, priority=True, id="area.next",
                tooltip="The next field"),
        Binding("shift+tab", "go(-1)", "Previous", show=False, priority=True, id="area.previous",
                tooltip="The field before"),
    ]  # fmt: skip

    def __init__(self, spec: Spec, value: str) -> None:
        """A text for a field."""
        super().__init__(
            typeable_lines(value),
            soft_wrap=True,
            tab_behavior="focus",
            compact=True,
            highlight_cursor_line=False,
            placeholder=Content(shown(spec.hint)),
        )
        self.styles.min_height = spec.lines
        self.spec = spec
        self.explained = f"{spec.label}. {spec.hint}" if spec.hint else spec.label
        """What help says of it."""

    def follow(self, spec: Spec) -> None:
        """Be the text of a field as it is declared now; what is written stays."""
        self.spec = spec
        self.placeholder = shown(spec.hint)

    def edit(self, edit: Edit) -> EditResult:
        """What is pasted may hold what steers the terminal; it goes no further."""
        edit.text = typeable_lines(edit.text)
        return super().edit(edit)

    def load_text(self, text: str) -> None:
        """Put a text there, without what would steer the terminal."""
        super().load_text(typeable_lines(text))

    def action_go(self, fields: int) -> None:
        """Go to another field."""
        go(self, fields)

    def action_cursor_up(self, select: bool = False) -> None:
        """Up a line; from the first to the field above."""
        if not select and self._row_of(self.cursor_location) == 0:
            self.screen.focus_previous()
        else:
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        """Down a line; from the last to the field below."""
        if not select and self._row_of(self.cursor_location) == self.wrapped_document.height - 1:
            self.screen.focus_next()
        else:
            super().action_cursor_down(select)

    def select_span(self, start: int, end: int) -> None:
        """Select what stands between two places of the text, counted in characters."""
        self.move_cursor(self._location(start))
        self.move_cursor(self._location(end), select=True)

    def append(self, text: str) -> int:
        """Put a text behind what is there, and say where that ends."""
        before = self.text.rstrip()
        self.replace(f"{before}\n{text}" if before else text, (0, 0), self.document.end)
        self.move_cursor(self.document.end)
        return len(before)

    def to_hole(self, after: int) -> None:
        """Select the next hole from a place on, counted in characters; else the first."""
        self.focus()
        if (hole := next_hole(self.text, after)) is not None:
            self.select_span(hole.start, hole.end)

    @property
    def cursor_index(self) -> int:
        """Where the cursor stands in the text, in characters."""
        row, column = self.cursor_location
        return sum(len(self.document.get_line(each)) + 1 for each in range(row)) + column

    def _location(self, index: int) -> tuple[int, int]:
        before = self.text[:index]
        return before.count("\n"), index - (before.rfind("\n") + 1)

    def _row_of(self, location: tuple[int, int]) -> int:
        """The row on the screen, long lines being wrapped."""
        return self.wrapped_document.location_to_offset(location).y


def go(widget: Widget, fields: int) -> None:
    """Go to the next field of a screen, or to the one before."""
    (widget.screen.focus_next if fields > 0 else widget.screen.focus_previous)()


def suggester_of(spec: Spec) -> Suggester | None:
    """What completes a field while it is typed."""
    if spec.suggester is not None or not spec.choices:
        return spec.suggester
    return SuggestFromList([choice.label for choice in spec.choices], case_sensitive=False)
