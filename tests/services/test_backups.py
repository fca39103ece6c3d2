"""What is in the backups, what a restore would replace, and the drill."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from casemgr.core.records import Disclosure
from casemgr.errors import (
    Damaged,
    InputRefused,
    NotFound,
    NotOpened,
    NotWritten,
    RuleRefused,
    StoreUnavailable,
    VerificationFailed,
)
from casemgr.services.access import Unlocked
from casemgr.services.backups import backups, keys_of, newest_backup
from casemgr.services.daily_process import make_daily
from casemgr.services.desk import open_desk, refuse_no_practice
from casemgr.services.drilling import drill, last_drill
from casemgr.services.key_slots import invite
from casemgr.services.rekeying import change_key
from casemgr.services.restoring import adopted_slots, look_into, refuse_undamaged, restore
from casemgr.services.safety import back_up
from casemgr.settings import read_settings
from casemgr.store import backup as backup_of_store
from casemgr.store.backup import slots_beside
from casemgr.store.ledger import entries, head
from casemgr.store.reads.copies import Counts, Table, tables
from tests.services.support import RIDE, assert_whole, log

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk
    from casemgr.settings import Settings


pytestmark = pytest.mark.usefixtures("own_runtime")


def owner(desk: Desk) -> Unlocked:
    """Who acts at a desk, and the key."""
    return Unlocked(desk.login, desk.store.key)


def spoil(path: Path) -> None:
    """Change a byte in the middle of a file."""
    whole = bytearray(path.read_bytes())
    whole[5 * 4096 + 9] ^= 1
    path.write_bytes(whole)


# The list


def test_each_is_listed_by_what_it_was_made_for_the_newest_first(desk: Desk, clock: FixedClock) -> None:
    places = desk.places
    by_hand = back_up(desk).path
    log(desk, RIDE)
    daily = make_daily(desk)
    before = places.data / "casemgr-before-0003-12.db"
    before.write_bytes(by_hand.read_bytes())
    for age, path in enumerate((daily, by_hand, before)):
        os.utime(path, (1_792_600_000 - age, 1_792_600_000 - age))
    (places.backups / ".daily-20261021.db.1.part").write_bytes(b"half")
    found = list(backups(places, keys_of(places, desk.store.key)))

    assert [(one.path, one.kind) for one in found] == [
        (daily, "daily"),
        (by_hand, "by hand"),
        (before, "before a change of schema"),
    ]
    assert newest_backup(places) == daily
    newest = found[0]
    assert newest.contents is not None
    assert newest.contents.practice == "Riverside Community Dental"
    assert newest.contents.entries == len(list(entries(desk.store))) - 1
    assert f"{newest.made:%Y-%m-%d %H:%M %Z}" == "2026-10-21 12:26 EDT"
    assert newest.size == daily.stat().st_size
    assert (newest.slots, found[2].slots) == (True, False)
    assert all(one.problems is None for one in found)


def test_what_does_not_open_or_hold_says_so(desk: Desk) -> None:
    places, keys = desk.places, keys_of(desk.places, desk.store.key)
    sound, spoiled = back_up(desk).path, back_up(desk).path
    spoil(spoiled)
    (places.backups / "noise.db").write_bytes(b"nonsense" * 1000)
    found = {one.path.name: one for one in backups(places, keys, check=True)}

    assert found[sound.name].problems == ()
    assert found[spoiled.name].problems == ("It is damaged",)
    noise = found["noise.db"]
    assert noise.contents is None
    assert noise.problems == ("The backup cannot be opened with this key",)


def test_backups_open_with_the_keys_of_before(desk: Desk, settings: Settings, clock: FixedClock) -> None:
    made = back_up(desk)
    change_key(desk)
    key = desk.store.key
    log(desk, RIDE)
    keys = keys_of(desk.places, key)
    assert len(set(keys)) == 2
    (listed,) = (one for one in backups(desk.places, keys) if one.path == made.path)
    assert listed.contents is not None

    tried = drill(desk, made.path)
    assert tried.missing
    assert tried.people == 1
    done = restore(settings, made.path, yes=True, clock=clock)
    assert done.contents == listed.contents
    assert desk.store.key == key
    assert_whole(desk)
    again = open_desk(settings, clock=clock)
    assert again.store.key == key
    again.close()


# What a restore would replace


def test_a_backup_is_looked_into_beside_the_present_data(desk: Desk, clock: FixedClock) -> None:
    made = back_up(desk)
    before = list(entries(desk.store))
    looked = look_into(desk.places, made.path, owner(desk))
    assert looked.counts == Counts(3, 0, 0, 0)
    assert looked.present is not None
    assert (looked.present.beyond, looked.present.last_beyond) == (0, None)
    assert list(entries(desk.store)) == before

    clock.move(hours=2)
    log(desk, RIDE)
    looked = look_into(desk.places, made.path, owner(desk))
    assert looked.counts == Counts(3, 0, 0, 0)
    assert looked.present is not None
    assert looked.present.counts == Counts(3, 1, 0, 1)
    assert looked.present.beyond == 2
    assert f"{looked.present.last_beyond:%H:%M}" == "14:00"


def test_where_the_present_data_is_gone_or_damaged_it_is_said(desk: Desk) -> None:
    made = back_up(desk)
    places, who = desk.places, owner(desk)
    desk.close()
    places.database.write_bytes(b"nonsense" * 1000)
    looked = look_into(places, made.path, who)
    assert looked.present is None
    assert looked.trouble == "The data cannot be opened with this key"
    places.database.unlink()
    looked = look_into(places, made.path, who)
    assert (looked.present, looked.trouble) == (None, "")
    assert not places.database.exists()


def test_who_may_not_restore_is_refused_before_anything_is_replaced(
    desk: Desk, settings: Settings, clock: FixedClock
) -> None:
    desk.store.connection.execute("UPDATE staff SET access = 'biller' WHERE id = 'tchen'")
    made = back_up_of(desk)
    before = list(entries(desk.store))
    with pytest.raises(RuleRefused, match="may restore a backup"):
        restore(settings, made, by=Unlocked("tchen", desk.store.key), clock=clock)

    *same, told = entries(desk.store)
    assert same == before
    assert (told.action, told.staff) == ("refuse", "tchen")
    assert list(desk.places.backups.glob("*replaced*")) == []


def test_a_change_of_the_key_meanwhile_lets_no_sound_file_be_moved_aside(
    desk: Desk, settings: Settings, clock: FixedClock
) -> None:
    made, by = back_up(desk).path, owner(desk)
    changed: list[object] = []

    def told(_: str) -> None:
        if not changed:
            changed.append(change_key(desk))

    with pytest.raises(StoreUnavailable, match="key was changed meanwhile"):
        restore(settings, made, yes=True, by=by, clock=clock, told=told)
    assert changed
    assert_whole(desk)
    assert not list(desk.places.data.glob("casemgr-*"))


def test_only_damage_is_a_reason_to_move_the_file_aside(desk: Desk) -> None:
    slots = desk.places.slots.read_bytes()
    for harmless in (StoreUnavailable("The data is on a network share"), NotWritten("Held")):
        with pytest.raises(type(harmless)):
            refuse_undamaged(desk.places, harmless, slots)
    for reason in (NotFound("gone"), Damaged("damaged"), NotOpened("its beginning")):
        refuse_undamaged(desk.places, reason, slots)
    desk.places.database.write_bytes(b"")
    refuse_undamaged(desk.places, StoreUnavailable("The data file is empty"), slots)


def test_what_is_replaced_is_kept_in_a_copy_that_was_compared(
    desk: Desk, settings: Settings, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = back_up(desk).path
    log(desk, RIDE)
    before = head(desk.store)
    monkeypatch.setattr(
        backup_of_store, "tables", lambda store: {"activities": Table(int(store.path == desk.store.path), "")}
    )
    with pytest.raises(NotWritten, match="could not be written"):
        restore(settings, made, yes=True, by=owner(desk), clock=clock)
    monkeypatch.undo()
    assert head(desk.store).seq >= before.seq
    assert not list(desk.places.backups.glob("*replaced*"))
    assert not list(desk.places.backups.glob(".*"))


def test_slots_that_a_killed_restore_left_give_way_and_others_do_not(desk: Desk, tmp_path: Path) -> None:
    first = back_up(desk).path
    invite(desk, "tchen", "tam has one of her own")
    second = back_up(desk).path
    places = read_settings({"CASEMGR_HOME": str(tmp_path / "new machine")}).places
    killed = adopted_slots(places, first)
    killed.__enter__()
    with adopted_slots(places, second):
        assert places.slots.read_bytes() == slots_beside(second).read_bytes()
    assert not list(places.data.iterdir())
    places.slots.write_bytes(slots_beside(first).read_bytes())
    with adopted_slots(places, second):
        pass
    assert places.slots.read_bytes() == slots_beside(first).read_bytes()


def test_where_the_data_is_gone_a_backup_is_named_that_was_made_for_its_own_sake(desk: Desk) -> None:
    made = back_up(desk).path
    (desk.places.backups / "casemgr-replaced-20261021-120000.db").write_bytes(made.read_bytes())
    desk.places.database.unlink()
    with pytest.raises(NotFound) as gone:
        refuse_no_practice(desk.places)
    assert "gone" in gone.value.title
    assert str(made) in gone.value.todo


@pytest.mark.parametrize("name", ["daily-20200101.db", "../backups/daily-20261021.db"])
def test_no_backup_by_hand_has_a_name_by_which_it_is_let_go_of(desk: Desk, name: str) -> None:
    with pytest.raises(InputRefused, match="daily"):
        back_up(desk, desk.places.backups / name)
    assert not list(desk.places.backups.glob("daily-*"))
    assert back_up(desk, desk.places.data.parent / "daily-20200101.db").path.exists()


def back_up_of(desk: Desk) -> Path:
    """A backup, in a store whose tables were changed past the ledger: no proof is asked for."""
    from casemgr.store.backup import copy_to

    path = desk.places.backups / "october.db"
    copy_to(desk.store, path)
    return path


# The drill


def test_a_drill_puts_it_back_elsewhere_and_compares_every_table(desk: Desk, clock: FixedClock) -> None:
    log(desk, RIDE)
    made = back_up(desk)
    wanted = head(desk.store).seq - 1
    log(desk, RIDE.replace("15m", "10m"))
    before = tables(desk.store)
    heard: list[str] = []
    done = drill(desk, told=heard.append)

    assert (done.path, done.kind) == (made.path, "by hand")
    assert (done.contents.entries, done.contents.head.seq) == (wanted, wanted)
    assert (done.missing, done.strangers, done.people) == (2, 0, 1)
    assert done.tables["activities"].rows == 1
    assert done.rows > wanted
    assert "every table against the backup" in heard
    after = tables(desk.store)
    assert {name for name in after if after[name] != before[name]} == {"ledger", "disclosures"}
    told = last_drill(desk.store)
    assert told is not None
    assert (told.action, told.staff) == ("drill", desk.login)
    assert Disclosure.model_validate_json(told.body).file == made.path.name
    assert not list(desk.places.data.glob(".drill-*"))
    assert_whole(desk)


def test_the_scratch_folder_is_ones_own_alone_and_goes_whatever_happens(desk: Desk) -> None:
    back_up(desk)
    modes = []

    def stopped(what: str) -> None:
        if what == "every table against the backup":
            (scratch,) = desk.places.data.glob(".drill-*")
            modes.append(scratch.stat().st_mode & 0o777)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        drill(desk, told=stopped)
    if os.name == "posix":
        assert modes == [0o700]
    assert not list(desk.places.data.glob(".drill-*"))
    assert last_drill(desk.store) is None


def test_without_key_slots_it_says_that_no_other_machine_opens_it(desk: Desk) -> None:
    slots_beside(back_up(desk).path).unlink()
    assert drill(desk).people is None


def test_a_backup_of_what_was_replaced_since_has_strangers(
    desk: Desk, settings: Settings, clock: FixedClock
) -> None:
    older = back_up(desk)
    log(desk, RIDE)
    newer = back_up(desk)
    restore(settings, older.path, yes=True, clock=clock)

    assert drill(desk, newer.path).strangers == 3
    assert drill(desk, older.path).strangers == 0


def test_a_drill_of_what_does_not_hold_fails(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no backup yet"):
        drill(desk)
    spoiled = back_up(desk, tmp_path / "spoiled.db").path
    spoil(spoiled)
    with pytest.raises(VerificationFailed):
        drill(desk, spoiled)
    (tmp_path / "noise.db").write_bytes(b"nonsense" * 1000)
    with pytest.raises(StoreUnavailable):
        drill(desk, tmp_path / "noise.db")
    sound = back_up(desk, tmp_path / "sound.db").path
    slots_beside(sound).write_bytes(b"{}")
    with pytest.raises(StoreUnavailable, match="slots"):
        drill(desk, sound)
    assert last_drill(desk.store) is None
