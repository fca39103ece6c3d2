"""Claims line by line, by the boxes of the ADA claim form that casemgr can fill."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from casemgr.core.billing import Authorization, Claim
from casemgr.core.billing_rows import FORM_LINES, ClaimFormLine
from casemgr.core.dates import Month
from casemgr.core.records import Case, Patient
from casemgr.core.text import initials
from casemgr.services.proof import prove_forms
from casemgr.services.summaries import remarks_of
from casemgr.store.reads.claim_lines import claims_of_period, has_enclosures, line_sums
from casemgr.store.reads.records import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.core.dates import Period
    from casemgr.services.desk import Desk

POINTERS = "ABCD"
"""The letters of box 34a, in order."""


class ClaimForms:
    """The live claims of a month's run, or of those with a service date in another span of days, whole."""

    def __init__(self, desk: Desk, period: Period, patient_id: str = "") -> None:
        """Get ready to ask, of one patient or of all; the caller holds a snapshot of the store meanwhile."""
        self.desk = desk
        run = str(period) if isinstance(period, Month) else ""
        first, last = period.first.isoformat(), period.last.isoformat()
        self.claim_ids = claims_of_period(desk.store, run, first, last, patient_id)

    def prove(self) -> None:
        """Prove every record that the forms are made of.

        Raises:
            VerificationFailed: a row is not what the ledger says.
        """
        prove_forms(self.desk, self.claim_ids)

    def figures(self) -> dict[str, int]:
        """What the claims' own table says: lines, units, minutes and cents."""
        rows, quantity, minutes, cents, _ = line_sums(self.desk.store, self.claim_ids)
        return {
            "claim_form.rows": rows,
            "claim_form.quantity": quantity,
            "claim_form.minutes": minutes,
            "claim_form.charge_cents": cents,
            "claim_form.form_total_cents": cents,
        }

    def lines(self) -> Iterator[ClaimFormLine]:
        """The lines by claim number, ten to a form."""
        for claim_id in self.claim_ids:
            claim = load(self.desk.store, Claim, claim_id)
            assert claim is not None
            yield from self._lines(claim)

    def _lines(self, claim: Claim) -> Iterator[ClaimFormLine]:
        store, practice = self.desk.store, self.desk.practice
        patient = load(store, Patient, claim.patient_id)
        assert patient is not None
        case = load(store, Case, claim.case_id) if claim.case_id else None
        allowed = load(store, Authorization, claim.authorization_id) if claim.authorization_id else None
        birth_date = date.fromisoformat(patient.birth_date)
        remarks = remarks_of(self.desk, claim)
        enclosed = has_enclosures(store, claim.id)
        diagnoses = (*claim.diagnoses, "", "", "", "")
        for at, line in enumerate(claim.lines):
            form, place = divmod(at, FORM_LINES)
            on_form = claim.lines[form * FORM_LINES :][:FORM_LINES]
            yield ClaimFormLine(
                claim_number=claim.number,
                form=form + 1,
                line=place + 1,
                preauthorization=allowed.number if allowed and not allowed.voided else "",
                payer=claim.payer_name,
                patient=patient.display_name,
                initials=initials(patient.last_name, patient.first_name),
                member_id=claim.member_id,
                birth_date=birth_date,
                birth_year=birth_date.year,
                gender=patient.gender,
                chart_number=patient.chart_number,
                service_date=date.fromisoformat(line.service_date),
                code=line.code,
                pointer=POINTERS[: len(claim.diagnoses)],
                quantity=line.quantity,
                description=self.desk.codes.title(line.code),
                charge_cents=line.charge_cents,
                form_total_cents=None if place else sum(each.charge_cents for each in on_form),
                qualifier="AB" if claim.diagnoses else "",
                diagnosis_a=diagnoses[0],
                diagnosis_b=diagnoses[1],
                diagnosis_c=diagnoses[2],
                diagnosis_d=diagnoses[3],
                remarks="" if place else remarks,
                place_of_service=claim.place_of_service,
                enclosures="Y" if enclosed else "N",
                practice=practice.name,
                practice_npi=practice.npi,
                tax_id=practice.tax_id,
                dentist=case.treating_dentist if case else "",
                dentist_npi=case.treating_dentist_npi if case else "",
                minutes=line.minutes,
                status=claim.status.replace("_", " "),
            )
