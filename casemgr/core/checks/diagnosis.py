"""Diagnosis codes: there, billable, not too many, and such that they explain the work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.billing import MAX_DIAGNOSES
from casemgr.core.checks.words import spoken
from casemgr.core.findings import Finding, Mend, Severity
from casemgr.core.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.core.claim_facts import ClaimFacts

REASON = "diagnosis"
SOURCE = "ICD-10-CM, as the CDC publishes it"
_MOST_NAMED = 6


def diagnosis(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether a diagnosis says why the work was needed, and not more than four do."""
    mend = Mend("claim", facts.claim_id, "diagnoses")
    if not facts.diagnoses:
        named = [text for text in _barriers(facts) if facts.house.reasons.barrier(text)]
        hint = f" The case names {listed(named, 'and')}." if named else ""
        yield Finding(
            "diagnosis",
            Severity.WARNING,
            "No diagnosis code",
            f"Nothing on the claim explains the work to the payer.{hint}",
            "A diagnosis code explains why the work was needed.",
            "ADA claim form, item 34a",
            mend,
            reason=REASON,
        )
    if len(facts.diagnoses) > MAX_DIAGNOSES:
        yield Finding(
            "diagnosis",
            Severity.ERROR,
            f"{len(facts.diagnoses)} diagnosis codes; the form holds {MAX_DIAGNOSES}",
            "Keep those that explain the work best, the primary one first.",
            f"A dental claim holds at most {MAX_DIAGNOSES} diagnoses.",
            "ADA claim form, item 34a",
            mend,
            reason=REASON,
        )
    twice = sorted({one for one in facts.diagnoses if facts.diagnoses.count(one) > 1})
    if twice:
        yield Finding(
            "diagnosis", Severity.WARNING, f"{listed(twice, 'and')} stands twice", mend=mend, reason=REASON
        )


def diagnosis_codes(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether each diagnosis code is one that may stand on a claim, and no heading of others."""
    mend = Mend("claim", facts.claim_id, "diagnoses")
    table = facts.house.diagnoses
    for each in dict.fromkeys(facts.diagnoses):
        if facts.house.reasons.barrier(each):
            continue  # the practice's own list knows later releases
        standing = table.standing(each)
        if standing.leaf:
            continue
        if standing.known:
            more = len(standing.instead) - _MOST_NAMED
            under = f"{', '.join(standing.instead[:_MOST_NAMED])}{f' and {more} more' if more > 0 else ''}"
            yield Finding(
                "diagnosis_codes",
                Severity.ERROR,
                f"{each} only heads other codes",
                f"Use one of {under}." if more > 0 or len(standing.instead) > 1 else f"Use {under}.",
                "Only codes of the last level may stand on a claim.",
                SOURCE,
                mend,
                reason=REASON,
            )
            continue
        known = all(table.in_force(line.service_date) for line in facts.lines)
        yield Finding(
            "diagnosis_codes",
            Severity.ERROR if known else Severity.WARNING,
            f"{each} is no diagnosis code" if known else f"{each} is not in our table of diagnosis codes",
            f"It is not in the release that is in force to {spoken(facts, table.last)}."
            if known
            else f"Our table is that of {spoken(facts, table.first)} to {spoken(facts, table.last)}.",
            "A diagnosis code is in force on the service date.",
            SOURCE,
            mend,
            reason=REASON,
        )


def pairing(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether barriers explain the codes of the claim, or others; and whether the case has more."""
    codes = {line.code for line in facts.lines}
    mend = Mend("claim", facts.claim_id, "diagnoses")
    rule = "A diagnosis fits the work that it stands beside."
    for each in facts.diagnoses:
        barrier = facts.house.reasons.barrier(each)
        if barrier and barrier.pairs_with and barrier.pairs_with not in codes:
            yield Finding(
                "pairing",
                Severity.NOTE,
                f"{barrier.code} explains {barrier.pairs_with} best",
                f"{barrier.code}, {barrier.label}: the claim has {listed(sorted(codes), 'and')}.",
                rule,
                mend=mend,
                reason=REASON,
            )
    for text in _barriers(facts):
        barrier = facts.house.reasons.barrier(text)
        if barrier and barrier.pairs_with in codes and barrier.code not in facts.diagnoses:
            yield Finding(
                "pairing",
                Severity.NOTE,
                f"{barrier.code} would explain {barrier.pairs_with}",
                f"The case names {barrier.code}, {barrier.label}; the claim does not.",
                rule,
                mend=mend,
                reason=REASON,
            )


def _barriers(facts: ClaimFacts) -> tuple[str, ...]:
    return facts.case.barriers if facts.case else ()
