"""Migrations: whole or not at all, with a proven copy of what was there before, and the ledger as it was."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from casemgr.core.ledger import GENESIS, entry_hash
from casemgr.core.text import canonical_json
from casemgr.errors import NotWritten, StoreUnavailable
from casemgr.services.desk import migrations_folder
from casemgr.store.backup import inspect, open_backup
from casemgr.store.database import create_store, open_as_it_is, open_store
from casemgr.store.ledger import entries, head
from casemgr.store.migrate import migration_files, schema_version, statements
from casemgr.store.projection import image_of, project, stale
from casemgr.store.unchanged import held
from casemgr.store.verify import verify
from tests.support import ROOT, key_of

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.services.desk import Desk
    from casemgr.settings import Settings
    from tests.store.conftest import Log
    from tests.support import Cli

    Filled = tuple[Path, str]

GOOD = """
-- Colours, for the sake of an example; a comment may hold a ; too.
CREATE TABLE colours (id TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT;
INSERT INTO colours VALUES ('g', 'green; or so');
ALTER TABLE timers ADD COLUMN colour TEXT NOT NULL DEFAULT 'g';
CREATE TRIGGER colours_stay BEFORE DELETE ON colours
BEGIN
  SELECT RAISE(ABORT, 'no; never');
END;
"""


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The migrations of a newer program."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    for file in migration_files(migrations_folder()):
        (folder / file.name).write_bytes(file.read_bytes())
    return folder


def next_file(folder: Path, sql: str) -> int:
    """Add a migration; returns its number."""
    number = len(migration_files(folder)) + 1
    (folder / f"{number:04d}_next.sql").write_text(sql)
    return number


@pytest.fixture
def filled(desk: Desk, log: Log, settings: Settings) -> Filled:
    """A data file with work in it, closed, and its key."""
    for _ in range(3):
        log()
    desk.close()
    return settings.places.database, key_of(settings.places)


@pytest.fixture
def log_of_old(filled: Filled, newer: Path, tmp_path: Path) -> Path:
    """A data file as the first schema's program would have left it, with the same work in it."""
    path, key = filled
    for file in migration_files(newer)[1:]:
        file.unlink()
    old = create_store(tmp_path / "old" / "old.db", key, newer)
    made = open_as_it_is(path, key, read_only=True)
    # The projection of today needs today's columns while it fills the tables.
    for table, column in (("activities", "run_month"), ("staff", "access")):
        old.connection.execute(f"ALTER TABLE {table} ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
    with old.immediate():
        execute = old.connection.execute
        execute("INSERT INTO local (key, value) VALUES ('device', ?)", (made.local("device"),))
        prev = GENESIS
        for entry in entries(made):
            image = json.loads(entry.body)
            for unknown in ("done_activity_id", "run_month", "access"):
                image.pop(unknown, None)
            columns = (*entry[:9], canonical_json(image))
            digest = entry_hash(prev, *columns)
            places = ", ".join("?" * len(entry))
            execute(f"INSERT INTO ledger VALUES ({places})", (*columns, prev, digest))
            if entry.entity == "follow_up":
                execute(
                    f"INSERT INTO follow_ups ({', '.join(image)}) VALUES ({', '.join('?' * len(image))})",
                    tuple(image.values()),
                )
            else:
                project(old, entry.entity, image_of(entry.entity, entry.body))
            prev = digest
    for table, column in (("activities", "run_month"), ("staff", "access")):
        old.connection.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    made.close()
    old.close()
    return tmp_path / "old" / "old.db"


def test_the_files_are_numbered_without_a_gap() -> None:
    files = migration_files(migrations_folder())

    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))


def test_a_filled_store_is_migrated_with_a_proven_copy(filled: Filled, newer: Path) -> None:
    path, key = filled
    version = next_file(newer, GOOD)
    before = open_as_it_is(path, key, read_only=True)
    was, last = held(before, ()), head(before)
    before.close()

    store = open_store(path, key, newer)
    assert schema_version(store) == version
    assert held(store, (), was) == was
    assert list(store.rows("SELECT * FROM colours")) == [("g", "green; or so")]
    assert verify(store, newer, [last]).ok
    assert [row["name"] for row in store.db["_sqlite_migrations"].rows] == [
        file.stem for file in migration_files(newer)
    ]
    store.close()

    copy = path.with_name(f"casemgr-before-{version:04d}-{last.seq}.db")
    beside = [each.with_suffix(".slots").name for each in (path, copy)]
    assert sorted(file.name for file in path.parent.iterdir()) == sorted([path.name, copy.name, *beside])
    assert inspect(copy, key, migrations_folder(), [last]).ok
    opened = open_backup(copy, key)
    assert schema_version(opened) == version - 1
    opened.close()


