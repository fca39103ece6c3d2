"""What the settings ask of the lane about who may unlock the data."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from casemgr.errors import StoreUnavailable
from casemgr.tui.jobs import now
from casemgr.tui.messages import Acted

if TYPE_CHECKING:
    from casemgr.core.records import Staff
    from casemgr.services.desk import Desk
    from casemgr.tui.widgets.access import Entrant


@dataclass
class Invitable(Message):
    """Somebody can be given a passphrase."""

    login: str
    name: str
    known: tuple[str, ...]
    """What is easily guessed of them."""


@dataclass
class WordsMade(Message):
    """There is a new recovery key."""

    words: tuple[str, ...]
    at: str


def entrants(desk: Desk, staff: tuple[Staff, ...]) -> tuple[tuple[Entrant, ...], bool]:
    """Who works here or has a passphrase, each with whether they have; and if there is a recovery key."""
    from casemgr.services.key_slots import standing
    from casemgr.tui.widgets.access import Entrant

    having: tuple[str, ...] = ()
    recovery = False
    # What is wrong with the slots is said by the check-up.
    with suppress(StoreUnavailable):
        found = standing(desk.places, desk.store.key)
        having, recovery = found.logins, found.recovery
    today = desk.today().isoformat()
    rows = tuple(
        Entrant(each.id, each.name, each.access, each.id in having, each.id == desk.login)
        for each in staff
        if each.id in having or each.works_on(today)
    )
    return rows, recovery


def known_of(desk: Desk) -> tuple[str, ...]:
    """What is easily guessed of who sits here."""
    from casemgr.services.key_slots import known_words

    return known_words(desk, desk.staff)


def change_own(desk: Desk, old: str, new: str) -> Acted:
    """Change one's own passphrase."""
    from casemgr.services.key_slots import change_passphrase

    change_passphrase(desk, old, new)
    return Acted("changed", now(desk), "your passphrase; backups made before open with the one of then")


def look_at(desk: Desk, login: str) -> Invitable:
    """Look whether somebody can be given a passphrase."""
    from casemgr.services.key_slots import invitable, known_words

    member = invitable(desk, login)
    return Invitable(member.id, member.name, known_words(desk, member))


def invite(desk: Desk, old: str, new: str, login: str) -> Acted:
    """Give somebody a first passphrase; there is no old one."""
    from casemgr.services import key_slots

    key_slots.invite(desk, login, new)
    return Acted("invited", now(desk), f"{login}; they change it under Settings, Access")


def take_away(desk: Desk, login: str) -> Acted:
    """Take somebody's passphrase away, and give the data another key."""
    from casemgr.services import rekeying

    whole = rekeying.take_away(desk, login)
    kept = "" if whole else "; another window keeps pages under the old one until it closes"
    return Acted("taken away", now(desk), f"the passphrase of {login}; the data has another key{kept}")


def new_words(desk: Desk) -> WordsMade:
    """Make a new recovery key."""
    from casemgr.services.key_slots import make_recovery

    return WordsMade(make_recovery(desk), now(desk))
