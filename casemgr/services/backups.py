"""The backups that there are: which, what each holds, and whether it can be opened."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from casemgr.clock import local
from casemgr.errors import CasemgrError, NotFound, StoreUnavailable
from casemgr.services.desk import migrations_folder
from casemgr.store import backup, ledger, verify
from casemgr.store.reads.house import house

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from casemgr.core.ledger import Witness
    from casemgr.settings import Places
    from casemgr.store.database import Store

DAILY, BY_HAND = "daily", "by hand"
BEFORE_SCHEMA, REPLACED = "before a change of schema", "replaced by a restore"

DAILY_NAME = re.compile(r"daily-(\d{8})\.db")
_BEFORE_SCHEMA = re.compile(r".+-before-\d{4}-\d+\.db")
_REPLACED = re.compile(r"casemgr-replaced-.+\.db")


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


class Backup(NamedTuple):
    """A backup as the list has it."""

    path: Path
    kind: str
    """`daily`, `by hand`, `before a change of schema` or `replaced by a restore`."""
    made: datetime
    """As the file system has it; in the practice's time zone, or in UTC where that cannot be told."""
    size: int
    """Bytes."""
    slots: bool
    """Whether its key slots stand beside it, so that it opens on a machine that has nothing else."""
    contents: Contents | None
    """None where it cannot be opened."""
    problems: tuple[str, ...] | None
    """What was found when it was checked; None where it was not."""


def keys_of(places: Places, key: str) -> tuple[str, ...]:
    """The data's key, then those that it had before, the last first: with one of them every backup opens.

    Raises:
        StoreUnavailable: the key slots are not there, or are not what belongs to the data.
    """
    # Imported here, since only copies need cryptography beside the driver's own.
    from casemgr.store.key_slots import Ring, read_slots

    former = Ring.of(read_slots(places.slots), key).directory.former_keys
    return key, *reversed(former)


def people_of(path: Path, keys: Sequence[str]) -> int | None:
    """How many people's passphrases open a backup on a machine that has nothing else.

    Args:
        path: the backup.
        keys: see keys_of.

    Returns:
        None where no key slots stand beside it.

    Raises:
        StoreUnavailable: they are damaged, or belong to other data.
    """
    from casemgr.store.key_slots import Ring, read_slots

    beside = backup.slots_beside(path)
    if not beside.exists():
        return None
    file = read_slots(beside)
    for key in keys[:-1]:
        with suppress(StoreUnavailable):
            return len(Ring.of(file, key).directory.logins)
    return len(Ring.of(file, keys[-1]).directory.logins)


def kind_of(path: Path) -> str:
    """What a backup was made for, by its name."""
    if DAILY_NAME.fullmatch(path.name):
        return DAILY
    if _REPLACED.fullmatch(path.name):
        return REPLACED
    return BEFORE_SCHEMA if _BEFORE_SCHEMA.fullmatch(path.name) else BY_HAND


def backup_files(places: Places) -> list[Path]:
    """The files of the folder for backups, and those that a change of schema left beside the data."""
    found = [*places.backups.glob("*.db"), *places.data.glob(f"{places.database.stem}-before-*.db")]
    return [path for path in found if path.is_file() and not path.name.startswith(".")]


def newest_first(paths: Sequence[Path]) -> list[Path]:
    """Files by when they were written."""
    return sorted(paths, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)


def backups(
    places: Places, keys: Sequence[str], check: bool = False, told: Callable[[str], None] | None = None
) -> Iterator[Backup]:
    """The backups, the newest first, each opened to look what it holds.

    Args:
        places: the practice.
        keys: see keys_of.
        check: also verify each from end to end, which takes seconds where there is much.
        told: hears what is being checked.
    """
    for path in newest_first(backup_files(places)):
        yield _backup(path, keys, check, told)


def _backup(path: Path, keys: Sequence[str], check: bool, told: Callable[[str], None] | None) -> Backup:
    contents: Contents | None = None
    problems: tuple[str, ...] | None = None
    try:
        store = backup.open_backup(path, *keys)
    except CasemgrError as error:
        problems = (error.title,)
    else:
        try:
            contents = contents_of(store)
            if check:
                if told is not None:
                    told(path.name)
                problems = verify.verify(store, migrations_folder()).problems
        except CasemgrError:
            problems = ("It is damaged",)
        finally:
            store.close()
    found = path.stat()
    return Backup(
        path,
        kind_of(path),
        local(found.st_mtime_ns // 1000, (contents and contents.last_at.tzinfo) or UTC),
        found.st_size,
        backup.slots_beside(path).exists(),
        contents,
        problems,
    )


def newest_backup(places: Places) -> Path:
    """The backup that was made last for its own sake; else what was kept at some change.

    Raises:
        NotFound: there is none.
    """
    found = newest_first(backup_files(places))
    found.sort(key=lambda path: kind_of(path) not in {DAILY, BY_HAND})
    if not found:
        raise NotFound(
            "There is no backup yet", f"{places.backups} holds none.", "Make one with `casemgr backup`."
        )
    return found[0]


def contents_of(store: Store) -> Contents:
    """What a data file holds.

    Raises:
        NotFound: it has no practice in it.
    """
    named = house(store)
    last = next(ledger.entries(store, newest_first=True, limit=1))
    at = local(last.at, ZoneInfo(named.time_zone))
    return Contents(named.name, ledger.count(store), ledger.head(store), at)


def zone_of(store: Store) -> ZoneInfo:
    """The time zone of the practice that a data file holds."""
    return ZoneInfo(house(store).time_zone)
