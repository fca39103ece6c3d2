"""Deadlines: how long the claim may still be filed, and an answer appealed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from casemgr.core.checks.words import spoken
from casemgr.core.findings import Finding, Mend, Severity
from casemgr.core.windows import month_around
from casemgr.core.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.core.claim_facts import ClaimFacts
    from casemgr.core.payers import Payer

REASON = "late_filing"
SOON_DAYS = 14
"""From so many days before a deadline on, somebody should hurry."""
_FROM = {
    "service": "the service date",
    "month_end": "the end of the month of service",
    "other_payer": "the other payer’s answer",
}


def filing(facts: ClaimFacts) -> Iterator[Finding]:
    """How many days are left to file a claim that was not sent, by the line that runs out first."""
    payer = facts.payer
    if payer.filing_days is None or facts.sent or not facts.lines:
        return
    first = min(facts.lines, key=lambda line: line.service_date)
    deadline = filed_by(payer, first.service_date)
    left = (deadline - facts.as_of).days
    rule = f"Filed within {counted(payer.filing_days, 'day')} of {_FROM[payer.filing_from]}."
    by = spoken(facts, deadline)
    why = (
        "Counted from the service date, since the other payer’s answer is not known here."
        if payer.filing_from == "other_payer"
        else f"Line {first.number} of {spoken(facts, first.service_date)} runs out first."
    )
    if facts.first_sent is not None and facts.first_sent <= deadline:
        # Whether a correction has days of its own is not in the rules; the filing itself was in time.
        severity = Severity.NOTE
        title = f"First filed in time, on {spoken(facts, facts.first_sent)}"
        why = "A payer may set a deadline of its own for corrected claims: ask, and write it down."
    elif left < 0:
        severity, title = Severity.ERROR, f"Filing ended on {by} ({counted(-left, 'day')} ago)"
    else:
        severity = Severity.WARNING if left <= SOON_DAYS else Severity.NOTE
        title = f"File by {by} ({counted(left, 'day')} left)" if left else f"File by {by} (today)"
    yield Finding(
        "filing",
        severity,
        title,
        why,
        rule,
        payer.source,
        Mend("claim", facts.claim_id) if severity is not Severity.NOTE else None,
        first.number,
        REASON,
    )


def filed_by(payer: Payer, service_date: date) -> date:
    """The last day on which a service may be filed; without filing days, the date itself.

    Another payer's answer is not known here, so that its days are counted from the service date.
    """
    start = month_around(service_date).last if payer.filing_from == "month_end" else service_date
    return start + timedelta(days=payer.filing_days or 0)


def appeal(facts: ClaimFacts) -> Iterator[Finding]:
    """How many days are left to appeal an answer that denied the claim, or paid a part."""
    if facts.status not in {"denied", "paid_in_part"} or not facts.appeal_by:
        return
    deadline = date.fromisoformat(facts.appeal_by)
    left = (deadline - facts.as_of).days
    by = spoken(facts, deadline)
    if left < 0:
        title = f"Appeals ended on {by} ({counted(-left, 'day')} ago)"
    else:
        title = f"Appeal by {by} ({counted(left, 'day')} left)" if left else f"Appeal by {by} (today)"
    days = facts.payer.appeal_days
    yield Finding(
        "appeal",
        Severity.WARNING if left <= SOON_DAYS else Severity.NOTE,
        title,
        "After that day the payer’s answer stands." if left >= 0 else "The payer’s answer stands.",
        f"Appeals within {counted(days, 'day')} of the answer." if days else "",
        facts.payer.source,
        Mend("claim", facts.claim_id),
        reason=REASON,
    )
