"""One `casemgr log` as a whole process on a filled store, against a bare script that commits one row."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.benchmarks.stores import OWNER, person
from tests.benchmarks.table import Line, alternated
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from casemgr.settings import Settings
    from tests.benchmarks.stores import Stores

BAR = 1.5
ROUNDS = 25
KEY = "5e" * 32


def run(stores: Stores) -> Iterator[Line]:
    """The line of design.md's first bar."""
    settings = stores.filled(stores.usual)
    ours, bare = log_command(3), bare_command(stores.scratch / "bare.db")
    environ = environ_of(settings)
    took, base = alternated(
        lambda: process(ours, environ), lambda: process(bare, environ), stores.rounds(ROUNDS)
    )
    yield Line(f"log, whole process, {stores.usual:,} activities / one bare row", took, base, BAR)


def log_command(number: int) -> list[str]:
    """The arguments that log something of the nth patient; short, since a day has only so many minutes."""
    last, first, born, _ = person(number)
    text = f"2m referral {last} {first} {born}: faxed the packet again => packet faxed !12/24 call back"
    return [sys.executable, "-m", "casemgr", "log", text]


def bare_command(path: Path) -> list[str]:
    """The arguments of the bare script."""
    return [sys.executable, str(ROOT / "tests" / "benchmarks" / "bare.py"), str(path), KEY]


def environ_of(settings: Settings) -> dict[str, str]:
    """The environment of the processes: the practice, and this checkout before any installed one."""
    home = str(settings.places.data.parent)
    return {**os.environ, "CASEMGR_HOME": home, "CASEMGR_STAFF": OWNER, "PYTHONPATH": str(ROOT)}


def process(command: list[str], environ: dict[str, str]) -> None:
    """Run a process whose output nobody reads; it must succeed."""
    subprocess.run(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
