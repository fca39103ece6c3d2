"""The payers' answers of some days as rows of a workbook."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from casemgr.core.billing_rows import RemittanceRow
from casemgr.core.ids import short
from casemgr.core.text import initials
from casemgr.services.answers import reasons_in_words
from casemgr.services.claim_money import meanings_of
from casemgr.services.proof import prove
from casemgr.store.reads.answers import claims_whose, remittances_between
from casemgr.store.reads.remittance_sums import remittance_sums, remittances_received

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.core.account_rows import ClaimWhose
    from casemgr.core.billing import Remittance, RemittanceLine
    from casemgr.core.claim_money import Meanings
    from casemgr.core.dates import Period
    from casemgr.services.desk import Desk


class RemittanceRows:
    """What was received between two days; the caller holds a snapshot of the store."""

    def __init__(self, desk: Desk, period: Period, patient_id: str = "") -> None:
        """Get ready to ask, of one patient or of all."""
        self.desk = desk
        self.first, self.last = period.first.isoformat(), period.last.isoformat()
        self.patient_id = patient_id

    def prove(self) -> None:
        """Prove every record that the rows are made of.

        Raises:
            VerificationFailed: a row is not what the ledger says.
        """
        received = remittances_received(self.desk.store, self.first, self.last)
        for entity, ids in zip(("remittance", "claim", "patient"), zip(*received, strict=True), strict=False):
            prove(self.desk, entity, dict.fromkeys(ids))
        prove(self.desk, "practice", ["practice"])

    def figures(self) -> dict[str, int]:
        """What the answers' own table adds up to."""
        accepted = frozenset(one.code for one in self.desk.reasons.accepted)
        sums = remittance_sums(self.desk.store, self.first, self.last, self.patient_id, accepted)
        return {
            "remittances.rows": sums.lines,
            "remittances.billed_cents": sums.billed_cents,
            "remittances.paid_cents": sums.paid_cents,
            "remittances.contractual_cents": sums.contractual_cents,
            "remittances.patient_cents": sums.patient_cents,
            "remittances.denied_cents": sums.denied_cents,
        }

    def rows(self) -> Iterator[RemittanceRow]:
        """Each answered line, by the day on which it was received; those of one day as they were recorded."""
        store, meanings = self.desk.store, meanings_of(self.desk)
        answers = remittances_between(store, self.first, self.last)
        whose = claims_whose(store, {one.claim_id for one in answers})
        for answer in sorted(answers, key=lambda one: one.received_on):
            claim = whose[answer.claim_id]
            if self.patient_id in ("", claim.patient_id):
                yield from (_row(answer, line, claim, meanings) for line in answer.lines)


def _row(answer: Remittance, line: RemittanceLine, claim: ClaimWhose, meanings: Meanings) -> RemittanceRow:
    contractual, patient, denied = _parts(line, meanings)
    birth = date.fromisoformat(claim.birth_date)
    return RemittanceRow(
        claim_number=claim.number,
        patient=claim.patient,
        initials=initials(claim.last_name, claim.first_name),
        birth_date=birth,
        birth_year=birth.year,
        chart_number=claim.chart_number,
        payer=claim.payer_name,
        payer_claim_number=answer.payer_claim_number,
        check_number=answer.check_number,
        paid_on=date.fromisoformat(answer.paid_on) if answer.paid_on else None,
        received_on=date.fromisoformat(answer.received_on),
        service_date=date.fromisoformat(line.service_date) if line.service_date else None,
        code=line.code,
        billed_cents=line.billed_cents,
        allowed_cents=line.allowed_cents,
        paid_cents=line.paid_cents,
        contractual_cents=contractual,
        patient_cents=patient,
        denied_cents=denied,
        reasons=reasons_in_words((line,)),
        remarks=" ".join(dict.fromkeys((*line.remarks, *answer.remarks))),
        reversal=answer.reversal,
        short_id=short(answer.id),
    )


def _parts(line: RemittanceLine, meanings: Meanings) -> tuple[int, int, int]:
    """What was taken off a line: by contract, left to the patient, denied. Cents."""
    contractual = patient = denied = 0
    for one in line.adjustments:
        if one.group == "PR":
            patient += one.cents
        elif one.carc in meanings.accepted:
            contractual += one.cents
        else:
            denied += one.cents
    return contractual, patient, denied
