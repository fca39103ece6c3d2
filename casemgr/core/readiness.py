"""How ready a claim is, from 0 to 100, weighted by what this practice was denied for before. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.checks import CHECKS
from casemgr.core.findings import Severity
from casemgr.core.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from casemgr.core.claim_facts import ClaimFacts
    from casemgr.core.findings import Finding

WEIGHTS = {Severity.ERROR: 4, Severity.WARNING: 2, Severity.NOTE: 0}
"""What a check is worth by the gravest that it may find; notes cost nothing."""
LOST = {Severity.ERROR: 2, Severity.WARNING: 1, Severity.NOTE: 0}
"""Halves of a check's weight that its gravest finding takes."""
RAISE = 4
"""By how much the weight of a check grows at most, if every denied claim was denied for its reason."""
FEW = 10
"""Claims that are taken to have been denied for nothing in particular, so that few denials say little."""


class Denials(NamedTuple):
    """This practice's denied claims, and how many of them for which reason."""

    claims: int
    by_reason: Mapping[str, int]
    """By the id of the denial reason; a claim may have several."""

    def raised(self, reason: str) -> int:
        """By how much a reason raises a weight: 1,000 for nothing, up to 1,000 × (1 + RAISE)."""
        share = self.by_reason.get(reason, 0) * 1000 // (self.claims + FEW)
        return 1000 + RAISE * share


NONE = Denials(0, {})
"""A practice that was never denied."""


class Readiness(NamedTuple):
    """How ready a claim is."""

    score: int
    """0 to 100; 100 is nothing missing."""
    findings: tuple[Finding, ...]
    """The gravest first."""
    missing: tuple[Finding, ...]
    """Of them the errors and warnings, what would cost most first."""

    @property
    def ready(self) -> bool:
        """Whether no error stands."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def summary(self) -> str:
        """`74 of 100: 3 errors, 1 warning, 2 notes`."""
        counts = [(self.count(severity.label), severity.label) for severity in Severity]
        found = ", ".join(counted(count, what) for count, what in counts if count)
        return f"{self.score} of 100: {found or 'nothing is missing'}"

    def count(self, severity: str) -> int:
        """How many findings of a severity there are: `error`, `warning` or `note`."""
        return sum(finding.severity.label == severity for finding in self.findings)


class Scale:
    """What each check is worth to this practice; made once for all claims.

    A check weighs by the gravest that it may find (WEIGHTS). If this practice was denied before for what the
    check guards against, it weighs more: by the share of the denied claims that had this reason, at most
    RAISE times as much again; FEW claims more are counted as denied, so that the first denials do not
    outweigh all else. An error takes the whole weight of its check, a warning half of it, a note nothing;
    what is left of all weights is the score, in percent and rounded down, and half of that while an error
    stands. So 100 is nothing missing, and below 50 is not ready. What a payer's rule would have to ask for
    counts only where one does.
    """

    def __init__(self, denials: Denials = NONE) -> None:
        """Weigh the checks by a practice's denials."""
        self._weights = {
            check.id: WEIGHTS[check.gravest] * check.worth * denials.raised(check.reason) for check in CHECKS
        }
        self._always = sum(self._weights[check.id] for check in CHECKS if not check.asks)
        self._asked = [(check.asks, self._weights[check.id]) for check in CHECKS if check.asks]

    def readiness(self, facts: ClaimFacts, findings: tuple[Finding, ...]) -> Readiness:
        """A claim's score, from the weights of the checks that apply to it; findings gravest first."""
        ruled = facts.ruled
        whole = self._always
        if ruled:
            whole += sum(weight for asks, weight in self._asked if asks in ruled)
        costs: dict[str, int] = {}
        missing = [finding for finding in findings if finding.severity is not Severity.NOTE]
        for finding in missing:
            # The first of a check is its gravest.
            costs.setdefault(finding.check, self._weights[finding.check] * LOST[finding.severity])
        errors = bool(missing) and missing[0].severity is Severity.ERROR
        left = (2 * whole - sum(costs.values())) * (50 if errors else 100) // (2 * whole)
        missing.sort(key=lambda one: (one.severity, -costs[one.check]))
        return Readiness(left, findings, tuple(missing))
