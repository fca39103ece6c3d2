"""A damaged data file: noted beside it, only read from then on, and told about until it is mended.

Small, since every command that opens the practice imports it; what damage means for the record is worked out
by `salvage`, once there is some.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from casemgr.errors import StoreUnavailable

if TYPE_CHECKING:
    from casemgr.errors import CasemgrError
    from casemgr.settings import Places
    from casemgr.store.database import Store

SUSPECT = (
    "database disk image is malformed",
    "file is not a database",
    "disk i/o error",
    "vtable constructor failed",
)
"""How the driver's words begin where the file may be damaged, and may as well not be."""


class Damage(NamedTuple):
    """What is noted beside a damaged file."""

    at: int = 0
    """When it was met, in microseconds; 0 where the note cannot be read."""
    what: tuple[str, ...] = ()
    """In technical words."""
    means: tuple[str, ...] = ()
    """What it means for the record, a line each; empty until it was worked out."""
    todo: str = ""


class Watch:
    """Looks after an open practice's file: what the driver says of it, and whether it may be written to."""

    def __init__(self, places: Places, store: Store, reads_only: bool = False) -> None:
        """Watch over the data of some places, which may have been opened for reading only."""
        self.places = places
        self.store = store
        self.reads_only = reads_only

    def before_writing(self) -> None:
        """Refuse to write to a file that is known to be damaged, whoever met it.

        Raises:
            StoreUnavailable: it is, or was when it was opened here.
        """
        if self.places.damaged.exists():
            from casemgr.services.salvage import NOT_SAVED, told

            raise told(self.places, self.store.key, NOT_SAVED)
        if self.reads_only:
            raise StoreUnavailable(
                "The data is mended, and was opened while it was damaged",
                "Here it is only read. Nothing of this was saved.",
                "Close this program and open it again.",
            )

    def met(self, said: str, plain: CasemgrError) -> CasemgrError:
        """What people are told of something that the driver said; where it is damage, it is noted first."""
        if not said.lower().startswith(SUSPECT):
            return plain
        from casemgr.services.salvage import examined

        return examined(self.places, self.store.key, plain)


def damage_of(places: Places) -> Damage | None:
    """What is noted of damage; None where nothing is."""
    try:
        text = places.damaged.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return Damage()
    try:
        found = json.loads(text)
        return Damage(int(found["at"]), tuple(found["what"]), tuple(found["means"]), str(found["todo"]))
    except (ValueError, KeyError, TypeError):
        return Damage()


def note_damage(places: Places, damage: Damage) -> None:
    """Note damage beside the file, for its owner alone; without space for it, the next who meets it does."""
    unfinished = places.damaged.with_name(f".{places.damaged.name}.{os.getpid()}")
    with suppress(OSError):
        handle = os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(damage._asdict(), file)
        unfinished.replace(places.damaged)


def forget_damage(places: Places) -> None:
    """Take the note away: the file was proven sound, or replaced."""
    with suppress(OSError):
        places.damaged.unlink(missing_ok=True)
