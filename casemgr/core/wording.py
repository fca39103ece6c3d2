"""Small turns of phrase that messages share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_QUOTE = 48

CREATOR, TO_MEND = "casemgr", "Rows to mend and import again"
"""Who made a workbook, by its properties; and the title of those that are meant to come back."""


def quoted(text: str) -> str:
    """Text as somebody wrote it, in quotation marks, shortened where it is long."""
    plain = " ".join(text.split())
    return f"“{plain}”" if len(plain) <= _LONGEST_QUOTE else f"“{plain[: _LONGEST_QUOTE - 1]}…”"


def listed(items: Iterable[str], last: str = "or") -> str:
    """Items in a sentence: `a`, `a or b`, `a, b or c`."""
    *most, final = tuple(items) or ("",)
    return f"{', '.join(most)} {last} {final}" if most else final


def counted(count: int, what: str) -> str:
    """How many there are: `1 activity`, `12 activities`, `2 follow-ups`, `3 days`."""
    many = f"{what[:-1]}ies" if what.endswith("y") and what[-2] not in "aeiou" else f"{what}s"
    return f"1 {what}" if count == 1 else f"{count:,} {many}"