def test_a_follow_up_from_before_activities_finished_any_is_kept(filled: Filled, log_of_old: Path) -> None:
    """Its after-image lacks the field, in the ledger for good; the tables say that nothing did it."""
    path, key = log_of_old, filled[1]
    store = open_store(path, key, migrations_folder())
    last = head(store)

    assert verify(store, migrations_folder(), [last]).problems == ()
    rows = list(store.rows("SELECT id, done_activity_id FROM follow_ups"))
    assert [row[1] for row in rows] == [""] * 3
    assert stale(store, "follow_up", [row[0] for row in rows]) == []
    store.close()
    copy = path.with_name(f"old-before-0002-{last.seq}.db")
    assert inspect(copy, key, migrations_folder(), [last]).ok


def test_an_older_backup_is_proven_by_a_newer_program(filled: Filled, newer: Path) -> None:
    path, key = filled
    next_file(newer, GOOD)

    assert inspect(path, key, newer).ok


def test_a_failing_migration_leaves_all_as_it_was(filled: Filled, newer: Path) -> None:
    path, key = filled
    before = path.read_bytes()
    number = next_file(newer, GOOD + "INSERT INTO nowhere VALUES (1);\n")

    for _ in range(2):
        with pytest.raises(StoreUnavailable, match="new schema") as told:
            open_store(path, key, newer)
        assert "nowhere" in told.value.detail
    store = open_store(path, key, migrations_folder())
    assert schema_version(store) == number - 1
    assert store.one("SELECT 1 FROM sqlite_master WHERE name = 'colours'") is None
    assert verify(store, migrations_folder()).ok
    store.close()
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TRIGGER ledger_is_never_shortened;\nDELETE FROM ledger WHERE seq = 4;",
        "DROP TRIGGER ledger_is_never_changed;\nUPDATE ledger SET body = replace(body, '20', '21');",
        "INSERT INTO ledger SELECT device, seq + 100, at, staff, action, entity, entity_id, reason,\n"
        "command, body, prev, hash FROM ledger;",
        "-- changes: patients\nPRAGMA defer_foreign_keys = ON;\nDELETE FROM patients;",
        "UPDATE activities SET minutes = 21;",
        "UPDATE activities SET minutes = 21 WHERE rowid = 2;",
        "-- changes: activities.note\nUPDATE activities SET minutes = 21, note = 'x';",
        "DELETE FROM follow_ups WHERE rowid = 2;",
        "INSERT INTO timers (id, voided, patient_id, kind, note, started_at, running_since, banked_seconds) "
        "VALUES ('bob', 0, '', '', '', 1, 1, 0);",
        "ALTER TABLE staff DROP COLUMN npi;",
        "DROP TABLE timers;",
        "UPDATE local SET value = 'ZZZZ';",
        "-- changes: ledger\nDROP TRIGGER ledger_is_never_shortened;\nDELETE FROM ledger WHERE seq = 4;",
        "-- changes: activities.colour\nSELECT 1;",
        "-- changes: nothing\nSELECT 1;",
    ],
    ids=[
        *("shortened", "changed", "lengthened", "orphaned", "column", "one row", "other column", "row gone"),
        *("row more", "column gone", "table gone", "local", "ledger declared", "no such column", "no table"),
    ],
)
def test_a_migration_that_harms_the_record_is_refused(filled: Filled, newer: Path, sql: str) -> None:
    path, key = filled
    before = path.read_bytes()
    next_file(newer, sql)

    with pytest.raises(StoreUnavailable, match="new schema") as told:
        open_store(path, key, newer)
    assert path.read_bytes() == before
    assert "_next: " in told.value.detail
    assert "Garcia" not in told.value.detail


def test_a_migration_changes_what_it_declares(filled: Filled, newer: Path) -> None:
    path, key = filled
    next_file(
        newer,
        """-- Minutes by the quarter of an hour, for the sake of an example.
-- changes: activities.minutes, staff.npi, drafts
-- changes: timers
UPDATE activities SET minutes = 30;
ALTER TABLE staff DROP COLUMN npi;
DROP TABLE timers;
INSERT INTO drafts VALUES ('amy', 'line', '{}', 1);
""",
    )
    store = open_store(path, key, newer)

    assert list(store.rows("SELECT DISTINCT minutes FROM activities")) == [(30,)]
    assert store.one("SELECT count(*) FROM drafts") == (1,)
    store.close()


