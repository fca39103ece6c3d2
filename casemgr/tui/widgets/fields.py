"""A form's fields: each one a label, what is written, how that is understood, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from textual import on
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label, Static, TextArea

from casemgr.core.text import fold
from casemgr.errors import ParseError
from casemgr.tui.text import shown, typeable, typeable_lines
from casemgr.tui.widgets.inputs import LISTED, FieldArea, FieldInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.suggester import Suggester

    from casemgr.services.desk import Desk
    from casemgr.tui.screens.pick import Option

Shape = Literal["line", "long", "choice", "several", "pick", "fact"]
"""One line; several lines; one of some choices; several of them or other words, with semicolons between; a
line that a picker fills, such as the patient; and what only stands there to be read."""

MOST_REMARKED = 26
"""Cells for how a field is understood, beside what is written."""


class Choice(NamedTuple):
    """What a field of choices may hold."""

    value: str
    label: str
    words: tuple[str, ...] = ()
    """What else people write for it."""


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
    """Whether it is marked as needed, and nothing is saved without it."""
    suggester: Suggester | None = None
    remark: str = ""
    """What stands beside it while it is empty."""
    reads: Callable[[str], str] | None = None
    """How a text is understood, to be shown beside it; ParseError where it cannot be. It asks no service."""
    finds: Callable[[Desk, str], list[Option]] | None = None
    """Of a picker: what fits a text, found on the lane."""
    settles: Callable[[Desk, str], Option] | None = None
    """Of a picker: what a text alone names, found on the lane; a refusal where it names none or several."""
    heading: str = ""
    """A line above it, where a group of fields begins."""
    lines: int = 5
    """Of several lines: how many there are at least."""
    second: bool = False
    """Whether it stands in the second column where there is room for two."""

    @property
    def not_among(self) -> str:
        """That what is written is none of the choices, and what they are."""
        return "choose one of: " + ", ".join(choice.label for choice in self.choices)

    def chosen(self, text: str) -> Choice | None:
        """The choice that words name: by value, label or other words for it, or by how only one begins."""
        folded = fold(text.strip())
        if not folded:
            return None
        choices = self.choices
        for choice in choices:
            if folded in {fold(choice.label), choice.value, *map(fold, choice.words)}:
                return choice
        if self.free:
            return None
        for fits in (str.startswith, _begins_words):
            near = [
                choice
                for choice in choices
                if any(fits(fold(said), folded) for said in (choice.label, choice.value, *choice.words))
            ]
            if near:
                return near[0] if len(near) == 1 else None
        return None

    def is_unknown(self, text: str) -> bool:
        """Whether words are none of its choices, and must be."""
        return self.shape == "choice" and not self.free and bool(text.strip()) and self.chosen(text) is None

    def understood(self, text: str) -> Content:
        """How a text is understood, to stand beside it, and the sign that there is a list."""
        words = self.remark if not text.strip() else ""
        if text.strip() and self.reads is not None:
            try:
                words = self.reads(text)
            except ParseError:
                words = ""
            if words == text.strip():
                words = ""
        said = Content.styled(shown(words), "$foreground-muted").truncate(MOST_REMARKED, ellipsis=True)
        sign = " ▾" if self.shape in LISTED else ""
        return Content.assemble(said, (sign, "$foreground-muted"))

    def written(self, value: str) -> str:
        """A value as it is written; of a choice its label."""
        labels = {choice.value: choice.label for choice in self.choices}
        text = labels.get(value, value)
        return typeable_lines(text) if self.shape == "long" else typeable(text)


class FieldRow(Vertical):
    """A field: label to the left, what is written, and what is wrong with it beneath."""

    @dataclass
    class Changed(Message):
        """Something was written."""

        name: str

    @dataclass
    class Choosing(Message):
        """One of its choices is to be picked from a list."""

        row: FieldRow

    @dataclass
    class Settling(Message):
        """A picker's text was left, and nobody knows yet what it names."""

        row: FieldRow
        going_on: bool
        """Whether the next field is wanted once that is known."""

    def __init__(self, spec: Spec, was: str | None = None) -> None:
        """A field with what stands there at first; `was` is what a change is told against."""
        self.spec = spec
        self.was = was
        self.key = ""
        """What a picker has found: the key of what is written there."""
        self._key_text = ""
        self.edited: FieldInput | FieldArea | None = None
        """Where it is written; nowhere if it is only to be read."""
        if spec.shape == "long":
            self.edited = FieldArea(spec, spec.value)
        elif spec.shape != "fact":
            self.edited = FieldInput(spec, spec.written(spec.value))
            self.edited.is_open = self.is_open
        self._above = Static(Content(shown(spec.heading)), classes="heading")
        self._above.display = bool(spec.heading)
        self._caption = Label(self._label_and_star())
        self._beside = Static(self.spec.understood(self.text), classes="remark")
        # Handed over rather than composed, so that a field can be gone to as soon as there is one.
        there = self.edited or Static(Content(shown(spec.value)), classes="fact")
        super().__init__(
            self._above,
            Horizontal(self._caption, there, self._beside, classes="written"),
            id=f"field_{spec.name}_{spec.shape}",
            classes=f"-{spec.shape}",
        )

    @property
    def text(self) -> str:
        """What stands there, as written."""
        edited = self.edited
        if edited is None:
            return self.spec.value
        return edited.text if isinstance(edited, FieldArea) else edited.value

    @property
    def value(self) -> str:
        """What it says: the words, but of a choice its value and of a picker its key where they name one."""
        if self.spec.shape == "pick":
            return self.key if self.is_settled else self.text
        found = self.spec.chosen(self.text) if self.spec.shape == "choice" else None
        # Where words are kept, they are kept as written.
        return found.value if found and found.value != found.label else self.text

    @property
    def is_settled(self) -> bool:
        """Whether a picker has found what is written."""
        return bool(self.key) and self.text == self._key_text

    @property
    def is_open(self) -> bool:
        """Whether a picker does not know yet what is written, or should be."""
        asked = bool(self.text.strip()) or self.spec.required
        return self.spec.settles is not None and not self.is_settled and asked

    def enter(self) -> None:
        """Go there to write."""
        # At once, so that what is typed next arrives there.
        if self.edited is not None:
            self.screen.set_focus(self.edited)

    def follow(self, spec: Spec) -> None:
        """Be a field as it is declared now; what is written stays."""
        self.spec = spec
        self._caption.update(self._label_and_star())
        self._above.update(Content(shown(spec.heading)))
        self._above.display = bool(spec.heading)
        if (edited := self.edited) is not None:
            edited.follow(spec)
        self._tell()

    def write(self, value: str) -> None:
        """Put something there; of a choice its value or other words."""
        edited = self.edited
        if isinstance(edited, FieldArea):
            edited.text = value
        elif edited is not None:
            edited.value = self.spec.written(value)

    def put(self, text: str) -> None:
        """Put a long text there so that it can be taken back while it is written."""
        edited = self.edited
        if isinstance(edited, FieldArea) and text != edited.text:
            edited.replace(text, (0, 0), edited.document.end)

    def add(self, value: str) -> None:
        """Put one more choice behind what stands there."""
        there = self.text.strip().rstrip(";").rstrip()
        self.write("; ".join(part for part in (there, self.spec.written(value)) if part))

    def settle(self, key: str, text: str) -> None:
        """Put there what a picker has found."""
        self.write(text)
        self.key, self._key_text = key, self.text
        self.complain()
        # The text may be the same, yet it is known now whom it names.
        self._tell()
        self.post_message(self.Changed(self.spec.name))

    def complain(self, message: str = "") -> None:
        """Say what is wrong, or that nothing is any more."""
        if message or self.has_class("-wrong"):
            self.set_class(bool(message), "-wrong")
            self._beneath("complaint", message)
        if message:
            self.call_after_refresh(self.scroll_visible, animate=False)

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _changed(self, event: Input.Changed | TextArea.Changed) -> None:
        event.stop()
        self.complain()
        self._tell()
        self.post_message(self.Changed(self.spec.name))

    @on(FieldInput.Choose)
    def _choosing(self) -> None:
        self.post_message(self.Choosing(self))

    @on(FieldInput.Advance)
    def _advance(self) -> None:
        self.post_message(self.Settling(self, True))

    def on_click(self, event: events.Click) -> None:
        """A click on the sign of a list opens it."""
        if event.widget is not None and event.widget.has_class("remark") and self.spec.shape in LISTED:
            self.post_message(self.Choosing(self))

    def on_descendant_focus(self) -> None:
        """It is written in: show where."""
        self.add_class("-here")

    def on_descendant_blur(self) -> None:
        """It is left: write out what it means, or say what is wrong with it."""
        self.remove_class("-here")
        text, spec = self.text, self.spec
        if not text.strip():
            return
        if spec.shape == "pick":
            if spec.settles and not self.is_settled:
                self.post_message(self.Settling(self, False))
        elif (found := self.spec.chosen(text)) is not None and spec.shape == "choice":
            if fold(text) != fold(found.label):
                self.write(found.value)
        elif spec.is_unknown(text):
            self.complain(self.spec.not_among)
        elif spec.reads is not None:
            try:
                spec.reads(text)
            except ParseError as error:
                self.complain(str(error))

    def _tell(self) -> None:
        """Show beside it how it is understood, and beneath it what it was."""
        if isinstance(self.edited, FieldInput):
            self.edited.is_open = self.is_open
        self._beside.update(self.spec.understood(self.text))
        changed = self.was is not None and self.text.strip() != self.spec.written(self.was).strip()
        if changed or self.has_class("-changed"):
            self.set_class(changed, "-changed")
            there = shown(self.spec.written(self.was or ""))
            self._beneath("was", (f"was: {there}" if there else "was empty") if changed else "")

    def _beneath(self, kind: str, words: str) -> None:
        """Say something in a line of its own, or nothing more."""
        said = next(iter(self.query(f".{kind}").results(Static)), None)
        if said is None:
            said = Static(classes=kind)
            self.mount(said)
        said.display = bool(words)
        said.update(Content("\n".join(shown(line) for line in words.splitlines())))

    def _label_and_star(self) -> Content:
        return Content(shown(self.spec.label) + (" *" if self.spec.required else ""))


def _begins_words(said: str, typed: str) -> bool:
    """Whether every word that is typed begins one of what is said."""
    return all(any(word.startswith(part) for word in said.split()) for part in typed.split())
