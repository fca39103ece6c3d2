"""The doctor on a real practice: open, locked, damaged, gone; who gets in, what is proven, the clock."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import EditStaff
from casemgr.core.health import State
from casemgr.core.key_slots import FOR_PASSPHRASES
from casemgr.errors import InputRefused, Locked
from casemgr.services.damage import Damage, note_damage
from casemgr.services.doctor import CHECKS, examine
from casemgr.services.key_slots import make_recovery
from casemgr.services.safety import verify_practice
from casemgr.services.staff import edit_staff
from casemgr.services.unlocking import tries, unlock
from casemgr.store import key_slots
from casemgr.store.key_slots import Ring, read_slots, write_slots
from casemgr.store.pages import PAGE
from casemgr.store.verify import last_verified, note_verified
from tests.services.support import RIDE, log
from tests.support import PASSPHRASE_FILE, own_runtime_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.clock import FixedClock
    from casemgr.core.health import Checked
    from casemgr.services.desk import Desk
    from casemgr.settings import Places, Settings


def look(desk: Desk, name: str) -> Checked:
    """What the doctor says of one thing, with the practice open."""
    return {each.name: each for each in examine(desk.places, desk.clock, desk).checks}[name]


def look_from_outside(places: Places) -> dict[str, Checked]:
    """What the doctor says as the command line asks it."""
    return {each.name: each for each in examine(places).checks}


def with_slot(desk: Desk, login: str) -> None:
    """Somebody on the staff gets a slot, whatever they may."""
    ring = Ring.of(read_slots(desk.places.slots), desk.store.key)
    write_slots(desk.places.slots, ring.with_passphrase(login, b"words of somebody else").file)


@pytest.fixture(autouse=True)
def runtime(template: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A runtime folder of the test's own: slots that it changes end no session of the others."""
    own = own_runtime_folder()
    shutil.copytree(Path(os.environ["XDG_RUNTIME_DIR"], "casemgr"), own / "casemgr")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(own))
    return own


@pytest.fixture
def locked(desk: Desk, runtime: Path) -> None:
    """Nobody has unlocked the practice."""
    shutil.rmtree(runtime / "casemgr")


def test_each_look_has_every_check_once(desk: Desk) -> None:
    found = examine(desk.places, desk.clock, desk)
    assert [each.name for each in found.checks] == list(CHECKS)
    assert all(each.said for each in found.checks)
    assert found.ok


def test_a_sound_practice_has_no_trouble_from_outside_either(desk: Desk) -> None:
    found = {each.name: each for each in examine(desk.places, desk.clock).checks}
    assert [each for each in found.values() if each.state is State.TROUBLE] == []
    assert found["access"].said.startswith("unlocked by mrivera, kept in ")
    assert "schema" in found["data"].said


@pytest.mark.usefixtures("locked")
def test_a_locked_practice_says_what_needs_no_key(desk: Desk) -> None:
    found = look_from_outside(desk.places)
    assert found["access"].said == "locked"
    assert "casemgr unlock" in found["access"].todo
    assert found["data"].state is State.OK
    assert found["slots"].said == "1 passphrase"
    assert {name for name, each in found.items() if each.state is State.UNKNOWN} >= {"verify", "time_zone"}
    assert "locked" in found["verify"].said


@pytest.mark.usefixtures("locked")
def test_wrong_passphrases_are_told_of_while_it_is_locked(desk: Desk) -> None:
    for _ in range(2):
        with pytest.raises(Locked):
            unlock(desk.places, "mrivera", "not the passphrase at all")
    found = look_from_outside(desk.places)["access"]
    assert found.state is State.ADVICE
    assert "2 wrong passphrases" in found.said


@pytest.mark.usefixtures("locked")
def test_a_passphrase_file_opens_it_and_is_no_try(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Locked):
        unlock(desk.places, "mrivera", "not the passphrase at all")
    monkeypatch.setenv("CASEMGR_PASSPHRASE_FILE", str(PASSPHRASE_FILE))
    for _ in range(3):
        assert look_from_outside(desk.places)["access"].said == "unlocked by mrivera"
        assert verify_practice(desk.places).ok
    assert len(tries(desk.places)) == 1


def test_where_there_is_no_practice_one_can_be_made(settings: Settings) -> None:
    found = look_from_outside(settings.places)
    assert found["data"].state is State.ADVICE
    assert "casemgr init" in found["data"].todo
    assert not settings.places.data.exists()


