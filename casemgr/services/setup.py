"""Making a practice."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from difflib import get_close_matches
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from casemgr.clock import SystemClock
from casemgr.core.records import LOGIN, Practice, Staff
from casemgr.core.text import tidy, words
from casemgr.errors import NotWritten, StoreUnavailable
from casemgr.services.desk import Desk, migrations_folder
from casemgr.services.refusals import refused
from casemgr.store.database import create_store, open_store
from casemgr.store.keys import make_key, make_private_folder, read_key, sync_folder
from casemgr.store.ledger import name_device, write

if TYPE_CHECKING:
    from casemgr.clock import Clock
    from casemgr.settings import Places

KEEP_THE_KEY = (
    "Keep a copy of the key file in a safe place apart from the data: without it, nobody can read the data."
)
"""What people are told where a key is made."""

USUAL_ZONES = (
    *("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles"),
    *("America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico"),
)

_LOGIN = re.compile(LOGIN)
NOTHING_MADE = "Nothing was made."


def create_practice(
    places: Places,
    name: str,
    time_zone: str,
    owner: str,
    owner_name: str,
    clock: Clock | None = None,
    *,
    credential: str = "",
) -> Desk:
    """Make key, data file, practice and owner, and sit down as the owner.

    The data file appears under its name only when all of that is in it.

    Args:
        places: where.
        name: the practice's.
        time_zone: its IANA name.
        owner: the owner's login.
        owner_name: the owner's name; the login where that is empty.
        clock: what tells the present; the system's clock unless given.
        credential: letters after the owner's name, such as CDHC.

    Raises:
        InputRefused: no name, an unknown time zone, or a login with other characters.
        NotWritten: there is a practice already, or the folder cannot be written to.
        StoreUnavailable: there is a key file that holds no key.
    """
    clock = clock or SystemClock()
    remove_leftovers(places)
    check_zone(time_zone)
    owner = check_login(owner)
    if not tidy(name):
        raise refused("A practice needs a name", "Give it with --practice.", "name", NOTHING_MADE)
    make_private_folder(places.data)
    if places.database.exists():
        raise NotWritten(
            "There is a practice here already",
            f"{places.database} was not touched.",
            "Use it as it is, or name another folder in CASEMGR_HOME.",
        )
    key = usable_key(places)
    unfinished = places.database.with_name(f".new-{os.getpid()}.db")
    try:
        store = create_store(unfinished, key, migrations_folder())
        try:
            name_device(store)
            with write(store, owner, clock.now()) as tx:
                named, letters = tidy(owner_name) or owner, tidy(credential)
                tx.append("add", "staff", Staff(id=owner, name=named, credential=letters, role="owner"))
                made = Practice(id="practice", name=tidy(name), time_zone=time_zone, owner=owner)
                tx.append("add", "practice", made)
        finally:
            store.close()
        # A hard link never replaces: of two set-ups at once, one wins and the other is told.
        os.link(unfinished, places.database)
        sync_folder(places.data)
    except FileExistsError as error:
        raise NotWritten(
            "There is a practice here already", "Another program made it just now.", "Use it as it is."
        ) from error
    finally:
        for suffix in ("", "-wal", "-shm"):
            with suppress(OSError):
                unfinished.with_name(unfinished.name + suffix).unlink(missing_ok=True)
    for folder in (places.config, places.exports, places.backups):
        make_private_folder(folder)
    return Desk(open_store(places.database, key, migrations_folder()), places, clock)


def usable_key(places: Places) -> str:
    """The key that an interrupted set-up or a moved-away practice has left, or a new one.

    Raises:
        StoreUnavailable: the file that is there holds no key.
    """
    if not places.key.exists():
        return make_key(places.key)
    try:
        return read_key(places.key)
    except StoreUnavailable as error:
        if not any(places.backups.glob("*.db")):
            error.todo = f"No data and no backup here needs it: move {places.key} away, then do this again."
        raise


def remove_leftovers(places: Places) -> None:
    """Remove what set-ups that were killed have left: files named after processes that are no more."""
    for path in (*places.data.glob(".new-*.db*"), *places.keys.glob(".new-*.key")):
        made_by = re.fullmatch(r"\.new-(\d+)\.(?:db(?:-wal|-shm)?|key)", path.name)
        if made_by and not is_running(int(made_by[1])):
            with suppress(OSError):
                path.unlink()


def is_running(process: int) -> bool:
    """Whether there is a process of that number, as far as that can be told."""
    if os.name == "nt":
        return True  # There, asking would end it.
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        pass
    return True


def check_login(text: str) -> str:
    """A login in lower case.

    Raises:
        InputRefused: it has other characters than letters, digits, dot, dash and underscore.
    """
    login = text.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise refused(
            f"“{text}” cannot be a login",
            "Use letters, digits, dots, dashes and underscores, such as mrivera.",
            "login",
            NOTHING_MADE,
        )
    return login


def check_zone(name: str) -> ZoneInfo:
    """A time zone by its IANA name.

    Raises:
        InputRefused: there is none of that name; the nearest are named.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        near = get_close_matches(name, sorted(available_timezones()), n=5, cutoff=0.4)
        unknown = refused(
            f"“{name}” is not a time zone", "Name one such as America/New_York.", "time_zone", NOTHING_MADE
        )
        unknown.candidates = tuple(near)
        raise unknown from error


def likely_zone() -> str:
    """The machine's own time zone by its IANA name, as far as it can be told."""
    zone = os.environ.get("TZ", "").lstrip(":")
    if not zone:
        link = os.path.realpath("/etc/localtime")
        zone = link.rpartition("/zoneinfo/")[2] if "/zoneinfo/" in link else ""
    return zone if zone in available_timezones() else "America/New_York"


def known_zones() -> tuple[str, ...]:
    """The time zones to choose from: the usual ones of the United States, then all others by name."""
    return (*USUAL_ZONES, *sorted(available_timezones() - set(USUAL_ZONES)))


def login_for(name: str) -> str:
    """A login made from somebody's name, such as mrivera for Marisol Rivera; empty where none can be."""
    before, _, after = name.partition(",")
    # A single word before a comma is a last name; more of them stand before a credential.
    spelled = words(before) if len(words(before)) > 1 else (*words(after), *words(before))
    first, last = "".join(spelled[:-1])[:1], "".join(spelled[-1:])
    login = f"{first}{last}"[:32]
    return login if _LOGIN.fullmatch(login) else ""


def likely_login() -> str:
    """Who is at the machine, as far as that can be a login."""
    import getpass

    try:
        login = getpass.getuser().lower()
    except (KeyError, OSError):
        login = ""
    return login if _LOGIN.fullmatch(login) else "owner"
