"""What the screen of settings asks of the lane, and what the program looks after once it has begun."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from casemgr.services.changes import pulse
from casemgr.tui.jobs import now
from casemgr.tui.messages import Quiet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from casemgr.core.preferences import Preferences
    from casemgr.core.records import Practice, Staff
    from casemgr.errors import CasemgrError, ContentBroken
    from casemgr.services.changes import Pulse
    from casemgr.services.desk import Desk
    from casemgr.services.news import Release
    from casemgr.services.preferences import Setting, Value
    from casemgr.tui.widgets.access import Entrant
    from casemgr.tui.widgets.roles import Held


@dataclass
class SettingsRead(Message):
    """Everything that the screen shows."""

    values: Preferences
    settings: tuple[Setting, ...]
    trouble: ContentBroken | None
    """What of the file cannot be used."""
    practice: Practice
    staff: tuple[Staff, ...]
    held: tuple[Held, ...]
    """Each role, and who of those who work here has it."""
    entrants: tuple[Entrant, ...]
    """Who works here, each with whether they have a passphrase."""
    recovery: bool
    """Whether there are recovery words."""
    about: tuple[tuple[str, str], ...]
    news: tuple[Release, ...]
    today: date
    pulse: Pulse


@dataclass
class Preferred(Message):
    """A setting was changed."""

    values: Preferences
    at: str
    words: str


@dataclass
class LookedRound(Message):
    """What people should be told once the first screen is there."""

    trouble: ContentBroken | None
    updated_from: str
    """The version before this one, where it is another since the last time."""
    keys: Mapping[str, str]
    """The changed keys that can be had."""
    wrong_keys: tuple[str, ...]
    damage: CasemgrError | None
    """What is damaged, what is left of it and what to do; None as a rule."""


@dataclass
class BackupFailed(Message):
    """The daily backup could not be made, and nobody was told yet."""

    words: str


def read_settings(desk: Desk) -> SettingsRead:
    """Read settings, practice and staff."""
    from casemgr.services.about import about
    from casemgr.services.news import releases
    from casemgr.services.practices import current
    from casemgr.services.preferences import preferences, settings_shown
    from casemgr.services.staff import listed
    from casemgr.tui.jobs_access import entrants

    found, staff = preferences(desk.places), tuple(listed(desk, include_left=True))
    return SettingsRead(
        found.values,
        tuple(settings_shown(desk.places)),
        found.trouble,
        current(desk),
        staff,
        held(staff, desk.today()),
        *entrants(desk, staff),
        about(desk),
        releases(),
        desk.today(),
        pulse(desk),
    )


def held(staff: tuple[Staff, ...], today: date) -> tuple[Held, ...]:
    """Each role, and the names of who works here on a day and has it."""
    from casemgr.core.roles import ROLES
    from casemgr.tui.widgets.roles import Held

    here = [member for member in staff if member.works_on(today.isoformat())]
    return tuple(Held(role, tuple(one.name for one in here if one.access == role)) for role in ROLES)


def save_setting(desk: Desk, name: str, value: Value, words: str) -> Preferred:
    """Change a setting."""
    from casemgr.services.preferences import save_preference

    return Preferred(save_preference(desk.places, name, value), now(desk), words)


def unset_setting(desk: Desk, name: str, words: str) -> Preferred:
    """Let the default count again."""
    from casemgr.services.preferences import unset_preference

    return Preferred(unset_preference(desk.places, name), now(desk), words)


def keep_theme(desk: Desk, theme: str) -> Quiet:
    """Remember light or dark for the next start."""
    from casemgr.services.preferences import save_preference

    save_preference(desk.places, "theme", theme)
    return Quiet()


def look_round(desk: Desk) -> LookedRound:
    """Look whether the settings can be used, and whether this is another version than the last time."""
    from casemgr.services.news import updated_from
    from casemgr.services.preferences import preferences

    found = preferences(desk.places)
    keys: Mapping[str, str] = found.values.keys
    wrong: tuple[str, ...] = ()
    if keys:
        # This imports every screen, which nobody should wait for who has changed no key.
        from casemgr.tui.keymap import usable

        keys, wrong = usable(keys)
    damage = None
    if desk.damaged is not None:
        from casemgr.services.salvage import READ_ONLY, told

        damage = told(desk.places, desk.store.key, READ_ONLY)
    return LookedRound(found.trouble, updated_from(desk.places), keys, wrong, damage)


def begin_backup(desk: Desk) -> BackupFailed | Quiet:
    """Begin the day's backup if it is due; a process of its own makes it."""
    from casemgr.services.daily import begin_daily

    unsaid = begin_daily(desk)
    return BackupFailed(unsaid) if unsaid else Quiet()
