"""Damage done to a practice's file, as disks do it."""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from casemgr.core.commands import LogActivity
from casemgr.errors import StoreUnavailable
from casemgr.services.access import Unlocked
from casemgr.services.activities import log_activity
from casemgr.services.desk import open_unlocked
from casemgr.services.patients import the_patient_id
from casemgr.store.pages import PAGE
from casemgr.store.readable import Reader, proven

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk
    from casemgr.settings import Settings


def reopened(settings: Settings, key: str, clock: FixedClock) -> Desk:
    """The owner's desk."""
    return open_unlocked(settings, Unlocked("amy", key), clock)


def logged(desk: Desk) -> str:
    """Log an activity; returns its id."""
    wish = LogActivity(
        the_patient_id(desk, "1030"), "referral", date(2026, 10, 21), 20, "booked", note="to be saved"
    )
    return log_activity(desk, wish).activity.id


def harmed(path: Path, number: int, how: str = "flip", offset: int = 2000) -> None:
    """Damage one page, numbered from 1, as disks do."""
    with path.open("r+b") as file:
        start = (number - 1) * PAGE
        file.seek(start)
        page = bytearray(file.read(PAGE))
        if how == "flip":
            page[offset] ^= 1
        elif how == "zero":
            page = bytearray(PAGE)
        file.seek(start)
        file.write(page)


def pages_of(path: Path) -> int:
    """How many pages a file has."""
    return path.stat().st_size // PAGE


def ledger_leaf(path: Path, key: str) -> int:
    """A page that has a part of the ledger, but neither its first nor its last entries."""
    aside = path.with_name("aside.db")
    for number in range(2, pages_of(path) + 1):
        shutil.copyfile(path, aside)
        harmed(aside, number)
        with suppress(StoreUnavailable):
            reader = Reader(aside, key)
            found = proven(reader)
            reader.close()
            if found.broken and 0 < found.entries < found.readable:
                aside.unlink()
                return number
    raise AssertionError
