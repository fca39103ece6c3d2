"""Help for whatever has the focus: what it is for, and its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from casemgr.tui.commands import doable

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.screen import Screen
    from textual.widget import Widget

    from casemgr.tui.commands import Doable


class HelpScreen(ModalScreen[None]):
    """A page about a widget, from its own HELP and the bindings that work there."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1,enter", "dismiss", "Close", key_display="esc", id="help.close"),
    ]

    def __init__(self, about: Screen[object], focused: Widget | None) -> None:
        """Explain a widget of a screen, or the screen where nothing has the focus."""
        super().__init__()
        self._about = about
        self._focused = focused

    def compose(self) -> ComposeResult:
        """Title, words, keys."""
        node = self._focused or self._about
        there = list(doable(self._about, self._focused))
        here = [one for one in there if one.node is node]
        beyond = [one for one in there if one.node is not node]
        typing = isinstance(node, Input)
        keys = Content("\n").join(
            [
                *map(self._line, here),
                Content.styled(
                    "\nKeys everywhere" + (", once esc has left the line" if typing else ""), "bold"
                ),
                *map(self._line, beyond),
            ]
        )
        page = VerticalScroll(
            Static(Content(getattr(node, "explained", "") or node.HELP or ""), id="words"),
            Static(keys),
            id="page",
            classes="panel",
        )
        page.border_title = type(node).BINDING_GROUP_TITLE or "casemgr"
        page.border_subtitle = "esc closes"
        yield page

    def _line(self, one: Doable) -> Content:
        key = f"{self.app.get_key_display(one.binding):>6}"
        return Content.assemble((key, "bold $text-accent"), f"   {one.binding.tooltip}")
