"""The terminal UI in a real terminal, and where there is none."""

from __future__ import annotations

import json
import shutil
import subprocess
from shlex import join
from time import monotonic, sleep
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support import Cli

PATIENCE_SECONDS = 60
"""How long a busy machine may take to draw; a quick one is not waited for."""


class Terminal:
    """A terminal of 80 × 24 with a shell in it, on a server of its own."""

    def __init__(self, socket: str) -> None:
        """Nothing runs yet."""
        self._tmux = ("tmux", "-S", socket, "-f", "/dev/null")

    def __call__(self, *args: str) -> str:
        """A command of tmux."""
        done = subprocess.run((*self._tmux, *args), capture_output=True, encoding="utf-8", check=False)
        return done.stdout

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
    found = Terminal(str(tmp_path_factory.mktemp("t") / "s"))
    yield found
    found("kill-server")


@pytest.fixture
def practice(run_cli: Cli) -> Cli:
    run_cli("init", "--practice", "Riverside Community Dental", "--timezone", "America/New_York")
    run_cli("patient", "add", "Garcia, Ana", "4/9/2012")
    return run_cli


def test_a_line_typed_in_a_real_terminal_is_in_the_store(practice: Cli, terminal: Terminal) -> None:
    wanted = {"CASEMGR_HOME": str(practice.home), "PYTHONPATH": practice.environ()["PYTHONPATH"]}
    variables = [part for name, value in wanted.items() for part in ("-e", f"{name}={value}")]
    terminal("new-session", "-d", "-x", "80", "-y", "24", *variables, "sh")
    terminal("send-keys", "-l", f"{join(practice.command())}; echo left with $?")
    terminal("send-keys", "Enter")
    terminal.wait_for("nothing logged yet")
    terminal("send-keys", "-l", "20m referral garcia ana 2012: OS consult => booked")
    terminal.wait_for("4/9/2012")
    terminal("send-keys", "Enter")
    terminal.wait_for("1 activity")
    terminal("send-keys", "Escape")
    terminal.wait_for("Open")
    terminal("send-keys", "q")
    assert "Garcia" not in terminal.wait_for("left with 0")

    (row,) = json.loads(practice("activity", "list", "--json").stdout)
    assert (row["kind"], row["minutes"]) == ("referral", 20)


def test_without_a_terminal_it_says_so(practice: Cli) -> None:
    for args in ((), ("tui",)):
        told = practice(*args, code=2).stderr
        assert "needs a terminal" in told


def test_without_a_practice_it_says_how_to_make_one(run_cli: Cli, terminal: Terminal) -> None:
    wanted = {"CASEMGR_HOME": str(run_cli.home), "PYTHONPATH": run_cli.environ()["PYTHONPATH"]}
    variables = [part for name, value in wanted.items() for part in ("-e", f"{name}={value}")]
    terminal("new-session", "-d", "-x", "80", "-y", "24", *variables, "sh")
    terminal("send-keys", "-l", f"{join(run_cli.command())}; echo left with $?")
    terminal("send-keys", "Enter")
    assert "casemgr init" in terminal.wait_for("left with 4")
