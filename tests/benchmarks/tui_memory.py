"""What the terminal UI holds in memory once its big screens were seen, in stores of different size."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from select import select
from typing import TYPE_CHECKING

from tests.benchmarks.stores import last_day
from tests.benchmarks.table import Line
from tests.benchmarks.tui_start import FOLDER, OURS, leave_all, running, terminal, until_shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.settings import Settings
    from tests.benchmarks.stores import Stores

ROUTE = (b"\x1b", b"2", b"\x1b[6~" * 20, b"/", b"panoramic", b"\x1b", b"3", b"garcia", b"\x1b", b"1")
"""Keys: to the log, down by pages, searched, the patients, searched, and back."""

QUIET_SECONDS = 0.4
"""Nothing was drawn for so long: what a key brings is there."""

BAR = 1.1


def run(stores: Stores) -> Iterator[Line]:
    """Each size against the smallest."""
    base: float | None = None
    for size in stores.sizes:
        held = resident(stores.filled(size))
        yield Line(
            f"terminal UI, resident memory, {size:,} activities",
            held,
            base,
            None if base is None else BAR,
            "MiB",
        )
        base = base or held


def resident(settings: Settings) -> float:
    """MiB that the process holds after the route."""
    command = [sys.executable, str(FOLDER / "first_screen.py"), last_day().at.isoformat()]
    until_shown(command, terminal(settings), OURS)
    process, master = running()
    for keys in ROUTE:
        os.write(master, keys)
        while select([master], [], [], QUIET_SECONDS)[0]:
            os.read(master, 65536)
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    leave_all()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024
