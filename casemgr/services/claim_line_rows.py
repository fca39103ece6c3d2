"""Lines of live claims by service date, where a month's run is not what is asked for."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from casemgr.core.rows import ActivityFilter
from casemgr.services.line_answers import line_answers
from casemgr.services.month_lines import billing_line
from casemgr.services.proof import prove_forms
from casemgr.store.reads.activities import activities
from casemgr.store.reads.claim_lines import claims_of_period, line_sums, lines_of_claim, paid_on_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.core.dates import Period
    from casemgr.core.month import BillingLine
    from casemgr.core.rows import ActivityRow
    from casemgr.services.desk import Desk


class ClaimLineRows:
    """What stands on claims between two service dates; what is still to be drafted belongs to its month."""

    def __init__(self, desk: Desk, period: Period, patient_id: str = "") -> None:
        """Get ready to ask, of one patient or of all; the caller holds a snapshot of the store meanwhile."""
        self.desk = desk
        self.first, self.last = period.first.isoformat(), period.last.isoformat()
        self.claim_ids = claims_of_period(desk.store, "", self.first, self.last, patient_id)

    def prove(self) -> None:
        """Prove every record that the lines are made of.

        Raises:
            VerificationFailed: a row is not what the ledger says.
        """
        prove_forms(self.desk, self.claim_ids)

    def figures(self) -> dict[str, int]:
        """What the claims' own tables say: lines, activities, units, minutes and cents."""
        rows, quantity, minutes, cents, count = line_sums(
            self.desk.store, self.claim_ids, self.first, self.last
        )
        return {
            "billing_lines.rows": rows,
            "billing_lines.minutes": minutes,
            "billing_lines.quantity": quantity,
            "billing_lines.activities": count,
            "billing_lines.charge_cents": cents,
            "billing_lines.paid_cents": paid_on_lines(self.desk.store, self.claim_ids, self.first, self.last),
        }

    def rows(self) -> Iterator[BillingLine]:
        """The lines, by claim number and place on the claim."""
        for claim_id in self.claim_ids:
            on_line: dict[tuple[str, str], list[ActivityRow]] = defaultdict(list)
            for row in activities(self.desk.store, ActivityFilter(claim_id=claim_id)):
                on_line[row.line_date, row.code].append(row)
            lines = lines_of_claim(self.desk.store, claim_id)
            answers = line_answers(self.desk, lines)
            for line in lines:
                key = line.service_date, line.code
                if self.first <= line.service_date <= self.last:
                    yield billing_line(self.desk, line, on_line[key], answers[line.number, *key])
