"""Who has unlocked the data, and so acts: what every command asks before it opens anything.

Nothing here imports cryptography: what is unlocked already opens in no time. The slow half is `unlocking`.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from casemgr.clock import MICROSECONDS, SystemClock, uptime
from casemgr.errors import Locked, NotWritten, RuleRefused
from casemgr.settings import passphrase_file
from casemgr.store import unlocked as runtime

if TYPE_CHECKING:
    from casemgr.services.desk import Desk
    from casemgr.settings import Places

HOURS = 8
"""How long the data stays unlocked unless something else is said: a working day."""

LONGEST_HOURS = 24

_FINGERPRINT_LENGTH = 32


class Unlocked(NamedTuple):
    """Who may act, and the data's key."""

    login: str
    key: str
    fresh: bool = False
    """Whether a passphrase was given just now, which the ledger is told."""
    brought: str = ""
    """What a change of the key that was cut short came to, where this unlocking brought it to its end."""


class SomebodyElse(RuleRefused):
    """Another login than that of who has unlocked the data was named; the ledger is told."""

    def __init__(self, unlocked: Unlocked, acting: str) -> None:
        """Say who is who."""
        super().__init__(
            f"{unlocked.login} has unlocked the data, and so acts",
            f"Nobody acts as {acting} without that person's passphrase. Nothing was changed.",
            f"Leave out --as and CASEMGR_STAFF, or let {acting} run `casemgr --as {acting} unlock`.",
        )
        self.unlocked = unlocked


def unlocked(places: Places, acting: str = "") -> Unlocked:
    """Who has unlocked a practice's data, and its key.

    Args:
        places: the practice.
        acting: a login that was named; it cannot be another's.

    Raises:
        Locked: nobody has, or the time is over.
        SomebodyElse: somebody other than who was named has.
        StoreUnavailable: the key slots are not there or cannot be read.
    """
    acting = acting.strip().lower()
    file = passphrase_file()
    if file is not None:
        # Imported here, since only scripts need it.
        from casemgr.services.unlocking import unlock_with_file

        return unlock_with_file(places, acting, file)
    found = session(places)
    if found is None:
        raise locked(places)
    if acting not in {"", found.login}:
        raise SomebodyElse(found, acting)
    return found


def session(places: Places) -> Unlocked | None:
    """Who has unlocked the data for a while, if that is not over."""
    kept = held_session(places)
    return kept and Unlocked(kept.login, kept.key)


def held_session(places: Places) -> runtime.Kept | None:
    """What is kept of who has unlocked the data, if its time is not over."""
    name = _name_of(places)
    kept = runtime.kept(name) if name else None
    if kept is not None and not is_over(kept):
        return kept
    # Whoever is told that it is locked leaves no key behind whose time is over.
    if kept is not None:
        runtime.forget(name)
    runtime.sweep(is_over, keyring=False)
    return None


def keep_session(places: Places, kept: runtime.Kept) -> None:
    """Keep it, as long as before, for slots that have changed; where that cannot be, people are asked."""
    with suppress(NotWritten):
        runtime.keep(_name_of(places), kept, keyring=kept.in_keyring)


def is_over(kept: runtime.Kept) -> bool:
    """Whether the time is over by the machine's clock, or by how long it has been running."""
    return SystemClock().now() >= kept.until or uptime() >= kept.uptime


def begin_session(places: Places, unlocked: Unlocked, hours: float = HOURS, *, keyring: bool = False) -> str:
    """Keep the data unlocked for a while.

    Args:
        places: the practice.
        unlocked: who has unlocked it.
        hours: for how long, at most `LONGEST_HOURS`.
        keyring: in the operating system's keyring, though there is a folder in memory.

    Returns:
        Where that is kept, in words.

    Raises:
        NotWritten: there is no place for it.
    """
    # Imported here, since only unlocking needs it.
    from casemgr.services.leftovers import remove_leftovers

    folder = runtime.runtime_folder()
    runtime.sweep(is_over, keyring=keyring)
    remove_leftovers(*((folder,) if folder else ()))
    seconds = int(min(hours, LONGEST_HOURS) * 3600)
    until = SystemClock().now() + seconds * MICROSECONDS
    kept = runtime.Kept(unlocked.login, unlocked.key, until, uptime() + seconds)
    return runtime.keep(_name_of(places), kept, keyring=keyring)


def lock_everything() -> bool:
    """Lock all that this user has unlocked, whichever practice it is of, and whichever slots it had then.

    Returns:
        Whether anything was unlocked.
    """
    return runtime.clear()


def end_session(places: Places) -> bool:
    """Lock the data for the commands to come, as its slots are about to change.

    Returns:
        Whether it was unlocked.
    """
    name = _name_of(places)
    return bool(name) and runtime.forget(name)


def _name_of(places: Places) -> str:
    """Under which name a session is kept: the key slots as they stand, so that it ends when they change."""
    from hashlib import sha256

    try:
        return sha256(places.slots.read_bytes()).hexdigest()[:_FINGERPRINT_LENGTH]
    except OSError:
        return ""


def locked(places: Places) -> Locked:
    """What is said where nobody has unlocked the data, or it is older than passphrases."""
    if not places.slots.exists() and places.key.exists():
        return Locked(
            "This practice still opens with a key file",
            "Its owner has no passphrase yet. The data was not touched.",
            "Run `casemgr unlock`, which gives the owner one and then removes the key file.",
        )
    return Locked(
        "The data is locked",
        "Nothing was done.",
        "Run `casemgr unlock` and give your passphrase; scripts name a file in CASEMGR_PASSPHRASE_FILE.",
    )


def record_access(
    desk: Desk,
    action: str,
    login: str = "",
    detail: str = "",
    *,
    times: int = 1,
    first_at: int = 0,
    last_at: int = 0,
) -> None:
    """Record who was let in or not, or what was done to the key slots.

    Args:
        desk: the open practice.
        action: one of core.ledger.ACCESS.
        login: whom it is about.
        detail: without names of patients.
        times: how often it happened.
        first_at: when first, in microseconds, where that was before now.
        last_at: when last.
    """
    from casemgr.core.records import AccessEvent

    with desk.write() as tx:
        event = AccessEvent(
            id=tx.new_id(), login=login, detail=detail, times=times, first_at=first_at, last_at=last_at
        )
        about = (login if login != desk.login else "", detail, f"{times} times" if times > 1 else "")
        tx.append(action, "access", event, ", ".join(filter(None, about)))
