"""Whoever has a copy of a practice's whole folder, and nothing else, learns no name, note or number from it.

Exports in the clear are apart, as SECURITY.md says: that they can be read is shown as well.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import unicodedata
import zipfile
from contextlib import closing
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from casemgr.clock import FixedClock
from casemgr.core.commands import AddPatient, AddStaff, OpenCase
from casemgr.errors import Locked, StoreUnavailable
from casemgr.services.access import unlocked
from casemgr.services.cases import open_case
from casemgr.services.claims import draft_claims
from casemgr.services.daily_process import make_daily
from casemgr.services.drafts import keep_draft
from casemgr.services.drilling import drill
from casemgr.services.exports import export_month
from casemgr.services.faults import reported
from casemgr.services.key_slots import invite, make_recovery
from casemgr.services.patients import add_patient
from casemgr.services.preferences import save_preference
from casemgr.services.rekeying import take_away
from casemgr.services.releases import allow_clear
from casemgr.services.safety import back_up
from casemgr.services.setup import create_practice
from casemgr.services.staff import add_staff
from casemgr.services.unlocking import unlock
from casemgr.settings import read_settings
from casemgr.store import ledger
from casemgr.store.database import connect
from tests.services.support import OCTOBER, cover, log
from tests.support import PASSPHRASE, own_runtime_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from casemgr.services.desk import Desk
    from casemgr.settings import Places

LEFT = "seven quiet herons over the weir"
"""The passphrase of somebody who has left."""

PEOPLE = (
    AddPatient("Quintanilla", "Esperanza", date(2012, 4, 9), "CH-774410", phone="617-555-0142"),
    AddPatient("O'Brien-Núñez", "Mary Jo", date(1990, 1, 5), "CH-774411", language="Portuguese"),
)
LINES = (
    "20m referral CH-774410 10/19 phone: impacted wisdom tooth, mother frightened => booked 10/28",
    "15m ride CH-774411 10/20: wheelchair van promised => ride confirmed !10/26 ring the dispatcher",
)
HALF_TYPED = "half a sentence about chickenpox"

OURS = {"practice", "recovery"}
"""Words of the program's own files that are texts in records as well."""


class Stolen(NamedTuple):
    """A copy of a folder, and what must not be found in it."""

    places: Places
    texts: frozenset[str]
    keys: tuple[str, ...]
    """The data's key and the one that it had before, which no file may hold."""


@pytest.fixture(scope="module")
def stolen(tmp_path_factory: pytest.TempPathFactory) -> Stolen:
    """All that work leaves in a folder: data, slots, settings, backups, failed tries, reports, exports."""
    folder = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CASEMGR_HOME", str(folder / "home"))
        patch.setenv("XDG_RUNTIME_DIR", str(own_runtime_folder()))
        places = read_settings().places
        clock = FixedClock(datetime(2026, 10, 21, 12, 0, tzinfo=ZoneInfo("America/New_York")))
        desk = create_practice(
            places,
            "Riverside Community Dental",
            "America/New_York",
            "mrivera",
            "Marisol Rivera",
            clock,
            passphrase=PASSPHRASE,
        )
        with closing(desk):
            words = " ".join(make_recovery(desk))
            former = work(desk, clock)
            texts = frozenset((*texts_of(desk), words))
            keys = (desk.store.key, former)
        with pytest.raises(Locked):
            unlock(places, "mrivera", "it was something with herons")
        try:
            raise ValueError("Quintanilla SYN0000001")
        except ValueError as error:
            reported(error)
    shutil.copytree(folder / "home", folder / "stolen")
    return Stolen(read_settings({"CASEMGR_HOME": str(folder / "stolen")}).places, texts, keys)


def work(desk: Desk, clock: FixedClock) -> str:
    """Some months of work in short; returns the key that the data had in the meantime."""
    allow_clear(desk)
    add_staff(desk, AddStaff("tchen", "Tam Chen", "RDH"))
    invite(desk, "tchen", LEFT)
    for person in PEOPLE:
        patient = add_patient(desk, person).patient
        cover(desk, patient.id)
        open_case(desk, OpenCase(patient.id, date(2026, 10, 1), complaint="Throbbing at 17", plan="A van"))
    for line in LINES:
        log(desk, line)
    draft_claims(desk, OCTOBER)
    export_month(desk, OCTOBER)
    save_preference(desk.places, "theme", "light")
    back_up(desk)
    former = desk.store.key
    take_away(desk, "tchen")
    clock.move(days=1)
    make_daily(desk)
    drill(desk)
    keep_draft(desk, "line", {"text": HALF_TYPED})
    return former


def texts_of(desk: Desk) -> Iterator[str]:
    """Every text of every record that is longer than a few letters, and every longer word in them.

    What left the house is recorded by its file's name, which is no secret.
    """
    for entry in (each for each in ledger.entries(desk.store) if each.entity != "disclosure"):
        for text in strings(json.loads(entry.body)):
            yield from (each for each in (text, *re.findall(r"\w[\w'-]{6,}", text)) if len(each) > 6)
    yield from (HALF_TYPED, PASSPHRASE, LEFT)


