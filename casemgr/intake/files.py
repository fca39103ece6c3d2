"""The bytes of somebody's file, read whole and within bounds."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from casemgr.errors import InputRefused, NotFound

if TYPE_CHECKING:
    from pathlib import Path


def read_bytes(path: Path, most: int, too_big: str) -> bytes:
    """Read a file.

    Args:
        path: where it is.
        most: a file of more bytes is refused before it is read.
        too_big: what to do about that.

    Raises:
        NotFound: there is no such file.
        InputRefused: it is a folder, a pipe or a device, too big, or the system does not let it be read.
    """
    try:
        if path.is_dir():
            raise InputRefused(f"{path.name} is a folder", "", "Name the file in it that is to be imported.")
        present = path.stat()
        if not stat.S_ISREG(present.st_mode):
            # A pipe or a device might never end.
            raise InputRefused(
                f"{path.name} is not a file", "It is a pipe or a device.", "Save it to a file and name that."
            )
        size = present.st_size
        if size > most:
            raise InputRefused(
                f"{path.name} is too big",
                f"It has {size >> 20} MB; at most {most >> 20} MB are read.",
                too_big,
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise NotFound(f"There is no file {path.name}", "", "Check the name and the folder.") from None
    except (OSError, ValueError) as fault:
        raise InputRefused(
            f"{path.name} cannot be read",
            f"The system says: {getattr(fault, 'strerror', None) or fault}.",
            "Close it in other programs and check that you are allowed to read it.",
        ) from None
