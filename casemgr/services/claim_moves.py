"""One step of a claim's life, or of several claims together: made only here, each an entry of the ledger.

Several claims move together or not at all; what refuses names the claim that it is about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from casemgr.core.billing import Claim, ClaimStatus
from casemgr.core.claim_life import MOVES, allowed, legal, possible_words, reason_needed, status_label
from casemgr.core.text import tidy
from casemgr.errors import CasemgrError, InputRefused, NotFound, RuleRefused
from casemgr.services.claims import the_claim
from casemgr.services.refusals import NOTHING_CHANGED, no_reason, refused
from casemgr.store.reads.claims import claim_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from casemgr.core.dates import Month
    from casemgr.services.desk import Desk
    from casemgr.store.ledger import Transaction

SETTLED = {"next_action": "", "next_action_on": ""}
"""What was to be done next belongs to the state that a move ends."""


class Moved(NamedTuple):
    """A claim after a step, where it stood before, and what should be looked at."""

    claim: Claim
    before: ClaimStatus
    warnings: tuple[str, ...] = ()


def numbers_in(desk: Desk, month: Month, verb: str) -> tuple[str, ...]:
    """The numbers of a run's claims that may take a step; only those that are paid are closed together.

    Raises:
        NotFound: there are none.
    """
    rows = claim_rows(desk.store, str(month))
    found = tuple(
        row.number
        for row in rows
        if allowed(as_status(row.status), verb) and (verb != "close" or row.status == "paid")
    )
    if not found:
        raise NotFound(
            f"No claim of {month.title} can be {MOVES[verb].may_be}",
            NOTHING_CHANGED,
            f"`casemgr claim list --month {month}` shows them with their states.",
        )
    return found


def as_status(text: str) -> ClaimStatus:
    """A state as a column or an after-image has it."""
    status: ClaimStatus = text  # type: ignore[assignment]  # the column holds nothing else
    return status


def live_claim(desk: Desk, number: str) -> Claim:
    """The claim of a number.

    Raises:
        NotFound: there is none.
        RuleRefused: it is voided.
    """
    claim = the_claim(desk, number)
    if claim.voided:
        raise RuleRefused(
            f"Claim {claim.number} is voided",
            NOTHING_CHANGED,
            "Draft its activities anew with `casemgr claim draft`.",
        )
    return claim


def each(desk: Desk, numbers: Sequence[str], step: Callable[[Transaction, Claim], Moved]) -> list[Moved]:
    """Take one step with each of some claims, all or nothing.

    Raises:
        CasemgrError: what refused; of several claims, its title begins with the number.
    """
    moved = []
    with desk.write() as tx:
        # Named twice, a claim moves once.
        for number in dict.fromkeys(text.strip().upper() for text in numbers):
            try:
                moved.append(step(tx, live_claim(desk, number)))
            except CasemgrError as error:
                if len(numbers) > 1 and number not in error.title:
                    error.title = f"{number}: {error.title}"
                raise
    return moved


def append_move(
    tx: Transaction, claim: Claim, verb: str, to: ClaimStatus, reason: str = "", **changes: Any
) -> Claim:
    """Take a step of the table inside a transaction that the caller holds.

    Raises:
        RuleRefused: the claim cannot take it from where it stands.
        InputRefused: the step needs a reason.
    """
    refuse_illegal(claim, verb)
    assert legal(claim.status, verb, to), f"{claim.status} {verb} {to}"
    if reason_needed(claim.status, verb) and not tidy(reason):
        raise no_reason(f"A claim can only be {MOVES[verb].may_be} with a reason")
    moved = Claim.model_validate(claim.model_copy(update={**SETTLED, **changes, "status": to}).model_dump())
    tx.append(verb, "claim", moved, tidy(reason))
    return moved


def refuse_illegal(claim: Claim, verb: str) -> None:
    """Refuse a step that the table does not have, with those that it has."""
    if not allowed(claim.status, verb):
        label = status_label(claim.status)
        cannot = (
            f"{label} already"
            if MOVES[verb].to == {claim.status}
            else f"{label}: it cannot be {MOVES[verb].may_be}"
        )
        raise RuleRefused(f"Claim {claim.number} is {cannot}", NOTHING_CHANGED, possible_words(claim.status))


def wrong_date(title: str) -> InputRefused:
    """The day cannot be."""
    return refused(title, "Look at the date.", "on", NOTHING_CHANGED)


def field_refused(field: str, title: str, todo: str = "") -> InputRefused:
    """One field cannot be as it is asked for."""
    return refused(title, todo, field, NOTHING_CHANGED)
