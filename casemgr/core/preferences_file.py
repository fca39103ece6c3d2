"""The file `settings.toml`: what it may say, and what to do with what it may not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ValidationError
from pydantic import Field as Described

from casemgr.core.base import Content
from casemgr.core.content import faults_of
from casemgr.core.methods import METHODS, read_method
from casemgr.core.preferences import Preferences
from casemgr.core.text import tidy
from casemgr.core.wording import listed

DEFAULTS = Preferences()

_BINDING = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
_KEY = re.compile(r"\S|[a-z][a-z0-9_+]*(\+\S)?")


def _word(value: object) -> object:
    """A word in any case, or a theme by its whole name, as the file has it."""
    return value.strip().lower().removeprefix("casemgr-") if isinstance(value, str) else value


def _method(value: str) -> str:
    method = read_method(value)
    if method and method not in METHODS:
        raise ValueError(f"no contact method is called that; write {listed(METHODS)}")
    return method


def _command(value: str) -> str:
    # Imported here, since few name their editor in this file.
    import shlex

    shlex.split(value)
    return value.strip()


def _binding(value: str) -> str:
    if not _BINDING.fullmatch(value):
        raise ValueError("a key belongs to an id such as today.undo; the key table of the help has them")
    return value


def _keys(value: str) -> str:
    keys = [key.strip() for key in value.split(",")]
    if not all(_KEY.fullmatch(key) and key.isprintable() for key in keys):
        raise ValueError('keys are written such as "u", "ctrl+u" or "f6,comma", with a comma between two')
    return ",".join(keys)


class PreferencesFile(Content):
    """What `settings.toml` may say; the description of each setting is what people are shown of it."""

    theme: Annotated[
        Literal["auto", "dark", "light"],
        BeforeValidator(_word),
        Described(description="Colours of the terminal UI: dark, light, or auto, as the terminal is."),
    ] = DEFAULTS.theme
    whose: Annotated[
        Literal["mine", "everybody"],
        BeforeValidator(_word),
        Described(description="Whose work the first screen begins with: mine, or everybody's."),
    ] = DEFAULTS.whose
    mouse: Annotated[
        bool,
        Described(description="Whether the mouse works in the terminal UI; else it is left to the terminal."),
    ] = DEFAULTS.mouse
    forgotten_timer_minutes: Annotated[
        int,
        Described(
            ge=0,
            le=720,
            description="Minutes without a key after which a running timer is asked after; 0: never.",
        ),
    ] = DEFAULTS.forgotten_timer_minutes
    lock_after: Annotated[
        int,
        Described(
            ge=1,
            le=240,
            description="Minutes without a key or the mouse after which the terminal UI locks itself.",
        ),
    ] = DEFAULTS.lock_after
    default_kind: Annotated[
        str, AfterValidator(tidy), Described(description="The kind of activity that a new form begins with.")
    ] = DEFAULTS.default_kind
    default_method: Annotated[
        str, AfterValidator(_method), Described(description="The contact method that a new form begins with.")
    ] = DEFAULTS.default_method
    editor: Annotated[
        str,
        AfterValidator(_command),
        Described(description="The command that edits a note; else VISUAL says it, else EDITOR."),
    ] = DEFAULTS.editor
    daily_backup: Annotated[
        bool,
        Described(description="Whether a backup is made, and proven, on the first use of each day."),
    ] = DEFAULTS.daily_backup
    keys: Annotated[
        dict[Annotated[str, AfterValidator(_binding)], Annotated[str, AfterValidator(_keys)]],
        Described(description="Another key, by the id of what it does."),
    ] = Described(default_factory=dict)


def read_preferences(raw: Mapping[str, Any]) -> tuple[Preferences, frozenset[str], tuple[str, ...]]:
    """What a file says; where that cannot be used, the default counts.

    Returns:
        The preferences, the names of those that the file says, and a line for each thing that cannot be used.
    """
    given = dict(raw)
    if isinstance(raw.get("keys"), Mapping):
        given["keys"] = flattened(raw["keys"])
    faults = []
    try:
        file = PreferencesFile.model_validate(given)
    except ValidationError as error:
        faults = faults_of(PreferencesFile, error)
        for place, _ in faults:
            if len(place) > 1:
                given["keys"].pop(place[1], None)
            else:
                given.pop(str(place[0]), None)
        file = PreferencesFile.model_validate(given)
    values = Preferences(**{name: getattr(file, name) for name in Preferences._fields})
    return values, frozenset(file.model_fields_set), tuple(fault for _, fault in faults)


def flattened(table: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """`app.help = "f1"` without quotation marks is a table in a table; here it is the id `app.help` again."""
    flat: dict[str, Any] = {}
    for name, value in table.items():
        if isinstance(value, Mapping):
            flat |= flattened(value, f"{before}{name}.")
        else:
            flat[f"{before}{name}"] = value
    return flat
