"""The doctor's checks of the practice's record: whether it opens, what proves it, what its clock says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from casemgr.clock import local
from casemgr.core.health import Checked, State
from casemgr.core.wording import counted
from casemgr.errors import CasemgrError, Damaged, Locked, NotFound, NotOpened
from casemgr.services.damage import damage_of
from casemgr.services.desk import migrations_folder, refuse_no_practice
from casemgr.services.doctor_scene import DAY, last_at, short, size_of, sized
from casemgr.services.setup import likely_zone
from casemgr.store import ledger
from casemgr.store.migrate import migration_files, schema_version
from casemgr.store.reads.house import house
from casemgr.store.verify import Verified, last_verified

if TYPE_CHECKING:
    from casemgr.services.doctor_scene import Scene
    from casemgr.store.database import Store

VERIFY_DAYS = 30
"""After so many days the record is to be proven again."""

VERIFY_ENTRIES = 5_000
"""After so many entries as well."""

WORK_IT_OUT = "Run `casemgr verify`: it says what is left of the record, and what to restore."

SOON = DAY // 288
"""Five minutes, in microseconds: by so much may clocks differ."""


def data(scene: Scene) -> Checked:
    """Whether there is data, and whether this program can open it."""
    where = short(scene.places.database)
    try:
        refuse_no_practice(scene.places)
    except CasemgrError as error:
        new = isinstance(error, NotFound) and not any(scene.places.backups.glob("**/*.db"))
        return Checked(State.ADVICE if new else State.TROUBLE, lowered(error.title), error.todo)
    if scene.store is None:
        said = f"{where}, {sized(size_of(scene.places.database))}"
        if scene.shut is None or isinstance(scene.shut, Locked):
            return Checked(State.OK, f"{said}, locked")
        return Checked(State.TROUBLE, f"{where}: {lowered(scene.shut.title)}", scene.shut.todo)
    version, known = schema_version(scene.store), len(migration_files(migrations_folder()))
    said = f"{where}, schema {version}, {counted(ledger.count(scene.store), 'entry')}"
    if version > known:
        todo = "Install the newer casemgr on this machine too."
        return Checked(State.TROUBLE, f"{said}; this program knows {known}", todo)
    if version < known:
        return Checked(State.OK, f"{said}; brought to {known} when it is opened next")
    return Checked(State.OK, said)


def damage(scene: Scene) -> Checked:
    """Whether damage was met in the data, now or by whoever opened it before."""
    noted = damage_of(scene.places)
    if noted is not None:
        means = noted.means[0] if noted.means else "What is left of it is not worked out yet."
        todo = noted.todo or WORK_IT_OUT
        return Checked(State.TROUBLE, f"met {scene.ago(noted.at)}; the data is only read. {means}", todo)
    met = scene.shut
    if scene.store is not None:
        try:
            ledger.count(scene.store)
        except Damaged as error:
            met = error
    if not isinstance(met, Damaged | NotOpened) or scene.unlocked is None:
        return Checked(State.OK, "none was met")
    # Imported here, since only damage needs it.
    from casemgr.services.salvage import findings

    if found := findings(scene.places, scene.unlocked.key):
        return Checked(State.TROUBLE, found[0], WORK_IT_OUT)
    todo = "Run `casemgr lock`, then `casemgr unlock`; if that does not help, `casemgr restore` a backup."
    return Checked(State.TROUBLE, "the key was changed meanwhile, or all of the file is damaged", todo)


def verify(scene: Scene) -> Checked:
    """When the record was last proven, and how much was added since."""
    if scene.store is None:
        return Checked(State.UNKNOWN, scene.unread)
    found, todo = last_proof(scene.store), "Run `casemgr verify`."
    if found is None:
        first = next(ledger.entries(scene.store, limit=1), None)
        new = first is not None and scene.now - first.at < VERIFY_DAYS * DAY
        said = "not run yet on this copy of the data"
        return Checked(State.OK, said) if new else Checked(State.ADVICE, said, todo)
    since = max(ledger.count(scene.store) - found.entries, 0)
    said = f"all agreed {scene.ago(found.at)}; {counted(since, 'entry')} since"
    if scene.now - found.at > VERIFY_DAYS * DAY or since > VERIFY_ENTRIES:
        return Checked(State.ADVICE, said, todo)
    return Checked(State.OK, said)


def last_proof(store: Store) -> Verified | None:
    """When all was last found to agree, by a verification or while a backup was made, which has one in it."""
    found = [one for one in (last_verified(store),) if one]
    for made in ledger.entries(store, actions=("backup",), newest_first=True, limit=1):
        found.append(Verified(made.at, json.loads(made.body)["rows"]))
    return max(found, default=None)


def clock(scene: Scene) -> Checked:
    """Whether the machine's clock is behind what was written already."""
    if scene.untimed is not None:
        return Checked(State.TROUBLE, lowered(scene.untimed.title), scene.untimed.todo)
    latest = last_at(scene)
    if latest > scene.now + SOON:
        hours = round((latest - scene.now) * 24 / DAY)
        ahead = counted(hours // 24, "day") if hours >= 48 else counted(max(hours, 1), "hour")
        return Checked(
            State.ADVICE,
            f"what was written last is {ahead} in the future",
            "See whether this machine's date and time are right.",
        )
    return Checked(State.OK, "nothing was written in the future")


def time_zone(scene: Scene) -> Checked:
    """The time zone by which dates are counted, beside the machine's."""
    if scene.store is None:
        return Checked(State.UNKNOWN, scene.unread)
    ours, here = house(scene.store).time_zone, likely_zone()
    said = f"{ours}, {local(scene.now, ZoneInfo(ours)):%H:%M}"
    return Checked(State.OK, said if ours == here else f"{said}; this machine: {here}")


def lowered(title: str) -> str:
    """A title as part of a line."""
    return title[:1].lower() + title[1:]
