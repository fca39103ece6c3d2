"""What a record's history asks of the lane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from casemgr.services.changes import Pulse
    from casemgr.services.desk import Desk
    from casemgr.services.telling import Story


@dataclass
class StoryTold(Message):
    """A record's history, as it stands."""

    story: Story
    pulse: Pulse


def tell(desk: Desk, entity: str, record_id: str) -> StoryTold:
    """Read a record's history."""
    from casemgr.services.changes import pulse
    from casemgr.services.telling import told

    with desk.store.snapshot():
        return StoryTold(told(desk, entity, record_id), pulse(desk))
