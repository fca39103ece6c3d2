"""The doctor sees what is wrong with files, folders and the machine, and that nothing is."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from casemgr.clock import SystemClock
from casemgr.core.health import State
from casemgr.services import doctor_files
from casemgr.services.doctor_scene import DAY, Scene, sized
from casemgr.services.faults import keep_report
from casemgr.settings import Places

if TYPE_CHECKING:
    from pathlib import Path

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")


@pytest.fixture
def scene(home: Path) -> Scene:
    """A practice's folders as they should be, with a file in each that holds what is to be kept."""
    places = Places.under(home)
    for folder in (home, places.data, places.config, places.exports, places.backups):
        folder.mkdir(mode=0o700)
    for path in (places.database, places.slots, places.backups / "casemgr-1.db"):
        path.touch(mode=0o600)
        path.write_bytes(os.urandom(4096))
    return Scene(places, SystemClock().now())


def test_program_and_driver_say_their_versions(scene: Scene) -> None:
    assert "casemgr" in doctor_files.program(scene).said
    found = doctor_files.driver(scene)
    assert found.state is State.OK
    assert "SQLCipher 4." in found.said


def test_encrypted_files_are_well_and_one_in_the_clear_is_trouble(scene: Scene) -> None:
    assert doctor_files.encryption(scene).state is State.OK
    copy = scene.places.backups / "old" / "copy.db"
    copy.parent.mkdir()
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("CREATE TABLE patients (name)")
    found = doctor_files.encryption(scene)
    assert found.state is State.TROUBLE
    assert "copy.db" in found.said


def test_the_disk_says_what_is_free_and_whether_it_is_enough(scene: Scene) -> None:
    found = doctor_files.disk(scene)
    assert "free; the data takes 4.0 kB" in found.said
    with scene.places.database.open("rb+") as file:
        # Sparse: it only claims to be that long.
        file.truncate(1 << 43)
    assert doctor_files.disk(scene).state is State.TROUBLE


def test_a_long_write_ahead_log_is_told_of(scene: Scene) -> None:
    log = scene.places.database.with_name("casemgr.db-wal")
    with log.open("wb") as file:
        file.truncate(doctor_files.LONG_LOG + 1)
    found = doctor_files.disk(scene)
    assert found.state is State.ADVICE


@posix
def test_what_only_its_owner_can_reach_is_well(scene: Scene) -> None:
    assert doctor_files.permissions(scene).state is State.OK


@posix
@pytest.mark.parametrize(
    ("name", "mode", "state"),
    [
        ("data/casemgr.db", 0o640, State.ADVICE),
        ("data/casemgr.db", 0o620, State.TROUBLE),
        ("data/casemgr.slots", 0o604, State.ADVICE),
        ("backups/casemgr-1.db", 0o644, State.ADVICE),
        ("data", 0o755, State.ADVICE),
        ("data", 0o777, State.TROUBLE),
        ("exports", 0o755, State.TROUBLE),
    ],
)
def test_what_others_can_reach_is_named_with_the_command_that_mends_it(
    scene: Scene, home: Path, name: str, mode: int, state: State
) -> None:
    path = home / name
    path.chmod(mode)
    found = doctor_files.permissions(scene)
    assert found.state is state
    assert f"{name} has mode {mode:04o}" in found.said
    wanted = "700" if path.is_dir() else "600"
    assert found.todo == f"chmod {wanted} {path}"


@posix
def test_several_wrong_files_each_have_their_command(scene: Scene, home: Path) -> None:
    for name in ("data/casemgr.db", "data/casemgr.slots"):
        (home / name).chmod(0o644)
    (home / "exports").chmod(0o755)
    found = doctor_files.permissions(scene)
    assert "exports has mode 0755, and 2 more" in found.said
    assert len(found.todo.splitlines()) == 3


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_a_file_of_somebody_else_is_trouble(scene: Scene) -> None:
    os.chown(scene.places.slots, 65534, -1)
    found = doctor_files.permissions(scene)
    assert found.state is State.TROUBLE
    assert "belongs to somebody else" in found.said


