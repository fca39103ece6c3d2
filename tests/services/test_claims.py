"""Drafting a month's claims, and taking one back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import AddPatient, CloseCase, OpenCase
from casemgr.core.dates import Month
from casemgr.core.month import LeftOutWhy
from casemgr.errors import InputRefused, NotFound, RuleRefused
from casemgr.services.activities import activity
from casemgr.services.cases import close_case, open_case
from casemgr.services.claims import draft_claims, listed, the_claim, void_claim
from casemgr.services.patients import add_patient
from tests.services.support import OCTOBER, SEPTEMBER, activities_of, assert_whole, cover, length, log

if TYPE_CHECKING:
    from casemgr.services.desk import Desk


def test_signed_and_covered_work_of_the_month_is_claimed_and_the_rest_listed(desk: Desk, ana: str) -> None:
    cover(desk, ana, "2026-09-15", "2026-10-20")
    billed = [
        log(desk, "15m ride #1030 10/1: to visit => ride confirmed"),
        log(desk, "20m referral #1030 10/1: consult => booked"),
        log(desk, "5m referral #1030 10/20: consult => booked"),
    ]
    late = log(desk, "7m referral #1030 10/21: consult => booked")
    draft = log(desk, "9m ride #1030 10/2: to visit", draft=True)
    bare = log(desk, "11m ride #1031 10/2: to visit => ride confirmed")
    log(desk, "30m ride #1030 9/30: to visit => ride confirmed")
    drafted = draft_claims(desk, OCTOBER)
    (claim,) = drafted.claims
    assert (claim.minutes, claim.charge_cents, claim.month) == (40, 3000, "2026-10")
    assert [(line.service_date, line.minutes) for line in claim.lines] == [
        ("2026-10-01", 35),
        ("2026-10-20", 5),
    ]
    assert [row.id for row in activities_of(desk, claim)] == [each.id for each in billed]
    assert {row.id: why for row, why in drafted.left_out} == {
        late.id: LeftOutWhy.NO_COVERAGE,
        bare.id: LeftOutWhy.NO_COVERAGE,
        draft.id: LeftOutWhy.DRAFT,
    }
    assert (claim.payer, claim.payer_name, claim.member_id) == (
        "sunrise-medicaid-dental",
        "Sunrise Medicaid Dental",
        "SYN0000001",
    )
    assert claim.payer_rules == desk.payers.rules_for(claim.payer).digest
    assert_whole(desk)


def test_drafting_again_adds_only_what_is_new(desk: Desk, ana: str) -> None:
    cover(desk, ana)
    log(desk, "15m ride #1030 10/1: to visit => ride confirmed")
    (first,) = draft_claims(desk, OCTOBER).claims
    before = length(desk)
    assert not draft_claims(desk, OCTOBER).claims
    assert length(desk) == before
    log(desk, "5m ride #1030 10/2: again => ride confirmed")
    (second,) = draft_claims(desk, OCTOBER).claims
    assert (first.minutes, second.minutes) == (15, 5)
    assert [row.number for row in listed(desk, OCTOBER)] == [first.number, second.number]


def test_a_date_and_code_that_stand_on_a_claim_are_not_billed_again(desk: Desk, ana: str) -> None:
    cover(desk, ana)
    first = log(desk, "15m ride #1030 10/1: to visit => ride confirmed")
    (claim,) = draft_claims(desk, OCTOBER).claims
    later = log(desk, "5m ride #1030 10/1: again => ride confirmed")
    before = length(desk)
    drafted = draft_claims(desk, OCTOBER)
    assert not drafted.claims
    assert [(row.id, why) for row, why in drafted.left_out] == [(later.id, LeftOutWhy.ON_A_CLAIM)]
    assert length(desk) == before
    void_claim(desk, claim.number, "a later call")
    (anew,) = draft_claims(desk, OCTOBER).claims
    (line,) = anew.lines
    assert (line.minutes, line.quantity, line.activity_ids) == (20, 1, (first.id, later.id))
    assert_whole(desk)


def test_numbers_name_device_and_year_and_go_on_by_patients_names(desk: Desk, ana: str) -> None:
    device = desk.store.local("device")
    zed = add_patient(desk, AddPatient("Zed", "Amy", date(1990, 1, 1), payer="Harbor", member_id="H1"))
    cover(desk, ana)
    log(desk, f"15m ride #{zed.patient.chart_number} 10/1: to visit => ride confirmed")
    log(desk, "15m ride #1030 10/2: to visit => ride confirmed")
    log(desk, "15m ride #1030 9/2: to visit => ride confirmed")
    assert [(c.number, c.patient_id) for c in draft_claims(desk, OCTOBER).claims] == [
        (f"{device}-2026-0001", ana),
        (f"{device}-2026-0002", zed.patient.id),
    ]
    assert [claim.number for claim in draft_claims(desk, SEPTEMBER).claims] == [f"{device}-2026-0003"]
    assert not draft_claims(desk, Month(2025, 10)).claims


def test_one_patient_alone_is_drafted_where_that_is_asked(desk: Desk, ana: str) -> None:
    cover(desk, ana)
    log(desk, "15m ride #1030 10/1: to visit => ride confirmed")
    log(desk, "15m ride #1031 10/1: to visit => ride confirmed")
    drafted = draft_claims(desk, OCTOBER, ana)
    assert [claim.patient_id for claim in drafted.claims] == [ana]
    assert not drafted.left_out


def test_a_voided_claim_frees_its_activities(desk: Desk, ana: str) -> None:
    cover(desk, ana)
    record = log(desk, "15m ride #1030 10/1: to visit => ride confirmed")
    (claim,) = draft_claims(desk, OCTOBER).claims
    assert activity(desk, record.id).status == "claimed"
    with pytest.raises(InputRefused, match="reason"):
        void_claim(desk, claim.number, " ")
    assert void_claim(desk, claim.number.lower(), "wrong payer").voided
    assert activity(desk, record.id).status == "signed"
    assert not listed(desk)
    assert [row.number for row in listed(desk, include_voided=True)] == [claim.number]
    assert [row.id for row in activities_of(desk, the_claim(desk, claim.number))] == [record.id]
    with pytest.raises(RuleRefused, match="voided already"):
        void_claim(desk, claim.number, "again")
    (again,) = draft_claims(desk, OCTOBER).claims
    assert (again.minutes, again.number > claim.number) == (15, True)
    assert_whole(desk)


def test_a_claim_has_the_case_that_was_open_on_its_last_day(desk: Desk, ana: str) -> None:
    cover(desk, ana)
    old = open_case(desk, OpenCase(ana, date(2026, 9, 1)))
    close_case(desk, CloseCase(old.id, date(2026, 10, 5), "done"))
    new = open_case(desk, OpenCase(ana, date(2026, 10, 6)))
    log(desk, "15m ride #1030 10/1: to visit => ride confirmed")
    log(desk, "15m ride #1030 10/7: to visit => ride confirmed")
    (claim,) = draft_claims(desk, OCTOBER).claims
    assert claim.case_id == new.id


def test_a_number_that_is_none_is_told(desk: Desk) -> None:
    with pytest.raises(NotFound, match="There is no claim “X-1”"):
        the_claim(desk, "X-1")
