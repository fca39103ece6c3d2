"""The terminal UI as `casemgr` opens it, on a day that has activities.

Run as a script: `python first_screen.py ISO-DATETIME`, with the practice in the environment.
"""

from __future__ import annotations

import sys
from datetime import datetime

import casemgr.cli.main  # noqa: F401 - the command line is paid for as well


def main(now: str) -> None:
    """Open it at an instant."""
    from casemgr.clock import FixedClock
    from casemgr.services.desk import open_desk
    from casemgr.settings import read_settings

    desk = open_desk(read_settings(), clock=FixedClock(datetime.fromisoformat(now)))
    from casemgr.tui.app import run

    run(desk)


if __name__ == "__main__":
    main(*sys.argv[1:])
