"""Giving a passphrase: slowly, and with every wrong one counted until the ledger can be told."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from casemgr.clock import MICROSECONDS, SystemClock
from casemgr.errors import InputRefused, Locked, NotWritten, StoreUnavailable
from casemgr.services.access import SomebodyElse, Unlocked, locked, record_access
from casemgr.services.passphrases import as_bytes, of_file
from casemgr.services.setup import likely_login
from casemgr.store.database import open_as_it_is
from casemgr.store.key_slots import (
    Ring,
    label_of,
    open_coming,
    open_slot,
    read_slots,
    write_slots,
)
from casemgr.store.sealing import NotOpened

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.core.key_slots import Slot, SlotFile
    from casemgr.services.desk import Desk
    from casemgr.settings import Places
    from casemgr.store.key_slots import Opened

FREE_TRIES = 3
"""So many slips cost nothing."""

LONGEST_PAUSE = 60
"""Seconds that anybody has to wait before the next try."""

LONGEST_INSTANT = 20
"""Digits; whatever else stands in the file counts for nothing."""

FORGOTTEN_AFTER = 24 * 3600 * MICROSECONDS
"""Tries before that make nobody wait any longer; the ledger is told of them all the same."""


def likely_person(places: Places) -> str:
    """The login of who is at the machine, if they have a slot; else empty."""
    with suppress(StoreUnavailable):
        file = read_slots(places.slots)
        login = likely_login()
        return login if file.slot(label_of(file.practice, login)) else ""
    return ""


def unlock(places: Places, login: str, passphrase: str) -> Unlocked:
    """Who a passphrase lets in, and the data's key. It takes a tenth of a second, and more after wrong ones.

    Args:
        places: the practice.
        login: whose passphrase it is; may be empty where only one person has a slot.
        passphrase: as it was typed.

    Raises:
        Locked: it is none of theirs, or the next try has to wait; `wait_seconds` says how long.
        InputRefused: no login was given, and several have a slot.
        StoreUnavailable: the key slots are not there or cannot be read, or do not belong to the data.
    """
    if not places.slots.exists() and places.key.exists():
        raise locked(places)
    file = read_slots(places.slots)
    slot = slot_of(file, login.strip().lower())
    refuse_to_hurry(places)
    note_try(places)
    if slot is None:
        raise wrong(places)
    try:
        opened = open_slot(file, slot, as_bytes(passphrase))
    except NotOpened as error:
        raise wrong(places) from error
    key = settled(places, file, slot, as_bytes(passphrase), opened)
    return Unlocked(opened.login, key, fresh=True)


def unlock_with_file(places: Places, login: str, path: Path) -> Unlocked:
    """Who the passphrase in a file lets in: for scripts.

    Raises:
        Locked: it is none of theirs.
        InputRefused: the file cannot be read.
    """
    found = unlock(places, login, of_file(path))
    if login not in {"", found.login}:
        raise SomebodyElse(found, login)
    return found


def slot_of(file: SlotFile, login: str) -> Slot | None:
    """The slot of a login; without one, that of who is at the machine, or the only one there is.

    Raises:
        InputRefused: several have one, and who is meant cannot be told.
    """
    if login:
        return file.slot(label_of(file.practice, login))
    likely = file.slot(label_of(file.practice, likely_login()))
    people = [one for one in file.slots if one.label != "recovery"]
    if likely or len(people) == 1:
        return likely or people[0]
    error = InputRefused(
        "Whose passphrase is it?",
        "Several people have one here, and none of them has the name that this machine knows you by. "
        "Nothing was done.",
        "Say who you are with `casemgr --as LOGIN unlock`, or in CASEMGR_STAFF.",
    )
    error.field = "login"
    raise error


def settled(places: Places, file: SlotFile, slot: Slot, secret: bytes, opened: Opened) -> str:
    """The key that the data really has; where a change of it was cut short, that is brought to its end.

    Raises:
        StoreUnavailable: the slots belong to other data, or were altered by somebody without its key.
    """
    ring = Ring.of(file, opened.key)
    if file.coming is None:
        return opened.key
    if fits(places.database, opened.key):
        write_slots(places.slots, ring.file.model_copy(update={"coming": None}))
        return opened.key
    after = open_coming(file, slot, secret)
    if after is None or not fits(places.database, after.key):
        return opened.key
    write_slots(places.slots, Ring.of(file.coming, after.key).file)
    return after.key


def fits(database: Path, key: str) -> bool:
    """Whether a key opens the data."""
    try:
        open_as_it_is(database, key, read_only=True).close()
    except StoreUnavailable:
        return False
    return True


def wrong(places: Places) -> Locked:
    """What is said of a wrong passphrase: not whether there is such a login."""
    error = Locked(
        "That login and passphrase do not open the data",
        "Nothing was done.",
        "Try again; who has forgotten theirs is given a new one with `casemgr staff passphrase --recovery`.",
    )
    error.field = "passphrase"
    error.wait_seconds = pause(len(tries(places)))
    return error


def pause(count: int) -> int:
    """Seconds to wait after so many wrong ones: none at first, then twice as long each time."""
    return 0 if count < FREE_TRIES else min(2 ** min(count - FREE_TRIES, 10), LONGEST_PAUSE)


def refuse_to_hurry(places: Places) -> None:
    """Refuse the next try before its time.

    Raises:
        Locked: it is too early.
    """
    found = tries(places)
    now = SystemClock().now()
    # A clock that was set back since would make people wait for hours.
    if not found or not found[-1] <= now < found[-1] + FORGOTTEN_AFTER:
        return
    left = pause(len(found)) - (now - found[-1]) / MICROSECONDS
    if left > 0:
        seconds = int(left) + 1
        error = Locked(
            "Too many wrong passphrases",
            f"The next can be tried in {seconds} second{'s' if seconds > 1 else ''}. Nothing was done.",
            "Wait, then try again.",
        )
        error.field, error.wait_seconds = "passphrase", seconds
        raise error


def note_try(places: Places) -> None:
    """Count a try before it is known how it ends, so that many at once are counted as many."""
    with suppress(OSError):
        handle = os.open(places.tries, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "a", encoding="ascii") as file:
            file.write(f"{SystemClock().now()}\n")


def take_back_try(places: Places) -> None:
    """Count the try that has just let somebody in no longer, where the ledger is not told of it."""
    left = tries(places)[:-1]
    with suppress(OSError):
        if left:
            places.tries.write_text("".join(f"{at}\n" for at in left), encoding="ascii")
        else:
            places.tries.unlink(missing_ok=True)


def tries(places: Places) -> list[int]:
    """The instants at which something was tried since somebody last got in, in microseconds."""
    try:
        lines = places.tries.read_text(encoding="ascii", errors="replace").split()
    except OSError:
        return []
    return [int(line) for line in lines if line.isdecimal() and len(line) < LONGEST_INSTANT]


def record_unlocking(desk: Desk) -> None:
    """Tell the ledger who was let in, and before that what was tried in vain since the last time.

    Where nothing can be written, people can still read; what was tried is kept until it can.
    """
    # The last of them is the one that has just let somebody in.
    failed = tries(desk.places)[:-1]
    with suppress(NotWritten, OSError):
        if failed:
            record_access(desk, "fail", times=len(failed), first_at=failed[0], last_at=failed[-1])
        record_access(desk, "unlock", desk.login)
        desk.places.tries.unlink(missing_ok=True)
