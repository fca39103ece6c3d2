"""How a follow-up stands on a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from casemgr.core.rows import FollowUpRow

State = Literal["overdue", "due", "ahead", "done"]
"""Past its day, on its day, before it, or done."""


class Aged(NamedTuple):
    """A follow-up with how it stands today."""

    row: FollowUpRow
    state: State
    age_days: int
    """Days past its due date; negative while that lies ahead, 0 once done."""


def aged(row: FollowUpRow, today: date) -> Aged:
    """How a follow-up stands today."""
    if row.done_on:
        return Aged(row, "done", 0)
    days = (today - date.fromisoformat(row.due_date)).days
    return Aged(row, "overdue" if days > 0 else "ahead" if days else "due", days)
