"""Dates, months and times of day as people write them, read as values, and shown again.

Numbers are always in US order, month before day; a year that comes first makes it an ISO date. Nothing here
knows what day it is: today is handed in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from casemgr.core.wording import quoted
from casemgr.errors import ParseError

MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OLDEST_AGE = 130
"""A birth date is at most so many years ago."""

MONTH_WORDS = {word: n for n, name in enumerate(MONTH_NAMES, 1) for word in (name.lower(), name[:3].lower())}
MONTH_WORDS["sept"] = 9
WEEKDAY_WORDS = {word: n for n, name in enumerate(WEEKDAY_NAMES) for word in (name.lower(), name[:3].lower())}
WEEKDAY_WORDS |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
NEAR_DAYS = {"today": 0, "yesterday": -1, "tomorrow": 1}

_HOW = "write it such as 10/21/2026 or 2026-10-21"
_MIDNIGHT = re.compile(r"[ t]0?0:00(?::00(?:\.0+)?)?$")
_ISO = re.compile(r"([12]\d{3})[-/](\d{1,2})[-/](\d{1,2})", re.ASCII)
_US = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2([12]\d{3}|\d\d)", re.ASCII)
_US_SHORT = re.compile(r"(\d{1,2})/(\d{1,2})", re.ASCII)
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.? ?(\d{1,2})(?:st|nd|rd|th)?(?: ([12]\d{3}))?", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? ?([a-z]{3,9})\.?(?: ([12]\d{3}))?", re.ASCII)
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})-([a-z]{3,9})-([12]\d{3}|\d\d)", re.ASCII)
_AHEAD = re.compile(r"(in |\+)?(\d{1,3}|an?(?= )|one) ?(d|days?|w|wks?|weeks?|months?)", re.ASCII)
_AGO = re.compile(r"(\d{1,3}|an?|one) (days?|weeks?|months?) ago", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})(?::(\d\d))? ?(?:([ap])\.?(?:m\.?)?)?", re.ASCII)
_MONTH = re.compile(
    r"([12]\d{3})[-/](\d{1,2})|(\d{1,2})[-/]([12]\d{3})|([a-z]{3,9})\.?,? ([12]\d{3})", re.ASCII
)

Direction = Literal["past", "future"]


class WrittenDate(NamedTuple):
    """The numbers of a written date, not yet known to be a day of the calendar."""

    year: int | None
    """None where none was written; below 100 where it was written with two digits."""
    month: int
    day: int


def _plain(text: str) -> str:
    return _MIDNIGHT.sub("", " ".join(text.lower().replace(",", " ").split()))


def written_date(text: str) -> WrittenDate | None:
    """The numbers of a date that is written out, or None where the text is no such date."""
    plain = _plain(text)
    if found := _ISO.fullmatch(plain):
        return WrittenDate(int(found[1]), int(found[2]), int(found[3]))
    if found := _US.fullmatch(plain):
        return WrittenDate(int(found[4]), int(found[1]), int(found[3]))
    if found := _US_SHORT.fullmatch(plain):
        return WrittenDate(None, int(found[1]), int(found[2]))
    if (found := _MONTH_FIRST.fullmatch(plain)) and (month := MONTH_WORDS.get(found[1])):
        return WrittenDate(int(found[3]) if found[3] else None, month, int(found[2]))
    found = _DAY_FIRST.fullmatch(plain) or _DAY_MONTH_YEAR.fullmatch(plain)
    if found and (month := MONTH_WORDS.get(found[2])):
        return WrittenDate(int(found[3]) if found[3] else None, month, int(found[1]))
    return None


@lru_cache(maxsize=8192)
def parse_date(text: str, today: date, prefer: Direction = "past") -> date:
    """Read a date: `10/21`, `10/21/26`, `9-1-2026`, `2026-10-21`, `Sep 1, 2026`, `1 Sep`, `yesterday`, `mon`.

    Without a year it is the nearest such day that is not after today, or not before it where the future is
    preferred. A weekday is the latest one up to and including today; in the future, the first one after
    today. `+3d`, `in 2 weeks` and `2 weeks ago` say their own direction; a bare `2w` is read only in the
    future. Two digits of a year mean 20yy. A weekday before a date must be that date's.

    Raises:
        ParseError: for a day that is not in the calendar, and for whatever is no date.
    """
    plain = _plain(text)
    if plain in NEAR_DAYS:
        return _moved(today, NEAR_DAYS[plain], text)
    if (weekday := WEEKDAY_WORDS.get(plain.rstrip("."))) is not None:
        if prefer == "past":
            return _moved(today, -((today.weekday() - weekday) % 7), text)
        return _moved(today, (weekday - today.weekday() - 1) % 7 + 1, text)
    if written := written_date(plain):
        year, month, day = written
        if year is None:
            return _nearest(month, day, today, prefer, text)
        return _calendar_day(year + 2000 if year < 100 else year, month, day, text)
    if (step := _step(plain, prefer)) is not None:
        days, months = step
        return _moved(today, days, text) if days else _months_on(today, months, text)
    first, _, rest = plain.partition(" ")
    if rest and (weekday := WEEKDAY_WORDS.get(first.rstrip("."))) is not None and written_date(rest):
        found = parse_date(rest, today, prefer)
        if found.weekday() != weekday:
            said, is_ = WEEKDAY_NAMES[weekday], WEEKDAY_NAMES[found.weekday()]
            raise ParseError(f"{format_us(found)} is a {is_}, not a {said}.")
        return found
    raise ParseError(f"{quoted(text)} is no date: {_HOW}." if plain else f"There is no date: {_HOW}.")


@lru_cache(maxsize=8192)
def parse_birth_date(text: str, today: date) -> date:
    """Read a birth date, which needs its year; two digits of a year mean the latest such day up to today.

    Raises:
        ParseError: for a date without a year, in the future, more than 130 years ago, or not in the calendar.
    """
    written = written_date(text)
    year, month, day = written or (None, 0, 0)
    if year is None:
        raise ParseError(f"{quoted(text)} is no birth date: write it such as 4/9/2012 or 2012-04-09.")
    if year < 100:
        year += today.year // 100 * 100
        if (year, month, day) > (today.year, today.month, today.day):
            year -= 100
    born = _calendar_day(year, month, day, text)
    if born > today:
        raise ParseError(f"{format_us(born)} is in the future, so it is nobody's birth date.")
    if born.year < today.year - OLDEST_AGE:
        raise ParseError(f"{format_us(born)} is more than {OLDEST_AGE} years ago: look at the year.")
    return born


def parse_clock_time(text: str) -> str:
    """Read a time of day: `9:10`, `2pm`, `2:05 p.m.`, `14:05`; the result is `HH:MM` of 24 hours.

    Hours 1 to 6 need am or pm unless written with two digits: nobody can know which half of the day is meant.

    Raises:
        ParseError: for such an hour, and for whatever is no time of day.
    """
    plain = " ".join(text.lower().split())
    if plain == "noon":
        return "12:00"
    found = _CLOCK.fullmatch(plain)
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    if found and found[3] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if found[3] == "p" else 0)
    elif not found or found[3] or not found[2]:
        hour = 99
    elif found[1] in {"1", "2", "3", "4", "5", "6"}:
        later = f"{plain}pm or {hour + 12}:{minute:02}"
        raise ParseError(f"{quoted(text)} could be morning or afternoon: write {later}.")
    if hour > 23 or minute > 59:
        raise ParseError(f"{quoted(text)} is no time of day: write it such as 9:10am or 14:05.")
    return f"{hour:02}:{minute:02}"


def _nearest(month: int, day: int, today: date, prefer: Direction, text: str) -> date:
    _calendar_day(2000, month, day, text)  # a leap year, so that 2/29 is not refused before its year is known
    step = -1 if prefer == "past" else 1
    for year in range(today.year, today.year + 9 * step, step):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if (found <= today) if prefer == "past" else (found >= today):
            return found
    raise ParseError(f"{quoted(text)} is too far away: {_HOW}.")


def _calendar_day(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        pass
    if not 1 <= month <= 12:
        raise ParseError(f"{quoted(text)} is no date: there is no month {month} (the month comes first).")
    name = f"{MONTH_NAMES[month - 1]} {year}" if (month, day) == (2, 29) else MONTH_NAMES[month - 1]
    raise ParseError(f"{quoted(text)} is no date: {name} has no day {day}.")


def _step(plain: str, prefer: Direction) -> tuple[int, int] | None:
    """Days and months to go from today, one of them 0; None where the text says no step."""
    sign = 1
    if found := _AHEAD.fullmatch(plain):
        if not found[1] and prefer == "past":
            return None
        number, unit = found[2], found[3]
    elif found := _AGO.fullmatch(plain):
        sign, number, unit = -1, found[1], found[2]
    else:
        return None
    count = sign * (int(number) if number.isdecimal() else 1)
    if unit.startswith("m"):
        return 0, count
    return (count * 7 if unit.startswith("w") else count), 0


def _moved(today: date, days: int, text: str) -> date:
    try:
        return today + timedelta(days=days)
    except OverflowError:
        raise ParseError(f"{quoted(text)} is too far away: {_HOW}.") from None


def _months_on(today: date, months: int, text: str) -> date:
    """The same day of another month, or that month's last where it is shorter."""
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    for day in range(today.day, today.day - 4, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    raise ParseError(f"{quoted(text)} is too far away: {_HOW}.")


def format_us(day: date | str) -> str:
    """A date, or its ISO text, as US charts write it: `4/9/2012`. An empty text stays empty."""
    if isinstance(day, str):
        if not day:
            return ""
        day = date.fromisoformat(day)
    return f"{day.month}/{day.day}/{day.year}"


@lru_cache(maxsize=8192)
def format_spoken(day: date, today: date) -> str:
    """A date in a sentence: `Aug 14`, or `Jan 19, 2027` in another year than today's."""
    year = "" if day.year == today.year else f", {day.year}"
    return f"{MONTH_NAMES[day.month - 1][:3]} {day.day}{year}"


def format_short(day: date | str, today: date) -> str:
    """A date for narrow places: `today`, `yesterday`, `tomorrow`, `Mon 10/26`; `Fri 10/26/2029`."""
    if isinstance(day, str):
        day = date.fromisoformat(day)
    for word, distance in NEAR_DAYS.items():
        if (day - today).days == distance:
            return word
    year = "" if day.year == today.year else f"/{day.year}"
    return f"{WEEKDAY_NAMES[day.weekday()][:3]} {day.month}/{day.day}{year}"


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of the calendar; months compare by time."""

    year: int
    month: int

    def __post_init__(self) -> None:
        """Refuse what is no month: ParseError."""
        if not (1 <= self.month <= 12 and 1900 <= self.year <= 2199):
            raise ParseError(f"There is no month {self.month} of {self.year}: write it such as 2026-10.")

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read a month: `2026-10`, `10/2026`, `oct 2026`. Raises ParseError for anything else."""
        plain = " ".join(text.lower().split())
        if found := _MONTH.fullmatch(plain):
            number = MONTH_WORDS.get(found[5]) if found[5] else int(found[2] or found[3])
            if number is not None:
                return cls(int(found[1] or found[4] or found[6]), number)
        raise ParseError(f"{quoted(text)} is no month: write it such as 2026-10 or “October 2026”.")

    @classmethod
    def of(cls, day: date) -> Month:
        """The month of a date."""
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year + self.month // 12, self.month % 12 + 1, 1) - timedelta(days=1)

    @property
    def title(self) -> str:
        """`October 2026`."""
        return f"{MONTH_NAMES[self.month - 1]} {self.year}"

    def contains(self, day: date) -> bool:
        """Whether a date lies in it."""
        return (day.year, day.month) == (self.year, self.month)

    def __str__(self) -> str:
        """`2026-10`."""
        return f"{self.year}-{self.month:02}"


@dataclass(frozen=True, slots=True)
class Span:
    """A span of days, both inclusive, where a month is not what is asked for."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse a span that ends before it begins: ParseError."""
        if self.last < self.first:
            raise ParseError(f"{format_us(self.last)} is before {format_us(self.first)}.")

    @property
    def title(self) -> str:
        """`10/1/2026 to 12/31/2026`."""
        return f"{format_us(self.first)} to {format_us(self.last)}"

    def contains(self, day: date) -> bool:
        """Whether a date lies in it."""
        return self.first <= day <= self.last

    def __str__(self) -> str:
        """`2026-10-01 to 2026-12-31`."""
        return f"{self.first} to {self.last}"


Period = Month | Span
"""What a list or a workbook is of."""


def period_of(first: date, last: date) -> Period:
    """The days from first to last: a month where they are one."""
    month = Month.of(first)
    return month if (first, last) == (month.first, month.last) else Span(first, last)
