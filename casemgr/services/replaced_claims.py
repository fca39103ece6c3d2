"""Which voided claims a claim takes the place of, for whoever holds the paper of the one before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from casemgr.core.dates import format_us
from casemgr.store.ledger import history
from casemgr.store.reads.claims import voided_before
from casemgr.store.reads.disclosures import disclosed

if TYPE_CHECKING:
    from casemgr.core.billing import Claim
    from casemgr.services.desk import Desk


def replaced(desk: Desk, claim: Claim) -> list[str]:
    """The voided claims for the same patient, coverage and month, whose place this one takes.

    What nobody outside has seen is no matter of theirs: only those count that were sent or printed.
    """
    found = []
    for claim_id, number in voided_before(desk.store, claim):
        steps = history(desk.store, "claim", claim_id)
        sent = bool(json.loads(steps[-1].body).get("submissions"))
        if steps[-1].action != "undo" and (sent or disclosed(desk.store, "print", number, limit=1)):
            last = next(entry for entry in reversed(steps) if entry.action == "void")
            on = format_us(desk.local(last.at).date())
            found.append(f"This claim takes the place of {number}, voided on {on}: {last.reason}")
    return found
