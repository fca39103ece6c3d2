"""People's settings: read at the start, changed one at a time, the rest of the file left as it was."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple, get_args

from casemgr.core.preferences import Preferences
from casemgr.errors import ContentBroken, InputRefused, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Any

    from casemgr.settings import Places

    Value = str | int | bool

FILE_NAME = "settings.toml"

ENVIRONMENT = ("VISUAL", "EDITOR")
"""What names an editor where the file does not, in this order."""


class Found(NamedTuple):
    """Preferences as they count now."""

    values: Preferences
    said: frozenset[str] = frozenset()
    """The names of those that the file says."""
    trouble: ContentBroken | None = None
    """What of the file cannot be used, and where; the defaults count for it. To be shown, calmly."""


class Setting(NamedTuple):
    """A setting as people are shown it."""

    name: str
    """As `casemgr settings set` takes it: `theme`, `keys.today.undo`."""
    value: Value
    source: str
    """`settings.toml`, `default`, or the variable that says it."""
    about: str
    choices: tuple[str, ...] = ()
    """All that it can be; empty where that is no list."""


def settings_file(places: Places) -> Path:
    """Where the settings are kept, whether there are any yet or not."""
    return places.config / FILE_NAME


def preferences(places: Places) -> Found:
    """The preferences as they count now; a broken file keeps nobody from starting.

    Without a file nothing is parsed, and not even what it may say is imported.
    """
    path = settings_file(places)
    if not _is_there(path):
        return Found(Preferences())
    try:
        raw = _raw(path)
    except ContentBroken as error:
        error.detail += "\nUntil that is mended, the defaults count."
        return Found(Preferences(), trouble=error)
    from casemgr.core.preferences_file import read_preferences

    values, said, faults = read_preferences(raw)
    return Found(values, said, _trouble(path, faults) if faults else None)


def save_preference(places: Places, name: str, value: Value) -> Preferences:
    """Change one setting in the file, which is made where there is none.

    Args:
        places: where the file is.
        name: a setting, or `keys.` and the id of what a key does.
        value: what it is to be, also as people write it: `yes`, `60`, `ride`.

    Returns:
        The preferences from now on.

    Raises:
        NotFound: there is no such setting, or no such kind of activity; the nearest is named.
        InputRefused: it cannot be that.
        ContentBroken: the file is no TOML; nothing was changed.
        NotWritten: it cannot be written to, or not without harm to the rest of it.
    """
    from casemgr.documents.settings_file import with_setting

    place = _place(name)
    kept = _checked(places, place, value)
    return _write(places, lambda text: with_setting(text, place, kept))


def unset_preference(places: Places, name: str) -> Preferences:
    """Take a setting out of the file, so that its default counts; also what the file says and nobody knows.

    Raises:
        NotFound: there is no such setting, neither in the file nor at all.
        ContentBroken: the file is no TOML; nothing was changed.
        NotWritten: it cannot be written to, or not without harm to the rest of it.
    """
    from casemgr.documents.settings_file import without_setting

    path = settings_file(places)
    if not _is_there(path):
        _place(name)
        return Preferences()
    place = [name] if name in _raw(path) else _place(name)
    return _write(places, lambda text: without_setting(text, place))


def settings_shown(places: Places, environ: Mapping[str, str] = os.environ) -> list[Setting]:
    """Every setting as it counts now, and where that comes from; the keys that were changed come last."""
    from casemgr.core.preferences_file import PreferencesFile

    values, said, _ = preferences(places)
    shown = []
    for name, info in PreferencesFile.model_fields.items():
        about = info.description or ""
        value = getattr(values, name)
        source = FILE_NAME if name in said else "default"
        if name == "keys":
            shown += [Setting(f"keys.{binding}", keys, source, about) for binding, keys in value.items()]
            continue
        if name == "editor" and not value:
            source = next((each for each in ENVIRONMENT if environ.get(each, "").strip()), "default")
            value = " ".join(editor_command(values, environ))
        shown.append(Setting(name, value, source, about, _choices(places, name)))
    return shown


def editor_command(values: Preferences, environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """The command that edits a file, in parts: the setting's, VISUAL's, EDITOR's, else what the system has.

    Empty where there is none.
    """
    # Imported here, since most people never edit elsewhere.
    import shlex
    from shutil import which

    for command in (values.editor, *(environ.get(name, "") for name in ENVIRONMENT)):
        # The paths of Windows are full of what takes a letter's meaning away elsewhere.
        with suppress(ValueError):
            if parts := shlex.split(command, posix=os.name != "nt"):
                return tuple(part.strip('"') for part in parts)
    usual = ("notepad",) if os.name == "nt" else ("nano", "vi")
    return next(((name,) for name in usual if which(name)), ())


def _is_there(path: Path) -> bool:
    """Whether there is a file, or something in its place that cannot be looked at."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        pass
    return True


