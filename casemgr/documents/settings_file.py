"""A settings file with one thing changed and all else as people wrote it: comments, order, spacing.

tomlkit is imported here and only when something is written; reading is tomllib's.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from casemgr.errors import NotWritten

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping, Sequence

    Table = MutableMapping[str, Any]

HEAD = "# How casemgr is to be; `casemgr settings` says what there is.\n"
"""What a new file begins with."""


def with_setting(text: str, place: Sequence[str], value: str | int | bool) -> str:
    """The text with a setting in it.

    Args:
        text: the file as it is; empty for a new one.
        place: the setting's name, after the name of its table where it stands in one.
        value: what it is to be.

    Raises:
        NotWritten: the file is written in a way that cannot be changed for sure.
    """

    def put(top: Table) -> None:
        *tables, name = place
        table = top
        for each in tables:
            table = table.setdefault(each, {})
        holder, key = spot(table, name) or (table, name)
        holder[key] = value

    return changed(text or HEAD, put)


def without_setting(text: str, place: Sequence[str]) -> str:
    """The text without a setting; the same text where it is not there.

    Raises:
        NotWritten: the file is written in a way that cannot be changed for sure.
    """

    def take(top: Table) -> None:
        *tables, name = place
        table = top
        for each in tables:
            table = table.get(each, {})
        if found := spot(table, name):
            holder, key = found
            del holder[key]

    return changed(text, take)


def spot(table: Table, name: str) -> tuple[Table, str] | None:
    """Where `app.help` stands: under that name, or as `help` in a table `app`."""
    if name in table:
        return table, name
    for end, letter in enumerate(name):
        inner = table.get(name[:end]) if letter == "." else None
        if isinstance(inner, dict) and (found := spot(inner, name[end + 1 :])):
            return found
    return None


def pruned(table: Table) -> dict[str, Any]:
    """A table without the empty ones in it, which say nothing."""
    inner = {name: pruned(value) if isinstance(value, dict) else value for name, value in table.items()}
    return {name: value for name, value in inner.items() if value != {}}


def changed(text: str, change: Callable[[Table], None]) -> str:
    """A TOML text after a change that is known to have done what it should, and nothing else."""
    # Imported here: reading settings must not wait for it.
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    wanted = tomllib.loads(text)
    try:
        change(wanted)
        document = tomlkit.parse(text)
        change(document)
        result = document.as_string()
        if pruned(tomllib.loads(result)) == pruned(wanted):
            return result
    except (TOMLKitError, ValueError, TypeError, KeyError, AttributeError):
        # Where something else stands in a table's place, or in a way that tomlkit does not take.
        pass
    raise NotWritten(
        "The settings file could not be changed",
        "It is written in a way that would not have stayed as it is. Nothing was changed.",
        "Change it in an editor; `casemgr settings path` says where it is.",
    )
