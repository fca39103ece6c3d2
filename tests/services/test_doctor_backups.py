"""The doctor tells a practice whose backups are in order from one whose work is in none."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from casemgr.clock import instant_of
from casemgr.core.health import State
from casemgr.services.daily import Note, write_note
from casemgr.services.daily_process import make_daily
from casemgr.services.doctor import examine
from casemgr.services.drilling import drill
from casemgr.services.preferences import save_preference
from casemgr.services.safety import back_up
from casemgr.store.backup import slots_beside
from tests.services.support import RIDE, log

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.clock import FixedClock
    from casemgr.core.health import Checked
    from casemgr.services.desk import Desk


def look(desk: Desk, name: str = "backups") -> Checked:
    """What the doctor says of one thing."""
    return {each.name: each for each in examine(desk.places, desk.clock, desk).checks}[name]


def dated(path: Path, clock: FixedClock) -> Path:
    """A file as if it had been written at the clock's time."""
    at = clock.now() * 1000
    os.utime(path, ns=(at, at))
    return path


@pytest.fixture
def made(desk: Desk, clock: FixedClock) -> Path:
    """Today's daily backup."""
    return dated(make_daily(desk), clock)


def test_a_new_practice_needs_none_on_its_first_day(desk: Desk, clock: FixedClock) -> None:
    assert look(desk).state is State.OK
    clock.move(days=3)
    assert look(desk).said == "none yet; the next command begins the first"
    write_note(desk.places, Note(clock.now()))
    found = look(desk)
    assert (found.state, found.said) == (State.TROUBLE, "none at all")


def test_without_the_daily_backup_one_has_to_be_made(desk: Desk, clock: FixedClock) -> None:
    save_preference(desk.places, "daily_backup", "no")
    clock.move(days=3)
    found = look(desk)
    assert (found.state, found.todo) == (State.TROUBLE, "Make one with `casemgr backup`.")


def test_todays_backup_is_well_and_proves_the_record_too(desk: Desk, made: Path, clock: FixedClock) -> None:
    assert look(desk).state is State.OK
    assert look(desk).said.startswith("daily today; 1 kept, ")
    assert look(desk, "verify").said == "all agreed today; 1 entry since"
    by_hand = dated(back_up(desk).path, clock)
    assert slots_beside(by_hand).exists()
    assert look(desk).said.startswith("daily today, by hand today; 2 kept, ")


def test_work_that_is_in_no_backup_is_trouble_with_time(desk: Desk, made: Path, clock: FixedClock) -> None:
    clock.move(days=3)
    assert look(desk).state is State.OK, "nothing was entered since"
    log(desk, RIDE)
    found = look(desk)
    assert found.state is State.ADVICE
    assert found.said.endswith("work of 3 days is in none")
    clock.move(days=14)
    log(desk, RIDE.replace("15m", "16m"))
    assert look(desk).state is State.TROUBLE


def test_what_went_wrong_the_last_time_is_said(desk: Desk, made: Path, clock: FixedClock) -> None:
    write_note(desk.places, Note(clock.now(), words="There was no space left."))
    found = look(desk)
    assert (found.state, found.todo) == (State.ADVICE, "There was no space left.")


def test_a_backup_without_its_slots_is_told_of(desk: Desk, made: Path) -> None:
    slots_beside(made).unlink()
    assert look(desk).state is State.ADVICE
    assert "no key slots" in look(desk).said


def test_daily_backups_that_are_turned_off_are_told_of(desk: Desk, made: Path) -> None:
    save_preference(desk.places, "daily_backup", "no")
    found = look(desk)
    assert found.state is State.ADVICE
    assert found.todo == "Turn it on again: `casemgr settings set daily_backup yes`."


def test_days_of_work_without_a_backup_are_named(desk: Desk, made: Path, clock: FixedClock) -> None:
    clock.move(days=1)
    log(desk, RIDE)
    clock.move(days=2)
    dated(make_daily(desk), clock)
    found = look(desk)
    assert found.state is State.ADVICE
    assert found.said.endswith("; none of 10/22")
    between = desk.places.daily_backup(clock.at.date().replace(day=22))
    between.touch()
    os.utime(between, (1, 1))
    assert look(desk).state is State.OK


def test_a_drill_is_asked_for_from_time_to_time(desk: Desk, made: Path, clock: FixedClock) -> None:
    assert look(desk, "drill").state is State.OK
    clock.move(days=91)
    assert look(desk, "drill").state is State.ADVICE
    drill(desk)
    found = look(desk, "drill")
    assert (found.state, found.said) == (State.OK, "a backup was put back and compared today")
    clock.move(days=91)
    assert look(desk, "drill").state is State.ADVICE


def test_a_clock_that_is_ahead_makes_no_backup_old(desk: Desk, made: Path, clock: FixedClock) -> None:
    clock.move(days=-1)
    assert instant_of(clock.at) < made.stat().st_mtime_ns // 1000
    assert "daily today" in look(desk).said
