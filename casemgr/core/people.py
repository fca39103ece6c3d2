"""Which patient is meant: names, birth dates and chart numbers as people write them.

Nobody is ever guessed: a patient is found only where every word that was typed is one of their name, and
birth date, birth year and chart number agree as far as they were given.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Protocol

from casemgr.core.bounds import MAX_NAME
from casemgr.core.dates import format_us, parse_birth_date
from casemgr.core.text import fold, last_first, tidy, words
from casemgr.core.wording import quoted
from casemgr.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_NEAREST = 5
OLDEST_BIRTH_YEAR = 1900
_LONGEST_JOIN = 4

_MONTHS = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_BIRTH_DATE = re.compile(
    r"(?<![\w#])(?:\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2}-\d{1,2}-\d{2,4}|\d{1,2}\.\d{1,2}\.\d{2,4}"
    rf"|{_MONTHS}\.? ?\d{{1,2}},? \d{{4}}|\d{{1,2}}[- ]{_MONTHS}\.?[- ]\d{{2,4}})(?![\w/])",
    re.IGNORECASE | re.ASCII,
)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_BORN = re.compile(r"(?<!\w)(?:d\.?o\.?b\.?|born)(?!\w):?", re.IGNORECASE)
_CHART = re.compile(r"#\s*([\w-]+)|(?<![\w#])([a-z]{0,3}-?\d[\w-]*)", re.IGNORECASE)
_ORDINAL = re.compile(r"\d(?:st|nd|rd|th)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PersonText:
    """A patient as written: the folded words of the name, and what else tells one from a namesake."""

    words: tuple[str, ...] = ()
    last_words: int = 0
    """How many of the words stood before a comma, as in `LAST, FIRST`; 0 without one."""
    birth_date: date | None = None
    birth_year: int | None = None
    chart: str | None = None
    written: str = field(default="", compare=False)

    def __bool__(self) -> bool:
        """Whether there is anything by which to look somebody up."""
        return bool(self.words or self.chart)

    @property
    def spellings(self) -> tuple[tuple[str, ...], ...]:
        """For each word, the forms of which a fitting patient's name must hold one.

        The word itself, or the word joined with its neighbours: `du` of `Du Buque` stands in DuBuque as
        `dubuque`. A store finds every patient who can fit by asking for one form of each word; decide() does
        the rest.
        """
        count = len(self.words)
        return tuple(
            tuple(
                "".join(self.words[start:end])
                for start in range(max(0, at - _LONGEST_JOIN + 1), at + 1)
                for end in range(at + 1, min(count, start + _LONGEST_JOIN) + 1)
            )
            for at in range(count)
        )


def split_name(text: str) -> tuple[tuple[str, ...], int]:
    """The folded words of a name, and how many of them stand before its first comma (0 without one)."""
    before, comma, after = text.partition(",")
    last = words(before)
    return (last + words(after), len(last)) if comma and words(after) else (last + words(after), 0)


def is_birth_year(text: str, today: date) -> bool:
    """Whether a word is a year in which a patient may be born."""
    return bool(_YEAR.fullmatch(text)) and OLDEST_BIRTH_YEAR <= int(text) <= today.year


def is_chart_number(text: str) -> bool:
    """Whether a word without `#` can only be a chart number: it has digits in it and is no ordinal."""
    found = _CHART.fullmatch(text)
    return bool(found and found[2]) and not _ORDINAL.fullmatch(text)


@lru_cache(maxsize=16384)
def read_person(text: str, today: date) -> PersonText:
    """Read `LAST, FIRST 4/9/2012`, `First Last`, `Garcia, Ana 2012`, `#1034` or `1034`.

    Raises:
        ParseError: for two birth dates or chart numbers, a birth date that cannot be one, or a text that is
            longer than any name.
    """
    if len(text) > MAX_NAME:
        raise ParseError(f"{quoted(text)} is longer than any name: it has {len(text):,} characters.")
    written = tidy(text)
    dates = _BIRTH_DATE.findall(written)
    rest = _BORN.sub(" ", _BIRTH_DATE.sub(" ", written))
    charts, years, name = [], [], []
    only_number = len(rest.split()) == 1
    for word in rest.replace(",", " , ").replace("# ", "#").strip("()").split():
        bare = word.strip("().;")
        if word.startswith("#") and len(word) > 1:
            charts.append(word[1:])
        elif is_birth_year(bare, today) and not only_number:
            years.append(int(bare))
        elif is_chart_number(bare):
            charts.append(bare)
        else:
            name.append(word)
    if len(dates) + len(years) > 1:
        raise ParseError(f"{quoted(written)} has two birth dates: write one.")
    if len(charts) > 1:
        raise ParseError(f"{quoted(written)} has two chart numbers: write one.")
    name_words, last_words = split_name(" ".join(name))
    return PersonText(
        name_words,
        last_words,
        parse_birth_date(dates[0], today) if dates else None,
        years[0] if years else None,
        charts[0] if charts else None,
        written,
    )


def _joins(parts: tuple[str, ...]) -> Iterable[str]:
    for start in range(len(parts)):
        for end in range(start + 2, min(len(parts), start + _LONGEST_JOIN) + 1):
            yield "".join(parts[start:end])


@lru_cache(maxsize=16384)
def name_forms(last: str, first: str) -> tuple[str, ...]:
    """Every form in which a word of this name may be typed: `obrien nunez obriennunez maria jose mariajose`.

    Neighbouring words of either name count joined too, so that a missing hyphen or space is no obstacle;
    names in scripts without spaces also count as one word.
    """
    last_words, first_words = words(last), words(first)
    forms = [*last_words, *first_words, *_joins(last_words), *_joins(first_words)]
    whole = "".join(last_words + first_words)
    if not whole.isascii():
        forms.append(whole)
    return tuple(dict.fromkeys(forms))


def search_key(last: str, first: str) -> str:
    """The forms of a name's words with spaces between, for a store to index."""
    return " ".join(name_forms(last, first))


