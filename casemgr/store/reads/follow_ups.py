"""Follow-ups and timers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.rows import FollowUpRow

if TYPE_CHECKING:
    from casemgr.store.database import Store


_SELECT = """
  SELECT f.id, f.due_date, f.what, f.assigned_to, f.done_on, f.done_by, f.done_note, f.done_activity_id,
    f.activity_id, f.patient_id, coalesce(p.chart_number, ''), coalesce(p.last_name, ''),
    coalesce(p.first_name, ''), coalesce(p.birth_date, '')
"""
_WHOSE = "LEFT JOIN patients p ON p.id = f.patient_id"


def follow_ups(
    store: Store,
    *,
    open_only: bool = True,
    due_by: str = "",
    patient_id: str = "",
    assigned_to: str = "",
    activity_id: str = "",
    done_activity_id: str = "",
    limit: int = 0,
) -> list[FollowUpRow]:
    """Follow-ups by due date; what is empty does not narrow."""
    clauses, parameters = ["f.voided = 0"], []
    if open_only:
        clauses.append("f.done_on = ''")
    for column, comparison, value in (
        ("due_date", "<=", due_by),
        ("patient_id", "=", patient_id),
        ("assigned_to", "=", assigned_to),
        ("activity_id", "=", activity_id),
        ("done_activity_id", "=", done_activity_id),
    ):
        if value:
            clauses.append(f"f.{column} {comparison} ?")
            parameters.append(value)
    rows = store.rows(
        f"{_SELECT} FROM follow_ups f {_WHOSE} WHERE {' AND '.join(clauses)} "
        f"ORDER BY f.due_date, f.row {f'LIMIT {int(limit)}' if limit else ''}",
        parameters,
    )
    return list(map(FollowUpRow._make, rows))


def follow_up(store: Store, follow_up_id: str) -> FollowUpRow | None:
    """A follow-up by its whole id, done or not; None where there is none, or it was withdrawn."""
    found = store.one(
        f"{_SELECT} FROM follow_ups f {_WHOSE} WHERE f.id = ? AND f.voided = 0", (follow_up_id,)
    )
    return FollowUpRow._make(found) if found else None


def done_last(store: Store, assigned_to: str, most: int, looked_through: int) -> list[FollowUpRow]:
    """Follow-ups that are done, the last first; looked for among those that were added last."""
    rows = store.rows(
        f"{_SELECT} FROM (SELECT * FROM follow_ups ORDER BY row DESC LIMIT {int(looked_through)}) f {_WHOSE} "
        "WHERE f.voided = 0 AND f.done_on <> '' AND (? = '' OR f.assigned_to = ?) "
        f"ORDER BY f.done_on DESC, f.row DESC LIMIT {int(most)}",
        (assigned_to, assigned_to),
    )
    return list(map(FollowUpRow._make, rows))


def last_added(store: Store, login: str) -> str:
    """Id of the follow-up of somebody's, still to be done, that was added last; empty where there is none."""
    found = store.one(
        "SELECT id FROM follow_ups WHERE assigned_to = ? AND done_on = '' AND voided = 0 "
        "ORDER BY row DESC LIMIT 1",
        (login,),
    )
    return found[0] if found else ""


def first_due(store: Store, first: str, last: str) -> dict[str, str]:
    """The earliest due date of the follow-ups of each activity between two ISO service dates, by its id."""
    rows = store.rows(
        "SELECT f.activity_id, min(f.due_date) FROM follow_ups f JOIN activities a ON a.id = f.activity_id "
        "WHERE a.service_date BETWEEN ? AND ? AND f.voided = 0 GROUP BY f.activity_id",
        (first, last),
    )
    return {row[0]: row[1] for row in rows}


def has_timer(store: Store, login: str) -> bool:
    """Whether somebody has a timer, running or paused."""
    return store.one("SELECT 1 FROM timers WHERE id = ? AND voided = 0", (login,)) is not None
