"""The line of screens, each with the number that leads to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from casemgr.tui.places import PLACES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual import events


class Tabs(Widget):
    """Where one is and where one can go; a click goes there."""

    can_focus = False

    @dataclass
    class Clicked(Message):
        """A screen is wanted."""

        place: str

    def __init__(self, here: str) -> None:
        """On the screen of that name."""
        super().__init__()
        self._here = here

    def render(self) -> Content:
        """As many titles as fit; the others by their number alone."""
        return Content.assemble(
            " ",
            *(
                Content.assemble((key, "$text-accent"), (f" {title}" if title else "", style), "  ")
                for key, title, style, _ in self._parts()
            ),
        )

    def on_click(self, event: events.Click) -> None:
        """Go where the click was."""
        at = 1
        for key, title, _, name in self._parts():
            width = len(key) + (len(title) + 1 if title else 0)
            if at <= event.x < at + width:
                self.post_message(self.Clicked(name))
                return
            at += width + 2

    def _parts(self) -> Iterator[tuple[str, str, str, str]]:
        whole = sum(len(place.title) + 4 for place in PLACES) < self.size.width
        for place in PLACES:
            here = place.name == self._here
            # Where not all titles fit, the last two go by their numbers, and palette and help name them.
            title = place.title if whole or here or place not in PLACES[-3:] else ""
            yield place.key, title, "bold underline" if here else "$foreground-muted", place.name
