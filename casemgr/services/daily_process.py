"""The process that makes the daily backup: where, with what key and for whom it reads from standard input."""

from __future__ import annotations

import json
import os
import sys
from contextlib import closing, suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from casemgr.clock import SystemClock
from casemgr.core.dates import format_us
from casemgr.core.records import Disclosure
from casemgr.core.rotation import staying
from casemgr.errors import CasemgrError, NotWritten
from casemgr.services.backups import DAILY_NAME
from casemgr.services.daily import note_file, read_note, write_note
from casemgr.services.desk import Desk, migrations_folder
from casemgr.services.leftovers import remove_leftovers
from casemgr.services.releases import OPERATIONS
from casemgr.services.safety import digest_of
from casemgr.settings import Places
from casemgr.store import backup
from casemgr.store.database import open_store
from casemgr.store.locks import locked

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from casemgr.store.verify import Report

LOWEST = 19
"""The priority of a process that gives way to all others."""


def make_daily(desk: Desk) -> Path:
    """Make and prove today's backup, record it, and only then let go of those that outlived their use.

    Raises:
        NotWritten: it could not be written, or is there already.
        VerificationFailed: it does not hold; it was not kept, and neither was anything else removed.
        NotRecorded: it was made, and the ledger could not be told; nothing else was removed.
    """
    places = desk.places
    remove_leftovers(places.data, places.backups)
    path = places.daily_backup(desk.today())
    report = backup.back_up(desk.store, desk.store.key, path, migrations_folder())
    try:
        record_daily(desk, path, report)
    except CasemgrError as error:
        raise NotRecorded(error) from error
    rotate(places, desk.today())
    return path


class NotRecorded(CasemgrError):
    """A backup that was made and proven, of which the ledger could not be told."""

    def __init__(self, error: CasemgrError) -> None:
        """Keep what went wrong."""
        super().__init__(error.title, error.detail if isinstance(error, NotWritten) else "", error.todo)


def record_daily(desk: Desk, path: Path, report: Report) -> None:
    """Tell the ledger of a daily backup.

    Raises:
        NotWritten: it cannot be written to.
    """
    with desk.write() as tx:
        made = Disclosure(
            id=tx.new_id(),
            what="daily backup",
            filters=str(report.head),
            rows=report.entries,
            sha256=digest_of(path),
            file=path.name,
            left_as="encrypted",
            purpose=OPERATIONS,
        )
        tx.append("backup", "disclosure", made)


def rotate(places: Places, today: date) -> list[Path]:
    """Remove the automatic backups that outlived their use, and no others.

    Returns:
        Those that were removed.
    """
    days = daily_backups(places)
    kept = staying(days.keys(), today)
    removed = [path for day, path in days.items() if day not in kept]
    for path in removed:
        # In this order, so that none is ever left without its key slots.
        path.unlink(missing_ok=True)
        backup.slots_beside(path).unlink(missing_ok=True)
    for slots in places.backups.glob("daily-????????.slots"):
        # Left by what was stopped before its backup had its name, or here.
        if not slots.with_suffix(".db").exists():
            slots.unlink(missing_ok=True)
    return removed


def daily_backups(places: Places) -> dict[date, Path]:
    """The automatic backups by their days; a file whose name is no date is none."""
    found = {}
    for path in places.backups.glob("daily-*.db"):
        named = DAILY_NAME.fullmatch(path.name)
        with suppress(ValueError):
            if named:
                found[datetime.strptime(named[1], "%Y%m%d").date()] = path  # noqa: DTZ007 - a day alone
    return found


def alone(places: Places) -> AbstractContextManager[bool]:
    """Whether nobody else makes one at this moment, nor can until the end; dying lets go of it too."""
    return locked(places.data / ".daily-backup.lock")


def try_daily(desk: Desk) -> None:
    """Make today's backup unless somebody else has or does, and note what goes wrong."""
    places, today = desk.places, desk.today()
    with alone(places) as nobody_else:
        if not nobody_else or desk.has_daily_backup():
            return
        try:
            make_daily(desk)
        except NotRecorded as error:
            words = f"was made and holds, but the ledger could not be told of it. {error.title}."
            note(places, f"The daily backup of {format_us(today)} {words} {error.detail} {error.todo}")
        except CasemgrError as error:
            # What a verification finds may be a record's own words.
            detail = f" {error.detail}" if isinstance(error, NotWritten) else ""
            note_failure(places, today, f"{error.title}.{detail} {error.todo}")
        except Exception as error:
            note_failure(
                places, today, f"An unexpected fault ({type(error).__name__}). Run `casemgr verify`."
            )
        else:
            note_file(places).unlink(missing_ok=True)


def note_failure(places: Places, today: date, why: str) -> None:
    """Keep why there is no backup."""
    note(
        places,
        f"The daily backup of {format_us(today)} could not be made. {why} It is tried again by itself.",
    )


def note(places: Places, words: str) -> None:
    """Keep what went wrong; what was said once is not said again."""
    before = read_note(places)
    write_note(places, before._replace(words=words, told=before.told and before.words == words))


def main() -> None:
    """Make the daily backup; there is nobody to tell anything to but the note."""
    handed = json.load(sys.stdin)
    places = Places(*map(Path, handed["places"]))
    if hasattr(os, "nice"):
        os.nice(LOWEST)
    clock = SystemClock()
    try:
        store = open_store(places.database, handed["key"], migrations_folder())
        with closing(Desk(store, places, clock, handed["login"])) as desk:
            try_daily(desk)
    except (OSError, CasemgrError):
        # The next command that opens the data meets the same, and says it.
        sys.exit(1)


if __name__ == "__main__":
    main()
