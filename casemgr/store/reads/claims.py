"""Claims as lists, and what the month leaves out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from casemgr.core.billing import Claim
from casemgr.core.records import ImportBatch, RejectedRow
from casemgr.core.rows import ClaimNumber, ClaimRow, StandingLine, StandingRejection
from casemgr.store.reads.records import load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casemgr.store.database import Store


def claim_rows(
    store: Store, month: str = "", patient_id: str = "", include_voided: bool = False
) -> list[ClaimRow]:
    """Claims by month and number; what is empty does not narrow."""
    clauses, parameters = ["1"], []
    for column, value in (("month", month), ("patient_id", patient_id)):
        if value:
            clauses.append(f"c.{column} = ?")
            parameters.append(value)
    if not include_voided:
        clauses.append("c.voided = 0")
    rows = store.rows(
        "SELECT c.id, c.number, c.month, c.status, c.voided, c.payer_name, c.member_id, count(l.line), "
        "coalesce(sum(l.minutes), 0), coalesce(sum(l.quantity * l.fee_cents), 0), c.patient_id, "
        "p.chart_number, p.last_name, p.first_name, p.birth_date "
        "FROM claims c JOIN patients p ON p.id = c.patient_id LEFT JOIN claim_lines l ON l.claim_id = c.id "
        f"WHERE {' AND '.join(clauses)} GROUP BY c.id ORDER BY c.month, c.number",
        parameters,
    )
    return list(map(ClaimRow._make, rows))


def standing_lines(store: Store, patient_ids: Iterable[str]) -> set[tuple[str, str, str]]:
    """Patient id, ISO date and code of every line on the live claims of some patients, in whatever run."""
    return {
        (patient_id, service_date, code)
        for patient_id in patient_ids
        for service_date, code in store.rows(
            "SELECT l.service_date, l.code FROM claims c JOIN claim_lines l ON l.claim_id = c.id "
            "WHERE c.patient_id = ? AND c.voided = 0",
            (patient_id,),
        )
    }


def claim_by_number(store: Store, text: str) -> Claim | None:
    """The claim of a number, whatever its case, or of a whole id."""
    wanted = text.strip()
    found = store.one("SELECT id FROM claims WHERE number = ? OR id = ?", (wanted.upper(), wanted.lower()))
    return load(store, Claim, found[0]) if found else None


def claims_numbered(store: Store, part: str, limit: int) -> list[ClaimNumber]:
    """Claims with a text anywhere in the number, in any case, the newest first."""
    escaped = part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    rows = store.rows(
        "SELECT c.number, c.month, c.voided, p.last_name, p.first_name, p.birth_date, p.chart_number "
        "FROM claims c JOIN patients p ON p.id = c.patient_id WHERE c.number LIKE ? ESCAPE '\\' "
        "ORDER BY c.month DESC, c.number DESC LIMIT ?",
        (f"%{escaped}%", limit),
    )
    return list(map(ClaimNumber._make, rows))


def next_claim_number(store: Store, year: int) -> str:
    """The next free number of this device in a year; to be asked inside the transaction that uses it."""
    stem = f"{store.local('device')}-{year}-"
    found = store.one(
        "SELECT max(CAST(substr(number, ?) AS INTEGER)) FROM claims WHERE number LIKE ?",
        (len(stem) + 1, f"{stem}%"),
    )
    return f"{stem}{((found and found[0]) or 0) + 1:04d}"


def last_import(store: Store, kind: str, file: str) -> ImportBatch | None:
    """The newest run of an import of a file, by its name."""
    found = store.one(
        "SELECT id FROM imports WHERE kind = ? AND file = ? AND voided = 0 ORDER BY imported_at DESC LIMIT 1",
        (kind, file),
    )
    return load(store, ImportBatch, found[0]) if found else None


def mended_marks(store: Store) -> set[str]:
    """`file|sheet|row` of every rejected row that has come in since."""
    found: set[str] = set()
    for (marks,) in store.rows("SELECT mended FROM imports WHERE voided = 0 AND mended <> '[]'"):
        found.update(json.loads(marks))
    return found


def standing_rejections(store: Store, month: str = "") -> list[StandingRejection]:
    """Rows still to be mended: those of the newest import of each file, less what has come in since."""
    mended = mended_marks(store)
    newest = dict(
        store.rows(
            "SELECT file, rejected FROM imports WHERE kind = 'log' AND voided = 0 ORDER BY imported_at, row"
        )
    )
    waiting: dict[str, StandingRejection] = {}
    for file, rejected in newest.items():
        for raw in json.loads(rejected):
            row = RejectedRow.model_validate(raw)
            # A row that was refused again in the workbook of rejected rows is still the same row.
            waiting.setdefault(row.mends or f"{file}|{row.sheet}|{row.row}", StandingRejection(file, row))
    return [
        one for mark, one in waiting.items() if mark not in mended and (not month or one.row.month == month)
    ]


def lines_of_month(store: Store, patient_id: str, month: str) -> list[StandingLine]:
    """A patient's lines on the live claims of a month such as `2026-10`, by claim and place on it."""
    # The plus has SQLite go by the patient: a busy month has thousands of claims, a patient has few.
    rows = store.rows(
        "SELECT c.number, c.payer_name, c.member_id, "
        "l.service_date, l.code, l.minutes, l.quantity, l.fee_cents "
        "FROM claims c JOIN claim_lines l ON l.claim_id = c.id "
        "WHERE c.patient_id = ? AND +c.month = ? AND c.voided = 0 ORDER BY c.number, l.line",
        (patient_id, month),
    )
    return list(map(StandingLine._make, rows))


def voided_before(store: Store, claim: Claim) -> list[tuple[str, str]]:
    """Id and number of the voided claims with lower numbers for a claim's patient, coverage and month."""
    rows = store.rows(
        "SELECT id, number FROM claims WHERE patient_id = ? AND coverage_id = ? AND month = ? "
        "AND voided = 1 AND number < ? ORDER BY number",
        (claim.patient_id, claim.coverage_id, claim.month, claim.number),
    )
    return [(row[0], row[1]) for row in rows]
