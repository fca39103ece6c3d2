"""Half-typed text that outlives a crash: kept while somebody types, offered again, gone once it is saved.

A draft belongs to who acts and to this copy of the data. It is no record and leaves no trace in the ledger; a
backup has it as it was at that moment, and a restore brings back those of the backup and no others.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from casemgr.store import drafts as store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from casemgr.core.drafts import Draft
    from casemgr.services.desk import Desk


def keep_draft(desk: Desk, form: str, body: Mapping[str, str]) -> None:
    """Keep what a form holds; once this returns, neither a crash nor a power cut takes it away.

    A form in which nothing is written has no draft.

    Args:
        desk: the open practice.
        form: the form's name, one for each text that may be half-typed at the same time.
        body: the text of each part of the form as it was typed, by the part's name.

    Raises:
        NotWritten: there is no space, or another program held the data for too long; the one before stays.
    """
    if any(text.strip() for text in body.values()):
        store.keep(desk.store, desk.login, form, body, desk.clock.now())
    else:
        drop_draft(desk, form)


def draft_of(desk: Desk, form: str) -> Draft | None:
    """What who acts had half-typed in a form, or None."""
    return store.find(desk.store, desk.login, form)


def drafts(desk: Desk) -> list[Draft]:
    """All that who acts has half-typed, the newest first."""
    return store.kept(desk.store, desk.login)


def drop_draft(desk: Desk, form: str) -> None:
    """Forget what was half-typed in a form, since nobody wants it any more.

    Raises:
        NotWritten: another program held the data for too long; the draft is still there.
    """
    store.drop(desk.store, desk.login, form)


@contextmanager
def saving(desk: Desk, form: str) -> Iterator[None]:
    """Whatever is saved inside came from a form: its draft goes in the same transaction.

    So nothing that was saved is offered again, however the program ends, and what is refused keeps its draft.
    Any service may be called inside; the first that writes takes the draft with it. What was carried over
    from one form to another is inside both.

        with saving(desk, "line"):
            log_activity(desk, wish)
    """
    before = desk.forms
    desk.forms = (*before, form)
    try:
        yield
    finally:
        desk.forms = before
