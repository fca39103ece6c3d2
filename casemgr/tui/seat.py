"""Where the screens sit: the practice, who acts, and the lane and clock that all of them share."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.tui.lane import Lane

if TYPE_CHECKING:
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from casemgr.clock import Clock
    from casemgr.services.desk import Desk


class Seat(NamedTuple):
    """What every screen is handed; it does not change while they are open."""

    lane: Lane
    clock: Clock
    practice: str
    login: str
    who: str
    """Name and credential of who acts."""
    zone: ZoneInfo
    """The practice's time zone."""
    exports: Path
    """Where workbooks and documents go."""
    damaged: bool = False
    """Whether the data file is, and so is only read."""

    @classmethod
    def at(cls, desk: Desk) -> Seat:
        """Of an open desk, which belongs to the lane from now on."""
        sitter = desk.sitter
        who = ", ".join(part for part in (sitter.name, sitter.credential) if part)
        return cls(
            Lane(desk),
            desk.clock,
            desk.house.name,
            sitter.login,
            who,
            desk.zone,
            desk.places.exports,
            desk.damaged is not None,
        )
