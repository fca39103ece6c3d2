"""What the screen of codes asks of the lane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from casemgr.services.changes import pulse

if TYPE_CHECKING:
    from casemgr.services.changes import Pulse
    from casemgr.services.desk import Desk
    from casemgr.services.lookups import Shelf


@dataclass
class Shelved(Message):
    """All that can be looked up."""

    shelf: Shelf
    pulse: Pulse


def read_shelf(desk: Desk) -> Shelved:
    """Read codes, kinds and payers, as they were when the program began."""
    from casemgr.services.lookups import shelf

    return Shelved(shelf(desk), pulse(desk))
