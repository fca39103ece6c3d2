"""A form's fields: each one a label, what is written, and beneath it what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widgets import Input, Label, Static, TextArea

from casemgr.core.text import fold
from casemgr.tui.text import shown, typeable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.suggester import Suggester

Shape = Literal["line", "long", "choice", "several", "pick"]
"""One line; several lines; one of some choices; several of them or other words, with semicolons between; a
line that a picker fills, such as the patient."""


class Choice(NamedTuple):
    """What a field of choices may hold."""

    value: str
    label: str


class Spec(NamedTuple):
    """A field as a form declares it. Whatever is written stays text; services read it."""

    name: str
    """What services call it, in values and in refusals."""
    label: str
    value: str = ""
    """What stands there at first; of a choice its value."""
    hint: str = ""
    """What to write, shown while it is empty."""
    shape: Shape = "line"
    choices: tuple[Choice, ...] = ()
    free: bool = False
    """Whether a choice may also be other words."""
    required: bool = False
    """Whether it is marked as needed."""
    suggester: Suggester | None = None


class FieldInput(Input):
    """One line of a form; enter and the arrow keys go from field to field."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,down", "screen.focus_next", "Next", show=False, id="field.next",
                tooltip="The next field", key_display="⏎"),
        Binding("up", "screen.focus_previous", "Previous", show=False, id="field.previous",
                tooltip="The field before"),
        Binding("f4", "choose", "Choose", id="field.choose", tooltip="Choose from a list"),
    ]  # fmt: skip

    class Choose(Message):
        """A list to choose from is wanted."""

    def __init__(self, spec: Spec, value: str) -> None:
        """A line for a field."""
        labels = [choice.label for choice in spec.choices]
        super().__init__(
            value,
            placeholder=shown(spec.hint),
            suggester=spec.suggester or (SuggestFromList(labels, case_sensitive=False) if labels else None),
            select_on_focus=False,
            compact=True,
        )
        self.spec = spec
        self.explained = f"{spec.label}. {spec.hint}" if spec.hint else spec.label
        """What help says of it."""

    def validate_value(self, value: str) -> str:
        """What is pasted may hold control characters; they become blanks."""
        return typeable(value)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Choosing needs choices."""
        return self.spec.shape in {"choice", "several", "pick"} if action == "choose" else True

    def action_choose(self) -> None:
        """Ask for the list."""
        self.post_message(self.Choose())


class FieldArea(TextArea):
    """Several lines of a form; tab leaves them."""

    HELP = "Several lines of text. Tab goes on to the next field."

    def __init__(self, spec: Spec, value: str) -> None:
        """A text for a field."""
        super().__init__(
            value, soft_wrap=True, tab_behavior="focus", compact=True, placeholder=shown(spec.hint)
        )
        self.spec = spec


class FieldRow(Container):
    """A field: label to the left, what is written, and what is wrong with it beneath."""

    @dataclass
    class Changed(Message):
        """Something was written."""

        name: str

    @dataclass
    class Choosing(Message):
        """One of its choices is to be picked from a list."""

        row: FieldRow

    def __init__(self, spec: Spec) -> None:
        """A field with what stands there at first."""
        super().__init__(id=f"field_{spec.name}", classes=f"-{spec.shape}")
        self.spec = spec

    def compose(self) -> ComposeResult:
        """Label, input, complaint."""
        spec = self.spec
        yield Label(Content(shown(spec.label) + (" *" if spec.required else "")))
        yield (
            FieldArea(spec, spec.value) if spec.shape == "long" else FieldInput(spec, self._label(spec.value))
        )
        yield Static("", classes="complaint")

    @property
    def edited(self) -> FieldInput | FieldArea:
        """Where it is written."""
        return self.query_one(FieldArea) if self.spec.shape == "long" else self.query_one(FieldInput)

    @property
    def text(self) -> str:
        """What stands there, as written."""
        edited = self.edited
        return edited.text if isinstance(edited, FieldArea) else edited.value

    @property
    def value(self) -> str:
        """What stands there; of a choice its value where the words name one, else the words."""
        found = self.chosen(self.text) if self.spec.shape == "choice" else None
        return found.value if found else self.text

    @property
    def is_unknown(self) -> bool:
        """Whether a choice holds words that are none of its choices, and may not."""
        spec = self.spec
        return (
            spec.shape == "choice"
            and not spec.free
            and bool(self.text.strip())
            and self.chosen(self.text) is None
        )

    def chosen(self, text: str) -> Choice | None:
        """The choice that words name: by value or label, or by the beginning of one label alone."""
        folded = fold(text.strip())
        if not folded:
            return None
        for choice in self.spec.choices:
            if folded in {fold(choice.label), choice.value}:
                return choice
        near = [choice for choice in self.spec.choices if fold(choice.label).startswith(folded)]
        return near[0] if len(near) == 1 and not self.spec.free else None

    def write(self, value: str) -> None:
        """Put something there; of a choice its value or other words."""
        edited = self.edited
        if isinstance(edited, FieldArea):
            edited.text = value
        else:
            edited.value = self._label(value)

    def add(self, value: str) -> None:
        """Put one more choice behind what stands there."""
        there = self.text.strip().rstrip(";").rstrip()
        self.write("; ".join(part for part in (there, self._label(value)) if part))

    def complain(self, message: str = "") -> None:
        """Say what is wrong, or that nothing is any more."""
        self.set_class(bool(message), "-wrong")
        self.query_one(".complaint", Static).update(Content(shown(message)))

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _changed(self, event: Input.Changed | TextArea.Changed) -> None:
        event.stop()
        self.complain()
        self.post_message(self.Changed(self.spec.name))

    @on(FieldInput.Choose)
    def _choosing(self) -> None:
        self.post_message(self.Choosing(self))

    def _label(self, value: str) -> str:
        labels = {choice.value: choice.label for choice in self.spec.choices}
        return typeable(labels.get(value, value))


def as_choices(labels: Sequence[tuple[str, str]]) -> tuple[Choice, ...]:
    """Choices from pairs of value and label."""
    return tuple(Choice(value, label) for value, label in labels)
