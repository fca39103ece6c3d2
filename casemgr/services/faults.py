"""A report about a fault of our own: where it happened, never with what values."""

from __future__ import annotations

import os
import platform
import traceback
from itertools import count
from typing import TYPE_CHECKING

from casemgr import __version__
from casemgr.errors import CasemgrError
from casemgr.settings import read_settings

if TYPE_CHECKING:
    from pathlib import Path


def reported(error: BaseException) -> CasemgrError:
    """Keep a report about a fault, and say in plain words what happened and where the report is."""
    kept = keep_report(report_on(error))
    return CasemgrError(
        "Something went wrong that should not have",
        "What you asked for was not half done: it is saved whole or not at all. "
        "Everything saved before is safe.",
        f"Run `casemgr verify` if in doubt, and report this with {kept}."
        if kept
        else "Run `casemgr verify` if in doubt.",
    )


def report_on(error: BaseException) -> str:
    """Version, kind of error and the lines of code that it went through; no names, notes or numbers."""
    lines = [
        f"casemgr {__version__}, Python {platform.python_version()}, {platform.system()}",
        type(error).__name__,
    ]
    lines += [
        f"{frame.filename.rpartition('casemgr')[2] or frame.filename}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return "\n".join(lines) + "\n"


def keep_report(text: str) -> Path | None:
    """Keep a report beside the data, where it can be."""
    try:
        folder = read_settings().places.data.parent / "reports"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = next(free for n in count(1) if not (free := folder / f"fault-{n:04d}.txt").exists())
        with os.fdopen(
            os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(text)
    except (OSError, CasemgrError):
        return None
    return path
