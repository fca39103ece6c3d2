"""Looking into a backup, and putting it back, with what it replaces kept and the result proven."""

from __future__ import annotations

from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from casemgr.clock import SystemClock, local
from casemgr.core.records import Disclosure
from casemgr.errors import (
    CasemgrError,
    Damaged,
    InputRefused,
    NotFound,
    NotOpened,
    RuleRefused,
    StoreUnavailable,
    VerificationFailed,
)
from casemgr.services.access import unlocked
from casemgr.services.backups import contents_of, keys_of, zone_of
from casemgr.services.damage import forget_damage
from casemgr.services.desk import migrations_folder, open_unlocked
from casemgr.services.key_slots import changing
from casemgr.services.permissions import need, refuse
from casemgr.services.safety import STAMP, digest_of, unused
from casemgr.store import backup, ledger, verify
from casemgr.store.database import SIDE_FILES, open_as_it_is
from casemgr.store.key_slots import slots_bytes
from casemgr.store.keys import make_private_folder, sync_folder
from casemgr.store.reads.copies import counts
from casemgr.store.reads.house import logins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from casemgr.clock import Clock
    from casemgr.services.access import Unlocked
    from casemgr.services.backups import Contents
    from casemgr.services.desk import Desk
    from casemgr.settings import Places, Settings
    from casemgr.store.database import Store
    from casemgr.store.reads.copies import Counts

NO_LOSS = frozenset({"backup", "drill", "restore", "unlock"})
"""Entries that only tell of copies and of opening the data: whoever loses no others loses nothing."""


ADOPTED = ".casemgr.slots.adopted"
"""Beside the data: the digest of key slots that stand there until a backup is restored."""


class Present(NamedTuple):
    """What a restore would replace."""

    counts: Counts
    beyond: int
    """Entries that the backup has not, but for those of NO_LOSS."""
    last_beyond: datetime | None
    """When the last of them was made, in the practice's time zone."""


class Looked(NamedTuple):
    """What is in a backup, and what it would replace."""

    contents: Contents
    counts: Counts
    present: Present | None
    """None where there is no present data, or it cannot be read."""
    trouble: str
    """Why it cannot be read; empty where it can, and where there is none."""


class Restored(NamedTuple):
    """A restore that was carried out and proven."""

    contents: Contents
    """What the backup holds, and the practice from now on."""
    lost: int
    """Entries of the replaced data that the backup has not; they are in `kept`."""
    kept: Path | None
    """The replaced data; None where there was none."""


def look_into(places: Places, path: Path, by: Unlocked) -> Looked:
    """What is in a backup, and what of the present data it has not; nothing is changed, and nothing proven.

    Args:
        places: the practice.
        path: the backup.
        by: who looks, and the data's key.

    Raises:
        NotFound: there is no such backup.
        StoreUnavailable: it cannot be opened.
    """
    refuse_the_data_itself(places, path)
    source = backup.open_backup(path, *keys_of(places, by.key))
    try:
        present, trouble = None, ""
        try:
            present = present_beside(places, by.key, source)
        except NotFound:
            pass
        except StoreUnavailable as error:
            trouble = error.title
        return Looked(contents_of(source), counts(source), present, trouble)
    finally:
        source.close()


def present_beside(places: Places, key: str, source: Store) -> Present:
    """What a restore of a backup would replace.

    Raises:
        NotFound: there is no data file.
        StoreUnavailable: it is damaged.
    """
    live = open_as_it_is(places.database, key, read_only=True)
    try:
        with live.snapshot():
            beyond = entries_beyond(live, source)
            last = local(max(beyond), zone_of(source)) if beyond else None
            return Present(counts(live), len(beyond), last)
    finally:
        live.close()


