"""Made-up months of any size, row by row, for tests and benchmarks of the workbook."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from casemgr.core.ledger import Witness
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
from casemgr.core.profiles import Profile, read_profile
from casemgr.core.sources import ROW_TYPES
from casemgr.core.text import initials
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

MADE_AT = datetime(2026, 11, 2, 15, 41, 7, tzinfo=UTC)
FEE_CENTS = 4509
PATIENTS = (
    ("Olivo, Rosalia", date(2010, 2, 17), "0231", "Gulf Medicaid Dental"),
    ("Pacocha, Amos", date(1973, 10, 28), "0310", "Sunrise Dental Plan"),
    ("Núñez-O’Brien, Zoë", date(1955, 6, 22), "0666", "Gulf Medicaid Dental"),
)
STAFF = (("Marisol Rivera", "CDHC"), ("Tam Chen", "RDH"))
ANSWERED: dict[str, Any] = {
    "status": "paid in part",
    "submitted_on": date(2026, 11, 2),
    "paid_cents": 3000,
    "adjusted_cents": 1009,
    "patient_cents": 500,
    "reason": "CO-45; PR-3",
    "payer_claim_number": "0098",
    "answered_on": date(2026, 11, 20),
}
"""What a payer said about each tenth line."""
NOTES = (
    "Spoke w/ perio front desk; needs PA first",
    "=SUM(A1:A9) is what she wrote",
    "",
    "ASL needed\n[not Spanish]",
)


def month_profile() -> Profile:
    """The profile that casemgr comes with."""
    path = ROOT / "exports/workbooks/month.toml"
    return read_profile(path.read_text(encoding="utf-8"), path.name, ROW_TYPES)


class SampleMonth:
    """A month of `count` activities: of each ten, eight are billed, one is a draft, one has no coverage."""

    def __init__(self, count: int) -> None:
        """Nothing is kept but the count: rows are made when they are asked for."""
        self.count = count

    def sources(self) -> dict[str, Iterator[tuple[Any, ...]]]:
        """The rows of every source."""
        return {
            "billing_lines": self.billing_lines(),
            "activities": self.activities(),
            "by_patient": self.by_patient(),
            "by_staff": self.by_staff(),
            "left_out": self.left_out(),
        }

    def billing_lines(self) -> Iterator[BillingLine]:
        """A line for each billed activity."""
        for i in filter(_billed, range(self.count)):
            patient, birth_date, chart_number, payer = PATIENTS[i % 3]
            yield BillingLine(
                claim_number=TO_DRAFT if i % 10 == 9 else f"K7Q2-2026-{i % 3:04d}",
                patient=patient,
                initials=initials(*patient.split(", ")),
                birth_date=birth_date,
                birth_year=birth_date.year,
                chart_number=chart_number,
                payer=payer,
                member_id=f"00{chart_number}",
                service_date=_day(i),
                code="D9993",
                code_title="Case management: motivational interviewing",
                staff=STAFF[i % 2][0],
                minutes=_minutes(i),
                quantity=1,
                fee_cents=FEE_CENTS,
                charge_cents=FEE_CENTS,
                activities=1,
                **(ANSWERED if i % 10 == 0 else {}),
            )

    def activities(self) -> Iterator[ActivityRow]:
        """Every activity."""
        for i in range(self.count):
            patient, birth_date, chart_number, _ = PATIENTS[i % 3]
            staff, credential = STAFF[i % 2]
            claimed = _billed(i) and i % 10 != 9
            yield ActivityRow(
                service_date=_day(i),
                start=time(8 + i % 9, i % 60) if i % 4 else None,
                patient=patient,
                initials=initials(*patient.split(", ")),
                birth_date=birth_date,
                birth_year=birth_date.year,
                chart_number=chart_number,
                kind=("Referral", "Transport assistance")[i % 2],
                code="D9993" if claimed else "",
                minutes=_minutes(i),
                staff=staff,
                credential=credential,
                method="phone",
                contacted=("Mother", "")[i % 2],
                outcome="Consult booked",
                outcome_words="booked 10/28",
                reason="",
                response="",
                next_step=("", "Confirm ride")[i % 2],
                note=NOTES[i % 4],
                details="Specialty: Oral surgery; Provider: Bayou OMS",
                status="draft" if i % 10 == 3 else "claimed" if claimed else "signed",
                claim_number=f"K7Q2-2026-{i % 3:04d}" if claimed else "",
                late_days=3 if i % 7 == 0 else 0,
                amended=i % 5 == 0,
                entered_on=_day(i),
                entered_by="mrivera",
                signed_by="" if i % 10 == 3 else "mrivera",
                place="",
                short_id=f"019a{i:06x}",
            )

    def left_out(self) -> Iterator[LeftOut]:
        """What is not billed, and one row that was rejected."""
        for i in range(self.count):
            if not _billed(i):
                why = LeftOutWhy.DRAFT if i % 10 == 3 else LeftOutWhy.NO_COVERAGE
                who, staff = PATIENTS[i % 3][:3], STAFF[i % 2][0]
                yield LeftOut(why, _day(i), *who, "Referral", _minutes(i), staff, "Mend it", "")
        if self.count:
            place = "log-2026-10.xlsx, Tam Chen, row 87"
            nobody = "GARCIA, ANA", None, ""
            yield LeftOut(LeftOutWhy.REJECTED, None, *nobody, "ref", None, "Tam Chen", "Who?", place)

    def by_patient(self) -> Iterator[PatientSum]:
        """Sums by patient."""
        for index, (patient, birth_date, chart_number, payer) in enumerate(PATIENTS[: self.count]):
            mine = range(index, self.count, 3)
            lines = sum(map(_billed, mine))
            minutes = sum(map(_minutes, mine))
            cents = lines * FEE_CENTS
            yield PatientSum(patient, birth_date, chart_number, payer, len(mine), minutes, lines, cents)

    def by_staff(self) -> Iterator[StaffSum]:
        """Sums by staff."""
        for index, (staff, credential) in enumerate(STAFF[: self.count]):
            mine = range(index, self.count, 2)
            minutes, billed = sum(map(_minutes, mine)), sum(map(_minutes, filter(_billed, mine)))
            yield StaffSum(staff, credential, len(mine), minutes, billed, minutes - billed)

    def figures(self) -> dict[str, int]:
        """What a log would state of itself."""
        billed = sum(map(_billed, range(self.count)))
        sums = Counter(_billed(i) for i in range(self.count) for _ in range(_minutes(i)))
        minutes = {True: sums[True], False: sums[False]}
        both = minutes[True] + minutes[False]
        return {
            "billing_lines.rows": billed,
            "billing_lines.minutes": minutes[True],
            "billing_lines.quantity": billed,
            "billing_lines.charge_cents": billed * FEE_CENTS,
            "billing_lines.activities": billed,
            **{
                f"billing_lines.{field}": len(range(0, self.count, 10)) * ANSWERED[field]
                for field in ("paid_cents", "adjusted_cents", "patient_cents")
            },
            "activities.rows": self.count,
            "activities.minutes": both,
            "by_patient.rows": min(3, self.count),
            "by_patient.activities": self.count,
            "by_patient.minutes": both,
            "by_patient.lines": billed,
            "by_patient.charge_cents": billed * FEE_CENTS,
            "by_staff.rows": min(2, self.count),
            "by_staff.activities": self.count,
            "by_staff.minutes": both,
            "by_staff.billed_minutes": minutes[True],
            "by_staff.left_out_minutes": minutes[False],
            "left_out.rows": self.count - billed + bool(self.count),
            "left_out.minutes": minutes[False],
        }

    def control(self, **other_figures: int) -> ControlSheet:
        """What the control sheet states; `other_figures` are put in, with __ for the dot."""
        wrong = {name.replace("__", "."): value for name, value in other_figures.items()}
        return ControlSheet(
            practice="Bayou Family Dental & Care",
            period="October 2026",
            filters="",
            time_zone="America/Chicago",
            version="0.1.0",
            witness=Witness("K7Q2", 1234, "9f86d081884c7d65" * 4),
            figures=self.figures() | wrong,
        )


def _billed(i: int) -> bool:
    return i % 10 not in (3, 7)


def _minutes(i: int) -> int:
    return 5 + (i * 7) % 50


def _day(i: int) -> date:
    return date(2026, 10, 1 + i % 31)
