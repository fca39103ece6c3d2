"""Two versions of a text, word by word: what stayed, what went, what came."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

_WORD = re.compile(r"\s+|\S+")

MOST_WORDS = 4000
"""Texts of more words than this are told as replaced, since comparing them would take seconds."""


class Run(NamedTuple):
    """Neighbouring words with the same fate."""

    fate: Literal["kept", "gone", "new"]
    text: str


def compared(before: str, after: str) -> tuple[Run, ...]:
    """How one text became another.

    The kept and gone runs together are the text before, the kept and new ones the text after.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        matches = [("equal" if before == after else "replace", 0, len(old), 0, len(new))]
    else:
        matches = list(SequenceMatcher(None, old, new).get_opcodes())
    runs: list[Run] = []
    for what, first, last, first_new, last_new in matches:
        was, now = "".join(old[first:last]), "".join(new[first_new:last_new])
        if what == "equal":
            runs.append(Run("kept", was))
            continue
        runs += [run for run in (Run("gone", was), Run("new", now)) if run.text]
    return _smooth(runs)


def _smooth(runs: list[Run]) -> tuple[Run, ...]:
    """Changes that only blanks part become one: nobody wants to read a difference in crumbs."""
    found: list[Run] = []
    gone, new = "", ""
    for place, (fate, text) in enumerate(runs):
        crumb = fate == "kept" and not text.strip() and (gone or new) and place + 1 < len(runs)
        if fate != "new" and (fate == "gone" or crumb):
            gone += text
        if fate != "gone" and (fate == "new" or crumb):
            new += text
        if fate == "kept" and not crumb:
            found += _changed(gone, new)
            gone, new = "", ""
            found.append(Run("kept", text))
    return (*found, *_changed(gone, new))


def _changed(gone: str, new: str) -> list[Run]:
    """A change, or nothing where both sides came out the same."""
    if gone == new:
        return [Run("kept", gone)] if gone else []
    return [run for run in (Run("gone", gone), Run("new", new)) if run.text]
