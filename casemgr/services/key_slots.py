"""The key slots of a practice: who gets one, changing one's own passphrase, and the recovery key."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from casemgr.clock import SystemClock
from casemgr.core.key_slots import RECOVERY
from casemgr.errors import (
    InputRefused,
    NotFound,
    NotWritten,
    RuleRefused,
)
from casemgr.services.access import Unlocked, end_session, held_session, keep_session, record_access
from casemgr.services.desk import Desk, migrations_folder, open_unlocked
from casemgr.services.passphrases import as_bytes, check_passphrase, new_words, refuse_no_words
from casemgr.services.permissions import need
from casemgr.services.unlocking import one_try, settled
from casemgr.store.database import open_store
from casemgr.store.key_slots import Ring, open_slot, read_slots, write_slots
from casemgr.store.key_slots import changing as changing_slots
from casemgr.store.sealing import NotOpened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from casemgr.core.key_slots import SlotFile
    from casemgr.core.records import Staff
    from casemgr.settings import Places, Settings

PATIENCE = 90
"""Seconds to wait for somebody else's change of the slots: a change of the key waits for writers, too."""


class Standing(NamedTuple):
    """What the key slots say, for whoever has the data open."""

    logins: tuple[str, ...]
    """Who has a passphrase."""
    recovery: bool
    """Whether there is a recovery key."""
    former_keys: tuple[str, ...]
    """Keys that the data had before, which backups of then still have."""


def standing(places: Places, key: str) -> Standing:
    """Who has a slot.

    Raises:
        StoreUnavailable: the file is not there, damaged, or altered by somebody without the key.
    """
    ring = Ring.of(read_slots(places.slots), key)
    return Standing(
        tuple(sorted(ring.whose())), ring.file.slot(RECOVERY) is not None, ring.directory.former_keys
    )


def invitable(desk: Desk, login: str) -> Staff:
    """The member of staff with a login, if a passphrase can be given to them.

    Raises:
        NotFound: there is nobody with that login.
        RuleRefused: they have a slot already, have left, or who acts may not.
    """
    need(desk, "invite", "access")
    member = desk.member(login)
    if member.active_to and member.active_to < desk.today().isoformat():
        raise RuleRefused(
            f"{member.name} has left the practice",
            "Nothing was changed.",
            f"Somebody who is back is given `casemgr staff edit {member.id} --left ''` first.",
        )
    if member.id in ring_of(desk).whose():
        raise has_one_already(member)
    return member


def has_one_already(member: Staff) -> RuleRefused:
    """What is said where somebody with a slot is to get one."""
    return RuleRefused(
        f"{member.name} has a passphrase already",
        "Nothing was changed.",
        "They change it with `casemgr staff passphrase`; if it is forgotten, take the slot away first: "
        f"`casemgr staff leave {member.id} --stays`.",
    )


def invite(desk: Desk, login: str, passphrase: str) -> None:
    """Give somebody on the staff a slot, with a first passphrase that they change themselves.

    Raises:
        NotFound: there is nobody with that login.
        InputRefused: a weak passphrase.
        RuleRefused: they have a slot already, have left, or who acts may not.
    """
    member = invitable(desk, login)
    check_passphrase(passphrase, known_words(desk, member))

    def invited(ring: Ring) -> Ring:
        if member.id in ring.whose():
            raise has_one_already(member)
        return ring.with_passphrase(member.id, as_bytes(passphrase))

    put(desk, "invite", member.id, invited)


def change_passphrase(desk: Desk, old: str, new: str) -> None:
    """Change one's own passphrase.

    Raises:
        Locked: the old one is wrong, or the next try has to wait.
        InputRefused: the new one is weak or the same.
    """
    ring = ring_of(desk)
    slot = ring.file.slot(ring.whose().get(desk.login, ""))
    with one_try(desk.places, slot.label if slot else ""):
        if slot is None:
            raise NotOpened("no slot")
        open_slot(ring.file, slot, as_bytes(old))
    check_passphrase(new, known_words(desk, desk.staff))
    if as_bytes(old) == as_bytes(new):
        same = InputRefused("This is the passphrase you have", "Nothing was changed.", "Take another one.")
        same.field = "passphrase"
        raise same
    put(desk, "passphrase", desk.login, lambda ring: ring.with_passphrase(desk.login, as_bytes(new)))


