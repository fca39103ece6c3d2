"""What a claim's documentation says, from signed records; the same whenever the record is the same."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from casemgr.core.dates import format_us
from casemgr.core.history import changes
from casemgr.core.methods import method_label
from casemgr.core.narrative import REMARKS_LIMIT, Told, narrative, remark, remarks_text
from casemgr.core.records import Activity, Case, Patient
from casemgr.core.summary import (
    ClaimSummary,
    ShownActivity,
    ShownCase,
    ShownCheck,
    ShownLine,
    ShownPatient,
    ShownPractice,
)
from casemgr.services.claims import activities_of
from casemgr.store.ledger import history, last_change, witness
from casemgr.store.reads.records import all_staff, load

if TYPE_CHECKING:
    from casemgr.core.records import Claim, Staff
    from casemgr.core.rows import ActivityRow
    from casemgr.services.desk import Desk

FROM_CASE = ("complaint", "findings", "supplementary", "plan")
"""Points of the checklist that the case documents, by the name of its field."""


def summary_of(desk: Desk, claim: Claim) -> ClaimSummary:
    """Everything that the documentation of a claim shows.

    The caller holds a snapshot, so that claim, log and witness are of one moment.
    """
    rows = activities_of(desk, claim)
    staff = {member.id: member for member in all_staff(desk.store)}
    patient = load(desk.store, Patient, claim.patient_id)
    case = load(desk.store, Case, claim.case_id) if claim.case_id else None
    codes = {each: line.code for line in claim.lines for each in line.activity_ids}
    whole = [record for row in rows if (record := load(desk.store, Activity, row.id)) is not None]
    assert patient is not None
    printed, at = witness(desk.store)
    author = staff.get(last_change(desk.store))
    return ClaimSummary(
        practice=ShownPractice(
            name=desk.practice.name,
            address=desk.practice.address,
            phone=desk.practice.phone,
            npi=desk.practice.npi,
            tax_id=desk.practice.tax_id,
        ),
        patient=ShownPatient(
            name=patient.display_name,
            birth_date=date.fromisoformat(patient.birth_date),
            chart_number=patient.chart_number,
            language=patient.language,
        ),
        claim_number=claim.number,
        status="voided" if claim.voided else claim.status,
        payer=claim.payer_name,
        member_id=claim.member_id,
        first_service=date.fromisoformat(claim.lines[0].service_date),
        last_service=date.fromisoformat(claim.lines[-1].service_date),
        case=shown_case(case) if case else None,
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
        activities=tuple(shown_activity(desk, row, codes.get(row.id, ""), staff) for row in rows),
        narrative=narrative(told(desk, whole, staff)),
        checklist=checklist(desk, claim, case, rows),
        warnings=warnings(desk, rows, codes),
        witness=printed,
        witnessed_at=at,
        prepared_on=desk.local(at).date(),
        prepared_by=named(author) if author else "",
    )


def remarks_of(desk: Desk, claim: Claim) -> str:
    """A claim in at most 400 characters, for a remarks box: whole sentences, or whole words."""
    rows = activities_of(desk, claim)
    records = [record for row in rows if (record := load(desk.store, Activity, row.id)) is not None]
    return remarks_text([remark(desk.kinds.kept(record.kind), record) for record in records], REMARKS_LIMIT)


def told(desk: Desk, records: list[Activity], staff: dict[str, Staff]) -> list[Told]:
    """Activities with what their sentences need."""
    return [
        Told(
            desk.kinds.kept(record.kind),
            record,
            staff[record.staff].name if record.staff in staff else record.staff,
            staff[record.staff].credential if record.staff in staff else "",
        )
        for record in records
    ]


def shown_case(case: Case) -> ShownCase:
    """A case as the page shows it."""
    return ShownCase(
        opened_on=date.fromisoformat(case.opened_on),
        complaint=case.complaint,
        findings=case.findings,
        barriers=case.barriers,
        supplementary=case.supplementary,
        plan=case.plan,
        consent=case.consent,
        treating_dentist=case.treating_dentist,
        treating_dentist_npi=case.treating_dentist_npi,
    )


def shown_activity(desk: Desk, row: ActivityRow, code: str, staff: dict[str, Staff]) -> ShownActivity:
    """An activity as the page shows it, with its labels."""
    kind = desk.kinds.kept(row.kind)
    outcome = kind.outcome(row.outcome)
    signer = staff.get(row.signed_by)
    record = load(desk.store, Activity, row.id)
    return ShownActivity(
        service_date=date.fromisoformat(row.service_date),
        kind=kind.title,
        minutes=row.minutes,
        staff=row.staff_name,
        outcome=outcome.label if outcome else row.outcome,
        start=row.start,
        code=code,
        credential=row.credential,
        method=method_label(row.method),
        contacted=row.contacted,
        reason=row.reason,
        details=kind.details(json.loads(row.fields)),
        outcome_words=row.outcome_words,
        response=row.response,
        next_step=row.next_step,
        note=row.note,
        signed_by=named(signer) if signer else row.signed_by,
        signed_on=desk.local(record.signed_at).date() if record and record.signed_at else None,
        labels=labels(desk, row),
    )


def named(member: Staff) -> str:
    """Name and credential."""
    return f"{member.name}, {member.credential}" if member.credential else member.name


def labels(desk: Desk, row: ActivityRow) -> tuple[str, ...]:
    """Late entry, origin and amendments, as the record's rules ask them to be labelled.

    The CMS Program Integrity Manual asks that each is marked, dated, with its author, the original kept.
    """
    found = []
    if row.late_days:
        found.append(f"LATE ENTRY, {row.late_days} day{'s' if row.late_days > 1 else ''}")
    if row.source:
        source = json.loads(row.source)
        found.append(
            f"Copied from the practice's log {source['file']}, {source['sheet']}, row {source['row']}"
        )
    return (*found, *amendments(desk, row.id))


def amendments(desk: Desk, activity_id: str) -> list[str]:
    """Each amendment that holds: when, by whom, why, what it changed. One that was undone changed nothing."""
    found: list[tuple[str, str]] = []
    before = ""
    for entry in history(desk.store, "activity", activity_id):
        if entry.action == "amend":
            on = format_us(desk.local(entry.at).date())
            differences = "; ".join(
                f"{change.field.replace('_', ' ')} was {change.before or 'empty'}, "
                f"now {change.after or 'empty'}"
                for change in changes(before, entry.body)
            )
            why = entry.reason or "before signing"
            found.append((before, f"AMENDED {on} by {entry.staff}: {why} ({differences})"))
        elif entry.action == "undo":
            while found and found[-1][0] == entry.body:
                found.pop()
        before = entry.body
    return [label for _, label in found]


def checklist(desk: Desk, claim: Claim, case: Case | None, rows: list[ActivityRow]) -> tuple[ShownCheck, ...]:
    """The documentation checklist of the claim's first code: each point with what meets it or is missing."""
    code = desk.codes.find(claim.lines[0].code)
    found = []
    for item in code.checklist if code else ():
        if item.id in FROM_CASE:
            text = getattr(case, item.id) if case else ""
            met = bool(text)
            missing = "The case does not say it" if case else "No case was open"
            found.append(
                ShownCheck(id=item.id, text=item.text, satisfied=met, evidence=text if met else missing)
            )
        elif item.id == "outcomes":
            without = [row for row in rows if not row.outcome_words]
            evidence = (
                f"{len(rows)} of {len(rows)} activities state what came of them"
                if not without
                else f"{len(without)} of {len(rows)} activities do not state what came of them"
            )
            found.append(ShownCheck(id=item.id, text=item.text, satisfied=not without, evidence=evidence))
        else:
            found.append(
                ShownCheck(
                    id=item.id,
                    text=item.text,
                    satisfied=False,
                    evidence="To be confirmed by the treating dentist",
                )
            )
    return tuple(found)


def warnings(desk: Desk, rows: list[ActivityRow], codes: dict[str, str]) -> tuple[str, ...]:
    """Where a code on the claim is not the one that the code set names for that work, each once."""
    found = (desk.kinds.kept(row.kind).warning_for(codes[row.id]) for row in rows if row.id in codes)
    return tuple(dict.fromkeys(text for text in found if text))
