"""Keys as they are declared, changed and read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.keys import REPLACED_KEYS, format_key, key_to_character

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from textual.dom import DOMNode


def declared(owner: type[DOMNode]) -> Iterator[Binding]:
    """The bindings that a class itself declares."""
    for binding in owner.__dict__.get("BINDINGS", ()):
        if isinstance(binding, Binding):
            yield binding


def with_change(binding: Binding, keymap: Mapping[str, str]) -> Binding:
    """A binding as it is with the keys that were changed."""
    keys = keymap.get(binding.id or "")
    return binding.with_key(keys) if keys else binding


def split(keys: str) -> tuple[str, ...]:
    """Keys one by one, as Textual calls them: `question_mark` for `?`."""
    return tuple(each.key for each in Binding.make_bindings([Binding(keys, "")]))


def key_words(keys: str) -> str:
    """Keys as people read them: `ctrl+p`, `⏎`, `? or f1`."""
    named = []
    for key in keys.split(","):
        *modifiers, last = key.strip().split("+")
        named.append("+".join((*modifiers, format_key(last))))
    return " or ".join(dict.fromkeys(named))


def is_typed(key: str) -> bool:
    """Whether a key writes something where text is written."""
    # Textual does not know the characters of keys to which it gave other names, such as slash.
    character = key_to_character(REPLACED_KEYS.get(key, key))
    return character is not None and character.isprintable()
