"""The tables as a projection of the ledger: each row is what the newest after-image of its record says."""

from __future__ import annotations

import json
from functools import cache
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from casemgr.core.people import search_key
from casemgr.core.text import canonical_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from casemgr.store.database import Store

Image = dict[str, Any]

TABLES = {
    "practice": "practice",
    "staff": "staff",
    "patient": "patients",
    "coverage": "coverages",
    "case": "cases",
    "activity": "activities",
    "follow_up": "follow_ups",
    "timer": "timers",
    "claim": "claims",
    "verification": "verifications",
    "authorization": "authorizations",
    "attachment": "attachments",
    "remittance": "remittances",
    "patient_payment": "patient_payments",
    "month": "months",
    "import": "imports",
    "disclosure": "disclosures",
    "access": "accesses",
}
"""The table of each entity."""

DERIVED: dict[str, dict[str, Callable[[Image], object]]] = {
    "patient": {"search_key": lambda image: search_key(image["last_name"], image["first_name"])},
    "claim": {
        "sent_on": lambda image: image["submissions"][0]["sent_on"] if image["submissions"] else "",
        "billed_cents": lambda image: (
            image["submissions"][-1]["charge_cents"]
            if image["submissions"]
            else sum(line["quantity"] * line["fee_cents"] for line in image["lines"])
        ),
    },
    "activity": {"source_digest": lambda image: (image["source"] or {}).get("digest", "")},
}
"""Columns that are worked out from the after-image."""

OWN_TABLE = {"claim": ("lines",)}
"""Fields that stand in tables of their own."""

KEYS = dict.fromkeys(TABLES.values(), ("id",)) | {
    "claim_lines": ("claim_id", "line"),
    "claim_activities": ("activity_id",),
}
"""Every projected table, with what names a row of it."""

