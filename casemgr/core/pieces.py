"""The head of the one-line entry cut into pieces, each with the roles that it may play."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, get_args

from casemgr.core.dates import (
    MONTH_WORDS,
    NEAR_DAYS,
    WEEKDAY_WORDS,
    WrittenDate,
    format_us,
    parse_birth_date,
    parse_clock_time,
    parse_date,
    written_date,
)
from casemgr.core.methods import METHOD_WORDS
from casemgr.core.minutes import HOUR_UNIT, MINUTE_UNIT, parse_minutes
from casemgr.core.people import is_birth_year, is_chart_number
from casemgr.core.text import words
from casemgr.core.wording import quoted
from casemgr.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Field = Literal["minutes", "kind", "patient", "date", "start", "method", "outcome", "follow_up", "line"]
FIELDS: tuple[Field, ...] = get_args(Field)
"""What a problem can lie in, in the order in which problems are told."""

What = Literal[
    "minutes",
    "clock",
    "start",
    "kind",
    "typo",
    "method",
    "date",
    "birth",
    "year",
    "chart",
    "name",
    "bad",
    "nothing",
]

SERVICE_DAYS = 400
"""A date with its year can be a service date if it is at most so many days from today."""
YEARLESS_DAYS = 183
"""A date without a year is read at most so many days back: before that, the year must be written."""

_MAX_TOKENS = 60
_MINUTE_TOKENS, _DATE_TOKENS, _START_TOKENS = 4, 3, 3
_LONGEST_METHOD = max(map(len, METHOD_WORDS))
_FILLERS = frozenset({"and", "at", "born", "by", "dob", "for", "on", "patient", "pt", "via", "w", "with"})
_DATE_STARTS = frozenset({*MONTH_WORDS, *WEEKDAY_WORDS, *NEAR_DAYS, "in", "a", "an", "one"})
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)", re.ASCII)
_HALF_OF_DAY = re.compile(r"\d ?[ap]\.?m\.?$", re.ASCII | re.IGNORECASE)
_UNIT = rf"(?:{HOUR_UNIT}|{MINUTE_UNIT})?"
_LIKE_MINUTES = re.compile(
    rf"[-−~≈<>]?\.?\d[\d.:]*{_UNIT}(?:[-–—][\d.:]+{_UNIT})?[+?]?", re.ASCII | re.IGNORECASE
)


class KindLookup(Protocol):
    """What must be known of the activity kinds."""

    @property
    def aliases(self) -> Mapping[tuple[str, ...], str]:
        """Kind ids by the folded words of every alias; ids and titles are aliases too."""
        ...

    def title(self, kind_id: str) -> str:
        """A kind's title."""
        ...

    def match_outcome(self, kind_id: str, text: str) -> str:
        """The id of the kind's outcome that words mean, else `other`."""
        ...


class Role(NamedTuple):
    """What a piece may mean."""

    what: What
    value: str = ""
    """Id, `HH:MM`, chart number, words of a name, or for `bad` the message."""
    number: int = 0
    """Minutes, or a year."""
    day: date = date.min
    field: Field = "minutes"
    """For `bad`: where the problem lies."""
    written: str = ""


class Piece(NamedTuple):
    """Neighbouring tokens, and what they may mean together, the likeliest first."""

    tokens: int
    roles: tuple[Role, ...]
    soft: bool = False
    """Whether the words may also be part of a name."""


def cut(text: str, today: date, kinds: KindLookup) -> list[Piece]:
    """Cut a head into pieces, from the left, each as long as can be understood."""
    tokens = text.replace(",", ", ").split()
    longest = max(map(len, kinds.aliases), default=0)
    reach = max(longest + 2, _MINUTE_TOKENS)
    pieces: list[Piece] = []
    at = 0
    while at < min(len(tokens), _MAX_TOKENS):
        bare = [token.strip("()[],;.") if len(token) > 1 else token for token in tokens[at : at + reach]]
        known = (
            _date(bare, today),
            _start(bare),
            _minutes(bare),
            _vocabulary(bare, "kind", kinds.aliases, longest + 2),
            _vocabulary(bare, "method", METHOD_WORDS, _LONGEST_METHOD),
        )
        piece = max(filter(None, known), key=lambda found: found.tokens, default=None)
        piece = piece or _single(tokens[at], bare[0], today)
        written = " ".join(tokens[at : at + piece.tokens])
        roles = piece.roles + ((Role("name", written),) if piece.soft else ())
        plain = written.strip(",;")
        pieces.append(piece._replace(roles=tuple(role._replace(written=plain) for role in roles)))
        at += piece.tokens
    if tokens[at:]:
        message = "That is too much before the note: a colon goes between patient and note."
        pieces.append(Piece(len(tokens) - at, (Role("bad", message, field="patient"),)))
    if not any(piece.roles[0].what == "kind" for piece in pieces):
        single = {"".join(alias): kind for alias, kind in kinds.aliases.items() if len(alias) == 1}
        pieces = [_with_typo(piece, single) for piece in pieces]
    return pieces


