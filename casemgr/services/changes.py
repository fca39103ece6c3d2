"""Whether anything was written since somebody looked, by whichever process."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.store.ledger import last_row

if TYPE_CHECKING:
    from datetime import date

    from casemgr.services.desk import Desk


class Pulse(NamedTuple):
    """What a screen compares with what it shows."""

    position: int
    """Row of the newest ledger entry, of any device."""
    today: date
    """The date in the practice's time zone, which a screen left open overnight must notice."""


def pulse(desk: Desk) -> Pulse:
    """The present state, for less than a tenth of a millisecond."""
    return Pulse(last_row(desk.store), desk.today())
