"""A practice on a real encrypted file, and somebody who holds the key and tampers with it."""

from __future__ import annotations

import shutil
from contextlib import closing, contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

import pytest

from casemgr.clock import FixedClock
from casemgr.core.commands import AddPatient, FollowUpWish, LogActivity
from casemgr.services.activities import log_activity
from casemgr.services.desk import open_desk
from casemgr.services.patients import add_patient
from casemgr.services.safety import back_up
from casemgr.services.setup import create_practice
from casemgr.settings import Settings, read_settings
from casemgr.store.database import connect
from tests.support import PASSPHRASE, key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from casemgr.services.activities import Logged
    from casemgr.services.desk import Desk

NEW_YORK = ZoneInfo("America/New_York")

NOTE = "Called the surgeon about the panoramic image. " * 8

GUARDS = ("ledger_is_never_changed", "ledger_is_never_shortened")


class Log(Protocol):
    """Logs an activity for Ana, with a follow-up."""

    def __call__(self, note: str = "", minutes: int = 20) -> Logged: ...


class Execute(Protocol):
    """Executes SQL on a raw connection."""

    def __call__(self, sql: str, parameters: tuple[object, ...] = ()) -> list[tuple[object, ...]]: ...


NOON = datetime(2026, 10, 21, 12, 0, tzinfo=NEW_YORK)


@pytest.fixture
def clock() -> FixedClock:
    """Noon of Wednesday, 10/21/2026, in New York."""
    return FixedClock(NOON)


@pytest.fixture
def settings(home: Path) -> Settings:
    """Where the practice is kept."""
    return read_settings({"CASEMGR_HOME": str(home)})


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home folder of a practice that is made once, for each test to work on a copy."""
    home = tmp_path_factory.mktemp("made") / "home"
    places = read_settings({"CASEMGR_HOME": str(home)}).places
    clock = FixedClock(NOON)
    create_practice(
        places, "Riverside Dental", "America/New_York", "amy", "Amy Ames", clock, passphrase=PASSPHRASE
    ).close()
    return home


@pytest.fixture
def desk(template: Path, home: Path, settings: Settings, clock: FixedClock) -> Iterator[Desk]:
    """The desk of amy, the owner of a practice without patients."""
    shutil.copytree(template, home)
    with closing(open_desk(settings, clock=clock)) as opened:
        yield opened


@pytest.fixture
def ana(desk: Desk) -> str:
    """Id of the patient Ana Garcia."""
    return add_patient(desk, AddPatient("Garcia", "Ana", date(2012, 4, 9), "1030")).patient.id


@pytest.fixture
def log(desk: Desk, ana: str) -> Log:
    """Logs an activity for Ana, with a follow-up."""

    def logged(note: str = "Called the surgeon", minutes: int = 20) -> Logged:
        follow_up = FollowUpWish(date(2026, 10, 26), "confirm the ride")
        wish = LogActivity(
            ana, "referral", date(2026, 10, 21), minutes, "booked", note=note, follow_ups=(follow_up,)
        )
        return log_activity(desk, wish)

    return logged


@pytest.fixture
def tampering(settings: Settings) -> Callable[[], AbstractContextManager[Execute]]:
    """Whoever has the key can take the guards away, change what they like, and put the guards back."""

    @contextmanager
    def opened() -> Iterator[Execute]:
        connection = connect(settings.places.database, key_of(settings.places))

        def execute(sql: str, parameters: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
            found: list[tuple[object, ...]] = connection.execute(sql, parameters).fetchall()
            return found

        try:
            guards = [
                execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,))[0][0] for name in GUARDS
            ]
            for name in GUARDS:
                execute(f"DROP TRIGGER {name}")
            yield execute
            for sql in guards:
                execute(str(sql))
        finally:
            connection.close()

    return opened


@pytest.fixture
def key(desk: Desk) -> str:
    """The data's key."""
    return desk.store.key


@pytest.fixture
def kept(desk: Desk, key: str, log: Log, settings: Settings, clock: FixedClock) -> Path:
    """A practice of some pages of every kind, closed; a backup that lacks its last four entries."""
    for number in range(12):
        add_patient(desk, AddPatient(f"Synthetic{number}", "Sam", date(2010, 1, 1), str(2000 + number)))
    for _ in range(30):
        log(NOTE)
    back_up(desk)
    clock.move(minutes=1)
    log("later")
    with desk.store.immediate():
        # What is deleted leaves pages on the list of free ones.
        desk.store.connection.execute("INSERT INTO drafts VALUES ('amy', 'line', ?, 1)", ("x" * 40_000,))
        desk.store.connection.execute("DELETE FROM drafts")
    desk.close()
    return settings.places.database
