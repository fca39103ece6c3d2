"""Claims as screens show them: what could be drafted, how far each is, and where to mend what is missing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import EditCase, OpenCase
from casemgr.core.findings import Mend
from casemgr.errors import NotFound
from casemgr.services.cases import edit_case, open_case
from casemgr.services.claim_page import claim_page, claims_view, readiness
from casemgr.services.claims import draft_claims, the_claim, void_claim
from casemgr.services.printing import print_claims, remarks
from casemgr.services.undo import undo
from tests.services.support import OCTOBER, assert_whole, cover, length, log

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
    found = claim_page(desk, claim.number).readiness
    assert found is not None
    mends = {finding.mend for finding in found.findings}
    assert Mend("case", ana, "supplementary") in mends
    last = claim.lines[-1].activity_ids[-1]
    assert any(mend and (mend.record, mend.record_id) == ("activity", last) for mend in mends)

    edit_case(desk, EditCase(claim.case_id, {"supplementary": "pano of 9/3"}))
    (better,) = readiness(desk, [claim.number]).values()
    assert better.score > found.score


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


def test_a_claim_that_was_drafted_before_its_case_takes_it_up_until_it_is_sent(desk: Desk, ana: str) -> None:
    cover(desk, ana)
    log(desk, "20m referral 1030 10/5: OS => consult booked")
    (claim,) = draft_claims(desk, OCTOBER).claims
    before = readiness(desk, [claim.number])[claim.number]
    assert "case" in {finding.check for finding in before.findings}

    case = open_case(desk, OpenCase(ana, date(2026, 10, 1), complaint="pain", barriers=("Z59.82",)))
    taken = the_claim(desk, claim.number)
    assert (taken.case_id, taken.diagnoses) == (case.id, ("Z59.82",))
    after = readiness(desk, [claim.number])[claim.number]
    assert "case" not in {finding.check for finding in after.findings}

    undo(desk)
    assert the_claim(desk, claim.number) == claim
    open_case(desk, OpenCase(ana, date(2026, 10, 6), complaint="pain"))
    assert not the_claim(desk, claim.number).case_id, "it was not open on its date"
    assert_whole(desk)


def test_a_claim_says_which_steps_it_may_take(desk: Desk, claim: Claim) -> None:
    assert [move.verb for move in claim_page(desk, claim.number).moves] == ["ready"]
    void_claim(desk, claim.number, "wrong coverage")
    page = claim_page(desk, claim.number)
    assert not page.moves
    assert page.readiness is None
