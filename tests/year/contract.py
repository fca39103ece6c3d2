"""What the three payers pay for, once more and apart from their files: as a biller would work it out by hand.

Nothing of casemgr is used here. Minutes are whole, fees are cents for one unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

LAKESHORE, TIDEWATER, UNION = "lakeshore", "tidewater", "union"
"""The payers' ids: the names of their files."""

_LAKESHORE_CODES = {"referral": "D9992", "education": "D9994"}
_MONTHLY_MINUTES = 40
_SHORTEST_LESSON = 10


class Billed(NamedTuple):
    """A line as it should be."""

    service_date: str
    code: str
    minutes: int
    quantity: int
    charge_cents: int
    ids: frozenset[str]
    """Of its activities."""


class Contact(NamedTuple):
    """What counts of an activity."""

    id: str
    day: str
    minutes: int


def code_for(payer: str, kind: str) -> str:
    """The code under which a kind of work is billed."""
    if payer == LAKESHORE:
        return _LAKESHORE_CODES.get(kind, "D9991")
    return "D9994" if kind == "education" else "D9993"


def fee_cents(payer: str, code: str, day: str) -> int:
    """The fee for one unit on an ISO date."""
    if payer == LAKESHORE and code == "D9991":
        return 1237 if day < "2025-07-01" else 1301
    return {
        (LAKESHORE, "D9992"): 1563,
        (LAKESHORE, "D9994"): 1349,
        (TIDEWATER, "D9993"): 1825,
        (TIDEWATER, "D9994"): 2210,
        (UNION, "D9993"): 6450,
        (UNION, "D9994"): 1475,
    }[payer, code]


def is_billable(payer: str, kind: str, outcome: str, words: str) -> bool:
    """Whether a piece of work is paid at all; Lakeshore pays for no voicemail and no mere confirming."""
    if payer != LAKESHORE:
        return True
    confirms = kind in ("missed_visit", "transport") and "confirmed the visit" in words.lower()
    return outcome != "voicemail" and not confirms


def by_the_month(payer: str, code: str) -> bool:
    """Whether a code is paid once a calendar month, for its minutes together."""
    return (payer, code) == (UNION, "D9993")


def line_of(payer: str, code: str, contacts: Sequence[Contact]) -> Billed | None:
    """The line that the contacts of a date, or of a month, make; None where they make none.

    Lakeshore pays a date once. Tidewater adds a date's minutes up and pays each quarter of an hour, rounded
    to the nearest; of lessons each of ten minutes or more. Union pays a month that comes to 40 minutes, dated
    when it did; of lessons each quarter by the 8-minute rule.
    """
    kept = sorted(contacts, key=lambda one: one.day)
    if (payer, code) == (TIDEWATER, "D9994"):
        kept = [one for one in kept if one.minutes >= _SHORTEST_LESSON]
    minutes = sum(one.minutes for one in kept)
    day = kept[0].day if kept else ""
    if payer == LAKESHORE:
        quantity = 1
    elif payer == TIDEWATER:
        quantity = len(kept) if code == "D9994" else int(minutes / 15 + 0.5)
    elif code == "D9994":
        quantity = minutes // 15 + (minutes % 15 >= 8)
    else:
        quantity = int(minutes >= _MONTHLY_MINUTES)
        so_far = 0
        for one in kept:
            so_far += one.minutes
            if so_far >= _MONTHLY_MINUTES:
                day = one.day
                break
    if not kept or not quantity:
        return None
    charge = quantity * fee_cents(payer, code, day)
    return Billed(day, code, minutes, quantity, charge, frozenset(one.id for one in kept))
