"""Opening the encrypted file, and the one way to write to it.

The driver is sqlcipher3 with a random 256-bit raw key, so that opening costs no key derivation. WAL with
`synchronous=FULL`: what is committed survives a power cut.
"""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as driver
from sqlite_utils import Database

from casemgr.errors import NotFound, NotWritten, StoreUnavailable
from casemgr.store.migrate import migrate, schema_version
from casemgr.store.place import refuse_network_share

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

BUSY_SECONDS = 60
"""How long a writer waits for the others before it gives up: fifty at once are served well within it."""

FIRST_SAFE_SQLITE = (3, 51, 3)
"""Earlier releases can corrupt a WAL file that is reset while another connection writes."""


class Store:
    """An open, encrypted, migrated database."""

    def __init__(self, connection: driver.Connection, path: Path | None) -> None:
        """Wrap a connection that is keyed already; `path` is None for one in memory."""
        self.connection = connection
        self.path = path
        self.db = Database(connection, execute_plugins=False)

    def rows(self, sql: str, parameters: Sequence[object] | dict[str, object] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, one at a time."""
        with told_plainly():
            yield from self.connection.execute(sql, parameters)

    def one(self, sql: str, parameters: Sequence[object] | dict[str, object] = ()) -> tuple[Any, ...] | None:
        """The first row of a query, or None."""
        with told_plainly():
            found: tuple[Any, ...] | None = self.connection.execute(sql, parameters).fetchone()
        return found

    @contextmanager
    def immediate(self) -> Iterator[None]:
        """A write transaction that holds the lock from its beginning; whatever is raised inside undoes all of it."""
        with told_plainly():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """A read transaction: every query inside sees the same state."""
        if self.connection.in_transaction:
            yield
            return
        with told_plainly():
            self.connection.execute("BEGIN")
        try:
            yield
        finally:
            self.connection.execute("ROLLBACK")

    def local(self, key: str) -> str:
        """A value that belongs to this copy of the file, such as the device's short code."""
        found = self.one("SELECT value FROM local WHERE key = ?", (key,))
        return found[0] if found else ""

    def close(self) -> None:
        """Close; the last one out folds the write-ahead log back into the file."""
        self.connection.close()


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn the driver's own errors into ones that say what it means for the data and what to do."""
    try:
        yield
    except driver.Error as error:
        raise explain(error) from error


def explain(error: Exception) -> Exception:
    """The plain error for one of the driver's; what is nobody's but ours stays as it is."""
    text = str(error).lower()
    if "full" in text:
        return NotWritten(
            "There is no space left to save",
            "Nothing of this was saved; everything saved before is safe.",
            "Free some space on the disk that holds the data (`casemgr locate` names it), then do it again.",
        )
    if "readonly" in text or "read-only" in text or "unable to open" in text:
        return NotWritten(
            "The data folder cannot be written to",
            "Nothing of this was saved; everything saved before is safe.",
            "Check who may write to the folder that `casemgr locate` names.",
        )
    if "locked" in text or "busy" in text:
        return NotWritten(
            "Another program held the data for over a minute",
            "Nothing of this was saved; everything saved before is safe.",
            "See whether an import or a backup is still running, then do it again.",
        )
    if "not a database" in text:
        return StoreUnavailable(
            "The data cannot be opened with this key",
            "The key file does not belong to this data file, or the data file is damaged. Neither was changed.",
            "Put the right key file back where `casemgr locate` says, or restore a backup with `casemgr restore`.",
        )
    if "disk i/o" in text:
        return NotWritten(
            "The disk refused to read or write",
            "Nothing of this was saved; what was saved before is kept as far as the disk allows.",
            "Check the disk and the space on it, run `casemgr verify`, and restore a backup if it finds damage.",
        )
    if "malformed" in text:
        return StoreUnavailable(
            "The data file is damaged",
            "It was not changed. What can still be proved is told by `casemgr verify`.",
            "Restore the newest backup with `casemgr restore`.",
        )
    return error


def make_key(path: Path) -> str:
    """Make a new random key file, readable by its owner alone; an existing one is never replaced.

    Returns:
        The key: 64 hex digits.
    """
    make_private_folder(path.parent)
    key = secrets.token_hex(32)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError as error:
        raise NotWritten(
            "There is a key file already",
            f"{path} was not touched; data made with it can only be read with it.",
            "Choose another CASEMGR_HOME, or move the old key file to a safe place first.",
        ) from error
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key + "\n")
        file.flush()
        os.fsync(file.fileno())
    return key


