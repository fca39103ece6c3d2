"""The doctor: one page on program, files, backups and who gets in, with what to do about each.

It changes nothing, and says what it can where the practice is locked, damaged, or not there yet.
"""

from __future__ import annotations

from contextlib import closing, nullcontext
from typing import TYPE_CHECKING, NamedTuple

from casemgr.clock import SystemClock
from casemgr.core.health import Checked, State, gravest
from casemgr.errors import CasemgrError, Damaged
from casemgr.services import doctor_access, doctor_backups, doctor_files, doctor_record
from casemgr.services.access import Unlocked, unlocked
from casemgr.services.desk import refuse_no_practice
from casemgr.services.doctor_record import lowered
from casemgr.services.doctor_scene import Scene, changed_at
from casemgr.store.database import open_as_it_is

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.clock import Clock
    from casemgr.services.desk import Desk
    from casemgr.settings import Places
    from casemgr.store.database import Store

CHECKS: dict[str, Callable[[Scene], Checked]] = {
    "program": doctor_files.program,
    "driver": doctor_files.driver,
    "data": doctor_record.data,
    "damage": doctor_record.damage,
    "verify": doctor_record.verify,
    "backups": doctor_backups.backups,
    "drill": doctor_backups.drill,
    "disk": doctor_files.disk,
    "encryption": doctor_files.encryption,
    "access": doctor_access.access,
    "slots": doctor_access.slots,
    "recovery": doctor_access.recovery,
    "key_file": doctor_access.key_file,
    "permissions": doctor_files.permissions,
    "exports": doctor_files.exports,
    "disk_encryption": doctor_files.disk_encryption,
    "swap": doctor_files.swap,
    "clock": doctor_record.clock,
    "time_zone": doctor_record.time_zone,
    "settings": doctor_files.preferences,
    "fault_reports": doctor_files.reports,
}
"""Each check by the name of what it finds, in the order of the page."""


class Examined(NamedTuple):
    """All that was looked at."""

    checks: tuple[Checked, ...]

    @property
    def state(self) -> State:
        """The gravest of all."""
        return gravest(self.checks)

    @property
    def ok(self) -> bool:
        """Whether there is no trouble; advice is none."""
        return self.state is not State.TROUBLE


def examine(places: Places, clock: Clock | None = None, desk: Desk | None = None) -> Examined:
    """Look at everything; nothing is changed.

    Args:
        places: where the practice is, or would be.
        clock: another clock than the system's.
        desk: the open practice, where there is one, which stays open.
    """
    untimed = None
    try:
        now = (clock or SystemClock()).now()
    except CasemgrError as error:
        now, untimed = changed_at(places.database) if places.database.exists() else 0, error
    if desk is not None:
        scene = Scene(places, now, Unlocked(desk.login, desk.store.key), desk.store, None, untimed)
    else:
        scene = Scene(places, now, *opened(places), untimed)
    with closing(scene.store) if scene.store and desk is None else nullcontext():
        return Examined(tuple(checked(name, check, scene) for name, check in CHECKS.items()))


def opened(places: Places) -> tuple[Unlocked | None, Store | None, CasemgrError | None]:
    """Who has unlocked the practice, its data, and what keeps it from being opened."""
    found = None
    try:
        refuse_no_practice(places)
        found = unlocked(places)
        return found, open_as_it_is(places.database, found.key, read_only=True), None
    except CasemgrError as error:
        return found, None, error


def checked(name: str, check: Callable[[Scene], Checked], scene: Scene) -> Checked:
    """What a check finds; one that fails keeps no other from being made."""
    try:
        return check(scene)._replace(name=name)
    except OSError as error:
        said = f"cannot be told: {(error.strerror or type(error).__name__).lower()}"
        return Checked(State.UNKNOWN, said, name=name)
    except Damaged as error:
        # What it means, and what to do, stands once: with the damage.
        return Checked(State.UNKNOWN, f"cannot be told: {lowered(error.title)}", name=name)
    except CasemgrError as error:
        return Checked(State.TROUBLE, lowered(error.title), error.todo, name)