@dataclass(frozen=True)
class PatientRef:
    """What tells a patient from all others."""

    id: str
    chart_number: str
    last_name: str
    first_name: str
    birth_date: date

    @classmethod
    def of(cls, patient_id: str, chart: str, last_name: str, first_name: str, birth_date: str) -> PatientRef:
        """From a record's fields, with the birth date as ISO text."""
        return cls(patient_id, chart, last_name, first_name, date.fromisoformat(birth_date))

    @cached_property
    def words(self) -> frozenset[str]:
        """Every folded form in which a word of the name may be typed."""
        return frozenset(name_forms(self.last_name, self.first_name))

    @cached_property
    def name_words(self) -> tuple[str, ...]:
        """The folded words of the name, last name first."""
        return words(self.last_name) + words(self.first_name)

    @property
    def name(self) -> str:
        """`Garcia, Ana`, as charts file it."""
        return last_first(self.last_name, self.first_name)

    @property
    def label(self) -> str:
        """`Garcia, Ana 4/9/2012 #1030`, to choose by."""
        return f"{self.name} {format_us(self.birth_date)} #{self.chart_number}"


@dataclass(frozen=True, slots=True)
class Found:
    """It is this patient."""

    patient: PatientRef


@dataclass(frozen=True, slots=True)
class Several:
    """It may be any of these; more must be said."""

    candidates: tuple[PatientRef, ...]


@dataclass(frozen=True, slots=True)
class Nobody:
    """It is none; these come nearest, at most five: namesakes first, then names that are written alike."""

    nearest: tuple[PatientRef, ...] = ()


Match = Found | Several | Nobody


class PatientLookup(Protocol):
    """Whatever can say who is meant."""

    def find(self, person: PersonText) -> Match:
        """Who is meant, by the rules of decide()."""
        ...


def decide(person: PersonText, refs: Iterable[PatientRef]) -> Match:
    """Who of these is meant.

    `LAST, FIRST` picks between two people whose names are each other's reverse; else order does not matter.
    """
    known = list({ref.id: ref for ref in refs}.values())
    if not person:
        return Nobody()
    named = [ref for ref in known if _spelled(person.words, ref.words)]
    agreeing = [ref for ref in named if _agrees(person, ref)]
    if len(agreeing) > 1 and person.last_words:
        agreeing = [ref for ref in agreeing if _in_order(person, ref)] or agreeing
    if len(agreeing) == 1:
        return Found(agreeing[0])
    if agreeing:
        return Several(tuple(sorted(agreeing, key=_by_name)))
    close = named if person.words else []
    close = [*(ref for ref in known if _has_chart(person, ref)), *sorted(close, key=_by_name)]
    return Nobody(tuple(dict.fromkeys(close or _alike(person, known)))[:MAX_NEAREST])


def explain(person: PersonText, match: Match) -> str:
    """Why nobody was found or who must be told apart, and what to write; empty for a patient found."""
    called = quoted(person.written or " ".join(person.words))
    match match:
        case Found():
            return ""
        case Several(candidates):
            return f"{len(candidates)} patients fit {called}: add the birth date or the chart number."
        case Nobody() if not person:
            return "Write whose it was: a name, with the birth date for namesakes, or #chart number."
        case Nobody(nearest) if any(person.words and _spelled(person.words, ref.words) for ref in nearest):
            return f"No patient fits {called}: the name is known, but with another {_disagreement(person)}."
        case Nobody(nearest) if any(_has_chart(person, ref) for ref in nearest):
            return f"No patient fits {called}: the chart number belongs to another name."
        case Nobody():
            return f"No patient fits {called}: mend it, or add the patient first."


