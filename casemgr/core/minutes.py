"""Minutes as people write them, read as integers, and shown again."""

from __future__ import annotations

import re
from functools import lru_cache

from casemgr.core.wording import quoted
from casemgr.errors import ParseError

MIN_MINUTES, MAX_MINUTES = 1, 720
"""An activity's minutes: at least one, at most twelve hours."""

MINUTE_UNIT = r"(?:minutes|minute|mins|min|m|['′’])\.?"
HOUR_UNIT = r"(?:hours|hour|hrs|hr|h)\.?"

_MINUTES = re.compile(rf"(\d{{1,6}})\s*(?:{MINUTE_UNIT})?", re.ASCII)
_CLOCK = re.compile(r"(\d{1,5}):([0-5]\d)(?::00)?", re.ASCII)
_HOURS_AND_MINUTES = re.compile(
    rf"(\d{{1,5}})\s*{HOUR_UNIT}[\s,]*(?:and\s+)?([0-5]?\d)\s*(?:{MINUTE_UNIT})?", re.ASCII
)
_HOURS = re.compile(rf"(\d{{0,5}})(?:\.(\d{{1,4}}))?\s*{HOUR_UNIT}", re.ASCII)

_RANGE = re.compile(r"[\d.:]+\s*[a-z'′’.]*\s*(?:-|–|—|\bto\b|\bor\b)\s*[\d.:]+\s*[a-z'′’.]*", re.ASCII)
_ABOUT = re.compile(r"(?:~|≈|<|>|about|approx\.?|ca\.?|circa|under|over)\s*[\d.].*|[\d.].*[+?~]", re.ASCII)
_FRACTION_OF_A_MINUTE = re.compile(rf"\d*\.\d+\s*{MINUTE_UNIT}|\d{{1,5}}:\d\d:\d\d", re.ASCII)
_NO_UNIT = re.compile(r"\d*\.\d+|\d+\.", re.ASCII)
_LONGEST = 60
"""Characters; what is longer says no minutes, and the patterns would take their time to find that."""
_HOW = "write them such as 20m, 1h05, 0:20 or 1.5h"


@lru_cache(maxsize=4096)
def parse_minutes(text: str) -> int:
    """Read minutes: `20`, `20 min`, `90'`, `1h05`, `1 hr 15`, `1:05`, `1.5h`, `.5 hr`.

    A bare number is minutes; a bare fraction is refused, since it could be either unit. The result may be 0
    or very large: see check_minutes.

    Raises:
        ParseError: for ranges, guesses, negative numbers, parts of a minute, and whatever is no time at all.
    """
    plain = text.strip().lower()
    if len(plain) > _LONGEST:
        raise ParseError(f"{quoted(text)} is no number of minutes: {_HOW}.")
    if found := _MINUTES.fullmatch(plain):
        return int(found[1])
    if found := _CLOCK.fullmatch(plain) or _HOURS_AND_MINUTES.fullmatch(plain):
        return int(found[1]) * 60 + int(found[2])
    if (found := _HOURS.fullmatch(plain)) and (found[1] or found[2]):
        whole, rest = divmod(int((found[2] or "").ljust(4, "0")) * 60, 10_000)
        if rest:
            raise ParseError(f"{quoted(text)} is not a whole number of minutes: {_HOW}.")
        return int(found[1] or 0) * 60 + whole
    raise ParseError(_refusal(text, plain))


def _refusal(text: str, plain: str) -> str:
    if not plain:
        return f"There are no minutes: {_HOW}."
    if plain[0] in "-−–" and plain[1:2].isdigit():
        return f"{quoted(text)} is negative: write the minutes that were spent, such as 20m."
    if _RANGE.fullmatch(plain):
        return f"{quoted(text)} is a range: write the minutes that were spent, such as 20m."
    if _ABOUT.fullmatch(plain):
        return f"{quoted(text)} is a guess: write the minutes that were spent, such as 20m."
    if _FRACTION_OF_A_MINUTE.fullmatch(plain):
        return f"{quoted(text)} is not a whole number of minutes: {_HOW}."
    if _NO_UNIT.fullmatch(plain):
        return f"{quoted(text)} could be hours or minutes: write 1.5h or 90m."
    return f"{quoted(text)} is no number of minutes: {_HOW}."


def check_minutes(minutes: int) -> int:
    """The same minutes, if an activity can last as long.

    Raises:
        ParseError: below 1 or above 720.
    """
    if not MIN_MINUTES <= minutes <= MAX_MINUTES:
        hours = MAX_MINUTES // 60
        raise ParseError(
            f"{minutes:,} minutes: an activity takes {MIN_MINUTES} to {MAX_MINUTES} minutes ({hours} hours)."
        )
    return minutes


def format_minutes(minutes: int) -> str:
    """Minutes for people: `20 min`, `1 h`, `1 h 05`, `31 h 20`; parse_minutes reads them again."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02}" if rest else f"{hours} h"
