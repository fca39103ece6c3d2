"""An import of a large log, against python-calamine reading the file and a bare insert of its rows."""

from __future__ import annotations

import shutil
import sys
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from openpyxl import Workbook

from casemgr.services.importing import import_log
from tests.benchmarks.bare_import import insert_all
from tests.benchmarks.log import KEY, environ_of, process
from tests.benchmarks.stores import MONTH, STAFF, WORDS, person, settings_of
from tests.benchmarks.table import Line, alternated
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.benchmarks.stores import Stores

BAR = 3
ROWS = 10_000
ROUNDS = 5
PATIENTS = 40
WORK = (
    ("Referral", "packet faxed"),
    ("Ride", "ride confirmed"),
    ("Interpreter", "confirmed"),
    ("No show", "left voicemail"),
    ("Education", "teach-back done"),
)


def run(stores: Stores) -> Iterator[Line]:
    """As whole processes, and without starting them."""
    count = 500 if stores.quick else ROWS
    file, bare = stores.scratch / "log.xlsx", stores.scratch / "bare-import.db"
    write_log(file, count)
    empty, home = stores.filled(1_000), stores.scratch / "import"
    settings = settings_of(home)

    def prepare() -> None:
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(empty.places.data.parent, home)
        for left in stores.scratch.glob(f"{bare.name}*"):
            left.unlink()

    environ = environ_of(settings)
    ours = [sys.executable, "-m", "casemgr", "import", "log", str(file)]
    base = [sys.executable, str(ROOT / "tests" / "benchmarks" / "bare_import.py"), str(file), str(bare), KEY]
    took = alternated(
        lambda: process(ours, environ), lambda: process(base, environ), stores.rounds(ROUNDS), prepare
    )
    yield Line(f"import of {count:,} rows, whole process / read and inserted bare", *took, BAR)

    def take_in() -> None:
        desk = stores.desk(settings)
        try:
            assert import_log(desk, file).summary["accepted"] == count
        finally:
            desk.close()

    took = alternated(take_in, lambda: insert_all(str(file), str(bare), KEY), stores.rounds(ROUNDS), prepare)
    yield Line(f"import of {count:,} rows, within a process / the same", *took, BAR)


def write_log(path: Path, count: int) -> None:
    """A practice's own log of a month, with everything that a row may say; no two rows are alike."""
    chance = Random(count)
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Log")
    sheet.append(
        ["Date", "Patient", "DOB", "Type", "Min", "Staff", "Contact", "Notes", "Outcome", "Follow up"]
    )
    days = (MONTH.last - MONTH.first).days + 1
    for number in range(count):
        last, first, born, _ = person(chance.randrange(PATIENTS))
        kind, outcome = chance.choice(WORK)
        day = MONTH.first + timedelta(days=number * days // count)
        note = f"{' '.join(chance.choices(WORDS, k=8)).capitalize()}, call {number}."
        due = f"11/{chance.randrange(1, 29)}/2026" if number % 8 == 0 else ""
        minutes = chance.randrange(1, 12) * 5
        staff = chance.choice(STAFF)[1]
        sheet.append([day, f"{last}, {first}", born, kind, minutes, staff, "phone", note, outcome, due])
    workbook.save(path)
