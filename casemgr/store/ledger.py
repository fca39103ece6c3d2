"""Appending to the ledger, which is the only way that data changes, and reading it back."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from casemgr.core.bounds import overlong, too_long
from casemgr.core.ids import new_id
from casemgr.core.ledger import GENESIS, UNMOVING, Entry, Witness, entry_hash
from casemgr.core.text import canonical_json
from casemgr.errors import InputRefused
from casemgr.store.projection import project

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from casemgr.core.entity import Entity
    from casemgr.store.database import Store

    Check = Callable[[str, str, Entity], None]
    """Raises where an action must not be done to a record of that entity."""

DEVICE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters that nobody mistakes for one another."""

COLUMNS = ", ".join(Entry._fields)
_INSERT = f"INSERT INTO ledger ({COLUMNS}) VALUES ({', '.join('?' * len(Entry._fields))})"
_MOVING = "action NOT IN ({})".format(", ".join(f"'{action}'" for action in sorted(UNMOVING)))


class Transaction:
    """One deed: the entries of one command, appended and projected together or not at all."""

    def __init__(self, store: Store, staff: str, now: int, check: Check | None = None) -> None:
        """Read the head under the write lock, which is held already."""
        self.store = store
        self.check = check
        self.staff = staff
        self.device, self.seq, self.prev = head(store)
        latest = (store.one("SELECT max(at) FROM ledger") or (None,))[0] or 0
        # A hybrid logical clock: past every entry that is there, whatever the machine's clock says.
        self.now = max(now, latest + 1)
        self._next_at = self.now
        self.command = new_id(self.now)
        self.entries = 0

    def new_id(self) -> str:
        """A fresh id for a new record."""
        return new_id(self.now)

    def append(self, action: str, entity: str, record: Entity, reason: str = "") -> None:
        """Append an after-image and project it.

        Args:
            action: what was done, as a verb (`log`, `amend`, `void`, `export`, …).
            entity: a key of `core.entities.ENTITIES`.
            record: the entity as it is from now on.
            reason: why, where the record's rules ask for it.

        Raises:
            InputRefused: a text is too long (see core/bounds.py), or no valid Unicode.
        """
        if self.check is not None:
            self.check(action, entity, record)
        image = record.model_dump()
        body = canonical_json(image)
        for found in (*overlong(image), *overlong({"reason": reason})):
            # What an older version let in may stay as it is.
            if not self._said_before(entity, record.id, found.field, found.text):
                raise too_long(found)
        seq, at = self.seq + 1, self._next_at
        columns = (self.device, seq, at, self.staff, action, entity, record.id, reason, self.command, body)
        try:
            digest = entry_hash(self.prev, *columns)
        except UnicodeEncodeError:
            # Bytes that are no text reach Python as lone surrogates, which nothing can store or show.
            raise InputRefused(
                "Some of the text is no valid Unicode",
                "Nothing was saved.",
                "Type it again; of a file, save it as UTF-8.",
            ) from None
        self.store.connection.execute(_INSERT, (*columns, self.prev, digest))
        project(self.store, entity, image)
        self.seq, self.prev, self._next_at = seq, digest, at + 1
        self.entries += 1

    def _said_before(self, entity: str, entity_id: str, field: str, text: str) -> bool:
        """Whether a record had a text before, as such or among its kind's fields."""
        for entry in history(self.store, entity, entity_id):
            image = json.loads(entry.body)
            if text in (image.get(field), (image.get("fields") or {}).get(field)):
                return True
        return False

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A part of the deed that stands or falls by itself: an error inside undoes it alone, and goes on."""
        before = self.seq, self.prev, self._next_at, self.entries
        execute = self.store.connection.execute
        execute("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            self.seq, self.prev, self._next_at, self.entries = before
            # Some errors, a full disk among them, have rolled the whole deed back already.
            if self.store.connection.in_transaction:
                execute("ROLLBACK TO attempt")
                execute("RELEASE attempt")
            raise
        execute("RELEASE attempt")


@contextmanager
def write(
    store: Store, staff: str, now: int, *, dry_run: bool = False, check: Check | None = None
) -> Iterator[Transaction]:
    """The one write path: lock, read the head, let the caller check and append, commit.

    Args:
        store: the open store.
        staff: login of who acts.
        now: the present in microseconds.
        dry_run: take everything back at the end.
        check: asked before each entry; what it raises takes the deed back.
    """
    with store.immediate(dry_run=dry_run):
        yield Transaction(store, staff, now, check)


def name_device(store: Store) -> str:
    """Give a new file its device code, four letters or digits."""
    code = "".join(DEVICE_ALPHABET[byte % len(DEVICE_ALPHABET)] for byte in os.urandom(4))
    with store.immediate():
        store.connection.execute("INSERT INTO local (key, value) VALUES ('device', ?)", (code,))
    return code


def witness(store: Store) -> tuple[Witness, int]:
    """Position and hash of the last entry of this device that changed the record, and its instant."""
    device = store.local("device")
    found = store.one(
        f"SELECT seq, hash, at FROM ledger WHERE device = ? AND {_MOVING} ORDER BY seq DESC LIMIT 1",
        (device,),
    )
    if found is None:
        return Witness(device, 0, GENESIS), 0
    return Witness(device, found[0], found[1]), found[2]


def last_change(store: Store) -> str:
    """Login of who made the last entry of this device that changed the record; empty before the first."""
    found = store.one(
        f"SELECT staff FROM ledger WHERE device = ? AND {_MOVING} ORDER BY seq DESC LIMIT 1",
        (store.local("device"),),
    )
    return found[0] if found else ""


def changed_since(store: Store, at: int) -> bool:
    """Whether an entry of any device changed the record after an instant."""
    return store.one(f"SELECT 1 FROM ledger WHERE at > ? AND {_MOVING} LIMIT 1", (at,)) is not None


def head(store: Store) -> Witness:
    """Position and hash of this device's very last entry."""
    device = store.local("device")
    found = store.one("SELECT seq, hash FROM ledger WHERE device = ? ORDER BY seq DESC LIMIT 1", (device,))
    return Witness(device, *(found or (0, GENESIS)))


