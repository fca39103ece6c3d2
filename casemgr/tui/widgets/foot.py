"""The bottom line: what can be done now, as far as there is room, and what was done last."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from casemgr.tui.keys import is_typed
from casemgr.tui.text import shown

if TYPE_CHECKING:
    from textual import events
    from textual.binding import ActiveBinding, Binding
    from textual.screen import Screen

LAST = ("command_palette", "explain")
"""Always there, at the end: all else that can be done, and help."""

RANKS = {"page": 1, "app": 2}


class Offer(NamedTuple):
    """A key as the line shows it."""

    key: str
    shown: str
    does: str

    @property
    def width(self) -> int:
        """Cells that it takes, with the blanks after it."""
        return len(self.shown) + len(self.does) + 3


class Foot(Widget):
    """Keys to the left, the sign that something was saved to the right."""

    can_focus = False

    status: reactive[str] = reactive("")
    """What was done last, in a few words."""

    def on_mount(self) -> None:
        """Follow what has the focus."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, screen: Screen[object]) -> None:
        if self.is_attached and screen is self.screen:
            self.refresh()

    def render(self) -> Content:
        """As many keys as fit beside the status."""
        width = self.size.width - 2
        status = Content.styled(shown(self.status), "$text-success").truncate(
            max(16, width // 3), ellipsis=True
        )
        keys = Content("  ").join(
            [
                Content.assemble((each.shown, "bold $text-accent"), f" {each.does}")
                for each in self.offers(width - status.cell_length - 2)
            ]
        )
        blanks = max(1, width - keys.cell_length - status.cell_length)
        return Content.assemble(" ", keys, " " * blanks, status)

    def offers(self, width: int) -> list[Offer]:
        """What there is room for: the focused widget's keys first, then its screen's and the app's."""
        found: dict[str, Offer] = {}
        active = sorted(self.screen.active_bindings.values(), key=_rank)
        for _, binding, enabled, _ in active:
            if binding.show and enabled and binding.action not in found and not self._is_text(binding.key):
                found[binding.action] = self._offer(binding)
        last = [found.pop(action) for action in LAST if action in found]
        left = width - sum(each.width for each in last)
        offers = []
        for each in found.values():
            if each.width > left:
                break
            left -= each.width
            offers.append(each)
        return [*offers, *last]

    def _is_text(self, key: str) -> bool:
        """Whether a key writes something now; Textual does not know it of all keys."""
        focused = self.screen.focused
        return focused is not None and is_typed(key) and focused.check_consume_key(key, "x")

    def _offer(self, binding: Binding) -> Offer:
        return Offer(binding.key, self.app.get_key_display(binding), binding.description)

    def on_click(self, event: events.Click) -> None:
        """A click on a key is a press of it."""
        width = self.size.width - 2
        at = 1
        for each in self.offers(width - min(len(self.status), max(16, width // 3)) - 2):
            if at <= event.x < at + each.width - 2:
                self.app.simulate_key(each.key)
                return
            at += each.width


def _rank(active: ActiveBinding) -> int:
    """What every screen has comes after what only this one has, and what the app has after that."""
    return RANKS.get((active.binding.id or "").partition(".")[0], 0)
