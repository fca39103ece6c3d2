"""Whether who rendered the work may have done so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.checks.words import spoken, staff_name
from casemgr.core.findings import Finding, Mend, Severity
from casemgr.core.text import fold
from casemgr.core.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.core.claim_facts import ClaimFacts

REASON = "provider_type"


def role(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether the payer lets the role of each member of staff render the code."""
    for line in facts.lines:
        said = line.asks.said("roles")
        if not said.value:
            continue
        allowed = {fold(each) for each in said.value}
        for login in sorted(line.staff):
            member = facts.house.staff.get(login)
            if member is None or fold(member.role) in allowed:
                continue
            yield Finding(
                "role",
                Severity.ERROR,
                f"{member.name} may not render {line.code}",
                f"Their role is {member.role or 'not stated'}; the payer takes {listed(said.value)}.",
                f"{line.code}: rendered by {listed(said.value)}.",
                line.asks.origin(said.rule),
                Mend("staff", login, "role"),
                line.number,
                REASON,
            )


def at_work(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether each member of staff worked here on the date."""
    told = set()
    for line, work in facts.work:
        if (work.staff, work.service_date) in told:
            continue
        told.add((work.staff, work.service_date))
        member = facts.house.staff.get(work.staff)
        if member is not None and member.works_on(work.service_date):
            continue
        yield Finding(
            "at_work",
            Severity.ERROR,
            f"{staff_name(facts, work.staff)} did not work here on {spoken(facts, work.service_date)}",
            "The date is wrong, or who rendered it, or the days between which they work here.",
            "Who rendered the work was on the staff.",
            mend=Mend("staff", work.staff, "active_from"),
            line=line.number,
            reason=REASON,
        )
