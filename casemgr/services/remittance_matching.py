"""A payer's answer out of a file, made ours: which claim it is to, and how its lines are named."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from casemgr.core.billing import Adjustment, Remittance, RemittanceLine
from casemgr.core.claim_money import WHOLE, keys_of
from casemgr.core.remittance_advice import REVERSAL, STATUSES
from casemgr.core.text import tidy
from casemgr.store.reads.answers import claims_called

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from casemgr.core.account_rows import ClaimWhose
    from casemgr.core.billing import Claim
    from casemgr.core.claim_money import Key
    from casemgr.core.remittance_advice import AdvisedAdjustment, AdvisedClaim, AdvisedLine, PaymentAdvice
    from casemgr.services.desk import Desk

_MARKS = re.compile(r"[^A-Z0-9]+")
_PLAIN_STATUSES = frozenset({"1", "4", REVERSAL})
"""Claim status codes that the money says already."""


class Matches:
    """Our claims, by the numbers that answers name."""

    def __init__(self, desk: Desk, wanted: Iterable[AdvisedClaim]) -> None:
        """Look all of them up at once."""
        numbers: set[str] = set()
        for one in wanted:
            numbers |= {plain(one.number), one.payer_claim_number.strip().upper()}
        self._ours: dict[str, ClaimWhose] = {}
        self._theirs: dict[str, list[ClaimWhose]] = {}
        for claim in claims_called(desk.store, numbers - {""}):
            self._ours[plain(claim.number)] = claim
            if claim.payer_claim_number:
                self._theirs.setdefault(claim.payer_claim_number.strip().upper(), []).append(claim)

    def of(self, said: AdvisedClaim) -> tuple[ClaimWhose | None, str]:
        """The claim that an answer is to: by our number, else by the payer's; or why there is none."""
        found = self._ours.get(plain(said.number))
        if found is not None:
            return found, ""
        theirs = [
            one for one in self._theirs.get(said.payer_claim_number.strip().upper(), ()) if not one.voided
        ]
        if len(theirs) == 1:
            return theirs[0], ""
        if theirs:
            return None, "Several claims of ours have this payer's number."
        return None, "We have no claim of this number, nor one that has this payer's number."


def plain(number: str) -> str:
    """A number without dashes and other marks, in capitals."""
    return _MARKS.sub("", number.upper())


def remittance_of(
    new_id: str, received: date, claim: Claim, advice: PaymentAdvice, said: AdvisedClaim, digest: str
) -> Remittance:
    """An answer of a file as the record keeps it, its lines named as the claim names them."""
    lines = tuple(_line(claim, line) for line in said.lines)
    if not lines:
        lone = keys_of(claim)[0] if len(claim.lines) == 1 else WHOLE
        lines = (_whole(lone, said.charge_cents, said.paid_cents, said.adjustments),)
    elif said.adjustments:
        rest = said.charge_cents - sum(line.billed_cents for line in lines)
        paid = said.paid_cents - sum(line.paid_cents for line in lines)
        lines = (*lines, _whole(WHOLE, rest, paid, said.adjustments))
    return Remittance(
        id=new_id,
        claim_id=claim.id,
        received_on=received.isoformat(),
        paid_on=advice.paid_on.isoformat() if advice.paid_on else "",
        check_number=tidy(advice.trace),
        payer_claim_number=tidy(said.payer_claim_number),
        reversal=said.reversal,
        lines=lines,
        remarks=said.remarks,
        note="" if said.status in _PLAIN_STATUSES else STATUSES[said.status],
        digest=digest,
    )


def _whole(key: Key, charge: int, paid: int, adjustments: Iterable[AdvisedAdjustment]) -> RemittanceLine:
    return RemittanceLine(
        service_date=key[0],
        code=key[1],
        billed_cents=charge,
        paid_cents=paid,
        adjustments=tuple(map(_adjustment, adjustments)),
    )


def _line(claim: Claim, said: AdvisedLine) -> RemittanceLine:
    # A payer may decide on another code than was billed: ours is the one that was billed.
    code = (said.submitted_code or said.code).upper()
    day = said.service_date.isoformat() if said.service_date else ""
    if not day:
        of_code = [line.service_date for line in claim.lines if line.code == code]
        day = of_code[0] if len(of_code) == 1 else ""
    return RemittanceLine(
        service_date=day,
        code=code,
        billed_cents=said.charge_cents,
        allowed_cents=said.allowed_cents,
        paid_cents=said.paid_cents,
        quantity=said.units,
        adjustments=tuple(map(_adjustment, said.adjustments)),
        remarks=said.remarks,
    )


def _adjustment(said: AdvisedAdjustment) -> Adjustment:
    return Adjustment.model_validate(
        {"group": said.group, "carc": said.carc.upper().lstrip("0"), "cents": said.cents}
    )
