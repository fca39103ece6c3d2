"""What is wrong with a payer's file beyond what its types say, and what in it should be looked at."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.content import did_you_mean
from casemgr.core.dates import format_us
from casemgr.core.payer_rules import ANY_CODE
from casemgr.core.rule_words import ITEMS, span_words
from casemgr.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.core.codes import Codes
    from casemgr.core.kinds import Kinds
    from casemgr.core.payer_rules import Limit, NotBillable, Rule
    from casemgr.core.payers import Payer

OLD_DAYS = 365
"""A source that was compared longer ago than so many days should be read again."""

ONE_ANSWER = (
    *("covered", "authorization", "unit", "sum_contacts", "minimum_minutes", "monthly_minutes"),
    *("places", "roles", "late_entry_days", "fee"),
)
"""What only one rule can decide of a code on a date; lists add up instead."""

PLACES = frozenset(
    f"{number:02}"
    for span in ((1, 27), (31, 34), (41, 42), (49, 58), (60, 62), (65, 66), (71, 72), (81, 81), (99, 99))
    for number in range(span[0], span[1] + 1)
)
"""Places of service as the CMS numbers them."""

ROLES = (
    *("dentist", "hygienist", "dental hygienist", "assistant", "dental assistant", "dental therapist"),
    *("case manager", "care coordinator", "community health worker", "outreach worker"),
    *("patient navigator", "interpreter", "social worker", "owner"),
)
"""Usual roles of staff; a practice may write others."""


class _Place(NamedTuple):
    """A rule and how people find it in the file."""

    name: str
    rule: Rule


def payer_faults(payer: Payer, kinds: Kinds | None) -> Iterator[str]:
    """What a payer's file must not say, each with its key and the nearest that it may.

    Args:
        payer: as it was read.
        kinds: the kinds of activity; None leaves out what is to be compared with them.
    """
    yield from _dates("", payer.valid_from, payer.valid_to)
    try:
        # A leap day begins a benefit year in no other year.
        date(2001, *map(int, payer.benefit_year.split("-")))
    except ValueError:
        yield f'benefit_year: "{payer.benefit_year}" is no month and day of every year'
    places = [_Place(f"rule {number}", rule) for number, rule in enumerate(payer.rules, 1)]
    for place in places:
        yield from (f"{place.name}: {fault}" for fault in _rule_faults(place.rule))
    yield from _contradictions(places)
    if kinds is None:
        return
    for kind in payer.codes:
        if kind != ANY_CODE and kind not in kinds.ids:
            yield f'codes: there is no kind "{kind}"{did_you_mean(kind, kinds.ids)}'
    items = {*ITEMS, *(field.name for kind in kinds for field in kind.fields)}
    for place in places:
        for item in place.rule.required:
            if item not in items:
                yield f'{place.name}, required: the record has no "{item}"{did_you_mean(item, items)}'
        for number, one in enumerate(place.rule.not_billable, 1):
            at = f"{place.name}, not_billable {number}"
            yield from (f"{at}: {fault}" for fault in _not_billable_faults(one, kinds))


def payer_warnings(payer: Payer, today: date, codes: Codes) -> Iterator[str]:
    """What to look at in a payer's file: sources missing or old, what lapsed, what is unusual."""
    yield from _source_warnings("the file", payer.source, payer.verified_on, today)
    if payer.valid_to and payer.valid_to < today:
        yield f"the file holds until {format_us(payer.valid_to)} only: that day has passed"
    if payer.synthetic:
        yield "the figures are made up for examples: none of them may go on a claim"
    known = {code.code for code in codes}
    mapped = {*payer.codes.values(), *payer.fees}
    for unknown in sorted(mapped - known):
        yield f"no file describes the code {unknown}"
    for number, rule in enumerate(payer.rules, 1):
        at = f"rule {number}"
        yield from _source_warnings(at, rule.source, rule.verified_on, today)
        if rule.valid_to and rule.valid_to < today:
            yield f"{at} held until {format_us(rule.valid_to)}: EXPIRED"
        for role in rule.roles:
            if fold(role) not in map(fold, ROLES):
                near = did_you_mean(role, ROLES)
                yield f'{at}, roles: "{role}" is no usual role{near} It counts for staff whose role is so.'


def _source_warnings(at: str, source: str, verified_on: date | None, today: date) -> Iterator[str]:
    if not source:
        yield f"{at} names no source"
    if verified_on is None:
        yield f"{at} has no verified_on: nobody has compared it with its source"
    elif verified_on > today:
        yield f"{at} was verified on {format_us(verified_on)}, which is still to come"
    elif today - verified_on > timedelta(days=OLD_DAYS):
        yield f"{at} was verified on {format_us(verified_on)}, more than {OLD_DAYS} days ago"


