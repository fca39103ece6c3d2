"""Making a practice: all of it or nothing, with a key apart from the data that only its owner can read."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from casemgr.core.records import LOGIN, Practice
from casemgr.errors import InputRefused, NotFound, NotWritten
from casemgr.services.desk import open_desk
from casemgr.services.practices import edit_practice
from casemgr.services.setup import create_practice, likely_login, likely_zone
from casemgr.store.reads.records import load
from tests.services.support import assert_whole, length, log
from tests.support import PASSPHRASE

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.services.desk import Desk
    from casemgr.settings import Settings


def make(
    settings: Settings,
    name: str = "Riverside",
    time_zone: str = "America/New_York",
    owner: str = "mrivera",
    owner_name: str = "Marisol Rivera",
) -> Desk:
    return create_practice(settings.places, name, time_zone, owner, owner_name, passphrase=PASSPHRASE)


def test_everything_is_private_and_the_data_is_encrypted(settings: Settings) -> None:
    desk = make(settings, name="  Riverside   Community ", owner=" MRivera ")
    assert (desk.practice.name, desk.staff.id, desk.staff.name) == (
        "Riverside Community",
        "mrivera",
        "Marisol Rivera",
    )
    assert_whole(desk)
    desk.close()
    places = settings.places
    for path, mode in (
        (places.slots, 0o600),
        (places.database, 0o600),
        (places.data, 0o700),
        (places.exports, 0o700),
        (places.backups, 0o700),
        (places.config, 0o700),
    ):
        assert stat.S_IMODE(path.stat().st_mode) == mode, path
    content = places.database.read_bytes()
    assert b"Riverside" not in content
    assert not content.startswith(b"SQLite format")
    assert sorted(path.name for path in places.data.iterdir()) == ["casemgr.db", "casemgr.slots"]
    assert not places.keys.exists()


def test_a_practice_is_not_made_over_another(settings: Settings) -> None:
    make(settings).close()
    slots, data = settings.places.slots.read_bytes(), settings.places.database.read_bytes()
    with pytest.raises(NotWritten, match="already"):
        make(settings, name="Another")
    assert (settings.places.slots.read_bytes(), settings.places.database.read_bytes()) == (slots, data)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"name": "  "}, "name"),
        ({"time_zone": "America/NewYork"}, "America/NewYork"),
        ({"time_zone": "../etc/passwd"}, "time zone"),
        ({"time_zone": ""}, "time zone"),
        ({"owner": "m rivera"}, "login"),
        ({"owner": ""}, "login"),
        ({"owner": "../x"}, "login"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_made(
    settings: Settings, home: Path, changes: dict[str, str], named: str
) -> None:
    with pytest.raises(InputRefused) as refused:
        make(settings, **changes)
    assert named in refused.value.title
    assert not home.exists()


def test_the_nearest_time_zones_are_named(settings: Settings) -> None:
    with pytest.raises(InputRefused) as refused:
        make(settings, time_zone="America/NewYork")
    assert "America/New_York" in refused.value.candidates


def test_what_is_left_of_a_practice_is_not_written_over(settings: Settings) -> None:
    make(settings).close()
    settings.places.database.unlink()
    slots = settings.places.slots.read_bytes()
    with pytest.raises(NotWritten, match="not empty") as refused:
        make(settings)
    assert "restore" in refused.value.todo
    assert settings.places.slots.read_bytes() == slots


def test_an_empty_folder_is_filled(settings: Settings) -> None:
    settings.places.data.mkdir(parents=True)
    make(settings).close()
    assert settings.places.slots.exists()


def test_what_a_killed_set_up_left_is_removed_by_the_next(settings: Settings, home: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for number in (str(gone.pid), str(os.getppid()), "mine"):
        (home / f".new-{number}").mkdir(parents=True)
        (home / f".new-{number}" / "casemgr.db").touch()
    make(settings).close()
    assert sorted(path.name for path in home.glob(".new*")) == sorted([f".new-{os.getppid()}", ".new-mine"])


def test_without_a_practice_people_are_told_how_to_make_one(settings: Settings) -> None:
    with pytest.raises(NotFound, match="no practice here yet") as refused:
        open_desk(settings)
    assert "casemgr init" in refused.value.todo


def test_what_is_likely_can_be_used() -> None:
    assert re.fullmatch(LOGIN, likely_login())
    assert likely_zone()


class TestParticulars:
    def test_they_are_changed_and_what_they_were_stays(self, desk: Desk) -> None:
        before = length(desk)
        edit_practice(desk, {"phone": " 617-555-0180 ", "owner": "TChen"})
        assert (desk.practice.phone, desk.practice.owner) == ("617-555-0180", "tchen")
        assert load(desk.store, Practice, "practice") == desk.practice
        assert length(desk) == before + 1

    @pytest.mark.parametrize(
        "changes", [{"name": " "}, {"time_zone": "Nowhere"}, {"phone": ""}, {"owner": "nobody"}, {}]
    )
    def test_what_cannot_be_is_refused(self, desk: Desk, changes: dict[str, str]) -> None:
        before = length(desk)
        with pytest.raises((InputRefused, NotFound)):
            edit_practice(desk, changes)
        assert length(desk) == before

    def test_a_new_time_zone_holds_at_once(self, desk: Desk) -> None:
        """Noon of the 21st in New York is the 22nd in Auckland."""
        edit_practice(desk, {"time_zone": "Pacific/Auckland"})
        assert desk.today().isoformat() == "2026-10-22"
        assert log(desk, "20m referral #1030: consult => booked").service_date == "2026-10-22"
