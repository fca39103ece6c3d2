"""Bringing a data file to the present schema: SQL files in order, each in one transaction with its record."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as driver

from casemgr.core.ledger import Entry
from casemgr.errors import StoreUnavailable
from casemgr.store.faults import explain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlite_utils import Database, Migrations

    from casemgr.store.database import Store

UNCHANGED = "Everything was left as it was."


def schema_version(store: Store) -> int:
    """How many migrations the file has seen."""
    found = store.one("PRAGMA user_version")
    return int(found[0]) if found else 0


def migration_files(folder: Path) -> list[Path]:
    """The migrations, in order; file number n brings a file to version n."""
    return sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))


def migrate(store: Store, folder: Path, keep: Callable[[int], None] | None = None) -> None:
    """Apply what is pending, all in one transaction with its record.

    Args:
        store: the open store.
        folder: where the SQL files are.
        keep: called with the version to come, under the write lock, before a file with data in it is changed.

    Raises:
        StoreUnavailable: the file is newer than this program, or the ledger would not be the same afterwards.
    """
    files = migration_files(folder)
    if pending(store, files):
        with store.immediate():
            # Another process may have been at it as well: who comes second finds nothing to do.
            if pending(store, files):
                apply(store, files, keep)


def pending(store: Store, files: list[Path]) -> bool:
    """Whether the file has yet to see a migration.

    Raises:
        StoreUnavailable: it has seen more than there are here.
    """
    version = schema_version(store)
    if version > len(files):
        raise StoreUnavailable(
            "The data was made by a newer casemgr",
            f"It has schema {version}, this program knows {len(files)}. Nothing was changed.",
            "Install the newer casemgr on this machine too.",
        )
    return version < len(files)


def apply(store: Store, files: list[Path], keep: Callable[[int], None] | None) -> None:
    """Apply the pending migrations inside the transaction that the caller holds."""
    version = schema_version(store)
    before = None
    if version:
        before = ledger_digest(store)
        if keep is not None:
            keep(version + 1)
    try:
        prepared(files).apply(store.db)
    except driver.Error as error:
        if explain(error) is not None:
            raise
        raise refused(f"SQLite says: {error}.") from error
    if before is not None and ledger_digest(store) != before:
        raise refused("The ledger would not have been the same afterwards.")
    if store.one("PRAGMA foreign_key_check"):
        raise refused("Records would have pointed at others that are not there.")


def prepared(files: list[Path]) -> Migrations:
    """The files as sqlite-utils wants them."""
    # Only a new or outdated file pays for the import.
    from sqlite_utils import Migrations

    migrations = Migrations("casemgr")
    for number, file in enumerate(files, start=1):

        def run(db: Database, number: int = number, file: Path = file) -> None:
            for statement in statements(file.read_text(encoding="utf-8")):
                db.conn.execute(statement)
            db.conn.execute(f"PRAGMA user_version = {number}")

        migrations(name=file.stem)(run)
    return migrations


def refused(detail: str) -> StoreUnavailable:
    """A migration that must not be."""
    return StoreUnavailable(
        "The data could not be brought to the new schema",
        f"{detail} {UNCHANGED}",
        "Report this with the version of casemgr; go on with the one before.",
    )


def ledger_digest(store: Store) -> str:
    """SHA-256 over every column of every entry."""
    digest = sha256()
    for row in store.rows(f"SELECT {', '.join(Entry._fields)} FROM ledger ORDER BY device, seq"):
        digest.update(repr(row).encode())
    return digest.hexdigest()


def statements(script: str) -> Iterator[str]:
    """The statements of a script; a trigger's body stays in one piece.

    `executescript` would commit on its own, and the migration would no longer be one transaction.
    """
    current = ""
    for line in script.splitlines(keepends=True):
        current += line
        if driver.complete_statement(current):
            yield current
            current = ""
