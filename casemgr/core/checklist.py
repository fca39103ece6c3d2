"""When a point of the documentation checklist is met, wherever it is asked: in a case, or on a claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.text import fold

if TYPE_CHECKING:
    from casemgr.core.records import Case

FROM_CASE = {
    "complaint": "Chief complaint and history",
    "findings": "Findings that support case management",
    "supplementary": "Tests, images or other data",
    "plan": "Plan with its rationale",
}
"""The points that a case documents, by the name of its field."""

OUTCOMES = "outcomes"
"""The point that the activities document."""

OUTCOMES_TITLE = "What came of each contact, and what follows"

PLACEHOLDERS = frozenset(
    {"", "none", "n a", "na", "nil", "tbd", "tba", "unknown", "x", "xx", "xxx", "test", "see chart"}
)
"""What people write where they have nothing to say, folded."""


class Met(NamedTuple):
    """How a point stands."""

    met: bool
    evidence: str
    """Where it is met: by what. Where it is not: what is missing."""


def by_case(case: Case | None, field: str) -> Met:
    """How a point stands that is a field of the case."""
    if case is None:
        return Met(False, "No case was open")
    text = getattr(case, field)
    if fold(text) not in PLACEHOLDERS:
        return Met(True, text)
    return Met(False, f"The case says only “{text}”" if text else "The case does not say it")


def by_activities(count: int, told: int, followed: int) -> Met:
    """Whether every activity says what came of it, and at least one what follows.

    Args:
        count: how many activities there are.
        told: how many of them have an outcome in words.
        followed: how many have a next step or a follow-up.
    """
    evidence = (
        f"{told} of {count} activities state what came of them; "
        f"{followed} of {count} a next step or a follow-up"
    )
    return Met(told == count and followed > 0, evidence)
