"""The drill: a backup is put back in a scratch folder, opened and compared, as if all else were lost."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, NamedTuple

from casemgr.clock import MICROSECONDS
from casemgr.errors import NotWritten, VerificationFailed
from casemgr.services.backups import contents_of, keys_of, kind_of, newest_backup, people_of
from casemgr.services.desk import Desk, migrations_folder
from casemgr.services.leftovers import DRILL, remove_leftovers
from casemgr.services.restoring import entries_beyond, record_copy, refuse_unproven, replace_file
from casemgr.services.safety import STAMP
from casemgr.settings import Places
from casemgr.store import backup, ledger, verify
from casemgr.store.database import open_as_it_is, open_store
from casemgr.store.reads.copies import tables
from casemgr.store.reads.house import logins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from casemgr.core.ledger import Entry
    from casemgr.services.backups import Contents
    from casemgr.store.database import Store
    from casemgr.store.reads.copies import Table

    Told = Callable[[str], None]


class Drilled(NamedTuple):
    """A backup that was put back in a scratch folder, and held."""

    path: Path
    kind: str
    """See services.backups.Backup."""
    contents: Contents
    tables: dict[str, Table]
    """What the backup has, and what was put back had as well."""
    missing: int
    """Entries of the present ledger that would be missing, but for those that only tell of copies."""
    strangers: int
    """Entries of the backup that the present ledger has not; 0 where it goes on from the backup's."""
    people: int | None
    """How many people's passphrases open it on a new machine; None where no key slots stand beside it."""
    seconds: float

    @property
    def rows(self) -> int:
        """How many rows were compared."""
        return sum(table.rows for table in self.tables.values())


def drill(desk: Desk, path: Path | None = None, told: Told | None = None) -> Drilled:
    """Put a backup back in a scratch folder, open it there, prove it and compare it; the data stays as it is.

    The present ledger alone is told of it.

    Args:
        desk: the open practice.
        path: the backup; else the newest.
        told: hears what is being checked.

    Raises:
        NotFound: there is no such backup, or none at all.
        StoreUnavailable: it cannot be opened, or the key slots beside it are damaged or not its own.
        VerificationFailed: it does not hold, or what was put back is not what it has.
        NotWritten: there is no space for the scratch folder.
    """
    began = desk.clock.now()
    path = path or newest_backup(desk.places)
    keys = keys_of(desk.places, desk.store.key)
    source = backup.open_backup(path, *keys)
    try:
        people = people_of(path, keys)
        refuse_unproven(source, told)
        held = contents_of(source)
        compared = rehearse(desk, source, held, told)
        with desk.store.snapshot():
            missing = len(entries_beyond(desk.store, source))
            strangers = len(ledger.beyond(source, desk.store))
    finally:
        source.close()
    with desk.write() as tx:
        record_copy(tx, "drill", path, held)
    seconds = (desk.clock.now() - began) / MICROSECONDS
    return Drilled(path, kind_of(path), held, compared, missing, strangers, people, seconds)


def last_drill(store: Store) -> Entry | None:
    """The ledger's entry of the last drill; None where there was none."""
    return next(ledger.entries(store, actions=("drill",), newest_first=True, limit=1), None)


def rehearse(desk: Desk, source: Store, held: Contents, told: Told | None) -> dict[str, Table]:
    """Put a backup back in a folder of its own, and compare and prove what is there; the folder is removed.

    Returns:
        Every table that was compared.
    """
    remove_leftovers(desk.places.data)
    try:
        # On the disk of the data, which has room for it as a rule, and is no network share.
        scratch = Path(mkdtemp(prefix=DRILL.format(process=os.getpid()), dir=desk.places.data))
    except OSError as error:
        raise NotWritten(
            "There is no place for the drill",
            f"{desk.places.data}: {error.strerror}. The data itself was not changed.",
            "Check the space on the disk, and who may write to its folder.",
        ) from error
    try:
        places = Places.under(scratch)
        key = desk.store.key
        replace_file(places, key, source, f"{desk.local(desk.clock.now()):{STAMP}}")
        compared = compare(places, key, source, told)
        prove(desk, places, key, held, told)
        return compared
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def compare(places: Places, key: str, source: Store, told: Told | None) -> dict[str, Table]:
    """Compare every table of what was put back with the backup's, before a newer schema can change it.

    Raises:
        VerificationFailed: they differ.
    """
    if told is not None:
        told("every table against the backup")
    restored = open_as_it_is(places.database, key, read_only=True)
    try:
        wanted, found = tables(source), tables(restored)
    finally:
        restored.close()
    refuse_differing(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
    return wanted


def prove(desk: Desk, places: Places, key: str, held: Contents, told: Told | None) -> None:
    """Open what was put back as any command does, and prove it.

    Raises:
        VerificationFailed: it does not hold.
    """
    store = open_store(places.database, key, migrations_folder())
    try:
        who = desk.login if desk.login in logins(store) else ""
        opened = Desk(store, places, desk.clock, who)
        report = verify.verify(opened.store, migrations_folder(), [held.head], told)
    finally:
        store.close()
    refuse_differing(report.problems)


def refuse_differing(problems: Iterable[str]) -> None:
    """Refuse a backup of which not all came back."""
    found = sorted(problems)
    if found:
        raise VerificationFailed(
            "What was put back is not what the backup has",
            "\n".join((*found, "The data itself was not changed.")),
            "Make a new backup with `casemgr backup`, and look after the disk.",
        )
