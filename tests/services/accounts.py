"""Short ways through a claim's life at a desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.billing import Adjustment
from casemgr.core.billing_commands import AnswerClaim, AnsweredLine, SubmitClaims
from casemgr.core.claim_money import WHOLE
from casemgr.services.claim_life import ready, submit
from casemgr.services.claims import draft_claims, the_claim
from casemgr.services.remittances import answer
from tests.services.support import OCTOBER, TODAY, cover, log

if TYPE_CHECKING:
    from datetime import date

    from casemgr.core.billing import Claim
    from casemgr.core.claim_money import Key
    from casemgr.services.answers import Answered
    from casemgr.services.desk import Desk

FEE = 2250
"""What Harbor Dental PPO pays for a line, in cents."""
HARBOR = "Harbor Dental PPO"


def drafted(desk: Desk, patient_id: str, *days: int, payer: str = HARBOR) -> Claim:
    """A draft for a patient with a line for each of some days of October."""
    cover(desk, patient_id, payer=payer)
    chart = desk.store.one("SELECT chart_number FROM patients WHERE id = ?", (patient_id,))
    assert chart is not None
    for day in days:
        log(desk, f"20m referral #{chart[0]} 10/{day}/2026 phone: consult => booked")
    (claim,) = draft_claims(desk, OCTOBER, patient_id).claims
    return claim


def sent(desk: Desk, claim: Claim, on: date = TODAY) -> Claim:
    """The claim after it was sent."""
    ready(desk, (claim.number,), "for a test")
    return submit(desk, SubmitClaims((claim.number,), "electronic", on, "R-1"))[0].claim


def off(text: str) -> Adjustment:
    """An adjustment such as `CO-45=1500`, in cents."""
    reason, _, cents = text.partition("=")
    group, _, carc = reason.partition("-")
    return Adjustment(group=group, carc=carc, cents=int(cents))  # type: ignore[arg-type]  # pydantic refuses another group


def paid(
    desk: Desk,
    claim: Claim,
    cents: int,
    *adjustments: str,
    key: Key = WHOLE,
    check: str = "",
    on: date = TODAY,
) -> Answered:
    """What comes of an answer: cents paid, and adjustments such as `CO-45=1500`."""
    line = AnsweredLine(key, cents, tuple(map(off, adjustments)))
    return answer(desk, AnswerClaim(claim.number, on, (line,), check_number=check))


def now(desk: Desk, claim: Claim) -> Claim:
    """The claim as it stands."""
    return the_claim(desk, claim.number)
