"""What the part of the settings about the installation asks of the lane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from casemgr.core.health import Checked
    from casemgr.services.desk import Desk


@dataclass
class Examined(Message):
    """How program, files and backups stand."""

    checks: tuple[Checked, ...]


def look_over(desk: Desk) -> Examined:
    """Look at everything, as `casemgr doctor` does."""
    from casemgr.services.doctor import examine

    return Examined(examine(desk.places, desk.clock, desk).checks)
