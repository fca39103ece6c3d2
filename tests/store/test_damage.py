"""A damaged file: never a traceback or a false word; it is read as far as it can be, and put right again."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING

import pytest

from casemgr.core.rows import ActivityFilter
from casemgr.errors import CasemgrError, Damaged, NotOpened, StoreUnavailable
from casemgr.services.access import Unlocked
from casemgr.services.activities import listed
from casemgr.services.backups import backups
from casemgr.services.damage import Damage, damage_of, note_damage
from casemgr.services.desk import open_unlocked
from casemgr.services.restoring import restore
from casemgr.services.safety import back_up, verify_practice
from casemgr.services.salvage import assess
from casemgr.store.database import open_as_it_is, rekey
from casemgr.store.ledger import count
from casemgr.store.pages import PAGE, fits
from casemgr.store.verify import damaged_pages
from tests.store.damaging import harmed, ledger_leaf, logged, pages_of, reopened
from tests.stores import STORES

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk
    from casemgr.settings import Settings
    from tests.support import Cli


def test_each_damaged_page_is_named(kept: Path, key: str) -> None:
    whole = kept.read_bytes()
    for number in range(2, pages_of(kept) + 1):
        kept.write_bytes(whole)
        harmed(kept, number, ("flip", "zero")[number % 2], offset=(number * 37) % PAGE)
        try:
            store = open_as_it_is(kept, key)
        except Damaged:
            continue
        assert any(f"page {number}" in words for words in damaged_pages(store)), number
        store.close()


@pytest.mark.parametrize(("how", "each"), [("flip", 5), ("zero", 11)])
def test_whichever_page_is_damaged_nothing_false_is_said(
    kept: Path, settings: Settings, key: str, clock: FixedClock, how: str, each: int, tmp_path: Path
) -> None:
    whole = tmp_path / "whole.db"
    shutil.copyfile(kept, whole)
    outcomes: dict[str, int] = {}
    for number in range(1, pages_of(kept) + 1, each):
        shutil.copyfile(whole, kept)
        settings.places.damaged.unlink(missing_ok=True)
        harmed(kept, number, how)
        saved = ""
        try:
            desk = reopened(settings, key, clock)
            try:
                saved = logged(desk)
            finally:
                desk.close()
            outcome = "saved"
        except CasemgrError as error:
            outcome = type(error).__name__
            assert error.detail, number
            assert error.todo, number
        # Who was told that it is saved finds it; who was told that the file is damaged finds that noted.
        if saved:
            reader = open_as_it_is(kept, key)
            assert reader.one("SELECT note FROM activities WHERE id = ?", (saved,)) == ("to be saved",)
            reader.close()
        assert settings.places.damaged.exists() == (outcome == "Damaged"), number
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    assert set(outcomes) <= {"saved", "Damaged", "NotOpened"}
    assert outcomes["Damaged"] > 2
    # Of the first page, zeroes leave nothing that tells damage from another key.
    assert outcomes.get("NotOpened", 0) == (1 if how == "zero" else 0)


@pytest.mark.parametrize("seed", range(3))
def test_many_damaged_places_are_no_different(
    kept: Path, settings: Settings, key: str, clock: FixedClock, seed: int
) -> None:
    chance = Random(seed)
    if seed == 2:
        os.truncate(kept, PAGE * (pages_of(kept) * 2 // 3) + 100)
    for _ in range(12):
        harmed(kept, chance.randrange(2, pages_of(kept)), chance.choice(["flip", "zero"]))
    with pytest.raises(StoreUnavailable), suppress(NotOpened):
        desk = reopened(settings, key, clock)
        try:
            logged(desk)
        finally:
            desk.close()
    with suppress(StoreUnavailable):
        assert not verify_practice(settings.places).ok
    found = assess(settings.places, key)
    assert found.backup is not None
    restore(settings, found.backup.path, yes=True, by=Unlocked("amy", key), clock=clock)
    assert verify_practice(settings.places).ok
    assert damage_of(settings.places) is None


def test_a_damaged_ledger_is_read_around_and_nothing_is_written(
    kept: Path, settings: Settings, key: str, clock: FixedClock
) -> None:
    others = reopened(settings, key, clock)
    entries = count(others.store)
    leaf = ledger_leaf(kept, key)
    harmed(kept, leaf)
    desk = reopened(settings, key, clock)
    with pytest.raises(Damaged, match="only read from now on") as told:
        list(desk.store.rows("SELECT body FROM ledger"))
    assert "Not all that was asked for can be read." in told.value.detail
    assert desk.store.one("SELECT count(*) FROM activities") == (31,)

    for each in (desk, others):
        with pytest.raises(Damaged) as told:
            logged(each)
        assert f"page {leaf}" in told.value.detail
        assert "The ledger still proves " in told.value.detail
        assert " beyond can be read." in told.value.detail
        held = f"The newest backup that holds is casemgr-20261021-120000.db: {entries - 3} entries"
        assert held in told.value.detail
        assert "It lacks 3 entries of the damaged file." in told.value.detail
        assert "Nothing of this was saved." in told.value.detail
        backup = settings.places.backups / "casemgr-20261021-120000.db"
        assert f"casemgr restore {backup}" in told.value.todo
        with pytest.raises(Damaged):
            back_up(each)
        each.close()
    if os.name == "posix":
        assert settings.places.damaged.stat().st_mode & 0o077 == 0
    assert "Garcia" not in settings.places.damaged.read_text(encoding="utf-8")

    late = reopened(settings, key, clock)
    assert late.damaged is not None
    assert len(listed(late, ActivityFilter(search="panoramic"))) == 30
    assert late.store.one("SELECT count(*) FROM activities") == (31,)
    done = restore(settings, backup, by=Unlocked("amy", key), clock=clock)
    assert done.kept is not None
    assert done.kept.name.startswith("casemgr-damaged-")
    assert damage_of(settings.places) is None
    assert verify_practice(settings.places).ok
    # Whoever still has the damaged file open writes nothing that would be lost with it.
    with pytest.raises(StoreUnavailable, match="is mended"):
        logged(late)
    late.close()
    again = reopened(settings, key, clock)
    assert again.damaged is None
    logged(again)
    again.close()


def test_the_command_line_says_it_at_each_reading_and_in_full_at_verify(
    kept: Path, settings: Settings, key: str, run_cli: Cli
) -> None:
    leaf = ledger_leaf(kept, key)
    harmed(kept, leaf)
    assert "damaged" not in run_cli("activity", "list").stderr
    told = run_cli("verify", code=8).stderr
    for words in (f"page {leaf}", "The ledger still proves", "It lacks 3 entries", "casemgr restore "):
        assert words in told
    shown = run_cli("activity", "list", "--month", "2026-10", "--json")
    assert len(json.loads(shown.stdout)) == 31
    assert shown.stderr.count("\n") == 1
    assert "The data file is damaged, and only read" in shown.stderr
    refused = run_cli("log", "5m referral 1030: later => booked", code=6)
    assert refused.stdout == ""
    assert "Nothing of this was saved" in refused.stderr
    assert "casemgr restore " in refused.stderr


def test_a_sound_file_that_is_called_damaged_is_lifted_by_verify(
    kept: Path, settings: Settings, key: str, clock: FixedClock
) -> None:
    settings.places.damaged.write_text("no JSON")
    desk = reopened(settings, key, clock)
    with pytest.raises(Damaged, match="only read") as told:
        logged(desk)
    assert f"The ledger is whole: all {count(desk.store)} entries hold" in told.value.detail
    assert verify_practice(settings.places).ok
    assert not settings.places.damaged.exists()
    desk.close()
    desk = reopened(settings, key, clock)
    logged(desk)
    desk.close()


def test_a_damaged_file_of_an_older_version_is_not_migrated(settings: Settings, clock: FixedClock) -> None:
    places, old = settings.places, STORES / "0004"
    places.data.mkdir(parents=True)
    shutil.copyfile(old / "casemgr.db", places.database)
    key = (old / "casemgr.key").read_text(encoding="ascii").strip()
    harmed(places.database, ledger_leaf(places.database, key))
    before = places.database.read_bytes()
    for _ in range(2):
        with pytest.raises(Damaged, match="only read from now on") as told:
            open_unlocked(settings, Unlocked("mrivera", key), clock)
        assert "The ledger still proves " in told.value.detail
    assert places.database.read_bytes() == before


def test_another_key_is_no_damage(kept: Path, settings: Settings, key: str, clock: FixedClock) -> None:
    with pytest.raises(NotOpened, match="cannot be opened with this key"):
        reopened(settings, "ab" * 32, clock)
    assert not fits(kept, "ab" * 32)
    assert not settings.places.damaged.exists()

    desk = reopened(settings, key, clock)
    entries = count(desk.store)
    other = open_as_it_is(kept, key)
    rekey(other, "cd" * 32)
    for use in (lambda: desk.store.one("SELECT count(*) FROM activities"), lambda: logged(desk)):
        with suppress(CasemgrError):
            use()
        assert not settings.places.damaged.exists()
    assert count(other) == entries
    other.close()
    with suppress(CasemgrError):
        desk.close()


@pytest.mark.parametrize(("offset", "marked"), [(2000, True), (3, False)], ids=["content", "salt"])
def test_a_file_that_cannot_be_opened_is_explained_from_its_backups(
    kept: Path, settings: Settings, key: str, clock: FixedClock, offset: int, marked: bool
) -> None:
    """Without its salt nothing in it tells damage from another key; the backup does, as far as it goes."""
    harmed(kept, 1, offset=offset)
    for use in (lambda: reopened(settings, key, clock), lambda: verify_practice(settings.places)):
        with pytest.raises(StoreUnavailable) as told:
            use()
        assert "casemgr-20261021-120000.db" in told.value.detail
        assert f"casemgr restore {settings.places.backups}" in told.value.todo
        assert settings.places.damaged.exists() == marked
    (backup,) = backups(settings.places, (key,))
    restore(settings, backup.path, by=Unlocked("amy", key), clock=clock)
    assert not settings.places.damaged.exists()
    assert verify_practice(settings.places).ok


def test_without_a_backup_it_is_said_that_there_is_none(
    kept: Path, settings: Settings, key: str, clock: FixedClock
) -> None:
    for path in settings.places.backups.iterdir():
        path.unlink()
    harmed(kept, ledger_leaf(kept, key))
    desk = reopened(settings, key, clock)
    with pytest.raises(Damaged) as told:
        list(desk.store.rows("SELECT body FROM ledger"))
    desk.close()
    assert "There is no backup that holds." in told.value.detail
    assert "Copy the whole data folder" in told.value.todo


def test_a_note_of_damage_is_read_back(settings: Settings, desk: Desk) -> None:
    assert damage_of(settings.places) is None
    for text in ("", "{}", '{"at": "x"}', "[1]", '"x"'):
        settings.places.damaged.write_text(text)
        found = damage_of(settings.places)
        assert found is not None
        assert found.means == ()
    note_damage(settings.places, Damage(5, ("file: page 7",)))
    assert damage_of(settings.places) == (5, ("file: page 7",), (), "")
