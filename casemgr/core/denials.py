"""What a payer's reasons mean, and what they call for: from codes to our words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casemgr.core.billing import RemittanceLine
    from casemgr.core.reasons import Reasons, WhatNext

UNKNOWN = "not in our list"
ASK = "Look the code up on the payer's notice, or ask the payer what it needs."

NEXT: dict[WhatNext, str] = {
    "correct": "Correct and send again",
    "appeal": "Appeal",
    "write_off": "Write off, or close",
    "ask": "Ask the payer",
}
"""What a denial calls for, in a few words."""


class ReasonAdvice(NamedTuple):
    """One reason for which something was not paid, and what to do about it."""

    label: str
    """`Prior authorization missing`; of a code that is not in our list, the code."""
    codes: tuple[tuple[str, str], ...]
    """Each code as the payer wrote it (`CO-197`, `N706`), with our meaning or that we have none."""
    cents: int
    """What was not paid for it."""
    bearer: str
    """Who bears it, by the group code; empty where they differ."""
    action: WhatNext
    what_to_do: str
    appeal: str
    """What an appeal has to show; empty where there is no sense in one."""

    @property
    def next_step(self) -> str:
        """What it calls for, in a few words."""
        return NEXT[self.action]


class _Gathered(NamedTuple):
    codes: dict[str, str]
    groups: set[str]
    cents: list[int]


def advise(
    lines: Iterable[RemittanceLine], remarks: Iterable[str], reasons: Reasons
) -> tuple[ReasonAdvice, ...]:
    """The denials in some answered lines, each reason once, the one that costs most first.

    Args:
        lines: what was said of each line.
        remarks: RARCs about the claim as a whole.
        reasons: the practice's content.
    """
    general = tuple(remarks)
    found: dict[str, _Gathered] = {}
    for line in lines:
        beside = (*line.remarks, *general)
        for one in line.adjustments:
            # What the patient is to pay may be told without a reason; that is nothing to go after.
            if not one.carc or reasons.no_denial(one.carc):
                continue
            reason = reasons.denied_with(one.carc, beside)
            key = reason.id if reason else f"CARC {one.carc}"
            into = found.setdefault(key, _Gathered({}, set(), []))
            into.codes[f"{one.group}-{one.carc}"] = reasons.meaning(one.carc) or UNKNOWN
            into.codes.update({code: reasons.meaning(code) or UNKNOWN for code in beside})
            into.groups.add(one.group)
            into.cents.append(one.cents)
    advice = (_advice(key, into, reasons) for key, into in found.items())
    return tuple(sorted(advice, key=lambda one: -one.cents))


def _advice(key: str, gathered: _Gathered, reasons: Reasons) -> ReasonAdvice:
    codes = tuple(gathered.codes.items())
    cents = sum(gathered.cents)
    bearers = {reasons.bearer(group) for group in gathered.groups}
    bearer = bearers.pop() if len(bearers) == 1 else ""
    reason = reasons.denial(key)
    if reason is None:
        return ReasonAdvice(f"{key}, {UNKNOWN}", codes, cents, bearer, "ask", ASK, "")
    return ReasonAdvice(reason.label, codes, cents, bearer, reason.action, reason.what_to_do, reason.appeal)