def _disagreement(person: PersonText) -> str:
    if person.chart:
        return "chart number or birth date" if person.birth_date or person.birth_year else "chart number"
    return "birth date" if person.birth_date else "birth year"


def _spelled(typed: tuple[str, ...], forms: frozenset[str]) -> bool:
    """Whether typed words, each by itself or joined with its next ones, are all forms of a name's words."""
    if all(word in forms for word in typed):
        return True
    reached = {0}
    for start in range(len(typed)):
        if start in reached:
            ends = range(start + 1, min(len(typed), start + _LONGEST_JOIN) + 1)
            reached |= {end for end in ends if "".join(typed[start:end]) in forms}
    return len(typed) in reached


def _agrees(person: PersonText, ref: PatientRef) -> bool:
    return (
        (person.birth_date is None or person.birth_date == ref.birth_date)
        and (person.birth_year is None or person.birth_year == ref.birth_date.year)
        and (person.chart is None or _has_chart(person, ref))
    )


def _has_chart(person: PersonText, ref: PatientRef) -> bool:
    return person.chart is not None and fold(person.chart) == fold(ref.chart_number)


def _in_order(person: PersonText, ref: PatientRef) -> bool:
    last, first = person.words[: person.last_words], person.words[person.last_words :]
    return _spelled(last, frozenset(name_forms(ref.last_name, ""))) and _spelled(
        first, frozenset(name_forms("", ref.first_name))
    )


def _by_name(ref: PatientRef) -> tuple[object, ...]:
    return ref.name_words, ref.birth_date, ref.chart_number


def _alike(person: PersonText, refs: Iterable[PatientRef]) -> list[PatientRef]:
    """Those whose names are written most like the typed one, whatever the order of its words."""
    typed = " ".join(sorted(person.words))
    if not typed:
        return []
    # Imported here, as below: only mistakes need it.
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(b=typed, autojunk=False)
    scored = []
    for ref in refs:
        matcher.set_seq1(" ".join(sorted(ref.name_words)))
        if matcher.quick_ratio() >= 0.6 and (score := matcher.ratio()) >= 0.6:
            scored.append((-score, _by_name(ref), ref))
    return [ref for *_, ref in sorted(scored, key=lambda entry: entry[:2])[:MAX_NEAREST]]


def alike_words(word: str, known: Iterable[str]) -> list[str]:
    """Those of some words that are written most like one, the likest first, at most MAX_NEAREST."""
    from difflib import get_close_matches

    return get_close_matches(word, list(known), n=MAX_NEAREST, cutoff=0.6)


class PatientIndex:
    """Patients in memory, for looking up thousands of rows."""

    def __init__(self, refs: Iterable[PatientRef]) -> None:
        """Index patients by the words of their names and by chart number."""
        self._refs = tuple(refs)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._by_chart: dict[str, list[int]] = defaultdict(list)
        self._by_pair: dict[str, list[str]] = defaultdict(list)
        for at, ref in enumerate(self._refs):
            self._by_chart[fold(ref.chart_number)].append(at)
            for word in ref.words:
                self._by_word[word].append(at)
        for word in self._by_word:
            for pair in _pairs(word):
                self._by_pair[pair].append(word)
        self._answers: dict[PersonText, Match] = {}

    def find(self, person: PersonText) -> Match:
        """Who is meant; every answer is kept, since a log names the same people again and again."""
        answer = self._answers.get(person)
        if answer is None:
            answer = self._answers[person] = self._find(person)
        return answer

    def _find(self, person: PersonText) -> Match:
        near = [at for form in (person.spellings or ((),))[0] for at in self._by_word.get(form, ())]
        if person.chart:
            near += self._by_chart.get(fold(person.chart), [])
        match = decide(person, [self._refs[at] for at in near])
        if not isinstance(match, Nobody) or any(_spelled(person.words, ref.words) for ref in match.nearest):
            return match
        # Who shares most words with the text, mistyped ones among them, is worth a closer look.
        shared = Counter(
            at for word in person.words for like in self._like(word) for at in self._by_word[like]
        )
        close = [at for at, _ in shared.most_common(40)]
        return decide(person, [self._refs[at] for at in (*near[:40], *close)])

    def _like(self, word: str) -> list[str]:
        """Words of names that are written like this one, found by the pairs of letters that they share."""
        shared = Counter(like for pair in _pairs(word) for like in self._by_pair.get(pair, ()))
        return alike_words(word, (like for like, _ in shared.most_common(20)))


def _pairs(word: str) -> set[str]:
    return {f" {word}"[at : at + 2] for at in range(len(word))}
