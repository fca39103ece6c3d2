"""The encrypted file: who can open it, what stands in it, and what people are told when it cannot be used."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import sqlcipher3.dbapi2 as driver

from casemgr.errors import CasemgrError, Damaged, NotFound, NotOpened, NotWritten, StoreUnavailable
from casemgr.services.desk import migrations_folder, open_desk
from casemgr.store.database import FIRST_SAFE_SQLITE, connect, create_store, open_store
from casemgr.store.faults import explain
from casemgr.store.keys import make_private_folder, new_key, read_key
from casemgr.store.ledger import head
from tests.support import PASSPHRASE_FILE, ROOT, key_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from casemgr.services.desk import Desk
    from casemgr.settings import Settings
    from tests.store.conftest import Log
    from tests.support import Cli

PAGE = 4096
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
POSIX = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def reopened(settings: Settings) -> None:
    open_store(settings.places.database, key_of(settings.places), migrations_folder()).close()


@POSIX
def test_only_the_owner_can_enter_and_read(desk: Desk, log: Log, home: Path, settings: Settings) -> None:
    log()
    places = settings.places
    for folder in (home, places.data, places.config, places.exports, places.backups):
        assert mode(folder) == 0o700, folder
    for file in (places.slots, places.database, *places.data.iterdir()):
        assert mode(file) == 0o600, file


def test_nothing_stands_in_the_file_or_beside_it_in_plain_text(
    desk: Desk, log: Log, settings: Settings
) -> None:
    log("The panoramic image shows tooth 19")
    raw = b"".join(path.read_bytes() for path in settings.places.data.iterdir())

    assert settings.places.database.with_name("casemgr.db-wal").stat().st_size
    for text in (
        "Garcia",
        "garcia",
        "panoramic",
        "referral",
        "booked",
        "ledger",
        "CREATE TABLE",
        "SQLite format",
    ):
        assert text.encode() not in raw
    desk.close()
    whole = settings.places.database.read_bytes()
    assert len(whole) > 20 * PAGE
    assert b"arcia" not in whole


def test_every_connection_is_safe_and_durable(desk: Desk) -> None:
    def pragma(name: str) -> object:
        return (desk.store.one(f"PRAGMA {name}") or (None,))[0]

    assert driver.sqlite_version_info >= FIRST_SAFE_SQLITE
    assert pragma("journal_mode") == "wal"
    assert pragma("synchronous") == 2
    assert pragma("foreign_keys") == 1
    assert pragma("recursive_triggers") == 1
    assert pragma("temp_store") == 2
    assert pragma("cipher_version")


def test_sqlite_utils_works_on_the_same_connection(desk: Desk, log: Log) -> None:
    log()
    assert desk.store.db.conn is desk.store.connection
    assert desk.store.db["activities"].count == 1


def test_the_wrong_key_opens_nothing_and_changes_nothing(desk: Desk, settings: Settings) -> None:
    desk.close()
    before = settings.places.database.read_bytes()

    with pytest.raises(StoreUnavailable, match="cannot be opened with this key"):
        open_store(settings.places.database, "ab" * 32, migrations_folder())
    assert settings.places.database.read_bytes() == before


@pytest.mark.parametrize("text", ["", "\n", "abc", "zz" * 32, "ab" * 33, "ключ"])
def test_a_key_file_without_a_key_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "casemgr.key"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(StoreUnavailable, match="does not hold a key") as told:
        read_key(path)
    assert str(path) in told.value.detail


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "casemgr.key"

    with pytest.raises(StoreUnavailable, match="key file is not there") as told:
        read_key(path)
    assert str(path) in told.value.detail


def test_a_key_is_random() -> None:
    assert new_key() != new_key()
    assert len(bytes.fromhex(new_key())) == 32


def test_a_practice_that_is_not_there_is_not_made(settings: Settings) -> None:
    with pytest.raises(NotFound, match="no practice here"):
        open_desk(settings)
    assert not settings.places.data.exists()


def test_an_existing_file_is_never_replaced(desk: Desk, settings: Settings) -> None:
    before = head(desk.store)
    with pytest.raises(NotWritten, match="practice here already"):
        create_store(settings.places.database, "ab" * 32, migrations_folder())
    assert head(desk.store) == before


def test_a_failed_creation_leaves_nothing_behind(tmp_path: Path) -> None:
    migrations = tmp_path / "migrations"
    migrations.mkdir()
    (migrations / "0001_broken.sql").write_text("CREATE TABLE ledger (a) STRICT;\n")
    path = tmp_path / "data" / "casemgr.db"

    with pytest.raises(StoreUnavailable):
        create_store(path, "ab" * 32, migrations)
    assert list(path.parent.iterdir()) == []


def damaged(path: Path, kind: str) -> None:
    """Damage a file as disks and people do."""
    whole = bytearray(path.read_bytes())
    if kind == "empty":
        whole = bytearray()
    elif kind == "cut":
        del whole[len(whole) // 2 :]
    elif kind == "cut within a page":
        del whole[5 * PAGE + 100 :]
    elif kind == "a few bytes":
        del whole[100:]
    elif kind == "first page":
        whole[:PAGE] = os.urandom(PAGE)
    elif kind == "another kind of file":
        whole = bytearray(b"PK\x03\x04" + b"workbook" * 1000)
    elif kind == "every page":
        for start in range(PAGE, len(whole), PAGE):
            whole[start + 50] ^= 1
    path.write_bytes(whole)


@pytest.mark.parametrize(
    "kind",
    ["empty", "cut", "cut within a page", "a few bytes", "first page", "another kind of file", "every page"],
)
def test_a_damaged_file_is_told_and_left_as_it_is(
    desk: Desk, log: Log, settings: Settings, run_cli: Cli, kind: str
) -> None:
    log()
    desk.close()
    damaged(settings.places.database, kind)
    before = settings.places.database.read_bytes()

    told = run_cli("activity", "list", code=6)
    assert told.stdout == ""
    assert "Traceback" not in told.stderr
    assert "casemgr restore" in told.stderr
    assert run_cli("verify", code=None).returncode in {6, 8}
    assert settings.places.database.read_bytes() == before


def test_verify_names_the_damaged_pages(desk: Desk, log: Log, settings: Settings, run_cli: Cli) -> None:
    log()
    desk.close()
    whole = bytearray(settings.places.database.read_bytes())
    for page in (7, 12):
        whole[page * PAGE + 1000 : page * PAGE + 1100] = os.urandom(100)
    settings.places.database.write_bytes(whole)

    told = run_cli("verify", code=8).stderr
    assert "page 8" in told
    assert "page 13" in told


@contextmanager
def unwritable(folder: Path) -> Iterator[list[str]]:
    """A folder that nobody may write to; yields what to run programs with so that this binds root, too."""
    closed = [path for path in folder.parents if not mode(path) & stat.S_IXOTH]
    modes = {path: mode(path) for path in (folder, *folder.rglob("*"), *closed)}
    for path in modes:
        path.chmod(0o755 if path in folder.parents else 0o555 if path.is_dir() else 0o444)
    try:
        yield NOBODY if os.getuid() == 0 else []
    finally:
        for path, before in modes.items():
            path.chmod(before)


@POSIX
def test_a_folder_that_may_not_be_written_to_is_told(desk: Desk, log: Log, home: Path, run_cli: Cli) -> None:
    log()
    desk.close()

    def run(*args: str) -> subprocess.CompletedProcess[str]:
        command = [*prefix, sys.executable, "-B", "-m", "casemgr", *args]
        return subprocess.run(
            # What the one has unlocked is not the other's.
            command,
            env=run_cli.environ({"CASEMGR_PASSPHRASE_FILE": str(PASSPHRASE_FILE)}),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    with unwritable(home) as prefix:
        if prefix and (not shutil.which("setpriv") or run("--version").returncode):
            pytest.skip("root may write everywhere, and nobody else can run this checkout")
        done = run("log", "20m referral 1030: x => booked")
    assert done.returncode == 7, done.stderr
    assert "Traceback" not in done.stderr
    assert "cannot be written to" in done.stderr


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(NotWritten, match="folder could not be made"):
        make_private_folder(tmp_path / "file" / "data")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("database or disk is full", NotWritten),
        ("disk I/O error", NotWritten),
        ("locking protocol", NotWritten),
        ("attempt to write a readonly database", NotWritten),
        ("unable to open database file", NotWritten),
        ("database is locked", NotWritten),
        ("vtable constructor failed: activity_index", NotWritten),
        ("file is not a database", NotOpened),
        ("database disk image is malformed", Damaged),
        ("UNIQUE constraint failed: the full name of a locked busy table", None),
        ('fts5: syntax error near "full"', None),
    ],
)
def test_the_driver_s_errors_are_known_by_their_own_words(text: str, kind: type[CasemgrError] | None) -> None:
    told = explain(driver.OperationalError(text))

    assert type(told) is (kind or type(None))
    if told:
        assert told.title
        assert told.detail
        assert told.todo


def test_data_that_a_restore_is_replacing_is_not_said_to_be_held(settings: Settings) -> None:
    told = explain(driver.OperationalError("vtable constructor failed: activity_index"), settings.places.data)

    assert told is not None
    assert "replaced by a restore" in told.title
    assert "again" in told.todo


def test_a_reader_keeps_its_snapshot_while_others_write(desk: Desk, log: Log, settings: Settings) -> None:
    reader = open_desk(settings)
    try:
        with reader.store.snapshot():
            before = head(reader.store)
            log()
            with reader.store.snapshot():
                assert head(reader.store) == before
        assert head(reader.store) == head(desk.store) != before
    finally:
        reader.close()


def test_the_file_is_closed_and_whole_after_each_command(desk: Desk, settings: Settings) -> None:
    desk.close()

    assert [path.name for path in settings.places.data.glob("casemgr.db*")] == ["casemgr.db"]
    connect(settings.places.database, key_of(settings.places)).close()


class Failing:
    """A connection whose disk fails when it commits."""

    def __init__(self, connection: driver.Connection, says: str) -> None:
        self.connection, self.says = connection, says

    def execute(self, sql: str, *parameters: object) -> driver.Cursor:
        if sql == "COMMIT":
            raise driver.OperationalError(self.says)
        return self.connection.execute(sql, *parameters)

    @property
    def in_transaction(self) -> bool:
        return bool(self.connection.in_transaction)


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ("disk I/O error", "Whether this was saved is not certain"),
        ("database or disk is full", "Nothing of this was saved"),
    ],
)
def test_who_cannot_be_sure_that_nothing_was_saved_does_not_say_so(
    desk: Desk, log: Log, monkeypatch: pytest.MonkeyPatch, says: str, words: str
) -> None:
    before = head(desk.store)
    with monkeypatch.context() as patched:
        patched.setattr(desk.store, "connection", Failing(desk.store.connection, says))
        with pytest.raises(NotWritten) as told:
            log()
    assert told.value.detail.startswith(words)
    assert ("Look whether it is there" in told.value.todo) == ("not certain" in words)
    assert head(desk.store) == before
