"""The one line that logs an activity: `20m referral Garcia Ana 4/9/2012: note => outcome !10/26 what to do`.

The head comes before the first colon that is not part of a time; then the note; `=>` (or `→`) the outcome
in its own words; `!date what` a follow-up. The head has minutes, kind, patient, and where they are said
date, start and contact method, in any order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.bounds import MAX_LINE
from casemgr.core.commands import FollowUpWish
from casemgr.core.dates import WEEKDAY_WORDS, format_us, parse_date, written_date
from casemgr.core.head import Head, Problem, read_head
from casemgr.core.people import Found, Match
from casemgr.core.wording import quoted
from casemgr.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from casemgr.core.people import PatientLookup, PatientRef
    from casemgr.core.pieces import KindLookup

_NAME_WORDS = 3
"""With more than so many words that fit nobody, the note is likely among them."""

_TIME = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?!\d)", re.ASCII)
_FOLLOW_UP = re.compile(r"(?<!\S)!(?=\s*[^\s!])")
_WORD = re.compile(r"\S+")
_DATE_WORDS = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """A line as understood: fit to be saved if it has no problems; what is unknown is empty or None."""

    minutes: int | None
    kind: str
    kind_title: str
    match: Match
    """Who the patient is, or who it may be."""
    whom: str
    """Whose it was, as written."""
    service_date: date
    """Today where no date is said."""
    start: str
    """`HH:MM`, or empty."""
    method: str
    """Id of a contact method, or empty."""
    note: str
    outcome: str
    """An outcome id of the kind; empty without outcome words or kind."""
    outcome_words: str
    follow_ups: tuple[FollowUpWish, ...]
    problems: tuple[Problem, ...]

    @property
    def patient(self) -> PatientRef | None:
        """The one patient who is meant."""
        return self.match.patient if isinstance(self.match, Found) else None


class _Mark(NamedTuple):
    """A sign that begins a part of the line: where it stands, and where the text after it starts."""

    start: int
    end: int
    due: date | None = None
    message: str = ""


def understand(text: str, today: date, kinds: KindLookup, patients: PatientLookup) -> Entry:
    """Understand a line as far as it goes; whatever the text, this raises nothing.

    Note and outcome are kept as written, without the spaces around them. Of a line beyond MAX_LINE characters
    only the beginning is looked at, and it has a problem.
    """
    length, text = len(text), text[:MAX_LINE]
    follow_marks = _follow_up_marks(text, today)
    arrow = _arrow(text)
    marks = sorted(follow_marks + ([arrow] if arrow else []))
    colon = _colon(text, marks[0].start if marks else len(text))
    ends = [mark.start for mark in marks] + [len(text)]
    head_text, note = (text[:colon], text[colon + 1 : ends[0]]) if colon >= 0 else (text[: ends[0]], "")
    head = read_head(head_text, today, kinds, patients)
    problems = [_with_hint(problem, head) if colon < 0 else problem for problem in head.problems]
    service_date = head.service_date or today
    if length > MAX_LINE:
        message = f"It has {length:,} characters; at most {MAX_LINE:,} are read: say a long note with --note."
        problems.append(Problem("line", message))
    outcome_words = text[arrow.end : ends[marks.index(arrow) + 1]].strip() if arrow else ""
    if not outcome_words:
        problems.append(Problem("outcome", "Write what came of it, such as “=> left voicemail”."))

    follow_ups = []
    for mark, end in zip(marks, ends[1:], strict=True):
        what = text[mark.end : end].strip()
        if mark is arrow:
            continue
        if mark.due is None:
            problems.append(Problem("follow_up", mark.message))
        elif mark.due < service_date:
            message = f"The follow-up on {format_us(mark.due)} lies before the work itself: look at its date."
            problems.append(Problem("follow_up", message))
        elif not what:
            problems.append(Problem("follow_up", f"Write what is to be done by {format_us(mark.due)}."))
        else:
            follow_ups.append(FollowUpWish(mark.due, what))
    return Entry(
        minutes=head.minutes,
        kind=head.kind,
        kind_title=kinds.title(head.kind) if head.kind else "",
        match=head.match,
        whom=head.person.written,
        service_date=service_date,
        start=head.start,
        method=head.method,
        note=note.strip(),
        outcome=kinds.match_outcome(head.kind, outcome_words) if outcome_words and head.kind else "",
        outcome_words=outcome_words,
        follow_ups=tuple(follow_ups),
        problems=tuple(problems),
    )


def _arrow(text: str) -> _Mark | None:
    """The first `=>`, or where there is none the first `→`."""
    for sign in ("=>", "→"):
        if (at := text.find(sign)) >= 0:
            return _Mark(at, at + len(sign))
    return None


def _colon(text: str, end: int) -> int:
    """Where the head's colon stands before `end`; -1 without one."""
    in_times = {at for found in _TIME.finditer(text) for at in range(*found.span())}
    return next((at for at, sign in enumerate(text[:end]) if sign == ":" and at not in in_times), -1)


