"""What the doctor looks at, and the small turns of phrase that its checks share."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from casemgr.clock import MICROSECONDS
from casemgr.store import ledger
from casemgr.store.reads.house import house

if TYPE_CHECKING:
    from datetime import tzinfo

    from casemgr.errors import CasemgrError
    from casemgr.services.access import Unlocked
    from casemgr.settings import Places
    from casemgr.store.database import Store

DAY = 24 * 60 * 60 * MICROSECONDS

UNITS = ((1024**3, "GB"), (1024**2, "MB"), (1024, "kB"))


@dataclass(frozen=True)
class Scene:
    """The practice's files, and its open data where it could be opened."""

    places: Places
    now: int
    """The present in microseconds."""
    unlocked: Unlocked | None = None
    """Who has unlocked the practice."""
    store: Store | None = None
    """The open data; nothing may be written to it."""
    shut: CasemgrError | None = None
    """Why it is not open."""
    untimed: CasemgrError | None = None
    """Why `now` is no more than when the data was last written to: the machine's clock is far off."""
    proc: Path = Path("/proc")
    """Where Linux shows its mounts and swaps."""
    sys: Path = Path("/sys")
    """Where Linux shows its devices."""

    @property
    def unread(self) -> str:
        """Why something that stands in the data cannot be told."""
        return f"cannot be told: {self.shut.title[0].lower()}{self.shut.title[1:]}" if self.shut else ""

    @property
    def zone(self) -> tzinfo:
        """The practice's time zone where that can be told, else UTC."""
        return ZoneInfo(house(self.store).time_zone) if self.store else UTC

    def ago(self, at: int) -> str:
        """How long ago an instant is, in days."""
        days = (self.now - at) // DAY
        return "today" if days < 1 else "yesterday" if days == 1 else f"{days:,} days ago"


def changed_at(path: Path) -> int:
    """When a file was last written to, in microseconds."""
    return path.stat().st_mtime_ns // 1000


def last_at(scene: Scene) -> int:
    """When the last entry was made; while the data is shut, when its file was written to; 0 without any."""
    if scene.store is not None:
        last = next(ledger.entries(scene.store, newest_first=True, limit=1), None)
        return last.at if last else 0
    try:
        return changed_at(scene.places.database)
    except OSError:
        return 0


def files_in(folder: Path) -> list[Path]:
    """All files under a folder, by name; none where there is no such folder or it cannot be entered."""
    return sorted(Path(where, name) for where, _, names in os.walk(folder) for name in names)


def size_of(path: Path) -> int:
    """Bytes; 0 where there is no such file."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def sized(count: int) -> str:
    """Bytes in few words: `3.1 MB`."""
    return next((f"{count / unit:,.1f} {name}" for unit, name in UNITS if count >= unit), f"{count} bytes")


def short(path: Path) -> str:
    """A path as people know it, from their own folder on."""
    try:
        return f"~/{path.relative_to(Path.home()).as_posix()}"
    except (RuntimeError, ValueError):
        return str(path)