def _single(token: str, bare: str, today: date) -> Piece:
    """A token that nothing longer explains."""
    if token.startswith("#") and (chart := bare.lstrip("#")):
        return Piece(1, (Role("chart", chart),))
    if bare.isascii() and bare.isdigit():
        if len(bare) < 4:
            return Piece(1, (Role("minutes", number=int(bare)),))
        chart_role = Role("chart", bare)
        return Piece(
            1, (Role("year", number=int(bare)), chart_role) if is_birth_year(bare, today) else (chart_role,)
        )
    if is_chart_number(bare):
        return Piece(1, (Role("chart", bare),), soft=True)
    spoken = words(token)
    if not spoken and "," not in token:
        return Piece(1, (Role("nothing"),))
    if len(spoken) == 1 and spoken[0] in _FILLERS:
        return Piece(1, (Role("nothing"),), soft=True)
    return Piece(1, (Role("name", token),))


def _with_typo(piece: Piece, single: Mapping[str, str]) -> Piece:
    """A word of a name that is written much like a kind may be a mistyped kind."""
    role = piece.roles[0]
    word = "".join(words(role.value))
    if role.what != "name" or piece.tokens > 1 or len(word) < 4:
        return piece
    # Imported here: only mistakes need it.
    from difflib import get_close_matches

    like = get_close_matches(word, single, n=1, cutoff=0.8)
    if not like:
        return piece
    return piece._replace(roles=(*piece.roles, Role("typo", single[like[0]], written=role.written)))


def _vocabulary(
    bare: Sequence[str], what: What, aliases: Mapping[tuple[str, ...], str], most: int
) -> Piece | None:
    """The longest alias that the first tokens make up; a dash or another token without a word is skipped."""
    if not words(bare[0]):
        return None
    spoken = [words(token) for token in bare[:most]]
    for count in range(len(spoken), 0, -1):
        if found := aliases.get(tuple(word for token in spoken[:count] for word in token)):
            return Piece(count, (Role(what, found),), soft=True)
    return None


def _minutes(bare: Sequence[str]) -> Piece | None:
    first = bare[0]
    if not any(character.isdigit() for character in first):
        return None
    if clock := _CLOCK.fullmatch(first):
        if int(clock[2]) < 60:
            value = f"{int(clock[1]):02}:{clock[2]}"
            return Piece(1, (Role("clock", value, int(clock[1]) * 60 + int(clock[2])),))
    elif not (first.isascii() and first.isdigit()) or len(bare) > 1:
        for count in range(min(len(bare), _MINUTE_TOKENS), 0, -1):
            if count == 1 and first.isdigit():
                return None
            try:
                return Piece(count, (Role("minutes", number=parse_minutes(" ".join(bare[:count]))),))
            except ParseError as error:
                if count == 1 and _LIKE_MINUTES.fullmatch(first):
                    return Piece(1, (Role("bad", str(error), field="minutes"),))
    return None


def _start(bare: Sequence[str]) -> Piece | None:
    at = bare[0].lower() in {"at", "@"}
    marked = at or bare[0].startswith("@")
    for count in range(min(len(bare), _START_TOKENS), int(at), -1):
        text = " ".join(bare[int(at) : count]).removeprefix("@")
        if not marked and not _HALF_OF_DAY.search(text):
            continue
        try:
            return Piece(count, (Role("start", parse_clock_time(text)),))
        except ParseError as error:
            if marked and count == int(at) + 1 and any(character.isdigit() for character in text):
                return Piece(count, (Role("bad", str(error), field="start"),))
    return None


def _date(bare: Sequence[str], today: date) -> Piece | None:
    first = bare[0].lower().rstrip(".")
    if first not in _DATE_STARTS and not any(character.isdigit() for character in first):
        return None
    for count in range(min(len(bare), _DATE_TOKENS), 0, -1):
        text = " ".join(bare[:count])
        if written := written_date(text):
            return Piece(count, _date_roles(text, written, today), soft=first.isalpha())
        try:
            return Piece(count, (Role("date", day=parse_date(text, today)),), soft=first.isalpha())
        except ParseError:
            continue
    return None


def _date_roles(text: str, written: WrittenDate, today: date) -> tuple[Role, ...]:
    """Service date, birth date, or either where it is near enough for the one and past for the other."""
    try:
        day = parse_date(text, today)
    except ParseError as error:
        return (Role("bad", str(error), field="date"),)
    if written.year is None:
        if (today - day).days > YEARLESS_DAYS:
            message = f"{quoted(text)} without a year is {format_us(day)} or still to come: write the year."
            return (Role("bad", message, field="date"),)
        return (Role("date", day=day),)
    roles = [Role("date", day=day)] if abs((day - today).days) <= SERVICE_DAYS else []
    try:
        roles.append(Role("birth", day=parse_birth_date(text, today)))
    except ParseError:
        return (Role("date", day=day),)
    return tuple(roles)
