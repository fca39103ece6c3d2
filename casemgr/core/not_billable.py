"""Work that a payer does not pay for, told by its kind, its outcome or its words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from casemgr.core.text import fold

if TYPE_CHECKING:
    from datetime import date

    from casemgr.core.payer_rules import NotBillable, Rules


class Told(Protocol):
    """What an activity tells of itself."""

    @property
    def kind(self) -> str:
        """The kind's id."""
        ...

    @property
    def outcome(self) -> str:
        """An outcome id of the kind."""
        ...

    @property
    def outcome_words(self) -> str:
        """The outcome as it was written."""
        ...

    @property
    def reason(self) -> str:
        """Why it was done."""
        ...

    @property
    def note(self) -> str:
        """The note."""
        ...


def why_not_billable(rules: Rules, code: str, service_date: date, work: Told) -> str:
    """Why a payer does not pay for a piece of work, in the words of its rule; empty where none says so."""
    for said in rules.each_said("not_billable", code, service_date):
        for one in said.value:
            if tells(one, work):
                return str(one.why)
    return ""


def tells(one: NotBillable, work: Told) -> bool:
    """Whether a piece of work is what a rule does not pay for: see NotBillable."""
    if one.kinds and work.kind not in one.kinds:
        return False
    if not one.outcomes and not one.words:
        return True
    if work.outcome in one.outcomes:
        return True
    said = " ".join(("", fold(work.reason), fold(work.outcome_words), fold(work.note)))
    return _stands(one.words, said) and not _stands(one.unless, said)


def _stands(phrases: tuple[str, ...], said: str) -> bool:
    """Whether a word of a folded text begins one of the phrases: `confirm` stands in `confirmed`."""
    return any(f" {fold(phrase)}" in said for phrase in phrases)
