"""Attempts to reach patients."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from casemgr.store.database import Store

MOST_AT_ONCE = 500
"""Patients that are asked for in one statement, which takes only so many parameters."""


class AttemptRow(NamedTuple):
    """An activity that may be an attempt; `fields` is JSON text."""

    patient_id: str
    kind: str
    id: str
    service_date: str
    start: str
    method: str
    outcome: str
    outcome_words: str
    fields: str
    staff: str
    staff_name: str


def attempts(
    store: Store, kinds: Sequence[str], patient_ids: Sequence[str], last: str
) -> Iterator[AttemptRow]:
    """The activities of some kinds for some patients up to an ISO service date, by patient, oldest first."""
    for begin in range(0, len(patient_ids), MOST_AT_ONCE):
        some = patient_ids[begin : begin + MOST_AT_ONCE]
        rows = store.rows(
            "SELECT a.patient_id, a.kind, a.id, a.service_date, a.start, a.method, a.outcome, "
            "a.outcome_words, a.fields, a.staff, coalesce(s.name, a.staff) "
            "FROM activities a LEFT JOIN staff s ON s.id = a.staff "
            f"WHERE a.patient_id IN ({', '.join('?' * len(some))}) "
            f"AND a.kind IN ({', '.join('?' * len(kinds))}) AND a.service_date <= ? AND a.voided = 0 "
            "ORDER BY a.patient_id, a.service_date, a.start, a.entered_at, a.row",
            (*some, *kinds, last),
        )
        yield from map(AttemptRow._make, rows)
