"""Files of ASC X12 as segments: delimiters, envelopes and their counts, amounts and dates.

Read here in a few lines, since pyx12, the one reader that is long kept, balances nothing and answers damaged
envelopes with IndexErrors, and those that would do more are months old or abandoned.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.money import MAX_CENTS, format_cents
from casemgr.core.remittance_advice import Place
from casemgr.core.wording import quoted
from casemgr.errors import InputRefused, ParseError

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_SEGMENT = 10_000
"""Characters of a segment; the longest that a standard allows has fewer."""
MAX_SEGMENTS = 500_000
"""Segments of a file: answers to some thirty thousand claims."""

_ISA_LENGTH = 106
_ISA_SEPARATORS = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)
_REPETITION, _COMPONENT, _TERMINATOR = 82, 104, 105
"""Where in the ISA, whose elements have fixed widths, the delimiters stand."""
_SEGMENT_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}")
_AMOUNT = re.compile(r"(-?)(\d*)(?:\.(\d*))?", re.ASCII)
_DATE = re.compile(r"\d{8}", re.ASCII)
_COUNT = re.compile(r"\d{1,10}", re.ASCII)
_CONTROL = frozenset(map(chr, (*range(32), 127)))
_BLANK = " \t\r\n\x0b\x0c\x1a\x00"
"""What may stand between segments and behind the last one."""
_OTHER_KINDS = {
    "270": "a question about eligibility",
    "271": "an answer about eligibility",
    "276": "a question about a claim's status",
    "277": "an answer about a claim's status, not about its payment",
    "820": "a payment of premiums",
    "834": "an enrollment",
    "837": "claims as they are sent",
    "997": "a receipt for a file",
    "999": "a receipt for a file",
}


class Segment(NamedTuple):
    """A segment between ST and SE, both included."""

    transaction: int
    """Which transaction of the file, from 1."""
    number: int
    """Within its transaction, ST being 1: what SE counts."""
    elements: tuple[str, ...]
    """The id, then the elements, stripped of outer blanks."""
    component: str
    """What separates the parts of a composite element."""

    @property
    def id(self) -> str:
        """Such as `CLP`."""
        return self.elements[0]

    def at(self, position: int) -> str:
        """The element that the standard counts so, from 1; "" where the segment ends before it."""
        return self.elements[position] if position < len(self.elements) else ""

    def parts(self, position: int) -> list[str]:
        """The parts of a composite element; one "" where there is none."""
        return [part.strip() for part in self.at(position).split(self.component)]


def is_x12(data: bytes) -> bool:
    """Whether bytes begin like an interchange."""
    return data[:_ISA_LENGTH].removeprefix(b"\xef\xbb\xbf").lstrip()[:3] == b"ISA"


def decode_x12(data: bytes) -> str:
    """Text as payers send it: UTF-8 with or without its mark, else Latin-1, which any bytes are."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def x12_refused(name: str, detail: str) -> InputRefused:
    """The error for a file that is cut off, damaged or does not keep to the standard."""
    return InputRefused(
        f"{name} cannot be read",
        f"{detail} Nothing of it was taken in.",
        "Download it again from the payer or clearing house, and change nothing in it by hand.",
    )


def read_segments(name: str, text: str, kind: str, version: str) -> Iterator[Segment]:
    """The segments of all transactions, in order; envelopes are checked on the way and left out.

    Args:
        name: the file's name, for messages.
        text: what it holds.
        kind: what ST01 must be, such as `835`.
        version: what GS08 must begin with.

    Raises:
        InputRefused: it is no such file, cut off, damaged, or counts other than it holds. What came before
            is not to be used then.
    """
    if not text.strip(_BLANK):
        raise InputRefused(
            f"{name} is empty", "It holds nothing.", "Check that this is the file that you meant."
        )
    reader = _Reader(name, text, kind, version)
    while not reader.ended():
        yield from reader.interchange()


