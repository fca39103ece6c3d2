"""The terminal UI as `casemgr` opens it, at an instant of the store's last day.

Run as a script: `python first_screen.py ISO-DATETIME`, with the practice in the environment.
"""

from __future__ import annotations

import gc
import sys
from datetime import datetime

import casemgr.cli.main  # noqa: F401 - the command line is paid for as well
from casemgr.cli.tui import open_terminal_ui


def main(now: str) -> None:
    """Open it with a clock that stands still."""
    gc.disable()
    from casemgr.clock import FixedClock
    from casemgr.services import desk

    vars(desk)["SystemClock"] = lambda: FixedClock(datetime.fromisoformat(now))
    open_terminal_ui("")


if __name__ == "__main__":
    main(*sys.argv[1:])
