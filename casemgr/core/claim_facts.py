"""What the checks of a claim are given: the claim, its work, and what stands around it. Values only.

Everything is gathered before, so that a check asks nobody and says the same of the same facts. Dates are
`datetime.date`, and ISO text where they are only compared; minutes and cents are integers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.claim_life import UNSENT
from casemgr.core.claims import counting
from casemgr.core.payer_rules import Said
from casemgr.core.rule_words import limit_words, origin_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from casemgr.core.billing import Authorization, Verification
    from casemgr.core.codes import Code
    from casemgr.core.diagnoses import Diagnoses
    from casemgr.core.kinds import Kind
    from casemgr.core.payer_rules import Limit, Listed, Rule
    from casemgr.core.payers import Payer
    from casemgr.core.reasons import Reasons
    from casemgr.core.records import Case, Coverage, Patient, Practice, Staff
    from casemgr.core.workdays import StaffDay, StaffMonth

_SCALARS = (
    *("covered", "authorization", "unit", "sum_contacts", "minimum_minutes"),
    *("places", "roles", "late_entry_days"),
)
_LISTS: tuple[Listed, ...] = ("limits", "excludes", "companions", "not_billable", "required")


class Asks:
    """What a payer's rules ask of a code on a date, looked up once and shared by every line that has both."""

    def __init__(self, payer: Payer, code: str, service_date: date) -> None:
        """Ask the rules everything that a check may want to know."""
        rules = payer.ruled
        self.rules = rules.about(code, service_date)
        """The rules in force, the one that goes before all others first."""
        self.lapsed = rules.lapsed(code, service_date)
        """Those that name the code and are not in force."""
        said = {name: rules.said(name, code, service_date) for name in _SCALARS} if self.rules else {}
        self._said = {name: one for name, one in said.items() if one.rule is not None}
        listed = {name: rules.each_said(name, code, service_date) for name in _LISTS} if self.rules else {}
        self._listed = {name: each for name, each in listed.items() if each}
        self.fields = frozenset((*self._said, *self._listed))
        """The fields of Rule of which they say something."""
        self._words: dict[int, str] = {}
        self.counting = counting(payer, code, service_date.isoformat())
        """How they count minutes."""

    def said(self, name: str) -> Said:
        """What they say of one thing; None by nobody where they do not."""
        return self._said.get(name, _NOTHING)

    def each(self, name: Listed) -> tuple[Said, ...]:
        """What they say of one thing, as each rule has it."""
        return self._listed.get(name, ())

    def origin(self, rule: Rule | None) -> str:
        """Where a rule of theirs comes from, and when that was last compared; empty for no rule."""
        if rule is None:
            return ""
        # By identity, since comparing two whole rules costs more than the words.
        if id(rule) not in self._words:
            self._words[id(rule)] = origin_words(rule)
        return self._words[id(rule)]

    def limit_words(self, limit: Limit) -> str:
        """A limit of theirs in words."""
        if id(limit) not in self._words:
            self._words[id(limit)] = limit_words(limit)
        return self._words[id(limit)]


_NOTHING = Said(None, None)


class Work(NamedTuple):
    """An activity on the claim."""

    id: str
    kind: str
    staff: str
    """Login of who rendered it."""
    service_date: str
    start: str
    minutes: int
    outcome: str
    outcome_words: str
    method: str
    contacted: str
    reason: str
    response: str
    next_step: str
    note: str
    fields: Mapping[str, str]
    """The kind's own fields, by name."""
    status: str
    """`draft` or `signed`."""
    late_days: int
    copied: bool
    """Whether it came from the practice's own log, by an import."""
    followed: bool
    """Whether a follow-up came of it."""


class Line(NamedTuple):
    """A line of the claim, with its work."""

    number: int
    """Its place on the claim, from 1."""
    service_date: date
    day: str
    """The same as ISO text."""
    code: str
    minutes: int
    quantity: int
    fee_cents: int
    work: tuple[Work, ...]
    asks: Asks
    """What the payer's rules say of its code on its date."""

    @property
    def staff(self) -> frozenset[str]:
        """Logins of who rendered it."""
        return frozenset(work.staff for work in self.work)


