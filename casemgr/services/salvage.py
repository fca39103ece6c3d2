"""What damage to the data file means: what can be read, what the ledger proves, what a backup has."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from casemgr.clock import SystemClock, local
from casemgr.errors import CasemgrError, Damaged, NotOpened, StoreUnavailable
from casemgr.services.backups import backups, keys_of
from casemgr.services.damage import Damage, damage_of, note_damage
from casemgr.store.database import open_as_it_is
from casemgr.store.pages import fits
from casemgr.store.readable import Proven, Reader, TableRead, proven, tables_read
from casemgr.store.reads.house import house
from casemgr.store.verify import MOST_TOLD, damaged_pages, structure_problems

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.services.backups import Backup
    from casemgr.settings import Places

TITLE = "The data file is damaged, and is only read from now on"
READ_ONLY = "What can be read of it is shown; nothing is saved until it is mended."
NOT_SAVED, NOT_READ = "Nothing of this was saved.", "Not all that was asked for can be read."
BEGINNING = "file: its beginning cannot be read"


class Assessment(NamedTuple):
    """What is left of a damaged file, and what a backup has."""

    what: tuple[str, ...]
    """The damage, in technical words; empty where none was found."""
    tables: tuple[TableRead, ...]
    """How much of each table can be read; empty where the file does not open."""
    ledger: Proven | None
    """How far the ledger holds; None where the file does not open."""
    proven_to: str
    """Date and time of the last entry that the ledger proves, in the practice's time zone."""
    backup: Backup | None
    """The newest backup that was opened and holds from end to end."""

    @property
    def lacking(self) -> int:
        """How many entries that are known of the backup has not."""
        held = self.backup.contents.entries if self.backup and self.backup.contents else 0
        return max(0, self.ledger.known - held) if self.ledger else 0


def assess(places: Places, key: str, told: Callable[[str], None] | None = None) -> Assessment:
    """Look into a damaged file and its backups; nothing is changed.

    Args:
        places: the practice.
        key: the data's key.
        told: hears what is being looked at, since it takes as long as a verification.
    """
    say = told or (lambda what: None)
    tables: tuple[TableRead, ...] = ()
    ledger, zone = None, ""
    with suppress(StoreUnavailable):
        reader = Reader(places.database, key)
        try:
            with suppress(CasemgrError):
                zone = house(reader.store).time_zone
            reader.renew()
            say("what can still be read")
            ledger = proven(reader)
            tables = tuple(tables_read(reader))
        finally:
            reader.close()
    backup = newest_good(places, key, told)
    if not zone and backup and backup.contents:
        zone = str(backup.contents.last_at.tzinfo)
    moment = local(ledger.last_at, ZoneInfo(zone or "UTC")) if ledger and ledger.entries else None
    return Assessment(
        tuple(findings(places, key)), tables, ledger, f"{moment:%Y-%m-%d %H:%M}" if moment else "", backup
    )


def newest_good(places: Places, key: str, told: Callable[[str], None] | None = None) -> Backup | None:
    """The newest backup that opens and holds from end to end."""
    try:
        keys = keys_of(places, key)
    except CasemgrError:
        # The slots are gone or damaged as well: the key that is known must do.
        keys = (key,)
    with suppress(OSError):
        return next((one for one in backups(places, keys, True, told) if one.problems == ()), None)
    return None


def findings(places: Places, key: str) -> list[str]:
    """The damage that another connection finds, in technical words; none where the key was changed.

    Args:
        places: the practice.
        key: the data's key.
    """
    try:
        fresh = open_as_it_is(places.database, key, read_only=True)
    except NotOpened:
        # With another key no page would hold; with the right one, all but the first may.
        return [BEGINNING] if fits(places.database, key) else []
    except Damaged:
        return [BEGINNING]
    except CasemgrError:
        return []
    try:
        found = damaged_pages(fresh)
        return found or structure_problems(fresh)[:MOST_TOLD]
    except Damaged as error:
        return [f"file: {error.__cause__}"]
    except CasemgrError:
        return []
    finally:
        fresh.close()