def read_key(path: Path) -> str:
    """The key in a key file.

    Raises:
        StoreUnavailable: there is none, or it is not a key.
    """
    try:
        key = path.read_text(encoding="ascii").strip().lower()
    except FileNotFoundError as error:
        raise StoreUnavailable(
            "The key file is not there",
            f"Without {path} the data cannot be read. The data itself was not changed.",
            "Put the key file back from where you keep its copy.",
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise StoreUnavailable(
            "The key file cannot be read", f"{path}: {error}", "Check who may read it; it must be your own, mode 0600."
        ) from error
    if len(key) != 64 or set(key) - set("0123456789abcdef"):
        raise StoreUnavailable(
            "The key file does not hold a key",
            f"{path} should hold 64 hex digits. The data itself was not changed.",
            "Put the key file back from where you keep its copy.",
        )
    return key


def make_private_folder(path: Path) -> None:
    """Make a folder that only its owner can enter; one that is there keeps its mode."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise NotWritten(
            "A folder could not be made", f"{path}: {error.strerror}", "Check the place that CASEMGR_HOME names."
        ) from error


def connect(path: Path, key: str) -> driver.Connection:
    """A keyed connection with our settings; the file is made if it is not there."""
    if driver.sqlite_version_info < FIRST_SAFE_SQLITE:
        raise StoreUnavailable(
            "The SQLite in this installation is too old",
            f"It is {driver.sqlite_version}; before 3.51.3 a bug can damage data. Nothing was opened.",
            "Install casemgr again, so that sqlcipher3 0.6.4 or newer comes with it.",
        )
    with told_plainly():
        connection = driver.connect(
            os.fspath(path), timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            # Its own log would write to standard error, where only our messages belong.
            connection.execute("PRAGMA cipher_log_level = NONE")
            connection.execute(f"PRAGMA key = \"x'{key}'\"")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA temp_store = MEMORY")
        except BaseException:
            connection.close()
            raise
    return connection


def open_store(path: Path, key: str, migrations: Path) -> Store:
    """Open the data file, bring it to the present schema, and hand it out.

    Raises:
        NotFound: there is no data file.
        StoreUnavailable: wrong key, damaged, newer than this program, or on a network share.
    """
    if not path.exists():
        raise NotFound(
            "There is no practice here yet",
            f"No data was found at {path}.",
            "Make one with `casemgr init`, or try things out with `casemgr demo`.",
        )
    refuse_network_share(path)
    store = Store(connect(path, key), path)
    try:
        migrate(store.db, migrations, path)
    except BaseException:
        store.close()
        raise
    return store


def create_store(path: Path, key: str, migrations: Path) -> Store:
    """Make a new, empty data file with the present schema; an existing one is never replaced."""
    make_private_folder(path.parent)
    refuse_network_share(path)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as error:
        raise NotWritten(
            "There is a practice here already",
            f"{path} was not touched.",
            "Use it as it is, or name another folder in CASEMGR_HOME.",
        ) from error
    store = Store(connect(path, key), path)
    migrate(store.db, migrations, None)
    return store


def memory_store(migrations: Path) -> Store:
    """An empty store in memory: what a replay of the ledger is compared with."""
    connection = driver.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    store = Store(connection, None)
    migrate(store.db, migrations, None)
    return store


__all__ = [
    "Store",
    "connect",
    "create_store",
    "explain",
    "make_key",
    "make_private_folder",
    "memory_store",
    "open_store",
    "read_key",
    "schema_version",
    "told_plainly",
]
