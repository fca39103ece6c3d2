"""Making a practice."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from difflib import get_close_matches
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from casemgr.clock import SystemClock
from casemgr.core.records import LOGIN, Practice, Staff
from casemgr.core.text import tidy, words
from casemgr.errors import NotWritten
from casemgr.services.access import Unlocked, begin_session
from casemgr.services.desk import migrations_folder, open_unlocked
from casemgr.services.passphrases import as_bytes, check_passphrase
from casemgr.services.refusals import refused
from casemgr.settings import Settings
from casemgr.store.database import create_store
from casemgr.store.key_slots import Ring, write_slots
from casemgr.store.keys import make_private_folder, new_key, sync_folder
from casemgr.store.ledger import name_device, write
from casemgr.store.place import refuse_network_share

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.clock import Clock
    from casemgr.services.desk import Desk
    from casemgr.settings import Places

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
    passphrase: str,
) -> Desk:
    """Make data file, owner and the owner's key slot, and sit down as the owner.

    The folder of the data appears under its name only when all of that is in it, and stays unlocked for a
    while. There is no recovery key yet: see key_slots.make_recovery.

    Args:
        places: where.
        name: the practice's.
        time_zone: its IANA name.
        owner: the owner's login.
        owner_name: the owner's name; the login where that is empty.
        clock: what tells the present; the system's clock unless given.
        credential: letters after the owner's name, such as CDHC.
        passphrase: the owner's.

    Raises:
        InputRefused: no name, an unknown time zone, a login with other characters, or a weak passphrase.
        NotWritten: there is a practice already, or the folder cannot be written to.
        StoreUnavailable: it would be on a network share.
    """
    clock = clock or SystemClock()
    owner = check_free(places, name, time_zone, owner)
    check_passphrase(passphrase, (owner, owner_name, name))
    make_private_folder(places.data.parent)
    unfinished = places.data.with_name(f".new-{os.getpid()}")
    # A thread of the same process may be at it too: the folder is whose it is that made it.
    make_private_folder(unfinished)
    try:
        key = new_key()
        store = create_store(unfinished / places.database.name, key, migrations_folder())
        try:
            name_device(store)
            with write(store, owner, clock.now()) as tx:
                named, letters = tidy(owner_name) or owner, tidy(credential)
                tx.append(
                    "add",
                    "staff",
                    Staff(id=owner, name=named, credential=letters, role="owner", access="owner"),
                )
                zone = check_zone(time_zone).key
                made = Practice(id="practice", name=tidy(name), time_zone=zone, owner=owner)
                tx.append("add", "practice", made)
        finally:
            store.close()
        slots = Ring.new(key).with_passphrase(owner, as_bytes(passphrase))
        write_slots(unfinished / places.slots.name, slots.file)
        put_in_place(unfinished, places)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    for folder in (places.config, places.exports, places.backups):
        make_private_folder(folder)
    unlocked = Unlocked(owner, key)
    # Where nothing can be kept in memory, people are asked each time.
    with suppress(NotWritten):
        begin_session(places, unlocked)
    return open_unlocked(Settings(places, ""), unlocked, clock)


def check_free(places: Places, name: str, time_zone: str, owner: str) -> str:
    """Refuse what no practice can be, or a place that is taken, before anybody thinks of a passphrase.

    Returns:
        The owner's login as it is kept.
    """
    refuse_network_share(places.data)
    remove_leftovers(places)
    check_zone(time_zone)
    owner = check_login(owner)
    if not tidy(name):
        raise refused("A practice needs a name", "Give it with --practice.", "name", NOTHING_MADE)
    refuse_occupied(places)
    return owner


def refuse_occupied(places: Places) -> None:
    """Refuse a place where there is a practice, or what is left of one.

    Raises:
        NotWritten: there is.
    """
    if places.database.exists():
        raise NotWritten(
            "There is a practice here already",
            f"{places.database} was not touched.",
            "Use it as it is, or name another folder in CASEMGR_HOME.",
        )
    left = sorted(path.name for path in places.data.iterdir()) if places.data.is_dir() else []
    if left:
        raise NotWritten(
            "The folder for the data is not empty",
            f"{places.data} holds {left[0]}{' and more' if len(left) > 1 else ''}, "
            "but no data file. Nothing was touched.",
            "Put a backup back with `casemgr restore`, or move that folder away first.",
        )


def put_in_place(unfinished: Path, places: Places) -> None:
    """Let the folder of the data appear, whole; of two set-ups at once, one wins and the other is told.

    Raises:
        NotWritten: another program was first, or it may not be written there.
    """
    try:
        if os.name == "nt" and places.data.is_dir():
            places.data.rmdir()
        # It takes the place of an empty folder, and of nothing else.
        unfinished.rename(places.data)
    except OSError as error:
        if places.database.exists():
            raise NotWritten(
                "There is a practice here already", "Another program made it just now.", "Use it as it is."
            ) from error
        raise NotWritten(
            "The practice could not be put in its place",
            f"{places.data}: {error.strerror}. Nothing stays of it.",
            "Check who may write to that folder.",
        ) from error
    try:
        sync_folder(places.data.parent)
    except OSError as error:
        # What a power cut may take away again is not called made.
        places.data.rename(unfinished)
        raise NotWritten(
            "The disk does not keep what is written",
            f"{places.data}: {error.strerror}. {NOTHING_MADE}",
            "Check the disk, or name another folder in CASEMGR_HOME.",
        ) from error


def remove_leftovers(places: Places) -> None:
    """Remove what set-ups that were killed have left: folders named after processes that are no more."""
    for path in places.data.parent.glob(".new-*"):
        made_by = re.fullmatch(r"\.new-(\d+)", path.name)
        if made_by and not is_running(int(made_by[1])):
            shutil.rmtree(path, ignore_errors=True)


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
        # As people write it, in whatever case.
        return ZoneInfo(next((zone for zone in USUAL_ZONES if zone.lower() == name.strip().lower()), name))
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
