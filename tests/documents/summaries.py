"""Made-up claims for the tests and benchmarks of printed documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from casemgr.core.ledger import Witness
from casemgr.core.summary import (
    ClaimSummary,
    ShownActivity,
    ShownCase,
    ShownCheck,
    ShownLine,
    ShownPatient,
    ShownPractice,
)

HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
CONTENT = "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9"
NOTE = (
    "Called the specialist's office twice; the first call was held for 12 minutes and cut off. The scheduler "
    "could not find the referral, so letter, panoramic image and medication list were faxed again. "
)

PRACTICE = ShownPractice(
    name="Riverside Community Dental",
    address="1200 River Road, Suite 4, Springfield, IL 62701",
    phone="(217) 555-0142",
    npi="1234567893",
    tax_id="37-1234567",
)
PATIENT = ShownPatient(
    name="Garcia, Ana", birth_date=date(2012, 4, 9), chart_number="1034", language="Spanish"
)
CASE = ShownCase(
    opened_on=date(2026, 9, 3),
    complaint="Pain lower right since August; missed two of three visits before the extraction of #17.",
    findings="Deep occlusal caries #17 with periapical radiolucency.",
    barriers=("Z59.82 transport insecurity", "mother works nights"),
    supplementary="Panoramic image of 08/27/2026 on file.",
    consent="Verbal consent by mother, 09/03/2026.",
    treating_dentist="Priya Patel, DDS",
    treating_dentist_npi="1987654321",
)
CHECKLIST = (
    ShownCheck(id="complaint", text="Complaint and history", satisfied=True, evidence="Case of 09/03/2026"),
    ShownCheck(id="plan", text="Plan with its rationale", satisfied=False, evidence="the case has no plan"),
)
REFERRAL = ShownActivity(
    service_date=date(2026, 10, 5),
    kind="Referral coordination",
    minutes=35,
    staff="Marisol Rivera",
    credential="CDHC",
    outcome="Packet sent",
    start="10:05",
    code="D9992",
    method="Telephone",
    contacted="Springfield Oral Surgery, front desk",
    details=(("Specialty", "Oral surgery"), ("Provider", "Dr. Okafor")),
    outcome_words="packet faxed, they call back",
    response="Mother agreed by phone.",
    next_step="Call back on 10/08 if no date is offered.",
    note="Records and pano faxed (12 pages).",
    signed_by="Marisol Rivera, CDHC",
    signed_on=date(2026, 10, 5),
)
VOICEMAIL = ShownActivity(
    service_date=date(2026, 10, 12),
    kind="Missed-visit outreach",
    minutes=5,
    staff="Marisol Rivera",
    credential="CDHC",
    outcome="Left voicemail",
    contacted="Mother",
    signed_by="Marisol Rivera, CDHC",
    signed_on=date(2026, 10, 12),
)
RIDE = ShownActivity(
    service_date=date(2026, 10, 19),
    kind="Transport assistance",
    minutes=25,
    staff="Tam Chen",
    outcome="No vehicle",
    start="14:20",
    code="D9991",
    method="Telephone",
    contacted="Access Ride",
    details=(("Trip number", "AR-55120"),),
    outcome_words="no vehicle, moved to 10/28",
    next_step="Confirm the ride on 10/26.",
    signed_by="Tam Chen",
    signed_on=date(2026, 10, 31),
    labels=(
        "LATE ENTRY, 12 days",
        "AMENDED 10/31/26 by Tam Chen: second call was left out; was 20 min, now 25 min",
        "Transcribed from log-2026-10.xlsx, Tam Chen, row 35",
    ),
)


def claim(*activities: ShownActivity, fee_cents: int = 1500, **changes: Any) -> ClaimSummary:
    """A claim over these activities (by default three), its lines by date and code."""
    shown = activities or (REFERRAL, VOICEMAIL, RIDE)
    billed: dict[tuple[date, str], int] = {}
    for activity in shown:
        if activity.code:
            key = (activity.service_date, activity.code)
            billed[key] = billed.get(key, 0) + activity.minutes
    summary = ClaimSummary(
        practice=PRACTICE,
        patient=PATIENT,
        claim_number="K7Q2-2026-0142",
        status="",
        payer="Sunrise Medicaid Dental",
        member_id="SYN4410231",
        first_service=shown[0].service_date,
        last_service=shown[-1].service_date,
        case=CASE,
        lines=tuple(
            ShownLine(
                service_date=day,
                code=code,
                title="Case management",
                minutes=minutes,
                quantity=1,
                fee_cents=fee_cents,
                charge_cents=fee_cents,
            )
            for (day, code), minutes in sorted(billed.items())
        ),
        activities=shown,
        narrative=tuple(
            f"On {a.service_date:%m/%d/%y} {a.staff} spent {a.minutes} minutes on {a.kind.lower()}; "
            f"outcome: {a.outcome_words or a.outcome}."
            for a in shown
        ),
        checklist=CHECKLIST,
        warnings=("This claim takes the place of K7Q2-2026-0141, voided on 10/30/2026: wrong payer",),
        advice=("D9991 is billed for work that the code set describes under D9992.",),
        witness=Witness("K7Q2", 123, HASH),
        witnessed_at=1_793_430_000_000_000,
        prepared_on=date(2026, 10, 31),
        prepared_by="Marisol Rivera, CDHC",
        content_digest=CONTENT,
    )
    return replace(summary, **changes)


def long_claim(activities: int = 40, seed: int = 0) -> ClaimSummary:
    """A busy month: activities through October with notes of none to six sentences."""
    kinds = (REFERRAL, replace(VOICEMAIL, code="D9991"), RIDE)
    return claim(
        *(
            replace(
                kinds[(i + seed) % 3],
                service_date=date(2026, 10, 1) + timedelta(days=i * 30 // activities),
                note=f"Call {seed}-{i}. " + NOTE * ((i + seed) % 4),
            )
            for i in range(activities)
        ),
        claim_number=f"K7Q2-2026-{seed:04}",
    )
