"""Bringing a data file to the present schema: SQL files in order, each in one transaction with its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.errors import StoreUnavailable

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database


def schema_version(db: Database) -> int:
    """How many migrations the file has seen."""
    return int(db.conn.execute("PRAGMA user_version").fetchone()[0])


def migration_files(folder: Path) -> list[Path]:
    """The migrations, in order; file number n brings a file to version n."""
    return sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))


def migrate(db: Database, folder: Path, path: Path | None) -> None:
    """Apply what is pending, each migration and its record in one transaction.

    A file with data in it is copied first (`casemgr.db.before-0002` beside it), and its ledger must have the same
    entries afterwards.

    Raises:
        StoreUnavailable: the file is newer than this program.
    """
    files = migration_files(folder)
    version = schema_version(db)
    if version > len(files):
        raise StoreUnavailable(
            "The data was made by a newer casemgr",
            f"It has schema {version}, this program knows {len(files)}. Nothing was changed.",
            "Install the newer casemgr on this machine too.",
        )
    if version == len(files):
        return
    # Only a new or outdated file pays for the import.
    from sqlite_utils import Migrations

    migrations = Migrations("casemgr")
    for number, file in enumerate(files, start=1):

        def apply(db: Database, number: int = number, file: Path = file) -> None:
            for statement in statements(file.read_text(encoding="utf-8")):
                db.conn.execute(statement)
            db.conn.execute(f"PRAGMA user_version = {number}")

        migrations(name=file.stem)(apply)
    before = None
    if version and path is not None:
        from casemgr.store.backup import copy_to

        copy_to(db.conn, path.with_name(f"{path.name}.before-{version + 1:04d}"))
        before = ledger_digest(db)
    # Another process may be at it as well: who comes second finds nothing pending.
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        migrations.apply(db)
        if before is not None and ledger_digest(db) != before:
            raise StoreUnavailable(
                "The data could not be brought to the new schema",
                "The ledger would not have been the same afterwards, so everything was left as it was.",
                "Report this with the version of casemgr; go on with the one before.",
            )
        db.conn.execute("COMMIT")
    except BaseException:
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        raise


def ledger_digest(db: Database) -> tuple[int, str]:
    """How many entries the ledger has, and its hashes in one string of the newest per device."""
    count = db.conn.execute("SELECT count(*) FROM ledger").fetchone()[0]
    heads = db.conn.execute("SELECT device, max(seq), hash FROM ledger GROUP BY device ORDER BY device").fetchall()
    return count, repr(heads)


def statements(script: str) -> list[str]:
    """The statements of a script; a trigger's body stays in one piece.

    `executescript` would commit on its own, and the migration would no longer be one transaction.
    """
    import sqlite3

    found, current = [], ""
    for line in script.splitlines(keepends=True):
        current += line
        if sqlite3.complete_statement(current):
            found.append(current)
            current = ""
    return found
