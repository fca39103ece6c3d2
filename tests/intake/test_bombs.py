"""Small files that ask for all the memory or time are refused, and cost neither."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from casemgr.intake.tables import tables_in
from tests.intake.bombs import BOMBS, MEMORY, PLAIN_ODS, PLAIN_XLSX
from tests.support import ROOT

PEAK = 512 << 20
"""Bytes that a process has taken at most, once it has read them all."""


@pytest.fixture(scope="module")
def read_with_little_memory() -> dict[str, Any]:
    """What a process that may take no more made of each."""
    pytest.importorskip("resource")
    done = subprocess.run(
        [sys.executable, "-m", "tests.intake.bombs"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    # It would have been ended by the system, or have told of a MemoryError.
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_each_is_refused_in_plain_words(read_with_little_memory: dict[str, Any]) -> None:
    told = read_with_little_memory["told"]
    assert told.keys() == BOMBS.keys()
    assert set(told.values()) <= {"is too big", "is damaged", "is not a table file", "cannot be read"}


def test_none_takes_much_memory(read_with_little_memory: dict[str, Any]) -> None:
    assert read_with_little_memory["peak"] * 1024 < PEAK < MEMORY


def test_all_else_about_them_is_sound() -> None:
    for name, data in (("a.xlsx", PLAIN_XLSX), ("a.ods", PLAIN_ODS)):
        assert len(tables_in(name, data).tables) == 1
