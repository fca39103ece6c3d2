"""Half-typed text, kept in the encrypted file.

It is written without the ledger, since a draft is no record: it changes nothing that a record says, no
document, export or report reads it, it is part of neither projection nor replay, and it is deleted once what
it became is saved.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from casemgr.core.drafts import Draft
from casemgr.core.text import canonical_json
from casemgr.store.faults import told_plainly

if TYPE_CHECKING:
    from collections.abc import Mapping

    from casemgr.store.database import Store

_KEEP = (
    "INSERT INTO drafts (staff, form, body, saved_at) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (staff, form) DO UPDATE SET body = excluded.body, saved_at = excluded.saved_at"
)


def keep(store: Store, staff: str, form: str, body: Mapping[str, str], now: int) -> None:
    """Keep what a form holds, in the place of what was kept of it before.

    Args:
        store: the open store.
        staff: login of whose text it is.
        form: the form's name.
        body: the text of each part of the form, by the part's name.
        now: the present in microseconds.

    Raises:
        NotWritten: there is no space, or others held the data for too long; what was kept before still is.
    """
    with store.immediate():
        store.connection.execute(_KEEP, (staff, form, canonical_json(dict(body)), now))


def find(store: Store, staff: str, form: str) -> Draft | None:
    """What was kept of a form."""
    row = store.one(
        "SELECT form, body, saved_at FROM drafts WHERE staff = ? AND form = ?",
        (staff, form),
    )
    return _draft(*row) if row else None


def kept(store: Store, staff: str) -> list[Draft]:
    """All that somebody has half-typed, the newest first."""
    rows = store.rows(
        "SELECT form, body, saved_at FROM drafts WHERE staff = ? ORDER BY saved_at DESC, form", (staff,)
    )
    return [_draft(*row) for row in rows]


def drop(store: Store, staff: str, form: str) -> None:
    """Forget what was kept of a form; inside a transaction that the caller holds, as part of it.

    Raises:
        NotWritten: others held the data for too long; what was kept still is.
    """
    if store.connection.in_transaction:
        _delete(store, staff, form)
    # Looked for first, since most forms have nothing kept when they are left.
    elif find(store, staff, form):
        with store.immediate():
            _delete(store, staff, form)


def _delete(store: Store, staff: str, form: str) -> None:
    with told_plainly(store.path):
        store.connection.execute("DELETE FROM drafts WHERE staff = ? AND form = ?", (staff, form))


def _draft(form: str, body: str, saved_at: int) -> Draft:
    return Draft(form, json.loads(body), saved_at)
