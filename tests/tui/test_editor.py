"""A note in one's own editor: private while it is open, gone afterwards, and as it was if that fails."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from shlex import join
from time import monotonic, sleep
from typing import TYPE_CHECKING

import pytest

from casemgr.core.bounds import MAX_NOTE
from casemgr.errors import CasemgrError
from casemgr.tui.editor import PREFIX, edited_outside, private_file, private_place
from tests.support import PASSPHRASE_FILE
from tests.tui.test_terminal import practice, terminal

if TYPE_CHECKING:
    from tests.support import Cli
    from tests.tui.test_terminal import Terminal

__all__ = ["practice", "terminal"]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="scripts and modes as on Unix")


def editor(folder: Path, script: str) -> tuple[str, ...]:
    """An editor that does what a script says with its file, `$1`."""
    path = folder / "editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return (str(path),)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    found = tmp_path / "private"
    found.mkdir()
    return found


@pytest.mark.parametrize(
    ("script", "after"),
    [
        ("echo more >> $1", "first\nsecondmore"),
        ("printf 'née 病\\r\\nx\\n' > $1", "née 病\r\nx"),
        ("printf '' > $1", ""),
        ("true", "first\nsecond"),
        ("rm $1; printf new > $1", "new"),
    ],
)
def test_what_the_editor_leaves_is_the_text(tmp_path: Path, place: Path, script: str, after: str) -> None:
    assert edited_outside("first\nsecond", editor(tmp_path, script), place) == after
    assert list(place.iterdir()) == []


@pytest.mark.parametrize(
    "script",
    [
        "echo lost > $1; exit 1",
        "echo lost > $1; kill -9 $$",
        "printf '\\377' > $1",
        "rm $1",
        f"head -c {MAX_NOTE + 1} /dev/zero > $1",
    ],
)
def test_an_editor_that_fails_changes_nothing_and_leaves_nothing(
    tmp_path: Path, place: Path, script: str
) -> None:
    with pytest.raises(CasemgrError, match=r"\w"):
        edited_outside("first", editor(tmp_path, script), place)
    assert list(place.iterdir()) == []


def test_an_editor_that_is_not_there_is_told(place: Path) -> None:
    with pytest.raises(CasemgrError, match="no-such-editor cannot be used"):
        edited_outside("first", ("no-such-editor",), place)
    assert list(place.iterdir()) == []


def test_only_its_owner_can_read_the_file(place: Path) -> None:
    before = os.umask(0)
    try:
        with private_file("note", place) as path:
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
            assert path.read_text() == "note"
            assert not any(word in str(path.relative_to(place)) for word in ("garcia", "ana"))
    finally:
        os.umask(before)


def test_what_a_killed_process_left_goes_with_the_next_note(place: Path) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path; from casemgr.tui.editor import private_file\n"
        "with private_file('note', Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script, str(place)], check=False)
    assert len(list(place.glob(f"{PREFIX}*"))) == 1
    with private_file("another", place) as path:
        assert list(place.iterdir()) == [path.parent]


def test_the_text_lies_in_memory_where_there_is_such_a_place(tmp_path: Path, place: Path) -> None:
    assert private_place(tmp_path, {"XDG_RUNTIME_DIR": str(place)}) == place
    shared = Path("/dev/shm")
    assert private_place(tmp_path, {}) == (shared if shared.is_dir() else tmp_path)
    assert private_place(tmp_path, {"XDG_RUNTIME_DIR": str(tmp_path / "gone")}) != tmp_path / "gone"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_program_that_is_ended_meanwhile_leaves_nothing(tmp_path: Path, place: Path, number: int) -> None:
    waits = editor(tmp_path, f"touch {tmp_path}/open; sleep 60")
    script = (
        "import signal, sys; from pathlib import Path; from casemgr.cli.main import end\n"
        "from casemgr.tui.editor import edited_outside\n"
        "signal.signal(signal.SIGTERM, end); edited_outside('note', (sys.argv[1],), Path(sys.argv[2]))"
    )
    running = subprocess.Popen([sys.executable, "-c", script, *waits, str(place)])
    until = monotonic() + 60
    while not (tmp_path / "open").exists():
        assert monotonic() < until
        sleep(0.02)
    running.send_signal(number)
    assert running.wait(60) in {143, 129}
    assert list(place.iterdir()) == []


def open_form(terminal: Terminal, practice: Cli, **variables: str) -> None:
    """Open the terminal UI in a real terminal, and the form in it."""
    wanted = {"CASEMGR_HOME": str(practice.home), "PYTHONPATH": practice.environ()["PYTHONPATH"], **variables}
    given = [part for name, value in wanted.items() for part in ("-e", f"{name}={value}")]
    terminal("new-session", "-d", "-x", "80", "-y", "24", *given, "sh")
    terminal("send-keys", "-l", f"{join(practice.command())}; echo left with $?")
    terminal("send-keys", "Enter")
    terminal.wait_for("nothing logged yet")
    terminal("send-keys", "F3")
    terminal.wait_for("Person contacted")


def test_the_terminal_is_the_editors_and_then_ours_again(
    practice: Cli, terminal: Terminal, tmp_path: Path, place: Path
) -> None:
    (command,) = editor(
        tmp_path, 'echo it is my turn; read answer; echo "$answer" >> $1; ls -ld $1 > $0.seen'
    )
    # In that runtime folder nothing is unlocked.
    elsewhere = {"XDG_RUNTIME_DIR": str(place), "CASEMGR_PASSPHRASE_FILE": str(PASSPHRASE_FILE)}
    open_form(terminal, practice, EDITOR=command, VISUAL="", **elsewhere)
    terminal("send-keys", "-l", "1030")
    terminal("send-keys", "F6")
    terminal.wait_for("it is my turn")
    assert "Person contacted" not in terminal("capture-pane", "-p")
    terminal("send-keys", "-l", "written elsewhere")
    terminal("send-keys", "Enter")
    screen = terminal.wait_for("written elsewhere")
    assert "Person contacted" in terminal.wait_for("Person contacted"), screen
    assert (tmp_path / "editor.seen").read_text().startswith("-rw-------")
    assert list(place.iterdir()) == []


def test_what_was_written_outlives_a_kill(practice: Cli, terminal: Terminal) -> None:
    open_form(terminal, practice)
    terminal("send-keys", "-l", "garcia")
    terminal("send-keys", "Tab")
    terminal.wait_for("4/9/2012")
    terminal("send-keys", "-l", "transp")
    terminal("send-keys", "Tab")
    terminal.wait_for("Vendor")
    terminal("send-keys", "Tab", "Tab")
    terminal("send-keys", "-l", "25")
    terminal.wait_for("25 min")
    sleep(0.5)
    pane = terminal("list-panes", "-F", "#{pane_pid}").strip()
    (child,) = Path(f"/proc/{pane}/task/{pane}/children").read_text().split()
    os.kill(int(child), signal.SIGKILL)
    terminal.wait_for("left with 137")

    # What was killed could not give the terminal back.
    terminal("respawn-pane", "-k", "sh")
    terminal("send-keys", "-l", join(practice.command()))
    terminal("send-keys", "Enter")
    terminal.wait_for("nothing logged yet")
    terminal("send-keys", "F3")
    terminal.wait_for("What you wrote is still here")
    terminal("send-keys", "-l", "t")
    terminal.wait_for("25 min")
    assert "Garcia, Ana 4/9/2012" in terminal.wait_for("Vendor")
