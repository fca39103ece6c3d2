"""The desk: an open practice, and who sits at it. Both faces hold one and hand it to every service."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from casemgr.clock import SystemClock, local, local_date
from casemgr.errors import Damaged, NotFound, NotOpened, RuleRefused
from casemgr.resources import content_root
from casemgr.services.access import SomebodyElse, record_access, unlocked
from casemgr.services.content import ContentDesk
from casemgr.services.damage import Watch, damage_of
from casemgr.services.permissions import Gate
from casemgr.store.database import open_as_it_is, open_store
from casemgr.store.ledger import write
from casemgr.store.migrate import migration_files, pending
from casemgr.store.place import refuse_missing
from casemgr.store.reads.house import house, logins, sitter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from pathlib import Path

    from casemgr.clock import Clock
    from casemgr.core.records import Practice, Staff
    from casemgr.core.rows import Sitter
    from casemgr.services.access import Unlocked
    from casemgr.services.damage import Damage
    from casemgr.settings import Places, Settings
    from casemgr.store.database import Store
    from casemgr.store.ledger import Transaction
    from casemgr.store.reads.patients import StoredPatients


class Desk(ContentDesk):
    """An open practice: its store, its content, its clock, and the member of staff who acts."""

    def __init__(self, store: Store, places: Places, clock: Clock, acting: str = "") -> None:
        """Sit down as a login, or as the practice's owner."""
        super().__init__(places)
        self.store = store
        self.clock = clock
        self.house = house(store)
        self.zone = ZoneInfo(self.house.time_zone)
        self.sitter = self.seated(acting or self.house.owner)
        self.damaged: Damage | None = None
        """What is known of damage to the file, which is only read then."""
        self.forms: tuple[str, ...] = ()
        """The forms whose drafts go with what is saved next; see services.drafts.saving."""
        if self.sitter.active_to and self.sitter.active_to < self.today().isoformat():
            raise RuleRefused(
                f"{self.sitter.name} has left the practice",
                "Nobody acts under a login after its last day. Nothing was changed.",
                "Act as somebody else with --as or CASEMGR_STAFF.",
            )

    @property
    def login(self) -> str:
        """Who acts."""
        return self.sitter.login

    @cached_property
    def practice(self) -> Practice:
        """The practice, whole."""
        from casemgr.store.reads.records import practice

        return practice(self.store)

    @cached_property
    def staff(self) -> Staff:
        """Who acts, whole."""
        return self.member(self.login)

    def seat(self, login: str) -> None:
        """Let somebody else act from now on."""
        self.sitter = self.seated(login)
        self.__dict__.pop("staff", None)

    def seated(self, login: str) -> Sitter:
        """The member of staff with a login, in few words.

        Raises:
            NotFound: there is none.
        """
        found = sitter(self.store, login.strip().lower())
        if found is None:
            raise NotFound(
                f"There is nobody with the login “{login}”",
                "Nothing was changed.",
                "`casemgr staff list` shows the logins; name one with --as or CASEMGR_STAFF.",
                tuple(logins(self.store)),
            )
        return found

    def member(self, login: str) -> Staff:
        """The member of staff with a login, whole.

        Raises:
            NotFound: there is none.
        """
        from casemgr.core.records import Staff
        from casemgr.store.reads.records import load

        found = load(self.store, Staff, self.seated(login).login)
        assert found is not None
        return found

    @contextmanager
    def write(self, *, dry_run: bool = False) -> Iterator[Transaction]:
        """A write transaction in the name of who sits here; a dry run takes it back at its end.

        Raises:
            RuleRefused: who sits here may not do what is appended; the refusal is recorded.
        """
        gate = Gate(self)
        try:
            with write(self.store, self.login, self.clock.now(), dry_run=dry_run, check=gate) as tx:
                yield tx
                if self.forms and tx.entries and not dry_run:
                    from casemgr.store.drafts import drop

                    for form in self.forms:
                        drop(self.store, self.login, form)
        finally:
            gate.record()

    def today(self) -> date:
        """The local date in the practice's time zone."""
        return local_date(self.clock.now(), self.zone)

    def local(self, at: int) -> datetime:
        """An instant in the practice's time zone."""
        return local(at, self.zone)

    def has_daily_backup(self) -> bool:
        """Whether today's automatic backup is there; asked after every command."""
        return os.path.exists(self.places.daily_backup(self.today()))  # noqa: PTH110 - it never raises

    @property
    def patients(self) -> StoredPatients:
        """Looks up whom a text means."""
        from casemgr.store.reads.patients import StoredPatients

        return StoredPatients(self.store)

    def close(self) -> None:
        """Leave the desk."""
        self.store.close()


