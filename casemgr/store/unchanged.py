"""Proof that a migration changed nothing but what its file declares.

A comment line in it such as `-- changes: claims.billed_cents, timers` names columns whose values it changes
or drops, and tables whose rows it adds, drops or rewrites. All else that was there before must be there
after, with the same values; the ledger always. What is new needs no word.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from casemgr.store.database import Store

DECLARED = "-- changes:"
LEDGER = "ledger"


class Undeclared(ValueError):
    """A migration changed what it does not declare, or declares what it cannot; the message says what."""


class Held(NamedTuple):
    """What a table held."""

    columns: frozenset[str]
    """Those that are compared."""
    rows: int
    digest: int
    """Of the rows in any order, by the columns that are compared."""


def declared(script: str, store: Store) -> frozenset[str]:
    """The columns and tables that a migration declares to change.

    Raises:
        Undeclared: one of them is not there, or is the ledger.
    """
    lines = (line for line in script.splitlines() if line.startswith(DECLARED))
    found = {name.strip() for line in lines for name in line.removeprefix(DECLARED).split(",")}
    known = {table: columns_of(store, table) for table in tables_of(store)}
    for name in sorted(found):
        table, _, column = name.partition(".")
        if table == LEDGER or table not in known or (column and column not in known[table]):
            raise Undeclared(f"It declares to change {name}, which is not there or must never change.")
    return frozenset(found)


def held(store: Store, free: Collection[str], like: dict[str, Held] | None = None) -> dict[str, Held]:
    """What each table holds.

    Args:
        store: the open store; the caller holds the write lock.
        free: columns and tables that are not compared.
        like: what was held before: its columns are compared, and its tables.
    """
    found = {}
    for table in tables_of(store):
        if table in free or (like is not None and table not in like):
            continue
        there = columns_of(store, table)
        compared = sorted(
            column
            for column in (there if like is None else there & like[table].columns)
            if f"{table}.{column}" not in free
        )
        names = ", ".join(f'"{column}"' for column in compared)
        rows, digest = digest_of(store.rows(f'SELECT {names or 1} FROM "{table}"'))
        found[table] = Held(frozenset(compared), rows, digest)
    return found


def digest_of(rows: Iterable[tuple[object, ...]]) -> tuple[int, int]:
    """How many rows there are, and the sum of their digests: a table that is written anew has no order."""
    count = total = 0
    for row in rows:
        count += 1
        total += int.from_bytes(sha256(repr(row).encode()).digest(), "big")
    return count, total


def refuse_changed(before: dict[str, Held], after: dict[str, Held]) -> None:
    """Refuse a difference.

    Raises:
        Undeclared: something is gone, or is not what it was; the message names the first.
    """
    for table, was in before.items():
        now = after.get(table)
        if now is None:
            raise Undeclared(f"The table {table} would have been gone.")
        if gone := sorted(was.columns - now.columns):
            raise Undeclared(f"{table}.{gone[0]} would have been gone.")
        if was.rows != now.rows:
            raise Undeclared(f"{table} would have had {now.rows:,} rows instead of {was.rows:,}.")
        if was.digest != now.digest:
            raise Undeclared(f"{table} would not have said the same afterwards.")


def tables_of(store: Store) -> list[str]:
    """The tables with content of their own: no index for searching, and nothing that notes migrations."""
    sql = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' ORDER BY name"
    return [name for (name,) in store.rows(sql) if not name.startswith(("sqlite_", "_sqlite_"))]


def columns_of(store: Store, table: str) -> frozenset[str]:
    """The columns of a table."""
    return frozenset(name for (name,) in store.rows("SELECT name FROM pragma_table_info(?)", (table,)))
