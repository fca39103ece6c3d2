"""What stands on a record, so that it is not pulled from under it: live claims, cases and logged work."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casemgr.store.database import Store


def claim_of(store: Store, activity_id: str) -> str:
    """Number of the live claim on which an activity stands; empty while it is unclaimed."""
    found = store.one(
        "SELECT c.number FROM claims c JOIN claim_activities ca ON c.id = ca.claim_id "
        "WHERE ca.activity_id = ?",
        (activity_id,),
    )
    return found[0] if found else ""


def claim_under_coverage(store: Store, coverage_id: str) -> str:
    """Number of a live claim that was drafted under a coverage; empty where there is none."""
    found = store.one("SELECT number FROM claims WHERE coverage_id = ? AND voided = 0", (coverage_id,))
    return found[0] if found else ""


def claim_under_case(store: Store, case_id: str) -> str:
    """Number of a live claim that was drafted under a case; empty where there is none."""
    found = store.one("SELECT number FROM claims WHERE case_id = ? AND voided = 0", (case_id,))
    return found[0] if found else ""


def activities_of_patient(store: Store, patient_id: str) -> int:
    """How many activities of a patient are not voided."""
    return _count(store, "SELECT count(*) FROM activities WHERE patient_id = ? AND voided = 0", patient_id)


def cases_of_patient(store: Store, patient_id: str) -> int:
    """How many cases of a patient are not voided."""
    return _count(store, "SELECT count(*) FROM cases WHERE patient_id = ? AND voided = 0", patient_id)


def activities_of_staff(store: Store, login: str) -> int:
    """How many activities that a member of staff rendered are not voided."""
    return _count(store, "SELECT count(*) FROM activities WHERE staff = ? AND voided = 0", login)


def _count(store: Store, sql: str, entity_id: str) -> int:
    found = store.one(sql, (entity_id,))
    return found[0] if found else 0
