"""What tests of several folders share."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from casemgr.clock import SystemClock
from casemgr.services.access import Unlocked, begin_session, session
from casemgr.services.desk import Desk, migrations_folder
from casemgr.settings import read_settings
from casemgr.store.database import open_store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from casemgr.clock import Clock
    from casemgr.settings import Places, Settings

ROOT = Path(__file__).parents[1]
"""The checkout."""

PASSPHRASE_FILE = Path(__file__).parent / "data" / "passphrase.txt"
"""For `casemgr init --passphrase-file`."""

WITH_PASSPHRASE = ("--passphrase-file", str(PASSPHRASE_FILE))

PASSPHRASE = PASSPHRASE_FILE.read_text(encoding="utf-8").strip()
"""That of every owner in the tests."""

ROOM = 1024**3
"""Bytes that a file system in memory must have free; the folder of a test that passed is removed at once."""


def folder_in_memory(path: str = "/dev/shm", room: int = ROOM) -> str:
    """A folder in memory with some bytes of room; in one with much, tests may also run files. Else empty."""
    try:
        disk = os.statvfs(path)
    except (AttributeError, OSError):
        return ""
    roomy = disk.f_bavail * disk.f_frsize >= room and not (room and disk.f_flag & os.ST_NOEXEC)
    return path if roomy and os.access(path, os.W_OK) else ""


def own_runtime_folder() -> Path:
    """A runtime folder of a test's own, in memory where the tests' is, and removed with it."""
    return Path(tempfile.mkdtemp(dir=os.environ["XDG_RUNTIME_DIR"]))


def key_of(places: Places) -> str:
    """The key of a practice that is unlocked."""
    found = session(places)
    assert found is not None, "nobody has unlocked it"
    return found.key


def sit_down(settings: Settings, login: str, clock: Clock | None = None) -> Desk:
    """The desk of somebody else than who has unlocked the practice, without that person's passphrase."""
    store = open_store(settings.places.database, key_of(settings.places), migrations_folder())
    return Desk(store, settings.places, clock or SystemClock(), login)


@dataclass(frozen=True)
class Cli:
    """The command line as a real process, on a practice's own home folder."""

    home: Path
    """CASEMGR_HOME."""
    cwd: Path
    """Where relative file names lead."""
    runtime: str = ""
    """The runtime folder of whoever acts, where that is not who made the practice."""

    def acting(self, login: str) -> Cli:
        """The command line of a colleague, at a machine where that person has unlocked the practice."""
        places = read_settings({"CASEMGR_HOME": str(self.home)}).places
        key, own = key_of(places), os.environ["XDG_RUNTIME_DIR"]
        runtime = own_runtime_folder()
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        try:
            begin_session(places, Unlocked(login, key))
        finally:
            os.environ["XDG_RUNTIME_DIR"] = own
        return replace(self, runtime=str(runtime))

    def __call__(
        self,
        *args: str | Path,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
        code: int | None = 0,
        timeout: float = 300,
    ) -> subprocess.CompletedProcess[str]:
        """Run one command and expect an exit code, or take any with `code=None`."""
        done = subprocess.run(
            self.command(*args),
            input=stdin,
            env=self.environ(env),
            cwd=self.cwd,
            timeout=timeout,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert code is None or done.returncode == code, (
            f"casemgr {' '.join(map(str, args))}\nexit code {done.returncode}, not {code}\n"
            f"--- stdout\n{done.stdout}\n--- stderr\n{done.stderr}"
        )
        return done

    def command(self, *args: str | Path) -> list[str]:
        """The process's own arguments, for tests that start it themselves."""
        return [sys.executable, "-m", "casemgr", *map(str, args)]

    def environ(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """The process's environment: the checkout first, whichever casemgr is installed."""
        own = {"XDG_RUNTIME_DIR": self.runtime} if self.runtime else {}
        return {**os.environ, **own, "CASEMGR_HOME": str(self.home), "PYTHONPATH": str(ROOT), **(more or {})}
