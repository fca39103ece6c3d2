"""The claims that may owe something, whole and at once, as they stand or as they stood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.billing import Claim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.store.database import Store

_NEWEST = (
    "SELECT l.body FROM ledger l WHERE l.entity_id = c.id AND l.entity = 'claim' {then} "
    "ORDER BY l.at DESC, l.device DESC, l.seq DESC LIMIT 1"
)


def claims_owing(store: Store, sent_by: str, patient_id: str = "") -> Iterator[Claim]:
    """The live claims that were sent by an ISO date, but for the finished ones that left patients no part.

    Those that are paid are among them: more may have been paid than was charged.
    """
    whose, values = ("AND c.patient_id = ?", (patient_id,)) if patient_id else ("", ())
    rows = store.rows(
        f"SELECT ({_NEWEST.format(then='')}) FROM claims c "
        "WHERE c.voided = 0 AND c.sent_on <> '' AND c.sent_on <= ? "
        f"{whose} AND (c.status NOT IN ('closed', 'written_off') "
        "OR c.id IN (SELECT claim_id FROM remittances WHERE voided = 0 AND lines LIKE '%\"PR\"%') "
        "OR c.id IN (SELECT claim_id FROM patient_payments WHERE voided = 0)) ORDER BY c.number",
        (sent_by, *values),
    )
    return (Claim.model_validate_json(row[0]) for row in rows)


def claims_then(
    store: Store, sent_by: str, before: int, patient_id: str = ""
) -> Iterator[tuple[Claim, Claim | None]]:
    """The claims that were sent by an ISO date: as they stand, and as they stood before an instant.

    The second is None where the claim was not there yet. What was voided since is among them.
    """
    whose, values = ("AND c.patient_id = ?", (patient_id,)) if patient_id else ("", ())
    rows = store.rows(
        f"SELECT ({_NEWEST.format(then='')}), ({_NEWEST.format(then='AND l.at < ?')}) FROM claims c "
        f"WHERE c.sent_on <> '' AND c.sent_on <= ? {whose} ORDER BY c.number",
        (before, sent_by, *values),
    )
    for body, then in rows:
        yield Claim.model_validate_json(body), Claim.model_validate_json(then) if then else None
