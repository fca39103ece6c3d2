"""A patient as one page: who, what stands in the way, who pays, what is documented, claimed, due and done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from casemgr.core.billing import Claim
from casemgr.core.checklist import OUTCOMES, OUTCOMES_TITLE, by_activities
from casemgr.core.claim_life import UNSENT
from casemgr.core.claims import coverage_on
from casemgr.core.dates import Month
from casemgr.core.due import aged
from casemgr.core.rows import ActivityFilter
from casemgr.services.benefits import authorizations, verifications
from casemgr.services.cases import Point, checklist
from casemgr.services.changes import pulse
from casemgr.services.claim_money import account_of
from casemgr.services.log_view import log_keys, log_rows
from casemgr.services.patients import age_on, ref_of, the_patient
from casemgr.store.reads.activities import totals
from casemgr.store.reads.benefits import attachments_of
from casemgr.store.reads.claims import claim_rows
from casemgr.store.reads.documented import said_in_case
from casemgr.store.reads.follow_ups import follow_ups
from casemgr.store.reads.patients import cases, coverages_of
from casemgr.store.reads.picking import namesakes_of
from casemgr.store.reads.records import load

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from casemgr.core.billing import Attachment, Verification
    from casemgr.core.due import Aged
    from casemgr.core.people import PatientRef
    from casemgr.core.records import Case, Coverage, Patient
    from casemgr.core.rows import ClaimRow
    from casemgr.services.benefits import UsedAuthorization
    from casemgr.services.changes import Pulse
    from casemgr.services.desk import Desk
    from casemgr.services.log_view import LogKeys
    from casemgr.services.today import DayRow

NEWEST = 200
"""So many activities come with the page; what is older is read when somebody scrolls there."""


class Cover(NamedTuple):
    """A coverage, and how it stands today."""

    coverage: Coverage
    state: Literal["billed", "in force", "ahead", "ended"]
    """`billed` is the one in force that today's work goes to; others in force stand behind it."""


class Balance(NamedTuple):
    """What is still open of a claim, in cents."""

    insurer_cents: int
    patient_cents: int
    """Negative where the patient paid too much."""


class DocumentedCase(NamedTuple):
    """An episode of case management with what a payer asks to see of it."""

    case: Case
    barriers: tuple[str, ...]
    """Each as words, with its ICD-10-CM code in front where it has one."""
    checklist: tuple[Point, ...]
    """Four points that the case documents, and `outcomes`, which its activities do."""
    evidence: str
    """What its activities say of what came of them, counted in words."""
    activities: int
    """How many it has that are not voided."""

    @property
    def missing(self) -> tuple[Point, ...]:
        """The points that are not met yet."""
        return tuple(point for point in self.checklist if not point.present)


@dataclass(frozen=True, slots=True)
class PatientPage:
    """All that a patient's page shows, of one moment. Minutes are raw, money is in cents."""

    patient: Patient
    """Name, birth date, chart number, gender, language, phone, address."""
    pulse: Pulse
    age: int
    """In whole years, today."""
    namesakes: tuple[PatientRef, ...]
    """Other patients with the same words in the name, by birth date."""
    coverages: tuple[Cover, ...]
    """The one that is billed first, then the others in force, those to come, and those that have ended."""
    cases: tuple[DocumentedCase, ...]
    """The open one first, then the newest."""
    claims: tuple[ClaimRow, ...]
    """The newest month first, voided ones included."""
    balances: Mapping[str, Balance]
    """By number, of the claims of which somebody owes something."""
    verifications: tuple[Verification, ...]
    """What payers said about benefits, the newest first."""
    authorizations: tuple[UsedAuthorization, ...]
    """By their last day."""
    attachments: tuple[Attachment, ...]
    """Files, those of the claims included, as they came."""
    follow_ups: tuple[Aged, ...]
    """Those still to be done, by due date."""
    month: Month
    activities: int
    """How many the month has."""
    minutes: int
    timeline: LogKeys
    """Every activity, newest first; `log_rows` reads those that `newest` has not."""
    newest: tuple[DayRow, ...]
    """The first NEWEST of the timeline."""

    @property
    def open_case(self) -> DocumentedCase | None:
        """The case that is open, if there is one."""
        return next((one for one in self.cases if not one.case.closed_on), None)

    @property
    def barriers(self) -> tuple[str, ...]:
        """What stands in the way, as the open case says."""
        return self.open_case.barriers if self.open_case else ()


