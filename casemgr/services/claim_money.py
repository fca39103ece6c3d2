"""A claim's account: what was answered to it, what the patient paid, and what both come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.claim_money import (
    LineMoney,
    Meanings,
    Money,
    implied_status,
    keys_of,
    lines_money,
    money_of,
    taken,
    total,
)
from casemgr.store.reads.answers import payments_of, remittances_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casemgr.core.billing import Claim, ClaimStatus, PatientPayment, Remittance
    from casemgr.services.desk import Desk


class Account(NamedTuple):
    """A claim's money, and what it is worked out from."""

    money: Money
    lines: tuple[LineMoney, ...]
    """In the order of the claim's lines."""
    implied: ClaimStatus
    """The state that the answers imply, where there are any."""
    remittances: tuple[Remittance, ...]
    """The live ones, as they were recorded."""
    payments: tuple[PatientPayment, ...]
    """The live ones, as they were recorded."""


def meanings_of(desk: Desk) -> Meanings:
    """Which reasons for an adjustment are no denial, by the practice's content."""
    return Meanings(
        frozenset(one.code for one in desk.reasons.accepted),
        frozenset(one.code for one in desk.reasons.shares),
    )


def account_of(desk: Desk, claim: Claim) -> Account:
    """A claim's account, as it stands now."""
    return account_from(
        claim, remittances_of(desk.store, claim.id), payments_of(desk.store, claim.id), meanings_of(desk)
    )


def account_from(
    claim: Claim,
    remittances: Sequence[Remittance],
    payments: Sequence[PatientPayment],
    meanings: Meanings,
) -> Account:
    """A claim's account from what was read of it before."""
    by_line = taken(remittances, keys_of(claim), meanings)
    whole = total(by_line)
    return Account(
        money_of(claim, whole, payments),
        lines_money(claim, by_line),
        implied_status(claim, whole),
        tuple(remittances),
        tuple(payments),
    )
