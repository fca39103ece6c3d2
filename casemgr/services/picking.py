"""Picking a patient while their name is still being typed: whoever fits, then whoever comes near.

Nobody is chosen here: whoever asks shows the rows, and a person picks one.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.people import Found, Several, alike_words, decide, read_person
from casemgr.core.text import fold, tidy
from casemgr.errors import NotFound, ParseError
from casemgr.services.patients import age_on, the_patient_id
from casemgr.store.reads.picking import begun, namesakes_of, recent_patients, shown, words_near

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from casemgr.core.people import PatientRef, PersonText
    from casemgr.services.desk import Desk

LOOKED_THROUGH = 1_000
"""So many of somebody's newest activities tell whom they worked with last."""

SHORTEST_SLIP = 3
"""A word of fewer letters is no slip of another: half of all words would be like it."""

MOST_SLIPS = 8
"""A name of more words is looked for as it is typed, and no slip in it."""

MOST_NEAR = 200
"""The most patients that are ranked by how like their names are to what was typed."""

_HALF_A_DATE = re.compile(r"(?<![\w#/.])(\d{1,2})([/.])(\d{0,2})(?:\2(\d{0,3}))?$", re.ASCII)
"""A birth date that is still being typed, at the end of a text."""

_HALF_A_YEAR = re.compile(r"(?:19|20)\d{0,2}", re.ASCII)


class PatientRow(NamedTuple):
    """A patient to pick, with all that tells namesakes apart."""

    id: str
    name: str
    """`Last, First`."""
    birth_date: date
    age: int
    """In whole years, today."""
    chart_number: str
    language: str
    last_activity: date | None
    """Service date of the newest activity that is not voided."""
    namesake: bool
    """Whether another patient has the same words in the name, in whatever order."""


def pick_patients(desk: Desk, text: str = "", limit: int = 50) -> list[PatientRow]:
    """Patients whom a text may mean, the likeliest first; without one, those whom who acts worked with last.

    Words of the name come in any order, each as far as it is typed, beside a birth date, a birth year or a
    chart number. First comes whoever fits as `read_person` and `decide` say, then whoever would if words
    went on; where nobody does, names that are written alike, and then those with another birth date or
    chart number.

    Args:
        desk: the open practice.
        text: what is typed so far.
        limit: at most so many.
    """
    with desk.store.snapshot():
        refs = fitting(desk, text, limit) if fold(text) else recent(desk, limit)
        return rows_of(desk, refs)


def begun_patient_id(desk: Desk, text: str) -> str:
    """Id of the one patient whom a text names, or whose name it begins as no other's does.

    Raises:
        NotFound: nobody's name begins so; see the_patient_id.
        InputRefused: several are meant.
    """
    try:
        return the_patient_id(desk, text)
    except NotFound:
        begin = [row for row in pick_patients(desk, text, limit=2) if _begins(text, row)]
        if len(begin) != 1:
            raise
        return begin[0].id


def _begins(text: str, row: PatientRow) -> bool:
    """Whether every word of a text begins a word of the name, with no slip."""
    words = fold(row.name).split()
    return all(any(word.startswith(part) for word in words) for part in fold(text).split())


def recent(desk: Desk, limit: int) -> list[PatientRef]:
    """Whom who acts worked with last; whom anybody did, where they have not yet; else patients by name."""
    return (
        recent_patients(desk.store, desk.staff.id, limit, LOOKED_THROUGH)
        or recent_patients(desk.store, "", limit, LOOKED_THROUGH)
        or begun(desk.store, (), (), limit)
    )


def fitting(desk: Desk, text: str, limit: int) -> list[PatientRef]:
    """Whoever a text may mean, each once."""
    rest, born = half_a_date(tidy(text))
    try:
        person = read_person(rest, desk.today())
    except ParseError:
        return []
    if person.birth_date or person.birth_year:
        born = (person.birth_date.isoformat() if person.birth_date else f"{person.birth_year}-%",)
    found: dict[str, PatientRef] = {}
    for some in (exactly(desk, person, born), *begin_so(desk, person, born, limit)):
        found |= {ref.id: ref for ref in some if ref.id not in found}
        if len(found) >= limit:
            break
    return list((found or {ref.id: ref for ref in near(desk, person, born, limit)}).values())[:limit]


