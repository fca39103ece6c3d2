"""Claims as screens show them: what could be drafted, how far each is, and where to mend what is missing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import EditCase, OpenCase
from casemgr.errors import NotFound
from casemgr.services.cases import edit_case, open_case
from casemgr.services.claim_page import NO_CASE, Mend, claim_page, claims_view, readiness
from casemgr.services.claims import draft_claims, void_claim
from casemgr.services.printing import print_claims, remarks
from tests.services.support import OCTOBER, cover, length, log

if TYPE_CHECKING:
    from casemgr.core.billing import Claim
    from casemgr.services.desk import Desk


@pytest.fixture
def claim(desk: Desk, ana: str) -> Claim:
    """October of Ana, born in 2012: a day with two activities, and one day more."""
    cover(desk, ana)
    open_case(desk, OpenCase(ana, date(2026, 10, 1), complaint="pain", findings="caries", plan="extract"))
    log(desk, "20m referral 1030 10/5: OS => consult booked")
    log(desk, "10m referral 1030 10/5: again => packet sent")
    log(desk, "15m transport 1030 10/19: ride => ride confirmed")
    (made,) = draft_claims(desk, OCTOBER).claims
    return made


def test_a_month_says_what_it_has_and_what_it_could_have(desk: Desk, claim: Claim) -> None:
    view = claims_view(desk, OCTOBER)
    assert [row.number for row in view.claims] == [claim.number]
    assert (view.to_draft, view.charge_cents) == (0, claim.charge_cents)

    void_claim(desk, claim.number, "wrong coverage")
    after = claims_view(desk, OCTOBER)
    assert not after.claims
    assert (after.to_draft, after.to_draft_cents, after.charge_cents) == (1, claim.charge_cents, 0)
    (voided,) = claims_view(desk, OCTOBER, include_voided=True).claims
    assert voided.voided


def test_what_is_missing_says_where_to_mend_it(desk: Desk, claim: Claim, ana: str) -> None:
    page = claim_page(desk, claim.number)
    missing = {check.mend for check in page.checks if not check.satisfied}
    assert Mend("case", ana, "supplementary") in missing
    last = claim.lines[-1].activity_ids[-1]
    assert Mend("activity", last, "next_step") in missing
    (found,) = readiness(desk, [claim.number]).values()
    assert (found.points - found.met, len(found.missing)) == (2, 2)

    edit_case(desk, EditCase(claim.case_id, {"supplementary": "pano of 9/3"}))
    (better,) = readiness(desk, [claim.number]).values()
    assert better.met == found.met + 1


def test_lines_say_what_was_done_for_each(desk: Desk, claim: Claim) -> None:
    assert claim_page(desk, claim.number).work == ("Referral coordination ×2", "Transport assistance")


def test_looking_discloses_nothing_and_what_left_is_listed(desk: Desk, claim: Claim) -> None:
    before = length(desk)
    page = claim_page(desk, claim.number)
    assert page.remarks
    assert not page.printed
    assert length(desk) == before

    assert remarks(desk, claim) == page.remarks
    (printed,) = print_claims(desk, [claim])
    assert [(each.what, each.file) for each in claim_page(desk, claim.number).printed] == [
        ("claim summary", printed.path.name),
        ("claim remarks", ""),
    ]


def test_a_number_that_nothing_has_is_told(desk: Desk) -> None:
    with pytest.raises(NotFound):
        claim_page(desk, "XXXX-2026-0001")


def test_a_claim_that_was_drafted_without_a_case_says_that_opening_one_is_not_enough(
    desk: Desk, ana: str
) -> None:
    cover(desk, ana)
    log(desk, "20m referral 1030 10/5: OS => consult booked")
    (claim,) = draft_claims(desk, OCTOBER).claims
    open_case(desk, OpenCase(ana, date(2026, 10, 1), complaint="pain", findings="caries", plan="extract"))

    lacking = [check for check in claim_page(desk, claim.number).checks if check.evidence == NO_CASE]
    assert lacking
    assert all(check.mend is None and not check.satisfied for check in lacking)
