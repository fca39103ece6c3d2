"""Help with denials: what the payer's reasons mean, what to do about them, and until when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.claim_money import keys_of, standing
from casemgr.core.dates import format_us
from casemgr.core.denials import ReasonAdvice, advise
from casemgr.store.reads.answers import remittances_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casemgr.core.billing import Claim, Remittance
    from casemgr.services.desk import Desk


class DenialHelp(NamedTuple):
    """Everything to be said about what was not paid."""

    reasons: tuple[ReasonAdvice, ...]
    """The one that costs most first; empty where nothing was denied."""
    appeal_by: str
    """ISO date of the last day for an appeal; empty where nobody said one."""
    deadline: str
    """The same in words: `appeal by 1/19/2027, 59 days left`; empty where there is none."""


def advice_for_claim(desk: Desk, claim: Claim, remittances: Sequence[Remittance] | None = None) -> DenialHelp:
    """What stands denied on a claim by now, and what to do about it; nothing once it was sent again.

    Args:
        desk: the open practice.
        claim: the claim.
        remittances: its answers, where they were read before.
    """
    if claim.status in ("submitted", "accepted"):
        return DenialHelp((), claim.appeal_by, "")
    answers = remittances_of(desk.store, claim.id) if remittances is None else remittances
    _, said, remarks = standing(answers, keys_of(claim))
    reasons = advise((line for lines in said.values() for line in lines), remarks, desk.reasons)
    return DenialHelp(reasons, claim.appeal_by, _deadline(desk, claim.appeal_by) if reasons else "")


def advice_for_remittance(desk: Desk, remittance: Remittance, claim: Claim) -> DenialHelp:
    """What one answer denied, and what to do about it."""
    reasons = advise(remittance.lines, remittance.remarks, desk.reasons)
    last = remittance.appeal_by or claim.appeal_by
    return DenialHelp(reasons, last, _deadline(desk, last) if reasons else "")


def _deadline(desk: Desk, last: str) -> str:
    if not last:
        return ""
    left = (date.fromisoformat(last) - desk.today()).days
    if left < 0:
        return f"the last day for an appeal was {format_us(last)}"
    days = "today is the last day" if left == 0 else "1 day left" if left == 1 else f"{left} days left"
    return f"appeal by {format_us(last)}, {days}"


def told(help_: DenialHelp) -> list[str]:
    """What was denied and what to do about it, in lines of text."""
    lines = []
    for one in help_.reasons:
        codes = ", ".join(f"{code} ({meaning})" for code, meaning in one.codes)
        lines.append(f"{one.label}: {codes}")
        lines.append(f"  {one.what_to_do}")
        if one.appeal:
            lines.append(f"  An appeal has to show: {one.appeal}")
    if help_.deadline:
        lines.append(help_.deadline[0].upper() + help_.deadline[1:] + ".")
    return lines
