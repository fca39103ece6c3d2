"""The driver's errors in plain words: what it means for the data, and what to do."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as driver

from casemgr.errors import CasemgrError, Damaged, NotOpened, NotWritten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NEXT_TO_NOTHING = 64 * 1024
"""Bytes: what readers share takes half of it."""

SAFE = "Nothing of this was saved; everything saved before is safe."

_NO_SPACE = (
    NotWritten,
    "There is no space left to save",
    SAFE,
    "Free some space on the disk that holds the data (`casemgr locate` names it), then do it again.",
)
_NO_ACCESS = (
    NotWritten,
    "The data folder cannot be written to",
    SAFE,
    "Check who may write to the folder that `casemgr locate` names.",
)
_HELD = (
    NotWritten,
    "Another program held the data for over a minute",
    SAFE,
    "See whether an import or a backup is still running, then do it again.",
)
_REPLACED = (
    NotWritten,
    "The data was just being replaced by a restore",
    "Nothing of this was saved.",
    "Do it again when the restore is done.",
)

_FAILED = "disk i/o error"

PLAIN: dict[str, tuple[type[CasemgrError], str, str, str]] = {
    "database or disk is full": _NO_SPACE,
    "attempt to write a readonly database": _NO_ACCESS,
    "unable to open database": _NO_ACCESS,
    "access permission denied": _NO_ACCESS,
    "database is locked": _HELD,
    "database table is locked": _HELD,
    "vtable constructor failed": _REPLACED,
    _FAILED: (
        NotWritten,
        "The disk refused to read or write",
        "Nothing of this was saved; what was saved before is kept as far as the disk allows.",
        "Check the disk and the space on it, run `casemgr verify`, and restore a backup if it finds damage.",
    ),
    # What shares the log between programs could not be set up.
    "locking protocol": _NO_ACCESS,
    "file is not a database": (
        NotOpened,
        "The data cannot be opened with this key",
        "Its key was changed meanwhile, or the key slots belong to other data, or the file is damaged. "
        "Nothing was changed.",
        "Run `casemgr unlock` again; if that does not help, `casemgr doctor` says more, and "
        "`casemgr restore` puts a backup back.",
    ),
    "database disk image is malformed": (
        Damaged,
        "The data file is damaged",
        "It was not changed.",
        "Restore the newest backup with `casemgr restore`.",
    ),
}
"""What SQLite says, by the words that its own messages begin with, and what we say instead."""


@contextmanager
def told_plainly(
    path: Path | None = None, met: Callable[[driver.Error], CasemgrError | None] | None = None
) -> Iterator[None]:
    """Turn the driver's own errors into ones that say what it means for the data and what to do.

    Args:
        path: the data file, whose disk is looked at where the driver only says that it failed.
        met: says what an error means where more is known of the file; None for what is our own fault.
    """
    try:
        yield
    except driver.Error as error:
        plain = met(error) if met else explain(error, path)
        if plain is None:
            raise
        raise plain from error


def being_replaced() -> CasemgrError:
    """What is told while a restore is putting another file's pages under an open connection."""
    kind, title, detail, todo = _REPLACED
    return kind(title, detail, todo)


def not_certain(plain: CasemgrError, error: Exception) -> CasemgrError:
    """The plain error for one that came while it was being saved.

    Where all was written and the disk only failed to say that it keeps it, it may be found when the file is
    next opened; the driver does not tell that from a write that failed.
    """
    if str(error).lower().startswith(_FAILED):
        plain.detail = (
            "Whether this was saved is not certain; what was saved before is kept as far as the disk allows."
        )
        plain.todo = f"Look whether it is there before you do it again. {plain.todo}"
    return plain


def explain(error: Exception, path: Path | None = None) -> CasemgrError | None:
    """The plain error for one of the driver's; None for what is nobody's fault but ours."""
    text = str(error).lower()
    if path and text.startswith(("disk i/o error", "unable to open database")) and is_full(path.parent):
        # Even reading needs a little space, for what the readers share.
        text = "database or disk is full"
    for beginning, (kind, title, detail, todo) in PLAIN.items():
        if text.startswith(beginning):
            return kind(title, detail, todo)
    return None


def is_full(folder: Path) -> bool:
    """Whether the disk of a folder has next to no space left, where that can be told."""
    try:
        disk = os.statvfs(folder)
    except (AttributeError, OSError):
        return False  # Windows has no such call.
    return disk.f_bavail * disk.f_frsize < NEXT_TO_NOTHING
