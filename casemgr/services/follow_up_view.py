"""Follow-ups as a screen shows them: those to be done by age, those done last, and one with all around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.due import aged
from casemgr.core.text import fold
from casemgr.errors import NotFound
from casemgr.services.log_view import log_rows
from casemgr.services.outreach import open_ladders
from casemgr.services.telling import staff_name
from casemgr.store.reads.follow_ups import done_last, follow_up, follow_ups

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casemgr.core.due import Aged
    from casemgr.core.ladder import Ladder
    from casemgr.core.rows import FollowUpRow
    from casemgr.services.desk import Desk
    from casemgr.services.today import DayRow

MOST_WAITING = 2000
"""More than this nobody works through: the list is cut, and says so."""

MOST_DONE = 200
LOOKED_THROUGH = 5000
"""Those done last are looked for among so many that were added last."""


class Waiting(NamedTuple):
    """Follow-ups to work through."""

    waiting: tuple[Aged, ...]
    """The longest overdue first."""
    done: tuple[Aged, ...]
    """The last first, where they are wanted."""
    capped: bool
    """Whether more are waiting than are listed."""


class Around(NamedTuple):
    """A follow-up with what it comes from and what was tried."""

    one: Aged
    whose: str
    """Name and credential of who is to do it."""
    comes_from: DayRow | None
    """The activity that it came of."""
    done_with: DayRow | None
    """The activity that did it."""
    done_by: str
    """Name and credential; empty while it is to be done."""
    ladder: Ladder | None
    """The attempts so far to reach a patient who missed a visit."""


def waiting_list(desk: Desk, assigned_to: str = "", search: str = "", with_done: bool = False) -> Waiting:
    """The follow-ups of a login or of everybody.

    Args:
        desk: the open practice.
        assigned_to: a login; empty for everybody.
        search: beginnings of words in what is to be done, the patient's name or the chart number.
        with_done: whether those done last are wanted too.
    """
    today = desk.today()
    rows = follow_ups(desk.store, assigned_to=assigned_to, limit=MOST_WAITING + 1)
    done = done_last(desk.store, assigned_to, MOST_DONE, LOOKED_THROUGH) if with_done else []
    return Waiting(
        tuple(aged(row, today) for row in _found(rows[:MOST_WAITING], search)),
        tuple(aged(row, today) for row in _found(done, search)),
        len(rows) > MOST_WAITING,
    )


def around(desk: Desk, follow_up_id: str) -> Around:
    """A follow-up with what it comes from and what was tried.

    Raises:
        NotFound: there is none with that id, or it was withdrawn.
    """
    with desk.store.snapshot():
        row = follow_up(desk.store, follow_up_id)
        if row is None:
            raise NotFound("This follow-up was withdrawn", "Nothing was changed.")
        activities = log_rows(desk, [each for each in (row.activity_id, row.done_activity_id) if each])
        return Around(
            one=aged(row, desk.today()),
            whose=staff_name(desk, row.assigned_to),
            comes_from=activities.get(row.activity_id),
            done_with=activities.get(row.done_activity_id),
            done_by=staff_name(desk, row.done_by) if row.done_by else "",
            ladder=open_ladders(desk, [row.patient_id]).get(row.patient_id),
        )


def _found(rows: Iterable[FollowUpRow], search: str) -> list[FollowUpRow]:
    """Those in which each word of a search begins a word."""
    said = fold(search).split()
    return [row for row in rows if _has(row, said)]


def _has(row: FollowUpRow, said: list[str]) -> bool:
    words = fold(f"{row.patient} {row.what} {row.chart_number}").split() if said else []
    return all(any(word.startswith(part) for word in words) for part in said)
