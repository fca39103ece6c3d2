"""A practice to work on: a real encrypted store, a clock that stands still, and three patients."""

from __future__ import annotations

import shutil
from contextlib import closing, contextmanager
from datetime import date, datetime
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from casemgr.clock import FixedClock
from casemgr.core.commands import AddPatient, AddStaff
from casemgr.services.access import begin_session, session
from casemgr.services.desk import Desk, open_desk
from casemgr.services.patients import add_patient, the_patient_id
from casemgr.services.releases import allow_clear
from casemgr.services.setup import create_practice
from casemgr.services.staff import add_staff
from casemgr.settings import Settings, read_settings
from tests.services.support import RIDE, cover, log
from tests.support import PASSPHRASE, own_runtime_folder, sit_down

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from casemgr.core.records import Activity
    from tests.services.support import Anew

NEW_YORK = ZoneInfo("America/New_York")

PEOPLE = (
    AddPatient("Garcia", "Ana", date(2012, 4, 9), "1030", language="Spanish", phone="617-555-0130"),
    AddPatient("Garcia", "Ana", date(1985, 4, 9), "1031"),
    AddPatient("O'Brien-Núñez", "Mary Jo", date(1990, 1, 5), "1032"),
)
"""Two namesakes, and a name with every mark that people leave out."""


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
    name = "Riverside Community Dental"
    desk = create_practice(
        places, name, "America/New_York", "mrivera", "Marisol Rivera", FixedClock(NOON), passphrase=PASSPHRASE
    )
    with closing(desk):
        add_staff(desk, AddStaff("tchen", "Tam Chen", "RDH", access="supervisor"))
        for person in PEOPLE:
            add_patient(desk, person)
        for login in ("tchen", "mrivera"):
            desk.seat(login)
            allow_clear(desk)
    return home


@pytest.fixture
def desk(template: Path, home: Path, settings: Settings, clock: FixedClock) -> Iterator[Desk]:
    """The desk of mrivera, the owner; tchen works here as well."""
    shutil.copytree(template, home, dirs_exist_ok=True)
    with closing(open_desk(settings, clock=clock)) as opened:
        yield opened


@pytest.fixture
def anew(template: Path, tmp_path: Path, clock: FixedClock) -> Anew:
    """Opens a copy of its own for each example of a property: what examples before it left costs nothing."""

    @contextmanager
    def opened() -> Iterator[Desk]:
        with TemporaryDirectory(dir=tmp_path) as folder:
            home = shutil.copytree(template, folder, dirs_exist_ok=True)
            with closing(open_desk(read_settings({"CASEMGR_HOME": home}), clock=clock)) as desk:
                yield desk

    return opened


@pytest.fixture
def desk_of(desk: Desk, settings: Settings, clock: FixedClock) -> Iterator[Callable[[str], Desk]]:
    """Other desks on the same data, each with a connection of its own, by login."""
    opened: list[Desk] = []

    def of(login: str) -> Desk:
        opened.append(sit_down(settings, login, clock))
        return opened[-1]

    yield of
    for one in opened:
        one.close()


@pytest.fixture
def own_runtime(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A runtime folder of the test's own, in which the practice is unlocked: copies of one share theirs."""
    found = session(desk.places)
    assert found
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(own_runtime_folder()))
    begin_session(desk.places, found)


@pytest.fixture
def ana(desk: Desk) -> str:
    """Id of Ana Garcia, born in 2012, chart 1030."""
    return the_patient_id(desk, "1030")


@pytest.fixture
def covered(desk: Desk, ana: str) -> Activity:
    """A ride of Ana Garcia, who is covered, so that it can be claimed."""
    cover(desk, ana)
    return log(desk, RIDE)


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    """A log of two activities, to import."""
    path = tmp_path / "log.csv"
    path.write_text(
        "Date,Patient,Type,Mins,Staff,Outcome\n"
        "10/19/2026,Garcia Ana 4/9/2012,Referral,20,Tam Chen,booked\n"
        "10/20/2026,Garcia Ana 4/9/2012,Referral,25,Tam Chen,booked\n",
        encoding="utf-8",
    )
    return path
