"""The ladder of attempts to reach a patient who missed a visit, and which of them are the present one's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Attempt(NamedTuple):
    """One attempt to reach a patient."""

    activity_id: str
    service_date: str
    """ISO text."""
    start: str
    """`HH:MM`, or empty."""
    method: str
    """A contact method as activities keep it, or empty."""
    outcome: str
    """The outcome's label; the words as written where they fit none."""
    staff: str
    """Login of who tried."""
    staff_name: str
    reached: bool | None
    """Whether the patient was reached; None where the outcome does not tell."""
    missed_on: str
    """When the visit was that was missed, as ISO text; empty where this attempt does not say."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """The attempts since a patient was last reached, or since a later visit was missed."""

    kind: str
    """The kind of activity that they are."""
    attempts: tuple[Attempt, ...]
    """At least one, the oldest first; only the last may have reached the patient."""
    as_of: date

    @property
    def last(self) -> Attempt:
        """The newest attempt."""
        return self.attempts[-1]

    @property
    def count(self) -> int:
        """How many attempts."""
        return len(self.attempts)

    @property
    def missed_on(self) -> str:
        """When the visit was that was missed, as ISO text; empty where no attempt says."""
        return next((each.missed_on for each in reversed(self.attempts) if each.missed_on), "")

    @property
    def days_since_last(self) -> int:
        """Days since the newest attempt."""
        return (self.as_of - date.fromisoformat(self.last.service_date)).days

    @property
    def reached(self) -> bool:
        """Whether the newest attempt reached the patient, so that this ladder is at its end."""
        return self.last.reached is True


def present_attempts(oldest_first: Iterable[Attempt]) -> tuple[Attempt, ...]:
    """The attempts of the present ladder: those since the patient was reached or missed a later visit.

    Args:
        oldest_first: all attempts to reach one patient.
    """
    present: list[Attempt] = []
    missed_on = ""
    for attempt in oldest_first:
        if present:
            # Where no attempt said which visit it was about, one that was missed after them is another.
            known = missed_on or present[-1].service_date
            if present[-1].reached or attempt.missed_on > known:
                present, missed_on = [], ""
        present.append(attempt)
        missed_on = max(missed_on, attempt.missed_on)
    return tuple(present)
