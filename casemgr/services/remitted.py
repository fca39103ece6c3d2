"""The payers' answers of some days as rows of a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.services.patients import the_patient
from casemgr.services.proof import prove
from casemgr.services.remittances import remittance_rows
from casemgr.store.reads.remitted import remittances_received, remitted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.core.billing_rows import RemittanceRow
    from casemgr.core.dates import Period
    from casemgr.services.desk import Desk


class RemittedLines:
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
        sums = remitted(self.desk.store, self.first, self.last, self.patient_id, accepted)
        return {
            "remittances.rows": sums.lines,
            "remittances.billed_cents": sums.billed_cents,
            "remittances.paid_cents": sums.paid_cents,
            "remittances.contractual_cents": sums.contractual_cents,
            "remittances.patient_cents": sums.patient_cents,
            "remittances.denied_cents": sums.denied_cents,
        }

    def rows(self) -> Iterator[RemittanceRow]:
        """Each answered line, by the day on which it was received."""
        chart = the_patient(self.desk, self.patient_id).chart_number if self.patient_id else ""
        for row in remittance_rows(self.desk, self.first, self.last):
            if not chart or row.chart_number == chart:
                yield row
