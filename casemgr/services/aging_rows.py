"""What payers and patients owe as of a day, as rows of a workbook."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from casemgr.core.billing_rows import AgingSum
from casemgr.services.aging import aging
from casemgr.services.proof import prove
from casemgr.store.reads.claim_lines import records_of_sent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from casemgr.core.billing_rows import AgingRow
    from casemgr.services.aging import Aging
    from casemgr.services.desk import Desk


BUCKETS = ("days_0_30_cents", "days_31_60_cents", "days_61_90_cents", "days_91_cents")
"""The fields of core.aging.BUCKETS."""


class AgingRows:
    """Claims that were sent and of which something is open; the caller holds a snapshot of the store."""

    def __init__(self, desk: Desk, day: date, patient_id: str = "") -> None:
        """Get ready to ask as of the end of a day, of one patient or of all."""
        self.desk = desk
        self.day = day
        self.patient_id = patient_id

    @cached_property
    def found(self) -> Aging:
        """What is owed, worked out once for all sheets."""
        return aging(self.desk, self.day, patient_id=self.patient_id)

    def prove(self) -> None:
        """Prove every record that the rows are made of.

        Raises:
            VerificationFailed: a row is not what the ledger says.
        """
        for entity, ids in records_of_sent(self.desk.store, self.patient_id):
            prove(self.desk, entity, ids)
        prove(self.desk, "practice", ["practice"])

    def figures(self) -> dict[str, int]:
        """How many rows there are, and the sums over all claims."""
        found = self.found
        cents = {
            **dict(zip(BUCKETS, (one.insurer_cents for one in found.buckets), strict=True)),
            "insurer_cents": found.total.insurer_cents,
            "patient_cents": found.total.patient_cents,
        }
        return {
            "aging.rows": found.total.claims,
            "aging_by_payer.rows": len(found.payers),
            "aging_by_payer.claims": found.total.claims,
            **{f"aging.{name}": value for name, value in cents.items()},
            **{f"aging_by_payer.{name}": value for name, value in cents.items()},
        }

    def claims(self) -> Iterator[AgingRow]:
        """Each claim, the oldest first."""
        return iter(self.found.rows)

    def payers(self) -> Iterator[AgingSum]:
        """Each payer's sums, by name."""
        for one in self.found.payers:
            newest, older, old, oldest = (bucket.insurer_cents for bucket in one.buckets)
            yield AgingSum(
                payer=one.payer,
                claims=one.total.claims,
                days_0_30_cents=newest,
                days_31_60_cents=older,
                days_61_90_cents=old,
                days_91_cents=oldest,
                insurer_cents=one.total.insurer_cents,
                patient_cents=one.total.patient_cents,
            )
