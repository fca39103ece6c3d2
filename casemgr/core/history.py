"""What changed between two after-images, in words; which deed an undo takes back, and a redo does again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

SILENT = frozenset({"amended", "signed_at", "entered_at", "late_days", "outcome"})
"""Fields whose change goes without saying."""


class Change(NamedTuple):
    """One field before and after; nested fields are named with a dot."""

    field: str
    before: str
    after: str


def changes(before: str, after: str) -> list[Change]:
    """The differences between two after-images in canonical JSON, by field.

    `before` is empty for a first entry.
    """
    old, new = flat(json.loads(before) if before else {}), flat(json.loads(after))
    return [
        Change(name, old.get(name, ""), new.get(name, ""))
        for name in sorted(old.keys() | new.keys())
        if old.get(name, "") != new.get(name, "") and name not in SILENT
    ]


def flat(image: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """An after-image as text by field; what is empty is left out."""
    found: dict[str, str] = {}
    for name, value in image.items():
        if isinstance(value, dict):
            found |= flat(value, f"{prefix}{name}.")
        elif isinstance(value, bool):
            if value:
                found[prefix + name] = "yes"
        elif value not in (None, "", []):
            found[prefix + name] = (
                json.dumps(value, ensure_ascii=False) if isinstance(value, list) else str(value)
            )
    return found


class Deed(NamedTuple):
    """A command as the ledger shows it: its id, the action of its first entry, where its entries stand."""

    command: str
    action: str
    first_seq: int
    last_seq: int


def deed_to_undo(newest_first: Iterable[Deed]) -> Deed | None:
    """The newest deed that has not been undone: each undo on the way takes the next deed before it out.

    Undoing twice takes back two deeds, as people expect of an undo key. A redo is a deed like any other: an
    undo takes it back, and leaves its records as the undo before it did.
    """
    taken = 0
    for deed in newest_first:
        if deed.action == "undo":
            taken += 1
        elif taken:
            taken -= 1
        else:
            return deed
    return None


def deed_to_redo(newest_first: Iterable[Deed]) -> Deed | None:
    """The newest undo that has not been redone; whatever else was done since leaves nothing to redo."""
    taken = 0
    for deed in newest_first:
        if deed.action == "redo":
            taken += 1
        elif deed.action != "undo":
            return None
        elif taken:
            taken -= 1
        else:
            return deed
    return None


def deed_name(action: str, reason: str) -> str:
    """What people did, by the action and reason of an entry: `log` also for its undo and its redo.

    Those say what they took back or did again in their reason, such as `undo of log, K7Q2:12`.
    """
    if action not in {"undo", "redo"}:
        return action
    return reason.partition(" of ")[2].rpartition(", ")[0]
