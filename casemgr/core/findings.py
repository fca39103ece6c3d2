"""What the checks of a claim find: how grave, why, by whose rule, and where it is put right."""

from __future__ import annotations

from enum import IntEnum
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Severity(IntEnum):
    """How grave a finding is; the gravest first."""

    ERROR = 0
    """The claim would be denied, or would not be true: it is not ready."""
    WARNING = 1
    """Somebody should look; the claim may go."""
    NOTE = 2
    """Good to know."""

    @property
    def label(self) -> str:
        """`error`, `warning` or `note`."""
        return self.name.lower()


class Mend(NamedTuple):
    """Where something is put right."""

    record: str
    """`activity`, `case`, `patient`, `coverage`, `staff`, `claim`, `verification`, `authorization`,
    `payer` or `practice`."""
    record_id: str
    """Its id; the patient's for a case, verification or authorization still to be made; a payer's file."""
    field: str = ""


class Finding(NamedTuple):
    """One thing that a check found."""

    check: str
    """Id of the check, such as `frequency`; a practice may look for it."""
    severity: Severity
    title: str
    """What is wrong, in a few words without names: `Over the limit: 2 of 3 used, next eligible 14 Aug`."""
    why: str = ""
    """Why it matters, or what exactly was found."""
    rule: str = ""
    """The rule in words, such as `at most 3 per calendar year`."""
    source: str = ""
    """Where the rule stands, and when that was last verified."""
    mend: Mend | None = None
    line: int = 0
    """The claim's line that it is about, from 1; 0 for the whole claim."""
    reason: str = ""
    """Id of the denial reason that it would lead to, by which readiness is weighted; else empty."""


def gravest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors, warnings, notes; within each as they were found."""
    return tuple(sorted(findings, key=attrgetter("severity")))
