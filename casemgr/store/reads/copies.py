"""What a copy of the data holds, in figures by which two copies can be compared."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from casemgr.store.database import Store


class Counts(NamedTuple):
    """How many records of the kinds that people know there are; voided ones are not counted."""

    patients: int
    activities: int
    claims: int
    open_follow_ups: int


class Table(NamedTuple):
    """A table's content in short."""

    rows: int
    digest: str
    """SHA-256 over every row, in the order in which they are kept."""


def counts(store: Store) -> Counts:
    """How many records there are, whatever schema the file has."""
    conditions = {
        "patients": "voided = 0",
        "activities": "voided = 0",
        "claims": "voided = 0",
        "follow_ups": "voided = 0 AND done_on = ''",
    }
    asked = (f"(SELECT count(*) FROM {table} WHERE {which})" for table, which in conditions.items())
    return Counts._make(store.one(f"SELECT {', '.join(asked)}") or (0, 0, 0, 0))


def tables(store: Store) -> dict[str, Table]:
    """Every table by its name, with how many rows it has and their digest."""
    names = store.rows(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
        "AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    )
    return {name: _table(store, name) for (name,) in list(names)}


def _table(store: Store, name: str) -> Table:
    digest, rows = sha256(), 0
    # In no other order than that of the file, which a copy of its pages has too.
    for row in store.rows(f'SELECT * FROM "{name}" NOT INDEXED'):
        digest.update(repr(row).encode())
        rows += 1
    return Table(rows, digest.hexdigest())
