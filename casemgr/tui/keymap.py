"""Every key of the terminal UI: which there are, what they are for, and which may be put in their place.

It imports every screen, so that nothing of the first one may need it.
"""

from __future__ import annotations

import sys
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from textual.app import App
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Input, TextArea

from casemgr.tui import screens, widgets
from casemgr.tui.keys import declared, is_typed, key_words, split, with_change
from casemgr.tui.places import PLACES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.binding import Binding

OURS = "casemgr.tui."

TAKEN = {
    "ctrl+m": "terminals send it as enter",
    "ctrl+j": "terminals send it as enter",
    "ctrl+i": "terminals send it as tab",
    "ctrl+h": "terminals send it as backspace",
    "ctrl+b": "tmux takes it",
    "ctrl+a": "screen takes it",
    "ctrl+s": "some terminals stand still after it",
    "ctrl+c": "it copies what is selected with the mouse",
    "ctrl+z": "terminals put programs to sleep with it",
    "ctrl+left_square_bracket": "terminals send it as esc",
    "tab": "it goes from part to part",
    "shift+tab": "it goes from part to part",
    "escape": "it leaves whatever is open",
    "f10": "terminals open their menu with it",
    "f11": "terminals fill the screen with it",
    **{f"alt+{digit}": "terminals go to another tab with it" for digit in range(10)},
}
"""Keys that never arrive, or mean one thing everywhere, and why."""

ONLY_BESIDE = {"ctrl+s", "escape", "tab", "shift+tab"}
"""Of those, what our own table may have: ctrl+s beside a key that always arrives, esc, and tab in forms."""


class Key(NamedTuple):
    """A binding as it is declared."""

    binding: Binding
    owner: type[DOMNode]
    """The class that declares it."""

    @property
    def id(self) -> str:
        """What keymaps call it."""
        return self.binding.id or ""

    @property
    def group(self) -> str:
        """Where it works, in words."""
        return self.owner.BINDING_GROUP_TITLE or ""


@cache
def classes() -> tuple[type[DOMNode], ...]:
    """The classes of screens and widgets: what all share first, then the places, then others."""
    found = [
        each
        for module in _modules()
        for each in vars(sys.modules[module]).values()
        if isinstance(each, type) and issubclass(each, DOMNode) and each.__module__ == module
    ]
    return tuple(sorted(found, key=_order))


@cache
def known_keys() -> Mapping[str, Key]:
    """Every binding that has an id, by that id; those that work everywhere first."""
    found: dict[str, Key] = {}
    for owner in classes():
        for binding in declared(owner):
            found.setdefault(binding.id or "", Key(binding, owner))
    found.pop("", None)
    return MappingProxyType(found)


def keys_of(key: Key, keymap: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of a binding, as they are changed."""
    return split(with_change(key.binding, keymap).key)


def why_not(key_id: str, wanted: str, keymap: Mapping[str, str]) -> str:
    """Why a key cannot be given to a binding; empty where it can."""
    known = known_keys()
    mine = known[key_id]
    named = key_words(wanted)
    if wanted in TAKEN:
        return f"{named} cannot be had: {TAKEN[wanted]}."
    if is_typed(wanted) and works_while_typing(mine):
        return f"{named} is needed for writing, and this has to work while you write."
    for other in known.values():
        if other.id != key_id and may_meet(mine.owner, other.owner) and wanted in keys_of(other, keymap):
            return f"{named} is taken: {other.binding.tooltip} ({other.group})."
    return ""


def usable(changed: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Those of the changed keys that can be had, and a line for each that cannot."""
    known = known_keys()
    left = dict(changed)
    troubles = []
    for key_id, keys in changed.items():
        if key_id not in known:
            near = get_close_matches(key_id, known, n=1)
            meant = f"; did you mean {near[0]}?" if near else ""
            reasons = [f"nothing has this id{meant}"]
        else:
            reasons = [why for key in split(keys) if (why := why_not(key_id, key, left))]
        if reasons:
            del left[key_id]
            troubles.append(f"{key_id}: {' '.join(reasons)}")
    return left, tuple(troubles)


def works_while_typing(key: Key) -> bool:
    """Whether a binding has to work where text is written."""
    may = issubclass(key.owner, App | Screen | Input | TextArea)
    return key.binding.priority or (may and not any(map(is_typed, keys_of(key, {}))))


def may_meet(one: type[DOMNode], other: type[DOMNode]) -> bool:
    """Whether bindings of two classes may work at the same time, so that they cannot share a key."""
    if issubclass(one, other) or issubclass(other, one) or issubclass(one, App) or issubclass(other, App):
        return True
    if issubclass(one, Screen) == issubclass(other, Screen):
        return False
    screen, widget = (one, other) if issubclass(one, Screen) else (other, one)
    screens_meant = [each for each in classes() if issubclass(each, screen)]
    return any(issubclass(used, widget) for each in screens_meant for used in _widgets_of(each))


@cache
def _widgets_of(screen: type[DOMNode]) -> frozenset[type[DOMNode]]:
    """The widgets that a screen may hold: those that its module imports, and what theirs import."""
    found: set[type[DOMNode]] = set()
    waiting = [each for each in screen.__mro__ if each.__module__.startswith(OURS)]
    modules: set[str] = set()
    while waiting:
        module = waiting.pop().__module__
        if module in modules:
            continue
        modules.add(module)
        there = [
            each
            for each in vars(sys.modules[module]).values()
            if isinstance(each, type)
            and issubclass(each, DOMNode)
            and not issubclass(each, Screen | App)
            and each.__module__.startswith(OURS)
        ]
        found.update(there)
        waiting += there
    return frozenset(found)


def _order(each: type[DOMNode]) -> tuple[int, int, str]:
    """The app, what all screens share, the places in order, other screens, what all lists share, others."""
    places = [place.name for place in PLACES]
    place = getattr(each, "PLACE", "")
    if issubclass(each, App):
        return 0, 0, ""
    if issubclass(each, Screen):
        own = "PLACE" in each.__dict__
        return 1 if own and not place else 2, places.index(place) if own and place else 99, each.__qualname__
    return 3, len(each.__mro__), each.__qualname__


def _modules() -> list[str]:
    """The modules that have classes with keys, imported."""
    names = ["app"]
    for package in (screens, widgets):
        inside = package.__name__.rpartition(".")[2]
        names += [f"{inside}.{module.name}" for module in iter_modules(package.__path__)]
    there = [f"{OURS}{name}" for name in names]
    for name in there:
        import_module(name)
    return there
