"""A practice for the command line to work on."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import AddPatient, AddStaff
from casemgr.services.patients import add_patient
from casemgr.services.releases import allow_clear
from casemgr.services.setup import create_practice
from casemgr.services.staff import add_staff
from casemgr.settings import read_settings
from tests.support import PASSPHRASE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import Cli


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home folder of a practice that is made once, for each test to work on a copy."""
    home = tmp_path_factory.mktemp("made") / "home"
    places = read_settings({"CASEMGR_HOME": str(home)}).places
    desk = create_practice(
        places,
        "Riverside Community Dental",
        "America/New_York",
        "mrivera",
        "Marisol Rivera",
        passphrase=PASSPHRASE,
    )
    with closing(desk):
        add_staff(desk, AddStaff("tchen", "Tam Chen", "RDH", access="supervisor"))
        for person in (
            AddPatient("Garcia", "Ana", date(2012, 4, 9), "1030", language="Spanish"),
            AddPatient("Garcia", "Ana", date(1985, 4, 9), "1031"),
            AddPatient("O'Brien-Núñez", "Mary Jo", date(1990, 1, 5), "1032"),
        ):
            add_patient(desk, person)
        for login in ("tchen", "mrivera"):
            desk.seat(login)
            allow_clear(desk)
    return home


@pytest.fixture
def practice(template: Path, home: Path, run_cli: Cli) -> Cli:
    """The command line on a practice of mrivera and tchen, with three patients, two of them namesakes."""
    shutil.copytree(template, home)
    return run_cli
