"""Copies of the data file, and putting one back, each proven by comparison."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from casemgr.errors import NotFound, NotWritten, StoreUnavailable, VerificationFailed
from casemgr.store.database import Store, connect, explain, make_private_folder, told_plainly
from casemgr.store.ledger import head
from casemgr.store.verify import Report, verify

if TYPE_CHECKING:
    from pathlib import Path

    from sqlcipher3.dbapi2 import Connection


def copy_to(connection: Connection, target: Path) -> None:
    """Write the whole database, as it is at this moment, encrypted with the same key, to a new file.

    The file appears under its name only when it is complete and on the disk.

    Raises:
        NotWritten: the file is there already, or there is no space.
    """
    if target.exists():
        raise NotWritten(
            "There is a file of that name already", f"{target} was not touched.", "Name another file for the copy."
        )
    make_private_folder(target.parent)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with told_plainly():
            connection.execute("VACUUM INTO ?", (os.fspath(unfinished),))
        unfinished.chmod(0o600)
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        unfinished.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        raise NotWritten(
            "The copy could not be written",
            f"{target}: {error.strerror}. The data itself was not changed.",
            "Choose a folder with enough space that you may write to.",
        ) from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make sure that a new name in a folder survives a power cut, where the platform can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def back_up(store: Store, key: str, target: Path, migrations: Path) -> Report:
    """Copy, open the copy, verify it and compare its head with ours before it counts.

    Raises:
        VerificationFailed: the copy does not hold; it is removed again.
    """
    with store.snapshot():
        wanted = head(store)
    copy_to(store.connection, target)
    try:
        report = inspect(target, key, migrations)
        if not report.ok or report.head.seq < wanted.seq:
            raise VerificationFailed(
                "The backup does not agree with the data",
                "; ".join(report.problems) or f"it ends at entry {report.head.seq}, the data at {wanted.seq}",
                "Run `casemgr verify`; the backup was not kept.",
            )
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return report


def inspect(path: Path, key: str, migrations: Path) -> Report:
    """Open a backup as it stands, verify it, and close it again, leaving no file beside it.

    Raises:
        NotFound: there is no such file.
        StoreUnavailable: it is damaged, or was made with another key.
    """
    if not path.is_file():
        raise NotFound("There is no such backup", f"{path} is not there.", "Name a file that `casemgr backup` made.")
    store = Store(connect(path, key), path)
    try:
        store.connection.execute("PRAGMA query_only = ON")
        with told_plainly():
            if store.one("SELECT 1 FROM sqlite_master WHERE name = 'ledger'") is None:
                raise StoreUnavailable(
                    "This is not a backup of casemgr", f"{path} holds no ledger.", "Name a file that `casemgr backup` made."
                )
        return verify(store, migrations)
    finally:
        # Closing also folds the write-ahead log back and removes it.
        store.connection.execute("PRAGMA query_only = OFF")
        store.connection.execute("PRAGMA journal_mode = DELETE")
        store.close()


def restore_into(store: Store, key: str, source: Path) -> None:
    """Put a backup's content in the place of what an open store holds, in one step for every process that has it open.

    The caller has kept a copy of the present content and inspected the backup.
    """
    backup = connect(source, key)
    try:
        with told_plainly():
            backup.backup(store.connection)
    except Exception as error:
        raise explain(error) from error
    finally:
        backup.execute("PRAGMA journal_mode = DELETE")
        backup.close()
