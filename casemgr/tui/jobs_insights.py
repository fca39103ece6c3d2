"""What the screen of insights asks of the lane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from casemgr.services.changes import pulse

if TYPE_CHECKING:
    from casemgr.core.dates import Month
    from casemgr.core.insights import Insights
    from casemgr.services.changes import Pulse
    from casemgr.services.desk import Desk


@dataclass
class Measured(Message):
    """A month's measures."""

    found: Insights
    pulse: Pulse


def measure(desk: Desk, month: Month, staff: str, kind: str) -> Measured:
    """Measure a month, for one member of staff or everybody, one kind or all."""
    from casemgr.services.insights import insights

    now = pulse(desk)
    return Measured(insights(desk, month, staff=staff, kind=kind), now)
