"""What tests of several folders share."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[1]
"""The checkout."""

ROOM = 1024**3
"""Bytes that a file system in memory must have free; the folder of a test that passed is removed at once."""


def folder_in_memory(path: str = "/dev/shm") -> str:
    """A folder in memory in which tests may keep and run files; empty where there is none with room."""
    try:
        disk = os.statvfs(path)
    except (AttributeError, OSError):
        return ""
    roomy = disk.f_bavail * disk.f_frsize >= ROOM and not disk.f_flag & os.ST_NOEXEC
    return path if roomy and os.access(path, os.W_OK) else ""


@dataclass(frozen=True)
class Cli:
    """The command line as a real process, on a practice's own home folder."""

    home: Path
    """CASEMGR_HOME."""
    cwd: Path
    """Where relative file names lead."""

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
        return {**os.environ, "CASEMGR_HOME": str(self.home), "PYTHONPATH": str(ROOT), **(more or {})}
