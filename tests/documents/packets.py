"""Made-up packets for the tests and benchmarks of printed documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from casemgr.core.packet import (
    Enclosure,
    Packet,
    ShownAuthorization,
    ShownChange,
    ShownRecord,
    ShownStep,
    ShownVerification,
)
from tests.documents.summaries import claim

if TYPE_CHECKING:
    from casemgr.core.summary import ClaimSummary, ShownActivity

CONTROL_NUMBER = "K7Q2-2026-0142-A1"
VERIFICATION = ShownVerification(
    verified_on=date(2026, 9, 28),
    verified_by="Marisol Rivera, CDHC",
    payer="Sunrise Medicaid Dental",
    member_id="SYN4410231",
    contacted="Denise, provider line",
    method="Telephone",
    reference="REF-88213",
    answer="Case management is a benefit, three a year; no authorization needed for D9992.",
    details=(("Case management covered", "Yes"), ("Codes asked about", "D9991, D9992")),
)
AUTHORIZATION = ShownAuthorization(
    number="PA-2026-5521",
    payer="Sunrise Medicaid Dental",
    codes=("D9991",),
    first=date(2026, 10, 1),
    last=date(2026, 12, 31),
    units="6, of which 2 used",
    details=(("Note", "given by phone, letter follows"),),
)


def record(activity: ShownActivity, at: int = 0) -> ShownRecord:
    """An activity in full, entered, signed and amended."""
    day = activity.service_date
    return ShownRecord(
        service_date=day,
        kind=activity.kind,
        code=activity.code,
        fields=(
            ("Date of service", f"{day:%m/%d/%Y}"),
            ("Minutes", str(activity.minutes)),
            ("Staff", activity.staff),
            ("Contacted", activity.contacted),
            *activity.details,
            ("Outcome", activity.outcome),
            ("Outcome as written", activity.outcome_words or activity.outcome),
            ("Note", activity.note or "no note"),
        ),
        empty=("Reason", "Patient's response"),
        labels=activity.labels,
        steps=(
            ShownStep(
                at=datetime(day.year, day.month, day.day, 10, 42, tzinfo=UTC),
                by=f"{activity.staff}, {activity.credential}",
                did="entered",
                entry=f"K7Q2:{at + 7} 3f1d90aa",
            ),
            ShownStep(
                at=datetime(2026, 10, 31, 16, 5, tzinfo=UTC),
                by="Tam Chen",
                did="amended",
                why="second call was left out",
                changes=(
                    ShownChange(field="Minutes", before="20", after=str(activity.minutes)),
                    ShownChange(field="Response", before="", after="Mother agreed by phone."),
                ),
                entry=f"K7Q2:{at + 90} 71c204be",
            ),
        ),
    )


def enclosure(content: bytes, name: str, media_type: str, what: str = "Referral letter") -> Enclosure:
    """An attached file."""
    digest = sha256(content).hexdigest()
    return Enclosure(name=name, media_type=media_type, sha256=digest, content=content, what=what)


def packet(*enclosures: Enclosure, summary: ClaimSummary | None = None, **changes: Any) -> Packet:
    """A packet of a claim (by default with three activities) with these attached files."""
    about = summary or claim()
    made = Packet(
        summary=about,
        control_number=CONTROL_NUMBER,
        zone="America/Chicago",
        status="submitted 11/02/2026",
        notices=("AMENDED CLAIM OWED: the log changed on 11/10/2026, after the claim was sent",),
        remarks="Case management, 10/05/2026 to 10/19/2026: 3 entries, 65 min.",
        records=tuple(record(activity, at) for at, activity in enumerate(about.activities)),
        verifications=(VERIFICATION,),
        authorizations=(AUTHORIZATION,),
        enclosures=enclosures,
    )
    return replace(made, **changes)