def patient_page(
    desk: Desk, patient_id: str, month: Month | None = None, include_voided: bool = False
) -> PatientPage:
    """A patient's page as it stands now.

    Args:
        desk: the open practice.
        patient_id: a whole id.
        month: whose minutes are summed; the present one unless said.
        include_voided: whether voided activities stand in the timeline.

    Raises:
        NotFound: there is no such patient, or they were withdrawn.
    """
    with desk.store.snapshot():
        now = pulse(desk)
        patient = the_patient(desk, patient_id)
        month = month or Month.of(now.today)
        of_month = ActivityFilter(month.first.isoformat(), month.last.isoformat(), patient_id=patient_id)
        count, minutes = totals(desk.store, of_month)
        keys = log_keys(
            desk, ActivityFilter(patient_id=patient_id, include_voided=include_voided, newest_first=True)
        )
        rows = log_rows(desk, keys.ids[:NEWEST])
        held = sorted(cases(desk.store, patient_id), key=lambda case: bool(case.closed_on))
        claims = claim_rows(desk.store, patient_id=patient_id, include_voided=True)
        return PatientPage(
            patient=patient,
            pulse=now,
            age=age_on(patient.birth_date, now.today),
            namesakes=tuple(namesakes_of(desk.store, ref_of(patient))),
            coverages=covers(coverages_of(desk.store, patient_id), now.today),
            cases=tuple(documented(desk, case) for case in held),
            claims=tuple(sorted(claims, key=lambda row: (row.month, row.number), reverse=True)),
            balances=balances(desk, claims),
            verifications=tuple(verifications(desk, patient_id)),
            authorizations=tuple(authorizations(desk, patient_id)),
            attachments=tuple(attachments_of(desk.store, patient_id=patient_id)),
            follow_ups=tuple(aged(row, now.today) for row in follow_ups(desk.store, patient_id=patient_id)),
            month=month,
            activities=count,
            minutes=minutes,
            timeline=keys,
            newest=tuple(rows[each] for each in keys.ids[:NEWEST]),
        )


def balances(desk: Desk, rows: list[ClaimRow]) -> dict[str, Balance]:
    """What is open of the claims that were sent, by number."""
    found = {}
    for row in rows:
        if row.voided or row.status in UNSENT:
            continue
        claim = load(desk.store, Claim, row.id)
        assert claim is not None
        money = account_of(desk, claim).money
        if money.insurer_cents or money.patient_balance_cents:
            found[row.number] = Balance(money.insurer_cents, money.patient_balance_cents)
    return found


def covers(held: list[Coverage], today: date) -> tuple[Cover, ...]:
    """Coverages as they stand today; within a state the one that began last comes first."""
    day = today.isoformat()
    billed = coverage_on(held, day)

    def state(coverage: Coverage) -> Literal["billed", "in force", "ahead", "ended"]:
        if coverage is billed:
            return "billed"
        if coverage_on([coverage], day):
            return "in force"
        return "ahead" if coverage.valid_from > day else "ended"

    order = ("billed", "in force", "ahead", "ended")
    return tuple(sorted((Cover(each, state(each)) for each in held), key=lambda one: order.index(one.state)))


def documented(desk: Desk, case: Case) -> DocumentedCase:
    """A case with its barriers in words and its checklist."""
    said = said_in_case(desk.store, case.patient_id, case.id)
    outcomes = by_activities(*said)
    return DocumentedCase(
        case,
        tuple(map(desk.reasons.barrier_text, case.barriers)),
        (*checklist(case), Point(OUTCOMES, OUTCOMES_TITLE, outcomes.met)),
        outcomes.evidence,
        said.activities,
    )
