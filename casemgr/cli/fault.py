"""A fault of our own: a report without names or notes, and a plain word to whoever it met."""

from __future__ import annotations

import platform
import traceback
from typing import TYPE_CHECKING

from casemgr import __version__
from casemgr.cli.output import show_error
from casemgr.errors import CasemgrError
from casemgr.settings import read_settings

if TYPE_CHECKING:
    from pathlib import Path


def report_fault(error: Exception) -> int:
    """Write where it happened, never with what values, and say so.

    Returns:
        The exit code.
    """
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"casemgr {__version__}, Python {platform.python_version()}, {platform.system()}", type(error).__name__]
    lines += [f"{frame.filename.rpartition('casemgr')[2] or frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    kept = write_report("\n".join(lines) + "\n")
    show_error(
        CasemgrError(
            "Something went wrong that should not have",
            "What you asked for was not half done: it is saved whole or not at all; everything saved before is safe.",
            f"Run `casemgr verify` if in doubt, and report this with {kept}." if kept else "Run `casemgr verify` if in doubt.",
        )
    )
    return 1


def write_report(text: str) -> Path | None:
    """Keep the report beside the data, where it can be; it holds no names, notes or numbers."""
    try:
        folder = read_settings().places.data.parent / "reports"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = sum(1 for _ in folder.iterdir()) + 1
        path = folder / f"fault-{number:04d}.txt"
        path.write_text(text, encoding="utf-8")
    except OSError:
        return None
    return path