def strings(value: object) -> Iterator[str]:
    """The texts in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings(each)


def spelled(text: str) -> set[bytes]:
    """The bytes by which a text may stand in a file, in small letters."""
    forms = {unicodedata.normalize(form, text.casefold()) for form in ("NFC", "NFD")}
    return {
        form.encode(encoding, "ignore")
        for form in forms
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "latin-1")
    }


def found_in(content: bytes, texts: Iterable[str]) -> list[str]:
    """The texts that can be read in some bytes, whatever their case."""
    lowered = content.lower()
    return [text for text in texts if any(each in lowered for each in spelled(text))]


def inside(places: Places) -> list[Path]:
    """Every file of the folder but the exports."""
    home = places.data.parent
    files = [path for path in sorted(home.rglob("*")) if path.is_file()]
    return [path for path in files if not path.is_relative_to(places.exports)]


def test_the_folder_is_that_of_a_practice_at_work(stolen: Stolen) -> None:
    named = {path.relative_to(stolen.places.data.parent).parts[0] for path in inside(stolen.places)}
    assert named == {"data", "backups", "config", "reports"}
    assert stolen.places.slots in inside(stolen.places)
    assert stolen.places.tries in inside(stolen.places)
    assert len(databases(stolen.places)) >= 3
    known = {"Quintanilla", "Esperanza", "CH-774410", "617-555-0142", "SYN0000001", "mrivera", "Riverside"}
    assert known <= {word for text in stolen.texts for word in (text, *text.split())}


def test_no_file_tells_a_name_a_note_or_a_number(stolen: Stolen) -> None:
    wanted = stolen.texts - OURS
    told = {path.name: found_in(path.read_bytes(), wanted) for path in inside(stolen.places)}
    assert {name: texts for name, texts in told.items() if texts} == {}


def test_no_file_is_named_after_anybody(stolen: Stolen) -> None:
    names = "\n".join(path.name for path in stolen.places.data.parent.rglob("*"))
    assert found_in(names.encode(), stolen.texts - OURS - {str(OCTOBER)}) == []


def test_no_file_holds_a_key_of_the_data(stolen: Stolen) -> None:
    for path in inside(stolen.places):
        content = path.read_bytes()
        for key in stolen.keys:
            assert bytes.fromhex(key) not in content
            assert key.encode() not in content.lower()


def databases(places: Places) -> list[Path]:
    """The data, and every copy of it."""
    return [path for path in inside(places) if path.suffix == ".db"]


def test_sqlite_opens_neither_the_data_nor_a_backup(stolen: Stolen) -> None:
    for path in databases(stolen.places):
        with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.DatabaseError):
            connection.execute("SELECT * FROM sqlite_master").fetchall()


def test_another_key_opens_neither(stolen: Stolen) -> None:
    for path in databases(stolen.places):
        with pytest.raises(StoreUnavailable):
            connect(path, "00" * 32, read_only=True)


@pytest.mark.parametrize(
    ("login", "passphrase"),
    [("mrivera", PASSPHRASE.upper()), ("mrivera", LEFT), ("tchen", LEFT), ("nobody", PASSPHRASE)],
)
def test_no_passphrase_but_the_right_one_unlocks(stolen: Stolen, login: str, passphrase: str) -> None:
    stolen.places.tries.unlink(missing_ok=True)
    with pytest.raises(Locked) as refused:
        unlock(stolen.places, login, passphrase)
    assert found_in(str(refused.value.detail).encode(), stolen.texts) == []


def test_what_was_unlocked_on_its_own_machine_is_not_in_the_copy(stolen: Stolen) -> None:
    with pytest.raises(Locked):
        unlocked(stolen.places)


def test_the_right_passphrase_unlocks_the_copy(stolen: Stolen) -> None:
    stolen.places.tries.unlink(missing_ok=True)
    assert unlock(stolen.places, "mrivera", PASSPHRASE).key == stolen.keys[0]


def test_whoever_left_opens_what_they_took_before_and_nothing_since(stolen: Stolen) -> None:
    (before,) = stolen.places.backups.glob("casemgr-2*.db")
    (after,) = stolen.places.backups.glob("daily-*.db")
    connect(before, stolen.keys[1], read_only=True).close()
    for path in (stolen.places.database, after):
        with pytest.raises(StoreUnavailable):
            connect(path, stolen.keys[1], read_only=True)


def test_an_export_in_the_clear_can_be_read_by_anybody(stolen: Stolen) -> None:
    (workbook,) = stolen.places.exports.glob("*.xlsx")
    with zipfile.ZipFile(workbook) as unpacked:
        content = b"".join(map(unpacked.read, unpacked.namelist()))
    assert "Quintanilla" in found_in(content, stolen.texts)
