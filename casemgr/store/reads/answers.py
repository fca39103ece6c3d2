"""What payers and patients answered to claims: remittances and payments, of one claim or of many at once."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from casemgr.core.account_rows import ClaimWhose
from casemgr.core.billing import PatientPayment, Remittance, RemittanceLine
from casemgr.core.records import RejectedRow
from casemgr.core.rows import StandingRejection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic import TypeAdapter

    from casemgr.store.database import Store

_REMITTANCE = (
    "id",
    "voided",
    "claim_id",
    "received_on",
    "paid_on",
    "check_number",
    "payer_claim_number",
    "reversal",
    "appeal_by",
    "lines",
    "remarks",
    "note",
    "file",
    "digest",
)
_PAYMENT = ("id", "voided", "claim_id", "received_on", "cents", "method", "note")
_ALL = "1"


def remittances_of(store: Store, claim_id: str, include_voided: bool = False) -> list[Remittance]:
    """The answers to a claim, in the order in which they were recorded."""
    return list(_remittances(store, "claim_id = ?", (claim_id,), include_voided))


def payments_of(store: Store, claim_id: str, include_voided: bool = False) -> list[PatientPayment]:
    """The patient's payments towards a claim, in the order in which they were recorded."""
    return list(_payments(store, "claim_id = ?", (claim_id,), include_voided))


def remittances_by_claim(
    store: Store, claim_ids: Iterable[str], include_voided: bool = False
) -> dict[str, list[Remittance]]:
    """The answers to some claims, each claim's in the order in which they were recorded."""
    found: defaultdict[str, list[Remittance]] = defaultdict(list)
    for one in _remittances(store, _AMONG, (json.dumps(list(claim_ids)),), include_voided):
        found[one.claim_id].append(one)
    return found


def payments_by_claim(
    store: Store, claim_ids: Iterable[str], include_voided: bool = False
) -> dict[str, list[PatientPayment]]:
    """The payments towards some claims."""
    found: defaultdict[str, list[PatientPayment]] = defaultdict(list)
    for one in _payments(store, _AMONG, (json.dumps(list(claim_ids)),), include_voided):
        found[one.claim_id].append(one)
    return found


def remittances_between(
    store: Store, first: str = "", last: str = "", include_voided: bool = False
) -> list[Remittance]:
    """The answers received between two ISO dates, or all of them, as they were recorded."""
    where, values = _between(first, last)
    return list(_remittances(store, where, values, include_voided))


def payments_between(
    store: Store, first: str = "", last: str = "", include_voided: bool = False
) -> list[PatientPayment]:
    """The patients' payments received between two ISO dates, or all of them, as they were recorded."""
    where, values = _between(first, last)
    return list(_payments(store, where, values, include_voided))


def claims_whose(store: Store, claim_ids: Iterable[str]) -> dict[str, ClaimWhose]:
    """Some claims with whose they are, by id."""
    rows = store.rows(
        f"{_WHOSE} WHERE c.id IN (SELECT value FROM json_each(?))", (json.dumps(list(claim_ids)),)
    )
    return {row[0]: ClaimWhose._make(row) for row in rows}


def claims_called(store: Store, numbers: Iterable[str]) -> list[ClaimWhose]:
    """Claims with one of some numbers of ours, written without marks, or of the payer's, the oldest first.

    Args:
        store: the open store.
        numbers: upper case; of ours, letters and digits alone.
    """
    wanted = json.dumps(list(numbers))
    rows = store.rows(
        f"{_WHOSE} WHERE replace(c.number, '-', '') IN (SELECT value FROM json_each(?)) "
        "OR (c.payer_claim_number <> '' "
        "AND upper(c.payer_claim_number) IN (SELECT value FROM json_each(?))) ORDER BY c.number",
        (wanted, wanted),
    )
    return list(map(ClaimWhose._make, rows))


_WHOSE = (
    "SELECT c.id, c.number, c.month, c.status, c.voided, c.payer, c.payer_name, c.payer_claim_number, "
    "c.patient_id, p.chart_number, p.last_name, p.first_name, p.birth_date "
    "FROM claims c JOIN patients p ON p.id = c.patient_id"
)


