"""The preloaded library of faults.c, from Python: built, found and armed."""

from __future__ import annotations

import ctypes
import mmap
import os
import shutil
import subprocess
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).with_name("faults.c")


class Order(IntEnum):
    """What happens at the chosen call, by the numbers that faults.c gives it."""

    COUNT = 1
    FAIL = 2
    HALF = 3
    KILL_BEFORE = 4
    KILL_AFTER = 5
    KILL_TORN = 6
    STOP = 7


class Fault(NamedTuple):
    """What is to go wrong, and at which of the calls that write."""

    order: Order
    at_call: int = 0
    error: int = 0
    """An errno."""
    lasting: bool = False
    """From that call on, and not at it alone."""


class _Told(ctypes.Structure):
    _fields_ = (("calls", ctypes.c_long), ("hit", ctypes.c_long), ("what", ctypes.c_char * 112))


class Watch:
    """What the library tells of a process and those that it makes, in memory shared with them."""

    def __init__(self) -> None:
        """Nothing was counted yet."""
        self._memory = mmap.mmap(-1, mmap.PAGESIZE)
        self._told = _Told.from_buffer(self._memory)

    def clear(self) -> None:
        """Begin anew."""
        ctypes.memset(ctypes.addressof(self._told), 0, ctypes.sizeof(_Told))

    @property
    def calls(self) -> int:
        """So many calls that write were made."""
        return int(self._told.calls)

    @property
    def hit(self) -> int:
        """So many of them met the fault."""
        return int(self._told.hit)

    @property
    def what(self) -> str:
        """The first that did: the call and the name of its file."""
        return bytes(self._told.what).decode(errors="replace")

    def arm(self, folder: Path, fault: Fault) -> None:
        """Order a fault for this process, beneath a folder."""
        where = ctypes.byref(self._told)
        name = os.fsencode(folder.resolve())
        ctypes.CDLL(None).faults_arm(
            name, int(fault.order), ctypes.c_long(fault.at_call), fault.error, int(fault.lasting), where
        )


def is_loaded() -> bool:
    """Whether this process began with the library."""
    return hasattr(ctypes.CDLL(None), "faults_arm")


def build(folder: Path) -> Path | None:
    """The library, compiled into a folder; None where there is no compiler for it."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        return None
    made = folder / "faults.so"
    flags = ("-O2", "-fPIC", "-shared", "-Wall", "-Wextra", "-o")
    done = subprocess.run((compiler, *flags, made, SOURCE, "-ldl"), capture_output=True, check=False)
    return made if not done.returncode else None
