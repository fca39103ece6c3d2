"""What a denial means, and what to do about it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.billing_commands import DenyClaim
from casemgr.services.claim_life import correct
from casemgr.services.denials import advice_for_claim, told
from casemgr.services.remittances import deny
from tests.services.accounts import drafted, now, paid, sent
from tests.services.support import TODAY

if TYPE_CHECKING:
    from casemgr.clock import FixedClock
    from casemgr.core.billing import Claim
    from casemgr.services.desk import Desk


@pytest.fixture
def claim(desk: Desk, ana: str, clock: FixedClock) -> Claim:
    """A claim of two lines at $22.50, sent on 10/21; it is 11/20 by now."""
    made = sent(desk, drafted(desk, ana, 19, 20))
    clock.move(days=30)
    return made


def test_reasons_are_told_with_what_to_do_and_until_when(desk: Desk, claim: Claim) -> None:
    deny(
        desk,
        DenyClaim(claim.number, date(2026, 11, 20), "197", remarks=("N999",), appeal_by=date(2027, 1, 19)),
    )
    help_ = advice_for_claim(desk, now(desk, claim))
    (reason,) = help_.reasons
    assert reason.codes == (
        ("CO-197", "there was no prior authorization"),
        ("N999", "not in our list"),
    )
    assert (reason.cents, reason.action, reason.bearer) == (4500, "ask", "the provider")
    assert told(help_)[-1] == "Appeal by 1/19/2027, 60 days left."


def test_a_code_that_is_not_in_our_list_is_shown_as_it_is(desk: Desk, claim: Claim) -> None:
    deny(desk, DenyClaim(claim.number, TODAY, "B7"))
    (reason,) = advice_for_claim(desk, now(desk, claim)).reasons
    assert reason.label == "CARC B7, not in our list"
    assert reason.action == "ask"


def test_a_claim_that_was_sent_again_waits_for_another_answer(desk: Desk, claim: Claim) -> None:
    deny(desk, DenyClaim(claim.number, TODAY, "16"))
    back = correct(desk, (claim.number,), "notes were asked for")[0].claim
    assert advice_for_claim(desk, back).reasons
    assert advice_for_claim(desk, sent(desk, back)).reasons == ()


def test_nothing_is_said_of_what_was_paid(desk: Desk, claim: Claim) -> None:
    paid(desk, claim, 4000, "CO-45=500")
    assert told(advice_for_claim(desk, now(desk, claim))) == []
