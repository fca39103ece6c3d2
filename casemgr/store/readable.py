"""What can still be read of a damaged file: rows around bad pages, and how far its ledger holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from casemgr.core.ledger import GENESIS, Entry, entry_hash
from casemgr.errors import StoreUnavailable
from casemgr.store.database import open_as_it_is
from casemgr.store.ledger import COLUMNS
from casemgr.store.unchanged import tables_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LAST_ROW = 1 << 48
"""Beyond every row."""

MOST_GAPS = 200
"""With more gaps than that in a table, the rest of it is not looked for: each takes dozens of tries."""


class TableRead(NamedTuple):
    """How much of a table can be read."""

    name: str
    rows: int
    whole: bool


class Proven(NamedTuple):
    """How far a damaged ledger holds."""

    readable: int
    """Entries that can be read."""
    entries: int
    """Of these, so many follow from one another from the first on, as they were written."""
    last_at: int
    """Instant of the last of those in microseconds; 0 for none."""
    known: int
    """Entries that there were, as far as what can be read says."""
    broken: str
    """The first entry that cannot be read or does not hold, as device and position; empty for none."""


class Reader:
    """Reads a damaged file; a connection that has met a damaged page reads nothing more, and is renewed."""

    def __init__(self, path: Path, key: str) -> None:
        """Open it.

        Raises:
            StoreUnavailable: it does not open.
        """
        self._path = path
        self._key = key
        self.store = open_as_it_is(path, key, read_only=True)

    def renew(self) -> None:
        """Take another connection."""
        self.store.close()
        self.store = open_as_it_is(self._path, self._key, read_only=True)

    def rows_around(self, table: str, columns: str, gaps: list[int]) -> Iterator[tuple[Any, ...]]:
        """The rows of a table, in the order in which they were added, but for those on damaged pages.

        Args:
            table: one with row numbers.
            columns: SQL.
            gaps: gets the row number at which each gap begins.
        """
        sql = f'SELECT rowid, {columns} FROM "{table}" NOT INDEXED WHERE rowid >= ? ORDER BY rowid'
        first = 0
        while first < LAST_ROW and len(gaps) < MOST_GAPS:
            try:
                for row in self.store.rows(sql, (first,)):
                    yield row[1:]
                    first = row[0] + 1
                return
            except StoreUnavailable:
                gaps.append(first)
                self.renew()
            first = self._beyond(f"{sql} LIMIT 1", first)

    def _beyond(self, sql: str, first: int) -> int:
        """The first row that can be read beyond a gap, by steps that grow and then shrink again."""
        low, high, step = first, first + 1, 1
        while high < LAST_ROW and not self._reads(sql, high):
            low, step = high, step * 2
            high += step
        while high - low > 1 and high < LAST_ROW:
            middle = (low + high) // 2
            low, high = (low, middle) if self._reads(sql, middle) else (middle, high)
        return high

    def _reads(self, sql: str, row: int) -> bool:
        try:
            self.store.one(sql, (row,))
        except StoreUnavailable:
            self.renew()
            return False
        return True

    def close(self) -> None:
        """Let it go."""
        self.store.close()


def tables_read(reader: Reader) -> list[TableRead]:
    """How much of each table with row numbers can be read; empty where not even the list of them can."""
    try:
        numbered = {name for (name,) in reader.store.rows("SELECT name FROM pragma_table_list WHERE NOT wr")}
        names = [name for name in tables_of(reader.store) if name in numbered]
    except StoreUnavailable:
        reader.renew()
        return []
    found = []
    for name in names:
        gaps: list[int] = []
        rows = sum(1 for _ in reader.rows_around(name, "*", gaps))
        found.append(TableRead(name, rows, not gaps))
    return found


def proven(reader: Reader) -> Proven:
    """How far the ledger of a damaged file holds, by the table alone: no index of it is asked."""
    gaps: list[int] = []
    held: dict[str, tuple[int, str]] = {}
    known: dict[str, int] = {}
    readable = entries = last_at = 0
    broken = ""
    for row in reader.rows_around("ledger", COLUMNS, gaps):
        readable += 1
        entry = Entry._make(row)
        seq, prev = held.get(entry.device, (0, GENESIS))
        known[entry.device] = max(known.get(entry.device, 0), entry.seq)
        sound = entry_hash(entry.prev, *entry[:10]) == entry.hash
        if sound and (entry.seq, entry.prev) == (seq + 1, prev):
            held[entry.device] = (entry.seq, entry.hash)
            entries, last_at = entries + 1, max(last_at, entry.at)
        elif not broken:
            broken = f"{entry.device}:{seq + 1}"
    if gaps and not broken:
        device = next(iter(held), "")
        broken = f"{device}:{held[device][0] + 1}" if device else "the first"
    return Proven(readable, entries, last_at, sum(known.values()), broken)
