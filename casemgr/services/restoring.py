"""Putting a backup back, with what it replaces kept and the result proven."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from casemgr.clock import SystemClock, local
from casemgr.core.records import Disclosure
from casemgr.errors import InputRefused, NotFound, RuleRefused, StoreUnavailable, VerificationFailed
from casemgr.services.access import unlocked
from casemgr.services.desk import migrations_folder, open_desk
from casemgr.services.safety import STAMP, digest_of, unused
from casemgr.store import backup, ledger, verify
from casemgr.store.database import SIDE_FILES, open_as_it_is
from casemgr.store.keys import sync_folder
from casemgr.store.reads.records import all_staff, practice

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from casemgr.clock import Clock
    from casemgr.core.ledger import Witness
    from casemgr.settings import Places, Settings
    from casemgr.store.database import Store

COPY_ACTIONS = frozenset({"backup", "restore"})
"""Entries that only tell of copies: whoever loses no others loses nothing."""


class Contents(NamedTuple):
    """What a backup holds, by which people know it."""

    practice: str
    entries: int
    head: Witness
    last_at: datetime
    """When its last entry was made, in the practice's time zone."""

    def __str__(self) -> str:
        """In one line."""
        when = f"{self.last_at:%Y-%m-%d %H:%M}"
        return f"{self.practice}, {self.entries:,} entries up to {when}, head {self.head}"


class Restored(NamedTuple):
    """A restore that was carried out and proven."""

    contents: Contents
    """What the backup holds, and the practice from now on."""
    lost: int
    """Entries of the replaced data that the backup has not; they are in `kept`."""
    kept: Path | None
    """The replaced data; None where there was none."""


def restore(
    settings: Settings,
    path: Path,
    yes: bool = False,
    acting: str = "",
    clock: Clock | None = None,
    told: Callable[[str], None] | None = None,
) -> Restored:
    """Put a backup in the place of the present data, which is kept.

    It works while other programs have the practice open, and where the present data is missing or damaged.

    Args:
        settings: places, and the login from the environment.
        path: the backup.
        yes: go on though the present data has entries that the backup has not.
        acting: a login that goes before the environment's.
        clock: another clock than the system's.
        told: hears what is being checked, first of the backup, then of the restored data.

    Raises:
        NotFound: no such backup, or nobody in it with that login; nothing was changed.
        RuleRefused: entries would be lost and `yes` was not said; nothing was changed.
        VerificationFailed: the backup does not hold; nothing was changed.
    """
    places, clock = settings.places, clock or SystemClock()
    if path.exists() and places.database.exists() and path.samefile(places.database):
        raise InputRefused(
            "This is the data itself", "Nothing was changed.", "Name a file that `casemgr backup` made."
        )
    source = backup.open_backup(path, unlocked(places).key)
    try:
        refuse_unproven(source, told)
        refuse_unknown(source, acting or settings.staff)
        held = contents_of(source)
        stamp = f"{local(clock.now(), zone_of(source)):{STAMP}}"
        try:
            lost, kept = replace_content(places, source, held, stamp, yes)
        except (NotFound, StoreUnavailable):
            lost, kept = 0, replace_file(places, source, stamp)
    finally:
        source.close()
    desk = open_desk(settings, acting, clock)
    try:
        report = verify.verify(desk.store, migrations_folder(), [held.head], told)
        if not report.ok:
            raise VerificationFailed(
                "The restored data does not hold",
                "\n".join(report.problems),
                f"What it replaced is kept in {kept}." if kept else "Try another backup.",
            )
        with desk.write() as tx:
            restored = Disclosure(
                id=tx.new_id(),
                what="backup",
                filters=str(held.head),
                rows=held.entries,
                sha256=digest_of(path),
                file=path.name,
            )
            tx.append("restore", "disclosure", restored)
    finally:
        desk.close()
    return Restored(held, lost, kept)


def refuse_unproven(source: Store, told: Callable[[str], None] | None) -> None:
    """Refuse a backup that does not hold, or that a newer program made."""
    report = verify.verify(source, migrations_folder(), told=told)
    if not report.ok:
        raise VerificationFailed(
            "This backup does not hold",
            "\n".join((*report.problems, "Nothing was changed.")),
            "Name another backup; `casemgr locate` says where they are.",
        )


def refuse_unknown(source: Store, login: str) -> None:
    """Refuse to restore in the name of somebody whom the backup does not know."""
    known = tuple(member.id for member in all_staff(source))
    if login and login.strip().lower() not in known:
        raise NotFound(
            f"The backup knows nobody with the login “{login}”",
            "Nothing was changed.",
            "Name somebody whom it knows with --as.",
            known,
        )


def zone_of(store: Store) -> ZoneInfo:
    """The time zone of the practice that a data file holds."""
    return ZoneInfo(practice(store).time_zone)


def contents_of(store: Store) -> Contents:
    """What a data file holds."""
    last = next(ledger.entries(store, newest_first=True, limit=1))
    return Contents(
        practice(store).name, ledger.count(store), ledger.head(store), local(last.at, zone_of(store))
    )


def replace_content(
    places: Places, source: Store, held: Contents, stamp: str, yes: bool
) -> tuple[int, Path | None]:
    """Replace what an intact data file holds, for everybody who has it open, and keep a copy of it.

    Returns:
        How many entries the backup has not, and the copy that has them.

    Raises:
        RuleRefused: entries would be lost and `yes` was not said.
        NotFound: there is no data file.
        StoreUnavailable: it is damaged.
    """
    key = unlocked(places).key
    lost: list[int] = []
    kept = places.backups / f"casemgr-replaced-{stamp}.db"
    live = open_as_it_is(places.database, key)
    writer = open_as_it_is(places.database, key)

    def keep() -> None:
        """While the others wait: what is found and kept here is all that there is."""
        nonlocal kept
        lost.extend(entries_beyond(live, source))
        if lost and not yes:
            last = local(max(lost), zone_of(source))
            count = "1 entry" if len(lost) == 1 else f"{len(lost):,} entries"
            raise RuleRefused(
                "The present data has entries that the backup has not",
                f"The backup holds {held}.\nThe present data has {count} more, the last of "
                f"{last:%Y-%m-%d %H:%M}. Nothing was changed.",
                "Say --yes to restore all the same; the present data is then kept among the backups.",
            )
        kept = unused(kept)
        backup.copy_to(live.connection, kept)

    try:
        backup.restore_into(writer, source, keep)
    finally:
        writer.close()
        live.close()
    return len(lost), kept


def entries_beyond(live: Store, source: Store) -> list[int]:
    """The instants of the live entries that a backup has not, but for those that only tell of copies."""
    return [at for at, action in ledger.beyond(live, source) if action not in COPY_ACTIONS]


def replace_file(places: Places, source: Store, stamp: str) -> Path | None:
    """Put a copy of the backup where the data file is missing or damaged; what was there is moved aside."""
    restored = unused(places.database.with_name(f"casemgr-restored-{stamp}.db"))
    backup.copy_to(source.connection, restored)
    kept = unused(places.database.with_name(f"casemgr-damaged-{stamp}.db"))
    for suffix in ("", *SIDE_FILES):
        old = places.database.with_name(places.database.name + suffix)
        if old.exists():
            # A write-ahead log that stays behind would be taken for the new file's own.
            old.rename(kept.with_name(kept.name + suffix))
    restored.rename(places.database)
    sync_folder(places.data)
    return kept if kept.exists() else None
