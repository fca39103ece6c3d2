"""How often: every limit of every rule in force, against what this practice has billed the payer already."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.checks.words import spoken, staff_name
from casemgr.core.findings import Finding, Mend, Severity
from casemgr.core.windows import Units, next_eligible, used_beside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.core.claim_facts import Billed, ClaimFacts, Line
    from casemgr.core.payer_rules import Limit, Rule

REASON = "frequency"
_DAY = timedelta(days=1)


class _Asked(NamedTuple):
    """A limit, as it is asked about a line: whose units count together."""

    limit: Limit
    rule: Rule | None
    login: str
    """Who rendered it, where units count apart for each; else empty."""


def frequency(facts: ClaimFacts) -> Iterator[Finding]:
    """Each limit of each code: what is used with this line, and when the next unit fits.

    A line goes after all that the payer has already, and after what is earlier on claims that are not sent.
    """
    over: dict[tuple[object, ...], list[Finding]] = {}
    within: dict[tuple[object, ...], Finding] = {}
    for line in facts.lines:
        for said in line.asks.each("limits"):
            for limit in said.value:
                logins = sorted(line.staff) if limit.scope == "provider" else [""]
                for login in logins:
                    found = _against(facts, line, _Asked(limit, said.rule, login))
                    if found is None:
                        continue
                    window, finding = found
                    span = (id(limit), line.code, login, window)
                    if finding.severity is Severity.ERROR:
                        over.setdefault(span, []).append(finding)
                    else:
                        within[span] = finding  # with the figures of the span's last line
    for findings in over.values():
        first, *others = findings
        lines = ", ".join(str(one.line) for one in others)
        more = f" So {'is line' if len(others) == 1 else 'are lines'} {lines}." if others else ""
        yield first._replace(why=first.why + more)
    yield from within.values()


def _against(facts: ClaimFacts, line: Line, asked: _Asked) -> tuple[object, Finding] | None:
    limit, year, case = asked.limit, facts.payer.benefit_year, facts.case.id if facts.case else ""
    if limit.per == "episode" and not case:
        return None  # that there is no case is told already
    before = [
        Units(one.service_date, one.quantity, one.case_id)
        for one in facts.billed
        if one.code == line.code
        and one.counts
        and (not asked.login or asked.login in one.staff)
        and _goes_before(one, facts, line)
    ]
    used, window = used_beside(limit, line.service_date, before, year, case)
    over = used + line.quantity > limit.count
    if limit.per == "day" and not over:
        return None  # a note on every date would say nothing
    if over:
        first = next_eligible(limit, line.service_date, before, year, line.quantity)
        title = f"Over the limit: {used} of {limit.count} used"
    else:
        used += line.quantity
        units = [*before, Units(line.service_date, line.quantity, case)]
        first = next_eligible(limit, line.service_date + _DAY, units, year) if used >= limit.count else None
        title = f"{used} of {limit.count} used with this claim"
    if first is not None:
        title += f", next eligible {spoken(facts, first)}"
    elif limit.per == "episode" and (over or used >= limit.count):
        title += ", no more in this case"
    whose = f" by {staff_name(facts, asked.login)}" if asked.login else ""
    return window, Finding(
        "frequency",
        Severity.ERROR if over else Severity.NOTE,
        title,
        f"{line.code}{whose}, counted from this practice’s own claims; the payer may know of others’.",
        f"{line.code}: {line.asks.limit_words(limit)}.",
        line.asks.origin(asked.rule),
        Mend("claim", facts.claim_id, "lines") if over else None,
        line.number,
        REASON,
    )


def _goes_before(one: Billed, facts: ClaimFacts, line: Line) -> bool:
    """Whether a line takes its units before ours: those that were sent first, then by date."""
    if one.sent != facts.sent:
        return one.sent
    return (one.service_date, one.number, one.line) < (line.service_date, facts.number, line.number)
