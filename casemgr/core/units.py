"""Minutes to units, as payers count them. The raw minutes are never changed: they are what is documented."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casemgr.core.payer_rules import Unit

QUARTER = 15
EIGHTH_MINUTE = 8
"""By the 8-minute rule, a further unit begins with this minute after each full 15 (CMS, Medicare Claims
Processing Manual, chapter 5, §20.2)."""
MOST_UNITS = 99
"""Units that a line can hold (ADA form item 29b)."""


class Counting(NamedTuple):
    """How a payer counts; None is what its rules do not say."""

    unit: Unit | None = None
    """None counts as a date."""
    sum_contacts: bool | None = None
    """None adds up for the 8-minute rule, of which that is a part, and for nothing else."""
    minimum_minutes: int | None = None
    monthly_minutes: int | None = None
    """The threshold of the unit `month`."""

    @property
    def summed(self) -> bool:
        """Whether the minutes of a date's contacts are added up before they are counted."""
        return self.unit == "8_minutes" if self.sum_contacts is None else self.sum_contacts

    def long_enough(self, minutes: int) -> bool:
        """Whether minutes that are counted together reach the minimum."""
        return minutes >= (self.minimum_minutes or 0)


def units(counting: Counting, minutes: Sequence[int]) -> int:
    """The units that contacts make: those of a date, or of a whole month where that is the unit.

    Args:
        counting: how the payer counts.
        minutes: raw minutes of each contact; for a month of each date where contacts are added up.

    Returns:
        0 to MOST_UNITS; 0 is not billed.
    """
    together = [sum(minutes)] if counting.summed and counting.unit != "month" else minutes
    counted = [each for each in together if each > 0 and counting.long_enough(each)]
    match counting.unit:
        case "visit":
            found = len(counted)
        case "15_minutes":
            found = sum(map(nearest_quarters, counted))
        case "8_minutes":
            found = sum(map(eighth_minute_units, counted))
        case "month":
            found = int(sum(counted) >= (counting.monthly_minutes or 1))
        case _:
            found = int(bool(counted))
    return min(found, MOST_UNITS)


def nearest_quarters(minutes: int) -> int:
    """Quarters of an hour to the nearest; 7 min are none, 8 to 22 are one."""
    return (2 * minutes + QUARTER) // (2 * QUARTER)


def eighth_minute_units(minutes: int) -> int:
    """Units of 15 minutes by the 8-minute rule: 8 to 22 min are 1, 23 to 37 are 2, 38 to 52 are 3."""
    return (minutes + QUARTER - EIGHTH_MINUTE) // QUARTER
