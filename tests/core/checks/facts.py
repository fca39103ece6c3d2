"""A claim in which nothing is missing, and short ways to take something away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from casemgr.core.billing import Authorization, Verification
from casemgr.core.checks import CHECKS
from casemgr.core.claim_facts import Asks, Authorized, Billed, ClaimFacts, House, Line, Work
from casemgr.core.codes import Codes
from casemgr.core.diagnoses import Diagnoses
from casemgr.core.kinds import Kinds
from casemgr.core.payer_rules import Rule
from casemgr.core.payers import Payer
from casemgr.core.reasons import Reasons
from casemgr.core.records import Case, Coverage, Patient, Practice, Staff
from casemgr.core.workdays import Slot, shift_of, staff_day
from casemgr.resources import load_toml_folder
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casemgr.core.findings import Finding

AS_OF = date(2026, 11, 2)
DAY = date(2026, 10, 5)
NEW_YORK = ZoneInfo("America/New_York")
NPI = "1234567893"
"""The example of the CMS: its check digit fits."""

CASE = Case(
    id="case",
    patient_id="patient",
    opened_on="2026-01-02",
    consent="Mother, 1/2/2026, on paper",
    complaint="Pain on the upper left since July",
    findings="Deep caries on 14 and 15",
    supplementary="Panoramic image of 9/3",
    plan="Extraction under sedation, since two visits failed",
    treating_dentist="Dana Lee, DDS",
    treating_dentist_npi=NPI,
)
COVERAGE = Coverage(
    id="coverage", patient_id="patient", payer="plan", payer_name="Plan", member_id="SYN1", valid_from=""
)
VERIFIED = Verification(
    id="verification",
    patient_id="patient",
    coverage_id="coverage",
    verified_on="2026-09-20",
    verified_by="mrivera",
    covered="yes",
)


@lru_cache
def house() -> House:
    """A practice on 11/2/2026 with everything that claims need of it."""
    kinds = Kinds.load(load_toml_folder("schema/activities", None))
    codes = Codes.load(load_toml_folder("schema/codes", None))
    table = ROOT / "schema" / "diagnoses" / "icd-10-cm.txt"
    return House(
        AS_OF,
        NEW_YORK,
        Practice(
            id="practice",
            name="Riverside",
            time_zone=str(NEW_YORK),
            owner="mrivera",
            npi=NPI,
            tax_id="00-0000000",
        ),
        {
            "mrivera": Staff(
                id="mrivera", name="Marisol Rivera", role="case manager", active_from="2020-01-01"
            ),
            "tchen": Staff(id="tchen", name="Tam Chen", credential="RDH", role="hygienist"),
        },
        {kind.kind: kind for kind in kinds},
        {code.code: code for code in codes},
        Reasons.load(load_toml_folder("schema/reasons", None)),
        Diagnoses(table.read_text("utf-8")),
    )


def plan(*rules: dict[str, Any], **more: Any) -> Payer:
    """A payer; each rule is about every code, was read this year, and says what is given beside."""
    made = [
        Rule.model_validate({"codes": ["*"], "source": "Manual", "verified_on": "2026-06-01", **rule})
        for rule in rules
    ]
    said = {
        "id": "plan",
        "digest": "d",
        "kept": "",
        "name": "Plan",
        "source": "Manual",
        "verified_on": "2026-06-01",
    }
    return Payer.model_validate({**said, "rule": made, **more})


def work(name: str = "w1", **more: Any) -> Work:
    """20 minutes of referral on 10/5 at 9:00, told whole."""
    said: dict[str, Any] = {
        "id": name,
        "kind": "referral",
        "staff": "mrivera",
        "service_date": DAY.isoformat(),
        "start": "09:00",
        "minutes": 20,
        "outcome": "booked",
        "outcome_words": "Booked for 10/28",
        "method": "phone",
        "contacted": "Front desk of the surgeon",
        "reason": "Consult before the extraction",
        "response": "",
        "next_step": "Confirm the ride",
        "note": f"Sent the packet and spoke with the scheduler about it, {name}",
        "fields": {"specialty": "oral_surgery", "provider": "Bayou OMS"},
        "status": "signed",
        "late_days": 0,
        "copied": False,
        "followed": False,
    }
    return Work(**{**said, **more})


def line(
    payer: Payer, day: date = DAY, code: str = "D9992", *of_line: Work, number: int = 1, **more: Any
) -> Line:
    """A line of $27.50 with one activity of its date, or those that are given."""
    done = of_line or (work(f"w{number}", service_date=day.isoformat()),)
    said: dict[str, Any] = {
        "number": number,
        "service_date": day,
        "day": day.isoformat(),
        "code": code,
        "minutes": sum(one.minutes for one in done),
        "quantity": 1,
        "fee_cents": 2750,
        "work": done,
        "asks": Asks(payer, code, day),
    }
    return Line(**{**said, **more})


def facts(payer: Payer | None = None, *lines: Line, **more: Any) -> ClaimFacts:
    """A claim in which nothing is missing, but for what is said otherwise."""
    rules = payer or plan()
    made = lines or (line(rules),)
    said: dict[str, Any] = {
        "house": house(),
        "claim_id": "claim",
        "number": "K7Q2-2026-0002",
        "status": "draft",
        "month": "2026-10",
        "member_id": "SYN1",
        "diagnoses": ("Z75.3",),
        "authorization_id": "",
        "place_of_service": "11",
        "amendment_owed": False,
        "appeal_by": "",
        "payer": rules,
        "payer_changed": False,
        "patient": Patient(
            id="patient", chart_number="1030", last_name="Garcia", first_name="Ana", birth_date="2012-04-09"
        ),
        "coverage": COVERAGE,
        "lines": made,
        "points": {item.id: item.text for item in house().codes["D9992"].checklist},
        "case": CASE,
        "coverages": (COVERAGE,),
        "verifications": (VERIFIED,),
        "billed": tuple(map(own, made)),
    }
    return ClaimFacts(**{**said, **more})


def own(of_claim: Line) -> Billed:
    """A line of the claim itself among those that were billed."""
    return billed(
        of_claim.service_date,
        of_claim.code,
        of_claim.quantity,
        claim_id="claim",
        number="K7Q2-2026-0002",
        line=of_claim.number,
        status="draft",
        staff=of_claim.staff,
    )


def billed(day: date, code: str = "D9992", quantity: int = 1, **more: Any) -> Billed:
    """A line on another claim of the patient, which was paid."""
    said: dict[str, Any] = {
        "claim_id": f"other-{day}-{code}",
        "number": "K7Q2-2026-0001",
        "line": 1,
        "status": "paid",
        "case_id": "case",
        "coverage_id": "coverage",
        "service_date": day,
        "code": code,
        "quantity": quantity,
        "staff": frozenset({"mrivera"}),
    }
    return Billed(**{**said, **more})


def with_billed(claim: ClaimFacts, others: Iterable[Billed]) -> ClaimFacts:
    """The claim, with lines on other claims of the patient."""
    every = sorted([*claim.billed, *others], key=lambda one: (one.service_date, one.number, one.line))
    return replace(claim, billed=tuple(every))


def with_case(claim: ClaimFacts, **changes: Any) -> ClaimFacts:
    """The claim, with its case changed."""
    assert claim.case is not None
    return replace(claim, case=claim.case.model_copy(update=changes))


def in_house(claim: ClaimFacts, **changes: Any) -> ClaimFacts:
    """The claim in a practice that is changed."""
    return replace(claim, house=replace(claim.house, **changes))


def on_day(claim: ClaimFacts, *others: Slot) -> ClaimFacts:
    """The claim, with its staff's day as it follows from its own work and what they did beside it."""
    days: dict[tuple[str, str], list[Slot]] = {}
    for _, one in claim.work:
        days.setdefault((one.staff, one.service_date), list(others)).append(
            Slot(one.id, one.start, one.minutes, claim.patient.id, True)
        )
    return replace(
        claim,
        days={
            key: staff_day(slots, shift_of(claim.house.zone, date.fromisoformat(key[1])))
            for key, slots in days.items()
        },
    )


def authorized(used: int = 0, **more: Any) -> Authorized:
    """A prior authorization for 2026, and the units that other claims took of it."""
    said: dict[str, Any] = {
        "id": "authorization",
        "patient_id": "patient",
        "coverage_id": "coverage",
        "number": "PA7",
        "valid_from": "2026-01-01",
        "valid_to": "2026-12-31",
        "units": 6,
    }
    return Authorized(Authorization(**{**said, **more}), used)


def found(claim: ClaimFacts, check: str) -> list[Finding]:
    """What one check finds."""
    (one,) = (each for each in CHECKS if each.id == check)
    return list(one.look(claim)) if one.applies(claim.ruled) else []


def severities(claim: ClaimFacts, check: str) -> list[str]:
    """How grave one check's findings are."""
    return [finding.severity.label for finding in found(claim, check)]
