"""From activities to claims: which are billed, under what code, and which are left out and why. Pure.

A line is one service date and one code; a payer that pays by the month has one line a month and code, dated
when the threshold was reached. The payer's rules of the service date say how minutes become units. No code of
the family states minutes as its unit, so that without a rule the quantity is 1. Raw minutes are summed as
they were logged.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple, Protocol

from casemgr.core.billing import ClaimLine
from casemgr.core.month import LeftOutWhy
from casemgr.core.not_billable import Told, why_not_billable
from casemgr.core.units import EIGHTH_MINUTE, Counting, units

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from casemgr.core.kinds import Kinds
    from casemgr.core.payers import Payer
    from casemgr.core.records import Coverage


class Billable(Told, Protocol):
    """What grouping needs of an activity."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def patient_id(self) -> str:
        """Whose it is."""
        ...

    @property
    def service_date(self) -> str:
        """ISO date."""
        ...

    @property
    def minutes(self) -> int:
        """Raw minutes."""
        ...

    @property
    def status(self) -> str:
        """draft, signed, claimed or voided."""
        ...


class PlannedClaim(NamedTuple):
    """A claim that could be drafted."""

    patient_id: str
    coverage: Coverage
    payer: Payer
    lines: tuple[ClaimLine, ...]


class Planned(NamedTuple):
    """What a month's unclaimed activities make."""

    claims: tuple[PlannedClaim, ...]
    """By the order in which their first activity came."""
    left_out: tuple[tuple[str, LeftOutWhy], ...]
    """Activity ids with why."""
    words: Mapping[str, str]
    """What the payer's rules themselves say of it, by the id of an activity that is left out by them."""


class _Group(NamedTuple):
    """What may become one line."""

    since: str
    """Its service date, or the month of which it is."""
    code: str


def coverage_on(coverages: Sequence[Coverage], service_date: str) -> Coverage | None:
    """The coverage in force on an ISO date; of several, the one that began last."""
    inside = [
        coverage
        for coverage in coverages
        if (not coverage.valid_from or coverage.valid_from <= service_date)
        and (not coverage.valid_to or service_date <= coverage.valid_to)
    ]
    # Ids sort by when they were made: of two that began together, the one that was added last.
    return max(inside, key=lambda coverage: (coverage.valid_from, coverage.id), default=None)


def plan_claims(
    activities: Iterable[Billable],
    coverages: Mapping[str, Sequence[Coverage]],
    rules_for: Callable[[Coverage], Payer],
    kinds: Kinds,
    standing: Collection[tuple[str, str, str]] = frozenset(),
    codes: Mapping[str, str] | None = None,
) -> Planned:
    """Group signed, unclaimed activities by patient and coverage into claims, a line for each date and code.

    Args:
        activities: unclaimed activities, by service date.
        coverages: by patient id.
        rules_for: the payer's rules for a coverage.
        kinds: the kinds of activity.
        standing: patient id, ISO date and code of every line that stands on a live claim. A second line for
            the same would bill the date twice: what came later waits until that claim is voided and drafted
            anew.
        codes: by activity id, the codes of those that have one on a claim already and keep it.
    """
    groups: dict[tuple[str, str], dict[_Group, list[Billable]]] = {}
    covered: dict[str, tuple[Coverage, Payer]] = {}
    left_out: list[tuple[str, LeftOutWhy]] = []
    words: dict[str, str] = {}
    standing_months = {(whose, day[:7], code) for whose, day, code in standing}
    for activity in activities:
        if activity.status != "signed":
            left_out.append((activity.id, LeftOutWhy.DRAFT))
            continue
        coverage = coverage_on(coverages.get(activity.patient_id, ()), activity.service_date)
        if coverage is None:
            left_out.append((activity.id, LeftOutWhy.NO_COVERAGE))
            continue
        payer = rules_for(coverage)
        day = date.fromisoformat(activity.service_date)
        kind = kinds.get(activity.kind)
        code = (codes or {}).get(activity.id) or (payer.code_for(kind, day) if kind else "")
        if not code:
            left_out.append((activity.id, LeftOutWhy.UNKNOWN_KIND))
            continue
        why, said = _ruled_out(payer, code, day, activity)
        if why is not None:
            left_out.append((activity.id, why))
            words[activity.id] = said
            continue
        monthly = counting(payer, code, activity.service_date).unit == "month"
        since, taken = (
            (activity.service_date[:7], standing_months) if monthly else (activity.service_date, standing)
        )
        if (activity.patient_id, since, code) in taken:
            left_out.append((activity.id, LeftOutWhy.ON_A_CLAIM))
            continue
        covered[coverage.id] = (coverage, payer)
        lines = groups.setdefault((activity.patient_id, coverage.id), defaultdict(list))
        lines[_Group(since, code)].append(activity)
    claims = []
    for (patient_id, coverage_id), of_claim in groups.items():
        coverage, payer = covered[coverage_id]
        made = []
        for group, of_line in of_claim.items():
            line, short = _line(payer, group.code, of_line)
            if line is not None:
                made.append(line)
            for activity in short:
                left_out.append((activity.id, LeftOutWhy.TOO_SHORT))
                words[activity.id] = _needed(counting(payer, group.code, activity.service_date))
        if made:
            made.sort(key=lambda line: (line.service_date, line.code))
            claims.append(PlannedClaim(patient_id, coverage, payer, tuple(made)))
    return Planned(tuple(claims), tuple(left_out), words)


