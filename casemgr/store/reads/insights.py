"""Sums for what a month came to. Months are text such as `2026-10`; voided records are in none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.insights import DaySum, DueSum, WorkSum

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from casemgr.store.database import Store

# The very expressions of the indexes activities_by_month and follow_ups_by_month, which alone are read; a
# plus before a column keeps SQLite from going by its own index and looking up every row.
_MONTH = "substr(service_date, 1, 7)"
_DUE = "substr(f.due_date, 1, 7)"


def work_sums(store: Store, months: Sequence[str], staff: str = "", kind: str = "") -> list[WorkSum]:
    """Activities of some months, those that are alike together; what is empty does not narrow."""
    narrowed, values = _narrowed(("+staff", staff), ("kind", kind))
    rows = store.rows(
        f"SELECT {_MONTH}, kind, outcome, staff, status = 'signed', count(*), sum(minutes) FROM activities "
        f"WHERE {_MONTH} IN {_marks(months)} AND voided = 0{narrowed} "
        f"GROUP BY {_MONTH}, kind, outcome, staff, status",
        (*months, *values),
    )
    return list(map(WorkSum._make, rows))


def day_sums(store: Store, month: str, staff: str = "", kind: str = "") -> list[DaySum]:
    """A month's activities by day, in order; days without any are left out."""
    narrowed, values = _narrowed(("+staff", staff), ("kind", kind))
    rows = store.rows(
        f"SELECT service_date, count(*), sum(minutes) FROM activities WHERE {_MONTH} = ? AND voided = 0"
        f"{narrowed} GROUP BY service_date ORDER BY service_date",
        (month, *values),
    )
    return list(map(DaySum._make, rows))


def first_tries(
    store: Store, months: Sequence[str], kinds: Sequence[str], staff: str = ""
) -> Iterator[tuple[str, str, str]]:
    """Month, patient id and ISO day of the first signed activity of some kinds, once a patient and month."""
    narrowed, values = _narrowed(("+staff", staff))
    rows = store.rows(
        f"SELECT {_MONTH}, patient_id, min(service_date) FROM activities WHERE {_MONTH} IN {_marks(months)} "
        f"AND kind IN {_marks(kinds)} AND status = 'signed' AND voided = 0{narrowed} "
        f"GROUP BY {_MONTH}, patient_id",
        (*months, *kinds, *values),
    )
    return ((month, patient, day) for month, patient, day in rows)


def days_of_outcomes(
    store: Store, months: Sequence[str], outcomes: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Patient id and ISO day of each signed activity of some months with one of some outcomes.

    Args:
        store: the open store.
        months: such as `2026-10`.
        outcomes: kind and outcome id of each; at least one.
    """
    rows = store.rows(
        f"SELECT patient_id, service_date FROM activities WHERE {_MONTH} IN {_marks(months)} "
        f"AND (kind, outcome) IN (VALUES {', '.join(['(?, ?)'] * len(outcomes))}) "
        "AND status = 'signed' AND voided = 0",
        (*months, *(value for pair in outcomes for value in pair)),
    )
    return ((patient, day) for patient, day in rows)


def due_sums(store: Store, months: Sequence[str], assigned_to: str = "", kind: str = "") -> list[DueSum]:
    """Follow-ups due in some months by due date and day done; a kind is that of their activity."""
    narrowed, values = _narrowed(("f.assigned_to", assigned_to), ("a.kind", kind))
    rows = store.rows(
        f"SELECT f.due_date, f.done_on, count(*) FROM follow_ups f {_of_kind(kind)}"
        f"WHERE {_DUE} IN {_marks(months)} AND f.voided = 0{narrowed} "
        f"GROUP BY {_DUE}, f.due_date, f.done_on",
        (*months, *values),
    )
    return list(map(DueSum._make, rows))


def put_off(store: Store, month: str, before: str, assigned_to: str = "", kind: str = "") -> int:
    """How many follow-ups due in a month and before an ISO day had an earlier due date, by the ledger."""
    narrowed, values = _narrowed(("f.assigned_to", assigned_to), ("a.kind", kind))
    found = store.one(
        f"SELECT count(*) FROM follow_ups f {_of_kind(kind)}"
        f"WHERE {_DUE} = ? AND f.due_date < ? AND f.voided = 0{narrowed} AND EXISTS ("
        "SELECT 1 FROM ledger l WHERE l.entity_id = f.id AND l.entity = 'follow_up' "
        "AND l.body ->> '$.due_date' < f.due_date)",
        (month, before, *values),
    )
    return int(found[0]) if found else 0


def _of_kind(kind: str) -> str:
    return "JOIN activities a ON a.id = f.activity_id " if kind else ""


def _narrowed(*columns: tuple[str, str]) -> tuple[str, tuple[str, ...]]:
    given = [(column, value) for column, value in columns if value]
    return "".join(f" AND {column} = ?" for column, _ in given), tuple(value for _, value in given)


def _marks(values: Sequence[str]) -> str:
    return f"({', '.join('?' * len(values))})"
