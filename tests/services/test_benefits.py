"""What payers said about benefits, and the authorizations they gave."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.dates import Month
from casemgr.errors import InputRefused, NotFound, RuleRefused
from casemgr.services.benefits import (
    AddAuthorization,
    VerifyBenefits,
    add_authorization,
    authorizations,
    edit_authorization,
    verifications,
    verify_benefits,
    void_authorization,
    void_verification,
)
from casemgr.services.claims import draft_claims
from casemgr.services.undo import undo
from tests.services.support import SUNRISE, TODAY, assert_whole, cover, log

if TYPE_CHECKING:
    from casemgr.services.desk import Desk


def test_what_a_payer_said_is_kept_with_when_and_through_whom(desk: Desk, ana: str) -> None:
    coverage = cover(desk, ana)
    verify_benefits(desk, VerifyBenefits(ana, date(2026, 10, 2), covered="yes", codes=("9992",)))
    newer = verify_benefits(
        desk,
        VerifyBenefits(ana, TODAY, SUNRISE, "by phone", " Kim ", "88120", said="1 per day, no authorization"),
    )

    assert newer.coverage_id == coverage.id
    assert (newer.verified_by, newer.method, newer.contacted) == ("mrivera", "phone", "Kim")
    assert [one.verified_on for one in verifications(desk, ana)] == ["2026-10-21", "2026-10-02"]
    assert verifications(desk, ana)[1].codes == ("D9992",)
    assert_whole(desk)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (VerifyBenefits("", date(2026, 10, 22), covered="yes"), "verified_on"),
        (VerifyBenefits("", TODAY, reference="88120"), "said"),
        (VerifyBenefits("", TODAY, covered="yes", codes=("D0000",)), "codes"),
    ],
    ids=["in the future", "nothing learned", "unknown code"],
)
def test_a_verification_that_says_nothing_true_is_refused(
    desk: Desk, ana: str, wish: VerifyBenefits, field: str
) -> None:
    cover(desk, ana)
    with pytest.raises(InputRefused) as refused:
        verify_benefits(desk, wish._replace(patient_id=ana))
    assert refused.value.field == field
    assert verifications(desk, ana) == []


def test_benefits_need_a_coverage_on_the_day(desk: Desk, ana: str) -> None:
    cover(desk, ana, "2026-11-01")
    with pytest.raises(NotFound, match="No coverage holds on 10/21/2026"):
        verify_benefits(desk, VerifyBenefits(ana, TODAY, covered="yes"))
    with pytest.raises(NotFound, match="No coverage by Harbor"):
        verify_benefits(desk, VerifyBenefits(ana, TODAY, "Harbor", covered="yes"))
    # Benefits are often verified before the coverage begins.
    assert verify_benefits(desk, VerifyBenefits(ana, TODAY, "sunrise", covered="yes")).id


def test_a_verification_is_withdrawn_with_a_reason_and_undone(desk: Desk, ana: str) -> None:
    cover(desk, ana)
    saved = verify_benefits(desk, VerifyBenefits(ana, TODAY, covered="yes"))
    with pytest.raises(InputRefused, match="with a reason"):
        void_verification(desk, saved.id, " ")
    void_verification(desk, saved.id[-6:], "wrong patient")
    assert verifications(desk, ana) == []
    with pytest.raises(RuleRefused):
        void_verification(desk, saved.id, "again")
    undo(desk)
    assert [one.id for one in verifications(desk, ana)] == [saved.id]
    undo(desk)
    assert verifications(desk, ana) == []
    assert_whole(desk)


def test_an_authorization_counts_the_units_that_claims_take(desk: Desk, ana: str) -> None:
    cover(desk, ana)
    allowed = add_authorization(
        desk, AddAuthorization(ana, "PA-5521", codes=("D9993",), valid_from="2026-10-01", units=6)
    )
    log(desk, "20m referral garcia ana 2012: OS consult => booked")
    claim = draft_claims(desk, Month(2026, 10)).claims[0]
    with desk.write() as tx:
        tx.append("edit", "claim", claim.model_copy(update={"authorization_id": allowed.id}))

    (one,) = authorizations(desk, ana)
    assert (one.payer_name, one.used, one.left) == (SUNRISE, 1, 5)
    with pytest.raises(RuleRefused, match="names this authorization"):
        void_authorization(desk, allowed.id, "expired")

    edit_authorization(desk, allowed.id, {"units": 0}, codes=["D9991"])
    (one,) = authorizations(desk)
    assert (one.used, one.left) == (0, None)
    assert_whole(desk)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (AddAuthorization("", " "), "number"),
        (AddAuthorization("", "pa-1"), "number"),
        (AddAuthorization("", "PA-2", valid_from="2026-10-02", valid_to="2026-10-01"), "valid_to"),
        (AddAuthorization("", "PA-2", codes=("D1",)), "codes"),
    ],
    ids=["no number", "there already", "ends before it begins", "unknown code"],
)
def test_an_authorization_that_cannot_be_is_refused(
    desk: Desk, ana: str, wish: AddAuthorization, field: str
) -> None:
    cover(desk, ana)
    add_authorization(desk, AddAuthorization(ana, "PA-1"))
    with pytest.raises(InputRefused) as refused:
        add_authorization(desk, wish._replace(patient_id=ana))
    assert refused.value.field == field
    assert len(authorizations(desk, ana)) == 1


def test_an_edit_must_change_something(desk: Desk, ana: str) -> None:
    cover(desk, ana)
    saved = add_authorization(desk, AddAuthorization(ana, "PA-1", units=3))
    with pytest.raises(InputRefused, match="says this already"):
        edit_authorization(desk, saved.id, {"units": 3})
    void_authorization(desk, saved.id, "wrong payer")
    with pytest.raises(RuleRefused, match="was withdrawn"):
        edit_authorization(desk, saved.id, {"units": 4})
