"""Copies under another key, with key slots beside them, and under their name only once they are proven."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from casemgr.errors import StoreUnavailable, VerificationFailed
from casemgr.services.backups import contents_of
from casemgr.services.desk import open_desk
from casemgr.services.restoring import replace_content, replace_file
from casemgr.services.safety import back_up, verify_practice
from casemgr.store.backup import copy_under, open_backup, slots_beside
from casemgr.store.ledger import entries, head
from casemgr.store.reads.copies import Counts, counts, tables
from tests.support import key_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk
    from casemgr.settings import Settings
    from tests.store.conftest import Execute, Log

    Tampering = Callable[[], AbstractContextManager[Execute]]

FORMER = "ab" * 32
STAMP = "20261021-120000"


def test_a_backup_under_a_former_key_goes_into_a_file_that_keeps_its_own(
    desk: Desk, log: Log, settings: Settings, clock: FixedClock, tmp_path: Path
) -> None:
    log()
    wanted, held = list(entries(desk.store)), tables(desk.store)
    copy_under(desk.store.connection, FORMER, tmp_path / "former.db")
    log("later")
    with pytest.raises(StoreUnavailable):
        open_backup(tmp_path / "former.db", key_of(settings.places))
    source = open_backup(tmp_path / "former.db", key_of(settings.places), FORMER)
    lost, kept = replace_content(
        settings.places, key_of(settings.places), source, contents_of(source), STAMP, yes=True
    )
    source.close()

    assert lost == 2
    assert list(entries(desk.store)) == wanted
    assert tables(desk.store) == held
    log("goes on")
    assert verify_practice(settings.places).ok
    assert kept is not None
    replaced = open_backup(kept, key_of(settings.places))
    assert counts(replaced) == Counts(1, 2, 0, 2)
    replaced.close()


def test_a_backup_under_a_former_key_takes_the_place_of_lost_data(
    desk: Desk, log: Log, settings: Settings, clock: FixedClock, tmp_path: Path
) -> None:
    log()
    held = tables(desk.store)
    copy_under(desk.store.connection, FORMER, tmp_path / "former.db")
    desk.close()
    settings.places.database.unlink()
    source = open_backup(tmp_path / "former.db", FORMER)
    assert replace_file(settings.places, key_of(settings.places), source, STAMP) is None
    source.close()

    assert [path.name for path in settings.places.data.glob("casemgr*.db*")] == ["casemgr.db"]
    again = open_desk(settings, clock=clock)
    assert tables(again.store) == held
    again.close()


def test_the_key_slots_stand_beside_each_backup(desk: Desk, settings: Settings, tmp_path: Path) -> None:
    slots = slots_beside(settings.places.database)
    slots.write_bytes(b"slots of then")
    made = back_up(desk, tmp_path / "october.db")
    slots.write_bytes(b"slots of now")

    copied = tmp_path / "october.slots"
    assert slots_beside(made.path) == copied
    assert copied.read_bytes() == b"slots of then"
    if os.name == "posix":
        assert copied.stat().st_mode & 0o777 == 0o600
    assert slots_beside(back_up(desk).path).read_bytes() == b"slots of now"


def test_what_is_not_proven_has_no_name(
    desk: Desk, log: Log, settings: Settings, tampering: Tampering, tmp_path: Path
) -> None:
    log()
    seen: list[list[str]] = []
    back_up(desk, tmp_path / "sound.db", lambda _: seen.append([path.name for path in tmp_path.glob("*so*")]))
    assert seen
    assert all(name.startswith(".sound.db.") for names in seen for name in names)
    with tampering() as execute:
        execute("UPDATE activities SET minutes = 45")
    with pytest.raises(VerificationFailed):
        back_up(desk, tmp_path / "unsound.db")

    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix) == ["sound.db", "sound.slots"]


def test_tables_are_compared_to_the_last_value(
    desk: Desk, log: Log, settings: Settings, tampering: Tampering
) -> None:
    log()
    made = back_up(desk)
    copy = open_backup(made.path, key_of(settings.places))
    ours, theirs = tables(desk.store), tables(copy)
    assert {name for name in ours if ours[name] != theirs[name]} == {"disclosures", "ledger"}
    assert ours["activities"].rows == 1
    with tampering() as execute:
        execute("UPDATE activities SET minutes = 21")
    assert tables(desk.store)["activities"] != theirs["activities"]
    assert head(copy) == made.report.head
    copy.close()
