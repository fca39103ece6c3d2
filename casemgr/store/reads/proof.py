"""Ids of the rows that a document is made of, to be proven; voided ones are among them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from casemgr.store.projection import TABLES
from casemgr.store.reads.activities import conditions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casemgr.core.rows import ActivityFilter
    from casemgr.store.database import Store


def all_ids(store: Store, entity: str) -> list[str]:
    """Every record of a key of `core.entities.ENTITIES`."""
    return _ids(store, f"SELECT id FROM {TABLES[entity]}")


def activity_ids(store: Store, wanted: ActivityFilter) -> list[str]:
    """The activities of a filter that asks for no claim, voided ones included."""
    where, parameters = _all(wanted)
    return _ids(store, f"SELECT a.id FROM activities a {where}", *parameters)


def patient_ids(store: Store, wanted: ActivityFilter) -> list[str]:
    """The patients with such activities."""
    where, parameters = _all(wanted)
    return _ids(store, f"SELECT DISTINCT a.patient_id FROM activities a {where}", *parameters)


def coverage_ids(store: Store, wanted: ActivityFilter) -> list[str]:
    """The coverages of the patients with such activities."""
    where, parameters = _all(wanted)
    worked_for = f"SELECT a.patient_id FROM activities a {where}"
    return _ids(store, f"SELECT id FROM coverages WHERE patient_id IN ({worked_for})", *parameters)


def claim_ids(store: Store, first: str, last: str, patient_id: str = "") -> list[str]:
    """The claims of the runs of a first to a last month such as `2026-10`, of one patient or of all."""
    whose, values = _of(patient_id)
    return _ids(store, f"SELECT id FROM claims WHERE month BETWEEN ? AND ?{whose}", first, last, *values)


def claim_ids_with(store: Store, wanted: ActivityFilter) -> list[str]:
    """The live claims on which such activities stand."""
    where, parameters = _all(wanted)
    claimed = "claim_activities ca ON ca.activity_id = a.id"
    return _ids(store, f"SELECT DISTINCT ca.claim_id FROM activities a JOIN {claimed} {where}", *parameters)


def claim_ids_beside(store: Store, wanted: ActivityFilter) -> list[str]:
    """The live claims with a line in the month of an unclaimed activity of the same patient, in any run."""
    where, parameters = conditions(replace(wanted, unclaimed=True))
    return _ids(
        store,
        "SELECT DISTINCT c.id FROM activities a LEFT JOIN claim_activities ca ON ca.activity_id = a.id "
        "JOIN claims c ON c.patient_id = a.patient_id AND c.voided = 0 JOIN claim_lines l "
        f"ON l.claim_id = c.id AND substr(l.service_date, 1, 7) = substr(a.service_date, 1, 7) {where}",
        *parameters,
    )


def remittance_ids(store: Store, claim_ids: Sequence[str]) -> list[str]:
    """The payers' answers to some claims."""
    return _ids(
        store,
        "SELECT id FROM remittances WHERE claim_id IN (SELECT value FROM json_each(?))",
        json.dumps(claim_ids),
    )


def payment_ids(store: Store, claim_id: str) -> list[str]:
    """The patient's payments towards a claim."""
    return _ids(store, "SELECT id FROM patient_payments WHERE claim_id = ?", claim_id)


def follow_up_ids(store: Store, activity_id: str) -> list[str]:
    """The follow-ups of an activity."""
    return _ids(store, "SELECT id FROM follow_ups WHERE activity_id = ?", activity_id)


def _all(wanted: ActivityFilter) -> tuple[str, list[object]]:
    return conditions(replace(wanted, include_voided=True))


def _of(patient_id: str) -> tuple[str, tuple[str, ...]]:
    return (" AND patient_id = ?", (patient_id,)) if patient_id else ("", ())


def _ids(store: Store, sql: str, *values: object) -> list[str]:
    return [row[0] for row in store.rows(sql, values)]
