"""The palette: all that can be done now, by the bindings of what has the focus, its screen and the app."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Provider

from casemgr.tui.keys import declared, with_change

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from textual.command import Hits
    from textual.dom import DOMNode
    from textual.screen import Screen
    from textual.widget import Widget

    from casemgr.tui.app import CasemgrApp


def hidden(
    key: str, action: str, name: str, tooltip: str, id: str, key_display: str | None = None
) -> Binding:
    """A binding for which the footer has no room; palette and help have it."""
    return Binding(key, action, name, show=False, key_display=key_display, tooltip=tooltip, id=id)


class Doable(NamedTuple):
    """Something that can be done, and the key for it."""

    node: DOMNode
    """Whose action it is."""
    owner: type[DOMNode]
    """The class that declares it: the node's own or one that it inherits from."""
    binding: Binding
    """With the keys that it has now."""


def doable(screen: Screen[object], focused: Widget | None) -> Iterator[Doable]:
    """What can be done at a screen, the focused widget's first: every binding that says what it is for."""
    seen = set()
    changed = cast("CasemgrApp", screen.app).changed_keys
    for node in (focused or screen).ancestors_with_self:
        for owner in ours(type(node)):
            for binding in declared(owner):
                if binding.id and binding.tooltip and binding.id not in seen:
                    seen.add(binding.id)
                    if node.check_action(binding.action.partition("(")[0], ()):
                        yield Doable(node, owner, with_change(binding, changed))


def ours(kind: type[DOMNode]) -> Iterator[type[DOMNode]]:
    """A class and those that it inherits from, as far as they are ours."""
    for each in kind.__mro__:
        if each.__module__.startswith("casemgr."):
            yield each


class Deeds(Provider):
    """Finds what can be done by what it is for."""

    async def discover(self) -> Hits:
        """All of it, before anything is typed."""
        for one in doable(self.screen, self.focused):
            yield DiscoveryHit(one.binding.tooltip, self._doing(one), help=self._key(one))

    async def search(self, query: str) -> Hits:
        """What fits the query."""
        matcher = self.matcher(query)
        for one in doable(self.screen, self.focused):
            if (score := matcher.match(one.binding.tooltip)) > 0:
                shown = matcher.highlight(one.binding.tooltip)
                yield Hit(score, shown, self._doing(one), help=self._key(one))

    def _doing(self, one: Doable) -> partial[Coroutine[object, object, bool]]:
        return partial(self.app.run_action, one.binding.action, one.node)

    def _key(self, one: Doable) -> str:
        return f"{one.binding.description} · {self.app.get_key_display(one.binding)}"
