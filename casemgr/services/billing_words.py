"""How the history of a claim, and of what belongs to it, is told: its deeds, fields and values in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from casemgr.core.billing import Authorization, Claim, RemittanceLine
from casemgr.core.claim_life import MOVES, status_label
from casemgr.core.dates import format_us
from casemgr.core.minutes import format_minutes
from casemgr.core.money import format_cents
from casemgr.services.answers import reasons_in_words
from casemgr.store.reads.records import load

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.services.desk import Desk

CLAIM_DID = {verb: move.did for verb, move in MOVES.items()} | {
    "next": "next step said",
    "follow": "worked out again after its log",
}
"""What an action did to a claim."""

BILLING_DID = {"verify": "recorded", "reopen": "reopened", "close": "closed"}
"""What an action did to a remittance, payment, authorization, attachment or month."""

LABELS = {
    "diagnoses": "Diagnoses",
    "authorization_id": "Authorization",
    "place_of_service": "Place of service",
    "submissions": "Sent",
    "payer_claim_number": "Payer's number",
    "amendment_owed": "Corrected claim owed",
    "appealed_on": "Appealed on",
    "appeal_by": "Appeal by",
    "written_off_cents": "Written off",
    "next_action": "Next step",
    "next_action_on": "Next step on",
    "claim_id": "Claim",
    "received_on": "Received on",
    "paid_on": "Dated",
    "check_number": "Check",
    "reversal": "Takes back an earlier answer",
    "cents": "Amount",
    "remarks": "Remark codes",
    "file": "From the file",
    "verified_on": "Verified on",
    "verified_by": "Verified by",
    "covered": "Covered",
    "codes": "Codes",
    "said": "Said",
    "reference": "Reference",
    "units": "Units",
    "closed": "Closed",
    "closed_by": "Closed by",
    "closed_at": "Closed at",
    "taken_with": "Taken with",
    "pages": "Pages",
    "size": "Bytes",
    "media_type": "Type",
}
"""What people call the fields, in the order in which they read them."""

OWN_LABELS = {("attachment", "what"): "What it is"}
"""Labels that a field has with one kind of record only."""

HIDDEN = frozenset({"digest", "sha256"})

SENT = {
    "electronic": "electronically",
    "paper": "on paper",
    "portal": "through the portal",
    "fax": "by fax",
}
"""How a claim was sent."""


def _money(_desk: Desk, value: str) -> str:
    return format_cents(int(value))


def _listed(_desk: Desk, value: str) -> str:
    return ", ".join(json.loads(value))


def _authorization(desk: Desk, record_id: str) -> str:
    found = load(desk.store, Authorization, record_id)
    return found.number if found else record_id


def _claim(desk: Desk, record_id: str) -> str:
    found = load(desk.store, Claim, record_id)
    return found.number if found else record_id


def _submissions(_desk: Desk, value: str) -> str:
    return "; ".join(map(_submission, json.loads(value)))


def _submission(sent: dict[str, Any]) -> str:
    corrected = "corrected, " if sent["kind"] == "corrected" else ""
    return (
        f"{format_us(sent['sent_on'])} {corrected}{SENT[sent['method']]}, {sent['control_number']}, "
        f"{format_minutes(sent['minutes'])}, {format_cents(sent['charge_cents'])}"
    )


def _answered(_desk: Desk, value: str) -> str:
    return "; ".join(
        _answered_line(RemittanceLine.model_validate_json(json.dumps(one))) for one in json.loads(value)
    )


def _answered_line(line: RemittanceLine) -> str:
    about = f"{format_us(line.service_date)} {line.code}" if line.code else "the claim as a whole"
    parts = [f"{format_cents(line.billed_cents)} billed, {format_cents(line.paid_cents)} paid"]
    parts += filter(None, (reasons_in_words((line,)), " ".join(line.remarks)))
    return f"{about}: {', '.join(parts)}"


READ: dict[str, Callable[[Desk, str], str]] = {
    "submissions": _submissions,
    "authorization_id": _authorization,
    "claim_id": _claim,
    **dict.fromkeys(("written_off_cents", "cents"), _money),
    **dict.fromkeys(("diagnoses", "remarks", "codes", "taken_with"), _listed),
}
"""How values are read that are not text as somebody wrote it, by field."""

OWN_READ: dict[tuple[str, str], Callable[[Desk, str], str]] = {
    ("claim", "status"): lambda _desk, value: status_label(value),
    ("remittance", "lines"): _answered,
    ("patient_payment", "method"): lambda _desk, value: value,
    ("attachment", "kind"): lambda _desk, value: value,
}
"""The same where a field means something else with one kind of record."""
