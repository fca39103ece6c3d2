"""Activities as lists: filtered, searched, with patient, staff and claim beside them."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Literal

from casemgr.core.rows import ActivityFilter, ActivityRow, Span
from casemgr.store.reads.search import found_within, search_query

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from casemgr.store.database import Store


_COLUMNS = """
  a.id, a.service_date, a.start, a.kind, a.minutes, a.outcome, a.outcome_words, a.method, a.contacted,
  a.reason, a.response, a.next_step, a.note, a.fields, a.case_id, a.status, a.late_days, a.amended,
  a.entered_at, a.entered_by, a.signed_by, a.source, a.voided, a.staff, coalesce(s.name, a.staff),
  coalesce(s.credential, ''), a.patient_id, p.chart_number, p.last_name, p.first_name, p.birth_date,
  coalesce(ca.claim_id, ''), coalesce(c.number, ''), coalesce(cl.code, ''),
  coalesce(cl.service_date, ''), a.run_month
"""
_FROM = """
  FROM activities a
  JOIN patients p ON p.id = a.patient_id
  LEFT JOIN staff s ON s.id = a.staff
  LEFT JOIN claim_activities ca ON ca.activity_id = a.id
  LEFT JOIN claims c ON c.id = ca.claim_id
  LEFT JOIN claim_lines cl ON cl.claim_id = ca.claim_id AND cl.line = ca.line
