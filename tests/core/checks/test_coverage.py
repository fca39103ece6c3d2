"""Coverage, benefits and prior authorization, on both sides of each of their days and units."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from casemgr.core.findings import Mend
from tests.core.checks.facts import (
    COVERAGE,
    DAY,
    VERIFIED,
    authorized,
    facts,
    found,
    line,
    plan,
    severities,
)

NEEDED = plan({"authorization": True})


def covered_by(**changes: Any) -> Any:
    """A claim whose coverage is changed."""
    coverage = COVERAGE.model_copy(update=changes)
    return replace(facts(), coverage=coverage, coverages=() if coverage.voided else (coverage,))


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2026-10-05", "2026-10-05", []),
        ("2026-10-06", "", ["error"]),
        ("", "2026-10-04", ["error"]),
        ("2024-02-29", "2026-12-31", []),
    ],
)
def test_coverage_holds_on_its_first_day_and_its_last(first: str, last: str, told: list[str]) -> None:
    assert severities(covered_by(valid_from=first, valid_to=last), "coverage") == told


def test_a_coverage_that_was_taken_away_or_outdone_is_told() -> None:
    assert severities(covered_by(voided=True), "coverage") == ["error"]
    later = COVERAGE.model_copy(update={"id": "later", "valid_from": "2026-09-01"})
    (finding,) = found(replace(facts(), coverages=(COVERAGE, later)), "coverage")
    assert finding.mend == Mend("coverage", "later")
    not_yet = later.model_copy(update={"valid_from": "2026-10-06"})
    assert not found(replace(facts(), coverages=(COVERAGE, not_yet)), "coverage")


def test_the_member_id_is_there_and_the_coverages() -> None:
    assert severities(replace(facts(), member_id=""), "member") == ["error"]
    assert severities(covered_by(member_id="SYN2"), "member") == ["warning"]
    assert not found(facts(), "member")


def test_a_code_is_not_covered_where_a_rule_says_so() -> None:
    assert severities(facts(plan({"covered": False})), "covered") == ["error"]
    assert not found(facts(plan({"covered": True})), "covered")
    assert not found(facts(), "covered")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, []),
        ({"covered": "no"}, ["error"]),
        ({"covered": "unknown"}, ["note"]),
        ({"codes": ("D9991",)}, ["warning"]),
        ({"codes": ("D9992",)}, []),
        ({"verified_on": "2026-07-07"}, []),
        ({"verified_on": "2026-07-06"}, ["note"]),
        ({"verified_on": "2026-10-20"}, []),
    ],
)
def test_benefits_were_asked_about_within_90_days(changes: dict[str, Any], told: list[str]) -> None:
    claim = replace(facts(), verifications=(VERIFIED.model_copy(update=changes),))
    assert severities(claim, "benefits") == told


def test_benefits_that_nobody_asked_about_are_told() -> None:
    assert severities(replace(facts(), verifications=()), "benefits") == ["warning"]


def test_benefits_are_asked_about_anew_in_each_benefit_year() -> None:
    october, july = plan(benefit_year="10-01"), plan(benefit_year="07-01")
    asked = (VERIFIED.model_copy(update={"verified_on": "2026-09-30"}),)
    assert severities(replace(facts(october), verifications=asked), "benefits") == ["note"]
    assert not found(replace(facts(july), verifications=asked), "benefits")


def test_the_newest_answer_about_a_code_counts() -> None:
    newest = VERIFIED.model_copy(update={"id": "v2", "verified_on": "2026-10-01", "covered": "no"})
    assert severities(replace(facts(), verifications=(newest, VERIFIED)), "benefits") == ["error"]
    other_code = newest.model_copy(update={"codes": ("D9991",)})
    assert not found(replace(facts(), verifications=(other_code, VERIFIED)), "benefits")


def test_authorization_is_asked_for_only_where_a_rule_does() -> None:
    assert severities(facts(NEEDED), "authorization") == ["error"]
    assert not found(facts(plan({"authorization": False})), "authorization")
    assert not found(facts(), "authorization")


def test_an_authorization_that_would_fit_is_named() -> None:
    fitting = replace(facts(NEEDED), authorizations=(authorized(),))
    (finding,) = found(fitting, "authorization")
    assert "PA7" in finding.why
    assert finding.mend == Mend("claim", "claim", "authorization_id")
    over = replace(facts(NEEDED), authorizations=(authorized(valid_to="2026-10-04"),))
    (finding,) = found(over, "authorization")
    assert finding.mend == Mend("authorization", "patient")


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"valid_from": "2026-10-05", "valid_to": "2026-10-05"}, 0),
        ({"valid_from": "2026-10-06"}, 1),
        ({"valid_to": "2026-10-04"}, 1),
        ({"codes": ("D9992",)}, 0),
        ({"codes": ("D9991",)}, 1),
        ({"valid_from": "", "valid_to": ""}, 0),
    ],
)
def test_an_authorization_holds_for_its_days_and_codes(changes: dict[str, Any], errors: int) -> None:
    claim = replace(
        facts(NEEDED), authorization_id="authorization", authorizations=(authorized(units=0, **changes),)
    )
    assert severities(claim, "authorization") == ["error"] * errors


@pytest.mark.parametrize(
    ("used", "quantity", "title", "told"),
    [
        (1, 1, "2 of 6 units used of authorization PA7", "note"),
        (4, 2, "6 of 6 units used of authorization PA7", "note"),
        (5, 2, "7 of 6 units used of authorization PA7", "error"),
        (6, 1, "7 of 6 units used of authorization PA7", "error"),
    ],
)
def test_the_units_of_an_authorization_are_counted(used: int, quantity: int, title: str, told: str) -> None:
    claim = replace(
        facts(NEEDED, line(NEEDED, DAY, quantity=quantity)),
        authorization_id="authorization",
        authorizations=(authorized(used),),
    )
    (finding,) = found(claim, "authorization")
    assert (finding.title, finding.severity.label) == (title, told)


def test_an_authorization_of_another_coverage_is_none() -> None:
    claim = replace(facts(NEEDED), authorization_id="elsewhere", authorizations=(authorized(),))
    assert severities(claim, "authorization") == ["error"]


def test_what_needs_no_authorization_may_stand_beside_what_does() -> None:
    both = plan({"codes": ["D9992"], "authorization": True}, {"codes": ["D9991"], "authorization": False})
    claim = facts(both, line(both, DAY), line(both, date(2026, 10, 6), "D9991", number=2))
    held = authorized(units=0, codes=("D9992",))
    assert not found(
        replace(claim, authorization_id="authorization", authorizations=(held,)), "authorization"
    )
