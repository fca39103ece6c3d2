"""The key slots of a practice: who gets one, whose is taken away, and changing the data's key."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from casemgr.clock import SystemClock
from casemgr.core.key_slots import RECOVERY
from casemgr.errors import (
    InputRefused,
    NotFound,
    NotWritten,
    RuleRefused,
    StoreUnavailable,
    VerificationFailed,
)
from casemgr.services.access import Unlocked, begin_session, end_session, record_access, session
from casemgr.services.desk import Desk, migrations_folder, open_unlocked
from casemgr.services.passphrases import as_bytes, check_passphrase, new_words, refuse_no_words
from casemgr.services.permissions import need
from casemgr.services.unlocking import note_try, refuse_to_hurry, settled, wrong
from casemgr.store.database import open_as_it_is, open_store, rekey
from casemgr.store.key_slots import Ring, open_slot, read_slots, write_slots
from casemgr.store.keys import new_key, read_key
from casemgr.store.sealing import NotOpened
from casemgr.store.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.core.key_slots import SlotFile
    from casemgr.core.records import Staff
    from casemgr.settings import Places, Settings


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


def candidate_keys(places: Places, key: str) -> tuple[str, ...]:
    """The keys that a backup may have been made with: the present one, then those before, newest first."""
    with suppress(StoreUnavailable):
        return (key, *reversed(standing(places, key).former_keys))
    return (key,)


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
        raise RuleRefused(
            f"{member.name} has a passphrase already",
            "Nothing was changed.",
            "They change it with `casemgr staff passphrase`; if it is forgotten, take the slot away first: "
            f"`casemgr staff leave {member.id} --stays`.",
        )
    return member


def invite(desk: Desk, login: str, passphrase: str) -> None:
    """Give somebody on the staff a slot, with a first passphrase that they change themselves.

    Raises:
        NotFound: there is nobody with that login.
        InputRefused: a weak passphrase.
        RuleRefused: they have a slot already, have left, or who acts may not.
    """
    member = invitable(desk, login)
    check_passphrase(passphrase, known_words(desk, member))
    put(desk, "invite", member.id, ring_of(desk).with_passphrase(member.id, as_bytes(passphrase)))


def change_passphrase(desk: Desk, old: str, new: str) -> None:
    """Change one's own passphrase.

    Raises:
        Locked: the old one is wrong, or the next try has to wait.
        InputRefused: the new one is weak or the same.
    """
    ring = ring_of(desk)
    slot = ring.file.slot(ring.whose().get(desk.login, ""))
    refuse_to_hurry(desk.places)
    note_try(desk.places)
    try:
        if slot is None:
            raise NotOpened("no slot")
        open_slot(ring.file, slot, as_bytes(old))
    except NotOpened as error:
        raise wrong(desk.places) from error
    with suppress(OSError):
        desk.places.tries.unlink(missing_ok=True)
    check_passphrase(new, known_words(desk, desk.staff))
    if as_bytes(old) == as_bytes(new):
        same = InputRefused("This is the passphrase you have", "Nothing was changed.", "Take another one.")
        same.field = "passphrase"
        raise same
    put(desk, "passphrase", desk.login, ring.with_passphrase(desk.login, as_bytes(new)))


def make_recovery(desk: Desk) -> tuple[str, ...]:
    """Make the recovery key, twelve words; one that was made before opens nothing any more."""
    need(desk, "recover", "access")
    words = new_words()
    put(desk, "recover", "", ring_of(desk).with_words(" ".join(words).encode()), "new recovery key")
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
    refuse_to_hurry(places)
    note_try(places)
    secret = " ".join(words).encode()
    try:
        opened = open_slot(file, slot, secret)
    except NotOpened as error:
        raise wrong(places) from error
    key = settled(places, file, slot, secret, opened)
    store = open_store(places.database, key, migrations_folder())
    try:
        owner = Desk(store, places, SystemClock()).login
    finally:
        store.close()
    desk = open_unlocked(settings, Unlocked(owner, key))
    try:
        check_passphrase(passphrase, known_words(desk, desk.staff))
        ring = ring_of(desk).with_passphrase(owner, as_bytes(passphrase))
        put(desk, "recover", owner, ring, "recovery key used")
        with suppress(OSError):
            places.tries.unlink(missing_ok=True)
    except BaseException:
        desk.close()
        raise
    return desk


def take_away(desk: Desk, login: str, told: Callable[[str], None] | None = None) -> None:
    """Take somebody's slot away and change the data's key: what they may have copied opens nothing new.

    Args:
        desk: the open practice.
        login: whose.
        told: hears what is being done.

    Raises:
        NotFound: they have none.
        RuleRefused: it is the owner's, or who acts may not.
        VerificationFailed: the data does not hold; the slot is gone, and the key as it was.
    """
    need(desk, "leave", "access")
    login = desk.seated(login).login
    ring = ring_of(desk)
    if login == desk.house.owner:
        raise RuleRefused(
            "The owner's slot stays",
            "Nothing was changed.",
            "Name another owner first with `casemgr practice edit --owner LOGIN`.",
        )
    if login not in ring.whose():
        raise NotFound(
            f"{login} has no passphrase here", "Nothing was changed.", "`casemgr doctor` shows who has one."
        )
    put(desk, "leave", login, ring.without(login))
    change_key(desk, told)


def change_key(desk: Desk, told: Callable[[str], None] | None = None) -> None:
    """Give the data another key, check it, and let nobody who has it open go on unasked.

    Wherever that is stopped, slots and data fit together: the file of the slots holds both until it is done.

    Raises:
        NotWritten: another program holds the data, or there is no space; the key is as it was.
        VerificationFailed: the data does not hold afterwards.
    """
    need(desk, "rekey", "access")
    say = told or (lambda _: None)
    places, former = desk.places, ring_of(desk)
    after = former.with_key(new_key())
    unlocked = session(places)
    say("the data's new key")
    write_slots(places.slots, former.file.model_copy(update={"coming": after.file}))
    try:
        rekey(desk.store, after.key)
    except BaseException:
        # Whichever key the data has now, the file in place holds it.
        settle(places, former, after)
        raise
    end_session(places)
    write_slots(places.slots, after.file)
    check_rekeyed(desk, say)
    record_access(desk, "rekey")
    if unlocked is not None:
        with suppress(NotWritten):
            begin_session(places, unlocked._replace(key=after.key))


def settle(places: Places, former: Ring, after: Ring) -> None:
    """Put that file of the slots in place that fits the data."""
    with suppress(StoreUnavailable, NotWritten):
        try:
            open_as_it_is(places.database, after.key, read_only=True).close()
        except StoreUnavailable:
            write_slots(places.slots, former.file)
        else:
            write_slots(places.slots, after.file)


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
    write_slots(places.slots, Ring.new(key).with_passphrase(owner.id, as_bytes(passphrase)).file)
    desk = open_unlocked(settings, Unlocked(owner.id, key))
    try:
        record_access(desk, "invite", owner.id, "key file taken up")
        change_key(desk)
        places.key.unlink()
    except BaseException:
        desk.close()
        raise
    return desk


def ring_of(desk: Desk) -> Ring:
    """The key slots, vouched for."""
    return Ring.of(read_slots(desk.places.slots), desk.store.key)


def put(desk: Desk, action: str, login: str, ring: Ring, detail: str = "") -> None:
    """Record a change of the slots, then put it in place; who has the data unlocked here keeps it so.

    It is recorded first: wherever that is stopped, nobody has got in of whom the ledger does not know.

    Raises:
        NotWritten: the disk failed; the slots are as before, or it is said that this is not certain.
        RuleRefused: who acts may not.
    """
    from casemgr.core.records import AccessEvent

    former, unlocked = read_slots(desk.places.slots), session(desk.places)
    with desk.write() as tx:
        event = AccessEvent(id=tx.new_id(), login=login, detail=detail)
        tx.append(action, "access", event, ", ".join(filter(None, (login, detail))))
    end_session(desk.places)
    try:
        write_slots(desk.places.slots, ring.file)
    except BaseException:
        take_back(desk.places, former)
        raise
    finally:
        if unlocked is not None:
            with suppress(NotWritten):
                begin_session(desk.places, unlocked)


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
