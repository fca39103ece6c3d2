"""Fifty `casemgr log` at once while the terminal UI is open: how many are kept, and how long they take."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

from tests.benchmarks.log import bare_command, environ_of, log_command
from tests.benchmarks.table import Line, alternated
from tests.benchmarks.tui_start import leave_all, open_screen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.settings import Settings
    from tests.benchmarks.stores import Stores

AT_ONCE = 50
ROUNDS = 3


def run(stores: Stores) -> Iterator[Line]:
    """What was lost or failed, and the time against fifty bare scripts at once."""
    settings = stores.filled(stores.usual)
    environ = environ_of(settings)
    bare = [bare_command(stores.scratch / "bare-parallel.db")] * AT_ONCE
    wishes = [log_command(number % 40) for number in range(AT_ONCE)]
    before, failed = logged(stores, settings), 0
    runs = 0

    def ours() -> None:
        nonlocal failed, runs
        failed += all_at_once(wishes, environ)
        runs += 1

    open_screen(settings)
    try:
        took, base = alternated(ours, lambda: all_at_once(bare, environ), stores.rounds(ROUNDS))
    finally:
        leave_all()
    kept = logged(stores, settings) - before
    yield Line(f"log, {AT_ONCE} at once, {runs} times: kept", kept, AT_ONCE * runs, unit="")
    yield Line(f"log, {AT_ONCE} at once: failed", failed, bar=0, unit="")
    yield Line(
        f"log, {AT_ONCE} at once: shown as saved, and lost", AT_ONCE * runs - failed - kept, bar=0, unit=""
    )
    yield Line(f"log, {AT_ONCE} at once / {AT_ONCE} bare rows at once", took, base)


def all_at_once(commands: list[list[str]], environ: dict[str, str]) -> int:
    """Start every process before waiting for any; says why some failed, and returns how many."""
    started = [
        subprocess.Popen(each, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for each in commands
    ]
    said = [(process.communicate()[1], process.returncode) for process in started]
    failures = Counter(f"exit code {code}: {message.strip()[-300:]}" for message, code in said if code)
    for failure, times in failures.items():
        print(f"{times} × {failure}", file=sys.stderr)
    return failures.total()


def logged(stores: Stores, settings: Settings) -> int:
    """How many activities there are."""
    desk = stores.desk(settings)
    try:
        return int((desk.store.one("SELECT count(*) FROM activities") or (0,))[0])
    finally:
        desk.close()
