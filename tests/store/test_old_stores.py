"""Practices that the programs of older schema versions made are opened, proven, and worked on by today's."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from casemgr.clock import FixedClock
from casemgr.core.commands import FollowUpWish, LogActivity
from casemgr.core.dates import Month
from casemgr.core.rows import within
from casemgr.services import claims, follow_ups
from casemgr.services.access import Unlocked
from casemgr.services.activities import log_activity
from casemgr.services.desk import Desk, migrations_folder
from casemgr.services.exports import export_month
from casemgr.services.patients import the_patient_id
from casemgr.services.rekeying import take_up_key_file
from casemgr.services.releases import ReleaseWish
from casemgr.services.reports import month_report
from casemgr.services.restoring import look_into, restore
from casemgr.services.unlocking import unlock
from casemgr.settings import read_settings
from casemgr.store.backup import inspect
from casemgr.store.database import open_store
from casemgr.store.ledger import head
from casemgr.store.migrate import migration_files, schema_version
from casemgr.store.reads.activities import activities
from casemgr.store.verify import verify
from tests.stores import MONTH, STORES
from tests.support import PASSPHRASE, WITH_PASSPHRASE, own_runtime_folder

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.settings import Places
    from tests.support import Cli

    Kept = tuple[Places, str, dict[str, Any]]

VERSIONS = sorted(int(folder.name) for folder in STORES.iterdir() if folder.is_dir())
OCTOBER = Month.parse(MONTH)


@pytest.fixture(params=VERSIONS)
def kept(request: pytest.FixtureRequest, home: Path) -> Kept:
    """A copy of a practice that an older program made, its key, and what that program said of it."""
    folder = STORES / f"{request.param:04d}"
    places = read_settings({"CASEMGR_HOME": str(home)}).places
    for path in (places.data, places.backups):
        path.mkdir(parents=True)
    shutil.copyfile(folder / "casemgr.db", places.database)
    if (folder / "casemgr.key").exists():
        key = (folder / "casemgr.key").read_text(encoding="ascii").strip()
    else:
        shutil.copyfile(folder / "casemgr.slots", places.slots)
        key = unlock(places, "mrivera", PASSPHRASE).key
    return places, key, json.loads((folder / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture
def opened(kept: Kept) -> Desk:
    """A desk at it, which brings it to the present schema; the test closes it."""
    places, key, _ = kept
    store = open_store(places.database, key, migrations_folder())
    return Desk(store, places, FixedClock(datetime(2026, 11, 23, 15, tzinfo=UTC)), "mrivera")


def test_there_is_one_of_every_version() -> None:
    count = len(migration_files(migrations_folder()))
    # The present version's is made when nothing will change in its migration any more.
    assert VERSIONS in (list(range(1, count)), list(range(1, count + 1)))


def test_it_is_brought_to_the_present_schema_and_says_what_it_said(kept: Kept, opened: Desk) -> None:
    _, _, told = kept
    store = opened.store
    report = verify(store, migrations_folder())

    assert schema_version(store) == len(migration_files(migrations_folder()))
    assert report.problems == ()
    assert {"ok": True, "entries": report.entries, "head": str(report.head), "problems": []} == told["verify"]
    month = month_report(opened, OCTOBER)
    assert (month.activities, month.minutes) == (told["month"]["activities"], told["month"]["minutes"])
    rows = activities(store, within(OCTOBER))
    assert {row.id: (row.minutes, row.status, row.note) for row in rows} == {
        one["id"]: (one["minutes"], one["status"], one["note"]) for one in told["activities"]
    }
    assert {(one.number, one.status, one.voided) for one in claims.listed(opened)} == {
        (one["number"], one["status"], one["voided"]) for one in told["claims"]
    }
    assert {one.row.id for one in follow_ups.listed(opened)} == {one["id"] for one in told["follow_ups"]}
    names = store.rows("SELECT last_name || ', ' || first_name FROM patients")
    assert sorted(name for (name,) in names) == sorted(one["name"] for one in told["patients"])
    opened.close()


def test_work_goes_on_in_it(kept: Kept, opened: Desk, tmp_path: Path) -> None:
    _, _, told = kept
    before = head(opened.store)
    follow_up = FollowUpWish(date(2026, 11, 27), "confirm the ride")
    wish = LogActivity(
        the_patient_id(opened, "1034"), "referral", date(2026, 11, 20), 20, "booked", follow_ups=(follow_up,)
    )
    log_activity(opened, wish)
    assert month_report(opened, Month(2026, 11)).minutes == 20
    done = export_month(opened, OCTOBER, tmp_path / "october.xlsx", wish=ReleaseWish(clear=True))
    assert done.path.stat().st_size

    report = verify(opened.store, migrations_folder(), [before])
    assert report.problems == ()
    # Who had not said before that files may leave in the clear says so now, which is an entry of its own.
    assert report.entries - told["verify"]["entries"] in {3, 4}
    opened.close()


def test_its_owner_is_led_from_the_key_file_to_a_passphrase(
    home: Path, run_cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(own_runtime_folder()))
    oldest = STORES / "0001"
    for folder in ("data", "keys"):
        (home / folder).mkdir(parents=True)
    shutil.copyfile(oldest / "casemgr.db", home / "data" / "casemgr.db")
    shutil.copyfile(oldest / "casemgr.key", home / "keys" / "casemgr.key")
    told = json.loads((oldest / "expected.json").read_text(encoding="utf-8"))

    run_cli("unlock", "--for", "5m", *WITH_PASSPHRASE)
    listed = json.loads(run_cli("activity", "list", "--month", MONTH, "--json").stdout)
    assert [one["id"] for one in listed] == [one["id"] for one in told["activities"]]
    run_cli("log", "5m referral 1034: the ride is confirmed => booked")
    run_cli("verify", "--against", told["verify"]["head"])
    assert not (home / "keys" / "casemgr.key").exists()


def test_a_backup_of_that_time_is_restored(kept: Kept, home: Path, tmp_path: Path) -> None:
    places, key, told = kept
    settings = read_settings({"CASEMGR_HOME": str(home)})
    backup = tmp_path / "of-that-time.db"
    shutil.copyfile(places.database, backup)
    assert inspect(backup, key, migrations_folder()).ok
    by = Unlocked("mrivera", key)
    if not places.slots.exists():
        places.keys.mkdir()
        places.key.write_text(key, encoding="ascii")
        desk = take_up_key_file(settings, PASSPHRASE)
        by = Unlocked(desk.login, desk.store.key)
        desk.close()
        assert by.key != key

    assert look_into(places, backup, by).contents.entries == told["verify"]["entries"]
    done = restore(settings, backup, yes=True, by=by)
    assert str(done.contents.head) == told["verify"]["head"]
    store = open_store(places.database, by.key, migrations_folder())
    report = verify(store, migrations_folder(), [done.contents.head])
    assert report.problems == ()
    assert report.entries == told["verify"]["entries"] + 1
    store.close()
