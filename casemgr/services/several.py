"""Several activities or follow-ups at once, in one deed: all of them or none; a refusal names the one."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from casemgr.core.commands import AssignFollowUp, FinishFollowUp, SnoozeFollowUp
from casemgr.core.ids import short
from casemgr.errors import CasemgrError
from casemgr.services.activities import activity_id, append_signature, append_void
from casemgr.services.activity_checks import refuse_no_reason
from casemgr.services.follow_ups import (
    append_assigned,
    append_finished,
    append_snoozed,
    follow_up_id,
    waiting,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from casemgr.core.records import Activity, FollowUp
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
        RuleRefused: one is voided already, or its claim came to its end or would be left with nothing.
        InputRefused: no reason.
    """
    with desk.write() as tx:
        refuse_no_reason(reason)
        return each_of(activity_ids(desk, texts), lambda each: append_void(desk, tx, each, reason))


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
        return each_of(activity_ids(desk, texts), lambda each: append_signature(desk, tx, each))


def finish_follow_ups(desk: Desk, texts: Iterable[str], note: str = "") -> list[FollowUp]:
    """Note that several follow-ups are done, today and by who acts.

    Raises:
        RuleRefused: one is done already, or withdrawn.
    """
    with desk.write() as tx:
        return each_of(
            follow_up_ids(desk, texts), lambda each: append_finished(desk, tx, FinishFollowUp(each, note))
        )


def snooze_follow_ups(desk: Desk, texts: Iterable[str], due_date: date) -> list[FollowUp]:
    """Put several follow-ups off to a day; those that are due then already stay as they are.

    Raises:
        RuleRefused: one is done already, or withdrawn.
        InputRefused: the day lies in the past, or all are due then already.
    """
    with desk.write() as tx:
        ids = follow_up_ids(desk, texts)
        others = [each for each in ids if waiting(desk, each).due_date != due_date.isoformat()]
        return each_of(others or ids, lambda each: append_snoozed(desk, tx, SnoozeFollowUp(each, due_date)))


def assign_follow_ups(desk: Desk, texts: Iterable[str], assigned_to: str) -> list[FollowUp]:
    """Give several follow-ups to a login; those that are theirs already stay so.

    Raises:
        RuleRefused: one is done already, or withdrawn.
        NotFound: there is nobody with that login.
        InputRefused: they do not work here today, or all are theirs already.
    """
    with desk.write() as tx:
        ids = follow_up_ids(desk, texts)
        others = [each for each in ids if waiting(desk, each).assigned_to != assigned_to]
        return each_of(
            others or ids, lambda each: append_assigned(desk, tx, AssignFollowUp(each, assigned_to))
        )


def activity_ids(desk: Desk, texts: Iterable[str]) -> list[str]:
    """The ids that texts name, each once."""
    # All are looked up first, since `last` would be another one after the first was voided.
    return list(dict.fromkeys(activity_id(desk, text) for text in texts))


def follow_up_ids(desk: Desk, texts: Iterable[str]) -> list[str]:
    """The ids that texts name, each once."""
    return list(dict.fromkeys(follow_up_id(desk, text) for text in texts))


def each_of(ids: list[str], deed: Callable[[str], T]) -> list[T]:
    """What a deed makes of each record, inside a transaction that the caller holds."""
    done = []
    for each in ids:
        try:
            done.append(deed(each))
        except CasemgrError as error:
            if len(ids) > 1:
                error.title = f"{short(each)}: {error.title}"
            raise
    return done