def test_a_run_that_was_stopped_leaves_a_version_that_the_next_goes_on_from(
    filled: Filled, newer: Path
) -> None:
    path, key = filled
    first = next_file(newer, GOOD)
    # It would take for ever, and is killed as soon as the first one is in the file.
    second = next_file(
        newer,
        "CREATE TABLE forever AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT count(*) FROM n;",
    )
    code = (
        "import sys; from pathlib import Path; from casemgr.store.database import open_store\n"
        "open_store(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(path), key, str(newer)], cwd=ROOT)
    try:
        watching = open_as_it_is(path, key)
        while schema_version(watching) < first:
            assert child.poll() is None
        watching.close()
    finally:
        child.kill()
        child.wait()

    store = open_as_it_is(path, key)
    assert schema_version(store) == first
    assert verify(store, newer).ok
    store.close()
    migration_files(newer)[-1].write_text("ALTER TABLE colours ADD COLUMN code TEXT NOT NULL DEFAULT '';")
    store = open_store(path, key, newer)
    assert schema_version(store) == second
    assert list(store.rows("SELECT * FROM colours")) == [("g", "green; or so", "")]
    assert verify(store, newer).ok
    store.close()
    copies = sorted(file.name for file in path.parent.glob("casemgr-before-*.db"))
    assert copies == [f"casemgr-before-{first:04d}-9.db", f"casemgr-before-{second:04d}-9.db"]


def test_an_older_program_that_has_it_open_stops_calmly(filled: Filled, newer: Path, desk: Desk) -> None:
    path, key = filled
    old = open_store(path, key, migrations_folder())
    renamed = "ALTER TABLE follow_ups RENAME COLUMN done_on TO done_at;\n"
    version = next_file(newer, f"-- changes: follow_ups.done_on\n{GOOD}{renamed}")
    with old.snapshot():
        before = head(old)
        open_store(path, key, newer).close()
        assert head(old) == before

    told = []
    for use in (
        lambda: list(old.rows("SELECT done_on FROM follow_ups")),
        lambda: old.one("SELECT done_on FROM follow_ups"),
        lambda: old.snapshot().__enter__(),
        lambda: old.immediate().__enter__(),
    ):
        with pytest.raises(StoreUnavailable, match="newer schema by another casemgr") as error:
            use()
        told.append(error.value.detail)
        assert not old.connection.in_transaction
    assert f"It has schema {version} now" in told[0]
    assert head(old) == before
    old.close()
    store = open_store(path, key, newer)
    assert head(store) == before
    store.close()


def test_without_a_copy_nothing_is_migrated(
    filled: Filled, newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, key = filled
    number = next_file(newer, GOOD)
    # A folder in the place of the unfinished copy stands for a disk that takes no more files.
    blocked = path.with_name(f".casemgr-before-{number:04d}-9.db.{os.getpid()}.part")
    blocked.mkdir()

    with pytest.raises(NotWritten, match="copy could not be written"):
        open_store(path, key, newer)
    store = open_as_it_is(path, key)
    assert schema_version(store) == number - 1
    store.close()


def test_a_newer_file_is_left_alone(filled: Filled, newer: Path, settings: Settings, run_cli: Cli) -> None:
    path, key = filled
    next_file(newer, GOOD)
    open_store(path, key, newer).close()

    with pytest.raises(StoreUnavailable, match="newer casemgr"):
        open_store(path, key, migrations_folder())
    assert "newer casemgr" in run_cli("activity", "list", code=6).stderr
    assert "newer casemgr" in run_cli("verify", code=6).stderr


@pytest.mark.skipif(os.name != "posix", reason="a terminal of POSIX")
def test_the_terminal_ui_does_not_begin_on_a_newer_file(filled: Filled, newer: Path, run_cli: Cli) -> None:
    path, key = filled
    next_file(newer, GOOD)
    open_store(path, key, newer).close()
    ours, theirs = os.openpty()
    child = subprocess.Popen(
        run_cli.command(), env=run_cli.environ(), cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    assert child.wait(60) == 6
    told = os.read(ours, 10_000)
    os.close(ours)
    assert b"newer casemgr" in told
    assert b"\x1b[?1049h" not in told


def test_programs_that_meet_an_outdated_file_at_once_migrate_it_once(filled: Filled, newer: Path) -> None:
    path, key = filled
    version = next_file(newer, GOOD)
    code = (
        "import sys; from pathlib import Path; from casemgr.store.database import open_store\n"
        "store = open_store(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))\n"
        "print(store.one('PRAGMA user_version')[0])"
    )
    children = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(path), key, str(newer)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    told = [child.communicate() for child in children]

    assert told == [(f"{version}\n", "")] * 6
    assert len(list(path.parent.glob("casemgr-before-*.db"))) == 1
    store = open_store(path, key, newer)
    assert len(list(entries(store))) == 9
    assert verify(store, newer).ok
    store.close()


def test_a_script_is_cut_into_statements() -> None:
    found = list(statements(GOOD))

    assert len(found) == 4
    assert found[-1].strip().endswith("END;")
    assert list(statements("-- nothing but a word;\n")) == []
