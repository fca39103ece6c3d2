"""Giving the data another key: when somebody leaves, a copy is in wrong hands, or a key file is taken up."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from casemgr.clock import SystemClock
from casemgr.errors import NotFound, NotWritten, RuleRefused, StoreUnavailable, VerificationFailed
from casemgr.services.access import Unlocked, end_session, held_session, keep_session, record_access
from casemgr.services.desk import Desk, migrations_folder, open_unlocked
from casemgr.services.key_slots import changing, ring_of
from casemgr.services.passphrases import as_bytes, check_passphrase
from casemgr.services.permissions import may, need
from casemgr.store.database import open_as_it_is, open_store, rekey
from casemgr.store.key_slots import Ring, write_slots
from casemgr.store.keys import new_key, read_key
from casemgr.store.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.settings import Places, Settings


def take_away(desk: Desk, login: str, told: Callable[[str], None] | None = None) -> bool:
    """Take somebody's slot away and change the data's key in one, so that what they have opens nothing new.

    Args:
        desk: the open practice.
        login: whose.
        told: hears what is being done.

    Returns:
        As change_key does.

    Raises:
        NotFound: they have none.
        RuleRefused: it is the owner's, or who acts may not.
        NotWritten: another program holds the data, or there is no space; slot and key are as they were.
        VerificationFailed: the data does not hold; the slot is gone, and the key is another.
    """
    need(desk, "leave", "access")
    # By its slot alone: a restored backup may not know somebody who has one.
    login = login.strip().lower()
    if login == desk.house.owner:
        raise RuleRefused(
            "The owner's slot stays",
            "Nothing was changed.",
            "Name another owner first with `casemgr practice edit --owner LOGIN`.",
        )
    return change_key(desk, told, leaves=login)


def change_key(desk: Desk, told: Callable[[str], None] | None = None, *, leaves: str = "") -> bool:
    """Give the data another key, check it, and let nobody who has it open go on unasked.

    Wherever that is stopped, slots and data fit together: the file of the slots holds both until it is done,
    and the next unlocking brings it to its end.

    Args:
        desk: the open practice.
        told: hears what is being done.
        leaves: whose slot goes with the old key.

    Returns:
        Whether the whole file is under the new key already; else another window still holds pages under the
        old one, which go when it closes.

    Raises:
        NotFound: who leaves has no slot.
        NotWritten: another program holds the data, or there is no space; slots and key are as they were.
        VerificationFailed: the data does not hold afterwards.
    """
    need(desk, "rekey", "access")
    say = told or (lambda _: None)
    places = desk.places
    with changing(places):
        former, held = ring_of(desk), held_session(places)
        if leaves and leaves not in former.whose():
            raise NotFound(
                f"{leaves} has no passphrase here",
                "Nothing was changed.",
                "`casemgr doctor` shows who has one.",
            )
        after = (former.without(leaves) if leaves else former).with_key(new_key())
        say("the data's new key")
        # By the slots as they still are, so that the key of before stays nowhere.
        end_session(places)
        try:
            write_slots(places.slots, former.file.model_copy(update={"coming": after.file}))
            whole = rekey(desk.store, after.key)
        except BaseException:
            give_up(places, former)
            if held is not None:
                keep_session(places, held)
            raise
        write_slots(places.slots, after.file)
        if held is not None:
            keep_session(places, held._replace(key=after.key))
    if leaves:
        record_access(desk, "leave", leaves)
    record_access(desk, "rekey")
    check_rekeyed(desk, say)
    return whole


def give_up(places: Places, former: Ring) -> None:
    """Put the slots of before in place again, if the data surely has the key of before; else leave both.

    Whichever of the two fits, the next unlocking finds out.
    """
    with suppress(StoreUnavailable, NotFound, NotWritten):
        open_as_it_is(places.database, former.key, read_only=True).close()
        write_slots(places.slots, former.file)


def check_rekeyed(desk: Desk, say: Callable[[str], None]) -> None:
    """Open the data anew with its new key, and prove all of it.

    Raises:
        VerificationFailed: it does not hold.
    """
    fresh = open_as_it_is(desk.places.database, desk.store.key, read_only=True)
    try:
        report = verify(fresh, migrations_folder(), (), say)
    finally:
        fresh.close()
    if not report.ok:
        raise VerificationFailed(
            "The data does not hold under its new key",
            "\n".join(report.problems),
            "Restore the newest backup with `casemgr restore`; it opens with what you know.",
        )


def take_up_key_file(settings: Settings, passphrase: str) -> Desk:
    """Give the owner of a practice that opens with a key file a passphrase; the file is removed at the end.

    The data gets another key too: copies of the key file open nothing but copies of the data from before.

    Raises:
        StoreUnavailable: the key file is none, or not this data's.
        InputRefused: a weak passphrase.
    """
    places = settings.places
    if places.slots.exists():
        raise RuleRefused(
            "This practice has passphrases already", "Nothing was changed.", "Run `casemgr unlock`."
        )
    key = read_key(places.key)
    store = open_store(places.database, key, migrations_folder())
    try:
        owner = Desk(store, places, SystemClock()).staff
        check_passphrase(passphrase, (owner.id, owner.name))
    finally:
        store.close()
    with changing(places):
        write_slots(places.slots, Ring.new(key).with_passphrase(owner.id, as_bytes(passphrase)).file)
    desk = open_unlocked(settings, Unlocked(owner.id, key))
    try:
        record_access(desk, "invite", owner.id, "key file taken up")
        finish_take_up(desk)
    except BaseException:
        desk.close()
        raise
    return desk


def finish_take_up(desk: Desk) -> bool:
    """Change the key if a key file still opens the data, and remove the file: the end of taking it up.

    Returns:
        Whether there was a key file. Only the owner can; for everybody else it stays.
    """
    path = desk.places.key
    if not path.exists() or not may(desk, "rekey", "access"):
        return False
    with suppress(StoreUnavailable):
        if read_key(path) == desk.store.key:
            change_key(desk)
        path.unlink(missing_ok=True)
    return True
