"""The doctor's page fits a small terminal, works locked or without a practice, and has its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from casemgr.services.doctor import CHECKS
from tests.cli.support import read_json

if TYPE_CHECKING:
    from tests.support import Cli


def test_json_has_every_check_by_its_name(practice: Cli) -> None:
    found = read_json(practice, "doctor")
    assert list(found) == ["ok", "state", "checks"]
    assert found["ok"]
    assert list(found["checks"]) == list(CHECKS)
    assert {"ok", "unknown", "advice"} >= {each["state"] for each in found["checks"].values()}
    assert found["checks"]["recovery"] == {
        "state": "advice",
        "said": "no recovery key: without a passphrase, all would be lost",
        "todo": ["The owner makes one with `casemgr staff recovery`."],
    }


def test_trouble_has_its_exit_code_and_says_what_to_type(practice: Cli) -> None:
    exports = practice.home / "exports"
    exports.chmod(0o755)
    done = practice("doctor", code=8)
    assert f"→ chmod 700 {exports}" in done.stdout
    assert "trouble" in done.stderr
    assert not read_json(practice, "doctor", code=8)["ok"]


def test_it_needs_no_practice_and_makes_none(run_cli: Cli) -> None:
    done = run_cli("doctor")
    assert "casemgr init" in done.stdout
    assert not run_cli.home.exists()


def test_a_locked_practice_is_looked_at_as_well(practice: Cli) -> None:
    environ = {"XDG_RUNTIME_DIR": str(practice.cwd)}
    found = read_json(practice, "doctor", env=environ)
    assert found["checks"]["access"]["said"] == "locked"
    assert found["checks"]["time_zone"]["state"] == "unknown"


@pytest.mark.skipif(sys.platform == "win32", reason="the terminal is POSIX's")
def test_what_is_well_takes_one_line_of_eighty_columns(practice: Cli) -> None:
    import pty

    ours, theirs = pty.openpty()
    environ = practice.environ({"COLUMNS": "80", "HOME": str(practice.cwd)})
    with os.fdopen(theirs, "wb") as terminal:
        process = subprocess.Popen(practice.command("doctor"), env=environ, stdout=terminal, stderr=terminal)
    shown = b""
    try:
        while part := os.read(ours, 65536):
            shown += part
    except OSError:
        pass  # The other end was closed.
    finally:
        os.close(ours)
    assert process.wait(timeout=300) == 0
    lines = shown.decode().splitlines()
    assert max(map(len, lines)) <= 80
    starts = [number for number, line in enumerate(lines) if line[:1] not in {" ", ""}]
    assert len(starts) == len(CHECKS) + 1
    for start, after in pairwise(starts):
        name = lines[start][9:].split("  ")[0]
        # The machine's own names may be long.
        if lines[start].startswith("ok") and name not in {"program", "access"}:
            assert after == start + 1, lines[start]
