"""The backup that is made on the first use of a day: when it is due, what it leaves, and who hears of it."""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.records import Disclosure
from casemgr.core.rotation import staying
from casemgr.errors import VerificationFailed
from casemgr.services.backups import backup_files
from casemgr.services.daily import (
    SWITCH,
    Note,
    begin_daily,
    note_file,
    read_note,
    start,
    write_note,
)
from casemgr.services.daily_process import alone, daily_backups, make_daily, rotate, try_daily
from casemgr.services.preferences import save_preference
from casemgr.services.safety import back_up
from casemgr.store.backup import open_backup, slots_beside
from casemgr.store.ledger import entries, head
from tests.services.support import RIDE, assert_whole, log

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk
    from casemgr.settings import Places


@pytest.fixture
def watched(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk where it is begun by itself, but for the process: the settings keep that from being started."""
    monkeypatch.delenv(SWITCH)
    save_preference(desk.places, "daily_backup", "no")
    return desk


def begun_at(places: Places) -> int:
    """When it was begun last, in microseconds; 0 for never."""
    return read_note(places).at


def files_of(folder: Path) -> list[str]:
    """The names of a folder's files."""
    return sorted(path.name for path in folder.iterdir())


def test_it_is_due_once_there_is_work_of_an_earlier_day(watched: Desk, clock: FixedClock) -> None:
    assert begin_daily(watched) == ""
    assert begun_at(watched.places) == 0
    # Midnight in New York, where the practice is, not where computers count from.
    clock.move(hours=11, minutes=59)
    begin_daily(watched)
    assert begun_at(watched.places) == 0
    clock.move(minutes=1)
    assert begin_daily(watched) == ""
    assert begun_at(watched.places) == clock.now()


def test_it_is_begun_again_only_after_a_while(watched: Desk, clock: FixedClock) -> None:
    clock.move(days=1)
    begin_daily(watched)
    first = begun_at(watched.places)
    clock.move(minutes=29)
    begin_daily(watched)
    assert begun_at(watched.places) == first
    clock.move(minutes=1)
    begin_daily(watched)
    assert begun_at(watched.places) == clock.now()
    # A clock that was set back must not keep it off for a year.
    clock.move(days=-1, hours=13)
    begin_daily(watched)
    assert begun_at(watched.places) == clock.now()


def test_the_days_own_backup_is_enough(watched: Desk, clock: FixedClock) -> None:
    clock.move(days=1)
    made = make_daily(watched)
    begin_daily(watched)
    assert made == watched.places.daily_backup(date(2026, 10, 22))
    assert begun_at(watched.places) == 0
    clock.move(days=1)
    begin_daily(watched)
    assert begun_at(watched.places)


def test_a_variable_turns_it_off(watched: Desk, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    clock.move(days=1)
    monkeypatch.setenv(SWITCH, "no")
    begin_daily(watched)
    assert begun_at(watched.places) == 0


def test_a_process_of_its_own_makes_and_proves_it(desk: Desk, clock: FixedClock) -> None:
    log(desk, RIDE)
    write_note(desk.places, Note(clock.now()))
    before = head(desk.store)
    assert start(desk).wait(120) == 0

    (path,) = daily_backups(desk.places).values()
    assert files_of(desk.places.backups) == [path.name, slots_beside(path).name]
    assert slots_beside(path).read_bytes() == desk.places.slots.read_bytes()
    if os.name == "posix":
        assert {each.stat().st_mode & 0o777 for each in desk.places.backups.iterdir()} == {0o600}
    assert not note_file(desk.places).exists()
    copy = open_backup(path, desk.store.key)
    assert head(copy) == before
    copy.close()
    told = list(entries(desk.store, entity="disclosure"))[-1]
    made = Disclosure.model_validate_json(told.body)
    assert (told.action, told.staff, made.what, made.file) == (
        "backup",
        desk.login,
        "daily backup",
        path.name,
    )
    assert_whole(desk)


def test_two_at_once_make_one(desk: Desk) -> None:
    with alone(desk.places) as first:
        assert first
        try_daily(desk)
        assert daily_backups(desk.places) == {}
    try_daily(desk)
    (path,) = daily_backups(desk.places).values()
    before, written = head(desk.store), path.stat().st_mtime_ns
    try_daily(desk)

    assert (head(desk.store), path.stat().st_mtime_ns) == (before, written)


def test_what_went_wrong_is_said_once_without_names_and_again_on_another_day(
    watched: Desk, clock: FixedClock
) -> None:
    places = watched.places
    places.backups.rmdir()
    places.backups.write_text("in the way")
    clock.move(days=1)
    begin_daily(watched)
    try_daily(watched)

    said = begin_daily(watched)
    assert said.startswith("The daily backup of 10/22/2026 could not be made. ")
    assert "tried again by itself" in said
    assert begin_daily(watched) == ""
    clock.move(minutes=31)
    begin_daily(watched)
    try_daily(watched)
    assert begin_daily(watched) == ""
    assert read_note(places).words == said
    clock.move(days=1)
    begin_daily(watched)
    try_daily(watched)
    assert "10/23/2026" in begin_daily(watched)

    places.backups.unlink()
    try_daily(watched)
    assert read_note(places) == Note()
    assert places.daily_backup(date(2026, 10, 23)).exists()


def test_one_of_which_the_ledger_could_not_be_told_is_said_to_be_there(watched: Desk) -> None:
    watched.store.connection.execute(
        "CREATE TEMP TRIGGER full BEFORE INSERT ON ledger "
        "BEGIN SELECT raise(FAIL, 'database or disk is full'); END"
    )
    try_daily(watched)
    (path,) = daily_backups(watched.places).values()
    words = read_note(watched.places).words
    assert "was made and holds, but the ledger could not be told" in words
    assert "could not be made" not in words
    assert "tried again" not in words
    assert path.exists()


def test_a_faulty_file_is_no_reason_to_remove_anything(desk: Desk, clock: FixedClock) -> None:
    activity = log(desk, RIDE)
    kept = [desk.places.daily_backup(date(2026, month, day)) for month in (7, 8) for day in range(1, 31)]
    for path in kept:
        path.write_bytes(b"sealed")
    desk.store.connection.execute("UPDATE activities SET minutes = 45")
    with pytest.raises(VerificationFailed):
        make_daily(desk)
    try_daily(desk)

    assert files_of(desk.places.backups) == sorted(path.name for path in kept)
    words = read_note(desk.places).words
    assert "does not hold" in words
    assert activity.id not in words


def test_only_automatic_ones_outlive_their_use(desk: Desk, clock: FixedClock) -> None:
    places, today = desk.places, desk.today()
    others = [back_up(desk).path.name, "daily-20240101-mine.db", "daily-20249999.db", "casemgr-replaced-1.db"]
    for name in others[1:]:
        (places.backups / name).write_bytes(b"kept")
    days = [date(2026, 8, day) for day in range(1, 32)] + [date(2026, 10, day) for day in range(1, 21)]
    for day in days:
        places.daily_backup(day).write_bytes(b"sealed")
        slots_beside(places.daily_backup(day)).write_bytes(b"slots")
    (places.backups / "daily-20260704.slots").write_bytes(b"of a backup that has no name yet")
    make_daily(desk)

    wanted = staying({*days, today}, today)
    assert len(wanted) < len(days)
    assert set(daily_backups(places)) == wanted
    assert {path.name for path in backup_files(places)} == {
        *others,
        *(places.daily_backup(day).name for day in wanted),
    }
    assert {path.stem for path in places.backups.glob("daily-????????.slots")} == {
        places.daily_backup(day).stem for day in wanted
    }
    assert rotate(places, today) == []


def test_what_killed_processes_left_is_cleared_away(desk: Desk) -> None:
    places = desk.places
    gone = 2**22 + 1
    left = [
        places.backups / f".daily-20261020.db.{gone}.part",
        places.backups / f".daily-20261020.db.{gone}.part-journal",
        places.data / f".casemgr.slots.{gone}.part",
    ]
    working = places.backups / f".mine.db.{os.getpid()}.part"
    for path in (*left, working):
        path.write_bytes(b"half")
    folder = places.data / f".drill-{gone}-abc"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "casemgr.db").write_bytes(b"half")
    make_daily(desk)

    assert not any(path.exists() for path in (*left, folder))
    assert working.exists()