def _dates(at: str, first: date | None, last: date | None) -> Iterator[str]:
    if first and last and last < first:
        yield f"{at}valid_to is before valid_from"


def _rule_faults(rule: Rule) -> Iterator[str]:
    """What a rule says against itself."""
    yield from _dates("", rule.valid_from, rule.valid_to)
    yield from (f'the code "{code}" stands there twice' for code, n in Counter(rule.codes).items() if n > 1)
    if rule.unit == "month" and rule.monthly_minutes is None:
        yield 'the unit "month" needs monthly_minutes, the minutes that a month must reach'
    if rule.monthly_minutes is not None and rule.unit != "month":
        yield 'monthly_minutes is for the unit "month" only'
    for number, limit in enumerate(rule.limits, 1):
        yield from (f"limit {number}: {fault}" for fault in _limit_faults(limit))
    for code in rule.codes:
        for name, others in (("excludes", rule.excludes), ("companions", rule.companions)):
            if code in others:
                yield f"{name}: {code} stands beside itself"
    for code in sorted({*rule.excludes} & {*rule.companions}):
        yield f"{code} may not stand on the same date (excludes) and must (companions)"
    for place in rule.places:
        if place not in PLACES:
            yield f'places: "{place}" is no place of service{did_you_mean(place, PLACES)}'
    for role in rule.roles:
        if not fold(role):
            yield "roles: one of them is empty"


def _limit_faults(limit: Limit) -> Iterator[str]:
    if limit.per == "days" and not limit.days:
        yield 'per = "days" needs days, the length of the rolling span'
    if limit.days and limit.per != "days":
        yield f'days is for per = "days" only, and this is per "{limit.per}"'


def _not_billable_faults(one: NotBillable, kinds: Kinds) -> Iterator[str]:
    """What work that is not billed is told by, and that there is not."""
    if not (one.kinds or one.outcomes or one.words):
        yield "say what it is known by: kinds, outcomes or words"
    if one.unless and not one.words:
        yield "unless is for words only"
    for kind in one.kinds:
        if kind not in kinds.ids:
            yield f'there is no kind "{kind}"{did_you_mean(kind, kinds.ids)}'
    told = [kind for kind in kinds if not one.kinds or kind.kind in one.kinds]
    outcomes = {outcome.id for kind in told for outcome in kind.outcomes}
    for outcome_id in one.outcomes:
        if outcome_id not in outcomes:
            yield f'there is no outcome "{outcome_id}"{did_you_mean(outcome_id, outcomes)}'
    for phrase in (*one.words, *one.unless):
        if not fold(phrase):
            yield f'"{phrase}" has no letters or digits'


def _contradictions(places: list[_Place]) -> Iterator[str]:
    """Rules of which only one can be right: about the same codes, at the same time, of the same thing."""
    for number, place in enumerate(places):
        yield from _limit_contradictions(place.name, place.rule.limits, place.rule.limits)
        for later in places[number + 1 :]:
            both = [code for code in place.rule.codes if code in later.rule.codes]
            if not both or not _meet(place.rule, later.rule):
                continue
            at = f"{place.name} and {later.name} contradict each other about {both[0]}"
            for field in ONE_ANSWER:
                if place.rule.says(field) and later.rule.says(field):
                    one, other = getattr(place.rule, field), getattr(later.rule, field)
                    if one != other:
                        yield f"{at}: {field} is {_value(one)} and {_value(other)}"
            yield from _limit_contradictions(at, place.rule.limits, later.rule.limits)
            crossed = {*place.rule.excludes} & {*later.rule.companions} | (
                {*later.rule.excludes} & {*place.rule.companions}
            )
            yield from (f"{at}: {code} is in excludes and in companions" for code in sorted(crossed))


def _limit_contradictions(at: str, some: tuple[Limit, ...], others: tuple[Limit, ...]) -> Iterator[str]:
    pairs = combinations(some, 2) if some is others else ((one, other) for one in some for other in others)
    for one, other in pairs:
        same = (one.per, one.days, one.scope) == (other.per, other.days, other.scope)
        if same and one.count != other.count:
            yield f"{at}: in {span_words(one)} at most {one.count} and at most {other.count}"


def _meet(one: Rule, other: Rule) -> bool:
    """Whether two rules are in force on a common day."""
    return (one.valid_to is None or other.valid_from is None or other.valid_from <= one.valid_to) and (
        other.valid_to is None or one.valid_from is None or one.valid_from <= other.valid_to
    )


def _value(value: object) -> str:
    """A value as TOML writes it, in short."""
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