"""


_ON_TIME = "a.run_month = '' AND a.service_date BETWEEN ? AND ?"
_LATE = "a.run_month = ? AND a.run_month <> ''"
"""The two parts of a run, each of which an index answers; only together with its last words the second."""

Part = Literal["late", "on time"]


def conditions(
    wanted: ActivityFilter, query: str = "", parts: Sequence[Part] = ("late", "on time")
) -> tuple[str, list[object]]:
    """The WHERE clause of a filter, with its parameters.

    Args:
        wanted: the filter.
        query: its search as `search_query` words it.
        parts: of a run, what came too late for its own month, or the rest, or both.
    """
    clauses: list[str] = []
    parameters: list[object] = []

    def narrow(clause: str, *values: object) -> None:
        clauses.append(clause)
        parameters.extend(values)

    if wanted.only_voided:
        narrow("a.voided = 1")
    elif not wanted.include_voided:
        narrow("a.voided = 0")
    if wanted.drafts:
        narrow("a.status = 'draft'")
    if wanted.first:
        narrow("a.service_date >= ?", wanted.first)
    if wanted.last:
        narrow("a.service_date <= ?", wanted.last)
    if wanted.run:
        narrow(*_of_run(wanted, parts))
    elif wanted.patient_id:
        narrow("a.patient_id = ?", wanted.patient_id)
    if wanted.staff:
        narrow("a.staff = ?", wanted.staff)
    if wanted.kind:
        narrow("a.kind = ?", wanted.kind)
    if wanted.claim_id:
        narrow("ca.claim_id = ?", wanted.claim_id)
    if wanted.unclaimed:
        narrow("ca.claim_id IS NULL")
    if wanted.ids:
        narrow(f"a.id IN ({', '.join('?' * len(wanted.ids))})", *wanted.ids)
    if query:
        found, values = found_within(wanted, query)
        narrow(found, *values)
    return (f"WHERE {' AND '.join(clauses)}" if clauses else ""), parameters


def _of_run(wanted: ActivityFilter, parts: Sequence[Part]) -> tuple[str, *tuple[str, ...]]:
    """The condition of a run and its parameters; a patient stands in each part, where its index has them."""
    whose, values = ("a.patient_id = ? AND ", (wanted.patient_id,)) if wanted.patient_id else ("", ())
    run = wanted.run
    each = {
        "late": (f"({whose}{_LATE})", (*values, run)),
        "on time": (f"({whose}{_ON_TIME})", (*values, f"{run}-01", f"{run}-31")),
    }
    return f"({' OR '.join(each[part][0] for part in parts)})", *(v for part in parts for v in each[part][1])


def activities(store: Store, wanted: ActivityFilter) -> Iterator[ActivityRow]:
    """The activities of a filter, by service date, start and time of entry, one at a time."""
    if wanted.run and not (wanted.limit or wanted.newest_first):
        # What came late is of earlier dates: one part after the other, each as its index has it, nothing
        # of a long month has to be sorted.
        return chain(_activities(store, wanted, ("late",)), _activities(store, wanted, ("on time",)))
    return _activities(store, wanted, ("late", "on time"))


def _activities(store: Store, wanted: ActivityFilter, parts: Sequence[Part]) -> Iterator[ActivityRow]:
    query = search_query(store, wanted.search)
    where, parameters = conditions(wanted, query, parts)
    limit = f"LIMIT {int(wanted.limit)}" if wanted.limit else ""
    if limit and query:
        # The index gives rows in the order of their entry and is left once there are enough of them.
        inner, parameters = conditions(wanted, parts=parts)
        direction = "DESC" if wanted.newest_first else "ASC"
        where = (
            "WHERE a.row IN (SELECT f.rowid FROM activities_found f "
            "CROSS JOIN activities a ON a.row = f.rowid "
            "LEFT JOIN claim_activities ca ON ca.activity_id = a.id "
            f"{inner} {'AND' if inner else 'WHERE'} f.activities_found MATCH ? "
            f"ORDER BY f.rowid {direction} {limit})"
        )
        parameters.append(query)
    order = in_order(wanted.newest_first)
    return map(
        ActivityRow._make,
        store.rows(f"SELECT {_COLUMNS} {_FROM} {where} ORDER BY {order} {limit}", parameters),
    )


def in_order(newest_first: bool) -> str:
    """By service date, start and time of entry, one way or the other, for activities called `a`."""
    columns = ("a.service_date", "a.start", "a.entered_at", "a.row")
    return ", ".join(f"{column} DESC" if newest_first else column for column in columns)


def has_activities(store: Store) -> bool:
    """Whether any were ever logged."""
    return store.one("SELECT 1 FROM activities LIMIT 1") is not None


def totals(store: Store, wanted: ActivityFilter) -> tuple[int, int]:
    """How many activities a filter has, and their minutes."""
    where, parameters = conditions(wanted, search_query(store, wanted.search))
    found = store.one(
        "SELECT count(*), coalesce(sum(a.minutes), 0) FROM activities a "
        f"LEFT JOIN claim_activities ca ON ca.activity_id = a.id {where}",
        parameters,
    )
    assert found is not None
    return found[0], found[1]


def spans(store: Store, staff: str, service_date: str, but: str = "") -> list[Span]:
    """The activities of a member of staff on a day that have a start, by start; `but` leaves one out."""
    rows = store.rows(
        "SELECT id, start, minutes FROM activities WHERE staff = ? AND service_date = ? AND start <> '' "
        "AND voided = 0 AND id <> ? ORDER BY start",
        (staff, service_date, but),
    )
    found = []
    for activity_id, start, minutes in rows:
        begin = int(start[:2]) * 60 + int(start[3:])
        found.append(Span(activity_id, begin, begin + minutes))
    return found


def minutes_by(store: Store, what: str, wanted: ActivityFilter) -> list[tuple[str, int, int]]:
    """Activities and minutes by a column: `kind`, `staff`, `patient_id`, `service_date` or `outcome`."""
    if what not in {"kind", "staff", "patient_id", "service_date", "outcome"}:
        raise ValueError(what)
    where, parameters = conditions(wanted, search_query(store, wanted.search))
    rows = store.rows(
        f"SELECT a.{what}, count(*), sum(a.minutes) FROM activities a "
        f"LEFT JOIN claim_activities ca ON ca.activity_id = a.id {where} GROUP BY a.{what} ORDER BY a.{what}",
        parameters,
    )
    return [(row[0], row[1], row[2]) for row in rows]


def patients_of(store: Store, wanted: ActivityFilter) -> list[str]:
    """Ids of the patients with activities of a filter that asks for no claim, by name."""
    where, parameters = conditions(wanted)
    rows = store.rows(
        f"SELECT p.id FROM patients p WHERE p.id IN (SELECT a.patient_id FROM activities a {where}) "
        "ORDER BY p.last_name, p.first_name, p.birth_date, p.id",
        parameters,
    )
    return [row[0] for row in rows]


def last_entered(store: Store, login: str) -> str:
    """Id of the live activity that somebody entered last; empty where there is none."""
    found = store.one(
        "SELECT id FROM activities WHERE entered_by = ? AND voided = 0 ORDER BY row DESC LIMIT 1", (login,)
    )
    return found[0] if found else ""


_OF_ITS_NEWEST = (
    "SELECT {} FROM ledger WHERE entity_id = a.id AND entity = 'activity' {} ORDER BY at DESC LIMIT 1"
)
_VOID = "AND action = 'void'"


def void_reasons(store: Store, wanted: ActivityFilter) -> dict[str, str]:
    """Why each voided activity of a filter that asks for no claim was voided, by its id.

    What was undone is not among them: it was a slip of the hand, and no biller's business. A voiding that was
    undone and redone has the reason that it had.
    """
    where, parameters = conditions(replace(wanted, only_voided=True))
    rows = store.rows(
        f"SELECT a.id, ({_OF_ITS_NEWEST.format('reason', _VOID)}) FROM activities a "
        f"{where} AND ({_OF_ITS_NEWEST.format('action', '')}) <> 'undo'",
        parameters,
    )
    return {row[0]: row[1] for row in rows}


def known_digests(store: Store, digests: Sequence[str]) -> set[str]:
    """Those of some content digests that imported activities have, amended and voided ones included."""
    found: set[str] = set()
    # In pieces, since a statement takes only so many parameters.
    for start in range(0, len(digests), 500):
        some = digests[start : start + 500]
        rows = store.rows(
            f"SELECT source_digest FROM activities WHERE source_digest IN ({', '.join('?' * len(some))}) "
            "AND source_digest <> ''",
            some,
        )
        found.update(row[0] for row in rows)
    return found
