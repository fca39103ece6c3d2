"""What letting a file leave asks of the lane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from casemgr.services.desk import Desk
    from casemgr.services.recipients import ListedRecipient


@dataclass
class ReleaseRead(Message):
    """How a file may leave."""

    recipients: tuple[ListedRecipient, ...]
    """For whom it can be encrypted."""
    allowed: bool
    """Whether who acts has said before that files may leave in the clear."""


def read_release(desk: Desk) -> ReleaseRead:
    """Read for whom files can be encrypted, and whether they may leave in the clear."""
    from casemgr.services.recipients import known_recipients
    from casemgr.services.releases import allowed_clear

    return ReleaseRead(tuple(known_recipients(desk.places)), allowed_clear(desk))
