"""From activities to claims: which are billed, under what code, and which are left out and why. Pure.

A line is one service date and one code, quantity 1: no code of the family states minutes as its unit, so
minutes are documentation (see the domain notes, part 1). Raw minutes are summed as they were logged.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, Protocol

from casemgr.core.billing import ClaimLine
from casemgr.core.month import LeftOutWhy

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from casemgr.core.kinds import Kinds
    from casemgr.core.payers import Payer
    from casemgr.core.records import Coverage


class Billable(Protocol):
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
    def kind(self) -> str:
        """The kind's id."""
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
    standing: Container[tuple[str, str, str]] = frozenset(),
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
    """
    groups: dict[tuple[str, str], dict[tuple[str, str], list[Billable]]] = {}
    covered: dict[str, tuple[Coverage, Payer]] = {}
    left_out: list[tuple[str, LeftOutWhy]] = []
    for activity in activities:
        if activity.status != "signed":
            left_out.append((activity.id, LeftOutWhy.DRAFT))
            continue
        coverage = coverage_on(coverages.get(activity.patient_id, ()), activity.service_date)
        if coverage is None:
            left_out.append((activity.id, LeftOutWhy.NO_COVERAGE))
            continue
        rules = rules_for(coverage)
        kind = kinds.get(activity.kind)
        if kind is None:
            left_out.append((activity.id, LeftOutWhy.UNKNOWN_KIND))
            continue
        code = rules.code_for(kind, date.fromisoformat(activity.service_date))
        if (activity.patient_id, activity.service_date, code) in standing:
            left_out.append((activity.id, LeftOutWhy.ON_A_CLAIM))
            continue
        covered[coverage.id] = (coverage, rules)
        lines = groups.setdefault((activity.patient_id, coverage.id), defaultdict(list))
        lines[activity.service_date, code].append(activity)
    claims = []
    for (patient_id, coverage_id), lines in groups.items():
        coverage, rules = covered[coverage_id]
        claims.append(
            PlannedClaim(
                patient_id,
                coverage,
                rules,
                tuple(
                    ClaimLine(
                        service_date=service_date,
                        code=code,
                        minutes=sum(activity.minutes for activity in of_line),
                        fee_cents=rules.fee_cents(code, date.fromisoformat(service_date)),
                        activity_ids=tuple(activity.id for activity in of_line),
                    )
                    for (service_date, code), of_line in sorted(lines.items())
                ),
            )
        )
    return Planned(tuple(claims), tuple(left_out))
