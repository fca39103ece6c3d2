"""Opening the encrypted file, and the one way to write to it.

The driver is sqlcipher3 with a random 256-bit raw key, so that opening costs no key derivation. WAL with
`synchronous=FULL`: what is committed survives a power cut.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from functools import cached_property
from time import sleep
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as driver

from casemgr.errors import CasemgrError, Damaged, NotWritten, StoreUnavailable
from casemgr.store.faults import explain, not_certain, told_plainly
from casemgr.store.keys import make_private_folder
from casemgr.store.migrate import migrate, schema_version
from casemgr.store.place import refuse_missing, refuse_network_share
from casemgr.store.standing import file_of, refuse_other_schema, refuse_replaced

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlite_utils import Database

    from casemgr.store.standing import Watch

    Parameters = Sequence[object] | dict[str, object]

BUSY_SECONDS = 60
"""How long a writer waits for the others before it gives up: fifty at once are served well within it."""

CHECKPOINT_SECONDS = 5
"""How long a change of the key waits for readers, so that no page under the old one stays in the file."""

FIRST_SAFE_SQLITE = (3, 51, 3)
"""Earlier releases can corrupt a WAL file that is reset while another connection writes."""

CACHE_KIB = 32 * 1024
"""The most that page cache takes: with less, a large import decrypts the same index pages again and again."""

SIDE_FILES = ("-wal", "-shm")
"""What SQLite keeps beside an open file, by the ends of their names."""


REPLACED = "vtable constructor failed"
"""What the driver says of a full-text index whose pages are being replaced."""

REPLACED_TRIES, REPLACED_SECONDS = 100, 0.05
"""How often, and with what pause, it is asked again."""


class Store:
    """An open, encrypted database."""

    def __init__(self, connection: driver.Connection, path: Path | None, key: str = "") -> None:
        """Wrap a connection that is keyed already; `path` is None, and `key` empty, for one in memory."""
        self.connection = connection
        self.path = path
        self.key = key
        self.watch: Watch | None = None
        self.schema: int | None = None
        """The schema that this program brought it to; None for a file that is taken as it is."""
        self._file = file_of(path)
        self._spoiled = False
        """Whether the connection has met a damaged page: the driver reads nothing more through it."""

    @cached_property
    def db(self) -> Database:
        """The same connection through sqlite-utils."""
        # Imported here: its 95 ms are for who needs it, not for everybody who logs.
        from sqlite_utils import Database

        return Database(self.connection, execute_plugins=False)

    def rows(self, sql: str, parameters: Parameters = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, one at a time."""
        with told_plainly(self.path, self._met):
            yield from self._asked(sql, parameters)

    def one(self, sql: str, parameters: Parameters = ()) -> tuple[Any, ...] | None:
        """The first row of a query, or None."""
        with told_plainly(self.path, self._met):
            found: tuple[Any, ...] | None = self._asked(sql, parameters).fetchone()
        return found

    def _asked(self, sql: str, parameters: Parameters) -> driver.Cursor:
        """A query, asked again while a restore is just putting another file's pages under the index."""
        self._renew()
        for _ in range(REPLACED_TRIES):
            try:
                return self.connection.execute(sql, parameters)
            except driver.OperationalError as error:
                if not str(error).startswith(REPLACED):
                    raise
                sleep(REPLACED_SECONDS)
        return self.connection.execute(sql, parameters)

    @contextmanager
    def immediate(self, *, dry_run: bool = False) -> Iterator[None]:
        """A write transaction that holds the lock from its beginning; an error inside undoes all of it.

        Args:
            dry_run: undo it at its end as well.

        Raises:
            StoreUnavailable: the file was replaced, brought to another schema, or found to be damaged.
        """
        if self.watch is not None:
            self.watch.before_writing()
        self._renew()
        with told_plainly(self.path, self._met):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                # Under the lock, so that nobody can migrate it from here on.
                self.refuse_other_schema()
                yield
                refuse_replaced(self.path, self._file)
                if dry_run:
                    self.connection.execute("ROLLBACK")
                else:
                    self._commit()
            except BaseException:
                # Some errors, a full disk among them, may have rolled back already.
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    def _commit(self) -> None:
        """Commit; where the disk fails in the middle of that, nobody is told that nothing was saved."""
        try:
            self.connection.execute("COMMIT")
        except driver.Error as error:
            plain = self._met(error)
            if plain is None:
                raise
            raise not_certain(plain, error) from error

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """A read transaction: every query inside sees the same state."""
        if self.connection.in_transaction:
            yield
            return
        self._renew()
        with told_plainly(self.path, self._met):
            self.connection.execute("BEGIN")
        try:
            self.refuse_other_schema()
            yield
        finally:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")

    def make_temporary(self, sql: str) -> None:
        """Make what belongs to this connection alone and stands in memory, though the file be only read."""
        (reads_only,) = self.one("PRAGMA query_only") or (0,)
        if reads_only:
            self.connection.execute("PRAGMA query_only = OFF")
        try:
            self.one(sql)
        finally:
            if reads_only:
                self.connection.execute("PRAGMA query_only = ON")

    def refuse_other_schema(self) -> None:
        """Refuse a file that another version of the program changed under our hands; see standing.py."""
        if self.schema is not None:
            refuse_other_schema(self.schema, schema_version(self))

    def _met(self, error: driver.Error) -> CasemgrError | None:
        """What an error of the driver means; None for what is nobody's fault but ours."""
        said = str(error)
        if said.startswith("no such "):
            try:
                self.refuse_other_schema()
            except CasemgrError as other:
                return other
        plain = explain(error, self.path)
        self._spoiled = self._spoiled or isinstance(plain, Damaged)
        return self.watch.met(said, plain) if plain is not None and self.watch is not None else plain

    def _renew(self) -> None:
        """Take another connection in the place of a spoiled one, to read what else can be read."""
        if self._spoiled and self.watch is not None and self.path is not None:
            if self.connection.in_transaction:
                return
            self.connection = connect(self.path, self.key)
            self.connection.execute("PRAGMA query_only = ON")
            self.__dict__.pop("db", None)
            self._spoiled = False

    def local(self, key: str) -> str:
        """A value that belongs to this copy of the file, such as the device's short code."""
        found = self.one("SELECT value FROM local WHERE key = ?", (key,))
        return found[0] if found else ""

    def close(self) -> None:
        """Close, and forget the key; the last one out folds the write-ahead log back into the file."""
        self.connection.close()
        self.key = ""


