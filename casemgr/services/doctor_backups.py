"""The doctor's checks of the backups: how old they are, which days lack one, when one was tried out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from casemgr.clock import local_date
from casemgr.core.health import Checked, State
from casemgr.services.backups import BY_HAND, DAILY, backup_files, kind_of, newest_first
from casemgr.services.daily import read_note
from casemgr.services.doctor_scene import DAY, changed_at, last_at, size_of, sized
from casemgr.services.drilling import last_drill
from casemgr.services.preferences import preferences
from casemgr.store import ledger
from casemgr.store.backup import slots_beside

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from casemgr.services.doctor_scene import Scene

LATE_DAYS, FAR_TOO_LATE_DAYS = 2, 14
"""Work of so many days without a backup is to be looked after, or is trouble."""

LOOKED_BACK = 7
"""Days of which the daily backups are all kept."""

DRILL_DAYS = 90

MAKE_ONE = "Make one with `casemgr backup`."


def backups(scene: Scene) -> Checked:
    """The newest backup of each kind, what is missing, and what went wrong the last time."""
    files = newest_first([path for path in backup_files(scene.places) if kind_of(path) in {DAILY, BY_HAND}])
    if not files:
        return none_yet(scene)
    size = sum(map(size_of, files))
    said = f"{newest(scene, files)}; {len(files)} kept, {sized(size)}"
    days = (last_at(scene) - changed_at(files[0])) // DAY
    if days >= LATE_DAYS:
        state = State.TROUBLE if days >= FAR_TOO_LATE_DAYS else State.ADVICE
        return Checked(state, f"{said}; work of {days} days is in none", failed(scene) or MAKE_ONE)
    if why := failed(scene):
        return Checked(State.ADVICE, said, why)
    if not slots_beside(files[0]).exists():
        todo = "Keep the key slots with it, or it opens on this machine alone."
        return Checked(State.ADVICE, f"{said}; no key slots beside the newest", todo)
    if not preferences(scene.places).values.daily_backup:
        todo = "Turn it on again: `casemgr settings set daily_backup yes`."
        return Checked(State.ADVICE, f"{said}; the daily one is turned off", todo)
    if missed := missed_days(scene):
        named = ", ".join(f"{day:%m/%d}" for day in missed)
        return Checked(State.ADVICE, f"{said}; none of {named}", "Leave the machine on until it is made.")
    return Checked(State.OK, said)


def none_yet(scene: Scene) -> Checked:
    """What is said where there is no backup at all."""
    if not scene.places.database.exists():
        return Checked(State.UNKNOWN, "there is no practice yet")
    if scene.now - first_at(scene) < LATE_DAYS * DAY and not failed(scene):
        return Checked(State.OK, "none yet; the first is made on the second day")
    if preferences(scene.places).values.daily_backup and not read_note(scene.places).at:
        return Checked(State.ADVICE, "none yet; the next command begins the first")
    return Checked(State.TROUBLE, "none at all", failed(scene) or MAKE_ONE)


def newest(scene: Scene, files: Sequence[Path]) -> str:
    """The newest backup of each kind: `daily today, by hand 9 days ago`."""
    kinds = {kind: next((path for path in files if kind_of(path) == kind), None) for kind in (DAILY, BY_HAND)}
    return ", ".join(f"{kind} {scene.ago(changed_at(path))}" for kind, path in kinds.items() if path)


def failed(scene: Scene) -> str:
    """Why the automatic backup was not made the last time; empty where it was, or is on its way."""
    return " ".join(read_note(scene.places).words.split())


def first_at(scene: Scene) -> int:
    """When the practice was made, as far as that can be told."""
    if scene.store is not None:
        first = next(ledger.entries(scene.store, limit=1), None)
        return first.at if first else scene.now
    return changed_at(scene.places.slots if scene.places.slots.exists() else scene.places.database)


def missed_days(scene: Scene) -> list[date]:
    """The days of the week before today on which something was entered and no backup was made."""
    if scene.store is None:
        return []
    today = local_date(scene.now, scene.zone)
    since = today - timedelta(LOOKED_BACK)
    entries = ledger.entries(scene.store, since=scene.now - (LOOKED_BACK + 1) * DAY)
    days = sorted({local_date(entry.at, scene.zone) for entry in entries})
    # The first day has none: there is nothing yet to be lost.
    first = local_date(first_at(scene), scene.zone)
    return [
        day
        for day in days
        if max(since, first + timedelta(1)) <= day < today and not scene.places.daily_backup(day).exists()
    ]


def drill(scene: Scene) -> Checked:
    """When a backup was last put back to see that it can be."""
    if scene.store is None:
        return Checked(State.UNKNOWN, scene.unread)
    last, todo = last_drill(scene.store), "Try the newest backup out with `casemgr backup drill`."
    if last is None:
        new = scene.now - first_at(scene) < DRILL_DAYS * DAY
        return Checked(State.OK if new else State.ADVICE, "no backup was tried out yet", "" if new else todo)
    said = f"a backup was put back and compared {scene.ago(last.at)}"
    if scene.now - last.at >= DRILL_DAYS * DAY:
        return Checked(State.ADVICE, said, todo)
    return Checked(State.OK, said)