def test_exports_in_the_clear_are_counted_and_the_oldest_is_dated(scene: Scene) -> None:
    assert doctor_files.exports(scene).state is State.OK
    (scene.places.exports / "sealed.xlsx.age").touch()
    assert doctor_files.exports(scene).state is State.OK
    for name, days in (("month.xlsx", 40), ("claim.pdf", 2)):
        path = scene.places.exports / name
        path.touch()
        at = scene.now // 1_000_000 - days * 24 * 3600
        os.utime(path, (at, at))
    found = doctor_files.exports(scene)
    assert found.state is State.ADVICE
    assert found.said == "2 files in the clear, the oldest of 40 days ago"


def test_fault_reports_are_to_be_passed_on(scene: Scene, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor_files.reports(scene).state is State.OK
    monkeypatch.setenv("CASEMGR_HOME", str(home))
    keep_report("casemgr 0\n")
    found = doctor_files.reports(scene)
    assert found.state is State.ADVICE
    assert found.said == "1 fault of the program, the last today"


def test_settings_that_cannot_be_used_are_told_of(scene: Scene) -> None:
    assert doctor_files.preferences(scene).said == "the terminal UI locks itself after 10 minutes"
    settings = scene.places.config / "settings.toml"
    for wrong in ('theme = "mauve"\n', "lock_after = 240\n"):
        settings.write_text(wrong, "utf-8")
        assert doctor_files.preferences(scene).state is State.ADVICE


@pytest.mark.parametrize(
    ("mount", "state"),
    [
        ("8:1 / / rw - ext4 /dev/sda1 rw", State.ADVICE),
        ("253:0 / / rw - ext4 /dev/mapper/root rw", State.OK),
        ("0:50 / / rw - zfs tank/home rw", State.UNKNOWN),
    ],
)
def test_disk_and_swap_are_as_the_system_shows_them(
    scene: Scene, tmp_path: Path, mount: str, state: State
) -> None:
    proc, shown = tmp_path / "proc", tmp_path / "sys"
    (proc / "self").mkdir(parents=True)
    (proc / "self" / "mountinfo").write_text(f"1 0 {mount}\n", "ascii")
    (shown / "dev" / "block" / "8:1").mkdir(parents=True)
    (shown / "dev" / "block" / "253:0" / "dm").mkdir(parents=True)
    (shown / "dev" / "block" / "253:0" / "dm" / "uuid").write_text("CRYPT-LUKS2-00-root\n", "ascii")
    swapfile = tmp_path / "swapfile"
    swapfile.touch()
    (proc / "swaps").write_text(f"Filename Type Size Used Priority\n{swapfile} file 1 0 -2\n", "ascii")
    looked = replace(scene, proc=proc, sys=shown)
    assert doctor_files.disk_encryption(looked).state is state
    assert doctor_files.swap(looked).state is (State.OK if state is State.OK else State.ADVICE)


def test_a_system_that_shows_neither_disk_nor_swap_leaves_it_open(scene: Scene, tmp_path: Path) -> None:
    looked = replace(scene, proc=tmp_path, sys=tmp_path)
    assert doctor_files.disk_encryption(looked).state is State.UNKNOWN
    assert doctor_files.swap(looked).state is State.UNKNOWN


def test_ages_and_sizes_are_said_in_few_words(scene: Scene) -> None:
    assert [scene.ago(scene.now - days * DAY) for days in (0, 1, 2, 1200)] == [
        "today",
        "yesterday",
        "2 days ago",
        "1,200 days ago",
    ]
    assert [sized(count) for count in (0, 900, 4096, 5 << 20, 3 << 30)] == [
        "0 bytes",
        "900 bytes",
        "4.0 kB",
        "5.0 MB",
        "3.0 GB",
    ]
