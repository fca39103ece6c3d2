"""What left the house, by what it was narrowed to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from casemgr.store.database import Store


class Disclosed(NamedTuple):
    """A document that left the house."""

    at: int
    """In microseconds since the epoch."""
    staff: str
    """Login of who let it out."""
    what: str
    file: str


def disclosed(store: Store, action: str, filters: str, limit: int = 0, what: str = "") -> list[Disclosed]:
    """The newest first.

    Args:
        store: the open store.
        action: one of core.ledger.DISCLOSURES.
        filters: a month or a claim's number, as it was recorded.
        limit: at most so many; 0 for all.
        what: only this kind of document.
    """
    kind, values = ("AND d.what = ? ", (what,)) if what else ("", ())
    rows = store.rows(
        "SELECT l.at, l.staff, d.what, d.file FROM disclosures d "
        "CROSS JOIN ledger l ON l.entity_id = d.id AND l.entity = 'disclosure' "
        f"WHERE d.filters = ? AND d.voided = 0 AND l.action = ? {kind}"
        f"ORDER BY l.at DESC, l.device DESC, l.seq DESC {f'LIMIT {int(limit)}' if limit else ''}",
        (filters, action, *values),
    )
    return list(map(Disclosed._make, rows))