def counting(payer: Payer, code: str, service_date: str) -> Counting:
    """How a payer counts the minutes of a code on an ISO date."""
    rules, day = payer.ruled, date.fromisoformat(service_date)
    unit = rules.said("unit", code, day)
    return Counting(
        unit.value,
        rules.said("sum_contacts", code, day).value,
        rules.said("minimum_minutes", code, day).value,
        # The threshold belongs to the unit: another rule that speaks of the code has none.
        unit.rule.monthly_minutes if unit.rule else None,
    )


def fee_cents(payer: Payer, code: str, service_date: str) -> int:
    """A payer's fee in cents for a unit on an ISO date: its rule's, else that of its fees, else 0."""
    day = date.fromisoformat(service_date)
    ruled = payer.ruled.said("fee", code, day).value
    return payer.fee_cents(code, day) if ruled is None else int(ruled)


def _ruled_out(payer: Payer, code: str, day: date, work: Told) -> tuple[LeftOutWhy | None, str]:
    """Why a payer's rules do not pay for a piece of work, and their own words for it."""
    rules = payer.ruled
    covered = rules.said("covered", code, day)
    if covered.value is False:
        return LeftOutWhy.NOT_COVERED, covered.rule.note if covered.rule else ""
    why = why_not_billable(rules, code, day, work)
    return (LeftOutWhy.NOT_BILLABLE, why) if why else (None, "")


def _line(
    payer: Payer, code: str, activities: Sequence[Billable]
) -> tuple[ClaimLine | None, Sequence[Billable]]:
    """The line that activities of one date or month make under a code, and those too short for any."""
    how = counting(payer, code, activities[0].service_date)
    if how.unit == "month":
        kept, service_date = _month(how, activities)
    else:
        # Contacts that count together stand together; of others each has to make a unit of its own.
        kept = [each for each in activities if how.summed or units(how, [each.minutes])]
        service_date = activities[0].service_date
    quantity = units(how, [each.minutes for each in kept]) if how.unit != "month" else int(bool(kept))
    if not quantity:
        return None, activities
    line = ClaimLine(
        service_date=service_date,
        code=code,
        minutes=sum(each.minutes for each in kept),
        quantity=quantity,
        fee_cents=fee_cents(payer, code, service_date),
        activity_ids=tuple(each.id for each in kept),
    )
    ids = set(line.activity_ids)
    return line, [each for each in activities if each.id not in ids]


def _month(how: Counting, activities: Sequence[Billable]) -> tuple[list[Billable], str]:
    """The activities that make a month's unit, and the date on which they did; none below the threshold."""
    by_day: dict[str, int] = defaultdict(int)
    for each in activities:
        by_day[each.service_date] += each.minutes
    kept = [
        each
        for each in activities
        if how.long_enough(by_day[each.service_date] if how.summed else each.minutes)
    ]
    if not units(how, [sum(each.minutes for each in kept)]):
        return [], ""
    kept.sort(key=lambda each: each.service_date)
    so_far = accumulate(each.minutes for each in kept)
    reached = next(at for at, minutes in enumerate(so_far) if minutes >= (how.monthly_minutes or 1))
    return kept, kept[reached].service_date


def _needed(how: Counting) -> str:
    """What a unit would have needed: `a unit needs 20 min in a calendar month`."""
    needed = []
    if how.unit == "month":
        needed.append(f"{how.monthly_minutes} min in a calendar month")
    elif how.unit in ("15_minutes", "8_minutes"):
        needed.append(f"{EIGHTH_MINUTE} min")
    if how.minimum_minutes:
        needed.append(f"at least {how.minimum_minutes} min a {'date' if how.summed else 'contact'}")
    return f"A unit needs {' and '.join(needed)}"