_WORDS = "note, outcome_words, contacted, reason, response, next_step, fields, patient"
_SAID = f"SELECT row, {_WORDS} FROM activities_said WHERE row = ?"
_SAID_BEFORE = (
    f"SELECT row, {_WORDS} FROM activities_said WHERE row = (SELECT row FROM activities WHERE id = ?)"
)
_FIND = f"INSERT INTO activities_found (rowid, {_WORDS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_FORGET = _FIND.replace("(rowid", "(activities_found, rowid").replace("(?", "('delete', ?")

PLAIN = frozenset({str, int, bool})
"""What a column holds as it is."""


class Statement(NamedTuple):
    """How one entity is put in its table, worked out once."""

    columns: tuple[str, ...]
    insert: str
    upsert: str
    values: Callable[[Image], tuple[object, ...]]
    derived: tuple[Callable[[Image], object], ...]


@cache
def statement_of(entity: str) -> Statement:
    """The statements that put an after-image in its table, in the place of the one before."""
    # Here and below: models cost more than all else that only reads.
    from casemgr.core.entities import ENTITIES

    own = OWN_TABLE.get(entity, ())
    fields = tuple(name for name in ENTITIES[entity].model_fields if name not in own)
    derived = DERIVED.get(entity, {})
    columns = (*fields, *derived)
    changed = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name != "id")
    names = ", ".join(f'"{name}"' for name in columns)
    insert = f"INSERT INTO {TABLES[entity]} ({names}) VALUES ({', '.join('?' * len(columns))})"
    upsert = f"{insert} ON CONFLICT (id) DO UPDATE SET {changed}"
    return Statement(columns, insert, upsert, itemgetter(*fields), tuple(derived.values()))


@cache
def defaults_of(entity: str) -> Image:
    """What the fields say that an after-image may lack."""
    from casemgr.core.entities import ENTITIES

    fields = ENTITIES[entity].model_fields.items()
    return {
        name: field.get_default(call_default_factory=True, validated_data={})
        for name, field in fields
        if not field.is_required()
    }


def image_of(entity: str, body: str) -> Image:
    """An after-image of the ledger; a field that its program did not know yet has its default."""
    return {**defaults_of(entity), **json.loads(body)}


def project(store: Store, entity: str, image: Image) -> None:
    """Put an after-image in its table."""
    statement = statement_of(entity)
    values = list(map(kept, statement.values(image)))
    values += [derive(image) for derive in statement.derived]
    if entity == "activity":
        project_activity(store, image["id"], statement, values)
        return
    store.connection.execute(statement.upsert, values)
    if entity == "claim":
        project_lines(store, image)


def project_activity(store: Store, activity_id: str, statement: Statement, values: list[object]) -> None:
    """Put an activity in its table, and have the search find it by what it says now.

    FTS5 flushes at every statement that might write more than one row, as an upsert might: a new activity
    comes without one.
    """
    execute = store.connection.execute
    before = execute(_SAID_BEFORE, (activity_id,)).fetchone()
    if before:
        execute(_FORGET, before)
        execute(statement.upsert, values)
        row = before[0]
    else:
        row = execute(statement.insert, values).lastrowid
    execute(_FIND, execute(_SAID, (row,)).fetchone())


def kept(value: object) -> object:
    """A value as a column holds it: nested ones as canonical JSON, nothing as empty text."""
    if type(value) in PLAIN:
        return value
    return "" if value is None else canonical_json(value)


def project_lines(store: Store, image: Image) -> None:
    """A claim's lines, and which activities it claims while it lives."""
    execute = store.connection.execute
    execute("DELETE FROM claim_activities WHERE claim_id = ?", (image["id"],))
    execute("DELETE FROM claim_lines WHERE claim_id = ?", (image["id"],))
    for number, line in enumerate(image["lines"], start=1):
        execute(
            "INSERT INTO claim_lines (claim_id, line, service_date, code, minutes, quantity, fee_cents) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                image["id"],
                number,
                line["service_date"],
                line["code"],
                line["minutes"],
                line["quantity"],
                line["fee_cents"],
            ),
        )
        if not image["voided"]:
            for activity_id in line["activity_ids"]:
                execute(
                    "INSERT INTO claim_activities (activity_id, claim_id, line) VALUES (?, ?, ?)",
                    (activity_id, image["id"], number),
                )


def replay(ledger: Store, into: Store) -> None:
    """Project every entry of a ledger into an empty store, in the order of their times.

    Raises:
        ValueError: an entry cannot be projected; the message names it.
    """
    entries = ledger.rows("SELECT device, seq, entity, body FROM ledger ORDER BY at, device, seq")
    with into.immediate():
        for device, seq, entity, body in entries:
            try:
                project(into, entity, image_of(entity, body))
            except Exception as error:
                # The type alone: a message may quote what the entry holds.
                raise ValueError(f"{device}:{seq} cannot be projected ({type(error).__name__})") from error


def differences(live: Store, replayed: Store, limit: int = 10) -> list[str]:
    """Where the live tables are not what the ledger makes of them, in words; at most `limit`."""
    found: list[str] = []
    for table, key in KEYS.items():
        names = [row[1] for row in replayed.rows(f"PRAGMA table_info({table})") if row[1] != "row"]
        columns = ", ".join(f'"{name}"' for name in names)
        sql = f"SELECT {columns} FROM {table} ORDER BY {', '.join(key)}"
        for one in compared(live.rows(sql), replayed.rows(sql), names, key):
            found.append(f"{table}: {one}")
            if len(found) == limit:
                return found
    return found


def stale(store: Store, entity: str, ids: Iterable[str]) -> list[str]:
    """Those of some records whose row is not what their newest after-image says, as `table: id`.

    Cheaper than a replay, so that nothing is printed or exported from rows that somebody changed by hand.
    """
    statement = statement_of(entity)
    columns = ", ".join(f'"{name}"' for name in statement.columns)
    live = f"SELECT {columns} FROM {TABLES[entity]} WHERE id = ?"
    newest = (
        "SELECT body FROM ledger WHERE entity_id = ? AND entity = ? "
        "ORDER BY at DESC, device DESC, seq DESC LIMIT 1"
    )
    found = []
    for entity_id in ids:
        body = store.one(newest, (entity_id, entity))
        image = image_of(entity, body[0]) if body else None
        row = store.one(live, (entity_id,))
        fits = image is not None and row == (
            *map(kept, statement.values(image)),
            *(d(image) for d in statement.derived),
        )
        if fits and entity == "claim" and image is not None:
            fits = lines_of(store, entity_id) == lines_in(image)
        if not fits:
            found.append(f"{TABLES[entity]}: {entity_id}")
    return found


def lines_of(store: Store, claim_id: str) -> list[tuple[object, ...]]:
    """A claim's lines as their tables have them, each with the ids of its activities."""
    lines = store.rows(
        "SELECT line, service_date, code, minutes, quantity, fee_cents FROM claim_lines "
        "WHERE claim_id = ? ORDER BY line",
        (claim_id,),
    )
    claimed = list(
        store.rows("SELECT line, activity_id FROM claim_activities WHERE claim_id = ?", (claim_id,))
    )
    return [(*line[1:], frozenset(each for number, each in claimed if number == line[0])) for line in lines]


def lines_in(image: Image) -> list[tuple[object, ...]]:
    """A claim's lines as its after-image has them; a voided claim holds no activities."""
    return [
        (
            *(line[name] for name in ("service_date", "code", "minutes", "quantity", "fee_cents")),
            frozenset() if image["voided"] else frozenset(line["activity_ids"]),
        )
        for line in image["lines"]
    ]


def compared(
    live: Iterable[tuple[object, ...]],
    replayed: Iterable[tuple[object, ...]],
    names: list[str],
    key: tuple[str, ...],
) -> Iterable[str]:
    """What differs between two lists of rows in the order of their keys, row by row."""
    name_of = itemgetter(*map(names.index, key))
    both = merge(
        ((name_of(row), "table", row) for row in live), ((name_of(row), "ledger", row) for row in replayed)
    )
    for name, found in groupby(both, itemgetter(0)):
        rows = {side: row for _, side, row in found}
        if len(rows) == 1:
            side, other = ("table", "ledger") if "table" in rows else ("ledger", "table")
            yield f"{name} stands in the {side} and not in the {other}"
        elif rows["table"] != rows["ledger"]:
            sides = zip(names, rows["table"], rows["ledger"], strict=True)
            yield f"{name} differs from the ledger in {', '.join(name for name, a, b in sides if a != b)}"
