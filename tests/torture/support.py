"""A practice that real processes work on, and the proof that nothing acknowledged was lost."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.commands import AddPatient
from casemgr.services.desk import open_desk
from casemgr.services.drafts import drafts
from casemgr.services.patients import add_patient
from casemgr.services.releases import allow_clear
from casemgr.services.safety import verify_practice
from casemgr.services.setup import create_practice
from casemgr.settings import Settings, read_settings
from tests.support import PASSPHRASE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.support import Cli

LINE = "1m referral 1030: asked for the chart => booked !tomorrow confirm the ride"
"""What the processes log."""


class Practice(NamedTuple):
    """A practice, by its folder and its command line."""

    settings: Settings
    cli: Cli

    def activities(self) -> set[str]:
        """The ids of all activities: each has its follow-up, and none is offered as half-typed still."""
        desk = open_desk(self.settings)
        try:
            found = {row[0] for row in desk.store.rows("SELECT id FROM activities")}
            for draft in drafts(desk):
                note = draft.body["text"]
                assert desk.store.one("SELECT 1 FROM activities WHERE note = ?", (note,)) is None
            followed = [row[0] for row in desk.store.rows("SELECT activity_id FROM follow_ups")]
        finally:
            desk.close()
        assert sorted(followed) == sorted(found)
        return found

    def prove(self, acknowledged: Iterable[str]) -> None:
        """Everything acknowledged is there, nothing is half there, and the record holds."""
        assert set(acknowledged) <= self.activities()
        assert verify_practice(self.settings.places).problems == ()


def make_practice(home: Path, cli: Cli) -> Practice:
    """A practice with one patient, in a folder."""
    settings = read_settings({"CASEMGR_HOME": str(home)})
    desk = create_practice(
        settings.places, "Riverside Dental", "America/New_York", "amy", "Amy Ames", passphrase=PASSPHRASE
    )
    try:
        add_patient(desk, AddPatient("Garcia", "Ana", date(2012, 4, 9), "1030"))
        allow_clear(desk)
    finally:
        desk.close()
    return Practice(settings, cli)


def ids(stdout: str) -> list[str]:
    """The ids that `casemgr log --json` acknowledged; a process that was killed may have said nothing."""
    try:
        value = json.loads(stdout)
    except ValueError:
        return []
    return [one["id"] for one in (value if isinstance(value, list) else [value])]
