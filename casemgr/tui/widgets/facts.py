"""What there is to know about something: labels to the left, what they mean beside them, wrapped in place."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from casemgr.tui.text import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.geometry import Size

LABEL = 16
"""Cells for the labels, and the gap after them."""

GAP = 2


class Fact(NamedTuple):
    """A label and what it labels."""

    label: str
    value: Content
    indent: int = 0
    """Blanks in front of the label."""


class Facts(Widget):
    """Lines over the whole width, and facts; as high as they are."""

    can_focus = False

    parts: reactive[Sequence[Content | Fact]] = reactive((), layout=True)
    """What to show, from top to bottom; an empty Content leaves a line free."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """So many lines at that width."""
        return len(laid_out(self.parts, width))

    def render(self) -> Content:
        """All lines."""
        return Content("\n").join(laid_out(self.parts, self.content_size.width))


def laid_out(parts: Sequence[Content | Fact], width: int) -> list[Content]:
    """The lines of facts at a width."""
    width = max(8, width)
    lines: list[Content] = []
    for part in parts:
        if isinstance(part, Content):
            lines += part.wrap(width) or [Content("")]
            continue
        room = min(LABEL + part.indent, width // 3)
        labels = Content.styled(shown(part.label), "$foreground-muted").wrap(room - GAP - part.indent)
        for label, value in zip_longest(labels, part.value.wrap(width - room), fillvalue=Content("")):
            before = label.pad_left(part.indent)
            lines.append(before.pad_right(room - before.cell_length) + value.rstrip())
    return lines


def paragraph(text: str, style: str = "") -> Content:
    """People's text in the lines in which they wrote it."""
    lines = "\n".join(shown(line) for line in text.splitlines())
    return Content.styled(lines, style) if style else Content(lines)
