"""How a half-typed line may go on: a kind's word, a patient's name, an outcome."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from casemgr.core.dates import format_us
from casemgr.core.text import fold
from casemgr.services.entries import read_line
from casemgr.store.reads.patients import find_patients

if TYPE_CHECKING:
    from casemgr.services.desk import Desk

SHORTEST = 2
"""Fewer letters than this say too little."""

MOST = 50
"""Of more patients than this no one can be meant yet."""

_OUTCOME = re.compile(r"(?:=>|→)\s*([^!=→]*)$")
_LAST_WORDS = re.compile(r"(?:([^\W\d_][\w'’-]*)[ ,]+)?([^\W\d_][\w'’-]*)$")


def complete(desk: Desk, text: str) -> str:
    """A line with what most likely comes next, or an empty string.

    A birth date is offered only with a name that one patient alone has: nobody is guessed.
    """
    if found := _OUTCOME.search(text):
        return _with_outcome(desk, text, found[1])
    if ":" in text or "!" in text:
        return ""
    words = _LAST_WORDS.search(text)
    if not words:
        return ""
    whole = _with_half_a_name(desk, text, words[1], words[2]) if words[1] else ""
    if whole or len(words[2]) < SHORTEST:
        return whole
    return _with_last_name(desk, text, words[2]) or _with_kind(desk, text, words[2])


def _with_outcome(desk: Desk, text: str, begun: str) -> str:
    entry = read_line(desk, text)
    if not entry.kind or not begun:
        return ""
    labels = (outcome.label for outcome in desk.kinds.kept(entry.kind).outcomes)
    label = next(
        (one for one in labels if one.lower().startswith(begun.lower()) and len(one) > len(begun)), ""
    )
    return text + label[len(begun) :] if label else ""


def _with_kind(desk: Desk, text: str, begun: str) -> str:
    folded = fold(begun)
    names = (" ".join(said) for said in desk.kinds.aliases)
    name = next((one for one in names if one.startswith(folded) and len(one) > len(begun)), "")
    return text + name[len(begun) :] if name else ""


def _with_half_a_name(desk: Desk, text: str, before: str, begun: str) -> str:
    """After a last name, the first name that has begun; after a first name, the last."""
    near = find_patients(desk.store, f"{before} {begun}", limit=MOST)
    for half, other in (("last_name", "first_name"), ("first_name", "last_name")):
        found = [
            patient
            for patient in near
            if fold(getattr(patient, half)) == fold(before)
            and _rest(getattr(patient, other), begun) is not None
        ]
        names = {getattr(patient, other) for patient in found}
        if len(names) == 1:
            born = f" {format_us(found[0].birth_date)}" if len(found) == 1 else ""
            more = f"{_rest(names.pop(), begun)}{born}"
            return text + more if more else ""
    return ""


def _with_last_name(desk: Desk, text: str, begun: str) -> str:
    """The one last name that begins so, with all else where one patient alone has it."""
    near = find_patients(desk.store, begun, limit=MOST)
    found = [patient for patient in near if _rest(patient.last_name, begun) is not None]
    names = {patient.last_name for patient in found}
    if len(names) != 1:
        return ""
    more = _rest(names.pop(), begun) or ""
    if len(found) == 1:
        more += f" {found[0].first_name} {format_us(found[0].birth_date)}"
    return text + more if more else ""


def _rest(name: str, begun: str) -> str | None:
    """What a name goes on with after its beginning as typed; None where it begins otherwise."""
    return name[len(begun) :] if name[: len(begun)].casefold() == begun.casefold() else None
