"""Claims that were drafted before their case was opened take it up, as long as they were not sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casemgr.core.claim_life import UNSENT
from casemgr.services.claims import diagnoses_of, the_claim
from casemgr.store.reads.claims import claim_rows

if TYPE_CHECKING:
    from casemgr.core.billing import Claim
    from casemgr.core.records import Case
    from casemgr.services.desk import Desk
    from casemgr.store.ledger import Transaction


def take_up(desk: Desk, tx: Transaction, case: Case) -> None:
    """Give a case that was opened or edited to the patient's unsent claims which have none.

    Its barriers become the diagnoses of those that name none.

    Args:
        desk: the open practice.
        tx: the deed that saved the case.
        case: as it is now.
    """
    for row in claim_rows(desk.store, patient_id=case.patient_id):
        if row.status not in UNSENT:
            continue
        claim = the_claim(desk, row.number)
        if claim.submissions:
            continue
        changes: dict[str, Any] = {}
        if not claim.case_id and _open_then(case, claim):
            changes["case_id"] = case.id
        if case.id in {claim.case_id, changes.get("case_id")} and not claim.diagnoses:
            changes["diagnoses"] = diagnoses_of(desk, case.id)
        changed = claim.model_copy(update=changes)
        if changed != claim:
            tx.append("edit", "claim", changed, "follows its case")


def _open_then(case: Case, claim: Claim) -> bool:
    last = claim.lines[-1].service_date
    return case.opened_on <= last and (not case.closed_on or last <= case.closed_on)