def restore(
    settings: Settings,
    path: Path,
    yes: bool = False,
    by: Unlocked | None = None,
    clock: Clock | None = None,
    told: Callable[[str], None] | None = None,
) -> Restored:
    """Put a backup in the place of the present data, which is kept.

    It works while other programs have the practice open, and where the present data is missing or damaged.

    Args:
        settings: places, and the login from the environment.
        path: the backup.
        yes: go on though the present data has entries that the backup has not.
        by: who restores it, and the data's key; else who has unlocked the data for a while.
        clock: another clock than the system's.
        told: hears what is being checked, first of the backup, then of the restored data.

    Raises:
        NotFound: no such backup, or nobody in it with that login; nothing was changed.
        Locked: nobody has unlocked the data.
        RuleRefused: who acts may not, or entries would be lost and `yes` was not said; nothing was changed.
        VerificationFailed: the backup does not hold; nothing was changed.
    """
    places, clock = settings.places, clock or SystemClock()
    refuse_the_data_itself(places, path)
    by = by or unlocked(places, settings.staff)
    slots = slots_bytes(places.slots)
    source = backup.open_backup(path, *keys_of(places, by.key))
    try:
        refuse_unknown(source, by.login)
        refuse_forbidden(settings, by, clock)
        refuse_unproven(source, told)
        held = contents_of(source)
        stamp = f"{local(clock.now(), zone_of(source)):{STAMP}}"
        try:
            lost, kept = replace_content(places, by.key, source, held, stamp, yes)
        except (NotFound, StoreUnavailable) as error:
            with changing(places):
                refuse_undamaged(places, error, slots)
                lost, kept = 0, replace_file(places, by.key, source, stamp)
        # What was damaged is gone; whether the rest holds is proven below.
        forget_damage(places)
    finally:
        source.close()
    desk = open_unlocked(settings, by, clock)
    try:
        report = verify.verify(desk.store, migrations_folder(), [held.head], told)
        if not report.ok:
            raise VerificationFailed(
                "The restored data does not hold",
                "\n".join(report.problems),
                f"What it replaced is kept in {kept}." if kept else "Try another backup.",
            )
        record_restore(desk, path, held, lost, kept)
    finally:
        desk.close()
    return Restored(held, lost, kept)


def record_restore(desk: Desk, path: Path, held: Contents, lost: int, kept: Path | None) -> None:
    """Record it in what was restored, past the desk: whether it was allowed was asked before."""
    with ledger.write(desk.store, desk.login, desk.clock.now()) as tx:
        said = f"{lost:,} entries beyond it are in {kept.name}" if lost and kept else ""
        record_copy(tx, "restore", path, held, said or (f"kept {kept.name}" if kept else ""))


def record_copy(tx: ledger.Transaction, action: str, path: Path, held: Contents, reason: str = "") -> None:
    """Record that a backup was put back, in earnest or to try it out.

    Args:
        tx: the deed.
        action: `restore` or `drill`.
        path: the backup.
        held: what it holds.
        reason: what it came to.
    """
    copy = Disclosure(
        id=tx.new_id(),
        what="backup",
        filters=str(held.head),
        rows=held.entries,
        sha256=digest_of(path),
        file=path.name,
    )
    tx.append(action, "disclosure", copy, reason)


def refuse_forbidden(settings: Settings, by: Unlocked, clock: Clock) -> None:
    """Refuse whom the present data does not let restore; where it cannot be read, whoever is let in may.

    Raises:
        RuleRefused: they may not; the refusal is recorded.
    """
    with suppress(NotFound, StoreUnavailable):
        live = open_as_it_is(settings.places.database, by.key, read_only=True)
        try:
            refuse(live, by.login, "restore", "disclosure")
        except RuleRefused:
            with suppress(NotFound, StoreUnavailable), closing(open_unlocked(settings, by, clock)) as desk:
                need(desk, "restore", "disclosure")
            raise
        finally:
            live.close()


def refuse_undamaged(places: Places, error: CasemgrError, slots: bytes) -> None:
    """Refuse to put another file in the place of the data, unless that is missing, empty or damaged.

    Args:
        places: the practice.
        error: why the data could not be replaced where it is.
        slots: the key slots' bytes, as they were when the key that does not open it was taken from them.

    Raises:
        CasemgrError: it is sound as far as can be told, or its key has just been changed.
    """
    if isinstance(error, NotOpened) and slots_bytes(places.slots) != slots:
        raise StoreUnavailable(
            "The data's key was changed meanwhile",
            "Nothing was changed.",
            "Run `casemgr unlock` again, then restore it.",
        ) from error
    if isinstance(error, (NotFound, Damaged, NotOpened)) or is_empty(places.database):
        return
    raise error


def is_empty(path: Path) -> bool:
    """Whether there is a file with nothing in it."""
    with suppress(OSError):
        return path.is_file() and not path.stat().st_size
    return False


def refuse_the_data_itself(places: Places, path: Path) -> None:
    """Refuse the data file as a backup of itself."""
    if path.exists() and places.database.exists() and path.samefile(places.database):
        raise InputRefused(
            "This is the data itself", "Nothing was changed.", "Name a file that `casemgr backup` made."
        )