def _follow_up_marks(text: str, today: date) -> list[_Mark]:
    """Every `!` that begins a word and is followed by a date of one to three words."""
    marks = (_follow_up_mark(text, found.start(), today) for found in _FOLLOW_UP.finditer(text))
    return [mark for mark in marks if mark]


def _follow_up_mark(text: str, start: int, today: date) -> _Mark | None:
    spaced = text[start + 1 : start + 2].isspace()
    spans = [found.span() for found in islice(_WORD.finditer(text, start + 1), _DATE_WORDS)]
    said = [text[begin:end] for begin, end in spans]
    try:
        if found := _leading_date(said, today):
            return _Mark(start, spans[found.words - 1][1], found.day)
    except _NoDay as error:
        return _Mark(start, spans[error.words - 1][1], None, str(error))
    if spaced:
        return None
    # A reminder must not turn into ordinary text unseen, whatever its date was meant to be.
    meant = quoted("!" + said[0].rstrip(",;:."))
    message = f"{meant} is no date: write a follow-up as !10/26 what, or !mon, !+3d, !2w."
    return _Mark(start, spans[0][1], None, message)


class _Leading(NamedTuple):
    """A date at the beginning of a text, and how many words it takes."""

    words: int
    day: date


class _NoDay(ParseError):
    """The beginning of a text is meant as a date, though none of the calendar."""

    def __init__(self, message: str, words: int) -> None:
        super().__init__(message)
        self.words = words


def _leading_date(said: Sequence[str], today: date) -> _Leading | None:
    """The longest date with which words begin; None where they begin with none.

    Raises:
        _NoDay: they begin with what is meant as one; a reminder must not become ordinary text unseen.
    """
    said = [word.rstrip(",;:.") for word in said[:_DATE_WORDS]]
    for count in range(len(said), 0, -1):
        begins_with_weekday = count == 2 and said[0].lower() in WEEKDAY_WORDS
        try:
            return _Leading(count, parse_date(" ".join(said[:count]), today, "future"))
        except ParseError as error:
            if (count == 1 and written_date(said[0])) or (begins_with_weekday and written_date(said[1])):
                raise _NoDay(str(error), count) from None
    return None


def read_follow_up(text: str, today: date) -> FollowUpWish:
    """A follow-up apart from the line: `10/26 confirm ride`, `in 2 weeks ask again`; words may be missing.

    Raises:
        ParseError: it begins with no date.
    """
    plain = text.strip().removeprefix("!").lstrip()
    spans = [found.span() for found in islice(_WORD.finditer(plain), _DATE_WORDS)]
    found = _leading_date([plain[begin:end] for begin, end in spans], today)
    if found is None:
        raise ParseError(f"{quoted(plain)} begins with no date: write it such as “10/26 confirm ride”.")
    return FollowUpWish(found.day, plain[spans[found.words - 1][1] :].strip())


def _with_hint(problem: Problem, head: Head) -> Problem:
    """Where a line has no colon and a long name, say that the note needs one before it."""
    if problem.field != "patient" or len(head.person.words) <= _NAME_WORDS:
        return problem
    return problem._replace(message=f"{problem.message} A colon goes before the note.")
