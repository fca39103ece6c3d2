"""What a change of an activity must not touch, and what follows from it: its claim.

Most of what is changed stands on no claim; all that claims need is imported where one is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.errors import RuleRefused
from casemgr.services.runs import refuse_closed
from casemgr.store.reads.standing import claim_of

if TYPE_CHECKING:
    from casemgr.core.records import Activity
    from casemgr.services.desk import Desk
    from casemgr.store.ledger import Transaction


def refuse_unchangeable(desk: Desk, record: Activity, what: str) -> None:
    """Refuse to change an activity that is voided, of a closed month, or on a claim that came to its end.

    Args:
        desk: the open practice; the caller holds the write lock.
        record: as it stands.
        what: what it cannot be: `amended`.

    Raises:
        RuleRefused: with what to do instead.
    """
    if record.voided:
        raise RuleRefused(
            "This activity is voided", f"It cannot be {what}. Nothing was changed.", "Log it anew."
        )
    refuse_closed(desk, record.billed_in)
    if number := claim_of(desk.store, record.id):
        from casemgr.services.claim_follow import refuse_finished

        refuse_finished(desk, number)


def claim_followed(desk: Desk, tx: Transaction, was: Activity, now: Activity) -> tuple[str, ...]:
    """What became of the claim of an activity that was changed inside the caller's transaction."""
    number = claim_of(desk.store, now.id)
    if not number:
        return ()
    from casemgr.services.claim_follow import follow

    return follow(desk, tx, number, was, now)
