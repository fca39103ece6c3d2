"""How people want the program to be: theme, keys, defaults.

Nothing of the record depends on it: whoever has other settings sees, prints and exports the same.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

NO_KEYS: Mapping[str, str] = MappingProxyType({})


class Preferences(NamedTuple):
    """Settings, and what counts where nothing is said; core.preferences_file says what each may be."""

    theme: Literal["auto", "dark", "light"] = "auto"
    """Dark, light, or as the terminal is."""
    whose: Literal["mine", "everybody"] = "mine"
    """Whose work the first screen begins with."""
    mouse: bool = True
    """Whether the mouse works in the terminal UI."""
    forgotten_timer_minutes: int = 60
    """Minutes without a key after which a running timer is asked after; 0 for never."""
    lock_after: int = 10
    """Minutes without a key or the mouse after which the terminal UI locks itself."""
    default_kind: str = ""
    """Id of the kind of activity that a new form begins with; its file may have been taken away since."""
    default_method: str = ""
    """Id of the contact method that a new form begins with."""
    editor: str = ""
    """The command that edits a note; empty where the environment says it."""
    daily_backup: bool = True
    """Whether a backup is made on the first use of each day."""
    keys: Mapping[str, str] = NO_KEYS
    """Keys, with commas between them, by the id of what they do; neither need be one that there is."""