def count(store: Store) -> int:
    """How many entries there are, of all devices."""
    found = store.one("SELECT count(*) FROM ledger")
    return found[0] if found else 0


def first_at(store: Store) -> int:
    """Instant of the first entry, of any device; 0 before there is one."""
    found = store.one("SELECT min(at) FROM ledger")
    return (found and found[0]) or 0


def last_row(store: Store) -> int:
    """Row of the newest entry, of any device: another one once anything was written. 0 before the first."""
    found = store.one("SELECT max(rowid) FROM ledger")
    return (found and found[0]) or 0


def beyond(store: Store, other: Store) -> list[tuple[int, str]]:
    """Instant and action of the entries that another ledger has not."""
    held = {row[0] for row in other.rows("SELECT hash FROM ledger")}
    rows = store.rows("SELECT at, hash, action FROM ledger")
    return [(at, action) for at, digest, action in rows if digest not in held]


def entries(
    store: Store,
    *,
    device: str = "",
    seqs: tuple[int, int] | None = None,
    staff: str = "",
    entity: str = "",
    actions: Collection[str] = (),
    since: int = 0,
    newest_first: bool = False,
    limit: int = 0,
) -> Iterator[Entry]:
    """Entries by device and position, or the newest first; what is empty does not narrow.

    Args:
        store: the open store.
        device: code of the device whose chain it is.
        seqs: first and last position in a chain, inclusive.
        staff: login of who acted.
        entity: a kind of record, such as `activity`.
        actions: only these.
        since: from this instant on, in microseconds.
        newest_first: by instant rather than by device and position.
        limit: at most so many; 0 for all.
    """
    clauses: list[str] = []
    parameters: list[object] = []
    for condition, value in (
        ("device = ?", device),
        ("staff = ?", staff),
        ("entity = ?", entity),
        ("at >= ?", since),
    ):
        if value:
            clauses.append(condition)
            parameters.append(value)
    if seqs:
        clauses.append("seq BETWEEN ? AND ?")
        parameters.extend(seqs)
    if actions:
        clauses.append(f"action IN ({', '.join('?' * len(actions))})")
        parameters.extend(actions)
    clause = f"WHERE {' AND '.join(clauses)}" if clauses else ""
    order = "at DESC, device DESC, seq DESC" if newest_first else "device, seq"
    most = f"LIMIT {int(limit)}" if limit else ""
    sql = f"SELECT {COLUMNS} FROM ledger {clause} ORDER BY {order} {most}"
    return map(Entry._make, store.rows(sql, parameters))


def history(store: Store, entity: str, entity_id: str) -> list[Entry]:
    """Every entry of one record, oldest first."""
    sql = f"SELECT {COLUMNS} FROM ledger WHERE entity_id = ? AND entity = ? ORDER BY at, device, seq"
    return list(map(Entry._make, store.rows(sql, (entity_id, entity))))
