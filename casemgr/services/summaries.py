"""What a claim's documentation says, from signed records; the same whenever the record is the same."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.checklist import FROM_CASE, OUTCOMES, by_activities, by_case
from casemgr.core.dates import format_us
from casemgr.core.history import changes
from casemgr.core.ids import short
from casemgr.core.methods import method_label
from casemgr.core.minutes import format_minutes
from casemgr.core.narrative import REMARKS_LIMIT, Told, narrative, remark, remarks_text
from casemgr.core.records import Activity, Case, Patient, Staff
from casemgr.core.rows import ActivityFilter
from casemgr.core.summary import (
    ClaimSummary,
    ShownActivity,
    ShownCase,
    ShownCheck,
    ShownLine,
    ShownPatient,
    ShownPractice,
)
from casemgr.core.text import canonical_json
from casemgr.core.workdays import LONG_DAY_MINUTES
from casemgr.services.kept_rules import rules_of
from casemgr.services.oddities import overlaps
from casemgr.services.replaced_claims import replaced
from casemgr.store.ledger import history, last_change, witness
from casemgr.store.reads.activities import totals
from casemgr.store.reads.follow_ups import follow_ups
from casemgr.store.reads.records import as_of, load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from casemgr.core.billing import Claim, ClaimLine
    from casemgr.core.checklist import Met
    from casemgr.core.kinds import Kind
    from casemgr.services.desk import Desk


def summary_of(desk: Desk, claim: Claim) -> ClaimSummary:
    """Everything that the documentation of a claim shows.

    The caller holds a snapshot, so that claim, log and witness are of one moment.
    """
    records = records_of(desk, claim)
    patient = load(desk.store, Patient, claim.patient_id)
    case = load(desk.store, Case, claim.case_id) if claim.case_id else None
    lines = {each: line for line in claim.lines for each in line.activity_ids}
    codes = {each: line.code for each, line in lines.items()}
    first, last = service_span(claim, records)
    assert patient is not None
    printed, at = witness(desk.store)
    author = load(desk.store, Staff, last_change(desk.store))
    return ClaimSummary(
        practice=shown_practice(desk),
        patient=shown_patient(patient),
        claim_number=claim.number,
        status="voided" if claim.voided else "",
        payer=claim.payer_name,
        member_id=claim.member_id,
        first_service=date.fromisoformat(first),
        last_service=date.fromisoformat(last),
        case=shown_case(desk, case, drafted_at(desk, claim)) if case else None,
        lines=tuple(
            ShownLine(
                service_date=date.fromisoformat(line.service_date),
                code=line.code,
                title=desk.codes.title(line.code),
                minutes=line.minutes,
                quantity=line.quantity,
                fee_cents=line.fee_cents,
                charge_cents=line.charge_cents,
            )
            for line in claim.lines
        ),
        activities=tuple(shown_activity(desk, record, lines.get(record.id)) for record in records),
        narrative=narrative(told(desk, records)),
        checklist=checklist(desk, claim, case, records),
        warnings=(*notices(claim), *replaced(desk, claim)),
        advice=advice(desk, claim, records, codes),
        witness=printed,
        witnessed_at=at,
        prepared_on=desk.local(at).date(),
        prepared_by=named(author) if author else "",
        content_digest=wording(desk, claim, records),
    )


def shown_practice(desk: Desk) -> ShownPractice:
    """The letterhead of whatever is printed."""
    own = desk.practice
    return ShownPractice(name=own.name, address=own.address, phone=own.phone, npi=own.npi, tax_id=own.tax_id)


def shown_patient(patient: Patient) -> ShownPatient:
    """Who a paper is about."""
    return ShownPatient(
        name=patient.display_name,
        birth_date=date.fromisoformat(patient.birth_date),
        chart_number=patient.chart_number,
        language=patient.language,
    )


def records_of(desk: Desk, claim: Claim) -> list[Activity]:
    """A claim's activities from their after-images, by service date and start, else as they were entered."""
    wanted = (each for line in claim.lines for each in line.activity_ids)
    found = [record for each in wanted if (record := load(desk.store, Activity, each)) is not None]
    # Those entered at once, such as an import's, stay in the order of their lines, which is the log's.
    return sorted(found, key=lambda record: (record.service_date, record.start, record.entered_at))


def service_span(claim: Claim, records: list[Activity]) -> tuple[str, str]:
    """First and last ISO date; work that is paid by the month may lie before and after its line."""
    days = [*(line.service_date for line in claim.lines), *(record.service_date for record in records)]
    return min(days), max(days)


def remarks_of(desk: Desk, claim: Claim) -> str:
    """A claim in at most 400 characters, for a remarks box: its sums, then the activities that fit.

    What the payer wants every claim to say stands before all.
    """
    records = records_of(desk, claim)
    first, last = map(format_us, service_span(claim, records))
    when = first if first == last else f"{first} to {last}"
    many = "1 entry" if len(records) == 1 else f"{len(records)} entries"
    sums = f"Case management, {when}: {many}, {claim.minutes} min."
    return remarks_text(
        [
            *rules_of(desk, claim).remarks,
            sums,
            *(remark(desk.kinds.kept(record.kind), record) for record in records),
        ],
        REMARKS_LIMIT,
    )


