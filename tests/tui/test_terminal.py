"""The terminal UI in a real terminal, and where there is none."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from itertools import count
from shlex import join
from time import monotonic, sleep
from typing import TYPE_CHECKING

import pytest

from tests.support import PASSPHRASE, PASSPHRASE_FILE, own_runtime_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support import Cli

PATIENCE_SECONDS = 60
"""How long a busy machine may take to draw; a quick one is not waited for."""


class Terminal:
    """A terminal of 80 × 24 with a shell in it, on a server of its own."""

    def __init__(self, folder: Path) -> None:
        """Nothing runs yet."""
        self._sockets = (folder / str(number) for number in count())
        self.renew()

    def renew(self) -> None:
        """Another one, since a server that is ending still answers."""
        self._tmux = ("tmux", "-S", str(next(self._sockets)), "-f", "/dev/null")

    def __call__(self, *args: str) -> str:
        """A command of tmux."""
        # Said outright: readline sets a size behind Python's back, which would be taken for the terminal's.
        done = subprocess.run(
            (*self._tmux, *args), env=dict(os.environ), capture_output=True, encoding="utf-8", check=False
        )
        return done.stdout

    def fill(self, *texts: str) -> None:
        """Type texts into fields, one after the other."""
        for text in texts:
            self("send-keys", "-l", text)
            self.wait_for(text)
            self("send-keys", "Enter")
            sleep(0.3)

    def wait_for(self, text: str) -> str:
        """What is on the screen once a text is."""
        until = monotonic() + PATIENCE_SECONDS
        while text not in (screen := self("capture-pane", "-p")):
            assert monotonic() < until, f"no “{text}” in\n{screen}"
            sleep(0.05)
        return screen


@pytest.fixture
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed")
    found = Terminal(tmp_path_factory.mktemp("t"))
    yield found
    found("kill-server")


@pytest.fixture
def practice(run_cli: Cli) -> Cli:
    zone = ("--timezone", "America/New_York")
    run_cli("init", "--practice", "Riverside Community Dental", *zone, "--passphrase-file", PASSPHRASE_FILE)
    run_cli("patient", "add", "Garcia, Ana", "4/9/2012")
    return run_cli


def test_a_line_typed_in_a_real_terminal_is_in_the_store(practice: Cli, terminal: Terminal) -> None:
    start(practice, terminal)
    terminal.wait_for("nothing logged yet")
    terminal("send-keys", "-l", "20m referral garcia ana 2012: OS consult => booked")
    terminal.wait_for("4/9/2012")
    terminal("send-keys", "Enter")
    terminal.wait_for("1 activity")
    leave(terminal)
    assert "Garcia" not in terminal.wait_for("left with 0")

    (row,) = json.loads(practice("activity", "list", "--json").stdout)
    assert (row["kind"], row["minutes"]) == ("referral", 20)


def test_bytes_that_are_no_utf_8_end_nothing(practice: Cli, terminal: Terminal) -> None:
    start(practice, terminal)
    terminal.wait_for("nothing logged yet")
    for byte in b"Jos\xe9 X":
        terminal("send-keys", "-H", f"{byte:02x}")
    terminal.wait_for("Jos� X")
    leave(terminal)
    terminal.wait_for("left with 0")


def test_without_a_terminal_it_says_so(practice: Cli) -> None:
    for args in ((), ("tui",)):
        told = practice(*args, code=2).stderr
        assert "needs a terminal" in told


def test_a_newcomer_logs_the_first_activity_from_nothing(run_cli: Cli, terminal: Terminal) -> None:
    start(run_cli, terminal)
    set_up(terminal)
    terminal.fill("Nguyen", "An", "11/30/61", "", "", "")
    terminal("send-keys", "Enter")
    terminal.wait_for("20m referral Nguyen An: ")
    terminal("send-keys", "-l", "15m transport nguyen: cab to the clinic => ride confirmed")
    terminal.wait_for("✓")
    terminal("send-keys", "Enter")
    terminal.wait_for("1 activity")
    leave(terminal)
    assert "Nguyen" not in terminal.wait_for("left with 0")

    (row,) = json.loads(run_cli("activity", "list", "--json").stdout)
    assert (row["patient"], row["minutes"], row["kind"]) == ("Nguyen, An", 15, "transport")
    assert [path.name for path in run_cli.home.glob("data/*.db")] == ["casemgr.db"]


def test_a_first_start_that_is_killed_goes_on_where_it_was(run_cli: Cli, terminal: Terminal) -> None:
    start(run_cli, terminal)
    terminal.wait_for("no practice here yet")
    terminal("send-keys", "1")
    terminal.wait_for("Your name")
    terminal.fill("Riverside")
    kill(terminal)
    assert not run_cli.home.exists()

    start(run_cli, terminal)
    set_up(terminal)
    terminal.fill("Nguyen", "An")
    sleep(0.5)
    kill(terminal)
    assert json.loads(run_cli("patient", "list", "--json").stdout) == []

    start(run_cli, terminal)
    terminal.wait_for("Take it up again")
    terminal("send-keys", "Enter")
    terminal.wait_for("Nguyen")
    terminal.fill("11/30/61")
    terminal("send-keys", "F9")
    terminal.wait_for("20m referral Nguyen An: ")
    kill(terminal)
    assert run_cli("verify")

    start(run_cli, terminal)
    terminal.wait_for("20m referral Nguyen An: ")


def test_the_demo_of_the_first_start_stands_apart(run_cli: Cli, terminal: Terminal) -> None:
    start(run_cli, terminal)
    terminal.wait_for("no practice here yet")
    terminal("send-keys", "2")
    terminal.wait_for("Riverside Dental (demo)")
    leave(terminal)
    assert "The demo stays in" in terminal.wait_for("left with 0")
    assert [path.name for path in run_cli.home.iterdir()] == ["demo"]
    assert run_cli("log", "5m education #1: x => y", code=4)


def test_what_is_locked_asks_for_the_passphrase_and_hides_itself_again(
    practice: Cli, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(own_runtime_folder()))
    start(practice, terminal)
    terminal.wait_for("Nobody has unlocked the data yet")
    terminal("send-keys", "-l", PASSPHRASE)
    assert PASSPHRASE not in terminal.wait_for("•" * len(PASSPHRASE))
    terminal("send-keys", "Enter")
    terminal.wait_for("nothing logged yet")
    terminal("send-keys", "-l", "20m referral garcia ana 2012: OS")
    terminal.wait_for("4/9/2012")
    terminal("send-keys", "C-l")
    assert "arcia" not in terminal.wait_for("casemgr is locked")
    kill(terminal)
    practice("activity", "list", code=10)

    start(practice, terminal)
    terminal.wait_for("Nobody has unlocked the data yet")
    terminal("send-keys", "-l", PASSPHRASE)
    terminal("send-keys", "Enter")
    terminal.wait_for("20m referral garcia ana 2012: OS")


def test_lost_data_is_no_first_start(practice: Cli, terminal: Terminal) -> None:
    practice("backup")
    (practice.home / "data" / "casemgr.db").unlink()
    start(practice, terminal)
    assert "casemgr restore" in terminal.wait_for("left with 4").replace("\n", "")


def test_the_mouse_is_as_the_settings_say_unless_it_is_said_at_the_start(
    practice: Cli, terminal: Terminal
) -> None:
    for said, args, works in (("yes", (), "1"), ("no", (), "0"), ("no", ("tui", "--mouse"), "1")):
        practice("settings", "set", "mouse", said)
        start(practice, terminal, *args)
        terminal.wait_for("nothing logged yet")
        assert terminal("display-message", "-p", "#{mouse_any_flag}").strip() == works
        kill(terminal)


def test_light_or_dark_is_kept_from_the_guide_on(run_cli: Cli, terminal: Terminal) -> None:
    start(run_cli, terminal)
    terminal.wait_for("no practice here yet")
    terminal("send-keys", "F2")
    set_up(terminal)
    assert '"light"' in (run_cli.home / "config" / "settings.toml").read_text()


def set_up(terminal: Terminal) -> None:
    """Go through the guide to the first patient."""
    terminal.wait_for("no practice here yet")
    terminal("send-keys", "Enter")
    terminal.wait_for("Your name")
    terminal.fill("Riverside", "Marisol Rivera", "", "", "")
    terminal("send-keys", "Enter")
    terminal.wait_for("Your passphrase")
    terminal("send-keys", "F5")
    terminal.wait_for("Hard to guess")
    terminal("send-keys", "Enter")
    words = dict(re.findall(r"(\d+)\. ([a-z]+)", terminal.wait_for("They are on paper")))
    terminal("send-keys", "Enter")
    asked = re.findall(r"Word (\d+)", terminal.wait_for("Two of them"))
    terminal.fill(*(words[number] for number in asked))
    terminal.wait_for("Your first patient")


def kill(terminal: Terminal) -> None:
    """Kill the program with the terminal that it runs in, and open another."""
    shell = terminal("display-message", "-p", "#{pane_pid}").strip()
    found = subprocess.run(("ps", "-o", "pid=", "--ppid", shell), capture_output=True, text=True, check=True)
    os.kill(int(found.stdout.split()[0]), signal.SIGKILL)
    terminal("kill-server")
    terminal.renew()


def leave(terminal: Terminal) -> None:
    """Leave the line, then the program; sent at once, the two keys would be one."""
    terminal("send-keys", "Escape")
    terminal.wait_for("? Help")
    terminal("send-keys", "q")


def start(cli: Cli, terminal: Terminal, *args: str) -> None:
    """Start `casemgr` in the terminal: alone, or with more words."""
    wanted = {"CASEMGR_HOME": str(cli.home), "PYTHONPATH": cli.environ()["PYTHONPATH"]}
    variables = [part for name, value in wanted.items() for part in ("-e", f"{name}={value}")]
    terminal("new-session", "-d", "-x", "80", "-y", "24", *variables, "sh")
    terminal("send-keys", "-l", f"{join(cli.command(*args))}; echo left with $?")
    terminal("send-keys", "Enter")
