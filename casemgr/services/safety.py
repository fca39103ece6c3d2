"""Proving the record, copying it, and saying where everything is."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import date, datetime, time
from itertools import chain, count
from typing import TYPE_CHECKING, NamedTuple

from casemgr.clock import SystemClock, instant_of
from casemgr.core.entities import ENTITIES
from casemgr.core.ledger import Witness
from casemgr.errors import CasemgrError, Damaged, InputRefused, NotOpened, ParseError
from casemgr.services.access import unlocked
from casemgr.services.backups import DAILY_NAME
from casemgr.services.damage import Damage, forget_damage
from casemgr.services.desk import migrations_folder, refuse_no_practice
from casemgr.services.disclosures import record_disclosure
from casemgr.services.releases import OPERATIONS, Release
from casemgr.store import backup, ledger, verify
from casemgr.store.database import open_as_it_is

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from casemgr.core.ledger import Entry
    from casemgr.services.desk import Desk
    from casemgr.settings import Places
    from casemgr.store.verify import Report

STAMP = "%Y%m%d-%H%M%S"
"""A moment in a file name."""


def verify_practice(
    places: Places, against: Iterable[str] = (), told: Callable[[str], None] | None = None
) -> Report:
    """Check the practice's file, chain and tables, and that what documents print is in the chain.

    Nothing of the record is changed, and slots and data file are enough: a broken practice can be looked into
    as well. Where all agrees, the file remembers when that was, for `casemgr doctor`; where the file is
    damaged, that is noted beside it, and it is only read from then on.

    Args:
        places: where key and data are.
        against: printed witnesses, such as `K7Q2:120 9f86d081884c7d65`.
        told: hears what is being done.

    Raises:
        InputRefused: a witness cannot be read.
        StoreUnavailable: key or damage keep everything from being read.
    """
    witnesses = [read_witness(text) for text in against]
    refuse_no_practice(places)
    key = unlocked(places).key
    try:
        store = open_as_it_is(places.database, key, read_only=True)
        try:
            report = verify.verify(store, migrations_folder(), witnesses, told)
            if report.ok:
                forget_damage(places)
                # Where it cannot be written to, it was proven all the same.
                with suppress(CasemgrError):
                    verify.note_verified(store, SystemClock().now(), report.entries)
        finally:
            store.close()
    except (Damaged, NotOpened) as error:
        from casemgr.services.salvage import at_opening

        raise at_opening(places, key, error) from error
    if damage := tuple(each for each in report.problems if each.startswith(verify.IN_FILE)):
        from casemgr.services.salvage import worked_out

        worked_out(places, key, Damage(what=damage), told)
    return report


def read_witness(text: str) -> Witness:
    """A witness as documents print it.

    Raises:
        InputRefused: it is none.
    """
    try:
        return Witness.parse(text)
    except ParseError as error:
        raise InputRefused(
            f"“{text}” is not a witness",
            f"{error}.",
            "Copy it from the foot of a page or from the workbook's control sheet.",
        ) from error


def ledger_entries(
    desk: Desk, entity: str = "", staff: str = "", since: date | None = None, limit: int = 0
) -> list[Entry]:
    """The ledger's entries, newest first; what is empty does not narrow.

    Args:
        desk: the open practice.
        entity: a kind of record, such as `activity`.
        staff: login of who acted.
        since: first local date.
        limit: at most so many; 0 for all.

    Raises:
        InputRefused: there is no such kind of record.
    """
    if entity and entity not in ENTITIES:
        raise InputRefused(f"“{entity}” is not a kind of record", "", "Name one of these.", tuple(ENTITIES))
    begin = instant_of(datetime.combine(since, time(), desk.zone)) if since else 0
    return list(
        ledger.entries(desk.store, staff=staff, entity=entity, since=begin, newest_first=True, limit=limit)
    )


class BackedUp(NamedTuple):
    """A backup that was made and proven."""

    path: Path
    report: Report
    sha256: str


def back_up(desk: Desk, target: Path | None = None, told: Callable[[str], None] | None = None) -> BackedUp:
    """Copy the data to a new file, encrypted with the same key, and prove the copy; the key is not in it.

    Args:
        desk: the open practice.
        target: the file to make, or the folder to make it in; else the practice's folder for backups.
        told: hears what of the copy is being checked.

    Raises:
        InputRefused: it would be taken for a daily one, and removed in time.
        NotWritten: there is such a file already, or no space.
        VerificationFailed: the copy does not hold, most likely because the data does not; no copy is kept.
    """
    path = target or desk.places.backups
    if path.is_dir() or target is None:
        path = unused(path / f"casemgr-{desk.local(desk.clock.now()):{STAMP}}.db")
    refuse_daily_name(desk.places, path)
    report = backup.back_up(desk.store, desk.store.key, path, migrations_folder(), told)
    digest = digest_of(path)
    record_disclosure(
        desk,
        "backup",
        "backup",
        path.name,
        digest,
        Release("encrypted", OPERATIONS),
        rows=report.entries,
        filters=str(report.head),
    )
    return BackedUp(path, report, digest)


def refuse_daily_name(places: Places, path: Path) -> None:
    """Refuse to make a backup by hand under a name by which the daily ones are let go of."""
    if DAILY_NAME.fullmatch(path.name) and path.parent.resolve() == places.backups.resolve():
        raise InputRefused(
            "That is the name of a daily backup",
            f"{path.name} would be removed in time, as the daily ones are. Nothing was made.",
            "Take another name, or none.",
        )


def unused(path: Path) -> Path:
    """A path, or the first that nothing has of those with -2, -3, … after its name."""
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    return next(one for one in chain([path], numbered) if not one.exists())


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Located(NamedTuple):
    """A file or folder of the practice."""

    what: str
    path: Path
    exists: bool


def locate(places: Places) -> list[Located]:
    """Where everything is kept, whether it is there yet or not."""
    named = {
        "data": places.database,
        "key slots": places.slots,
        "config": places.config,
        "exports": places.exports,
        "backups": places.backups,
    }
    return [Located(what, path, path.exists()) for what, path in named.items()]