def exactly(desk: Desk, person: PersonText, born: tuple[str, ...]) -> tuple[PatientRef, ...]:
    """Whoever fits, once no birth date is half typed."""
    if born and not (person.birth_date or person.birth_year):
        return ()
    match = decide(person, desk.patients.fitting(person))
    if isinstance(match, Found):
        return (match.patient,)
    return match.candidates if isinstance(match, Several) else ()


def begin_so(
    desk: Desk, person: PersonText, born: tuple[str, ...], limit: int
) -> Iterator[Iterable[PatientRef]]:
    """Whoever would fit if the words went on; a number may be a chart's or the beginning of a year."""
    typed = [*person.spellings, *([(fold(person.chart),)] if person.chart and fold(person.chart) else [])]
    if typed or born:
        yield begun(desk.store, typed, born, limit)
    if person.chart and not born and _HALF_A_YEAR.fullmatch(person.chart):
        yield begun(desk.store, person.spellings, (f"{person.chart:_<4}-%",), limit)


def near(desk: Desk, person: PersonText, born: tuple[str, ...], limit: int) -> list[PatientRef]:
    """Whoever is written alike, else who has the name but another birth date or chart number, else both."""
    if not 0 < len(person.words) <= MOST_SLIPS:
        return []
    alike = [
        (word, *(alike_words(word, words_near(desk.store, word)) if len(word) >= SHORTEST_SLIP else ()))
        for word in person.words
    ]
    other = bool(born or person.chart)
    return (
        ([] if person.chart else likest(alike, begun(desk.store, alike, born, MOST_NEAR)))
        or (begun(desk.store, person.spellings, (), limit) if other else [])
        or (likest(alike, begun(desk.store, alike, (), MOST_NEAR)) if other else [])
    )


def likest(alike: list[tuple[str, ...]], refs: list[PatientRef]) -> list[PatientRef]:
    """Patients by how early, for each word, their name has something that begins like it."""

    def slips(ref: PatientRef) -> int:
        return sum(
            next((at for at, like in enumerate(some) if any(form.startswith(like) for form in ref.words)), 9)
            for some in alike
        )

    return sorted(refs, key=slips)


def half_a_date(text: str) -> tuple[str, tuple[str, ...]]:
    """A text without the birth date that is being typed at its end, and the patterns that fit that so far.

    `4/` is April, `4/1` the 1st of April or one of its days that begin so, `4/9/20` in any such year.
    """
    found = _HALF_A_DATE.search(text)
    if not found:
        return text, ()
    month, _, day, year = found.groups()
    days = [f"{int(day):02}" if day else "__"]
    if len(day) == 1 and year is None:
        days.append(f"{day}_")
    years = [f"{year or '':_<4}"]
    if year and len(year) == 2:
        years.append(f"__{year}")
    return text[: found.start()], tuple(f"{each}-{int(month):02}-{one}" for each in years for one in days)


def rows_of(desk: Desk, refs: list[PatientRef]) -> list[PatientRow]:
    """What a list shows of some patients, in their order."""
    if not refs:
        return []
    today, beside = desk.today(), shown(desk.store, [ref.id for ref in refs])
    names: dict[tuple[str, ...], bool] = {}
    for ref in refs:
        spelled = tuple(sorted(ref.name_words))
        if spelled not in names:
            names[spelled] = bool(namesakes_of(desk.store, ref))
    return [
        PatientRow(
            ref.id,
            ref.name,
            ref.birth_date,
            age_on(ref.birth_date.isoformat(), today),
            ref.chart_number,
            beside[ref.id].language,
            date.fromisoformat(last) if (last := beside[ref.id].last_activity) else None,
            names[tuple(sorted(ref.name_words))],
        )
        for ref in refs
    ]
