"""A month as billing gets it: lines, activities, sums and what is left out, streamed in one snapshot.

Every figure of the control sheet is asked of the log apart from the rows, so that a missing row shows.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, time
from typing import TYPE_CHECKING, NamedTuple

from casemgr import __version__
from casemgr.core.claims import plan_claims
from casemgr.core.methods import method_label
from casemgr.core.month import (
    TO_DRAFT,
    ActivityRow,
    BillingLine,
    ControlSheet,
    LeftOut,
    LeftOutWhy,
    PatientSum,
    StaffSum,
)
from casemgr.core.rows import ActivityFilter
from casemgr.services.claims import rules_for
from casemgr.store.ledger import witness
from casemgr.store.reads.activities import activities, minutes_by, patients_between, totals
from casemgr.store.reads.claims import standing_rejections
from casemgr.store.reads.patients import coverages_by_patient
from casemgr.store.reads.records import all_staff

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from casemgr.core.dates import Month
    from casemgr.core.rows import ActivityRow as StoredRow
    from casemgr.services.desk import Desk

TODO = {
    LeftOutWhy.NO_COVERAGE: "No coverage in force on this date. If there is one: casemgr coverage add",
    LeftOutWhy.DRAFT: "Not signed yet: casemgr activity sign",
    LeftOutWhy.REJECTED: "Mend the row in the workbook of rejected rows and import that",
    LeftOutWhy.VOIDED: "Withdrawn",
}
"""What to do about each reason for leaving something out."""


class PatientMonth(NamedTuple):
    """What one patient's month makes: billing lines, and activities left out."""

    patient_id: str
    lines: tuple[BillingLine, ...]
    left_out: tuple[tuple[StoredRow, LeftOutWhy], ...]
    billed: tuple[StoredRow, ...]


@dataclass
class Sums:
    """What a first pass over the month adds up; minutes and cents."""

    lines: int = 0
    line_minutes: int = 0
    quantity: int = 0
    charge_cents: int = 0
    left_out: int = 0
    left_out_minutes: int = 0
    by_patient: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    """Lines, cents and payers, by patient id."""
    billed_by_staff: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """Billed minutes, by login."""


