"""Bringing a data file to the present schema: SQL files in order, each in one transaction with its record.

A migration may add to the tables, and change only what its file declares; see store/unchanged.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as driver

from casemgr.errors import StoreUnavailable
from casemgr.store.faults import explain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlite_utils import Database, Migrations

    from casemgr.store.database import Store


def schema_version(store: Store) -> int:
    """How many migrations the file has seen."""
    found = store.one("PRAGMA user_version")
    return int(found[0]) if found else 0


def migration_files(folder: Path) -> list[Path]:
    """The migrations, in order; file number n brings a file to version n."""
    return sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))


def migrate(store: Store, folder: Path, keep: Callable[[int], None] | None = None) -> None:
    """Apply what is pending, each migration in a transaction of its own: whoever is stopped can go on.

    A new file gets all of them in one: it is never half made.

    Args:
        store: the open store.
        folder: where the SQL files are.
        keep: called with the version to come, under the write lock, before a file with data in it is changed.

    Raises:
        StoreUnavailable: the file is newer than this program, or the record would not be the same afterwards.
    """
    files = migration_files(folder)
    kept = False
    while pending(store, files):
        with store.immediate():
            # Another process may have been at it as well: who comes second finds nothing to do.
            if not pending(store, files):
                return
            version = schema_version(store)
            if not version:
                apply(store, files)
                return
            if keep is not None and not kept:
                keep(version + 1)
                kept = True
            step(store, files[: version + 1])


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


def step(store: Store, files: list[Path]) -> None:
    """Apply the last of some migrations to a file with data in it, and prove that the record is what it was.

    Raises:
        StoreUnavailable: it is not, or the migration failed; the caller's transaction takes it back.
    """
    # Imported here, since only an outdated file needs it.
    from casemgr.store.unchanged import Undeclared, declared, held, refuse_changed

    try:
        free = declared(files[-1].read_text(encoding="utf-8"), store)
        before = held(store, free)
        apply(store, files)
        refuse_changed(before, held(store, free, before))
    except Undeclared as error:
        raise refused(files[-1], str(error)) from error
    if store.one("PRAGMA foreign_key_check"):
        raise refused(files[-1], "Records would have pointed at others that are not there.")


def apply(store: Store, files: list[Path]) -> None:
    """Apply the migrations that a file has not seen, inside the transaction that the caller holds."""
    try:
        prepared(files).apply(store.db)
    except driver.Error as error:
        if explain(error) is not None:
            raise
        raise refused(files[-1], f"SQLite says: {error}.") from error


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


def refused(file: Path, detail: str) -> StoreUnavailable:
    """A migration that must not be."""
    return StoreUnavailable(
        "The data could not be brought to the new schema",
        f"{file.stem}: {detail} What it would have changed was left as it was.",
        "Report this with the version of casemgr; go on with the one before.",
    )


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
