"""Help for whatever has the focus: what it is for and its keys, then its screen, the places, and the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static, TextArea

from casemgr.tui.commands import doable
from casemgr.tui.keys import is_typed
from casemgr.tui.screens.leaving import Leaving
from casemgr.tui.screens.page import Page
from casemgr.tui.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult
    from textual.screen import Screen
    from textual.widget import Widget

    from casemgr.tui.commands import Doable

KEY_WIDTH = 12
"""Cells for a key; longer ones reach into the words beside them."""


class HelpPage(VerticalScroll):
    """The page, which scrolls."""

    HELP = "What the focused part of the screen is for, and every key that works now."
    BINDING_GROUP_TITLE = "Help"


class HelpScreen(ModalScreen[None], Leaving):
    """A page about a widget and its screen, from their own HELP and the bindings that work there."""

    CSS_PATH = "help.tcss"
    HELP = HelpPage.HELP
    BINDING_GROUP_TITLE = "Help"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "dismiss", "Close", key_display="esc", tooltip="Close the help",
                id="help.close"),
    ]  # fmt: skip

    def __init__(self, about: Screen[object], focused: Widget | None) -> None:
        """Explain a widget of a screen, or the screen where nothing has the focus."""
        super().__init__()
        self._about = about
        self._focused = focused

    def compose(self) -> ComposeResult:
        """What has the focus, then what holds it, then what is everywhere."""
        node = self._focused or self._about
        there = list(doable(self._about, self._focused))
        places = [one for one in there if one.binding.action.startswith("go(")]
        own = [one for one in there if one.node is node and one.owner is not Page and one not in places]
        screens = [
            one
            for one in there
            if one.node is self._about and one.owner is not Page and one not in (*own, *places)
        ]
        rest = [one for one in there if one not in (*own, *screens, *places)]
        page = HelpPage(Static(Content(_words(node)), id="words"), id="page", classes="panel")
        page.border_title = type(node).BINDING_GROUP_TITLE or "casemgr"
        page.border_subtitle = "↑ ↓ scroll · esc closes"
        page.compose_add_child(Static(self._lines(own)))
        if isinstance(node, Input | TextArea):
            typing = [one for one in (*screens, *rest) if not _writes(one)]
            screens = [one for one in screens if _writes(one)]
            rest = [one for one in rest if _writes(one)]
            page.compose_add_child(Static(self._section("While you write", typing)))
            page.compose_add_child(
                Static(Content.styled("\nThe following keys work once you have left the text.", "italic"))
            )
        if node is not self._about:
            title = shown(self._about.BINDING_GROUP_TITLE or "")
            page.compose_add_child(
                Static(self._section(f"This screen: {title}" if title else "", screens, _words(self._about)))
            )
        page.compose_add_child(Static(self._section("Places", places)))
        page.compose_add_child(Static(self._section("Everywhere", rest)))
        yield page

    def _section(self, title: str, keys: Iterable[Doable], words: str = "") -> Content:
        """A heading, what to know, and keys; nothing where there are none."""
        lines = self._lines(keys)
        if not (lines or words):
            return Content("")
        parts = [Content.styled(title, "bold"), Content(words), lines]
        return Content.assemble("\n", Content("\n").join([part for part in parts if part]))

    def _lines(self, keys: Iterable[Doable]) -> Content:
        return Content("\n").join([self._line(one) for one in keys])

    def _line(self, one: Doable) -> Content:
        key = f"{self.app.get_key_display(one.binding):>{KEY_WIDTH}}"
        return Content.assemble((key, "bold $text-accent"), f"   {one.binding.tooltip}")


def _words(node: Widget | Screen[object]) -> str:
    return getattr(node, "explained", "") or node.HELP or ""


def _writes(one: Doable) -> bool:
    """Whether each key of it writes something where text is written."""
    return all(is_typed(key.strip()) for key in one.binding.key.split(","))