def test_data_that_is_gone_while_there_are_backups_is_trouble(desk: Desk) -> None:
    desk.close()
    shutil.copy(desk.places.database, desk.places.backups / "casemgr-1.db")
    desk.places.database.unlink()
    found = look_from_outside(desk.places)["data"]
    assert found.state is State.TROUBLE
    assert "casemgr restore" in found.todo


def spoil(desk: Desk, first: int) -> None:
    """Overwrite the pages of the file from one on, counted from 0, as nobody has it open."""
    desk.close()
    with desk.places.database.open("rb+") as file:
        pages = file.seek(0, os.SEEK_END) // PAGE
        file.seek(first * PAGE)
        file.write(os.urandom((pages - first) * PAGE))


@pytest.mark.parametrize("first", [0, 1, 3])
def test_a_damaged_file_is_trouble_and_all_else_is_still_said(desk: Desk, first: int) -> None:
    spoil(desk, first)
    found = look_from_outside(desk.places)
    assert found["damage"].state is State.TROUBLE
    assert "casemgr" in found["damage"].todo
    assert found["verify"].state is State.UNKNOWN
    assert found["slots"].state is not State.TROUBLE
    assert found["disk"].said
    assert not desk.places.damaged.exists(), "it only looks"


def test_what_damage_means_is_told_once_it_was_worked_out(desk: Desk) -> None:
    assert look(desk, "damage").state is State.OK
    note_damage(desk.places, Damage(desk.clock.now(), ("page 7",), ("The ledger is whole.",), "Restore it."))
    found = look(desk, "damage")
    assert found.state is State.TROUBLE
    assert found.said == "met today; the data is only read. The ledger is whole."
    assert found.todo == "Restore it."
    desk.places.damaged.write_text("no note", "ascii")
    assert look(desk, "damage").state is State.TROUBLE


def test_a_file_of_another_schema_is_opened_as_it_is(desk: Desk) -> None:
    desk.store.connection.execute("PRAGMA user_version = 1")
    assert "brought to" in look(desk, "data").said
    desk.store.connection.execute("PRAGMA user_version = 900")
    assert look(desk, "data").state is State.TROUBLE


# What was proven


def test_a_verification_is_remembered_with_what_came_since(desk: Desk) -> None:
    assert look(desk, "verify").said == "not run yet on this copy of the data"
    before = desk.store.local("verified")
    assert before == ""
    assert verify_practice(desk.places).ok
    known = last_verified(desk.store)
    assert known is not None
    log(desk, RIDE)
    now = desk.store.one("SELECT count(*) FROM ledger")
    assert now is not None
    assert look(desk, "verify").said.endswith(f"; {now[0] - known.entries} entries since")
    assert verify_practice(desk.places).ok


def test_a_verification_that_fails_is_not_remembered(desk: Desk) -> None:
    desk.store.connection.execute("INSERT INTO local VALUES ('verified', '1 2')")
    desk.store.connection.execute("DELETE FROM patients")
    assert not verify_practice(desk.places).ok
    assert desk.store.local("verified") == "1 2"


def test_a_verification_waits_for_no_writer_to_be_remembered(
    desk: Desk, desk_of: Callable[[str], Desk]
) -> None:
    with desk_of("tchen").write():
        assert verify_practice(desk.places).ok
    assert last_verified(desk.store) is None


def test_an_old_verification_is_to_be_done_again(desk: Desk, clock: FixedClock) -> None:
    note_verified(desk.store, clock.now(), 3)
    assert look(desk, "verify").state is State.OK
    clock.move(days=31)
    found = look(desk, "verify")
    assert found.state is State.ADVICE
    assert "31 days ago" in found.said
    assert found.todo == "Run `casemgr verify`."


def test_who_reads_only_still_reads_only_after_a_verification(desk: Desk) -> None:
    desk.store.connection.execute("PRAGMA query_only = ON")
    note_verified(desk.store, 5, 2)
    assert last_verified(desk.store) == (5, 2)
    assert desk.store.one("PRAGMA query_only") == (1,)


# Who gets in


