"""Proof, before anything is claimed or leaves the house, that its rows are what the ledger says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.rows import within
from casemgr.errors import VerificationFailed
from casemgr.store.projection import stale
from casemgr.store.reads import proof as reads
from casemgr.store.reads.claim_lines import records_of_forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from casemgr.core.billing import Claim
    from casemgr.core.dates import Period
    from casemgr.services.desk import Desk

MOST_TOLD = 5


def prove_month(desk: Desk, period: Period, patient_id: str = "") -> None:
    """Prove every row that the claims and workbooks of a month's run, or of some other days, are made of.

    A row that was moved out of them by hand is not among them: `verify`, which replays all, shows it.

    Args:
        desk: the open practice; the caller holds a snapshot or the write lock.
        period: a month, or some other days.
        patient_id: only this patient's.

    Raises:
        VerificationFailed: a row is not what the ledger says.
    """
    store, wanted = desk.store, within(period, patient_id)
    prove(desk, "activity", reads.activity_ids(store, wanted))
    first, last = period.first.isoformat()[:7], period.last.isoformat()[:7]
    claims = (
        *reads.claim_ids(store, first, last, patient_id),
        *reads.claim_ids_with(store, wanted),
        *reads.claim_ids_beside(store, wanted),
    )
    prove(desk, "claim", dict.fromkeys(claims))
    prove(desk, "remittance", reads.remittance_ids(store, claims))
    prove(desk, "patient", reads.patient_ids(store, wanted))
    prove(desk, "coverage", reads.coverage_ids(store, wanted))
    prove(desk, "staff", reads.all_ids(store, "staff"))
    # Its name heads the control sheet, and the rows that imports refused are left out by name.
    prove(desk, "practice", ["practice"])
    prove(desk, "import", reads.all_ids(store, "import"))


def prove_claim(desk: Desk, claim: Claim) -> None:
    """Prove every row that a claim's documentation is made of.

    Raises:
        VerificationFailed: a row is not what the ledger says.
    """
    # The patient's other claims of the month, since it may take the place of a voided one.
    others = reads.claim_ids(desk.store, claim.month, claim.month, claim.patient_id)
    prove(desk, "claim", dict.fromkeys((claim.id, *others)))
    activity_ids = [each for line in claim.lines for each in line.activity_ids]
    prove(desk, "activity", activity_ids)
    for each in activity_ids:
        prove(desk, "follow_up", reads.follow_up_ids(desk.store, each))
    prove(desk, "remittance", reads.remittance_ids(desk.store, [claim.id]))
    prove(desk, "patient_payment", reads.payment_ids(desk.store, claim.id))
    prove(desk, "authorization", [claim.authorization_id] if claim.authorization_id else [])
    prove(desk, "patient", [claim.patient_id])
    prove(desk, "case", [claim.case_id] if claim.case_id else [])
    prove(desk, "staff", reads.all_ids(desk.store, "staff"))
    prove(desk, "practice", ["practice"])


def prove_forms(desk: Desk, claim_ids: Sequence[str]) -> None:
    """Prove every row that the forms and lines of some live claims are made of.

    Raises:
        VerificationFailed: a row is not what the ledger says.
    """
    prove(desk, "claim", claim_ids)
    for entity, ids in records_of_forms(desk.store, claim_ids):
        prove(desk, entity, ids)
    prove(desk, "staff", reads.all_ids(desk.store, "staff"))
    prove(desk, "practice", ["practice"])


def prove(desk: Desk, entity: str, entity_ids: Iterable[str]) -> None:
    """Prove some records.

    Raises:
        VerificationFailed: a row is not what the ledger says.
    """
    wrong = stale(desk.store, entity, entity_ids)
    if wrong:
        raise VerificationFailed(
            "The tables do not say what the ledger says",
            f"{len(wrong)} records differ: {', '.join(wrong[:MOST_TOLD])}. Nothing was written or claimed.",
            "Run `casemgr verify` to see all of it, and restore a backup with `casemgr restore`.",
        )
