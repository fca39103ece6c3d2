"""Several activities at once, in one deed: all of them or none, and a refusal names the one."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from casemgr.core.ids import short
from casemgr.errors import CasemgrError
from casemgr.services.activities import activity_id, append_signature, append_void
from casemgr.services.activity_checks import refuse_no_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from casemgr.core.records import Activity
    from casemgr.services.activities import Voided
    from casemgr.services.desk import Desk

T = TypeVar("T")


def void_activities(desk: Desk, texts: Iterable[str], reason: str) -> list[Voided]:
    """Withdraw several activities for one reason; what they did is to be done again.

    Args:
        desk: the open practice.
        texts: ids, their last characters, or `last`; what is named twice is voided once.
        reason: why.

    Raises:
        RuleRefused: one is voided already, or claimed.
        InputRefused: no reason.
    """
    with desk.write() as tx:
        refuse_no_reason(reason)
        return each_of(desk, texts, lambda each: append_void(desk, tx, each, reason))


def sign_activities(desk: Desk, texts: Iterable[str]) -> list[Activity]:
    """Sign several drafts.

    Args:
        desk: the open practice.
        texts: ids, their last characters, or `last`; what is named twice is signed once.

    Raises:
        RuleRefused: one is signed already, or voided.
        InputRefused: the outcome of one is missing.
    """
    with desk.write() as tx:
        return each_of(desk, texts, lambda each: append_signature(desk, tx, each))


def each_of(desk: Desk, texts: Iterable[str], deed: Callable[[str], T]) -> list[T]:
    """What a deed makes of each activity, by its whole id, inside a transaction that the caller holds."""
    # All are looked up first, since `last` would be another one after the first was voided.
    ids = list(dict.fromkeys(activity_id(desk, text) for text in texts))
    done = []
    for each in ids:
        try:
            done.append(deed(each))
        except CasemgrError as error:
            if len(ids) > 1:
                error.title = f"{short(each)}: {error.title}"
            raise
    return done
