"""Claims and their lines by run or service date, what they come to, and the records that they are made of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.rows import StandingLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from casemgr.store.database import Store


def lines_of_claim(store: Store, claim_id: str) -> list[StandingLine]:
    """A claim's lines, by their place on it."""
    rows = store.rows(
        "SELECT c.number, c.payer_name, c.member_id, "
        "l.service_date, l.code, l.minutes, l.quantity, l.fee_cents "
        "FROM claims c JOIN claim_lines l ON l.claim_id = c.id "
        "WHERE c.id = ? ORDER BY l.line",
        (claim_id,),
    )
    return list(map(StandingLine._make, rows))


class ClaimTold(NamedTuple):
    """What a claim says of itself as a whole."""

    id: str
    number: str
    status: str
    sent_on: str
    payer_claim_number: str


def claims_told(store: Store, numbers: Iterable[str]) -> list[ClaimTold]:
    """The claims of some numbers."""
    rows = store.rows(
        "SELECT id, number, status, sent_on, payer_claim_number FROM claims "
        "WHERE number IN (SELECT value FROM json_each(?))",
        (json.dumps(list(numbers)),),
    )
    return list(map(ClaimTold._make, rows))


def paid_on_lines(store: Store, claim_ids: Sequence[str], first: str = "", last: str = "9") -> int:
    """What payers paid for lines of some claims between two ISO service dates, in cents.

    What they paid for a claim as a whole, or for a line that it no longer has, counts where the claim's first
    line does.
    """
    found = store.one(
        "SELECT coalesce(sum(answer.value ->> 'paid_cents'), 0) "
        "FROM remittances r, json_each(r.lines) answer JOIN claim_lines l ON l.claim_id = r.claim_id "
        "AND l.line = coalesce((SELECT named.line FROM claim_lines named WHERE named.claim_id = r.claim_id "
        "AND named.service_date = answer.value ->> 'service_date' AND named.code = answer.value ->> 'code'), "
        "(SELECT min(line) FROM claim_lines WHERE claim_id = r.claim_id)) "
        "WHERE r.voided = 0 AND r.claim_id IN (SELECT value FROM json_each(?)) "
        "AND l.service_date BETWEEN ? AND ?",
        (json.dumps(claim_ids), first, last),
    )
    assert found is not None
    return int(found[0])


def line_sums(
    store: Store, claim_ids: Sequence[str], first: str = "", last: str = "9"
) -> tuple[int, int, int, int, int]:
    """Lines, units, minutes, cents and activities of some live claims, between two ISO service dates."""
    found = store.one(
        "SELECT count(*), coalesce(sum(l.quantity), 0), coalesce(sum(l.minutes), 0), "
        "coalesce(sum(l.quantity * l.fee_cents), 0), coalesce(sum((SELECT count(*) "
        "FROM claim_activities ca WHERE ca.claim_id = l.claim_id AND ca.line = l.line)), 0) "
        "FROM claim_lines l WHERE l.claim_id IN (SELECT value FROM json_each(?)) "
        "AND l.service_date BETWEEN ? AND ?",
        (json.dumps(claim_ids), first, last),
    )
    assert found is not None
    return found[0], found[1], found[2], found[3], found[4]


def claims_of_period(store: Store, run: str, first: str, last: str, patient_id: str = "") -> list[str]:
    """Ids of live claims by number.

    Args:
        store: the open store.
        run: the month of whose run they are, such as `2026-10`; or empty.
        first: without a run, those with a line from this ISO date on,
        last: and up to this one.
        patient_id: only this patient's.
    """
    clauses = ["c.voided = 0"]
    values: list[str] = []
    if run:
        clauses.append("c.month = ?")
        values.append(run)
    else:
        clauses.append("c.id IN (SELECT claim_id FROM claim_lines WHERE service_date BETWEEN ? AND ?)")
        values += [first, last]
    if patient_id:
        clauses.append("c.patient_id = ?")
        values.append(patient_id)
    rows = store.rows(f"SELECT c.id FROM claims c WHERE {' AND '.join(clauses)} ORDER BY c.number", values)
    return [row[0] for row in rows]


def has_enclosures(store: Store, claim_id: str) -> bool:
    """Whether anything is attached to a claim."""
    return (
        store.one("SELECT 1 FROM attachments WHERE claim_id = ? AND voided = 0 LIMIT 1", (claim_id,))
        is not None
    )


def records_of_sent(store: Store, patient_id: str = "") -> Iterator[tuple[str, list[str]]]:
    """The ids of all claims that were sent, with their answers, payments and patients, by entity."""
    whose, values = ("AND patient_id = ?", (patient_id,)) if patient_id else ("", ())
    sent = f"FROM claims WHERE sent_on <> '' {whose}"
    for entity, sql in (
        ("claim", f"SELECT id {sent}"),
        ("patient", f"SELECT DISTINCT patient_id {sent}"),
        ("remittance", f"SELECT id FROM remittances WHERE claim_id IN (SELECT id {sent})"),
        ("patient_payment", f"SELECT id FROM patient_payments WHERE claim_id IN (SELECT id {sent})"),
    ):
        yield entity, [row[0] for row in store.rows(sql, values)]


def records_of_forms(store: Store, claim_ids: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """The ids of all records that the forms of some claims are made of, by entity."""
    ids = json.dumps(claim_ids)
    chosen = "claims WHERE id IN (SELECT value FROM json_each(?))"
    for entity, sql in (
        ("activity", f"SELECT activity_id FROM claim_activities WHERE claim_id IN (SELECT id FROM {chosen})"),
        ("patient", f"SELECT DISTINCT patient_id FROM {chosen}"),
        ("case", f"SELECT DISTINCT case_id FROM {chosen} AND case_id <> ''"),
        ("authorization", f"SELECT DISTINCT authorization_id FROM {chosen} AND authorization_id <> ''"),
        ("remittance", f"SELECT id FROM remittances WHERE claim_id IN (SELECT id FROM {chosen})"),
        ("attachment", f"SELECT id FROM attachments WHERE claim_id IN (SELECT id FROM {chosen})"),
    ):
        yield entity, [row[0] for row in store.rows(sql, (ids,))]
