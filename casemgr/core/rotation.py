"""Which of the automatic backups stay: so many of the last days, weeks and months."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable
    from datetime import date

DAYS, WEEKS, MONTHS = 7, 4, 12
"""Of so many of each there is a backup, as far as one was ever made."""


def staying(days: Collection[date], today: date) -> frozenset[date]:
    """The days whose backups stay.

    These are the newest days, and the last day of each of the newest weeks and months that have one: a
    practice that was closed for a while loses none of what it had. What lies in the future, as a clock that
    was wrong has left it, counts for nothing and stays.

    Args:
        days: those with an automatic backup.
        today: the practice's local date.
    """
    past = sorted((day for day in days if day <= today), reverse=True)
    kept = {day for day in days if day > today}
    kept.update(past[:DAYS])
    kept.update(_last_of_each(past, lambda day: day.isocalendar()[:2], WEEKS))
    kept.update(_last_of_each(past, lambda day: (day.year, day.month), MONTHS))
    return frozenset(kept)


def _last_of_each(past: list[date], span: Callable[[date], Hashable], most: int) -> list[date]:
    """The newest day of each of the newest spans; `past` begins with the newest."""
    newest: dict[Hashable, date] = {}
    for day in past:
        newest.setdefault(span(day), day)
    return list(islice(newest.values(), most))
