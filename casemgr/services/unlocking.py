"""Giving a passphrase: slowly, and with every wrong one counted until the ledger can be told."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from casemgr.clock import MICROSECONDS, SystemClock
from casemgr.core.key_slots import RECOVERY
from casemgr.errors import InputRefused, Locked, NotFound, NotWritten, StoreUnavailable
from casemgr.services.access import SomebodyElse, Unlocked, locked, record_access
from casemgr.services.passphrases import as_bytes, of_file
from casemgr.services.setup import likely_login
from casemgr.store.database import open_as_it_is
from casemgr.store.key_slots import (
    Ring,
    changing,
    label_of,
    open_coming,
    open_slot,
    read_slots,
    write_slots,
)
from casemgr.store.locks import locked as locked_by
from casemgr.store.sealing import NotOpened, stretched

if TYPE_CHECKING:
    from collections.abc import Iterator
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

PATIENCE = 60
"""Seconds to wait for others who are giving a passphrase: each takes a part of a second."""

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
    with one_try(places, slot.label if slot else ""):
        if slot is None:
            take_as_long(file, as_bytes(passphrase))
            raise NotOpened("no slot")
        opened = open_slot(file, slot, as_bytes(passphrase))
    key, brought = settled(places, file, slot, as_bytes(passphrase), opened)
    return Unlocked(opened.login, key, fresh=True, brought=brought)


def unlock_with_file(places: Places, login: str, path: Path) -> Unlocked:
    """Who the passphrase in a file lets in: for scripts.

    Raises:
        Locked: it is none of theirs.
        InputRefused: the file cannot be read.
    """
    found = unlock(places, login, of_file(path)[0])
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
    people = [one for one in file.slots if one.label != RECOVERY]
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


def take_as_long(file: SlotFile, secret: bytes) -> None:
    """Take the time of a wrong passphrase where there is no slot, so that it does not tell who has one."""
    for slot in file.slots:
        if slot.label != RECOVERY:
            stretched(secret, bytes.fromhex(slot.salt), slot.hardness)
            return


def settled(places: Places, file: SlotFile, slot: Slot, secret: bytes, opened: Opened) -> tuple[str, str]:
    """The key that the data really has; where a change of it was cut short, that is brought to its end.

    While the change is still under way, its slots are left alone: they hold the only copy of the key to come.

    Returns:
        The key, and what the ledger is told of what was brought to its end.

    Raises:
        StoreUnavailable: the slots belong to other data, or were altered by somebody without its key.
    """
    Ring.of(file, opened.key)
    if file.coming is None:
        return opened.key, ""
    with ExitStack() as stack:
        held = False
        with suppress(NotWritten):
            held = stack.enter_context(changing(places.slots))
        if held and read_slots(places.slots) != file:
            return _settled_meanwhile(places, slot, secret, opened)
        former = Ring.of(file, opened.key)
        if fits(places.database, opened.key):
            if held:
                write_slots(places.slots, file.model_copy(update={"coming": None}))
            return opened.key, ""
        after = open_coming(file, slot, secret)
        if after is None or not fits(places.database, after.key):
            return opened.key, ""
        ring = Ring.of(file.coming, after.key)
        if not held:
            return after.key, ""
        write_slots(places.slots, ring.file)
        gone = sorted(set(former.whose()) - set(ring.whose()))
        left = f", without {' and '.join(gone)}" if gone else ""
        return after.key, f"brought a change of the key to its end{left}"


def _settled_meanwhile(places: Places, slot: Slot, secret: bytes, opened: Opened) -> tuple[str, str]:
    """The key where somebody else has settled it between our two looks."""
    now = read_slots(places.slots)
    found = now.slot(slot.label)
    if found is None:
        return opened.key, ""
    with suppress(NotOpened):
        return open_slot(now, found, secret).key, ""
    return opened.key, ""


def fits(database: Path, key: str) -> bool:
    """Whether a key opens the data."""
    try:
        open_as_it_is(database, key, read_only=True).close()
    except (NotFound, StoreUnavailable):
        return False
    return True


def wrong(places: Places) -> Locked:
    """What is said of a wrong passphrase: not whether there is such a login."""
    error = Locked(
        "That login and passphrase do not open the data",
        "Nothing was done.",
        "Try again. Who has forgotten theirs gets another from the owner: "
        "`casemgr staff leave LOGIN --stays`, then `invite`. The owner needs the recovery key: "
        "`casemgr staff passphrase --recovery`.",
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


def note_try(places: Places, label: str) -> None:
    """Count a try before it is known how it ends: whoever is stopped in the middle has tried all the same.

    Args:
        places: the practice.
        label: of the slot that was tried, which names nobody; empty where there is none of that login.
    """
    with suppress(OSError):
        handle = os.open(places.tries, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "a", encoding="ascii") as file:
            file.write(f"{SystemClock().now()} {label}".rstrip() + "\n")


def tries(places: Places) -> list[int]:
    """The instants at which something was tried since somebody last got in, in microseconds."""
    return [at for at, _ in labelled_tries(places)]


def labelled_tries(places: Places) -> list[tuple[int, str]]:
    """The same, each with the label of the slot that was tried."""
    try:
        lines = places.tries.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []
    found = ((at, label) for at, _, label in (line.partition(" ") for line in lines))
    return [(int(at), label) for at, label in found if at.isdecimal() and len(at) < LONGEST_INSTANT]


@contextmanager
def alone(places: Places) -> Iterator[None]:
    """Nobody else tries a passphrase meanwhile, so that many at once neither hurry nor count for each other.

    Raises:
        Locked: somebody else has been at it for too long.
    """
    with ExitStack() as stack:
        held = True
        # Where nothing can be written, people can still read.
        with suppress(NotWritten):
            lock = places.tries.with_name(f".{places.tries.name}.lock")
            held = stack.enter_context(locked_by(lock, patience=PATIENCE))
        if not held:
            error = Locked(
                "Too many are giving a passphrase at this moment", "Nothing was done.", "Try again shortly."
            )
            error.wait_seconds = 1
            raise error
        yield


@contextmanager
def one_try(places: Places, label: str) -> Iterator[None]:
    """One try of a passphrase, which opens something or raises NotOpened; only a wrong one is counted.

    Args:
        places: the practice.
        label: as note_try has it.

    Raises:
        Locked: it was wrong, or the next try has to wait; `wait_seconds` says how long.
    """
    with alone(places):
        refuse_to_hurry(places)
        before = size_of(places.tries)
        note_try(places, label)
        try:
            yield
        except NotOpened as error:
            raise wrong(places) from error
        with suppress(OSError):
            if before:
                os.truncate(places.tries, before)
            else:
                places.tries.unlink(missing_ok=True)


def size_of(path: Path) -> int:
    """A file's bytes; 0 where there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def tell_tries(desk: Desk) -> None:
    """Tell the ledger what was tried in vain since the last time, for somebody has got in now.

    Where nothing can be written, it is kept until it can.
    """
    with suppress(NotWritten, OSError, Locked), alone(desk.places):
        failed: dict[str, list[int]] = {}
        for at, label in labelled_tries(desk.places):
            failed.setdefault(tried_as(desk, label), []).append(at)
        for said, instants in failed.items():
            record_access(
                desk, "fail", detail=said, times=len(instants), first_at=instants[0], last_at=instants[-1]
            )
        desk.places.tries.unlink(missing_ok=True)


def tried_as(desk: Desk, label: str) -> str:
    """Whose passphrase was tried, in words."""
    if label == RECOVERY:
        return "tried with a recovery key"
    with suppress(StoreUnavailable):
        logins = Ring.of(read_slots(desk.places.slots), desk.store.key).directory.logins
        if label in logins:
            return f"tried as {logins[label]}"
    return "tried with a login that has no passphrase here"


def record_unlocking(desk: Desk, brought: str = "") -> None:
    """Tell the ledger what was tried in vain, and then who was let in; people get in without that, too."""
    tell_tries(desk)
    with suppress(NotWritten, OSError):
        record_access(desk, "unlock", desk.login, brought)
