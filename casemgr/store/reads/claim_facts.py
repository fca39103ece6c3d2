"""What the checks of many claims need, each kind of fact in one statement for all of them."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from casemgr.core.billing import Authorization, Verification
from casemgr.core.records import Case, Coverage, Patient
from casemgr.core.workdays import Slot, StaffMonth

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from casemgr.core.entity import Entity
    from casemgr.store.database import Store

E = TypeVar("E", bound="Entity")

_NAMED = "IN (SELECT value FROM json_each(?))"


class ClaimHead(NamedTuple):
    """A claim without its lines; what holds several values is JSON text."""

    id: str
    number: str
    status: str
    month: str
    patient_id: str
    coverage_id: str
    payer: str
    payer_rules: str
    member_id: str
    case_id: str
    diagnoses: str
    authorization_id: str
    place_of_service: str
    amendment_owed: int
    sent_on: str
    appeal_by: str


class LineRow(NamedTuple):
    """A line of a claim; minutes and cents."""

    claim_id: str
    line: int
    service_date: str
    code: str
    minutes: int
    quantity: int
    fee_cents: int


class WorkRow(NamedTuple):
    """An activity on a line; `fields` is JSON text."""

    claim_id: str
    line: int
    id: str
    kind: str
    staff: str
    service_date: str
    start: str
    minutes: int
    outcome: str
    outcome_words: str
    method: str
    contacted: str
    reason: str
    response: str
    next_step: str
    note: str
    fields: str
    status: str
    late_days: int
    copied: int
    followed: int


class BilledRow(NamedTuple):
    """A line on a live claim; `staff` is JSON text, empty where it was not asked for."""

    patient_id: str
    payer: str
    claim_id: str
    number: str
    line: int
    status: str
    case_id: str
    coverage_id: str
    service_date: str
    code: str
    quantity: int
    staff: str


class NoteRow(NamedTuple):
    """An activity's note."""

    patient_id: str
    id: str
    service_date: str
    note: str


def claims_to_check(store: Store, month: str = "") -> list[str]:
    """Ids of the live claims of a month, or of all, by month and number."""
    clause, values = ("AND month = ?", (month,)) if month else ("", ())
    rows = store.rows(f"SELECT id FROM claims WHERE voided = 0 {clause} ORDER BY month, number", values)
    return [row[0] for row in rows]


def numbered(store: Store, numbers: Collection[str]) -> dict[str, tuple[str, bool]]:
    """Ids of claims by their numbers, and whether they are voided; what no claim has is left out."""
    rows = store.rows(f"SELECT number, id, voided FROM claims WHERE number {_NAMED}", (_json(numbers),))
    return {row[0]: (row[1], bool(row[2])) for row in rows}


def heads(store: Store, ids: Collection[str]) -> dict[str, ClaimHead]:
    """Claims by id."""
    sql = f"SELECT {', '.join(ClaimHead._fields)} FROM claims WHERE id {_NAMED}"
    return {head.id: head for head in map(ClaimHead._make, store.rows(sql, (_json(ids),)))}


def lines(store: Store, ids: Collection[str]) -> dict[str, list[LineRow]]:
    """The lines of some claims, by claim, in order."""
    columns = ", ".join(LineRow._fields)
    sql = f"SELECT {columns} FROM claim_lines WHERE claim_id {_NAMED} ORDER BY claim_id, line"
    return _grouped(map(LineRow._make, store.rows(sql, (_json(ids),))))


def work(store: Store, ids: Collection[str]) -> dict[str, list[WorkRow]]:
    """The activities of some live claims, by claim; by line, date, start and entry."""
    columns = ", ".join(f"a.{name}" for name in WorkRow._fields[2:-2])
    rows = store.rows(
        f"SELECT ca.claim_id, ca.line, {columns}, a.source <> '', "
        "EXISTS (SELECT 1 FROM follow_ups f WHERE f.activity_id = a.id AND f.voided = 0) "
        f"FROM claim_activities ca JOIN activities a ON a.id = ca.activity_id WHERE ca.claim_id {_NAMED} "
        "ORDER BY ca.claim_id, ca.line, a.service_date, a.start, a.entered_at, a.row",
        (_json(ids),),
    )
    return _grouped(map(WorkRow._make, rows))


def billed(
    store: Store, patient_ids: Collection[str], first: str, last: str, with_staff: bool
) -> dict[str, list[BilledRow]]:
    """The lines on the live claims of some patients between two ISO dates, by patient; by date and claim."""
    who = (
        "(SELECT json_group_array(DISTINCT a.staff) FROM claim_activities ca "
        "JOIN activities a ON a.id = ca.activity_id WHERE ca.claim_id = l.claim_id AND ca.line = l.line)"
        if with_staff
        else "''"
    )
    rows = store.rows(
        "SELECT c.patient_id, c.payer, c.id, c.number, l.line, c.status, c.case_id, c.coverage_id, "
        f"l.service_date, l.code, l.quantity, {who} FROM claims c JOIN claim_lines l ON l.claim_id = c.id "
        f"WHERE c.patient_id {_NAMED} AND c.voided = 0 AND l.service_date BETWEEN ? AND ? "
        "ORDER BY c.patient_id, l.service_date, c.number, l.line",
        (_json(patient_ids), first, last),
    )
    return _grouped(map(BilledRow._make, rows))