def migrations_folder() -> Path:
    """Where the schema's migrations are, in a checkout or an installed wheel."""
    return content_root() / "schema" / "migrations"


def refuse_no_practice(places: Places) -> None:
    """Refuse a place without data, before its key is asked for, which is not the trouble then.

    Raises:
        NotFound: there is no data file; where there are backups, the newest is named.
        StoreUnavailable: there is one, and nothing is in it.
    """
    try:
        refuse_missing(places.database)
    except NotFound as error:
        # Imported here, since only what is lost needs it.
        from casemgr.services.backups import newest_backup

        with suppress(NotFound, OSError):
            newest = newest_backup(places)
            error.title = "The practice's data file is gone"
            error.todo = f"Put the newest backup back with `casemgr restore {newest}`."
        raise


def open_desk(settings: Settings, acting: str = "", clock: Clock | None = None) -> Desk:
    """Open the practice that the settings name, in the name of who has unlocked it.

    Args:
        settings: places, and the login from the environment.
        acting: a login that goes before the environment's; neither can be somebody else's.
        clock: another clock than the system's.

    Raises:
        NotFound: there is no practice, or nobody with that login.
        Locked: nobody has unlocked it.
        RuleRefused: somebody else has; the ledger is told.
        StoreUnavailable: slots, damage, version or place.
    """
    refuse_no_practice(settings.places)
    try:
        return open_unlocked(settings, unlocked(settings.places, acting or settings.staff), clock)
    except SomebodyElse as error:
        desk = open_unlocked(settings, error.unlocked, clock)
        try:
            with suppress(Damaged):
                record_access(desk, "refuse", detail="act as somebody else")
        finally:
            desk.close()
        raise


def opened_damaged(places: Places, key: str) -> Store:
    """Open a damaged file to read it.

    Raises:
        Damaged: it has an older schema, which this program does not read.
    """
    store = open_as_it_is(places.database, key, read_only=True)
    try:
        older = pending(store, migration_files(migrations_folder()))
    except BaseException:
        store.close()
        raise
    if older:
        from casemgr.services.salvage import NOT_READ, told

        store.close()
        raise told(places, key, NOT_READ)
    return store


def open_unlocked(settings: Settings, unlocked: Unlocked, clock: Clock | None = None) -> Desk:
    """Open the practice in the name of who has unlocked it; where that was just now, the ledger is told.

    Args:
        settings: places.
        unlocked: who, and the key.
        clock: another clock than the system's.

    Raises:
        NotFound: there is no practice, or the login is nobody's any more.
        StoreUnavailable: key, version or place, or damage so that it cannot even be read.
    """
    places = settings.places
    refuse_no_practice(places)
    damage = damage_of(places)
    try:
        if damage is None:
            store = open_store(places.database, unlocked.key, migrations_folder())
        else:
            store = opened_damaged(places, unlocked.key)
    except (Damaged, NotOpened) as error:
        from casemgr.services.salvage import at_opening

        raise at_opening(places, unlocked.key, error) from error
    store.watch = Watch(places, store, reads_only=damage is not None)
    try:
        desk = Desk(store, places, clock or SystemClock(), unlocked.login)
        desk.damaged = damage
        if unlocked.fresh and damage is None:
            from casemgr.services.unlocking import record_unlocking

            record_unlocking(desk, unlocked.brought)
    except BaseException:
        store.close()
        raise
    return desk
