"""What stands on a claim besides its lines, before it is sent, and what is to be done about it next."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from casemgr.core.billing import MAX_DIAGNOSES, Claim
from casemgr.core.claim_life import UNSENT, status_label
from casemgr.core.text import fold, tidy
from casemgr.errors import InputRefused, RuleRefused
from casemgr.services.claim_moves import Moved, append_move, each, field_refused, wrong_date
from casemgr.services.refusals import NOTHING_CHANGED
from casemgr.store.reads.benefits import authorizations_of

if TYPE_CHECKING:
    from datetime import date

    from casemgr.core.billing_commands import EditClaim
    from casemgr.services.desk import Desk
    from casemgr.store.ledger import Transaction

NONE = "none"
"""Said in place of a value, it takes the value away."""

_PLACE = re.compile(r"\d{2}", re.ASCII)


def next_action(desk: Desk, number: str, what: str, on: date | None) -> Moved:
    """Say what is to be done next about a claim, and when; without words, nothing in particular is."""

    def step(tx: Transaction, claim: Claim) -> Moved:
        if tidy(what) and on is None:
            raise wrong_date(f"It is not said when “{tidy(what)}” is to be done")
        changes = {
            "next_action": tidy(what),
            "next_action_on": on.isoformat() if on and tidy(what) else "",
        }
        changed = claim.model_copy(update=changes)
        if changed == claim:
            raise InputRefused(f"Claim {claim.number} says this already", NOTHING_CHANGED)
        tx.append("next", "claim", changed)
        return Moved(changed, claim.status)

    return each(desk, (number,), step)[0]


def edit(desk: Desk, wish: EditClaim) -> Moved:
    """Change diagnoses, authorization or place of service of a claim that is not with the payer.

    A ready claim goes back to draft, since it was found ready as it was.

    Raises:
        RuleRefused: it was sent; it can be corrected.
        InputRefused: more than four diagnoses, one twice, no such authorization, or nothing changes.
    """

    def step(tx: Transaction, claim: Claim) -> Moved:
        if claim.status not in UNSENT:
            raise RuleRefused(
                f"Claim {claim.number} is {status_label(claim.status)}: what was sent is not changed",
                NOTHING_CHANGED,
                f"Take it back with `casemgr claim correct {claim.number}`, edit it and send it again.",
            )
        changes = {name: _read_field(desk, claim, name, value) for name, value in wish.changes.items()}
        changed = Claim.model_validate(claim.model_copy(update=changes).model_dump())
        if changed == claim:
            raise InputRefused(
                f"Claim {claim.number} says this already",
                NOTHING_CHANGED,
                "Name what changes, such as --diagnosis.",
            )
        if claim.status == "ready":
            append_move(tx, claim, "correct", "draft", "it is edited")
            changed = changed.model_copy(update={"status": "draft"})
        tx.append("edit", "claim", changed, tidy(wish.reason))
        return Moved(changed, claim.status)

    return each(desk, (wish.number,), step)[0]


def _read_field(desk: Desk, claim: Claim, name: str, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
    if name == "diagnoses":
        return _diagnoses(value if isinstance(value, tuple) else (value,))
    text = tidy(value if isinstance(value, str) else " ".join(value))
    if name == "authorization_id":
        return "" if text.lower() in ("", NONE) else _authorization(desk, claim, text)
    if name == "place_of_service":
        if not _PLACE.fullmatch(text):
            raise field_refused(
                name, f"“{text}” is no place of service", "Write its two digits: 11 is the office."
            )
        return text
    raise field_refused(name, f"A claim's “{name}” cannot be edited")


def _diagnoses(texts: tuple[str, ...]) -> tuple[str, ...]:
    codes = tuple(tidy(text).upper() for text in texts if tidy(text))
    if codes == (NONE.upper(),):
        return ()
    if len(codes) > MAX_DIAGNOSES:
        raise field_refused(
            "diagnoses",
            f"A dental claim holds at most {MAX_DIAGNOSES} diagnoses",
            "Keep those that explain the work best, the primary one first.",
        )
    if twice := next((code for code in codes if codes.count(code) > 1), ""):
        raise field_refused("diagnoses", f"{twice} is named twice")
    return codes


def _authorization(desk: Desk, claim: Claim, text: str) -> str:
    found = [
        one
        for one in authorizations_of(desk.store, claim.patient_id)
        if one.coverage_id == claim.coverage_id
        and (fold(one.number) == fold(text) or one.id == text.lower() or one.id.endswith(text.lower()))
    ]
    if not found:
        raise field_refused(
            "authorization_id",
            f"There is no authorization “{text}” under this claim's coverage",
            "`casemgr authorization list` shows them; record it with `casemgr authorization add`.",
        )
    return found[0].id
