"""A fault of our own, told plainly to whoever it met."""

from __future__ import annotations

from casemgr.cli.output import show_error
from casemgr.services.faults import reported


def report_fault(error: BaseException) -> int:
    """Keep a report without names or notes, and say so.

    Returns:
        The exit code.
    """
    show_error(reported(error))
    return 1
