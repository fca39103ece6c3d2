"""One at a time, across processes: a lock on a small file, which dying lets go of too."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from time import sleep
from typing import IO, TYPE_CHECKING

from casemgr.errors import NotWritten

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ASKED_EVERY = 0.05
"""Seconds between two looks at a lock that somebody else holds."""


@contextmanager
def locked(path: Path, *, patience: float = 0) -> Iterator[bool]:
    """Hold the lock of a file until the end, if it can be had.

    Args:
        path: the file, made for its owner alone where it is not there.
        patience: seconds to wait for others.

    Yields:
        Whether it is held.

    Raises:
        NotWritten: the file cannot be made.
    """
    try:
        handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise NotWritten(
            "The data folder cannot be written to",
            f"{path.parent}: {error.strerror}. Nothing was changed.",
            "Check the space on the disk, and who may write to that folder.",
        ) from error
    with os.fdopen(handle, "r+") as file:
        looks = int(patience / ASKED_EVERY)
        while not (held := _take(file)) and looks > 0:
            looks -= 1
            sleep(ASKED_EVERY)
        yield held


def _take(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
