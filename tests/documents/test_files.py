from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from casemgr.documents.files import new_file, write_file
from casemgr.errors import NotWritten
from tests.support import ROOT

WRITE = """
import os, resource, sys
from pathlib import Path
from casemgr.documents.files import write_file
from casemgr.errors import NotWritten
if sys.argv[2]:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
if sys.argv[3]:
    os.setuid(int(sys.argv[3]))
try:
    write_file(Path(sys.argv[1]), b"n" * 100_000, overwrite=True)
except NotWritten as error:
    print(error.title)
    print(error.detail)
"""


def written_by_another(path: Path, *, limit: str = "", user: str = "") -> list[str]:
    """The lines that a process of its own says about writing to the path."""
    done = subprocess.run(
        [sys.executable, "-c", WRITE, str(path), limit, user],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_a_file_is_written_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    target = tmp_path / "claim.pdf"
    write_file(target, b"whole")
    assert target.read_bytes() == b"whole"
    assert [path.name for path in tmp_path.iterdir()] == ["claim.pdf"]
    if os.name != "nt":
        assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_file_that_is_there_is_never_replaced_unasked(tmp_path: Path) -> None:
    target = tmp_path / "claim.pdf"
    target.write_bytes(b"old")
    with pytest.raises(NotWritten, match="already there"):
        write_file(target, b"new")
    assert target.read_bytes() == b"old"
    write_file(target, b"new", overwrite=True)
    assert target.read_bytes() == b"new"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in folders")
@pytest.mark.parametrize("overwrite", [False, True])
def test_nothing_takes_the_place_of_a_pipe_or_a_device(tmp_path: Path, overwrite: bool) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for target in (pipe, link):
        with pytest.raises(NotWritten, match="is a pipe or a device"):
            write_file(target, b"new", overwrite=overwrite)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert link.is_symlink()


def test_a_file_that_appears_while_ours_is_written_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "claim.pdf"
    with pytest.raises(NotWritten, match="already there"), new_file(target) as file:
        file.write(b"ours")
        target.write_bytes(b"theirs")
    assert target.read_bytes() == b"theirs"
    assert [path.name for path in tmp_path.iterdir()] == ["claim.pdf"]


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
def test_a_document_that_is_given_up_leaves_nothing_behind(
    tmp_path: Path, failure: type[BaseException]
) -> None:
    target = tmp_path / "month.xlsx"
    target.write_bytes(b"old")
    with pytest.raises(failure), new_file(target, overwrite=True) as file:
        file.write(b"half of the n")
        raise failure
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["month.xlsx"]


def test_what_killed_processes_left_goes_after_a_day(tmp_path: Path) -> None:
    for name, age in ((".casemgr-a.part", 100_000), (".casemgr-b.part", 1000), ("own.part", 100_000)):
        (tmp_path / name).touch()
        long_ago = (tmp_path / name).stat().st_mtime - age
        os.utime(tmp_path / name, (long_ago, long_ago))
    write_file(tmp_path / "new.pdf", b"new")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".casemgr-b.part", "new.pdf", "own.part"]


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotWritten) as refused:
        write_file(tmp_path / "nowhere" / "claim.pdf", b"")
    assert str(tmp_path / "nowhere") in refused.value.title
    assert "Make the folder" in refused.value.todo


def test_a_file_is_not_a_folder_to_write_in(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotWritten, match="does not exist"):
        write_file(tmp_path / "file" / "claim.pdf", b"")


def test_a_folder_is_not_a_file_to_write(tmp_path: Path) -> None:
    with pytest.raises(NotWritten, match="is a folder"):
        write_file(tmp_path, b"", overwrite=True)


def test_a_read_only_file_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "month.xlsx"
    target.write_bytes(b"old")
    target.chmod(0o400)
    with pytest.raises(NotWritten, match="read-only"):
        write_file(target, b"new", overwrite=True)
    assert target.read_bytes() == b"old"


@pytest.mark.parametrize("lock", ["~$month.xlsx", ".~lock.month.xlsx#"])
def test_a_workbook_that_is_open_elsewhere_is_left_alone(tmp_path: Path, lock: str) -> None:
    target = tmp_path / "month.xlsx"
    target.write_bytes(b"old")
    (tmp_path / lock).write_bytes(b"")
    with pytest.raises(NotWritten, match="open in another program") as refused:
        write_file(target, b"new", overwrite=True)
    assert lock in refused.value.todo
    assert target.read_bytes() == b"old"


def test_a_name_that_is_too_long_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(NotWritten, match="too long"):
        write_file(tmp_path / ("n" * 300), b"")


@pytest.mark.skipif(os.name == "nt", reason="limits and users are those of POSIX")
def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "month.xlsx"
    target.write_bytes(b"old")
    title, detail = written_by_another(target, limit="50000")
    assert title == "No space left to write month.xlsx"
    assert "what was there before is unchanged" in detail
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["month.xlsx"]


@pytest.mark.skipif(os.name == "nt", reason="limits and users are those of POSIX")
def test_a_folder_that_may_not_be_written_to_is_named() -> None:
    # Nothing is read-only to root, so that root writes as the user that owns nothing.
    user = "65534" if os.geteuid() == 0 else ""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        try:
            title, detail = written_by_another(folder / "claim.pdf", user=user)
        finally:
            folder.chmod(0o755)
    assert title == f"{folder} does not let you write"
    assert "read-only" in detail


def test_a_name_that_the_disk_does_not_keep_is_taken_away_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_folder: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("casemgr.documents.files._sync_folder", fails)
    path = tmp_path / "month.xlsx"
    with pytest.raises(NotWritten, match="could not be written"):
        write_file(path, b"whole")
    assert list(tmp_path.iterdir()) == []

    path.write_bytes(b"before")
    with pytest.raises(NotWritten, match="after month") as told:
        write_file(path, b"whole", overwrite=True)
    assert "not certain" in told.value.detail
    assert path.read_bytes() == b"whole"