def cents_in(segment: Segment, position: int) -> int:
    """An amount as the standard writes it (`100`, `100.5`, `.5`, `-12.00`) in cents.

    Raises:
        ParseError: it is missing, no amount, has more than two decimals or is beyond the bounds.
    """
    text = segment.at(position)
    found = _AMOUNT.fullmatch(text)
    dollars, decimals = (found[2].lstrip("0"), found[3] or "") if found else ("", "")
    if found is None or not (found[2] or decimals):
        raise misread(segment, f"has {quoted(text)} where an amount should be")
    if len(decimals) > 2:
        raise misread(segment, f"has an amount, {quoted(text)}, with more than two decimals")
    # The length is looked at first: Python does not turn thousands of digits into a number.
    cents = int(dollars + decimals.ljust(2, "0")) if len(dollars) <= len(str(MAX_CENTS)) else MAX_CENTS + 1
    if cents > MAX_CENTS:
        raise misread(segment, f"has an amount, {quoted(text)}, of more than {format_cents(MAX_CENTS)}")
    return -cents if found[1] else cents


def date_in(text: str) -> date | None:
    """A date of eight digits, year first; None where it is no day of the calendar."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def place_of(segment: Segment) -> Place:
    """Where a segment stands."""
    return Place("", segment.transaction, segment.number)


def misread(segment: Segment, what: str) -> ParseError:
    """What is wrong with a segment, in a sentence that begins with its place."""
    return ParseError(
        f"The {segment.id} segment {segment.number} of transaction {segment.transaction} {what}."
    )


class _Reader:
    """Walks through a file, interchange after interchange."""

    def __init__(self, name: str, text: str, kind: str, version: str) -> None:
        self._name, self._text, self._kind, self._version = name, text, kind, version
        self._position = 0
        self._element = self._component = self._terminator = ""
        self._blanks, self._controls = _blanks_but(""), _CONTROL
        self._transactions = self._number = self._taken = 0
        self._inside = False

    def ended(self) -> bool:
        """Whether nothing is left but blanks."""
        self._skip(_blanks_but(""))
        return self._position >= len(self._text)

    def interchange(self) -> Iterator[Segment]:
        """The segments of an interchange, from its ISA to its IEA."""
        control = self._header()
        groups = 0
        while (segment := self._next("IEA"))[0] == "GS":
            groups += 1
            yield from self._group(segment)
        self._expect(segment, "IEA")
        self._check_end(segment, groups, control, "groups")

    def _group(self, header: tuple[str, ...]) -> Iterator[Segment]:
        control, version = _element(header, 6), _element(header, 8)
        transactions = 0
        while (segment := self._next("GE"))[0] == "ST":
            transactions += 1
            self._check_kind(_element(segment, 1), version)
            yield from self._transaction(segment)
        self._expect(segment, "GE")
        self._check_end(segment, transactions, control, "transactions")

    def _transaction(self, header: tuple[str, ...]) -> Iterator[Segment]:
        control = _element(header, 2)
        self._transactions += 1
        self._number, self._inside = 1, True
        segment = header
        while segment[0] != "SE":
            yield Segment(self._transactions, self._number, segment, self._component)
            self._number += 1
            segment = self._next("SE")
            if segment[0] in ("ISA", "GS", "ST", "GE", "IEA"):
                raise self._refused(f"Transaction {self._transactions} has no end (SE).")
        self._check_end(segment, self._number, control, "segments")
        yield Segment(self._transactions, self._number, segment, self._component)
        self._inside = False

    def _header(self) -> str:
        """Take the delimiters from the ISA; its control number."""
        isa = self._text[self._position : self._position + _ISA_LENGTH]
        if not isa.startswith("ISA"):
            if self._terminator:
                raise self._refused("What follows the end of an interchange (IEA) is not another one.")
            raise InputRefused(
                f"{self._name} is no {self._kind} file",
                f"An {self._kind} begins with ISA; this does not.",
                "Check that this is the file that you meant.",
            )
        separator = isa[3:4]
        if len(isa) < _ISA_LENGTH or any(isa[at] != separator for at in _ISA_SEPARATORS):
            raise self._refused(
                "Its first segment (ISA) is cut off, or a part of it has not its fixed width."
            )
        repetition, component, terminator = isa[_REPETITION], isa[_COMPONENT], isa[_TERMINATOR]
        delimiters = {separator, component, terminator}
        # Before version 00402, the letter U stood where the repetition separator does now.
        if repetition != "U":
            delimiters.add(repetition)
        if len(delimiters) < 3 + (repetition != "U") or any(
            sign.isalnum() or sign == " " for sign in delimiters
        ):
            raise self._refused("Its first segment (ISA) does not say which signs separate its parts.")
        self._element, self._component, self._terminator = separator, component, terminator
        self._blanks, self._controls = _blanks_but("".join(delimiters)), _CONTROL - delimiters
        self._position += _ISA_LENGTH
        return isa.split(separator)[13].strip()

    def _next(self, end: str) -> tuple[str, ...]:
        """The next segment's id and elements; `end` is the segment that would have to come at last."""
        self._skip(self._blanks)
        start = self._position
        if start >= len(self._text):
            raise self._refused(f"It is cut off: its end ({end}) is missing.")
        stop = self._text.find(self._terminator, start, start + LONGEST_SEGMENT)
        if stop < 0:
            # Some senders leave out the very last terminator; the IEA's own number shows that it is whole.
            if len(self._text) - start >= LONGEST_SEGMENT or not self._text.startswith("IEA", start):
                raise self._refused(f"It is cut off or damaged: the segment {self._where()} has no end.")
            stop = len(self._text.rstrip(_BLANK))
        self._position = stop + 1
        self._taken += 1
        if self._taken > MAX_SEGMENTS:
            raise InputRefused(
                f"{self._name} is too big",
                f"It has more than {MAX_SEGMENTS:,} segments. Nothing of it was taken in.",
                "Ask the payer or clearing house for one file a payment.",
            )
        elements = tuple(part.strip(" ") for part in self._text[start:stop].split(self._element))
        if not _SEGMENT_ID.fullmatch(elements[0]):
            raise self._refused(f"The segment {self._where()} has no name.")
        if not all(map(self._controls.isdisjoint, elements)):
            raise self._refused(f"The segment {self._where()} holds signs that are no text.")
        return elements

    def _skip(self, blanks: re.Pattern[str]) -> None:
        found = blanks.match(self._text, self._position)
        self._position = found.end() if found else self._position

    def _expect(self, segment: tuple[str, ...], wanted: str) -> None:
        if segment[0] != wanted:
            raise self._refused(f"The {segment[0]} segment {self._where()} stands where {wanted} should.")

    def _check_end(self, segment: tuple[str, ...], held: int, control: str, what: str) -> None:
        """Refuse an envelope whose count or number is another than at its beginning."""
        said, number = _element(segment, 1), _element(segment, 2)
        if not _COUNT.fullmatch(said) or int(said) != held:
            raise self._refused(
                f"The {segment[0]} segment {self._where()} says {quoted(said)} {what}, but there are {held}: "
                "part of it is missing or was added."
            )
        if number.lstrip("0") != control.lstrip("0"):
            raise self._refused(
                f"The {segment[0]} segment {self._where()} has another number than its beginning."
            )

    def _where(self) -> str:
        if self._inside:
            return f"{self._number} of transaction {self._transactions}"
        return f"after transaction {self._transactions}" if self._transactions else "at its beginning"

    def _check_kind(self, kind: str, version: str) -> None:
        """Refuse what is something else, or of another version."""
        if kind != self._kind:
            what = _OTHER_KINDS.get(kind)
            detail = f"It is {what} ({kind})" if what else f"It is of the kind {quoted(kind)}"
            raise InputRefused(
                f"{self._name} is no {self._kind} file",
                f"{detail}. Nothing of it was taken in.",
                f"Ask the payer or clearing house for the {self._kind}, the remittance advice.",
            )
        if not version.startswith(self._version):
            raise InputRefused(
                f"{self._name} is of another version",
                f"It says {quoted(version)}; casemgr reads {self._version}. Nothing of it was taken in.",
                "Ask the payer or clearing house for that version.",
            )

    def _refused(self, detail: str) -> InputRefused:
        return x12_refused(self._name, detail)


def _element(segment: tuple[str, ...], position: int) -> str:
    return segment[position] if position < len(segment) else ""


def _blanks_but(signs: str) -> re.Pattern[str]:
    """What may stand between segments where some of it separates their parts."""
    return re.compile(f"[{re.escape(''.join(sign for sign in _BLANK if sign not in signs))}]*")