class MonthRows:
    """The row sources of a month's workbook, each made anew whenever it is asked for."""

    def __init__(self, desk: Desk, month: Month) -> None:
        """Get ready to ask; the caller holds a snapshot of the store while rows are read."""
        self.desk = desk
        self.month = month
        self.first, self.last = month.first.isoformat(), month.last.isoformat()
        self.whole = ActivityFilter(first=self.first, last=self.last)
        self.voided = ActivityFilter(first=self.first, last=self.last, include_voided=True, only_voided=True)
        self.coverages = coverages_by_patient(desk.store)
        self.rules = rules_for(desk)
        self.kinds = desk.kinds
        self.staff = {member.id: member for member in all_staff(desk.store)}
        self.sums = self._add_up()

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
        for patient in self._patients():
            yield from patient.lines

    def activities(self) -> Iterator[ActivityRow]:
        """Every activity that is not voided, by service date."""
        for row in activities(self.desk.store, self.whole):
            kind = self.kinds.kept(row.kind)
            outcome = kind.outcome(row.outcome)
            yield ActivityRow(
                service_date=date.fromisoformat(row.service_date),
                start=time.fromisoformat(row.start) if row.start else None,
                patient=row.patient,
                birth_date=date.fromisoformat(row.birth_date),
                chart_number=row.chart_number,
                kind=kind.title,
                minutes=row.minutes,
                staff=row.staff_name,
                credential=row.credential,
                method=method_label(row.method),
                contacted=row.contacted,
                outcome=outcome.label if outcome else row.outcome,
                outcome_words=row.outcome_words,
                next_step=row.next_step,
                note=row.note,
                details="; ".join(
                    f"{label}: {value}" for label, value in kind.details(json.loads(row.fields))
                ),
                status=row.status,
                claim_number=row.claim_number,
                late_days=row.late_days,
                amended=bool(row.amended),
                short_id=row.id[-6:],
            )

    def by_patient(self) -> Iterator[PatientSum]:
        """Each patient's sums, by name."""
        logged = {
            key: (count, minutes)
            for key, count, minutes in minutes_by(self.desk.store, "patient_id", self.whole)
        }
        for patient_id in patients_between(self.desk.store, self.first, self.last):
            head = self.desk.store.one(
                "SELECT last_name, first_name, birth_date, chart_number FROM patients WHERE id = ?",
                (patient_id,),
            )
            assert head is not None
            count, minutes = logged[patient_id]
            lines, cents, payers = self.sums.by_patient.get(patient_id, (0, 0, ""))
            yield PatientSum(
                f"{head[0]}, {head[1]}" if head[1] else head[0],
                date.fromisoformat(head[2]),
                head[3],
                payers,
                count,
                minutes,
                lines,
                cents,
            )

    def by_staff(self) -> Iterator[StaffSum]:
        """Each member of staff's sums, by login."""
        for login, count, minutes in minutes_by(self.desk.store, "staff", self.whole):
            member = self.staff.get(login)
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
        for patient in self._patients():
            for row, why in patient.left_out:
                yield self._left_out(row, why, row.minutes, TODO[why])
        for standing in standing_rejections(self.desk.store, str(self.month)):
            yield LeftOut(
                LeftOutWhy.REJECTED,
                None,
                "",
                "",
                None,
                "",
                f"{standing.row.field}: {standing.row.reason} {TODO[LeftOutWhy.REJECTED]}",
                f"{standing.file}, {standing.row.sheet}, row {standing.row.row}",
            )
        for row in activities(self.desk.store, self.voided):
            action, reason = self.desk.store.one(
                "SELECT action, reason FROM ledger WHERE entity_id = ? AND entity = 'activity' "
                "ORDER BY at DESC LIMIT 1",
                (row.id,),
            ) or ("", "")
            # What was undone at once was a slip of the hand, and no biller's business.
            if action != "undo":
                yield self._left_out(row, LeftOutWhy.VOIDED, None, f"{row.minutes} min, voided: {reason}")

    def control(self) -> ControlSheet:
        """What the control sheet states."""
        at, _ = witness(self.desk.store)
        rows, minutes = totals(self.desk.store, self.whole)
        sums, standing = self.sums, standing_rejections(self.desk.store, str(self.month))
        by_staff = minutes_by(self.desk.store, "staff", self.whole)
        return ControlSheet(
            practice=self.desk.practice.name,
            period=self.month.title,
            filters="",
            time_zone=self.desk.practice.time_zone,
            version=__version__,
            witness=at,
            figures={
                "activities.rows": rows,
                "activities.minutes": minutes,
                "billing_lines.rows": sums.lines,
                "billing_lines.minutes": sums.line_minutes,
                "billing_lines.quantity": sums.quantity,
                "billing_lines.activities": rows - sums.left_out,
                "billing_lines.charge_cents": sums.charge_cents,
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
                "left_out.rows": sums.left_out + totals(self.desk.store, self.voided)[0] + len(standing),
                "left_out.minutes": minutes - sums.line_minutes,
            },
        )

    def _left_out(self, row: StoredRow, why: LeftOutWhy, minutes: int | None, detail: str) -> LeftOut:
        source = json.loads(row.source) if row.source else None
        return LeftOut(
            why,
            date.fromisoformat(row.service_date),
            row.patient,
            self.kinds.title(row.kind),
            minutes,
            row.staff_name,
            detail,
            f"{source['file']}, {source['sheet']}, row {source['row']}" if source else "",
        )

    def _patients(self) -> Iterator[PatientMonth]:
        """One patient at a time, so that memory does not grow with the month."""
        for patient_id in patients_between(self.desk.store, self.first, self.last):
            rows = list(
                activities(
                    self.desk.store, ActivityFilter(first=self.first, last=self.last, patient_id=patient_id)
                )
            )
            drafted = drafted_lines(self.desk, patient_id, str(self.month))
            by_line: dict[tuple[str, str, str], list[StoredRow]] = defaultdict(list)
            for row in rows:
                if row.claim_id:
                    by_line[row.claim_number, row.service_date, row.code].append(row)
            lines = [self._line(rows[0], by_line[line[0], line[3], line[4]], *line) for line in drafted]
            unclaimed = {row.id: row for row in rows if not row.claim_id}
            planned = plan_claims(unclaimed.values(), self.coverages, self.rules, self.kinds)
            billed = [row for row in rows if row.claim_id]
            for claim in planned.claims:
                for line in claim.lines:
                    of_line = [unclaimed[each] for each in line.activity_ids]
                    billed += of_line
                    lines.append(
                        self._line(
                            rows[0],
                            of_line,
                            TO_DRAFT,
                            claim.coverage.payer_name,
                            claim.coverage.member_id,
                            line.service_date,
                            line.code,
                            line.minutes,
                            line.quantity,
                            line.fee_cents,
                        )
                    )
            left_out = tuple((unclaimed[each], why) for each, why in planned.left_out)
            yield PatientMonth(patient_id, tuple(lines), left_out, tuple(billed))

    def _line(
        self,
        who: StoredRow,
        of_line: list[StoredRow],
        number: str,
        payer: str,
        member_id: str,
        service_date: str,
        code: str,
        minutes: int,
        quantity: int,
        fee_cents: int,
    ) -> BillingLine:
        return BillingLine(
            claim_number=number,
            patient=who.patient,
            birth_date=date.fromisoformat(who.birth_date),
            chart_number=who.chart_number,
            payer=payer,
            member_id=member_id,
            service_date=date.fromisoformat(service_date),
            code=code,
            code_title=self.desk.codes.title(code),
            minutes=minutes,
            quantity=quantity,
            fee_cents=fee_cents,
            charge_cents=quantity * fee_cents,
            staff=", ".join(dict.fromkeys(row.staff_name for row in of_line)),
            activities=len(of_line),
        )

    def _add_up(self) -> Sums:
        sums = Sums()
        for patient in self._patients():
            cents = sum(line.charge_cents for line in patient.lines)
            payers = ", ".join(dict.fromkeys(line.payer for line in patient.lines))
            sums.by_patient[patient.patient_id] = (len(patient.lines), cents, payers)
            sums.lines += len(patient.lines)
            sums.line_minutes += sum(line.minutes for line in patient.lines)
            sums.quantity += sum(line.quantity for line in patient.lines)
            sums.charge_cents += cents
            sums.left_out += len(patient.left_out)
            sums.left_out_minutes += sum(row.minutes for row, _ in patient.left_out)
            for row in patient.billed:
                sums.billed_by_staff[row.staff] += row.minutes
        return sums


def drafted_lines(
    desk: Desk, patient_id: str, month: str
) -> list[tuple[str, str, str, str, str, int, int, int]]:
    """A patient's live claim lines: number, payer, member id, date, code, minutes, quantity, fee in cents."""
    rows = desk.store.rows(
        "SELECT c.number, c.payer_name, c.member_id, "
        "l.service_date, l.code, l.minutes, l.quantity, l.fee_cents "
        "FROM claims c JOIN claim_lines l ON l.claim_id = c.id "
        "WHERE c.patient_id = ? AND c.month = ? AND c.voided = 0 ORDER BY c.number, l.line",
        (patient_id, month),
    )
    return [(r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7]) for r in rows]
