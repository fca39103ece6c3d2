"""How often somebody has tried to reach a patient who missed a visit, and what came of it."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING

from casemgr.core.ladder import Attempt, Ladder, present_attempts
from casemgr.core.rows import OTHER
from casemgr.store.reads.outreach import attempts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from casemgr.core.kinds import Kind
    from casemgr.services.desk import Desk
    from casemgr.store.reads.outreach import AttemptRow


def ladder(desk: Desk, patient_id: str, as_of: date | None = None) -> Ladder | None:
    """The attempts to reach a patient since they were last reached, or since a later visit was missed.

    Args:
        desk: the open practice.
        patient_id: whom.
        as_of: as it stood on this day; today unless said.

    Returns:
        The ladder that somebody tried on last, also where its last attempt reached the patient; None without
        any attempt.
    """
    return _ladders(desk, [patient_id], as_of).get(patient_id)


def open_ladders(desk: Desk, patient_ids: Iterable[str], as_of: date | None = None) -> dict[str, Ladder]:
    """The ladders of those of some patients who have not been reached yet, by patient id."""
    found = _ladders(desk, sorted({each for each in patient_ids if each}), as_of)
    return {patient_id: each for patient_id, each in found.items() if not each.reached}


def _ladders(desk: Desk, patient_ids: list[str], as_of: date | None) -> dict[str, Ladder]:
    """The newest ladder of each patient who has one."""
    kinds = {each.kind: each for each in desk.kinds if each.ladder}
    if not kinds or not patient_ids:
        return {}
    day = as_of or desk.today()
    found: dict[str, Ladder] = {}
    rows = attempts(desk.store, tuple(kinds), patient_ids, day.isoformat())
    for patient_id, of_patient in groupby(rows, key=lambda row: row.patient_id):
        by_kind: dict[str, list[Attempt]] = {}
        for row in of_patient:
            # Taken out and put in again, so that the kind that was tried last comes last.
            earlier = by_kind.pop(row.kind, [])
            by_kind[row.kind] = [*earlier, _attempt(kinds[row.kind], row)]
        kind, tried = by_kind.popitem()
        found[patient_id] = Ladder(kind, present_attempts(tried), day)
    return found


def _attempt(kind: Kind, row: AttemptRow) -> Attempt:
    outcome = kind.outcome(row.outcome)
    return Attempt(
        activity_id=row.id,
        service_date=row.service_date,
        start=row.start,
        method=row.method,
        outcome=outcome.label if outcome and outcome.id != OTHER else row.outcome_words,
        staff=row.staff,
        staff_name=row.staff_name,
        reached=outcome.contact if outcome else None,
        missed_on=json.loads(row.fields).get(kind.ladder, ""),
    )
