"""Verifications, authorizations and attachments as lists, and what is left of an authorization."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from casemgr.core.billing import Attachment, Authorization, Verification

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from casemgr.store.database import Store


_VERIFICATION = (
    *("id", "patient_id", "coverage_id", "verified_on", "verified_by", "method", "contacted", "reference"),
    *("covered", "codes", "said"),
)
_AUTHORIZATION = (
    "id",
    "patient_id",
    "coverage_id",
    "number",
    "codes",
    "valid_from",
    "valid_to",
    "units",
    "note",
)
_ATTACHMENT = (
    "id",
    "patient_id",
    "claim_id",
    "name",
    "media_type",
    "kind",
    "what",
    "sha256",
    "size",
    "pages",
)


def verifications_of(store: Store, patient_id: str) -> list[Verification]:
    """What payers said about a patient's benefits, the newest first."""
    rows = store.rows(
        f"SELECT {', '.join(_VERIFICATION)} FROM verifications "
        "WHERE patient_id = ? AND voided = 0 ORDER BY verified_on DESC, id DESC",
        (patient_id,),
    )
    return [Verification.model_validate(_named(_VERIFICATION, row)) for row in rows]


def authorizations_of(store: Store, patient_id: str = "") -> list[Authorization]:
    """The authorizations of a patient, or of all, by their last day."""
    whose, values = ("AND patient_id = ?", (patient_id,)) if patient_id else ("", ())
    rows = store.rows(
        f"SELECT {', '.join(_AUTHORIZATION)} FROM authorizations "
        f"WHERE voided = 0 {whose} ORDER BY valid_to = '', valid_to, id",
        values,
    )
    return [Authorization.model_validate(_named(_AUTHORIZATION, row)) for row in rows]


def units_used(store: Store, authorization_ids: Collection[str]) -> dict[str, int]:
    """Units on the live claims that name some authorizations, of the codes that each is for, by id."""
    rows = store.rows(
        "SELECT c.authorization_id, sum(l.quantity) FROM claims c "
        "JOIN authorizations a ON a.id = c.authorization_id JOIN claim_lines l ON l.claim_id = c.id "
        "WHERE c.voided = 0 AND c.authorization_id IN (SELECT value FROM json_each(?)) "
        "AND (a.codes = '[]' OR l.code IN (SELECT value FROM json_each(a.codes))) "
        "GROUP BY c.authorization_id",
        (json.dumps(sorted(authorization_ids)),),
    )
    return {row[0]: row[1] for row in rows}


def claim_with_authorization(store: Store, authorization_id: str) -> str:
    """The number of a live claim that names an authorization; empty where none does."""
    found = store.one(
        "SELECT number FROM claims WHERE authorization_id = ? AND voided = 0 LIMIT 1", (authorization_id,)
    )
    return found[0] if found else ""


def payer_names(store: Store, coverage_ids: Collection[str]) -> dict[str, str]:
    """The payers' names of some coverages, by the coverage's id."""
    rows = store.rows(
        "SELECT id, payer_name FROM coverages WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(coverage_ids)),),
    )
    return {row[0]: row[1] for row in rows}


def attachments_of(store: Store, *, patient_id: str = "", claim_id: str = "") -> list[Attachment]:
    """The attachments of a patient or of a claim, in the order in which they came."""
    column, value = ("claim_id", claim_id) if claim_id else ("patient_id", patient_id)
    rows = store.rows(
        f"SELECT {', '.join(_ATTACHMENT)} FROM attachments WHERE {column} = ? AND voided = 0 ORDER BY id",
        (value,),
    )
    return [Attachment.model_validate(_named(_ATTACHMENT, row)) for row in rows]


def _named(names: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    found = dict(zip(names, row, strict=True))
    if "codes" in found:
        found["codes"] = tuple(json.loads(found["codes"]))
    return found
