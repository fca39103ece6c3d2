"""What left the house, by what it was narrowed to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casemgr.core.records import LeftAs
    from casemgr.store.database import Store


class Disclosed(NamedTuple):
    """A document that left the house."""

    at: int
    """In microseconds since the epoch."""
    staff: str
    """Login of who let it out."""
    what: str
    file: str


class Left(NamedTuple):
    """Everything that the record keeps of what left."""

    at: int
    staff: str
    what: str
    filters: str
    rows: int
    sha256: str
    file: str
    left_as: LeftAs
    recipients: str
    """As JSON."""
    sealed_sha256: str
    sent_to: str
    purpose: str
    patient_id: str
    """Of the claim that it is of; empty where it is of none."""


def everything_disclosed(store: Store, actions: Sequence[str], since: int = 0) -> list[Left]:
    """What left, the newest first.

    Args:
        store: the open store.
        actions: some of core.ledger.DISCLOSURES.
        since: the first instant, in microseconds.
    """
    rows = store.rows(
        "SELECT l.at, l.staff, d.what, d.filters, d.rows, d.sha256, d.file, d.left_as, d.recipients, "
        "d.sealed_sha256, d.sent_to, d.purpose, coalesce(c.patient_id, '') FROM disclosures d "
        "CROSS JOIN ledger l ON l.entity_id = d.id AND l.entity = 'disclosure' "
        "LEFT JOIN claims c ON d.filters <> '' AND c.number = d.filters "
        f"WHERE d.voided = 0 AND l.at >= ? AND l.action IN ({', '.join('?' * len(actions))}) "
        "ORDER BY l.at DESC, l.device DESC, l.seq DESC",
        (since, *actions),
    )
    return list(map(Left._make, rows))


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
