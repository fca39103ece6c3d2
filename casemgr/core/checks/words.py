"""Turns of phrase that findings share."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from casemgr.core.checklist import PLACEHOLDERS
from casemgr.core.dates import format_spoken
from casemgr.core.records import is_npi
from casemgr.core.text import fold

if TYPE_CHECKING:
    from casemgr.core.claim_facts import ClaimFacts, Work


LONGEST_PLACEHOLDER = 16
"""Characters up to which a text may be a placeholder, with its spaces and marks."""


def work_name(facts: ClaimFacts, work: Work) -> str:
    """An activity in a sentence: `transport assistance on Oct 19`."""
    kind = facts.house.kinds.get(work.kind)
    title = kind.title.lower() if kind else work.kind.replace("_", " ")
    return f"{title} on {format_spoken(date.fromisoformat(work.service_date), facts.as_of)}"


def staff_name(facts: ClaimFacts, login: str) -> str:
    """A member of staff's name, else the login."""
    member = facts.house.staff.get(login)
    return member.name if member else login


def unsaid(text: str) -> bool:
    """Whether a text says nothing: it is empty, or a placeholder such as `n/a`."""
    # Folding costs more than all else here, and no placeholder is long.
    return not text or (len(text) <= LONGEST_PLACEHOLDER and fold(text) in PLACEHOLDERS)


@lru_cache(maxsize=256)
def npi_valid(npi: str) -> bool:
    """Whether a text is an NPI whose check digit fits (Luhn, with the prefix 80840)."""
    if not is_npi(npi):
        return False
    total = 24  # of the prefix
    for place, digit in enumerate(map(int, reversed(npi))):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def spoken(facts: ClaimFacts, day: date | str) -> str:
    """A date, or its ISO text, in a sentence: `Aug 14`."""
    return format_spoken(date.fromisoformat(day) if isinstance(day, str) else day, facts.as_of)
