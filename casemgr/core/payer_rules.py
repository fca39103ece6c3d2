"""What a payer asks of a code between two dates: units, limits, who may render it, what must be said.

Every rule is data that the practice keeps: it has its dates in force, its source, and the day when somebody
last compared the two. What a rule leaves out is not known, and nothing is concluded from it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from pydantic import Field as Constraint

from casemgr.core.base import Content
from casemgr.core.codes import CodeNumber

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ANY_CODE = "*"
"""In a rule's codes: every code. Of one thing, a rule that names the code goes before it; lists add up."""

Listed = Literal["limits", "excludes", "companions", "not_billable", "required"]
"""What adds up where several rules speak of a code: each of them counts."""

Unit = Literal["day", "visit", "15_minutes", "8_minutes", "month"]
"""What one unit is: a date, a visit (one activity), 15 minutes rounded to the nearest, 15 minutes by the
8-minute rule, or a month that reached a threshold of minutes."""

Text = Annotated[str, Constraint(min_length=1)]
Days = Annotated[int, Constraint(ge=1, le=3660)]


class Limit(Content):
    """At most so many units within a span of time."""

    count: Annotated[int, Constraint(ge=1, le=1000)]
    per: Literal["day", "days", "month", "calendar_year", "benefit_year", "service_year", "episode"]
    """`days` is a rolling span that ends on the service date, `service_year` begins with the first service,
    `episode` is a case of case management."""
    days: Annotated[int, Constraint(ge=0, le=3660)] = 0
    """Length of the rolling span of `days`, the service date included."""
    scope: Literal["patient", "provider"] = "patient"
    """Whether a patient's units count together, or apart for each who rendered them."""


class NotBillable(Content):
    """Work that is done and documented and not paid."""

    why: Text
    kinds: tuple[str, ...] = ()
    """Only these kinds of activity; none means all."""
    outcomes: tuple[str, ...] = ()
    """Outcome ids; any of them makes it so."""
    words: tuple[str, ...] = ()
    """Words of which one stands in reason, outcome or note while nothing in `unless` does."""
    unless: tuple[str, ...] = ()


class Rule(Content):
    """What holds for some codes between two dates, both inclusive; None is what the source does not say."""

    codes: Annotated[tuple[CodeNumber | Literal["*"], ...], Constraint(min_length=1)]
    valid_from: date | None = None
    valid_to: date | None = None
    covered: bool | None = None
    authorization: bool | None = None
    """Whether prior authorization is needed."""
    unit: Unit | None = None
    sum_contacts: bool | None = None
    """Whether the minutes of several contacts of a date may be added up before they are counted."""
    minimum_minutes: Annotated[int, Constraint(ge=0, le=720)] | None = None
    """Fewer minutes than these on a date are not billed."""
    monthly_minutes: Annotated[int, Constraint(ge=1, le=10_000)] | None = None
    """The threshold of the unit `month`."""
    limits: Annotated[tuple[Limit, ...], Constraint(alias="limit")] = ()
    excludes: tuple[CodeNumber, ...] = ()
    """Codes that may not stand on the same date."""
    companions: tuple[CodeNumber, ...] = ()
    """Codes of which one must stand on the same date; other rules may ask for one of others beside it."""
    places: tuple[Annotated[str, Constraint(pattern=r"^\d{2}$")], ...] = ()
    """Places of service, as ADA form item 38 writes them."""
    roles: tuple[str, ...] = ()
    """Roles of staff who may render it, in any case."""
    not_billable: Annotated[tuple[NotBillable, ...], Constraint(alias="not_billable")] = ()
    required: tuple[str, ...] = ()
    """What the record must hold: fields of an activity, of its case (`case.plan`) or of the patient
    (`patient.phone`)."""
    late_entry_days: Annotated[int, Constraint(ge=0, le=3660)] | None = None
    """An entry made more days than these after the service does not count."""
    fee: Annotated[int, Constraint(ge=0)] | None = None
    """Fee in cents for one unit; before that of the payer's [fees]."""
    note: str = ""
    source: str = ""
    verified_on: date | None = None
    """When somebody last compared the rule with its source."""

    def in_force(self, service_date: date) -> bool:
        """Whether it holds for a service date."""
        after = self.valid_from is None or self.valid_from <= service_date
        return after and (self.valid_to is None or service_date <= self.valid_to)

    def says(self, field: str) -> bool:
        """Whether it says anything of a field."""
        return field in self.model_fields_set and getattr(self, field) is not None


class Said(NamedTuple):
    """What a payer says of one thing, and the rule that says it; None where no rule does."""

    value: Any
    rule: Rule | None


class Rules:
    """A payer's rules, asked by code and service date."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        """In the order of the file; of two that speak of a code, the one that names it, else the later."""
        self._rules = tuple(rules)
        # A month asks the same again for every activity.
        self._found: dict[tuple[str, date], tuple[Rule, ...]] = {}
        self._said: dict[tuple[str, str, date], Said] = {}

    def __iter__(self) -> Iterator[Rule]:
        """In the order of the file."""
        return iter(self._rules)

    def about(self, code: str, service_date: date) -> tuple[Rule, ...]:
        """The rules in force for a code, the one that goes before all others first."""
        if not self._rules:
            return ()
        if (code, service_date) not in self._found:
            self._found[code, service_date] = self._in_order(code, service_date)
        return self._found[code, service_date]

    def _in_order(self, code: str, service_date: date) -> tuple[Rule, ...]:
        named = [rule for rule in self._rules if code in rule.codes and rule.in_force(service_date)]
        general = [
            rule
            for rule in self._rules
            if ANY_CODE in rule.codes and code not in rule.codes and rule.in_force(service_date)
        ]
        return (*reversed(named), *reversed(general))

    def said(self, field: str, code: str, service_date: date) -> Said:
        """What they say of a code on a date: a field of Rule and who says it; its default where none does.

        For what adds up, see each_said.
        """
        asked = field, code, service_date
        if asked not in self._said:
            about = self.about(code, service_date)
            rule = next((rule for rule in about if rule.says(field)), None)
            self._said[asked] = Said(getattr(rule, field) if rule else Rule.model_fields[field].default, rule)
        return self._said[asked]

    def each_said(self, field: Listed, code: str, service_date: date) -> tuple[Said, ...]:
        """All that they say of a code on a date: a list of Rule as each rule has it, with that rule."""
        return tuple(
            Said(getattr(rule, field), rule)
            for rule in self.about(code, service_date)
            if getattr(rule, field)
        )

    def lapsed(self, code: str, service_date: date) -> tuple[Rule, ...]:
        """The rules that name a code and are not in force on a date: known once, or not yet."""
        return tuple(rule for rule in self._rules if code in rule.codes and not rule.in_force(service_date))
