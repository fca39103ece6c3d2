"""Sums over the log: a month, a patient, a member of staff. Minutes are raw, money is in cents."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.records import Patient
from casemgr.core.rows import ActivityFilter, ActivityRow, ClaimRow, FollowUpRow
from casemgr.core.workdays import LONG_DAY_MINUTES
from casemgr.services.month_rows import MonthRows
from casemgr.services.oddities import Overlap, overlaps
from casemgr.store.reads.activities import activities, minutes_by, totals, void_reasons
from casemgr.store.reads.claims import claim_rows, standing_rejections
from casemgr.store.reads.follow_ups import follow_ups
from casemgr.store.reads.months import late_sums
from casemgr.store.reads.records import all_staff, load

if TYPE_CHECKING:
    from casemgr.core.dates import Month
    from casemgr.services.desk import Desk


class Sum(NamedTuple):
    """Activities and minutes of one group."""

    id: str
    title: str
    activities: int
    minutes: int


class MonthReport(NamedTuple):
    """A month at a glance."""

    activities: int
    minutes: int
    by_kind: tuple[Sum, ...]
    by_staff: tuple[Sum, ...]
    outcomes: tuple[tuple[str, Sum], ...]
    """Kind id and the outcome's sum."""
    patients: int
    billing_lines: int
    billed_minutes: int
    charge_cents: int
    to_draft_lines: int
    """Of the billing lines, those that are on no claim yet."""
    to_draft_cents: int
    claims: int
    left_out: int
    left_out_minutes: int
    voided: int
    rejected_rows: int
    """Rows that imports refused and that nobody has mended."""
    billed_later: int = 0
    """Of the activities, those that came too late and are billed with a later month."""
    from_before: int = 0
    """Activities of earlier months that came too late and are billed with this one."""


def month_report(desk: Desk, month: Month) -> MonthReport:
    """A month's sums, of one moment."""
    wanted = month_filter(month)
    with desk.store.snapshot():
        names = {member.id: member.name for member in all_staff(desk.store)}
        count, minutes = totals(desk.store, wanted)
        sums = MonthRows(desk, month).sums
        late_in, late_out = late_sums(desk.store, str(month))
        outcomes = []
        for kind_id, _, _ in minutes_by(desk.store, "kind", wanted):
            kind = desk.kinds.kept(kind_id)
            of_kind = ActivityFilter(first=wanted.first, last=wanted.last, kind=kind_id)
            for outcome_id, how_many, spent in minutes_by(desk.store, "outcome", of_kind):
                outcome = kind.outcome(outcome_id)
                outcomes.append(
                    (kind_id, Sum(outcome_id, outcome.label if outcome else outcome_id, how_many, spent))
                )
        return MonthReport(
            count,
            minutes,
            tuple(
                Sum(key, desk.kinds.title(key), *rest)
                for key, *rest in minutes_by(desk.store, "kind", wanted)
            ),
            tuple(
                Sum(key, names.get(key, key), *rest) for key, *rest in minutes_by(desk.store, "staff", wanted)
            ),
            tuple(outcomes),
            len(minutes_by(desk.store, "patient_id", wanted)),
            sums.lines,
            sums.line_minutes,
            sums.charge_cents,
            sums.to_draft_lines,
            sums.to_draft_cents,
            len(claim_rows(desk.store, str(month))),
            sums.left_out,
            sums.left_out_minutes,
            len(void_reasons(desk.store, wanted)),
            len(standing_rejections(desk.store, str(month))),
            sum(count for _, count in late_out),
            sum(count for _, count in late_in),
        )


class PatientReport(NamedTuple):
    """Everything done for a patient, in a month or ever."""

    patient: Patient
    activities: tuple[ActivityRow, ...]
    minutes: int
    by_kind: tuple[Sum, ...]
    claims: tuple[ClaimRow, ...]
    follow_ups: tuple[FollowUpRow, ...]
    """Those still to be done."""


def patient_report(desk: Desk, patient_id: str, month: Month | None = None) -> PatientReport:
    """A patient's activities, claims and follow-ups, of one moment."""
    wanted = month_filter(month, patient_id=patient_id)
    with desk.store.snapshot():
        patient = load(desk.store, Patient, patient_id)
        assert patient is not None
        return PatientReport(
            patient,
            tuple(activities(desk.store, wanted)),
            totals(desk.store, wanted)[1],
            tuple(
                Sum(key, desk.kinds.title(key), *rest)
                for key, *rest in minutes_by(desk.store, "kind", wanted)
            ),
            tuple(claim_rows(desk.store, str(month) if month else "", patient_id)),
            tuple(follow_ups(desk.store, patient_id=patient_id)),
        )


class StaffReport(NamedTuple):
    """A member of staff's month, with what an auditor would ask about."""

    login: str
    name: str
    activities: int
    minutes: int
    by_day: tuple[tuple[str, int, int], ...]
    """ISO date, activities, minutes."""
    by_kind: tuple[Sum, ...]
    long_days: tuple[str, ...]
    """Days with more than twelve hours."""
    overlaps: tuple[Overlap, ...]
    late: int
    """Activities that were entered after their day."""
    drafts: int


def staff_report(desk: Desk, login: str, month: Month) -> StaffReport:
    """A member of staff's month, of one moment."""
    member = desk.member(login)
    wanted = month_filter(month, staff=member.id)
    with desk.store.snapshot():
        rows = list(activities(desk.store, wanted))
        by_day = tuple(minutes_by(desk.store, "service_date", wanted))
        return StaffReport(
            member.id,
            member.name,
            len(rows),
            sum(row.minutes for row in rows),
            by_day,
            tuple(
                Sum(key, desk.kinds.title(key), *rest)
                for key, *rest in minutes_by(desk.store, "kind", wanted)
            ),
            tuple(day for day, _, minutes in by_day if minutes > LONG_DAY_MINUTES),
            tuple(overlaps(desk, wanted)),
            sum(1 for row in rows if row.late_days),
            sum(1 for row in rows if row.status == "draft"),
        )


def month_filter(month: Month | None, *, patient_id: str = "", staff: str = "") -> ActivityFilter:
    """The activities of a month, of a patient or a member of staff; no month means ever."""
    return ActivityFilter(
        first=month.first.isoformat() if month else "",
        last=month.last.isoformat() if month else "",
        patient_id=patient_id,
        staff=staff,
    )
