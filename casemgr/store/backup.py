"""Copies of the data file, and putting one back, each proven by comparison."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as driver

from casemgr.errors import InputRefused, NotFound, NotWritten, StoreUnavailable, VerificationFailed
from casemgr.store.database import Store, connect
from casemgr.store.faults import told_plainly
from casemgr.store.keys import make_private_folder, put_private, sync_folder
from casemgr.store.ledger import head
from casemgr.store.reads.copies import tables
from casemgr.store.verify import Report, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from sqlcipher3.dbapi2 import Connection

    from casemgr.core.ledger import Witness


def slots_beside(path: Path) -> Path:
    """Where the key slots stand that belong to a data file or to a backup."""
    return path.with_suffix(".slots")


def copy_to(store: Store, target: Path) -> None:
    """Write the whole database, as it is at this moment, encrypted with the same key, to a new file.

    The file appears under its name only when it is complete, on the disk, and the same in every table.
    Whether the ledger holds is not asked: what is copied may be what a restore is to mend.

    Raises:
        NotWritten: the file is there already, there is no space, or the copy is not the same.
        StoreUnavailable: the data is damaged.
    """
    with arriving(target) as unfinished:
        store.connection.execute("VACUUM INTO ?", (os.fspath(unfinished),))
        copy = open_backup(unfinished, store.key)
        try:
            same = tables(copy) == tables(store)
        finally:
            copy.close()
        if not same:
            raise NotWritten("The copy is not the same as the data")


def copy_under(connection: Connection, key: str, target: Path) -> None:
    """Write the whole database to a new file that is encrypted with another key, if need be.

    Raises:
        NotWritten: the file is there already, or there is no space.
    """
    with arriving(target) as unfinished:
        other = connect(unfinished, key)
        try:
            # Else all of it would be written twice, and a log stand beside it.
            other.execute("PRAGMA journal_mode = DELETE")
            connection.backup(other)
        finally:
            other.close()


@contextmanager
def arriving(target: Path) -> Iterator[Path]:
    """An empty file beside a target, which takes the target's name once all went well; else it is removed.

    Raises:
        NotWritten: the target is there already, or there is no space.
    """
    if target.exists():
        raise NotWritten(
            "There is a file of that name already",
            f"{target} was not touched.",
            "Name another file for the copy.",
        )
    make_private_folder(target.parent)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        # Made first, so that nobody else can read it while it is being written.
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with told_plainly():
            yield unfinished
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        unfinished.rename(target)
        sync_folder(target.parent)
    except (OSError, NotWritten) as error:
        why = error.strerror if isinstance(error, OSError) else error.title.lower()
        raise NotWritten(
            "The copy could not be written",
            f"{target}: {why}. The data itself was not changed.",
            "Choose a folder with enough space that you may write to.",
        ) from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def back_up(
    store: Store, key: str, target: Path, migrations: Path, told: Callable[[str], None] | None = None
) -> Report:
    """Copy, open the copy, verify it and find our head in it: only then it has its name, and counts.

    The key slots are copied beside it, where there are any.

    Raises:
        NotWritten: the copy could not be written.
        StoreUnavailable: the data is damaged.
        VerificationFailed: the copy does not hold; it is removed again.
    """
    if store.watch is not None:
        store.watch.before_writing()
    wanted = head(store)
    with arriving(target) as unfinished:
        store.one("VACUUM INTO ?", (os.fspath(unfinished),))
        report = inspect(unfinished, key, migrations, (wanted,), told)
        if not report.ok:
            raise VerificationFailed(
                "The backup does not hold",
                "\n".join(report.problems),
                "Run `casemgr verify`; the backup was not kept.",
            )
        if store.path is not None:
            # After the copy: slots also have the keys of before, never those to come.
            copy_slots(store.path, target)
    return report


def copy_slots(database: Path, target: Path) -> None:
    """Put a copy of a data file's key slots beside another, where there are any; one that is there gives way.

    Raises:
        NotWritten: there is no space, or the folder cannot be written to.
    """
    slots, copied = slots_beside(database), slots_beside(target)
    if not slots.exists():
        return
    try:
        put_private(copied, slots.read_bytes())
    except OSError as error:
        raise NotWritten(
            "The key slots could not be copied",
            f"{copied}: {error.strerror}. The data itself was not changed.",
            "Check the space on the disk, and who may write to its folder.",
        ) from error


def open_backup(path: Path, *keys: str) -> Store:
    """Open a backup to look into it, without changing a byte of it.

    Args:
        path: the backup.
        keys: the data's key, and those that it had before; one of them must fit.

    Raises:
        NotFound: there is no such file.
        InputRefused: it is no file.
        StoreUnavailable: it is damaged, was made with another key, or is no backup.
    """
    if not path.exists():
        raise NotFound(
            "There is no such backup", f"{path} is not there.", "Name a file that `casemgr backup` made."
        )
    if not path.is_file():
        raise InputRefused(
            "A backup is a file",
            f"{path} is a {'folder' if path.is_dir() else 'pipe or a device'}. Nothing was changed.",
            "Name a file that `casemgr backup` made.",
        )
    store = None
    for key in keys:
        with suppress(StoreUnavailable):
            store = Store(connect(path, key, read_only=True), path, key)
            break
    if store is None:
        raise StoreUnavailable(
            "The backup cannot be opened with this key",
            f"{path} was made with another key, is damaged, or is no backup. Nothing was changed.",
            "Name another backup. On a new machine, put the slots file that belongs to it beside it.",
        )
    if store.one("SELECT 1 FROM sqlite_master WHERE name = 'ledger'") is None:
        store.close()
        raise StoreUnavailable(
            "This is not a backup of casemgr",
            f"{path} holds no ledger.",
            "Name a file that `casemgr backup` made.",
        )
    return store


def inspect(
    path: Path,
    key: str,
    migrations: Path,
    witnesses: Iterable[Witness] = (),
    told: Callable[[str], None] | None = None,
) -> Report:
    """Verify a backup, without changing a byte of it.

    Raises:
        NotFound: there is no such file.
        StoreUnavailable: it is damaged, was made with another key, or is no backup.
    """
    store = open_backup(path, key)
    try:
        return verify(store, migrations, witnesses, told)
    finally:
        store.close()


def restore_into(store: Store, source: Store, first: Callable[[], None]) -> None:
    """Put a backup's content in the place of what an open store holds, in one step for all who have it open.

    Args:
        store: what is replaced; the caller has verified the backup.
        source: the backup.
        first: done when nobody else can write any more and before anything is replaced, through another
            connection; what it raises leaves everything as it was.

    Raises:
        NotWritten: another program held the data for too long, or there is no space.
    """
    held = False

    def progress(status: int, _remaining: int, _total: int) -> None:
        nonlocal held
        if status in (driver.SQLITE_BUSY, driver.SQLITE_LOCKED):
            # Without this the driver would try for ever; all else, such as a full disk, it raises itself.
            raise driver.OperationalError("database is locked")
        if not held:
            held = True
            first()

    # The first page takes the write lock, which is let go when the last one is saved.
    with told_plainly(), source.snapshot():
        source.connection.backup(store.connection, pages=1, progress=progress)