def known_answers(store: Store, digests: Iterable[str]) -> set[str]:
    """Those of some digests that a live answer has."""
    rows = store.rows(
        "SELECT digest FROM remittances WHERE voided = 0 AND digest <> '' "
        "AND digest IN (SELECT value FROM json_each(?))",
        (json.dumps(list(digests)),),
    )
    return {row[0] for row in rows}


class Typed(NamedTuple):
    """A live answer that came from people, and not from a file of the payer's."""

    claim_id: str
    check_number: str
    """Empty where nobody said one, as where billing filled in a workbook."""
    paid_cents: int
    paid_on: str


def typed_in(store: Store) -> list[Typed]:
    """The live answers that somebody typed in, or that billing filled in on a workbook."""
    rows = store.rows(
        "SELECT claim_id, check_number, lines, paid_on FROM remittances WHERE voided = 0 AND digest = ''"
    )
    return [
        Typed(claim_id, check, sum(line["paid_cents"] for line in json.loads(lines)), paid_on)
        for claim_id, check, lines, paid_on in rows
    ]


def unmatched_rows(store: Store) -> list[StandingRejection]:
    """What the newest import of each file of answers could not book, by file."""
    newest = dict(
        store.rows(
            "SELECT file, rejected FROM imports WHERE kind = 'remittance' AND voided = 0 "
            "ORDER BY imported_at, row"
        )
    )
    return [
        StandingRejection(file, RejectedRow.model_validate(raw))
        for file, rejected in sorted(newest.items())
        for raw in json.loads(rejected)
    ]


def first_recorded(store: Store, entity: str, ids: Iterable[str]) -> dict[str, int]:
    """When each of some records was first written, in microseconds."""
    rows = store.rows(
        "SELECT entity_id, min(at) FROM ledger WHERE entity = ? "
        "AND entity_id IN (SELECT value FROM json_each(?)) GROUP BY entity_id",
        (entity, json.dumps(list(ids))),
    )
    return {row[0]: row[1] for row in rows}


def live_before(store: Store, entity: str, ids: Iterable[str], before: int) -> set[str]:
    """Those of some records that were there, and not voided, before an instant in microseconds."""
    rows = store.rows(
        # Of the columns beside max(), SQLite gives those of the row that has it.
        "SELECT entity_id, max(at), json_extract(body, '$.voided') FROM ledger WHERE entity = ? AND at < ? "
        "AND entity_id IN (SELECT value FROM json_each(?)) GROUP BY entity_id",
        (entity, before, json.dumps(list(ids))),
    )
    return {row[0] for row in rows if not row[2]}


_AMONG = "claim_id IN (SELECT value FROM json_each(?))"


def _between(first: str, last: str) -> tuple[str, tuple[str, ...]]:
    clauses, values = [_ALL], []
    for condition, value in (("received_on >= ?", first), ("received_on <= ?", last)):
        if value:
            clauses.append(condition)
            values.append(value)
    return " AND ".join(clauses), tuple(values)


def _remittances(
    store: Store, where: str, values: tuple[str, ...], include_voided: bool = False
) -> Iterator[Remittance]:
    lines = _lines_adapter()
    for row in _rows(store, "remittances", _REMITTANCE, where, values, include_voided):
        row["lines"] = lines.validate_json(row["lines"])
        row["remarks"] = tuple(json.loads(row["remarks"]))
        row["reversal"] = bool(row["reversal"])
        yield Remittance.model_construct(**row)


def _payments(
    store: Store, where: str, values: tuple[str, ...], include_voided: bool = False
) -> Iterator[PatientPayment]:
    for row in _rows(store, "patient_payments", _PAYMENT, where, values, include_voided):
        yield PatientPayment.model_construct(**row)


def _rows(
    store: Store,
    table: str,
    names: tuple[str, ...],
    where: str,
    values: tuple[str, ...],
    include_voided: bool,
) -> Iterator[dict[str, Any]]:
    live = "" if include_voided else " AND voided = 0"
    for row in store.rows(f"SELECT {', '.join(names)} FROM {table} WHERE {where}{live} ORDER BY row", values):
        named = dict(zip(names, row, strict=True))
        named["voided"] = bool(named["voided"])
        yield named


@cache
def _lines_adapter() -> TypeAdapter[tuple[RemittanceLine, ...]]:
    from pydantic import TypeAdapter

    return TypeAdapter(tuple[RemittanceLine, ...])
