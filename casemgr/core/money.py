"""Money as integer cents, written and shown in US dollars."""

from __future__ import annotations

import re

from casemgr.core.wording import quoted
from casemgr.errors import ParseError

MAX_CENTS = 9_999_999_999
"""The largest amount that is read: more than any claim, and within what every format holds."""

_AMOUNT = re.compile(r"(?P<minus>[-−])?\$?(?P<dollars>\d{1,3}(,\d{3})+|\d*)(\.(?P<cents>\d{1,2}))?", re.ASCII)


def format_cents(cents: int) -> str:
    """Cents as dollars: `$45.00`, `$1,234.50`, `-$5.00`."""
    dollars, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}${dollars:,}.{rest:02}"


def parse_cents(text: str) -> int:
    """Dollars as cents: `45`, `$1,234.50`, `-5.00`, `(5.00)`.

    Raises:
        ParseError: it is no amount, has more than two places behind the point, or is beyond all bounds.
    """
    plain = text.strip()
    bracketed = plain.startswith("(") and plain.endswith(")")
    found = _AMOUNT.fullmatch(plain[1:-1].strip() if bracketed else plain)
    if found is None or not (found["dollars"] or found["cents"]) or (bracketed and found["minus"]):
        raise ParseError(f"{quoted(plain)} is no amount: write it such as 45, 45.00 or $1,234.50")
    digits = found["dollars"].replace(",", "").lstrip("0")
    # The length is looked at first: Python does not turn thousands of digits into a number.
    dollars = int(digits or 0) if len(digits) <= len(str(MAX_CENTS)) else MAX_CENTS
    cents = dollars * 100 + int((found["cents"] or "0").ljust(2, "0"))
    if cents > MAX_CENTS:
        raise ParseError(f"{quoted(plain)} is more than {format_cents(MAX_CENTS)}")
    return -cents if found["minus"] or bracketed else cents
