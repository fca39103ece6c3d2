"""Many processes at once: none fails, and nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from casemgr.core.records import Staff
from casemgr.services.desk import open_desk
from casemgr.services.restoring import restore
from casemgr.services.safety import back_up
from casemgr.store.backup import open_backup
from tests.support import ROOT, key_of
from tests.torture.support import LINE, ids

if TYPE_CHECKING:
    from tests.torture.support import Practice

pytestmark = pytest.mark.torture

HOLD = """
import sys
from casemgr.core.records import Staff
from casemgr.services.desk import open_desk
from casemgr.settings import read_settings

desk = open_desk(read_settings())
with desk.write() as tx:
    tx.append("add", "staff", Staff(id="held", name="Held"))
    print("held", flush=True)
    sys.stdin.readline()
print("saved", flush=True)
"""
"""Takes the write lock and lets it go when it is told to."""


def start(practice: Practice, *args: str) -> subprocess.Popen[str]:
    """Start a command without waiting for it."""
    return subprocess.Popen(
        practice.cli.command(*args),
        env=practice.cli.environ(),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(started: list[subprocess.Popen[str]]) -> list[str]:
    """Wait for commands that must all succeed; the ids that they acknowledged."""
    done = [(process.communicate(timeout=300), process.returncode) for process in started]
    failed = [told for told, code in done if code]
    assert failed == []
    return [one for (stdout, _), _ in done for one in ids(stdout)]


def test_fifty_commands_at_once_are_all_kept(practice: Practice) -> None:
    reader = open_desk(practice.settings)
    try:
        # Somebody has the practice open, reads, and writes in between, as the terminal UI does.
        with reader.store.snapshot():
            reader.store.one("SELECT count(*) FROM activities")
            started = [start(practice, "log", "--json", LINE) for _ in range(50)]
            time.sleep(1)
        with reader.write() as tx:
            tx.append("add", "staff", Staff(id="bob", name="Bob"))
        acknowledged = finish(started)
    finally:
        reader.close()

    assert len(set(acknowledged)) == 50
    assert practice.activities() == set(acknowledged)
    practice.prove(acknowledged)


def test_different_commands_at_once_are_all_kept(practice: Practice) -> None:
    batch = "\n".join(json.dumps({"text": LINE}) for _ in range(40))
    logs = [start(practice, "log", "--json", LINE) for _ in range(8)]
    others = [start(practice, "patient", "add", f"Li, Bo{number}", "1/5/1990") for number in range(4)] + [
        start(practice, "follow-up", "add", "tomorrow", "call", "--patient", "1030") for _ in range(4)
    ]
    reads = [start(practice, *command) for command in (("verify",), ("backup",), ("activity", "list"))]
    batched = practice.cli("log", "--batch", "--json", stdin=batch, code=None)
    acknowledged = finish(logs)
    finish(others)
    finish(reads)
    assert batched.returncode == 0, batched.stderr

    desk = open_desk(practice.settings)
    try:
        assert desk.store.one("SELECT count(*) FROM patients") == (5,)
        assert desk.store.one("SELECT count(*) FROM follow_ups") == (8 + 40 + 4,)
        assert desk.store.one("SELECT count(*) FROM activities") == (8 + 40,)
    finally:
        desk.close()
    assert len(acknowledged) == 8
    practice.cli("verify")


def test_restores_amid_logging_lose_nothing_acknowledged(practice: Practice) -> None:
    desk = open_desk(practice.settings)
    made = back_up(desk)
    desk.close()

    def keep_logging() -> list[str]:
        return [one for _ in range(12) for one in ids(practice.cli("log", "--json", LINE).stdout)]

    kept = []
    with ThreadPoolExecutor(2) as pool:
        workers = [pool.submit(keep_logging) for _ in range(2)]
        while not all(worker.done() for worker in workers):
            kept.append(restore(practice.settings, made.path, yes=True).kept)
        acknowledged = [one for worker in workers for one in worker.result()]

    found = practice.activities()
    for path in kept:
        assert path is not None
        copy = open_backup(path, key_of(practice.settings.places))
        found |= {row[0] for row in copy.rows("SELECT id FROM activities")}
        copy.close()
    assert len(acknowledged) == 24
    assert set(acknowledged) <= found
    practice.cli("verify")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
@pytest.mark.parametrize("fate", ["goes on", "is killed"])
def test_others_wait_for_a_writer_that_stands_still(practice: Practice, fate: str) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        env=practice.cli.environ(),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    os.kill(holder.pid, signal.SIGSTOP)
    waiting = [start(practice, "log", "--json", LINE) for _ in range(4)]
    # Whoever only reads does not wait.
    assert practice.cli("activity", "list", "--json").stdout.strip() == "[]"
    time.sleep(1)
    assert [process.poll() for process in waiting] == [None] * 4

    os.kill(holder.pid, signal.SIGCONT if fate == "goes on" else signal.SIGKILL)
    told, _ = holder.communicate("go\n" if fate == "goes on" else None, timeout=60)
    acknowledged = finish(waiting)
    assert told == ("saved\n" if fate == "goes on" else "")
    assert len(acknowledged) == 4
    practice.prove(acknowledged)
    desk = open_desk(practice.settings)
    assert desk.store.one("SELECT count(*) FROM staff WHERE id = 'held'") == (int(fate == "goes on"),)
    desk.close()
