"""The rows of every source that a workbook may name, and the log's own figures for its control sheet.

Figures are computed apart from the rows, so that a row that goes missing shows; those of what is owed are
sums over the same claims.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.dates import Month, Span, format_us
from casemgr.core.rows import ActivityFilter
from casemgr.core.sources import SOURCES, Needs
from casemgr.errors import InputRefused
from casemgr.services.activity_rows import ActivityRows
from casemgr.services.aging_rows import AgingRows
from casemgr.services.claim_forms import ClaimForms
from casemgr.services.claim_line_rows import ClaimLineRows
from casemgr.services.disclosures import unnamed
from casemgr.services.month_rows import MonthRows
from casemgr.services.patients import the_patient
from casemgr.services.proof import prove_month
from casemgr.services.remittance_rows import RemittanceRows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from casemgr.core.dates import Period
    from casemgr.services.desk import Desk


class Scope(NamedTuple):
    """What a workbook is of."""

    period: Period
    """For what stands as of a day, that is the last one."""
    patient_id: str = ""
    """Only this patient's."""


class SourceRows:
    """Rows and figures of a scope, worked out when they are asked for; the caller holds a snapshot."""

    def __init__(self, desk: Desk, scope: Scope) -> None:
        """Get ready to ask."""
        self.desk = desk
        self.scope = scope

    @cached_property
    def month(self) -> MonthRows:
        """What billing gets of a month.

        Raises:
            InputRefused: other days than a month's are asked for.
        """
        period, patient_id = self.scope
        if not isinstance(period, Month):
            raise InputRefused(
                f"{period.title} is no month",
                "What is billed and what is left out is told of a whole month. Nothing was written.",
                "Say which, such as --month 2026-10.",
            )
        return MonthRows(self.desk, period, patient_id)

    @cached_property
    def lines(self) -> ClaimLineRows:
        """The lines on claims, by service date."""
        return ClaimLineRows(self.desk, *self.scope)

    @property
    def by_month(self) -> bool:
        """Whether a month is asked for, so that its run is what is meant."""
        return isinstance(self.scope.period, Month)

    @cached_property
    def log(self) -> ActivityRows:
        """The activities by service date."""
        period, patient_id = self.scope
        first, last = period.first.isoformat(), period.last.isoformat()
        return ActivityRows(self.desk, ActivityFilter(first=first, last=last, patient_id=patient_id))

    @cached_property
    def forms(self) -> ClaimForms:
        """The claims as forms."""
        return ClaimForms(self.desk, *self.scope)

    @cached_property
    def aging(self) -> AgingRows:
        """What is owed at the end of the last day."""
        return AgingRows(self.desk, self.scope.period.last, self.scope.patient_id)

    @cached_property
    def remittances(self) -> RemittanceRows:
        """The payers' answers by the day of receipt."""
        return RemittanceRows(self.desk, *self.scope)

    def rows(self, names: Iterable[str]) -> dict[str, Iterable[NamedTuple]]:
        """The rows of some sources, each made as it is gone through."""
        return {name: MAKERS[name].rows(self) for name in names}

    def figures(self, names: Iterable[str]) -> dict[str, int]:
        """The log's own figures for some sources: `source.rows`, and `source.field` for what is summed."""
        found: dict[str, int] = {}
        for figures in dict.fromkeys(MAKERS[name].figures for name in names):
            found |= figures(self)
        return found

    def prove(self, names: Iterable[str]) -> None:
        """Prove every record that some sources are made of.

        Raises:
            VerificationFailed: a row is not what the ledger says.
        """
        for prove in dict.fromkeys(MAKERS[name].prove for name in names):
            prove(self)


class Maker(NamedTuple):
    """How a source is made."""

    rows: Callable[[SourceRows], Iterable[NamedTuple]]
    figures: Callable[[SourceRows], dict[str, int]]
    prove: Callable[[SourceRows], None]


def title_of(scope: Scope, needed: Needs) -> str:
    """What a workbook is of: `October 2026`, `10/1/2026 to 12/31/2026`, `as of 11/21/2026`."""
    return f"as of {format_us(scope.period.last)}" if needed is Needs.DAY else scope.period.title


def as_of(desk: Desk, scope: Scope) -> Scope:
    """The last day of a scope, or today where that is still to come, for what stands as of a day."""
    day = min(scope.period.last, desk.today())
    return scope._replace(period=Span(day, day))


def narrowed(desk: Desk, scope: Scope) -> str:
    """Whom a workbook is about, without a name: `patient A.G., chart 1030`; empty for everybody."""
    if not scope.patient_id:
        return ""
    return unnamed(the_patient(desk, scope.patient_id))


def _prove_month(rows: SourceRows) -> None:
    prove_month(rows.desk, *rows.scope)


def _prove_log(rows: SourceRows) -> None:
    period, patient_id = rows.scope
    # By service date, whichever run it is billed in.
    prove_month(rows.desk, Span(period.first, period.last), patient_id)


def _prove_lines(rows: SourceRows) -> None:
    if rows.by_month:
        _prove_month(rows)
    else:
        rows.lines.prove()


def _month_figures(rows: SourceRows) -> dict[str, int]:
    return rows.month.figures()


def _aging_figures(rows: SourceRows) -> dict[str, int]:
    return rows.aging.figures()


def _prove_aging(rows: SourceRows) -> None:
    rows.aging.prove()


MAKERS: Mapping[str, Maker] = {
    "billing_lines": Maker(
        lambda rows: rows.month.billing_lines() if rows.by_month else rows.lines.rows(),
        lambda rows: rows.month.figures() if rows.by_month else rows.lines.figures(),
        _prove_lines,
    ),
    "activities": Maker(lambda rows: rows.month.activities(), _month_figures, _prove_month),
    "by_patient": Maker(lambda rows: rows.month.by_patient(), _month_figures, _prove_month),
    "by_staff": Maker(lambda rows: rows.month.by_staff(), _month_figures, _prove_month),
    "left_out": Maker(lambda rows: rows.month.left_out(), _month_figures, _prove_month),
    "log": Maker(lambda rows: rows.log.rows(), lambda rows: rows.log.figures(), _prove_log),
    "claim_form": Maker(
        lambda rows: rows.forms.lines(), lambda rows: rows.forms.figures(), lambda rows: rows.forms.prove()
    ),
    "aging": Maker(lambda rows: rows.aging.claims(), _aging_figures, _prove_aging),
    "aging_by_payer": Maker(lambda rows: rows.aging.payers(), _aging_figures, _prove_aging),
    "remittances": Maker(
        lambda rows: rows.remittances.rows(),
        lambda rows: rows.remittances.figures(),
        lambda rows: rows.remittances.prove(),
    ),
}
"""By the name under which profiles name them; each name is one of core.sources.SOURCES."""

assert MAKERS.keys() == SOURCES.keys()
