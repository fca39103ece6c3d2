"""What each patient's month makes: billing lines, drafted or to draft, and what is left out."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.claims import plan_claims
from casemgr.core.month import TO_DRAFT, BillingLine, LeftOutWhy
from casemgr.core.rows import StandingLine, within
from casemgr.core.text import initials
from casemgr.services.claims import rules_for
from casemgr.services.line_answers import NO_ANSWER, line_answers
from casemgr.store.reads.activities import activities, patients_of
from casemgr.store.reads.claims import lines_of_month, standing_lines
from casemgr.store.reads.patients import coverages_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from casemgr.core.dates import Month
    from casemgr.core.rows import ActivityRow
    from casemgr.services.desk import Desk
    from casemgr.services.line_answers import LineAnswer


class PatientMonth(NamedTuple):
    """What one patient's month makes: billing lines, and activities left out."""

    patient_id: str
    lines: tuple[BillingLine, ...]
    left_out: tuple[tuple[ActivityRow, LeftOutWhy], ...]
    words: Mapping[str, str]
    """What the payer's rules say of it, by the id of an activity that they leave out."""
    billed: tuple[ActivityRow, ...]


@dataclass
class Sums:
    """What a first pass over the month adds up; minutes and cents."""

    lines: int = 0
    line_minutes: int = 0
    quantity: int = 0
    charge_cents: int = 0
    to_draft_lines: int = 0
    """Of the lines, those that are on no claim yet."""
    to_draft_cents: int = 0
    adjusted_cents: int = 0
    patient_cents: int = 0
    left_out: int = 0
    left_out_minutes: int = 0
    left_out_by: Counter[LeftOutWhy] = field(default_factory=Counter)
    """How many activities are left out, by why."""
    with_left_out: set[str] = field(default_factory=set)
    """Ids of the patients of whom something is left out."""
    by_patient: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    """Lines, cents and payers, by patient id."""
    billed_by_staff: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """Billed minutes, by login."""


class MonthLines:
    """A month's billing lines, patient by patient."""

    def __init__(self, desk: Desk, month: Month, patient_id: str = "") -> None:
        """Get ready to ask, of one patient or of all; the caller holds a snapshot of the store meanwhile."""
        self.desk = desk
        self.month = month
        self.patient_id = patient_id
        self.rules = rules_for(desk)

    def patients(self, among: Container[str] | None = None) -> Iterator[PatientMonth]:
        """One patient at a time, by name, so that memory does not grow with the month.

        Args:
            among: only those with these ids; all without it.
        """
        for patient_id in patients_of(self.desk.store, within(self.month, self.patient_id)):
            if among is not None and patient_id not in among:
                continue
            wanted = within(self.month, patient_id)
            yield self._patient(patient_id, list(activities(self.desk.store, wanted)))

    def add_up(self) -> Sums:
        """The sums of all patients."""
        sums = Sums()
        for patient in self.patients():
            cents = sum(line.charge_cents for line in patient.lines)
            payers = ", ".join(dict.fromkeys(line.payer for line in patient.lines))
            sums.by_patient[patient.patient_id] = (len(patient.lines), cents, payers)
            sums.lines += len(patient.lines)
            sums.line_minutes += sum(line.minutes for line in patient.lines)
            sums.quantity += sum(line.quantity for line in patient.lines)
            sums.charge_cents += cents
            waiting = [line.charge_cents for line in patient.lines if line.claim_number == TO_DRAFT]
            sums.to_draft_lines += len(waiting)
            sums.to_draft_cents += sum(waiting)
            sums.adjusted_cents += sum(line.adjusted_cents or 0 for line in patient.lines)
            sums.patient_cents += sum(line.patient_cents or 0 for line in patient.lines)
            sums.left_out += len(patient.left_out)
            if patient.left_out:
                sums.with_left_out.add(patient.patient_id)
            sums.left_out_by.update(why for _, why in patient.left_out)
            sums.left_out_minutes += sum(row.minutes for row, _ in patient.left_out)
            for row in patient.billed:
                sums.billed_by_staff[row.staff] += row.minutes
        return sums

    def _patient(self, patient_id: str, rows: list[ActivityRow]) -> PatientMonth:
        billed = [row for row in rows if row.claim_id]
        on_line: dict[tuple[str, str, str], list[ActivityRow]] = defaultdict(list)
        for row in billed:
            on_line[row.claim_number, row.line_date, row.code].append(row)
        unclaimed = {row.id: row for row in rows if not row.claim_id}
        drafted = lines_of_month(self.desk.store, patient_id, str(self.month))
        # Of every run: what comes late must not be billed beside the line of its own month.
        standing = standing_lines(self.desk.store, (patient_id,)) if unclaimed else set()
        coverages = {patient_id: coverages_of(self.desk.store, patient_id)}
        planned = plan_claims(unclaimed.values(), coverages, self.rules, self.desk.kinds, standing)
        answers = line_answers(self.desk, drafted)
        lines = [
            billing_line(self.desk, line, on_line[key], answers[key])
            for line in drafted
            for key in [(line.number, line.service_date, line.code)]
        ]
        for claim in planned.claims:
            payer = claim.coverage.payer_name, claim.coverage.member_id
            for each in claim.lines:
                line = StandingLine(
                    TO_DRAFT,
                    *payer,
                    each.service_date,
                    each.code,
                    each.minutes,
                    each.quantity,
                    each.fee_cents,
                )
                of_line = [unclaimed[activity_id] for activity_id in each.activity_ids]
                lines.append(billing_line(self.desk, line, of_line))
                billed += of_line
        left_out = tuple((unclaimed[activity_id], why) for activity_id, why in planned.left_out)
        return PatientMonth(patient_id, tuple(lines), left_out, planned.words, tuple(billed))


def billing_line(
    desk: Desk, line: StandingLine, of_line: Sequence[ActivityRow], answer: LineAnswer = NO_ANSWER
) -> BillingLine:
    """A line with whose it is, who did its work, and what became of it."""
    who = of_line[0]
    birth_date = date.fromisoformat(who.birth_date)
    return BillingLine(
        claim_number=line.number,
        patient=who.patient,
        initials=initials(who.last_name, who.first_name),
        birth_date=birth_date,
        birth_year=birth_date.year,
        chart_number=who.chart_number,
        payer=line.payer,
        member_id=line.member_id,
        service_date=date.fromisoformat(line.service_date),
        code=line.code,
        code_title=desk.codes.title(line.code),
        minutes=line.minutes,
        quantity=line.quantity,
        fee_cents=line.fee_cents,
        charge_cents=line.quantity * line.fee_cents,
        staff=", ".join(dict.fromkeys(row.staff_name for row in of_line)),
        activities=len(of_line),
        late_from=who.late_from,
        **answer._asdict(),
    )
