"""Made-up appeals for the tests of printed letters."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from casemgr.core.appeal import Appeal, DeniedLine, QuotedEntry, ShownPayer, ShownReason, UnquotedEntry
from casemgr.core.ledger import Witness
from tests.documents.summaries import HASH, PATIENT, PRACTICE

ENTRY = QuotedEntry(
    service_date=date(2026, 10, 5),
    kind="Referral coordination",
    minutes=35,
    author="Marisol Rivera, CDHC",
    entered_at=datetime(2026, 10, 5, 10, 42, tzinfo=UTC),
    signed_at=datetime(2026, 10, 5, 10, 42, tzinfo=UTC),
    said=(
        ("Contacted", "Springfield Oral Surgery, front desk, by phone"),
        ("Specialty", "Oral surgery"),
        ("Note", "Records and pano faxed (12 pages). The referral could not be found."),
        ("Outcome", "packet faxed, they call back"),
        ("Next step", "Call back on 10/08 if no date is offered."),
    ),
    code="D9992",
    entry="K7Q2:41 3f1d90aa",
)
RIDE = replace(
    ENTRY,
    service_date=date(2026, 10, 19),
    kind="Transport assistance",
    minutes=25,
    author="Tam Chen",
    entered_at=datetime(2026, 10, 19, 14, 50, tzinfo=UTC),
    signed_at=datetime(2026, 10, 19, 14, 50, tzinfo=UTC),
    said=(
        ("Vendor", "Access Ride"),
        ("Note", "No vehicle on the day; moved to 10/28."),
        ("Outcome", "moved"),
    ),
    code="D9991",
    labels=("AMENDED 10/20/2026 by Tam Chen: trip number (Trip number was empty, now AR-55120)",),
    entry="K7Q2:63 71c204be",
)


def appeal(*entries: QuotedEntry, **changes: Any) -> Appeal:
    """An appeal that quotes these entries (by default two)."""
    made = Appeal(
        practice=PRACTICE,
        patient=PATIENT,
        payer=ShownPayer(
            name="Sunrise Medicaid Dental",
            address=("Appeals and Grievances", "PO Box 4410", "Springfield, IL 62705"),
        ),
        claim_number="K7Q2-2026-0142",
        control_number="K7Q2-2026-0142-A1",
        payer_claim_number="2026-330-88172",
        member_id="SYN4410231",
        first_service=date(2026, 10, 5),
        last_service=date(2026, 10, 19),
        denied_on=date(2026, 11, 20),
        lines=(
            DeniedLine(
                service_date=date(2026, 10, 5),
                code="D9992",
                title="Case management: care coordination",
                charge_cents=4500,
                denied_cents=4500,
            ),
            DeniedLine(
                service_date=date(2026, 10, 19),
                code="D9991",
                title="Case management: barriers to appointments",
                charge_cents=3000,
                denied_cents=1200,
            ),
        ),
        denied_cents=5700,
        reasons=(
            ShownReason(code="CO-252", meaning="An attachment is needed to decide the claim", cents=5700),
            ShownReason(code="N706", meaning="Documentation is missing"),
        ),
        asked="Please reconsider this claim and pay the denied amount of $57.00.",
        argument="The documentation that was asked for is enclosed.",
        entries=entries or (ENTRY, RIDE),
        left_out=(
            UnquotedEntry(
                service_date=date(2026, 10, 12),
                kind="Missed-visit outreach",
                why="entered 12 days after the service",
            ),
        ),
        points=(
            ("Complaint and history", "Pain lower right since August; missed two of three visits."),
            ("Clinical findings", "Deep occlusal caries #17 with periapical radiolucency."),
            ("Plan and rationale", "Rides and reminders, so that the extraction takes place."),
        ),
        enclosures=("Claim packet K7Q2-2026-0142-A1", "Explanation of benefits of 11/20/2026"),
        treating_dentist="Priya Patel, DDS",
        treating_dentist_npi="1987654321",
        zone="America/Chicago",
        witness=Witness("K7Q2", 123, HASH),
        witnessed_at=1_795_330_000_000_000,
        dated_on=date(2026, 11, 22),
    )
    return replace(made, **changes)