def _raw(path: Path) -> dict[str, Any]:
    """What the file holds.

    Raises:
        ContentBroken: it is no TOML, no UTF-8, or cannot be opened.
    """
    from casemgr.resources import load_toml

    try:
        return load_toml(path)
    except ContentBroken as error:
        error.title = "The settings cannot be read"
        error.todo = f"Mend {path} in an editor, or move it away."
        raise


def _trouble(path: Path, faults: tuple[str, ...]) -> ContentBroken:
    told = [f"{path}: {fault}" for fault in faults]
    return ContentBroken(
        "Some settings cannot be used",
        "\n".join((*told, "For these the defaults count.")),
        "Mend them with `casemgr settings set` or an editor, or take them out with `casemgr settings unset`.",
    )


def _place(name: str) -> list[str]:
    """Where a setting stands in the file.

    Raises:
        NotFound: there is no such setting.
    """
    table, _, binding = name.partition(".")
    if table == "keys" and binding:
        return [table, binding]
    settings = [each for each in Preferences._fields if each != "keys"]
    if name in settings:
        return [name]
    from difflib import get_close_matches

    raise NotFound(
        f"There is no setting “{name}”",
        "Nothing was changed.",
        "`casemgr settings` shows them all; a key is set by its id, such as keys.today.whose.",
        tuple(get_close_matches(name, settings, n=3, cutoff=0.5)),
    )


def _checked(places: Places, place: list[str], value: Value) -> Value:
    """A value in the form in which the file keeps it.

    Raises:
        NotFound: there is no such kind of activity.
        InputRefused: the setting cannot be that.
    """
    name = place[0]
    if name == "default_kind" and value:
        from casemgr.services.content import ContentDesk, kind_named

        return kind_named(ContentDesk(places), str(value)).kind
    from casemgr.core.preferences_file import read_preferences

    values, _, faults = read_preferences({name: {place[1]: value} if place[1:] else value})
    if faults:
        raise InputRefused(faults[0], "Nothing was changed.", candidates=_choices(places, name))
    kept: Value = values.keys[place[1]] if place[1:] else getattr(values, name)
    return kept


def _choices(places: Places, name: str) -> tuple[str, ...]:
    """All that a setting can be, where that is a list."""
    if name == "default_kind":
        from casemgr.services.content import ContentDesk

        return ContentDesk(places).kinds.ids
    if name == "default_method":
        from casemgr.core.methods import METHODS

        return tuple(METHODS)
    from casemgr.core.preferences_file import PreferencesFile

    annotation = PreferencesFile.model_fields[name].annotation
    return ("yes", "no") if annotation is bool else get_args(annotation) if name in {"theme", "whose"} else ()


def _write(places: Places, change: Callable[[str], str]) -> Preferences:
    """Put the changed text in the file's place, whole or not at all."""
    from casemgr.documents.files import write_file
    from casemgr.store.keys import make_private_folder

    path = settings_file(places)
    text = ""
    if _is_there(path):
        _raw(path)
        # Not by read_text, which would make other line ends of them.
        text = path.read_bytes().decode("utf-8-sig")
    changed = change(text)
    if changed != text:
        make_private_folder(path.parent)
        # A link stays one: people keep their settings elsewhere and link to them.
        write_file(path.resolve(), changed.encode(), overwrite=True)
    return preferences(places).values
