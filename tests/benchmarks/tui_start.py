"""From starting the process to the first useful screen, in a terminal, against a bare Textual app."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from contextlib import suppress
from typing import TYPE_CHECKING

from tests.benchmarks.log import environ_of
from tests.benchmarks.stores import last_day
from tests.benchmarks.table import Line, alternated
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.settings import Settings
    from tests.benchmarks.stores import Stores

BAR = 1.5
ROUNDS = 15
SIZE = (40, 120)
FOLDER = ROOT / "tests" / "benchmarks"
QUIT = b"\x11"

OURS = re.compile(rb"Today \xc2\xb7 \d+ activit")
"""The day's log with its sum: all that Today shows comes with it."""

BARE = re.compile(rb"Patient 30")
"""The last row of the bare table."""


def run(stores: Stores) -> Iterator[Line]:
    """The line of design.md's third bar."""
    settings = stores.filled(stores.usual)
    bare = [sys.executable, str(FOLDER / "bare_screen.py")]
    took, base = alternated(
        lambda: open_screen(settings),
        lambda: until_shown(bare, terminal(settings), BARE),
        stores.rounds(ROUNDS),
        prepare=leave_all,
    )
    leave_all()
    yield Line(f"first useful screen, {stores.usual:,} activities / bare Textual table", took, base, BAR)


def open_screen(settings: Settings) -> None:
    """Open ours and wait for the first useful screen; leave_all() closes it."""
    command = [sys.executable, str(FOLDER / "first_screen.py"), last_day().at.isoformat()]
    until_shown(command, terminal(settings), OURS)


def terminal(settings: Settings) -> dict[str, str]:
    """The environment of a program in a terminal."""
    return {**environ_of(settings), "TERM": "xterm-256color", "COLORTERM": "truecolor"}


def until_shown(command: list[str], environ: dict[str, str], wanted: re.Pattern[bytes]) -> None:
    """Start a program in a terminal of its own and read along until it has drawn what is wanted."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
    started = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env=environ, start_new_session=True
    )
    os.close(slave)
    _running.append((started, master))
    drawn = b""
    while not wanted.search(drawn):
        drawn += os.read(master, 65536)


_running: list[tuple[subprocess.Popen[bytes], int]] = []


def running() -> tuple[subprocess.Popen[bytes], int]:
    """The program that was started last, and its terminal."""
    return _running[-1]


def leave_all() -> None:
    """Quit what was started, outside the time that is measured."""
    while _running:
        started, master = _running.pop()
        os.write(master, QUIT)
        with suppress(OSError):
            while os.read(master, 65536):
                pass
        started.wait()
        os.close(master)