def told(desk: Desk, records: list[Activity]) -> list[Told]:
    """Activities with what their sentences need."""
    found = []
    for record in records:
        who = staff_then(desk, record, record.staff)
        found.append(Told(desk.kinds.kept(record.kind), record, who.name, who.credential))
    return found


def drafted_at(desk: Desk, claim: Claim) -> int:
    """The instant at which a claim was drafted."""
    return history(desk.store, "claim", claim.id)[0].at


def shown_case(desk: Desk, case: Case, drafted: int) -> ShownCase:
    """A case as the page shows it; what was changed since the claim was drafted is labelled."""
    return ShownCase(
        opened_on=date.fromisoformat(case.opened_on),
        complaint=case.complaint,
        findings=case.findings,
        barriers=tuple(map(desk.reasons.barrier_text, case.barriers)),
        supplementary=case.supplementary,
        plan=case.plan,
        consent=case.consent,
        treating_dentist=case.treating_dentist,
        treating_dentist_npi=case.treating_dentist_npi,
        labels=tuple(amendments(desk, "case", case.id, {}, since=drafted)),
    )


def shown_activity(desk: Desk, record: Activity, line: ClaimLine | None) -> ShownActivity:
    """An activity as the page shows it, with its labels; staff as they were when they signed."""
    kind = desk.kinds.kept(record.kind)
    outcome = kind.outcome(record.outcome)
    who = staff_then(desk, record, record.staff)
    signer = staff_then(desk, record, record.signed_by) if record.signed_by else None
    signed = named(signer) if signer else ""
    if signer and record.source and signer.id != who.id:
        # Whoever takes a log over vouches for the copy, not for having done the work.
        signed = f"{signed}, for {who.name}, copied from the practice's log"
    return ShownActivity(
        service_date=date.fromisoformat(record.service_date),
        kind=kind.title,
        minutes=record.minutes,
        staff=who.name,
        outcome=outcome.label if outcome else record.outcome,
        start=record.start,
        code=line.code if line else "",
        line_date=date.fromisoformat(line.service_date)
        if line and line.service_date != record.service_date
        else None,
        credential=who.credential,
        method=method_label(record.method),
        contacted=record.contacted,
        reason=record.reason,
        details=kind.details(record.fields),
        outcome_words=record.outcome_words,
        response=record.response,
        next_step=record.next_step,
        note=record.note,
        signed_by=signed,
        signed_on=desk.local(record.signed_at).date() if record.signed_at else None,
        labels=labels(desk, record, kind),
    )


def staff_then(desk: Desk, record: Activity, login: str) -> Staff:
    """A member of staff as they were when an activity was signed, or entered as a draft."""
    found = as_of(desk.store, Staff, login, record.signed_at or record.entered_at) or load(
        desk.store, Staff, login
    )
    return found or Staff(id=login, name=login)


def named(member: Staff) -> str:
    """Name and credential."""
    return f"{member.name}, {member.credential}" if member.credential else member.name


def labels(desk: Desk, record: Activity, kind: Kind) -> tuple[str, ...]:
    """Late entry, late signing, who entered it, origin and amendments, as the record's rules ask.

    The CMS Program Integrity Manual asks that each is marked, dated, with its author, the original kept.
    """
    found = []
    if record.late_days:
        found.append(f"LATE ENTRY, {days(record.late_days)}")
    if record.signed_at:
        waited = (desk.local(record.signed_at).date() - date.fromisoformat(record.service_date)).days
        if waited > record.late_days:
            found.append(f"SIGNED LATE, {days(waited)} after the service date")
    if record.source:
        source = record.source
        found.append(f"Copied from the practice's log {source.file}, {source.sheet}, row {source.row}")
    elif record.entered_by != record.staff:
        found.append(f"Entered by {named(staff_then(desk, record, record.entered_by))}")
    return (
        *found,
        *amendments(desk, "activity", record.id, {field.name: field.label for field in kind.fields}),
    )


def days(count: int) -> str:
    """`1 day`, `12 days`."""
    return "1 day" if count == 1 else f"{count} days"


def amendments(
    desk: Desk, entity: str, entity_id: str, names: Mapping[str, str], since: int = 0
) -> list[str]:
    """Each change of a record since it was made: when, by whom, why, and what it said before.

    One that was undone changed nothing, and is left out; one that was redone counts as of when it was made.

    Args:
        desk: the open practice.
        entity: activity or case.
        entity_id: its id.
        names: what people call its own fields.
        since: only what was changed after this instant.
    """
    found: list[Amendment] = []
    taken: list[Amendment] = []
    before = ""
    for entry in history(desk.store, entity, entity_id):
        if entry.action in {"amend", "edit"} and entry.at > since:
            author = as_of(desk.store, Staff, entry.staff, entry.at)
            told = "; ".join(
                f"{called(change.field, names)} was {change.before or 'empty'}, now {change.after or 'empty'}"
                for change in changes(before, entry.body)
                if change.field not in INTERNAL
            )
            draft = entity == "activity" and not json.loads(before)["signed_at"]
            why = entry.reason or ("before signing" if draft else "")
            who = f"{named(author) if author else entry.staff}{f': {why}' if why else ''}"
            on = format_us(desk.local(entry.at).date())
            found.append(Amendment(before, entry.body, f"AMENDED {on} by {who} ({told})"))
        elif entry.action == "undo":
            while found and found[-1].before == entry.body:
                taken.append(found.pop())
        elif entry.action == "redo":
            again = [each for each in taken if (each.before, each.after) == (before, entry.body)]
            found += again[-1:]
        before = entry.body
    return [each.label for each in found]


