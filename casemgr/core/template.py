"""Sentence templates: `arranging {vehicle}[ with {vendor}][, trip {trip_number}]`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_BRACKETED = re.compile(r"\[([^\[\]]*)\]")
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence in parts; a bracketed part vanishes when a field in it has no words."""

    parts: tuple[tuple[bool, str], ...]
    """Whether the part is bracketed, and its text."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every placeholder, in order."""
        return tuple(_PLACEHOLDER.findall("".join(text for _, text in self.parts)))

    @property
    def needed(self) -> tuple[str, ...]:
        """The placeholders outside brackets, which must have words for the sentence to be whole."""
        plain = "".join(text for bracketed, text in self.parts if not bracketed)
        return tuple(_PLACEHOLDER.findall(plain))

    def fill(self, words: Mapping[str, str]) -> str:
        """The sentence with each placeholder's words; none of them is read as a template again."""
        return "".join(
            _PLACEHOLDER.sub(lambda found: words.get(found[1], ""), text)
            for bracketed, text in self.parts
            if not bracketed or all(words.get(name) for name in _PLACEHOLDER.findall(text))
        )


def parse_template(text: str) -> Template:
    """Read a template.

    Raises:
        ValueError: brackets or braces do not match, or a placeholder is no name.
    """
    pieces = _BRACKETED.split(text)
    for piece in pieces:
        if set("[]{}") & set(_PLACEHOLDER.sub("", piece)):
            raise ValueError(f'brackets or braces do not match near "{piece.strip()}"')
    # re.split with a group gives plain and bracketed pieces in turn.
    return Template(tuple((bool(i % 2), piece) for i, piece in enumerate(pieces) if piece))
