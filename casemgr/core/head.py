"""The head of the one-line entry: minutes, kind, patient, date, start and contact method in any order.

A word may mean more than one thing: `Ride` is transport or Sally Ride. So the head is cut into pieces, each
with the roles that it may play, and read in every combination of roles; the reading wins in which most
resolves, and where two resolve to different patients or kinds, neither is taken.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.dates import format_us
from casemgr.core.methods import method_label
from casemgr.core.minutes import check_minutes, format_minutes
from casemgr.core.people import Found, Match, Nobody, PersonText, Several, explain, split_name
from casemgr.core.pieces import FIELDS, cut
from casemgr.core.wording import listed, quoted
from casemgr.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from casemgr.core.people import PatientLookup
    from casemgr.core.pieces import Field, KindLookup, Piece, Role

_MAX_READINGS = 64
_MAX_CANDIDATES = 9
_LATEST_NUMBER_OF_HOURS, _FIRST_HOUR_OF_WORK = 12, 7

Roles = dict[str, list["Role"]]
Find = Callable[[PersonText], Match]


class Problem(NamedTuple):
    """What stands against saving: where, what to write instead, and the choices."""

    field: Field
    message: str
    candidates: tuple[str, ...] = ()


@dataclass(slots=True)
class Head:
    """A head as read. What is missing or was not understood is empty and has its problem."""

    minutes: int | None = None
    kind: str = ""
    person: PersonText = field(default_factory=PersonText)
    match: Match = field(default_factory=Nobody)
    service_date: date | None = None
    """None where no date was written."""
    start: str = ""
    method: str = ""
    problems: list[Problem] = field(default_factory=list)

    @property
    def decided(self) -> tuple[str, str] | None:
        """Kind and patient id where both are known."""
        return (self.kind, self.match.patient.id) if self.kind and isinstance(self.match, Found) else None

    @property
    def covered(self) -> int:
        """How much of what was written speaks for the patient, or patients, that fit."""
        if isinstance(self.match, Nobody):
            return 0
        facts = (self.person.birth_date, self.person.birth_year, self.person.chart)
        return len(set(self.person.words)) + 2 * sum(fact is not None for fact in facts)

    def refuse(self, what: Field, message: str, candidates: tuple[str, ...] = ()) -> None:
        """Note a problem."""
        self.problems.append(Problem(what, message, candidates))


def read_head(text: str, today: date, kinds: KindLookup, patients: PatientLookup) -> Head:
    """Read a head; whatever the text, this raises nothing."""
    answers: dict[PersonText, Match] = {}

    def find(person: PersonText) -> Match:
        if person not in answers:
            answers[person] = patients.find(person)
        return answers[person]

    heads = [_read(roles, today, kinds, find) for roles in product(*_choices(cut(text, today, kinds)))]
    best = min(heads, key=lambda head: (len(head.problems), -head.covered))
    rivals = [head for head in heads if head.decided and len(head.problems) == len(best.problems)]
    if len({head.decided for head in rivals}) > 1:
        _refuse_both(best, rivals, kinds)
    best.problems.sort(key=lambda problem: FIELDS.index(problem.field))
    return best


def _choices(pieces: Sequence[Piece]) -> list[tuple[Role, ...]]:
    """The roles to try for each piece, the number of readings bounded; words such as `for` come last."""
    choices = [piece.roles for piece in pieces]
    left = _MAX_READINGS
    for at in sorted(range(len(choices)), key=lambda at: choices[at][0].what == "nothing"):
        if len(choices[at]) > left:
            choices[at] = choices[at][:1]
        left //= len(choices[at])
    return choices


def _refuse_both(best: Head, rivals: Sequence[Head], kinds: KindLookup) -> None:
    titles = tuple(dict.fromkeys(kinds.title(head.kind) for head in rivals))
    refs = tuple(dict.fromkeys(head.match.patient for head in rivals if isinstance(head.match, Found)))
    labels = tuple(ref.label for ref in refs)
    if len(titles) > 1:
        best.kind = ""
        best.refuse("kind", f"This reads as {listed(titles)}: name the patient by #chart number.", titles)
    else:
        best.refuse("patient", f"This reads as {len(labels)} patients: write the #chart number.", labels)
    if len(refs) > 1:
        best.match = Several(refs)


def _read(roles: Sequence[Role], today: date, kinds: KindLookup, find: Find) -> Head:
    head = Head()
    by: Roles = defaultdict(list)
    for role in roles:
        by[role.what].append(role)
    for role in by["bad"]:
        head.refuse(role.field, role.value)
    _read_times(head, by)
    _read_kind(head, by, kinds)
    _read_person(head, roles, by, find)
    _read_date(head, by, today)
    if len(methods := list(dict.fromkeys(role.value for role in by["method"]))) > 1:
        head.refuse("method", f"Two contact methods: {listed(map(method_label, methods))}? Write one.")
    elif methods:
        head.method = methods[0]
    return head


def _refused(head: Head, what: Field) -> bool:
    return any(problem.field == what for problem in head.problems)


def _read_times(head: Head, by: Roles) -> None:
    """Minutes and start. A bare `9:10` is a start if minutes stand beside it, else it is how long it took."""
    minutes = [role.number for role in by["minutes"]]
    starts = [role.value for role in by["start"]]
    clocks = by["clock"]
    known = bool(minutes) or any(role.number < _FIRST_HOUR_OF_WORK * 60 for role in clocks)
    for role in clocks:
        if role.number > _LATEST_NUMBER_OF_HOURS * 60 or (known and role.number >= _FIRST_HOUR_OF_WORK * 60):
            starts.append(role.value)
        else:
            minutes.append(role.number)
    if len(minutes) > 1:
        head.refuse("minutes", f"Two numbers of minutes: {listed(map(format_minutes, minutes))}? Write one.")
    elif minutes:
        try:
            head.minutes = check_minutes(minutes[0])
        except ParseError as error:
            head.refuse("minutes", str(error))
    elif not _refused(head, "minutes"):
        head.refuse("minutes", "Write the minutes, such as 20m, 1h05 or 0:20.")
    if len(starts) > 1:
        head.refuse("start", f"Two starts: {listed(starts)}? Write one.")
    elif starts:
        head.start = starts[0]


def _read_kind(head: Head, by: Roles, kinds: KindLookup) -> None:
    found = list(dict.fromkeys(role.value for role in by["kind"]))
    if len(found) > 1:
        titles = tuple(map(kinds.title, found))
        head.refuse("kind", f"Two kinds of work: {listed(titles)}? Log each by itself.", titles)
    elif found:
        head.kind = found[0]
    elif by["typo"]:
        role, title = by["typo"][0], kinds.title(by["typo"][0].value)
        head.refuse("kind", f"{quoted(role.written)} is no kind of work: did you mean {title}?", (title,))
    else:
        titles = tuple(dict.fromkeys(map(kinds.title, kinds.aliases.values())))
        head.refuse("kind", "Write the kind of work, such as referral or ride.", titles)


def _read_person(head: Head, roles: Sequence[Role], by: Roles, find: Find) -> None:
    births, years, charts = by["birth"], by["year"], by["chart"]
    for what, several in (("birth dates", births), ("birth years", years), ("chart numbers", charts)):
        if len(several) > 1:
            written = listed(dict.fromkeys(role.written for role in several))
            head.refuse("patient", f"Two {what}: {written}? Write one.")
            return
    name, last_words = split_name(" ".join(role.value for role in by["name"]))
    head.person = person = PersonText(
        name,
        last_words,
        births[0].day if births else None,
        years[0].number if years else None,
        charts[0].value if charts else None,
        " ".join(role.written for role in roles if role.what in {"name", "birth", "year", "chart"}),
    )
    if not person:
        if not _refused(head, "patient"):
            head.refuse("patient", explain(person, Nobody()))
        return
    head.match = match = find(person)
    match match:
        case Found(patient) if _repeats(name, patient.name_words):
            head.match = Nobody((patient,))
            head.refuse("patient", f"No patient fits {quoted(person.written)}: a word stands there twice.")
        case Several(refs) | Nobody(refs):
            labels = tuple(ref.label for ref in refs[:_MAX_CANDIDATES])
            head.refuse("patient", explain(person, match), labels)


def _repeats(typed: Sequence[str], name: Sequence[str]) -> bool:
    """Whether a word stands more often than the patient's name has it: then it was meant otherwise."""
    has = Counter(name)
    return any(count > 1 and count > has[word] for word, count in Counter(typed).items())


def _read_date(head: Head, by: Roles, today: date) -> None:
    days = list(dict.fromkeys(role.day for role in by["date"]))
    if len(days) > 1:
        head.refuse("date", f"Two dates: {listed(map(format_us, days))}? Write one.")
    elif days and days[0] > today:
        head.refuse("date", f"{format_us(days[0])} is in the future: work is logged when it is done.")
    elif days:
        head.service_date = days[0]
