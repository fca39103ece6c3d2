"""Two versions of the program at once: one that knows a migration more, and one of before passphrases."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from tests.support import ROOT
from tests.torture.arena import NOW, forked
from tests.torture.catalog import reach
from tests.torture.judge import ids
from tests.torture.runner import Tally, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.torture.arena import Arena
    from tests.torture.runner import Bench

TOMORROW = "CREATE TABLE tomorrow (id TEXT PRIMARY KEY, words TEXT NOT NULL) STRICT;\n"
"""What the next version adds to the schema."""
WRITERS = 3
MOST_ROUNDS = 20
NEWER = 6
"""The exit code for data of a newer program."""
LOG = ("log", "5m ride #1030: both => ride confirmed", "--json")


def mix_versions(bench: Bench) -> Tally:
    """Let a newer version take over while the present one writes; and hold out an older one."""
    tally = Tally()
    later = later_version(bench.memory / f"later-{bench.index}")
    arena = bench.arena("versions")
    for number in range(MOST_ROUNDS):
        if number and bench.out_of_time:
            break
        take_over(bench, tally, arena, later, bench.memory / f"told-{bench.index}-{number}")
        bench.tell(tally)
    if bench.index == 0:
        hold_out(tally, arena, bench.memory)
    return tally


def later_version(folder: Path) -> Callable[[], None]:
    """What makes a process that of a version with one migration more."""
    for name in ("schema", "exports"):
        shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
    number = len(list((folder / "schema" / "migrations").glob("*.sql"))) + 1
    (folder / "schema" / "migrations" / f"{number:04d}_tomorrow.sql").write_text(TOMORROW, "utf-8")

    def be_later() -> None:
        from casemgr import resources

        # Its own content lies beside it.
        vars(resources)["__file__"] = str(folder / "casemgr" / "resources.py")
        resources.content_root.cache_clear()

    return be_later


def take_over(bench: Bench, tally: Tally, arena: Arena, later: Callable[[], None], told: Path) -> None:
    """Have programs write on and on, let a newer one open their data, and look that they stop calmly."""
    reach(arena, "office")
    writers = [
        forked(lambda number=number: write_on(arena, told.with_name(f"{told.name}-{number}")))  # type: ignore[misc]
        for number in range(WRITERS)
    ]
    time.sleep(bench.chance.uniform(0.1, 0.6))
    newer = arena.run(*LOG, first=later)
    codes = [wait_for(process) for process in writers]
    acknowledged = set(ids(newer.json))
    for number, code in enumerate(codes):
        lines = told.with_name(f"{told.name}-{number}").read_text("utf-8").splitlines()
        *said, why = lines if lines else [""]
        acknowledged |= set(said)
        count(tally, code, why, len(said))
    for words in (LOG, ("activity", "list", "--json"), ("verify",)):
        done = arena.run(*words)
        tally.tracebacks += done.traceback
        count(tally, done.code, done.stderr, 0)
    if newer.code:
        tally.other += 1
        tally.note(f"the newer version: {newer.code}: {newer.stderr[-300:]}")
    tally.tried += 1
    tally.acknowledged += not newer.code
    found = arena.examine(first=later)
    tally.unverified += bool(found.problems)
    lost = acknowledged - found.ids if not found.problems else set()
    tally.lost += len(lost)
    tally.note(*found.problems, *(f"lost: {one}" for one in lost))


def count(tally: Tally, code: int, words: str, acknowledged: int) -> None:
    """Count what an older version did: what it still could, and that it then said why it could not."""
    tally.tried += 1 + acknowledged
    tally.acknowledged += acknowledged
    if code != NEWER or "newer" not in words:
        tally.other += 1
        tally.note(f"the older version: {code}: {words[-300:]}")


def write_on(arena: Arena, told: Path) -> int:
    """Log again and again at one open desk, as the terminal UI does, until that is refused."""
    arena.settle(NOW)
    from casemgr.errors import CasemgrError
    from casemgr.services.activities import log_activity
    from casemgr.services.desk import open_desk
    from casemgr.services.entries import wish_from_text
    from casemgr.settings import read_settings

    handle = os.open(told, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    try:
        desk = open_desk(read_settings())
        for _ in range(10_000):
            logged = log_activity(desk, wish_from_text(desk, "5m ride #1030: on and on => ride confirmed"))
            os.write(handle, f"{logged.activity.id}\n".encode())
            time.sleep(0.01)
    except CasemgrError as error:
        os.write(handle, f"{error.title} {error.detail}".replace("\n", " ").encode())
        return error.exit_code
    return 0


def hold_out(tally: Tally, arena: Arena, folder: Path) -> None:
    """Let the version of before the last migration open the data; it refuses, and nothing is changed."""
    old = version_of_before(folder / "before")
    if old is None:
        return
    reach(arena, "office")
    before = arena.examine()
    environ = {**arena.environ(), "PYTHONPATH": str(old)}
    for words in (LOG, ("activity", "list", "--json"), ("verify",), ("backup",)):
        command = [sys.executable, "-m", "casemgr", *words]
        done = subprocess.run(
            command, env=environ, cwd=arena.cwd, capture_output=True, text=True, check=False, timeout=120
        )
        tally.tried += 1
        tally.tracebacks += "Traceback" in done.stderr
        if done.returncode != NEWER:
            tally.other += 1
            tally.note(f"the version of before: {' '.join(words)}: {done.returncode}: {done.stderr[-300:]}")
    found = arena.examine()
    tally.unverified += bool(found.problems)
    tally.lost += found.deeds != before.deeds
    tally.more = {"version of before the last migration": 1}


def version_of_before(folder: Path) -> Path | None:
    """The program as it stood before the last migration came, from the history; None where there is none."""
    last = max((ROOT / "schema" / "migrations").glob("*.sql")).relative_to(ROOT)

    def git(*args: str) -> bytes:
        return subprocess.run(("git", *args), cwd=ROOT, capture_output=True, check=True).stdout

    try:
        came = git("log", "--diff-filter=A", "--format=%H", "--", str(last)).decode().split()[-1]
        archive = git("archive", f"{came}~1", "casemgr", "schema", "exports")
    except (OSError, subprocess.CalledProcessError, IndexError):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(("tar", "-x", "-C", folder), input=archive, check=True)
    return folder
