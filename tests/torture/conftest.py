"""A practice for real processes to work on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.torture.support import Practice, make_practice

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import Cli

# Signals and limits are POSIX's.
collect_ignore_glob = ["test_kill.py", "test_disk_full.py"] if sys.platform == "win32" else []


@pytest.fixture
def practice(home: Path, run_cli: Cli) -> Practice:
    """A practice with one patient."""
    return make_practice(home, run_cli)