def make_recovery(desk: Desk) -> tuple[str, ...]:
    """Make the recovery key, twelve words; one that was made before opens nothing any more."""
    need(desk, "recover", "access")
    words = new_words()
    secret = " ".join(words).encode()
    put(desk, "recover", "", lambda ring: ring.with_words(secret), "new recovery key")
    return words


def recover(settings: Settings, words: tuple[str, ...], passphrase: str) -> Desk:
    """Give the practice's owner a new passphrase with the recovery key, and sit down as the owner.

    Raises:
        InputRefused: these can be no recovery key, or the passphrase is weak.
        Locked: it is not this practice's, or the next try has to wait.
        NotFound: no recovery key was ever made.
    """
    refuse_no_words(words)
    places = settings.places
    file = read_slots(places.slots)
    slot = file.slot(RECOVERY)
    if slot is None:
        raise NotFound(
            "This practice has no recovery key",
            "Nothing was changed.",
            "Somebody else's passphrase is the only way in: the owner can make one then.",
        )
    secret = " ".join(words).encode()
    with one_try(places, RECOVERY):
        opened = open_slot(file, slot, secret)
    key, brought = settled(places, file, slot, secret, opened)
    store = open_store(places.database, key, migrations_folder())
    try:
        owner = Desk(store, places, SystemClock()).login
    finally:
        store.close()
    desk = open_unlocked(settings, Unlocked(owner, key, fresh=True, brought=brought))
    try:
        check_passphrase(passphrase, known_words(desk, desk.staff))
        secret = as_bytes(passphrase)
        put(desk, "recover", owner, lambda ring: ring.with_passphrase(owner, secret), "recovery key used")
    except BaseException:
        desk.close()
        raise
    return desk


def ring_of(desk: Desk) -> Ring:
    """The key slots, vouched for."""
    return Ring.of(read_slots(desk.places.slots), desk.store.key)


@contextmanager
def changing(places: Places) -> Iterator[None]:
    """Nobody else changes the slots meanwhile.

    Raises:
        NotWritten: somebody else has been at it for too long.
    """
    with changing_slots(places.slots, PATIENCE) as held:
        if not held:
            raise NotWritten(
                "Another program is changing the key slots",
                "Nothing of this was changed.",
                "See whether somebody's leaving or a change of the key is under way, then do it again.",
            )
        yield


def put(desk: Desk, action: str, login: str, change: Callable[[Ring], Ring], detail: str = "") -> None:
    """Record a change of the slots, then put it in place; who has the data unlocked here keeps it so.

    Args:
        desk: the open practice.
        action: one of core.ledger.ACCESS.
        login: whose slot.
        change: makes the slots to come of those there are by then.
        detail: without names of patients.

    Raises:
        NotWritten: the disk failed; everything is as before, or it is said that this is not certain.
        RuleRefused: who acts may not.
    """
    places = desk.places
    with changing(places):
        former, held = ring_of(desk), held_session(places)
        after = change(former)
        record_access(desk, action, login, detail)
        end_session(places)
        try:
            write_slots(places.slots, after.file)
        except BaseException:
            take_back(places, former.file)
            raise
        finally:
            if held is not None:
                keep_session(places, held)


def take_back(places: Places, former: SlotFile) -> None:
    """Put the slots of before in place again, where the disk does not keep those that came after.

    Raises:
        NotWritten: that cannot be done either.
    """
    try:
        if read_slots(places.slots) != former:
            write_slots(places.slots, former)
    except NotWritten as error:
        raise NotWritten(
            "The disk failed while the key slots were being changed",
            "Whether that was saved is not certain. The data itself was not changed.",
            "Check the disk, then try the new passphrase first, and the one of before if it is refused.",
        ) from error


def known_words(desk: Desk, member: Staff) -> tuple[str, ...]:
    """What is easily guessed of somebody here."""
    return (member.id, member.name, desk.house.name)
