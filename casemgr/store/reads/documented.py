"""What the activities of a case say of themselves, counted where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from casemgr.store.database import Store


class Said(NamedTuple):
    """Activities of a case, and how many of them say what came of them and what follows."""

    activities: int
    told: int
    followed: int


def said_in_case(store: Store, patient_id: str, case_id: str) -> Said:
    """What the live activities of a patient's case say."""
    found = store.one(
        "SELECT count(*), coalesce(sum(a.outcome_words <> ''), 0), "
        "coalesce(sum(a.next_step <> '' OR EXISTS "
        "(SELECT 1 FROM follow_ups f WHERE f.activity_id = a.id AND f.voided = 0)), 0) "
        "FROM activities a WHERE a.patient_id = ? AND a.case_id = ? AND a.voided = 0",
        (patient_id, case_id),
    )
    assert found is not None
    return Said(*found)
