"""Processes killed at any moment: whatever was acknowledged is there, and the record holds."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.support import PASSPHRASE_FILE, ROOT, WITH_PASSPHRASE
from tests.torture.support import LINE, ids, make_practice

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import Cli
    from tests.torture.support import Practice

pytestmark = pytest.mark.torture

INIT = (
    *("init", "--practice", "Riverside Dental", "--timezone", "America/New_York", "--owner", "amy"),
    *WITH_PASSPHRASE,
)
PRACTICES = 5
WORKERS_KILLED = 17
"""In each practice."""
COMMANDS_KILLED = 15


def test_a_worker_killed_at_random_moments_loses_nothing_acknowledged(run_cli: Cli, tmp_path: Path) -> None:
    # Several small practices: all of one is verified after each kill.
    for number in range(PRACTICES):
        home = tmp_path / f"home {number}"
        kill_workers(make_practice(home, replace(run_cli, home=home)), tmp_path / f"acknowledged {number}")


def kill_workers(practice: Practice, told: Path) -> None:
    """Have workers log in a practice, kill each, and prove it after each."""
    told.touch()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.torture.worker", str(told)],
        env=practice.cli.environ(),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        for number in range(WORKERS_KILLED):
            before = told.stat().st_size
            worker.stdin.write("start\n")
            worker.stdin.flush()
            child = int(worker.stdout.readline())
            # Every other one is killed when it is surely at work, however busy the machine is.
            while number % 2 and told.stat().st_size == before:
                time.sleep(0.002)
            time.sleep(random.uniform(0.0, 0.1))
            os.kill(child, signal.SIGKILL)
            practice.prove(told.read_text().split())

    acknowledged = told.read_text().split()
    assert len(acknowledged) >= WORKERS_KILLED // 2
    practice.prove(acknowledged)


def test_a_command_killed_at_random_moments_loses_nothing_acknowledged(practice: Practice) -> None:
    acknowledged: list[str] = []
    for _ in range(COMMANDS_KILLED):
        process = subprocess.Popen(
            practice.cli.command("log", "--json", LINE),
            env=practice.cli.environ(),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        time.sleep(random.uniform(0.1, 0.6))
        process.send_signal(signal.SIGKILL)
        acknowledged += ids(process.communicate(timeout=60)[0])
        practice.prove(acknowledged)


def test_a_set_up_killed_at_random_moments_is_whole_or_not_there(practice: Practice, tmp_path: Path) -> None:
    for number in range(8):
        home = tmp_path / f"new {number}"
        # Killed before it could keep what is unlocked, it is opened with the passphrase.
        unlocks = {"CASEMGR_PASSPHRASE_FILE": str(PASSPHRASE_FILE), "CASEMGR_STAFF": "amy"}
        environ = practice.cli.environ({"CASEMGR_HOME": str(home), **unlocks})
        command = practice.cli.command(
            "init", "--practice", "P", "--timezone", "America/New_York", "--owner", "amy", *WITH_PASSPHRASE
        )
        process = subprocess.Popen(
            command, env=environ, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(random.uniform(0.1, 0.6))
        process.kill()
        process.wait(timeout=60)
        again = subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, check=False)
        # Either it was made already, or it is made now.
        assert again.returncode in {0, 7}, again.stderr
        verified = subprocess.run(
            practice.cli.command("verify"), env=environ, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert verified.returncode == 0, verified.stderr
