"""Text with holes, such as `Called {contacted} at {vendor}.`: finding them, filling them, going to the next.

A hole is a word in braces: small letters, digits and underscores, a letter first. Every other brace is text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import Field as Constraint

from casemgr.core.base import Content

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_HOLE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_BRACE = re.compile(r"[{}]")

COMMON_HOLES = {
    "patient": "the patient's name",
    "date": "the service date",
    "start": "when it began",
    "minutes": "how many minutes",
    "staff": "the name of who did it",
    "method": "the contact method",
    "contacted": "who was contacted",
    "outcome": "what came of it",
    "reason": "why it was needed",
    "response": "what the patient said to it",
    "next_step": "what comes next",
}
"""Holes that an activity of any kind can fill, and with what; a kind's own field of that name goes before."""


class NoteTemplate(Content):
    """A note with holes, declared by a kind of activity."""

    name: Annotated[str, Constraint(min_length=1)]
    """What people choose it by."""
    text: Annotated[str, Constraint(min_length=1)]
    """The note. Holes are filled from what the activity says; what it does not say is left to be typed."""

    @property
    def holes(self) -> tuple[str, ...]:
        """The names of its holes, in order, each once."""
        return hole_names(self.text)

    def faults(self) -> Iterator[str]:
        """What is wrong with the declaration itself."""
        if not any(map(str.isalnum, self.name)):
            yield f'the template "{self.name}" has a name without letters or digits'
        if near := misshapen(self.text):
            yield f'template "{self.name}": near "{near}" a brace belongs to no hole such as {{contacted}}'


class Hole(NamedTuple):
    """A hole in a text."""

    name: str
    start: int
    """Where its opening brace stands."""
    end: int
    """Where the text goes on after its closing brace."""


def find_holes(text: str) -> tuple[Hole, ...]:
    """Every hole of a text, in order."""
    return tuple(Hole(found[1], found.start(), found.end()) for found in _HOLE.finditer(text))


def hole_names(text: str) -> tuple[str, ...]:
    """The names of the holes, in order, each once."""
    return tuple(dict.fromkeys(_HOLE.findall(text)))


def has_holes(text: str) -> bool:
    """Whether anything is left to fill."""
    return _HOLE.search(text) is not None


def fill_holes(text: str, words: Mapping[str, str]) -> str:
    """The text with words in the holes of their names; a hole without words stays.

    What is put in stands as it is: a brace in it makes no new hole in the same go.
    """
    return _HOLE.sub(lambda found: words.get(found[1]) or found[0], text)


def next_hole(text: str, position: int = 0) -> Hole | None:
    """The first hole that begins at a position or after it, else the first of all; None if there is none."""
    found = _HOLE.search(text, position) or _HOLE.search(text)
    return Hole(found[1], found.start(), found.end()) if found else None


def misshapen(text: str) -> str:
    """The first brace that belongs to no hole, with what stands around it; empty where all belong to one."""
    for piece in _HOLE.split(text)[::2]:
        if found := _BRACE.search(piece):
            return piece[max(found.start() - 12, 0) : found.end() + 12].strip()
    return ""