def test_everybody_with_a_passphrase_is_named_and_who_left_is_trouble(desk: Desk, clock: FixedClock) -> None:
    assert look(desk, "slots").said == "opened by mrivera; not by tchen"
    with_slot(desk, "tchen")
    assert look(desk, "slots").said == "opened by mrivera, tchen"
    edit_staff(desk, EditStaff("tchen", {"active_to": desk.today().isoformat()}))
    assert look(desk, "slots").state is State.OK
    clock.move(days=1)
    found = look(desk, "slots")
    assert found.state is State.TROUBLE
    assert found.todo == "Run `casemgr staff leave tchen`."


def test_slots_that_somebody_altered_without_the_key_are_trouble(desk: Desk) -> None:
    file = read_slots(desk.places.slots)
    write_slots(desk.places.slots, file.model_copy(update={"slots": ()}))
    found = look(desk, "slots")
    assert found.state is State.TROUBLE
    assert "altered" in found.said


def test_slots_that_are_gone_are_trouble(desk: Desk) -> None:
    desk.places.slots.unlink()
    assert look(desk, "slots").state is State.TROUBLE
    assert look(desk, "recovery").state is State.UNKNOWN


def test_a_slot_that_is_weaker_than_today_s_is_to_be_made_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert look(desk, "slots").state is State.OK
    # The slots of tests are made more quickly than those of people.
    monkeypatch.setattr(key_slots, "FOR_PASSPHRASES", FOR_PASSPHRASES)
    found = look(desk, "slots")
    assert found.state is State.ADVICE
    assert "1 made more weakly" in found.said


def test_a_change_of_the_key_that_was_cut_short_is_told_of(desk: Desk) -> None:
    ring = Ring.of(read_slots(desk.places.slots), desk.store.key)
    coming = ring.with_key("ab" * 32).file
    write_slots(desk.places.slots, ring.file.model_copy(update={"coming": coming}))
    found = look(desk, "slots")
    assert found.state is State.ADVICE
    assert "cut short" in found.said


def test_a_recovery_key_is_asked_for_until_there_is_one(desk: Desk) -> None:
    assert look(desk, "recovery").state is State.ADVICE
    make_recovery(desk)
    assert look(desk, "recovery").state is State.OK


def test_a_key_that_lies_about_is_trouble_and_one_of_older_data_is_not(desk: Desk) -> None:
    assert look(desk, "key_file").state is State.OK
    (desk.places.backups / "notes.txt").write_text("not a key", "ascii")
    assert look(desk, "key_file").state is State.OK
    lying = desk.places.backups / "old.txt"
    lying.write_text("ab" * 32 + "\n", "ascii")
    assert look(desk, "key_file").state is State.ADVICE
    lying.write_text(desk.store.key.upper(), "ascii")
    assert look(desk, "key_file").state is State.TROUBLE


def test_a_practice_from_before_passphrases_is_led_to_one(desk: Desk) -> None:
    desk.places.keys.mkdir(mode=0o700)
    desk.places.slots.unlink()
    desk.places.key.write_text(desk.store.key, "ascii")
    found = look_from_outside(desk.places)
    assert found["slots"].state is State.TROUBLE
    assert found["slots"].todo == "Run `casemgr unlock`."
    assert found["key_file"].state is State.TROUBLE


# The clock


def test_a_clock_that_went_back_is_told_of(desk: Desk, clock: FixedClock) -> None:
    assert look(desk, "clock").state is State.OK
    clock.move(hours=-5)
    assert look(desk, "clock").said == "what was written last is 5 hours in the future"
    clock.move(days=-3)
    assert look(desk, "clock").said == "what was written last is 3 days in the future"


def test_a_clock_that_is_far_off_is_trouble_and_the_rest_is_said(desk: Desk) -> None:
    class Stopped:
        """The clock of a machine whose battery is empty."""

        def now(self) -> int:
            raise InputRefused("This machine's clock says 1970-01-01", "", "Set the machine's date and time.")

        def passed(self) -> int:
            return 0

    found = {each.name: each for each in examine(desk.places, Stopped(), desk).checks}
    assert found["clock"].state is State.TROUBLE
    assert found["clock"].todo == "Set the machine's date and time."
    assert found["verify"].said


def test_the_practice_s_time_zone_stands_beside_the_machine_s(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert look(desk, "time_zone").said == "America/New_York, 12:00; this machine: UTC"
    monkeypatch.setenv("TZ", "America/New_York")
    assert look(desk, "time_zone").said == "America/New_York, 12:00"