def notes(
    store: Store, patient_ids: Collection[str], first: str, last: str, shortest: int
) -> dict[str, list[NoteRow]]:
    """The longer notes of some patients' activities between two ISO dates, by patient and date."""
    rows = store.rows(
        f"SELECT patient_id, id, service_date, note FROM activities WHERE patient_id {_NAMED} "
        "AND service_date BETWEEN ? AND ? AND voided = 0 AND length(note) >= ? "
        "ORDER BY patient_id, service_date, row",
        (_json(patient_ids), first, last, shortest),
    )
    return _grouped(map(NoteRow._make, rows))


def staff_days(store: Store, wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], list[Slot]]:
    """Everything that members of staff did on days, by login and ISO date."""
    rows = store.rows(
        "SELECT a.staff, a.service_date, a.id, a.start, a.minutes, a.patient_id, ca.claim_id IS NOT NULL "
        "FROM json_each(?) w JOIN activities a "
        "ON a.staff = json_extract(w.value, '$[0]') AND a.service_date = json_extract(w.value, '$[1]') "
        "LEFT JOIN claim_activities ca ON ca.activity_id = a.id WHERE a.voided = 0",
        (json.dumps(sorted(wanted)),),
    )
    found: dict[tuple[str, str], list[Slot]] = defaultdict(list)
    for staff, day, activity_id, start, minutes, patient_id, claimed in rows:
        found[staff, day].append(Slot(activity_id, start, minutes, patient_id, bool(claimed)))
    return found


def staff_months(store: Store, month: str) -> dict[str, StaffMonth]:
    """How members of staff counted minutes in a month, by login."""
    rows = store.rows(
        "SELECT staff, count(*), sum(minutes % 5 = 0), sum(minutes % 10 = 0), sum(minutes % 15 = 0) "
        "FROM activities WHERE substr(service_date, 1, 7) = ? AND voided = 0 GROUP BY staff",
        (month,),
    )
    return {row[0]: StaffMonth._make(row[1:]) for row in rows}


def patients(store: Store, ids: Collection[str]) -> dict[str, Patient]:
    """Patients by id."""
    return {one.id: one for one in _records(store, Patient, "patients", "id", ids)}


def cases(store: Store, ids: Collection[str]) -> dict[str, Case]:
    """Cases by id."""
    return {one.id: one for one in _records(store, Case, "cases", "id", ids, ("barriers",))}


def coverages(store: Store, patient_ids: Collection[str]) -> dict[str, list[Coverage]]:
    """The coverages of some patients, voided ones included, by patient."""
    found: dict[str, list[Coverage]] = defaultdict(list)
    for one in _records(store, Coverage, "coverages", "patient_id", patient_ids):
        found[one.patient_id].append(one)
    return found


def verifications(store: Store, coverage_ids: Collection[str]) -> dict[str, list[Verification]]:
    """What was said of the benefits of some coverages, by coverage, the newest first."""
    found: dict[str, list[Verification]] = defaultdict(list)
    for one in _records(store, Verification, "verifications", "coverage_id", coverage_ids, ("codes",)):
        if not one.voided:
            found[one.coverage_id].append(one)
    for each in found.values():
        each.sort(key=lambda one: (one.verified_on, one.id), reverse=True)
    return found


def authorizations(store: Store, coverage_ids: Collection[str]) -> dict[str, list[Authorization]]:
    """The live authorizations of some coverages, by coverage, in the order in which they came."""
    found: dict[str, list[Authorization]] = defaultdict(list)
    for one in _records(store, Authorization, "authorizations", "coverage_id", coverage_ids, ("codes",)):
        if not one.voided:
            found[one.coverage_id].append(one)
    for each in found.values():
        each.sort(key=lambda one: one.id)
    return found


def answers(store: Store, since: str) -> Iterator[tuple[str, str, str]]:
    """Claim id, lines and remarks (JSON) of every answer since an ISO date that was not taken back."""
    rows = store.rows(
        "SELECT r.claim_id, r.lines, r.remarks FROM remittances r JOIN claims c ON c.id = r.claim_id "
        "WHERE r.received_on >= ? AND r.voided = 0 AND r.reversal = 0 AND c.voided = 0",
        (since,),
    )
    return ((row[0], row[1], row[2]) for row in rows)


def _records(
    store: Store, model: type[E], table: str, column: str, ids: Collection[str], lists: Collection[str] = ()
) -> Iterator[E]:
    """Records from their rows, which are what the ledger says; nothing in them is to be proved here."""
    names = tuple(model.model_fields)
    rows = store.rows(f"SELECT {', '.join(names)} FROM {table} WHERE {column} {_NAMED}", (_json(ids),))
    for row in rows:
        image = dict(zip(names, row, strict=True))
        image["voided"] = bool(image["voided"])
        for name in lists:
            image[name] = tuple(json.loads(image[name]))
        yield model.model_construct(**image)


R = TypeVar("R", LineRow, WorkRow, BilledRow, NoteRow)


def _grouped(rows: Iterable[R]) -> dict[str, list[R]]:
    """Rows by their first column."""
    found: dict[str, list[R]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found


def _json(values: Collection[str]) -> str:
    return json.dumps(sorted(values))
