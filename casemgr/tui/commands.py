"""The palette: all that can be done now, by the bindings of what has the focus, its screen and the app.

Once something is typed it finds patients and claims as well.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Provider
from textual.content import Content

from casemgr.core.dates import Month, format_us
from casemgr.tui.keys import declared, with_change
from casemgr.tui.messages import Go
from casemgr.tui.text import shown
from casemgr.tui.widgets.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.command import Hits
    from textual.dom import DOMNode
    from textual.screen import Screen
    from textual.widget import Widget

    from casemgr.services.desk import Desk
    from casemgr.tui.app import CasemgrApp

SETTLE_SECONDS = 0.08
"""How long a query stands still before patients and claims are looked for."""

SHORTEST = 2
"""A query of fewer letters means half of all patients."""

BESIDE = 9
"""Cells for a key, or for what was found."""

LEAVES = {"patients": "patient", "claims": "claim"}

MOST_FOUND = 8
"""So many patients or claims: whoever is not among them needs another letter."""


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


def doable(screen: Screen[Any], focused: Widget | None) -> Iterator[Doable]:
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


class Deed(NamedTuple):
    """Something that can be done, as the palette has it."""

    words: str
    name: str
    """What else it is called."""
    key: str
    """As people read it; empty where there is none."""
    do: Callable[[], object]


class Deeds(Provider):
    """Finds what can be done by what it is for."""

    async def discover(self) -> Hits:
        """All of it, before anything is typed."""
        for one in self._deeds():
            yield DiscoveryHit(entry(one.key, Content(one.words)), one.do, text=one.words)

    async def search(self, query: str) -> Hits:
        """What fits the query."""
        matcher = self.matcher(query)
        for one in self._deeds():
            if (score := max(map(matcher.match, (one.words, one.name)))) > 0:
                marked = matcher.highlight(one.words)
                yield Hit(score, entry(one.key, marked), one.do, text=one.words)

    def _deeds(self) -> Iterator[Deed]:
        """What has a key, with moving in a list at the end, and after it what has none."""
        app = cast("CasemgrApp", self.app)
        for one in sorted(doable(self.screen, self.focused), key=lambda one: one.owner is Listing):
            binding = one.binding
            do = partial(app.run_action, binding.action, one.node)
            yield Deed(binding.tooltip, binding.description, app.get_key_display(binding), do)
        yield Deed("See what is new in this version", "What's new", "", app.show_news)


def entry(beside: str, words: Content) -> Content:
    """A line of the palette: the key or what it is to the left, then words."""
    return Content.assemble((f"{beside:>{BESIDE}}  ", "$text-accent"), words)


class Leaf(NamedTuple):
    """A patient or a claim that a query may mean."""

    place: str
    at: str
    """Its id or number."""
    name: str
    beside: str
    """What tells it apart from others of that name."""


class Leaves(Provider):
    """Finds patients by their names and claims by their numbers; enter goes there."""

    async def search(self, query: str) -> Hits:
        """Whatever fits, the likeliest first."""
        if len(query) < SHORTEST:
            return
        # Another letter ends this while it waits, so that the lane is asked for what stands still only.
        await asyncio.sleep(SETTLE_SECONDS)
        lane = cast("CasemgrApp", self.app).lane
        for place, leaf in enumerate(await lane.look_up(partial(leaves, typed=query))):
            label = Content.assemble(
                (shown(leaf.name), "bold"), "  ", (shown(leaf.beside), "$foreground-muted")
            )
            # Above what fits by scattered letters only, in the order in which they were found.
            score = max(1.0, self.matcher(query).match(leaf.name)) - place / 100
            going = partial(self.screen.post_message, Go(leaf.place, leaf.at))
            text = shown(f"{leaf.name} {leaf.beside}")
            yield Hit(score, entry(LEAVES[leaf.place], label), going, text=text)


def leaves(desk: Desk, typed: str) -> list[Leaf]:
    """Patients and claims that a text may mean."""
    from casemgr.services.claims import numbered
    from casemgr.services.picking import pick_patients

    patients = [
        Leaf("patients", row.id, row.name, f"{format_us(row.birth_date)} ({row.age})  #{row.chart_number}")
        for row in pick_patients(desk, typed, MOST_FOUND)
    ]
    claims = [
        Leaf(
            "claims",
            row.number,
            row.number,
            f"{row.patient} {format_us(row.birth_date)} #{row.chart_number}"
            f"  {Month.parse(row.month).title}{', voided' if row.voided else ''}",
        )
        for row in numbered(desk, typed, MOST_FOUND)
    ]
    return [*patients, *claims]
