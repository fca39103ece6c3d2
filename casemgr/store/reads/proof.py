"""Ids of the rows that a document is made of, to be proven; voided ones are among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.store.projection import TABLES

if TYPE_CHECKING:
    from casemgr.store.database import Store

_WORKED_FOR = "SELECT DISTINCT patient_id FROM activities WHERE service_date BETWEEN ? AND ?"


def all_ids(store: Store, entity: str) -> list[str]:
    """Every record of a key of `core.entities.ENTITIES`."""
    return _ids(store, f"SELECT id FROM {TABLES[entity]}")


def activity_ids(store: Store, first: str, last: str, patient_id: str = "") -> list[str]:
    """The activities between two ISO service dates, of one patient or of all."""
    whose, values = _of(patient_id)
    sql = f"SELECT id FROM activities WHERE service_date BETWEEN ? AND ?{whose}"
    return _ids(store, sql, first, last, *values)


def patient_ids(store: Store, first: str, last: str, patient_id: str = "") -> list[str]:
    """The patients with activities between two ISO service dates, or one of them."""
    whose, values = _of(patient_id)
    return _ids(store, _WORKED_FOR + whose, first, last, *values)


def coverage_ids(store: Store, first: str, last: str, patient_id: str = "") -> list[str]:
    """The coverages of the patients with activities between two ISO service dates, or of one of them."""
    whose, values = _of(patient_id)
    sql = f"SELECT id FROM coverages WHERE patient_id IN ({_WORKED_FOR}{whose})"
    return _ids(store, sql, first, last, *values)


def claim_ids(store: Store, month: str, patient_id: str = "") -> list[str]:
    """The claims of a month such as `2026-10`, of one patient or of all."""
    whose, values = _of(patient_id)
    return _ids(store, f"SELECT id FROM claims WHERE month = ?{whose}", month, *values)


def claim_ids_between(store: Store, first: str, last: str, patient_id: str = "") -> list[str]:
    """The claims of the runs of a first to a last ISO date, and the live ones with work done between them."""
    whose, values = _of(patient_id)
    return _ids(
        store,
        f"SELECT id FROM claims WHERE month BETWEEN ? AND ?{whose} UNION "
        "SELECT ca.claim_id FROM claim_activities ca JOIN activities a ON a.id = ca.activity_id "
        f"WHERE a.service_date BETWEEN ? AND ?{whose}",
        *(first[:7], last[:7], *values, first, last, *values),
    )


def follow_up_ids(store: Store, activity_id: str) -> list[str]:
    """The follow-ups of an activity."""
    return _ids(store, "SELECT id FROM follow_ups WHERE activity_id = ?", activity_id)


def _of(patient_id: str) -> tuple[str, tuple[str, ...]]:
    return (" AND patient_id = ?", (patient_id,)) if patient_id else ("", ())


def _ids(store: Store, sql: str, *values: object) -> list[str]:
    return [row[0] for row in store.rows(sql, values)]
