"""Codes, fees, places, units, and what stands together on one date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.core.checks.facts import (
    DAY,
    billed,
    facts,
    found,
    house,
    in_house,
    line,
    plan,
    severities,
    with_billed,
    work,
)

NEXT_DAY = date(2026, 10, 6)


def dated(first: date | None, last: date | None) -> Any:
    """A claim whose code is in force between two dates."""
    code = house().codes["D9992"].model_copy(update={"effective_from": first, "effective_to": last})
    return in_house(facts(), codes={**house().codes, "D9992": code})


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (DAY, DAY, []),
        (NEXT_DAY, None, ["error"]),
        (None, date(2026, 10, 4), ["error"]),
        (None, None, []),
    ],
)
def test_a_code_is_in_force_on_its_first_day_and_its_last(
    first: date | None, last: date | None, told: list[str]
) -> None:
    assert severities(dated(first, last), "code") == told


def test_a_code_that_no_file_describes_is_told_once() -> None:
    rules = plan()
    claim = facts(rules, line(rules, DAY, "D9000"), line(rules, NEXT_DAY, "D9000", number=2))
    assert severities(claim, "code") == ["warning"]


def test_the_code_is_compared_with_what_the_code_set_names() -> None:
    rules = plan()
    assert not found(facts(), "nomenclature")
    under = line(
        rules,
        DAY,
        "D9993",
        work("w1"),
        work("w2", kind="transport", start="10:00"),
        work("w3", start="11:00"),
    )
    (finding,) = found(facts(rules, under), "nomenclature")
    assert (
        finding.title
        == "D9993 for referral coordination and 1 other kind: the code set names D9991 and D9992"
    )


def test_a_claim_without_any_charge_is_an_error_and_one_line_without_a_warning() -> None:
    rules = plan()
    free = line(rules, DAY, fee_cents=0)
    assert severities(facts(rules, free), "fee") == ["error"]
    assert severities(facts(rules, free, line(rules, NEXT_DAY, number=2)), "fee") == ["warning"]
    assert not found(facts(), "fee")


def test_the_place_of_service_is_one_that_is_taken() -> None:
    remote = plan({"places": ["02", "10"]})
    assert severities(facts(remote), "place") == ["error"]
    assert not found(replace(facts(remote), place_of_service="10"), "place")
    assert not found(facts(), "place")


@pytest.mark.parametrize(
    ("rule", "minutes", "quantity", "told"),
    [
        ({}, 1, 1, 0),
        ({"unit": "15_minutes"}, 22, 1, 0),
        ({"unit": "15_minutes"}, 23, 1, 1),
        ({"unit": "8_minutes"}, 8, 1, 0),
        ({"unit": "8_minutes"}, 7, 1, 1),
        ({"minimum_minutes": 15}, 15, 1, 0),
        ({"minimum_minutes": 15}, 14, 1, 1),
        ({"unit": "month", "monthly_minutes": 20}, 20, 1, 0),
        ({"unit": "month", "monthly_minutes": 20}, 19, 1, 1),
    ],
)
def test_the_quantity_is_what_the_minutes_make(
    rule: dict[str, Any], minutes: int, quantity: int, told: int
) -> None:
    rules = plan(rule)
    claim = facts(rules, line(rules, DAY, "D9992", work(minutes=minutes), quantity=quantity))
    assert severities(claim, "quantity") == ["error"] * told


def test_a_months_minutes_are_summed_by_date_where_a_rule_says_so() -> None:
    rules = plan({"unit": "month", "monthly_minutes": 20, "minimum_minutes": 10, "sum_contacts": True})
    parts = (
        work("w1", minutes=5),
        work("w2", minutes=5, start="10:00"),
        work("w3", minutes=10, service_date="2026-10-06"),
    )
    assert not found(facts(rules, line(rules, NEXT_DAY, "D9992", *parts)), "quantity")
    assert severities(facts(rules, line(rules, NEXT_DAY, "D9992", *parts[1:])), "quantity") == ["error"]


def test_work_that_is_not_paid_is_found_by_its_rule() -> None:
    rules = plan({"not_billable": [{"why": "A voicemail is no contact", "outcomes": ["voicemail"]}]})
    assert severities(facts(rules, line(rules, DAY, "D9992", work(outcome="voicemail"))), "not_billable") == [
        "error"
    ]
    assert not found(facts(rules), "not_billable")


def test_a_date_and_code_stand_on_one_claim_only() -> None:
    assert severities(with_billed(facts(), [billed(DAY)]), "duplicate") == ["error"]
    assert not found(with_billed(facts(), [billed(DAY, "D9991")]), "duplicate")
    assert not found(with_billed(facts(), [billed(NEXT_DAY)]), "duplicate")
    assert not found(facts(), "duplicate")


@pytest.mark.parametrize(
    ("day", "code", "told"), [(DAY, "D9991", 1), (NEXT_DAY, "D9991", 0), (DAY, "D9994", 0)]
)
def test_codes_that_exclude_each_other_are_found_on_any_claim(day: date, code: str, told: int) -> None:
    apart = plan({"codes": ["D9992"], "excludes": ["D9991", "D9990"]})
    assert len(found(with_billed(facts(apart), [billed(day, code)]), "same_day")) == told
    claim = facts(apart, line(apart, DAY), line(apart, day, code, number=2))
    assert len(found(claim, "same_day")) == told


@pytest.mark.parametrize(
    ("day", "code", "told"), [(DAY, "D9994", 0), (DAY, "D9990", 0), (NEXT_DAY, "D9994", 1), (DAY, "D9991", 1)]
)
def test_one_of_the_companions_is_enough_on_the_same_date(day: date, code: str, told: int) -> None:
    beside = plan({"companions": ["D9994", "D9990"]})
    claim = with_billed(facts(beside), [billed(day, code)])
    assert severities(claim, "companions") == ["warning"] * told


def test_work_under_two_codes_of_a_date_is_documented_apart() -> None:
    rules = plan()
    one = line(rules, DAY, "D9992", work("w1", note="Sent the packet"))

    def beside(note: str, day: date = DAY) -> list[str]:
        done = work("w2", kind="transport", start="10:00", note=note, service_date=day.isoformat())
        return severities(facts(rules, one, line(rules, day, "D9991", done, number=2)), "bundling")

    assert beside("Booked the ride") == []
    assert beside("sent the PACKET") == ["warning"]
    assert beside("") == ["warning"]
    assert beside("", NEXT_DAY) == []
    unsaid = facts(rules, line(rules, DAY, "D9992", work(note="")))
    assert severities(with_billed(unsaid, [billed(DAY, "D9991")]), "bundling") == ["warning"]
    assert not found(unsaid, "bundling")
