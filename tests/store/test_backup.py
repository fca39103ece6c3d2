"""Backups prove themselves, and a restore keeps what it replaces."""

from __future__ import annotations

import json
import os
import sqlite3
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from casemgr.core.records import Disclosure
from casemgr.errors import (
    InputRefused,
    NotFound,
    NotWritten,
    RuleRefused,
    StoreUnavailable,
    VerificationFailed,
)
from casemgr.services.access import Unlocked
from casemgr.services.desk import migrations_folder, open_desk
from casemgr.services.restoring import restore
from casemgr.services.safety import back_up, ledger_entries, verify_practice
from casemgr.store.backup import copy_to, inspect, open_backup
from casemgr.store.ledger import entries, head
from casemgr.store.projection import KEYS
from tests.support import PASSPHRASE, key_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk
    from casemgr.settings import Settings
    from casemgr.store.database import Store
    from tests.store.conftest import Execute, Log
    from tests.support import Cli

    Tampering = Callable[[], AbstractContextManager[Execute]]


def content(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Everything that a store holds, but for when it was last proven."""
    found = {
        table: list(store.rows(f"SELECT * FROM {table} ORDER BY 1, 2"))
        for table in ("ledger", "local", "drafts", *KEYS)
    }
    return {**found, "local": [row for row in found["local"] if row[0] != "verified"]}


def test_a_backup_holds_all_that_the_data_held(desk: Desk, log: Log, settings: Settings) -> None:
    log("Called the surgeon about the panoramic image")
    before = content(desk.store)
    made = back_up(desk)

    assert made.path.parent == settings.places.backups
    assert made.path.name == "casemgr-20261021-120000.db"
    assert made.report.ok
    copy = open_backup(made.path, key_of(settings.places))
    assert content(copy) == before
    copy.close()
    assert b"panoramic" not in made.path.read_bytes()


def test_a_backup_is_recorded_after_it_was_made(desk: Desk, log: Log) -> None:
    log()
    wanted = head(desk.store)
    made = back_up(desk)
    recorded = ledger_entries(desk, entity="disclosure")[0]
    told = Disclosure.model_validate_json(recorded.body)

    assert made.report.head == wanted
    assert recorded.seq == wanted.seq + 1
    assert recorded.action == "backup"
    assert (told.file, told.filters, told.rows) == (made.path.name, str(wanted), wanted.seq)
    assert told.sha256 == made.sha256 == sha256(made.path.read_bytes()).hexdigest()


def test_looking_into_a_backup_changes_no_byte_of_it(desk: Desk, settings: Settings) -> None:
    made = back_up(desk)
    before = made.path.read_bytes()
    inspect(made.path, key_of(settings.places), migrations_folder())

    assert made.path.read_bytes() == before
    beside = made.path.with_suffix(".slots")
    assert sorted(settings.places.backups.iterdir()) == [made.path, beside]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_only_the_owner_can_read_a_backup(desk: Desk, tmp_path: Path) -> None:
    made = back_up(desk, tmp_path / "new folder" / "october.db")

    assert made.path.stat().st_mode & 0o777 == 0o600
    assert made.path.parent.stat().st_mode & 0o777 == 0o700


def test_a_backup_goes_into_a_folder_or_a_file_and_replaces_nothing(
    desk: Desk, tmp_path: Path, clock: FixedClock
) -> None:
    assert back_up(desk, tmp_path).path == tmp_path / "casemgr-20261021-120000.db"
    assert back_up(desk, tmp_path).path == tmp_path / "casemgr-20261021-120000-2.db"
    clock.move(seconds=1)
    named = back_up(desk, tmp_path / "october.db")
    before = named.path.read_bytes()
    with pytest.raises(NotWritten, match="file of that name already"):
        back_up(desk, tmp_path / "october.db")
    assert named.path.read_bytes() == before


def test_a_backup_that_cannot_be_written_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    before = head(desk.store)
    with pytest.raises(NotWritten):
        back_up(desk, tmp_path / "file" / "october.db")

    assert head(desk.store) == before


def test_data_that_does_not_hold_is_not_backed_up(
    desk: Desk, log: Log, tampering: Tampering, tmp_path: Path
) -> None:
    log()
    with tampering() as execute:
        execute("UPDATE activities SET minutes = 45")
    with pytest.raises(VerificationFailed) as told:
        back_up(desk, tmp_path / "october.db")

    assert "in minutes" in told.value.detail
    assert list(tmp_path.glob("*october*")) == []


def test_a_restore_brings_back_what_the_backup_holds(desk: Desk, log: Log, settings: Settings) -> None:
    log()
    before = content(desk.store)
    made = back_up(desk)
    log("later")
    later = content(desk.store)

    with pytest.raises(RuleRefused) as refused:
        restore(settings, made.path)
    assert "Riverside Dental, 5 entries up to 2026-10-21 12:00" in refused.value.detail
    assert "2 entries more" in refused.value.detail
    assert content(desk.store) == later

    done = restore(settings, made.path, yes=True, clock=desk.clock)
    assert (done.lost, done.contents.entries) == (2, 5)
    assert verify_practice(settings.places, [str(made.report.head)]).ok
    last = ledger_entries(desk, limit=1)[0]
    assert (last.action, last.seq) == ("restore", 6)
    with desk.store.snapshot():
        now = content(desk.store)
    assert now["ledger"][:-1] == before["ledger"]
    assert {name: rows for name, rows in now.items() if name not in {"ledger", "disclosures"}} == {
        name: rows for name, rows in before.items() if name not in {"ledger", "disclosures"}
    }

    assert done.kept is not None
    kept = open_backup(done.kept, key_of(settings.places))
    assert content(kept) == later
    kept.close()


def test_what_a_restore_replaced_can_be_restored(
    desk: Desk, log: Log, settings: Settings, clock: FixedClock
) -> None:
    made = back_up(desk)
    log("later")
    later = content(desk.store)
    done = restore(settings, made.path, yes=True, clock=clock)
    assert done.kept is not None
    # Nothing was entered since, but for the note of the restore itself.
    again = restore(settings, done.kept, clock=clock)

    assert again.lost == 0
    assert content(desk.store)["activities"] == later["activities"]


def test_a_restore_works_while_others_have_the_practice_open(
    desk: Desk, log: Log, settings: Settings, clock: FixedClock
) -> None:
    log()
    made = back_up(desk)
    wanted = head(desk.store)
    others = [open_desk(settings, clock=clock) for _ in range(3)]
    log("later")
    with others[0].store.snapshot():
        seen = head(others[0].store)
        restore(settings, made.path, yes=True, clock=clock)
        assert head(others[0].store) == seen
    assert {head(other.store).seq for other in others} == {wanted.seq}
    for other in others:
        with other.write() as tx:
            tx.append("print", "disclosure", Disclosure(id=tx.new_id(), what="claim summary"))
        other.close()
    log("goes on")

    assert verify_practice(settings.places).ok


def test_a_restore_without_loss_asks_nothing(desk: Desk, log: Log, settings: Settings) -> None:
    log()
    made = back_up(desk)

    assert restore(settings, made.path).lost == 0


@pytest.mark.parametrize("trouble", ["missing", "empty", "no database", "middle", "log left behind"])
def test_a_restore_works_where_the_data_is_missing_or_damaged(
    desk: Desk, log: Log, settings: Settings, trouble: str, clock: FixedClock
) -> None:
    places = settings.places
    log()
    made = back_up(desk)
    before = content(desk.store)
    log("later")
    left_behind = places.database.with_name("casemgr.db-wal").read_bytes()
    desk.close()
    whole = bytearray(places.database.read_bytes())
    if trouble in {"missing", "log left behind"}:
        places.database.unlink()
        if trouble == "log left behind":
            places.database.with_name("casemgr.db-wal").write_bytes(left_behind)
    elif trouble == "middle":
        for start in range(4096, len(whole), 4096):
            whole[start + 77] ^= 1
        places.database.write_bytes(whole)
    else:
        places.database.write_bytes(b"" if trouble == "empty" else b"nonsense" * 1000)
    broken = places.database.read_bytes() if places.database.exists() else None

    done = restore(settings, made.path, clock=clock)
    assert verify_practice(places).ok
    again = open_desk(settings, clock=clock)
    assert content(again.store)["activities"] == before["activities"]
    again.close()
    assert (done.kept.read_bytes() if done.kept else None) == broken
    assert sorted(path.name for path in places.data.glob("casemgr.db*")) == ["casemgr.db"]


def test_a_backup_that_does_not_hold_is_not_restored(
    desk: Desk, log: Log, settings: Settings, tmp_path: Path, tampering: Tampering
) -> None:
    log()
    good = head(desk.store)
    places, key = settings.places, key_of(settings.places)
    with tampering() as execute:
        execute("UPDATE ledger SET staff = 'bob' WHERE seq = 4")
    bad = tmp_path / "bad.db"
    copy_to(desk.store, bad)
    with tampering() as execute:
        execute("UPDATE ledger SET staff = 'amy' WHERE seq = 4")

    with pytest.raises(VerificationFailed, match="does not hold"):
        restore(settings, bad, yes=True)
    sound = back_up(desk).path
    whole = bytearray(sound.read_bytes())
    whole[5 * 4096 + 9] ^= 1
    (tmp_path / "damaged.db").write_bytes(whole)
    with pytest.raises(VerificationFailed, match="does not hold"):
        restore(settings, tmp_path / "damaged.db", yes=True)
    with pytest.raises(StoreUnavailable, match="with this key"):
        open_backup(sound, "ab" * 32)
    with pytest.raises(NotFound, match="no such backup"):
        restore(settings, tmp_path / "none.db")
    with pytest.raises(InputRefused, match="data itself"):
        restore(settings, places.database)
    with pytest.raises(NotFound, match="knows nobody"):
        restore(settings, sound, by=Unlocked("bob", key))
    other = tmp_path / "plain.db"
    plain = sqlite3.connect(other)
    plain.execute("CREATE TABLE ledger (a)")
    plain.close()
    with pytest.raises(StoreUnavailable):
        restore(settings, other)

    assert head(desk.store).seq == good.seq + 1
    assert verify_practice(places).ok
    assert key_of(places) == key


def test_what_is_no_backup_is_told_as_what_it_is(desk: Desk, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "noise.db").write_bytes(b"nonsense" * 1000)
    (tmp_path / "linked.db").hardlink_to(settings.places.database)
    with pytest.raises(InputRefused, match="is a file"):
        restore(settings, tmp_path)
    with pytest.raises(StoreUnavailable, match="backup cannot be opened"):
        restore(settings, tmp_path / "noise.db")
    with pytest.raises(InputRefused, match="data itself"):
        restore(settings, tmp_path / "linked.db")


def test_where_the_data_is_gone_the_newest_backup_is_named(desk: Desk, settings: Settings) -> None:
    made = back_up(desk)
    desk.close()
    settings.places.database.unlink()
    for use in (lambda: open_desk(settings), lambda: verify_practice(settings.places)):
        with pytest.raises(NotFound) as told:
            use()
        assert "gone" in told.value.title
        assert str(made.path) in told.value.todo


def test_the_command_line_backs_up_and_restores(
    desk: Desk, log: Log, settings: Settings, run_cli: Cli
) -> None:
    log()
    desk.close()
    made = json.loads(run_cli("backup", "--json").stdout)
    shown = run_cli("backup", "october.db")
    assert shown.stdout.strip() == "october.db"
    assert "key slots beside it" in shown.stderr

    run_cli("log", "5m referral 1030: later => booked")
    refused = run_cli("restore", made["path"], code=5)
    assert refused.stdout == ""
    assert "1 entry more" in refused.stderr
    assert "--yes" in refused.stderr
    done = json.loads(run_cli("restore", made["path"], "--yes", "--json").stdout)
    assert done == {"entries": 5, "head": made["head"], "lost": 1, "kept": done["kept"]}
    assert len(json.loads(run_cli("activity", "list", "--month", "2026-10", "--json").stdout)) == 1
    assert "Restored Riverside Dental, 6 entries" in run_cli("restore", "october.db").stdout
    run_cli("verify", "--against", made["head"])
    run_cli("restore", "nowhere.db", code=4)


def test_locate_says_what_is_there(settings: Settings, run_cli: Cli, desk: Desk) -> None:
    desk.close()
    settings.places.exports.rmdir()
    found = {one["what"]: one for one in json.loads(run_cli("locate", "--json").stdout)}

    assert found["data"] == {"what": "data", "path": str(settings.places.database), "exists": True}
    assert found["key slots"]["exists"]
    assert not found["exports"]["exists"]
    assert str(settings.places.slots) in run_cli("locate").stdout


def test_the_ledger_is_listed_newest_first_without_what_records_say(
    desk: Desk, log: Log, run_cli: Cli, clock: FixedClock
) -> None:
    log("panoramic")
    clock.move(days=2)
    with desk.write() as tx:
        tx.append("print", "disclosure", Disclosure(id=tx.new_id(), what="claim summary"))
    newest, *_, oldest = reversed(list(entries(desk.store)))
    desk.close()

    def listed(*args: str) -> list[dict[str, object]]:
        found: list[dict[str, object]] = json.loads(run_cli("ledger", "list", "--json", *args).stdout)
        return found

    everything = listed()
    assert [one["seq"] for one in everything] == [6, 5, 4, 3, 2, 1]
    assert everything[0] == {
        "device": newest.device,
        "seq": 6,
        "at": "2026-10-23T12:00:00.000000-04:00",
        "staff": "amy",
        "action": "print",
        "entity": "disclosure",
        "entity_id": newest.entity_id,
        "reason": "",
        "command": newest.command,
        "hash": newest.hash,
    }
    assert [one["seq"] for one in listed("--limit", "2")] == [6, 5]
    assert [one["seq"] for one in listed("--since", "2026-10-22")] == [6]
    assert [one["seq"] for one in listed("--entity", "follow-up")] == [5]
    assert listed("--staff", "bob") == []
    assert "panoramic" in str(listed("--entity", "activity", "--body")[0]["body"])
    shown = run_cli("ledger", "list").stdout
    assert len(shown.splitlines()) == 2 + 6
    assert "panoramic" not in shown
    assert "Garcia" not in shown
    assert oldest.seq == 1
    run_cli("ledger", "list", "--entity", "starship", code=3)


def test_a_backup_made_elsewhere_restores_on_a_new_machine(
    desk: Desk, log: Log, settings: Settings, tmp_path: Path, run_cli: Cli
) -> None:
    log()
    made = back_up(desk, tmp_path / "october.db")
    new_home = tmp_path / "new machine"
    (tmp_path / "mine").write_text(PASSPHRASE)
    (tmp_path / "mine").chmod(0o600)

    there = {"CASEMGR_HOME": str(new_home), "CASEMGR_PASSPHRASE_FILE": str(tmp_path / "mine")}
    assert "no data here" in run_cli("restore", made.path, "--show", env=there).stdout
    assert not list((new_home / "data").glob("casemgr.db")) + list((new_home / "data").glob("*.slots"))
    restored = run_cli("restore", made.path, env=there)
    assert "Restored Riverside Dental" in restored.stdout
    assert sorted(path.name for path in (new_home / "data").glob("[!.]*")) == ["casemgr.db", "casemgr.slots"]
