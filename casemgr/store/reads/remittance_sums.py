"""What the payers' answers of some days add up to, asked of the store apart from the answers themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casemgr.store.database import Store


class RemittanceSums(NamedTuple):
    """Sums over answered lines; cents."""

    lines: int
    billed_cents: int
    paid_cents: int
    contractual_cents: int
    patient_cents: int
    denied_cents: int


def remittance_sums(
    store: Store, first: str, last: str, patient_id: str, accepted: Iterable[str]
) -> RemittanceSums:
    """The sums of the live answers received between two ISO dates.

    Args:
        store: the open store.
        first: first day of receipt, ISO.
        last: last one.
        patient_id: only this patient's; or empty.
        accepted: the CARCs that are no denial.
    """
    whose, values = ("AND c.patient_id = ?", (patient_id,)) if patient_id else ("", ())
    answered = (
        "FROM remittances r JOIN claims c ON c.id = r.claim_id, json_each(r.lines) line{} "
        f"WHERE r.voided = 0 AND r.received_on BETWEEN ? AND ? {whose}"
    )
    sums = store.one(
        "SELECT count(*), coalesce(sum(line.value ->> 'billed_cents'), 0), "
        f"coalesce(sum(line.value ->> 'paid_cents'), 0) {answered.format('')}",
        (first, last, *values),
    )
    found = dict(
        store.rows(
            "SELECT CASE WHEN one.value ->> 'group' = 'PR' THEN 'patient' "
            "WHEN one.value ->> 'carc' IN (SELECT value FROM json_each(?)) THEN 'contract' "
            "ELSE 'denied' END, sum(one.value ->> 'cents') "
            f"{answered.format(', json_each(line.value, ?) one')} GROUP BY 1",
            (json.dumps(sorted(accepted)), "$.adjustments", first, last, *values),
        )
    )
    assert sums is not None
    lines, billed, paid = sums
    return RemittanceSums(
        lines, billed, paid, found.get("contract", 0), found.get("patient", 0), found.get("denied", 0)
    )


def remittances_received(store: Store, first: str, last: str) -> list[tuple[str, str, str]]:
    """Id, claim and patient of each answer received between two ISO dates, voided ones included."""
    rows = store.rows(
        "SELECT r.id, r.claim_id, c.patient_id FROM remittances r JOIN claims c ON c.id = r.claim_id "
        "WHERE r.received_on BETWEEN ? AND ?",
        (first, last),
    )
    return [(row[0], row[1], row[2]) for row in rows]