@contextmanager
def adopted_slots(places: Places, path: Path) -> Iterator[None]:
    """On a machine that has no data, the key slots beside a backup stand in place meanwhile.

    They stay once there is data. Those that a restore has left which was killed give way: a note says which.

    Raises:
        NotWritten: there is no space, or the folder cannot be written to.
    """
    theirs, noted = backup.slots_beside(path), places.data / ADOPTED
    if any(each.exists() for each in (places.database, places.key)) or not theirs.exists():
        yield
        return
    if places.slots.exists() and not is_adopted(places.slots, noted):
        yield
        return
    make_private_folder(places.data)
    # Without space for the note there is none for the slots either, which is said then.
    with suppress(OSError):
        noted.touch(mode=0o600)
        noted.write_text(digest_of(theirs), encoding="ascii")
    backup.copy_slots(path, places.database)
    try:
        yield
    finally:
        with suppress(OSError):
            if not places.database.exists():
                for path in (places.slots, *places.data.glob(".*.lock")):
                    path.unlink(missing_ok=True)
            noted.unlink(missing_ok=True)


def is_adopted(slots: Path, noted: Path) -> bool:
    """Whether slots are those that a restore put in place which was killed before there was data."""
    with suppress(OSError):
        return noted.read_text(encoding="ascii", errors="replace") == digest_of(slots)
    return False


def refuse_unproven(source: Store, told: Callable[[str], None] | None) -> None:
    """Refuse a backup that does not hold, or that a newer program made."""
    report = verify.verify(source, migrations_folder(), told=told)
    if not report.ok:
        raise VerificationFailed(
            "This backup does not hold",
            "\n".join((*report.problems, "Nothing was changed.")),
            "Name another backup; `casemgr locate` says where they are.",
        )


def refuse_unknown(source: Store, login: str) -> None:
    """Refuse to restore in the name of somebody whom the backup does not know."""
    known = tuple(logins(source))
    if login not in known:
        raise NotFound(
            f"The backup knows nobody with the login “{login}”",
            "Nothing was changed.",
            "Let somebody restore it whom it knows.",
            known,
        )


def replace_content(
    places: Places, key: str, source: Store, held: Contents, stamp: str, yes: bool
) -> tuple[int, Path | None]:
    """Replace what an intact data file holds, for everybody who has it open, and keep a copy of it.

    The file keeps its key, whichever the backup has.

    Returns:
        How many entries the backup has not, and the copy that has them.

    Raises:
        RuleRefused: entries would be lost and `yes` was not said.
        NotFound: there is no data file.
        StoreUnavailable: it is damaged.
    """
    lost: list[int] = []
    kept = places.backups / f"casemgr-replaced-{stamp}.db"
    live = open_as_it_is(places.database, key)
    writer = open_as_it_is(places.database, key)

    def keep() -> None:
        """While the others wait: what is found and kept here is all that there is."""
        nonlocal kept
        lost.extend(entries_beyond(live, source))
        if lost and not yes:
            last = local(max(lost), zone_of(source))
            count = "1 entry" if len(lost) == 1 else f"{len(lost):,} entries"
            raise RuleRefused(
                "The present data has entries that the backup has not",
                f"The backup holds {held}.\nThe present data has {count} more, the last of "
                f"{last:%Y-%m-%d %H:%M}. Nothing was changed.",
                "Say --yes to restore all the same; the present data is then kept among the backups.",
            )
        kept = unused(kept)
        backup.copy_to(live, kept)
        backup.copy_slots(places.database, kept)

    try:
        backup.restore_into(writer, source, keep)
    finally:
        writer.close()
        live.close()
    return len(lost), kept


def entries_beyond(live: Store, source: Store) -> list[int]:
    """The instants of the live entries that a backup has not, but for those of NO_LOSS."""
    return [at for at, action in ledger.beyond(live, source) if action not in NO_LOSS]


def replace_file(places: Places, key: str, source: Store, stamp: str) -> Path | None:
    """Put a copy of the backup where the data file is missing or damaged; what was there is moved aside."""
    restored = unused(places.database.with_name(f"casemgr-restored-{stamp}.db"))
    backup.copy_under(source.connection, key, restored)
    kept = unused(places.database.with_name(f"casemgr-damaged-{stamp}.db"))
    for suffix in ("", *SIDE_FILES):
        old = places.database.with_name(places.database.name + suffix)
        if old.exists():
            # A write-ahead log that stays behind would be taken for the new file's own.
            old.rename(kept.with_name(kept.name + suffix))
    restored.rename(places.database)
    sync_folder(places.data)
    return kept if kept.exists() else None
