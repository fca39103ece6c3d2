"""Writes docs/keys.md anew: every key of the terminal UI, from the bindings themselves.

Run with `python -m tests.keys`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.tui.keymap import TAKEN, known_keys
from casemgr.tui.keys import key_words
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casemgr.tui.keymap import Key

PAGE = ROOT / "docs" / "keys.md"

HEAD = """# Keys

Every key of the terminal UI, by where it works. `?` (or f1, also while you write) shows those that work
where you are, and `ctrl+p` finds what can be done by what it is for.

Any of them can be changed: under Settings (9), or in the file that `casemgr settings path` names, by the id
in the last column:

    [keys]
    "page.undo" = "o"
    "today.whose" = "W,comma"

Letters work wherever no text is being written; esc leaves a text.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    groups: dict[str, list[Key]] = {}
    for key in known_keys().values():
        groups.setdefault(key.group, []).append(key)
    parts += [f"## {group}\n\n{table(keys)}" for group, keys in groups.items()]
    taken = "\n".join(f"| {code(key)} | {why} |" for key, why in TAKEN.items() if not key.startswith("alt"))
    parts.append(
        "## Keys that cannot be had\n\n"
        f"| key | why |\n| --- | --- |\n{taken}\n| `alt+0` … `alt+9` | {TAKEN['alt+0']} |\n"
    )
    return "\n".join(parts)


def table(keys: Iterable[Key]) -> str:
    """The keys of one group."""
    rows = [f"| {code(key.binding.key)} | {key.binding.tooltip} | `{key.id}` |" for key in keys]
    return "\n".join(("| key | what it does | id |", "| --- | --- | --- |", *rows, ""))


def code(keys: str) -> str:
    """Keys as code, a pipe in them so that a table holds it."""
    return " or ".join(f"`{each}`" for each in key_words(keys).split(" or ")).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