class Amendment(NamedTuple):
    """A change as its label tells it, with the after-images on both sides."""

    before: str
    after: str
    label: str


INTERNAL = frozenset({"id", "case_id", "patient_id", "status", "signed_by"})
"""Fields that say nothing to a reader."""


def called(field: str, names: Mapping[str, str]) -> str:
    """What people call a field."""
    own = field.removeprefix("fields.")
    return names.get(own, own).lower() if own != field else field.replace("_", " ")


def checklist(desk: Desk, claim: Claim, case: Case | None, records: list[Activity]) -> tuple[ShownCheck, ...]:
    """The documentation checklist of the claim's first code: each point with what meets it or is missing."""
    code = desk.codes.find(claim.lines[0].code)
    found = []
    for item in code.checklist if code else ():
        if item.id in FROM_CASE:
            met, evidence = by_case(case, item.id)
        elif item.id == OUTCOMES:
            met, evidence = outcomes_stated(desk, records)
        else:
            met, evidence = False, "To be confirmed by the treating dentist"
        found.append(ShownCheck(id=item.id, text=item.text, satisfied=met, evidence=evidence))
    return tuple(found)


def outcomes_stated(desk: Desk, records: list[Activity]) -> Met:
    """Whether the activities say what came of them, and what follows."""
    told = sum(1 for record in records if record.outcome_words)
    return by_activities(len(records), told, sum(not lacks_follow_up(desk, record) for record in records))


def lacks_follow_up(desk: Desk, record: Activity) -> bool:
    """Whether an activity names neither a next step nor a follow-up."""
    return not record.next_step and not follow_ups(desk.store, open_only=False, activity_id=record.id)


def notices(claim: Claim) -> tuple[str, ...]:
    """What whoever reads a claim must not overlook, on its every paper."""
    if not claim.amendment_owed:
        return ()
    since = f" on {format_us(claim.submissions[-1].sent_on)}" if claim.submissions else ""
    return (f"AMENDED CLAIM OWED: the log changed after the claim was sent{since}",)


def advice(desk: Desk, claim: Claim, records: list[Activity], codes: dict[str, str]) -> tuple[str, ...]:
    """What the practice should look at before it sends a claim, each once."""
    found = [
        desk.kinds.kept(record.kind).warning_for(codes[record.id]) for record in records if record.id in codes
    ]
    payer = rules_of(desk, claim)
    if payer.synthetic:
        found.append(
            f"The fees of {payer.name} are made-up examples: put the practice's own into its payer file."
        )
    found += [
        f"No fee is set for {line.code}: it is charged $0.00." for line in claim.lines if not line.fee_cents
    ]
    mine = {record.id for record in records}
    for login, day in sorted({(record.staff, record.service_date) for record in records}):
        wanted = ActivityFilter(first=day, last=day, staff=login)
        minutes = totals(desk.store, wanted)[1]
        if minutes > LONG_DAY_MINUTES:
            found.append(f"{login} has {format_minutes(minutes)} on {format_us(day)}.")
        found += [
            f"{login}'s activities {short(one.first)} and {short(one.second)} on {format_us(day)} share "
            f"{one.minutes} minutes."
            for one in overlaps(desk, wanted)
            if one.first in mine or one.second in mine
        ]
    return tuple(dict.fromkeys(text for text in found if text))


def advice_on(desk: Desk, claims: Iterable[Claim]) -> list[str]:
    """What to look at before sending some claims, each once, with the first claim that it is about."""
    found: dict[str, str] = {}
    for claim in claims:
        records = records_of(desk, claim)
        codes = {each: line.code for line in claim.lines for each in line.activity_ids}
        for text in advice(desk, claim, records, codes):
            found.setdefault(text, claim.number)
    return [f"{number}: {text}" for text, number in found.items()]


def wording(desk: Desk, claim: Claim, records: list[Activity]) -> str:
    """SHA-256 over everything that words the page and is not in the ledger: kinds, codes and payer rules."""
    kinds = sorted({record.kind for record in records})
    codes = sorted({line.code for line in claim.lines})
    said = {
        "kinds": [desk.kinds.kept(kind).model_dump(mode="json") for kind in kinds],
        "codes": [found.model_dump(mode="json") for code in codes if (found := desk.codes.find(code))],
        "payer": claim.payer_rules,
    }
    return sha256(canonical_json(said).encode()).hexdigest()
