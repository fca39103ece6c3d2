"""Whether the record still holds: the file, the chain, the tables, and what was printed."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import sqlcipher3.dbapi2 as driver

from casemgr.core.ledger import Break, Witness, first_break
from casemgr.errors import CasemgrError
from casemgr.store.contents import differing_contents
from casemgr.store.database import BUSY_SECONDS, memory_store
from casemgr.store.ledger import entries, head
from casemgr.store.migrate import migration_files, pending
from casemgr.store.pages import code_key, newer_in_log
from casemgr.store.projection import differences, replay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from casemgr.store.database import Store

MOST_LOOKS = 5
"""How often a page that does not hold is looked at again."""

MOST_TOLD = 10
"""How much of one sort is listed: the first break matters, and a few more show how far it goes."""


IN_FILE = "file: "
"""How a problem begins that lies in the file itself: damage, rather than what somebody did to the record."""

VERIFIED = "verified"
"""Under which key this copy of the file remembers when it was last proven."""


class Verified(NamedTuple):
    """When a file was last proven, and how far it went then."""

    at: int
    """Instant in microseconds."""
    entries: int


class Report(NamedTuple):
    """What a verification found."""

    entries: int
    head: Witness | None
    """This device's last entry; None where damage keeps it from being read."""
    broken: Break | None
    """The first break of the chain."""
    problems: tuple[str, ...]
    """Everything found, in words; empty when all is well."""

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


def verify(
    store: Store,
    migrations: Path,
    witnesses: Iterable[Witness] = (),
    told: Callable[[str], None] | None = None,
) -> Report:
    """Check pages, chain, printed witnesses, and the tables against a replay of the ledger.

    Everything is read in one snapshot, so that others may go on writing meanwhile. The tables of a file with
    an older schema are not compared: bringing it to the present one comes first.

    Args:
        store: the open store, or a backup.
        migrations: where the schema's SQL files are.
        witnesses: printed positions that must be found.
        told: hears what is being done, since it takes seconds where there is much.

    Raises:
        StoreUnavailable: damaged so that nothing can be read, or made by a newer program.
    """
    say = told or (lambda what: None)
    say("the file's pages")
    damage = damaged_pages(store)
    if damage:
        # The driver reads nothing more from a file once it has met a damaged page.
        return Report(0, None, None, tuple(damage))
    with store.snapshot():
        count = (store.one("SELECT count(*) FROM ledger") or (0,))[0]
        say(f"the chain of {count:,} entries")
        broken = first_break(entries(store), witnesses)
        problems = [f"ledger: {broken.device}:{broken.seq}: {broken.what}"] if broken else []
        problems += foreign_devices(store)
        say("the file's structure")
        problems += structure_problems(store)
        if not pending(store, migration_files(migrations)):
            say("the tables against a replay of the ledger")
            problems += table_problems(store, migrations)
            say("attachments and kept payer files against their digests")
            problems += islice(differing_contents(store), MOST_TOLD)
        return Report(count, head(store), broken, tuple(problems))


def note_verified(store: Store, at: int, entries: int) -> None:
    """Remember in the file itself that it was proven; not in the ledger, since nothing of the record changed.

    Also through a connection that is else for reading only; nobody is waited for who writes just now.

    Args:
        store: the open store.
        at: instant in microseconds.
        entries: how many there were.
    """
    (reading_only,) = store.one("PRAGMA query_only") or (0,)
    store.connection.execute("PRAGMA query_only = OFF")
    store.connection.execute("PRAGMA busy_timeout = 100")
    try:
        with store.immediate():
            store.connection.execute(
                "INSERT INTO local (key, value) VALUES (?, ?) "
                "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (VERIFIED, f"{at} {entries}"),
            )
    finally:
        store.connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        store.connection.execute(f"PRAGMA query_only = {reading_only}")


def last_verified(store: Store) -> Verified | None:
    """When the file was last proven; None where it never was."""
    try:
        at, entries = map(int, store.local(VERIFIED).split())
    except ValueError:
        return None
    return Verified(at, entries)


def foreign_devices(store: Store) -> list[str]:
    """Chains that this file's device did not write, in words: there is only its own until ledgers join."""
    device = store.local("device")
    found = [row[0] for row in store.rows("SELECT DISTINCT device FROM ledger ORDER BY device")]
    return [
        f"ledger: {other} is not this file's device, which is {device or 'unnamed'}"
        for other in found
        if other != device
    ]


def damaged_pages(store: Store) -> list[str]:
    """The pages of the file whose authentication code does not hold, in words.

    The check looks at the file alone, in which another process may be in the middle of writing a page, and in
    which a machine that failed may have left one half written that the write-ahead log has whole.
    """
    found, folded = page_findings(store), True
    for _ in range(MOST_LOOKS):
        if not found:
            break
        folded = fold_log(store)
        again = page_findings(store)
        found = {words: page for words, page in found.items() if words in again}
    if found and not folded and store.path is not None:
        newer = newer_in_log(store.path, code_key(store.key, salt_of(store)))
        found = {words: page for words, page in found.items() if page not in newer}
    return [f"{IN_FILE}{words}" for words in islice(found, MOST_TOLD)]


def page_findings(store: Store) -> dict[str, int]:
    """What the driver's own check finds, in its words, each with the page's number."""
    found = [row[0] for row in store.rows("PRAGMA cipher_integrity_check")]
    return {words: int(next((part for part in words.split() if part.isdecimal()), 0)) for words in found}


def fold_log(store: Store) -> bool:
    """Fold the write-ahead log into the file, as closing does; whether the file has all of it now."""
    try:
        found = store.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    except driver.Error:
        return False
    busy, pages, folded = found or (0, 0, 0)
    return not busy and pages == folded


def salt_of(store: Store) -> bytes:
    """What the file begins with."""
    found = store.one("PRAGMA cipher_salt")
    return bytes.fromhex(found[0]) if found else b""


def structure_problems(store: Store) -> list[str]:
    """Where rows and indexes of the file do not agree, in words."""
    found = store.rows(f"PRAGMA integrity_check({MOST_TOLD})")
    return [f"{IN_FILE}{row[0]}" for row in found if row[0] != "ok"]


def table_problems(store: Store, migrations: Path) -> list[str]:
    """Where schema and tables are not what migrations and ledger make of them."""
    replayed = memory_store(migrations)
    try:
        problems = schema_differences(store, replayed)
        strip(replayed)
        replay(store, replayed)
        return problems + differences(store, replayed, MOST_TOLD)
    except (ValueError, CasemgrError) as error:
        return [*problems, f"ledger: it cannot be replayed: {error}"]
    finally:
        replayed.close()


def schema_differences(live: Store, wanted: Store) -> list[str]:
    """Tables, indexes and guards that are missing, changed, or not ours."""
    sql = "SELECT type || ' ' || name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
    ours, theirs = dict(live.rows(sql)), dict(wanted.rows(sql))
    problems = [f"schema: {name} is missing" for name in theirs.keys() - ours.keys()]
    problems += [f"schema: {name} is not ours" for name in ours.keys() - theirs.keys()]
    problems += [
        f"schema: {name} was changed" for name in ours.keys() & theirs.keys() if ours[name] != theirs[name]
    ]
    return sorted(problems)[:MOST_TOLD]


def strip(store: Store) -> None:
    """Drop the indexes of a store in memory: a replay is only read once, from end to end.

    Its triggers stay, since one of them renames a patient in the search index; what was not renamed could not
    be forgotten later.
    """
    sql = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    for (name,) in list(store.rows(sql)):
        store.connection.execute(f"DROP INDEX {name}")
