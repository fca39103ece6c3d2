"""Workbooks in Excel's binary formats (xls, xlsb), read in a process of their own with little memory.

What they are packed in cannot be measured beforehand as zipped XML can, and the reader ends the whole process
where such a file asks for more memory than there is.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_MEMORY = 1 << 30
"""Bytes that the process may take; not everywhere can it be told so."""
MAX_SECONDS = 60
_PROTECTED, _DAMAGED, _READ = "protected", "damaged", "read"


class Protected(Exception):
    """It asks for a password."""


class Unreadable(Exception):
    """The reader cannot follow it, or it asks for too much."""


def sheets_apart(data: bytes) -> list[tuple[str, int, list[list[Any]]]]:
    """The sheets of a workbook: name, number of the first row, rows.

    Raises:
        Protected: see there.
        Unreadable: see there.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "casemgr.intake.apart"],
            input=data,
            # Whatever found this module finds it there too.
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            capture_output=True,
            timeout=MAX_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(f"it was not read within {MAX_SECONDS} seconds") from None
    if done.returncode or not done.stdout:
        raise Unreadable("it asks for more memory than any log needs")
    # From our own process, which runs nothing that stands in the file.
    fate, found = pickle.loads(done.stdout)
    if fate == _PROTECTED:
        raise Protected
    if fate == _DAMAGED:
        raise Unreadable(found)
    return list(found)


def read_sheets(data: bytes) -> Iterator[tuple[str, int, list[list[Any]]]]:
    """The sheets that have any cell, by the reader; it raises whatever it likes."""
    import python_calamine

    workbook = python_calamine.CalamineWorkbook.from_filelike(BytesIO(data))
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.start is not None:
            yield name, sheet.start[0] + 1, sheet.to_python()


def _limit() -> None:
    """Take no more memory than is due; where that cannot be, the machine's own bounds hold."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        # What comes of it needs no copy of the memory on the disk.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _main() -> None:
    import python_calamine

    data = sys.stdin.buffer.read()
    _limit()
    try:
        told: tuple[str, Any] = (_READ, list(read_sheets(data)))
    except python_calamine.PasswordError:
        told = (_PROTECTED, "")
    except (KeyboardInterrupt, SystemExit):
        raise
    # A panic inside the reader arrives as a BaseException whose class cannot be imported.
    except BaseException as fault:
        told = (_DAMAGED, str(fault))
    pickle.dump(told, sys.stdout.buffer)


if __name__ == "__main__":
    _main()
