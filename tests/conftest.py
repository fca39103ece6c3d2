"""The machine shut out, and what every test may ask for."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from casemgr.core.key_slots import FOR_WORDS
from casemgr.store import key_slots
from tests.cups import Cups, why_not
from tests.support import Cli, folder_in_memory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Two bounds on how far properties are searched; time is never one, since the machine is shared.
settings.register_profile("dev", max_examples=40, deadline=None)
settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))

# The practices of tests lie in memory where that has room: a commit is as real there, and waits for no disk.
if in_memory := folder_in_memory():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", in_memory)

RUNTIME = tempfile.mkdtemp(prefix="casemgr-runtime-", dir=folder_in_memory(room=0) or None)
"""Where what is unlocked is kept: apart from what the machine has unlocked, for fixtures of every scope."""
os.environ["XDG_RUNTIME_DIR"] = RUNTIME
atexit.register(shutil.rmtree, RUNTIME, ignore_errors=True)

# Slots that are made within a test open quickly: a real one takes a tenth of a second, thousands of times.
pytest.MonkeyPatch().setattr(key_slots, "FOR_PASSPHRASES", FOR_WORDS)

FOREIGN = (
    "CASEMGR_",
    "CUPS_",
    "XDG_",
    "PIP_",
    "PYTHON",
    "COLUMNS",
    "LINES",
    "FORCE_COLOR",
    "SOURCE_DATE_EPOCH",
    "TEXTUAL",
)
"""How the names of variables begin that a developer's machine may set and a test must not see."""

LONGEST_NAME = 80
"""So many bytes may name a test."""


def pytest_make_parametrize_id(val: object) -> str | None:
    """Whole files are not named by their bytes: chance is in some, and workers must find the same tests."""
    return "file" if isinstance(val, bytes) and len(val) > LONGEST_NAME else None


@pytest.fixture(autouse=True)
def _machine_shut_out(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No setting, folder, colour, language or time zone of the machine reaches a test or its processes."""
    for name in list(os.environ):
        if name.startswith(FOREIGN):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_RUNTIME_DIR", RUNTIME)
    monkeypatch.setenv("HOME", str(tmp_path_factory.getbasetemp() / "nobody"))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("TZ", "UTC")
    # Whatever makes one by itself would go on while the next test begins.
    monkeypatch.setenv("CASEMGR_DAILY_BACKUP", "no")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A CASEMGR_HOME that does not exist yet."""
    return tmp_path / "home"


@pytest.fixture
def run_cli(home: Path, tmp_path: Path) -> Cli:
    """The command line as real processes on `home`, with relative file names under `tmp_path`."""
    return Cli(home, tmp_path)


@pytest.fixture(scope="session")
def print_service() -> Iterator[Cups]:
    """A print service of this process's own; CI on Linux must have one."""
    if missing := why_not():
        if os.environ.get("CI") and sys.platform == "linux":
            pytest.fail(missing)
        pytest.skip(missing)
    found = Cups()
    yield found
    found.stop()


@pytest.fixture
def cups(print_service: Cups, monkeypatch: pytest.MonkeyPatch) -> Cups:
    """The print service, which this test and its processes print with."""
    for name, value in print_service.environ.items():
        monkeypatch.setenv(name, value)
    return print_service
