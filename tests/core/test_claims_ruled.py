"""What payers' rules make of the log: what is not paid for, how minutes become units, and fees."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.claims import Planned, coverage_on, plan_claims
from casemgr.core.month import LeftOutWhy
from casemgr.core.payers import Payer, Payers
from tests.core.test_claims import Work, covered, kinds

CHANGE = date(2026, 10, 6)


def acme(*rules: dict[str, Any], **more: Any) -> Payer:
    content = {"name": "Acme", "rule": [{"codes": ["D9993"], **rule} for rule in rules], **more}
    return Payers.load([(Path("acme.toml"), content)], kinds()).rules_for("acme")


def plan(payer: Payer, *work: Work, standing: set[tuple[str, str, str]] | None = None) -> Planned:
    return plan_claims(work, {"p": [covered()]}, lambda _: payer, kinds(), standing or set())


def lines(planned: Planned) -> list[tuple[str, int, int, tuple[str, ...]]]:
    return [
        (line.service_date, line.quantity, line.minutes, line.activity_ids)
        for claim in planned.claims
        for line in claim.lines
    ]


def left_out(planned: Planned) -> list[tuple[str, LeftOutWhy, str]]:
    return [(each, why, planned.words.get(each, "")) for each, why in planned.left_out]


def test_a_code_that_is_not_covered_is_left_out_with_the_rules_own_words() -> None:
    payer = acme({"covered": False, "note": "No case management before 2027"})
    planned = plan(payer, Work())
    assert not planned.claims
    assert left_out(planned) == [("a", LeftOutWhy.NOT_COVERED, "No case management before 2027")]


@pytest.mark.parametrize(("day", "billed"), [("2026-10-05", True), ("2026-10-06", False)])
def test_the_rules_of_the_service_date_decide(day: str, billed: bool) -> None:
    payer = acme({"covered": False, "valid_from": CHANGE})
    assert bool(plan(payer, Work(service_date=day)).claims) is billed


VOICEMAIL = {"why": "A voicemail is no contact", "outcomes": ["voicemail"]}
SCHEDULING = {
    "why": "Confirming alone is not paid",
    "words": ["confirm", "resched"],
    "unless": ["barrier", "ride"],
}
TRAVEL = {"why": "Travel is not paid", "words": ["drove", "travel"], "kinds": ["transport"]}


@pytest.mark.parametrize(
    ("work", "why"),
    [
        (Work(outcome="voicemail"), "A voicemail is no contact"),
        (Work(outcome="voicemail", note="talked about a barrier"), "A voicemail is no contact"),
        (Work(reason="Confirmed Thursday's visit"), "Confirming alone is not paid"),
        (Work(outcome_words="RESCHEDULED"), "Confirming alone is not paid"),
        (Work(note="confirmed; set up a ride"), ""),
        (Work(note="unconfirmed rumor"), ""),
        (Work(kind="transport", note="Drove the patient home"), "Travel is not paid"),
        (Work(note="Drove the patient home"), ""),
        (Work(), ""),
    ],
)
def test_work_that_is_not_paid_is_told_by_its_outcome_kind_and_words(work: Work, why: str) -> None:
    payer = acme({"not_billable": [VOICEMAIL]}, {"not_billable": [SCHEDULING, TRAVEL]})
    planned = plan(payer, work)
    assert left_out(planned) == ([("a", LeftOutWhy.NOT_BILLABLE, why)] if why else [])


def test_a_kind_may_be_unpaid_as_such() -> None:
    payer = acme({"not_billable": [{"why": "Rides are paid by the county", "kinds": ["transport"]}]})
    planned = plan(payer, Work("ride", kind="transport"), Work("referral"))
    assert lines(planned) == [("2026-10-05", 1, 20, ("referral",))]


def test_minutes_become_units_and_stay_what_they_were() -> None:
    payer = acme({"unit": "8_minutes"}, fees={"D9993": 1000})
    planned = plan(
        payer, Work("a", minutes=7), Work("b", minutes=16), Work("c", minutes=7, service_date="2026-10-06")
    )
    assert lines(planned) == [("2026-10-05", 2, 23, ("a", "b"))]
    assert left_out(planned) == [("c", LeftOutWhy.TOO_SHORT, "A unit needs 8 min")]
    (line,) = planned.claims[0].lines
    assert (line.fee_cents, line.charge_cents) == (1000, 2000)


def test_contacts_that_are_counted_apart_stand_or_fall_alone() -> None:
    payer = acme({"unit": "15_minutes", "minimum_minutes": 10})
    planned = plan(payer, Work("a", minutes=9), Work("b", minutes=23), Work("c", minutes=10))
    assert lines(planned) == [("2026-10-05", 3, 33, ("b", "c"))]
    assert left_out(planned) == [
        ("a", LeftOutWhy.TOO_SHORT, "A unit needs 8 min and at least 10 min a contact")
    ]


@pytest.mark.parametrize(("minutes", "billed"), [(7, False), (8, True)])
def test_contacts_that_are_added_up_reach_the_minimum_together(minutes: int, billed: bool) -> None:
    payer = acme({"unit": "day", "minimum_minutes": 15, "sum_contacts": True})
    planned = plan(payer, Work("a", minutes=7), Work("b", minutes=minutes))
    assert lines(planned) == ([("2026-10-05", 1, 15, ("a", "b"))] if billed else [])
    too_short = [(each, LeftOutWhy.TOO_SHORT, "A unit needs at least 15 min a date") for each in "ab"]
    assert left_out(planned) == ([] if billed else too_short)


MONTHLY = {"unit": "month", "monthly_minutes": 20}


@pytest.mark.parametrize(("last", "billed"), [(7, False), (8, True)])
def test_a_month_is_one_line_on_the_day_that_it_reached_its_threshold(last: int, billed: bool) -> None:
    work = [
        Work("a", minutes=12, service_date="2026-10-02"),
        Work("b", minutes=last, service_date="2026-10-31"),
        Work("next", minutes=19, service_date="2026-11-01"),
    ]
    planned = plan(acme(MONTHLY), *work)
    assert lines(planned) == ([("2026-10-31", 1, 20, ("a", "b"))] if billed else [])
    assert {each for each, _, _ in left_out(planned)} == ({"next"} if billed else {"a", "b", "next"})
    assert set(planned.words.values()) == {"A unit needs 20 min in a calendar month"}


def test_what_comes_after_the_threshold_stands_on_the_months_line() -> None:
    work = [Work(str(day), minutes=15, service_date=f"2026-10-{day:02}") for day in (1, 5, 20)]
    assert lines(plan(acme(MONTHLY), *work)) == [("2026-10-05", 1, 45, ("1", "5", "20"))]


def test_a_month_that_is_billed_takes_no_second_line() -> None:
    standing = {("p", "2026-10-05", "D9993")}
    planned = plan(acme(MONTHLY), Work(service_date="2026-10-20", minutes=60), standing=standing)
    assert left_out(planned) == [("a", LeftOutWhy.ON_A_CLAIM, "")]
    other = plan(acme(MONTHLY), Work(service_date="2026-11-20", minutes=60), standing=standing)
    assert len(other.claims) == 1


def test_a_rules_fee_goes_before_that_of_the_file() -> None:
    payer = acme(
        {"fee": 0, "valid_to": date(2026, 10, 5)}, {"fee": 1800, "valid_from": CHANGE}, fees={"D9993": 1500}
    )
    planned = plan(payer, Work("a"), Work("b", service_date="2026-10-06"))
    assert [line.fee_cents for line in planned.claims[0].lines] == [0, 1800]
    assert [line.fee_cents for line in plan(acme(fees={"D9993": 1500}), Work()).claims[0].lines] == [1500]


rules = st.fixed_dictionaries(
    {"unit": st.sampled_from(["day", "visit", "15_minutes", "8_minutes"])},
    optional={
        "sum_contacts": st.booleans(),
        "minimum_minutes": st.integers(0, 40),
        "not_billable": st.just([VOICEMAIL]),
    },
) | st.fixed_dictionaries(
    {"unit": st.just("month"), "monthly_minutes": st.integers(1, 200)},
    optional={"sum_contacts": st.booleans(), "minimum_minutes": st.integers(0, 40)},
)
works = st.lists(
    st.builds(
        Work,
        service_date=st.integers(1, 28).map(lambda day: f"2026-10-{day:02d}"),
        minutes=st.integers(1, 90),
        outcome=st.sampled_from(["other", "voicemail"]),
    ),
    max_size=12,
).map(lambda found: [replace(work, id=str(number)) for number, work in enumerate(found)])


@given(rules, works)
def test_under_any_rules_every_activity_is_on_one_line_or_left_out(
    rule: dict[str, Any], work: list[Work]
) -> None:
    planned = plan(acme(rule), *work)
    by_id = {each.id: each for each in work}
    seen = [each for each, _ in planned.left_out]
    for claim in planned.claims:
        assert coverage_on([claim.coverage], claim.lines[0].service_date)
        for line in claim.lines:
            seen += line.activity_ids
            assert line.minutes == sum(by_id[each].minutes for each in line.activity_ids)
            assert line.quantity >= 1
            assert line.service_date in {by_id[each].service_date for each in line.activity_ids}
    assert sorted(seen) == sorted(by_id)
