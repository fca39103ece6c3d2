"""Money as integer cents, read and shown in US dollars."""

from __future__ import annotations

import re

from casemgr.core.wording import quoted
from casemgr.errors import ParseError

_DOLLARS = re.compile(r"(-?)\s*\$?\s*(\d{1,3}(?:,\d{3}){1,4}|\d{1,13})(?:\.(\d\d))?", re.ASCII)


def parse_cents(text: str) -> int:
    """Read dollars: `45`, `$45.00`, `$1,234.50`, `-$5.00`.

    Raises:
        ParseError: for anything else, parts of a cent among them.
    """
    found = _DOLLARS.fullmatch(text.strip())
    if not found:
        raise ParseError(f"{quoted(text)} is no amount of money: write it such as $45.00.")
    cents = int(found[2].replace(",", "")) * 100 + int(found[3] or 0)
    return -cents if found[1] else cents


def format_cents(cents: int) -> str:
    """Cents as dollars: `$45.00`, `$1,234.50`, `-$5.00`."""
    dollars, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}${dollars:,}.{rest:02}"
