"""What came of an activity: the outcomes of a kind, and finding the one that somebody's words mean."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Annotated

from pydantic import Field as Constraint

from casemgr.core.base import Content
from casemgr.core.rows import OTHER
from casemgr.core.text import fold, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CLAUSE_END = re.compile(r"[,;:.!?()\[\]\n–—]+")
_NEGATIONS = frozenset(
    {"not", "no", "nor", "neither", "never", "cannot", "cant", "couldnt", "didnt", "dont", "doesnt", "wasnt"}
    | {
        "werent",
        "isnt",
        "arent",
        "hasnt",
        "havent",
        "hadnt",
        "wont",
        "wouldnt",
        "unable",
        "without",
        "failed",
    }
)
_BETWEEN = frozenset({"yet", "been", "be", "being", "to", "get", "a", "an", "any", "the"})
"""Words that may stand between a negation and what it denies: `not yet been booked`."""


class Outcome(Content):
    """One way in which an activity of a kind can end."""

    id: Annotated[str, Constraint(pattern=r"^[a-z][a-z0-9_]*$")]
    label: Annotated[str, Constraint(min_length=1)]
    words: tuple[str, ...] = ()
    """Phrases that people write for it, beside its label; each as one would say it, in any case."""
    contact: bool | None = None
    """Whether somebody was reached; a voicemail reaches nobody. None where the outcome does not tell."""
    booked: bool = False
    """Whether the patient has a date for a visit by it, here or at a specialist's; a ride is no visit."""


class OutcomeFinder:
    """Finds the outcome with the longest phrase, in words, that stands in what somebody wrote."""

    def __init__(self, outcomes: Iterable[Outcome]) -> None:
        """Index the phrases by their first word."""
        self._exact: dict[str, Outcome] = {}
        self._phrases: dict[str, list[tuple[tuple[str, ...], Outcome]]] = defaultdict(list)
        for outcome in outcomes:
            self._exact[fold(outcome.id)] = self._exact[fold(outcome.label)] = outcome
            if outcome.id == OTHER:
                self._other = outcome
                continue
            for phrase in dict.fromkeys(words(text) for text in (outcome.label, outcome.id, *outcome.words)):
                self._phrases[phrase[0]].append((phrase, outcome))

    def find(self, text: str) -> Outcome:
        """The outcome that a text means: by id or label, else by the longest phrase, else `other`.

        Two outcomes with equally long phrases give `other`; a phrase that is denied (`not booked`) does not
        count.
        """
        exact = self._exact.get(fold(text))
        if exact:
            return exact
        longest, best = 0, self._other
        for phrase, outcome in self._standing_in(text):
            if len(phrase) > longest:
                longest, best = len(phrase), outcome
            elif len(phrase) == longest and outcome is not best:
                best = self._other
        return best

    def _standing_in(self, text: str) -> Iterator[tuple[tuple[str, ...], Outcome]]:
        """Each phrase that stands in a text as whole words and is not denied there."""
        said = words(text)
        starts = _clause_starts(text)
        for at, word in enumerate(said):
            for phrase, outcome in self._phrases.get(word, ()):
                if said[at : at + len(phrase)] == phrase and not _denied(said, at, starts):
                    yield phrase, outcome


def _clause_starts(text: str) -> frozenset[int]:
    """The positions, in folded words, at which a clause begins; a negation does not reach across."""
    count, starts = 0, set()
    for clause in _CLAUSE_END.split(text):
        starts.add(count)
        count += len(words(clause))
    return frozenset(starts)


def _denied(said: tuple[str, ...], at: int, starts: frozenset[int]) -> bool:
    """Whether the words before a position, in the same clause, deny what stands there."""
    while at not in starts:
        at -= 1
        if said[at] not in _BETWEEN:
            return said[at] in _NEGATIONS
    return False