def examined(places: Places, key: str, plain: CasemgrError) -> CasemgrError:
    """What people are told of an error that damage may be behind: it is looked for, and noted if found."""
    if not (isinstance(plain, Damaged) and places.damaged.exists()):
        found = findings(places, key)
        if not found:
            return plain
        note_damage(places, Damage(SystemClock().now(), tuple(found)))
    return told(places, key, NOT_READ)


def at_opening(places: Places, key: str, plain: CasemgrError) -> CasemgrError:
    """What people are told where the file does not open at all.

    Where even its salt is gone, nothing in it tells damage from another key; a backup that opens does.
    """
    better = examined(places, key, plain)
    if better is not plain or not isinstance(plain, NotOpened):
        return better
    found = newest_good(places, key)
    if found is None or found.contents is None:
        return plain
    return NotOpened(
        "The data cannot be opened: it is damaged, or has another key",
        f"This key opens the backup {found.path.name}, which holds: {found.contents}. Nothing was changed.",
        f"Put it back with `casemgr restore {found.path}`; what it replaces is kept.",
    )


def told(places: Places, key: str, outcome: str) -> Damaged:
    """What is damaged, what the ledger proves, what the newest good backup has, and what to do.

    Worked out once, then kept with the note of the damage.

    Args:
        places: the practice.
        key: the data's key.
        outcome: what became of what somebody just wanted, in a sentence.
    """
    noted = damage_of(places) or Damage()
    if not noted.means:
        noted = worked_out(places, key, noted)
    return Damaged(TITLE, "\n".join((*noted.what, *noted.means, outcome)), noted.todo)


def worked_out(places: Places, key: str, noted: Damage, said: Callable[[str], None] | None = None) -> Damage:
    """Work out what damage means, and keep it with the note.

    Args:
        places: the practice.
        key: the data's key.
        noted: the damage.
        said: hears what is being looked at.
    """
    found = assess(places, key, said)
    at = noted.at or SystemClock().now()
    noted = Damage(at, noted.what or found.what, meaning(found), advice(found))
    note_damage(places, noted)
    return noted


def meaning(found: Assessment) -> tuple[str, ...]:
    """What is left, in words, a line each."""
    lines = []
    if found.ledger is None:
        lines.append("The file cannot be opened, so that nothing of it can be read.")
    else:
        lines.append(ledger_words(found.ledger, found.proven_to))
        if gone := [table.name for table in found.tables if not table.whole]:
            lines.append(f"Of these tables some rows cannot be read: {', '.join(gone)}.")
    if found.backup is None or found.backup.contents is None:
        lines.append("There is no backup that holds.")
        return tuple(lines)
    held = found.backup.contents
    lines.append(
        f"The newest backup that holds is {found.backup.path.name}: {entries(held.entries)} up to "
        f"{held.last_at:%Y-%m-%d %H:%M}."
    )
    if found.lacking:
        lines.append(f"It lacks {entries(found.lacking)} of the damaged file.")
    elif found.ledger is not None:
        lines.append("It lacks no entry that the damaged file is known to have.")
    return tuple(lines)


def ledger_words(ledger: Proven, to: str) -> str:
    """How far the ledger holds, in a sentence."""
    if not ledger.entries:
        return "The ledger proves nothing: its first entry cannot be read."
    if not ledger.broken:
        return f"The ledger is whole: all {entries(ledger.entries)} hold, up to {to}."
    rest = ledger.readable - ledger.entries
    beyond = f", and {entries(rest)} beyond can be read" if rest else ""
    held = f"The ledger still proves {entries(ledger.entries)}, up to {to}"
    return f"{held}; {ledger.broken} is broken{beyond}."


def entries(count: int) -> str:
    """A number of entries."""
    return "1 entry" if count == 1 else f"{count:,} entries"


def advice(found: Assessment) -> str:
    """What to do."""
    if found.backup is None:
        return (
            "Copy the whole data folder to another disk first, and look for a backup elsewhere: "
            "`casemgr restore FILE` puts it back."
        )
    return (
        f"Put it back with `casemgr restore {found.backup.path}`; the damaged file is kept beside it. "
        "`casemgr verify` says more, and lifts this if the file is sound after all."
    )
