"""Whether the rules can be relied on: real, in force, read within a year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.core.checks.facts import AS_OF, facts, found, plan, severities


def test_made_up_figures_are_told() -> None:
    assert severities(facts(plan(synthetic=True)), "synthetic") == ["warning"]
    assert not found(facts(), "synthetic")


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        ({"valid_from": "2026-10-05", "valid_to": "2026-10-05"}, []),
        ({"valid_from": "2026-10-06"}, ["warning"]),
        ({"valid_to": "2026-10-04"}, ["warning"]),
        ({}, []),
    ],
)
def test_the_payers_file_holds_on_its_first_day_and_its_last(dates: dict[str, Any], told: list[str]) -> None:
    assert severities(facts(plan(**dates)), "payer_dates") == told


def test_a_file_that_was_changed_since_is_noted_until_the_claim_is_sent() -> None:
    changed = replace(facts(), payer_changed=True)
    assert severities(changed, "payer_dates") == ["note"]
    assert not found(replace(changed, status="paid"), "payer_dates")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"verified_on": "2025-11-02"}, []),
        ({"verified_on": "2025-11-01"}, ["warning"]),
        ({"verified_on": None}, ["warning"]),
        ({"source": ""}, ["warning"]),
    ],
)
def test_a_rule_was_read_within_365_days(said: dict[str, Any], told: list[str]) -> None:
    assert date(2026, 11, 2) == AS_OF
    assert severities(facts(plan({"covered": True, **said})), "rule_sources") == told


def test_a_rule_that_does_not_speak_of_the_claim_is_not_looked_at() -> None:
    assert not found(facts(plan({"codes": ["D9991"], "source": ""})), "rule_sources")


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        ({"valid_to": "2020-04-24"}, "The rules for D9992 ended on Apr 24, 2020"),
        ({"valid_from": "2026-10-06"}, "The rules for D9992 begin on Oct 6"),
        ({"valid_to": "2026-10-05"}, ""),
        ({"valid_from": "2026-10-05"}, ""),
    ],
)
def test_rules_that_are_over_or_not_yet_are_told(dates: dict[str, Any], told: str) -> None:
    rules = plan({"codes": ["D9992"], "covered": True, **dates})
    assert "".join(finding.title for finding in found(facts(rules), "lapsed")) == told


def test_a_rule_that_was_replaced_is_no_lapse() -> None:
    rules = plan(
        {"codes": ["D9992"], "valid_to": "2026-09-30"}, {"codes": ["D9992"], "valid_from": "2026-10-01"}
    )
    assert not found(facts(rules), "lapsed")
