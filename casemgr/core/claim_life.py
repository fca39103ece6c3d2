"""The life of a claim as one table: which moves there are, from where, and where they lead. Pure.

A payer's answer leads where its money says (core.claim_money.implied_status); reopening leads back to where
the claim stood before it was closed or written off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, get_args

from casemgr.core.billing import ClaimStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

STATUSES: tuple[ClaimStatus, ...] = get_args(ClaimStatus)
"""Every state, in the order in which a claim goes through them."""

LABELS = {"paid_in_part": "paid in part", "written_off": "written off"}
"""Words for the states that are not called by their id."""

UNSENT: frozenset[ClaimStatus] = frozenset({"draft", "ready"})
WAITING: frozenset[ClaimStatus] = frozenset({"submitted", "accepted", "appealed"})
"""It is the payer's turn."""
ANSWERED: frozenset[ClaimStatus] = frozenset({"denied", "paid_in_part", "paid"})
FINISHED: frozenset[ClaimStatus] = frozenset({"closed", "written_off"})
"""Nothing is expected of anybody."""


class Move(NamedTuple):
    """One kind of step, and what it may lead from and to."""

    verb: str
    """The action under which the ledger keeps it."""
    came: frozenset[ClaimStatus]
    to: frozenset[ClaimStatus]
    may_be: str
    """What a claim may be made with it, for a refusal: `corrected`."""
    did: str
    """What was done, for its history: `taken back to be corrected`."""
    command: str = ""
    """The command that makes it, such as `claim appeal`; empty for what comes with an answer."""
    needs_reason: bool = False
    may_stay: bool = False
    """Whether it may leave the state as it is."""


_SHORT: frozenset[ClaimStatus] = frozenset({"denied", "paid_in_part"})


def _table() -> tuple[Move, ...]:
    state = frozenset[ClaimStatus]
    answerable = WAITING | ANSWERED
    return (
        Move("ready", state({"draft"}), state({"ready"}), "made ready", "made ready", "claim ready"),
        Move("submit", state({"ready"}), state({"submitted"}), "submitted", "submitted", "claim submit"),
        Move(
            "accept",
            state({"submitted"}),
            state({"accepted"}),
            "marked as accepted",
            "accepted by the payer",
            "claim accept",
        ),
        Move("pay", answerable, ANSWERED, "paid", "answered by the payer", "claim pay"),
        Move("deny", answerable, ANSWERED, "denied", "denied by the payer", "claim deny"),
        Move("reverse", answerable, ANSWERED, "reversed", "reversed by the payer"),
        Move("take back", ANSWERED, answerable, "", "an answer was taken back"),
        Move(
            "appeal", _SHORT, state({"appealed"}), "appealed", "appealed", "claim appeal", needs_reason=True
        ),
        Move(
            "correct",
            state({"ready"}) | answerable,
            state({"draft"}),
            "corrected",
            "taken back to be corrected",
            "claim correct",
            needs_reason=True,
        ),
        Move("close", ANSWERED | {"appealed"}, state({"closed"}), "closed", "closed", "claim close"),
        Move(
            "write off",
            WAITING | _SHORT,
            state({"written_off"}),
            "written off",
            "written off",
            "claim write-off",
            needs_reason=True,
            may_stay=True,
        ),
        Move("reopen", FINISHED, answerable, "reopened", "reopened", "claim reopen", needs_reason=True),
    )


MOVES: dict[str, Move] = {move.verb: move for move in _table()}
"""By verb. What is written off in part leaves a claim where it is; the rest of it written off ends it."""


def status_label(status: str) -> str:
    """A state as people read it: `paid in part`."""
    return LABELS.get(status, status)


def allowed(status: ClaimStatus, verb: str) -> bool:
    """Whether a claim in that state may take a step."""
    return status in MOVES[verb].came


def legal(status: ClaimStatus, verb: str, to: ClaimStatus) -> bool:
    """Whether a step from one state to another is in the table."""
    move = MOVES[verb]
    return status in move.came and (to in move.to or (move.may_stay and to == status))


def reason_needed(status: ClaimStatus, verb: str) -> bool:
    """Whether a step has to say why; a ready claim was promised to nobody yet."""
    return MOVES[verb].needs_reason and status not in UNSENT


def possible(status: ClaimStatus) -> tuple[Move, ...]:
    """The steps that people may take from a state, in the order of the table."""
    return tuple(move for move in MOVES.values() if move.command and status in move.came)


def possible_words(status: ClaimStatus) -> str:
    """What may be done from a state: `It can be appealed, corrected, closed or written off.`."""
    *most, last = [move.may_be for move in possible(status)]
    return f"It can be {', '.join(most)} or {last}." if most else f"It can be {last}."


def before_finished(statuses: Iterable[ClaimStatus]) -> ClaimStatus | None:
    """Where a finished claim is reopened to: the state before it was closed or written off.

    Args:
        statuses: its states as its history has them, oldest first.
    """
    last: ClaimStatus | None = None
    for status in statuses:
        if status not in FINISHED:
            last = status
    return last
