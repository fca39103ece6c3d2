"""The tables as a projection of the ledger: each row is what the newest after-image of its record says."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from casemgr.core.people import search_key
from casemgr.core.records import ENTITIES
from casemgr.core.text import canonical_json

if TYPE_CHECKING:
    from collections.abc import Callable

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
    "import": "imports",
    "disclosure": "disclosures",
}
"""The table of each entity."""

DERIVED: dict[str, dict[str, Callable[[Image], object]]] = {
    "patient": {"search_key": lambda image: search_key(image["last_name"], image["first_name"])},
    "activity": {"source_digest": lambda image: (image["source"] or {}).get("digest", "")},
}
"""Columns that are worked out from the after-image."""

OWN_TABLE = {"claim": ("lines",)}
"""Fields that stand in tables of their own."""

PROJECTED = (*TABLES.values(), "claim_lines", "claim_activities")


class Statement(NamedTuple):
    """The upsert of one entity, worked out once."""

    sql: str
    fields: tuple[str, ...]
    derived: tuple[Callable[[Image], object], ...]


@cache
def upsert(entity: str) -> Statement:
    """The statement that puts an after-image in its table, in the place of the one before."""
    own = OWN_TABLE.get(entity, ())
    fields = tuple(name for name in ENTITIES[entity].model_fields if name not in own)
    derived = DERIVED.get(entity, {})
    columns = (*fields, *derived)
    changed = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name != "id")
    names = ", ".join(f'"{name}"' for name in columns)
    sql = (
        f"INSERT INTO {TABLES[entity]} ({names}) VALUES ({', '.join('?' * len(columns))}) "
        f"ON CONFLICT (id) DO UPDATE SET {changed}"
    )
    return Statement(sql, fields, tuple(derived.values()))


def project(store: Store, entity: str, image: Image) -> None:
    """Put an after-image in its table."""
    statement = upsert(entity)
    values = [column(image[name]) for name in statement.fields]
    values += [derive(image) for derive in statement.derived]
    store.connection.execute(statement.sql, values)
    if entity == "claim":
        project_lines(store, image)


def column(value: object) -> object:
    """A field's value as a column holds it: nested ones as canonical JSON, nothing as empty text."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (dict, list)):
        return canonical_json(value)
    return "" if value is None else value


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
    """Project every entry of a ledger into an empty store, in the order of their times."""
    for entity, body in ledger.rows("SELECT entity, body FROM ledger ORDER BY at, device, seq"):
        project(into, entity, json.loads(body))


def differences(live: Store, replayed: Store, limit: int = 10) -> list[str]:
    """Where the live tables are not what the ledger makes of them, in words; at most `limit`."""
    found: list[str] = []
    for table in PROJECTED:
        names = [row[1] for row in live.rows(f"PRAGMA table_info({table})") if row[1] != "row"]
        key = next(name for name in ("id", "activity_id", "claim_id") if name in names)
        order = ", ".join(f'"{name}"' for name in ([key, "line"] if "line" in names else [key]))
        columns = ", ".join(f'"{name}"' for name in names)
        sql = f"SELECT {columns} FROM {table} ORDER BY {order}"
        position = names.index(key)
        ours, theirs = live.rows(sql), replayed.rows(sql)
        left, right = next(ours, None), next(theirs, None)
        while (left is not None or right is not None) and len(found) < limit:
            if left == right:
                left, right = next(ours, None), next(theirs, None)
            elif right is None or (left is not None and left[position] < right[position]):
                assert left is not None
                found.append(f"{table}: {left[position]} stands in the table and not in the ledger")
                left = next(ours, None)
            elif left is None or right[position] < left[position]:
                found.append(f"{table}: {right[position]} stands in the ledger and not in the table")
                right = next(theirs, None)
            else:
                changed = [name for name, a, b in zip(names, left, right, strict=True) if a != b]
                found.append(f"{table}: {left[position]} differs from the ledger in {', '.join(changed)}")
                left, right = next(ours, None), next(theirs, None)
    return found
