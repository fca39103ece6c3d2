"""A disk without space: nothing acknowledged is lost, people are told, and work goes on with space again."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from casemgr.errors import NotWritten
from casemgr.services.desk import open_desk
from casemgr.services.restoring import restore
from casemgr.services.safety import back_up, verify_practice
from casemgr.store.ledger import head
from tests.support import ROOT, WITH_PASSPHRASE, Cli
from tests.torture.support import LINE, Practice, ids, make_practice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.torture

NOTE = "asked for the chart and the panoramic image " * 40


def mounted(folder: Path, size: str) -> bool:
    """Mount a small disk of its own, where we may."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(folder)]
    return (
        bool(shutil.which("mount"))
        and not subprocess.run(command, capture_output=True, check=False).returncode
    )


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not mounted(folder, "3m"):
        pytest.skip("mounting a small disk needs root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def small(disk: Path, tmp_path: Path) -> Practice:
    """A practice on the small disk."""
    return make_practice(disk / "home", Cli(disk / "home", tmp_path))


def fill(disk: Path, leave: int = 0) -> Path:
    """Take all space of a disk but for some bytes."""
    ballast = disk / "ballast"
    with ballast.open("ab", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            pass
        file.truncate(max(0, file.tell() - leave))
    return ballast


def log(practice: Practice, count: int, code: int | None = None) -> subprocess.CompletedProcess[str]:
    """Log some activities at once."""
    lines = "\n".join(json.dumps({"text": LINE, "note": NOTE}) for _ in range(count))
    return practice.cli("log", "--batch", "--json", stdin=lines, code=code)


def refused(done: subprocess.CompletedProcess[str]) -> None:
    """Nothing was saved, and people were told so, or that it is not certain."""
    assert done.returncode == 7, done.stderr
    assert done.stdout == ""
    assert "Nothing of this was saved" in done.stderr or "is not certain" in done.stderr
    assert "Traceback" not in done.stderr


def test_logging_until_the_disk_is_full(small: Practice, disk: Path) -> None:
    ballast = fill(disk, leave=600_000)
    acknowledged: list[str] = []
    for _ in range(60):
        done = log(small, 3)
        if done.returncode:
            break
        acknowledged += ids(done.stdout)
    refused(done)
    assert "no space left" in done.stderr
    assert len(acknowledged) >= 3
    refused(log(small, 300))

    ballast.unlink()
    small.prove(acknowledged)
    acknowledged += ids(log(small, 3, code=0).stdout)
    small.prove(acknowledged)
    assert small.activities() == set(acknowledged)


def test_an_open_desk_goes_on_after_space_is_freed(small: Practice, disk: Path) -> None:
    acknowledged = ids(log(small, 3, code=0).stdout)
    desk = open_desk(small.settings)
    try:
        before = head(desk.store)
        ballast = fill(disk)
        with pytest.raises(NotWritten), desk.write() as tx:
            for number in range(4000):
                update = {"id": f"s{number}", "name": f"Sam {number}"}
                tx.append("add", "staff", desk.staff.model_copy(update=update))
        assert head(desk.store) == before
        ballast.unlink()
        with desk.write() as tx:
            tx.append("add", "staff", desk.staff.model_copy(update={"id": "bob"}))
    finally:
        desk.close()
    small.prove(acknowledged)


def test_what_was_saved_can_be_read_while_there_is_no_space(small: Practice, disk: Path) -> None:
    acknowledged = ids(log(small, 3, code=0).stdout)
    desk = open_desk(small.settings)
    fill(disk)
    try:
        assert desk.store.one("SELECT count(*) FROM activities") == (3,)
    finally:
        desk.close()
    assert len(acknowledged) == 3


def test_a_set_up_without_space_can_be_done_again_with_space(disk: Path, tmp_path: Path) -> None:
    cli = Cli(disk / "home", tmp_path)
    (disk / "home" / "keys").mkdir(parents=True)
    # All but what the folders take: even the key does not fit.
    ballast = fill(disk)
    init = ("init", "--practice", "P", "--timezone", "America/New_York", "--owner", "amy", *WITH_PASSPHRASE)
    assert "space" in cli(*init, code=7).stderr
    ballast.unlink()
    cli(*init)
    cli("verify")


def test_a_backup_without_space_leaves_nothing_and_says_so(practice: Practice, disk: Path) -> None:
    acknowledged = ids(log(practice, 30, code=0).stdout)
    fill(disk, leave=100_000)
    desk = open_desk(practice.settings)
    before = head(desk.store)
    try:
        with pytest.raises(NotWritten, match="copy could not be written") as told:
            back_up(desk, disk / "october.db")
        assert "no space left" in told.value.detail
        assert head(desk.store) == before
    finally:
        desk.close()
    assert [path.name for path in disk.iterdir()] == ["ballast"]
    practice.prove(acknowledged)


@pytest.mark.parametrize("leave", [100_000, 700_000])
def test_a_restore_without_space_leaves_the_data_as_it_was(
    small: Practice, disk: Path, tmp_path: Path, leave: int
) -> None:
    acknowledged = ids(log(small, 20, code=0).stdout)
    desk = open_desk(small.settings)
    made = back_up(desk, tmp_path / "october.db")
    desk.close()
    acknowledged += ids(log(small, 20, code=0).stdout)
    ballast = fill(disk, leave)

    with pytest.raises(NotWritten) as told:
        restore(small.settings, made.path, yes=True)
    assert "space" in f"{told.value.title} {told.value.detail}"
    ballast.unlink()
    small.prove(acknowledged)
    assert restore(small.settings, made.path, yes=True).lost


@pytest.mark.skipif(not shutil.which("prlimit"), reason="needs prlimit of util-linux")
def test_a_limit_on_the_size_of_files_is_told_and_loses_nothing(practice: Practice) -> None:
    acknowledged = ids(log(practice, 5, code=0).stdout)
    size = practice.settings.places.database.stat().st_size
    command = practice.cli.command("log", "--json", LINE)
    outcomes = []
    # From far too little for a log file to what is enough for it but not for the data file to grow.
    for limit in (4096, 20_000, 40_000, 100_000, size - 1000, size, size + 4096, size + 100_000):
        done = subprocess.run(
            ["prlimit", f"--fsize={limit}", *command],
            env=practice.cli.environ(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        outcomes.append(done.returncode)
        if done.returncode:
            refused(done)
        acknowledged += ids(done.stdout)
        practice.prove(acknowledged)

    assert set(outcomes) == {0, 7}
    assert outcomes == sorted(outcomes, reverse=True)
    assert verify_practice(practice.settings.places).ok
    names = sorted(path.name for path in practice.settings.places.data.iterdir())
    assert names == ["casemgr.db", "casemgr.slots"]
