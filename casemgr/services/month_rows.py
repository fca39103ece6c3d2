"""A month as billing gets it: lines, activities, sums and what is left out, streamed in one snapshot.

Every figure of the control sheet is asked of the log apart from the rows, so that a missing row shows.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from casemgr import __version__
from casemgr.core.month import (
    ActivityRow,
    BillingLine,
    ControlSheet,
    LeftOut,
    LeftOutWhy,
    PatientSum,
    StaffSum,
)
from casemgr.core.rows import within
from casemgr.services.activity_rows import ActivityRows, place_of
from casemgr.services.month_lines import MonthLines
from casemgr.store.ledger import witness
from casemgr.store.reads.activities import activities, minutes_by, patients_of, totals, void_reasons
from casemgr.store.reads.claim_lines import claims_of_period, paid_on_lines
from casemgr.store.reads.claims import standing_rejections
from casemgr.store.reads.patients import patient_ref
from casemgr.store.reads.records import all_staff

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from casemgr.core.dates import Month
    from casemgr.core.rows import ActivityRow as StoredRow
    from casemgr.core.rows import StandingRejection
    from casemgr.services.desk import Desk
    from casemgr.services.month_lines import Sums

TODO = {
    LeftOutWhy.NO_COVERAGE: "No coverage in force on this date. If there is one: casemgr coverage add",
    LeftOutWhy.DRAFT: "Not signed yet: casemgr activity sign",
    LeftOutWhy.ON_A_CLAIM: "This date and code are on a claim: void that one, then draft the month anew",
    LeftOutWhy.UNKNOWN_KIND: "The file of this kind is gone: put it back into the activities folder",
    LeftOutWhy.NOT_COVERED: "The payer's rules do not cover this code: casemgr payer show",
    LeftOutWhy.NOT_BILLABLE: "It stays in the record, unpaid. If it is told wrong: casemgr activity amend",
    LeftOutWhy.TOO_SHORT: "It stays in the record, unpaid: minutes are never rounded up to a unit",
    LeftOutWhy.REJECTED: "Mend the row in the workbook of rejected rows and import that",
    LeftOutWhy.VOIDED: "Withdrawn",
}
"""What to do about each reason for leaving something out."""


class MonthRows:
    """The row sources of a month's workbook, each made anew whenever it is asked for."""

    def __init__(self, desk: Desk, month: Month, patient_id: str = "") -> None:
        """Get ready to ask, of one patient or of all; the caller holds a snapshot of the store meanwhile."""
        self.desk = desk
        self.month = month
        self.patient_id = patient_id
        self.whole = within(month, patient_id)
        self.logged = ActivityRows(desk, self.whole)
        self.lines = MonthLines(desk, month, patient_id)

    @cached_property
    def sums(self) -> Sums:
        """What a first pass over the lines adds up."""
        return self.lines.add_up()

    def sources(self) -> Mapping[str, Iterable[NamedTuple]]:
        """Every row source by its name."""
        return {
            "billing_lines": self.billing_lines(),
            "activities": self.activities(),
            "by_patient": self.by_patient(),
            "by_staff": self.by_staff(),
            "left_out": self.left_out(),
        }

    def billing_lines(self) -> Iterator[BillingLine]:
        """Claim lines, drafted or to draft, by patient and date."""
        for patient in self.lines.patients():
            yield from patient.lines

    def activities(self) -> Iterator[ActivityRow]:
        """Every activity that is not voided, by service date."""
        return self.logged.rows()

    def by_patient(self) -> Iterator[PatientSum]:
        """Each patient's sums, by name."""
        logged = {
            key: (count, minutes)
            for key, count, minutes in minutes_by(self.desk.store, "patient_id", self.whole)
        }
        for patient_id in patients_of(self.desk.store, self.whole):
            patient = patient_ref(self.desk.store, patient_id)
            count, minutes = logged[patient_id]
            lines, cents, payers = self.sums.by_patient.get(patient_id, (0, 0, ""))
            yield PatientSum(
                patient.name,
                patient.birth_date,
                patient.chart_number,
                payers,
                count,
                minutes,
                lines,
                cents,
            )

    def by_staff(self) -> Iterator[StaffSum]:
        """Each member of staff's sums, by login."""
        staff = {member.id: member for member in all_staff(self.desk.store)}
        for login, count, minutes in minutes_by(self.desk.store, "staff", self.whole):
            member = staff.get(login)
            billed = self.sums.billed_by_staff.get(login, 0)
            yield StaffSum(
                member.name if member else login,
                member.credential if member else "",
                count,
                minutes,
                billed,
                minutes - billed,
            )

    def left_out(self) -> Iterator[LeftOut]:
        """Everything that is not billed, with why and what to do."""
        for patient in self.lines.patients(self.sums.with_left_out):
            for row, why in patient.left_out:
                said = (patient.words.get(row.id, ""), _late_words(row, why), TODO[why])
                yield self._left_out(row, why, row.minutes, ". ".join(filter(None, said)))
        for standing in self.rejections():
            yield LeftOut(
                LeftOutWhy.REJECTED,
                None,
                "",
                None,
                "",
                "",
                None,
                "",
                f"{standing.row.reason} {TODO[LeftOutWhy.REJECTED]}. It says: {standing.row.said}",
                f"{standing.file}, {standing.row.sheet}, row {standing.row.row}",
            )
        reasons = self._void_reasons()
        voided = replace(self.whole, include_voided=True, only_voided=True)
        for row in activities(self.desk.store, voided) if reasons else ():
            if row.id in reasons:
                detail = f"{row.minutes} min, voided: {reasons[row.id]}"
                yield self._left_out(row, LeftOutWhy.VOIDED, None, detail)

    def control(self) -> ControlSheet:
        """What the control sheet of the month's workbook states."""
        return control_sheet(self.desk, self.month.title, "", self.figures())

    def figures(self) -> dict[str, int]:
        """What the log and a first pass over the lines say of every source."""
        rows, minutes = totals(self.desk.store, self.whole)
        by_staff = minutes_by(self.desk.store, "staff", self.whole)
        sums = self.sums
        return {
            "activities.rows": rows,
            "activities.minutes": minutes,
            "billing_lines.rows": sums.lines,
            "billing_lines.minutes": sums.line_minutes,
            "billing_lines.quantity": sums.quantity,
            "billing_lines.activities": rows - sums.left_out,
            "billing_lines.charge_cents": sums.charge_cents,
            "billing_lines.paid_cents": paid_on_lines(self.desk.store, self._claim_ids()),
            "billing_lines.adjusted_cents": sums.adjusted_cents,
            "billing_lines.patient_cents": sums.patient_cents,
            "by_patient.rows": len(minutes_by(self.desk.store, "patient_id", self.whole)),
            "by_patient.minutes": minutes,
            "by_patient.activities": rows,
            "by_patient.lines": sums.lines,
            "by_patient.charge_cents": sums.charge_cents,
            "by_staff.rows": len(by_staff),
            "by_staff.minutes": minutes,
            "by_staff.activities": sum(count for _, count, _ in by_staff),
            "by_staff.billed_minutes": sums.line_minutes,
            "by_staff.left_out_minutes": sums.left_out_minutes,
            "left_out.rows": sums.left_out + len(self._void_reasons()) + len(self.rejections()),
            "left_out.minutes": minutes - sums.line_minutes,
        }

    def _claim_ids(self) -> list[str]:
        return claims_of_period(self.desk.store, str(self.month), "", "", self.patient_id)

    def _void_reasons(self) -> dict[str, str]:
        return void_reasons(self.desk.store, self.whole)

    def rejections(self) -> list[StandingRejection]:
        """Rows of the month that an import refused; nobody knows whose they are."""
        return [] if self.patient_id else standing_rejections(self.desk.store, str(self.month))

    def _left_out(self, row: StoredRow, why: LeftOutWhy, minutes: int | None, detail: str) -> LeftOut:
        return LeftOut(
            why,
            date.fromisoformat(row.service_date),
            row.patient,
            date.fromisoformat(row.birth_date),
            row.chart_number,
            self.desk.kinds.title(row.kind),
            minutes,
            row.staff_name,
            detail,
            place_of(row),
            row.id,
            row.patient_id,
        )


def _late_words(row: StoredRow, why: LeftOutWhy) -> str:
    """From where something came late, and what is to be done first if it stays unbilled because of that."""
    if not row.late_from:
        return ""
    first = f": reopen that month (casemgr month reopen {row.service_date[:7]})"
    return f"Late from {row.late_from}{first if why is LeftOutWhy.ON_A_CLAIM else ''}"


def control_sheet(desk: Desk, period: str, filters: str, figures: Mapping[str, int]) -> ControlSheet:
    """What a workbook's control sheet states.

    Args:
        desk: the open practice; the caller holds a snapshot.
        period: what the workbook is of, such as `October 2026`.
        filters: what it was narrowed to, without a name; or empty.
        figures: the log's own, computed apart from the rows.
    """
    at, _ = witness(desk.store)
    practice = desk.practice
    return ControlSheet(practice.name, period, filters, practice.time_zone, __version__, at, figures)
