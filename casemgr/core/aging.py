"""How old what is owed is, and what is to be done about a claim next. Pure.

The clock is the day on which a claim was first sent; a correction does not set it back. Days are calendar
days, and the day itself is day 0.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.claim_life import UNSENT, WAITING

if TYPE_CHECKING:
    from casemgr.core.billing import ClaimStatus
    from casemgr.core.reasons import WhatNext

CLOCK = "days since the claim was first sent"
BUCKETS = ("0–30", "31–60", "61–90", "91+")
_LAST_DAYS = (30, 60, 90)

ASK_AFTER_DAYS = 30
"""So long after a claim, or an appeal, was sent without an answer, the payer is asked."""


def bucket_of(age_days: int) -> int:
    """Which of BUCKETS an age belongs to."""
    return sum(age_days > last for last in _LAST_DAYS)


class Situation(NamedTuple):
    """What the next step depends on."""

    status: ClaimStatus
    as_of: date
    last_sent: date
    """The day of the last sending."""
    appealed_on: date | None
    appeal_by: date | None
    file_by: date | None
    """The last day for a claim, a corrected one too, as far as the payer's rules say one."""
    amendment_owed: bool
    calls_for: WhatNext | None
    """What the costliest denial calls for; None where nothing stands denied."""
    overpaid: bool
    patient_owes: bool
    patient_overpaid: bool = False
    said: str = ""
    """What somebody decided is next; it goes before all else."""
    said_on: date | None = None


class NextStep(NamedTuple):
    """What is to be done next, and by when; empty and None where nothing is."""

    what: str
    on: date | None


def next_step(now: Situation) -> NextStep:
    """What is to be done about a claim next: as somebody said, else as its state asks for."""
    if now.said:
        return NextStep(now.said, now.said_on)
    if now.amendment_owed or now.status in UNSENT:
        return NextStep("send the corrected claim", now.file_by)
    if now.overpaid:
        return NextStep("settle what was paid too much", None)
    if now.status in WAITING:
        if now.status == "appealed":
            since = now.appealed_on or now.last_sent
            return NextStep("ask about the appeal", since + timedelta(days=ASK_AFTER_DAYS))
        return NextStep("ask for its status", now.last_sent + timedelta(days=ASK_AFTER_DAYS))
    if now.status in ("denied", "paid_in_part"):
        return _after_a_denial(now)
    if now.patient_owes:
        return NextStep("bill the patient", None)
    if now.patient_overpaid:
        return NextStep("give back what the patient paid too much", None)
    return NextStep("", None)


def _after_a_denial(now: Situation) -> NextStep:
    over = now.appeal_by is not None and now.appeal_by < now.as_of
    if now.calls_for == "correct":
        late = now.file_by is not None and now.file_by < now.as_of
        return NextStep("correct it and send it again", None if late else now.file_by)
    if over or now.calls_for == "write_off":
        why = ": the time for an appeal is over" if over else ""
        return NextStep(f"write off or close{why}", None)
    if now.calls_for == "appeal":
        return NextStep("appeal", now.appeal_by)
    if now.calls_for == "ask":
        return NextStep("ask the payer, then appeal or correct", now.appeal_by)
    return NextStep("ask what was not paid, and why", now.appeal_by)


def deadline(now: Situation) -> tuple[date | None, str]:
    """The last day that matters in its state, and of what: `appeal` or `filing`."""
    if now.status in ("denied", "paid_in_part"):
        found = [(day, what) for day, what in ((now.appeal_by, "appeal"),) if day is not None]
        if now.calls_for == "correct" and now.file_by is not None:
            found.append((now.file_by, "filing"))
        ahead = [one for one in found if one[0] >= now.as_of]
        return min(ahead, default=max(found, default=(None, "")))
    if now.amendment_owed or now.status in UNSENT or now.status in ("submitted", "accepted"):
        return now.file_by, "filing" if now.file_by else ""
    return None, ""