class Billed(NamedTuple):
    """A line on a live claim of the patient under the same payer, this claim's own lines included."""

    claim_id: str
    number: str
    """The claim's number."""
    line: int
    status: str
    """The claim's."""
    case_id: str
    coverage_id: str
    service_date: date
    code: str
    quantity: int
    staff: frozenset[str]

    @property
    def sent(self) -> bool:
        """Whether the payer has it."""
        return self.status not in UNSENT

    @property
    def counts(self) -> bool:
        """Whether it takes units of a limit: what was denied or given up did not."""
        return self.status not in NOT_PAID


NOT_PAID = frozenset({"denied", "written_off"})
"""States of a claim that used none of the patient's benefits."""


class Authorized(NamedTuple):
    """A prior authorization of the coverage, and the units that other live claims take of it."""

    authorization: Authorization
    used: int


class Elsewhere(NamedTuple):
    """An activity of the patient that is not on the claim, for its words alone."""

    id: str
    service_date: str
    words: str
    """Its note as it is compared: see core.text.same_words. Only those that are long enough."""


@dataclass(frozen=True, slots=True)
class House:
    """What is the same for all claims of a practice; made once for thousands of them."""

    as_of: date
    """The day on which is checked."""
    zone: ZoneInfo
    practice: Practice
    staff: Mapping[str, Staff]
    """By login."""
    kinds: Mapping[str, Kind]
    codes: Mapping[str, Code]
    reasons: Reasons
    diagnoses: Diagnoses


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """A claim and everything that its checks look at."""

    house: House
    claim_id: str
    number: str
    status: str
    month: str
    """The run in which it is billed, such as `2026-10`."""
    member_id: str
    diagnoses: tuple[str, ...]
    authorization_id: str
    place_of_service: str
    amendment_owed: bool
    appeal_by: str
    """Last day for an appeal, ISO; empty where none is known."""
    payer: Payer
    """Its rules as of the drafting."""
    payer_changed: bool
    """Whether the payer's file says something else today."""
    patient: Patient
    coverage: Coverage
    """The one under which the claim was drafted, as it is today."""
    lines: tuple[Line, ...]
    points: Mapping[str, str]
    """The documentation checklist of its codes: each point in words, by id."""
    case: Case | None = None
    coverages: tuple[Coverage, ...] = ()
    """All live ones of the patient."""
    verifications: tuple[Verification, ...] = ()
    """What the payer said of the coverage's benefits, the newest first."""
    authorizations: tuple[Authorized, ...] = ()
    """Those of the coverage."""
    billed: tuple[Billed, ...] = ()
    """The patient's live lines under the same payer, as far back as a rule looks; by date, claim and line."""
    elsewhere: tuple[Elsewhere, ...] = ()
    """The patient's other activities around the claim's dates."""
    days: Mapping[tuple[str, str], StaffDay] = field(default_factory=dict)
    """What each member of staff did on the claim's dates, by login and ISO date."""
    first_sent: date | None = None
    """The day on which it was first sent; a draft that has one is being corrected."""
    months: Mapping[tuple[str, str], StaffMonth] = field(default_factory=dict)
    """How each member of staff counted minutes, by login and month."""
    work: tuple[tuple[Line, Work], ...] = field(init=False)
    """Every activity, with its line: most checks go through them."""

    def __post_init__(self) -> None:
        """Lay the work out once."""
        object.__setattr__(self, "work", tuple((line, work) for line in self.lines for work in line.work))

    @property
    def as_of(self) -> date:
        """The day on which is checked."""
        return self.house.as_of

    @property
    def sent(self) -> bool:
        """Whether the payer has it."""
        return self.status not in UNSENT

    @property
    def ruled(self) -> frozenset[str]:
        """The fields of Rule of which a rule says something for one of the lines."""
        return frozenset().union(*(line.asks.fields for line in self.lines))

    def beside(self, line: Line) -> Sequence[Billed]:
        """What stands on the line's date beside it: on this claim, or on another."""
        return [
            one
            for one in self.billed
            if one.service_date == line.service_date
            and (one.claim_id, one.line) != (self.claim_id, line.number)
        ]
