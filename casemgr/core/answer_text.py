"""A payer's answer as people type it: `CO-45=15.00`, `2026-10-21:D9992=45.00,CO-45=15.00`. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from casemgr.core.billing import Adjustment
from casemgr.core.billing_commands import AnsweredLine
from casemgr.core.dates import parse_date
from casemgr.core.money import parse_cents
from casemgr.errors import ParseError

if TYPE_CHECKING:
    from datetime import date

    from casemgr.core.claim_money import Key

_ADJUSTMENT = re.compile(
    r"(?P<group>CO|PR|OA|PI|CR)[\s\-:]*(?P<carc>[A-Z]?\d{1,4})\s*=\s*(?P<amount>.+)", re.IGNORECASE
)


def parse_adjustment(text: str) -> Adjustment:
    """An adjustment: its group, its reason (CARC) and its dollars, such as `CO-45=15.00`.

    Raises:
        ParseError: it is none.
    """
    found = _ADJUSTMENT.fullmatch(text.strip())
    if found is None:
        raise ParseError(
            f"“{text.strip()}” is no adjustment: write group, reason and amount, such as CO-45=15.00"
        )
    return Adjustment.model_validate(
        {
            "group": found["group"].upper(),
            "carc": found["carc"].upper().lstrip("0"),
            "cents": parse_cents(found["amount"]),
        }
    )


def parse_key(text: str, today: date) -> Key:
    """A line by its date and code: `2026-10-21:D9992`, `10/21:d9992`.

    Raises:
        ParseError: it names none.
    """
    day, colon, code = text.strip().rpartition(":")
    if not colon or not code.strip():
        raise ParseError(f"“{text.strip()}” names no line: write date and code, such as 2026-10-21:D9992")
    return parse_date(day, today, prefer="past").isoformat(), code.strip().upper()


def parse_answered(text: str, today: date) -> AnsweredLine:
    """What was said of a line: `2026-10-21:D9992=45.00`, with adjustments `=45.00,CO-45=15.00,PR-3=5`.

    Raises:
        ParseError: it cannot be read.
    """
    head, equals, rest = text.partition("=")
    if not equals:
        raise ParseError(
            f"“{text.strip()}” does not say what was paid: write it such as {text.strip()}=45.00"
        )
    paid, *adjustments = rest.split(",")
    return AnsweredLine(parse_key(head, today), parse_cents(paid), tuple(map(parse_adjustment, adjustments)))