def connect(path: Path, key: str, read_only: bool = False) -> driver.Connection:
    """A keyed connection with our settings.

    Args:
        path: the data file; unless `read_only`, it is made if it is not there.
        key: 64 hex digits.
        read_only: leave the file as it is, byte for byte.

    Raises:
        StoreUnavailable: wrong key, damaged, or a SQLite that is too old.
    """
    if driver.sqlite_version_info < FIRST_SAFE_SQLITE:
        raise StoreUnavailable(
            "The SQLite in this installation is too old",
            f"It is {driver.sqlite_version}; before 3.51.3 a bug can damage data. Nothing was opened.",
            "Install casemgr again, so that sqlcipher3 0.6.2 or newer comes with it.",
        )
    name = f"{path.absolute().as_uri()}?mode=ro" if read_only else os.fspath(path)
    with told_plainly(path):
        connection = driver.connect(
            name, uri=read_only, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            # Its own log would write to standard error, where only our messages belong.
            connection.execute("PRAGMA cipher_log_level = NONE")
            connection.execute(f"PRAGMA key = \"x'{key}'\"")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if not read_only:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            # So that INSERT OR REPLACE cannot get past the triggers that guard the ledger.
            connection.execute("PRAGMA recursive_triggers = ON")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        except BaseException:
            connection.close()
            raise
    return connection


def open_store(path: Path, key: str, migrations: Path) -> Store:
    """Open the data file, bring it to the present schema, and hand it out.

    Before a file with data in it is migrated, a verified copy is kept beside it.

    Raises:
        NotFound: there is no data file.
        StoreUnavailable: wrong key, damaged, newer than this program, or on a network share.
    """
    store = open_as_it_is(path, key)

    def keep(version: int) -> None:
        # Imported here, since only an outdated file needs it.
        from casemgr.store.backup import back_up

        outdated = Store(connect(path, key, read_only=True), path, key)
        try:
            entries = (outdated.one("SELECT count(*) FROM ledger") or (0,))[0]
            target = path.with_name(f"{path.stem}-before-{version:04d}-{entries}{path.suffix}")
            if not target.exists():
                back_up(outdated, key, target, migrations)
        finally:
            outdated.close()

    try:
        migrate(store, migrations, keep)
        store.schema = schema_version(store)
    except BaseException:
        store.close()
        raise
    return store


def open_as_it_is(path: Path, key: str, read_only: bool = False) -> Store:
    """Open a data file with whatever schema it has.

    Args:
        path: the data file.
        key: 64 hex digits.
        read_only: nothing can be changed through it, but for what SQLite itself tidies up when it closes.

    Raises:
        NotFound: there is no data file.
        StoreUnavailable: wrong key, damaged, or on a network share.
    """
    refuse_missing(path)
    refuse_network_share(path)
    store = Store(connect(path, key), path, key)
    if read_only:
        store.connection.execute("PRAGMA query_only = ON")
    return store


def rekey(store: Store, key: str) -> bool:
    """Give an open data file another key: SQLCipher encrypts every page anew in one transaction, or none.

    Whoever else has it open can neither read nor write from then on. A connection whose change of the key
    failed would go on to write under the new one, so that it is done through one that is thrown away. It is
    called done where there was no space, too: only opening the file with the new key says that it was.

    Args:
        store: the open store, which has the key that fits the file afterwards.
        key: 64 hex digits.

    Returns:
        Whether all of the file is under the new key already: another program that reads keeps older pages in
        it, until it closes.

    Raises:
        NotWritten: another program held the data for too long, or there is no space; the key is as it was.
    """
    assert store.path is not None
    store.connection.close()
    store.__dict__.pop("db", None)
    failed: Exception | None = None
    try:
        alone = connect(store.path, store.key)
        try:
            alone.execute(f"PRAGMA rekey = \"x'{key}'\"").fetchone()
        except driver.Error as error:
            failed = error
        finally:
            alone.close()
        try:
            store.connection = connect(store.path, key)
        except StoreUnavailable as error:
            raise NotWritten(
                "The data's key could not be changed",
                "Another program holds the data, or there is no space for all of it once more. "
                "The key is as it was, and nothing is lost.",
                "Close other windows, free some space, then do it again.",
            ) from failed or error
        store.key = key
    except BaseException:
        store.connection = connect(store.path, store.key)
        raise
    with told_plainly(store.path):
        store.connection.execute(f"PRAGMA busy_timeout = {CHECKPOINT_SECONDS * 1000}")
        found = store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        store.connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    return bool(found and not found[0])


def create_store(path: Path, key: str, migrations: Path) -> Store:
    """Make a new, empty data file with the present schema; an existing one is never replaced.

    Raises:
        NotWritten: there is a file already, or its folder cannot be written to; nothing is left behind.
    """
    refuse_network_share(path)
    make_private_folder(path.parent)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as error:
        raise NotWritten(
            "There is a practice here already",
            f"{path} was not touched.",
            "Use it as it is, or name another folder in CASEMGR_HOME.",
        ) from error
    except OSError as error:
        raise NotWritten(
            "The data file could not be made",
            f"{path}: {error.strerror}",
            "Check who may write to its folder.",
        ) from error
    store = None
    try:
        store = Store(connect(path, key), path, key)
        migrate(store, migrations)
        store.schema = schema_version(store)
    except BaseException:
        if store is not None:
            store.close()
        remove_database(path)
        raise
    return store


def remove_database(path: Path) -> None:
    """Remove a data file of our own making with what stands beside it; used for unfinished ones only."""
    for suffix in ("", *SIDE_FILES):
        with suppress(OSError):
            path.with_name(path.name + suffix).unlink()


def memory_store(migrations: Path) -> Store:
    """An empty store in memory: what a replay of the ledger is compared with."""
    connection = driver.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    store = Store(connection, None)
    migrate(store, migrations)
    return store
