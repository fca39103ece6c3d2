"""Diagnosis codes: how many, whether they may stand, and whether they fit the work."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.core.checks.facts import facts, found, line, plan, severities, with_case


def coded(*codes: str, day: date = date(2026, 9, 30)) -> list[str]:
    """What is found of some codes on the last day of our release, or another."""
    rules = plan()
    claim = replace(facts(rules, line(rules, day)), diagnoses=codes)
    return severities(claim, "diagnosis_codes")


def test_a_claim_has_one_to_four_diagnoses() -> None:
    codes = ("Z55.6", "Z59.6", "Z60.2", "Z60.3", "Z75.3")
    assert severities(replace(facts(), diagnoses=()), "diagnosis") == ["warning"]
    assert not found(replace(facts(), diagnoses=codes[:1]), "diagnosis")
    assert not found(replace(facts(), diagnoses=codes[:4]), "diagnosis")
    assert severities(replace(facts(), diagnoses=codes), "diagnosis") == ["error"]
    assert severities(replace(facts(), diagnoses=("Z60.2", "Z60.2")), "diagnosis") == ["warning"]


def test_what_the_case_names_is_offered() -> None:
    claim = with_case(replace(facts(), diagnoses=()), barriers=("Z59.82", "lives far away"))
    (finding,) = found(claim, "diagnosis")
    assert "Z59.82" in finding.why
    assert "far away" not in finding.why


def test_only_the_last_level_may_stand() -> None:
    assert coded("Z59.82", "K02.9", "k029") == []
    assert coded("Z91.19") == ["error"]
    (finding,) = found(replace(facts(), diagnoses=("Z91.19",)), "diagnosis_codes")
    assert finding.why == "Use one of Z91.190, Z91.198, Z91.199."
    (finding,) = found(replace(facts(), diagnoses=("Z59.7",)), "diagnosis_codes")
    assert "Z59.71" in finding.why
    (finding,) = found(replace(facts(), diagnoses=("K02",)), "diagnosis_codes")
    assert finding.why.endswith("more.")


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 9, 30), "error"),
        (date(2026, 10, 1), "warning"),
        (date(2026, 4, 1), "error"),
        (date(2026, 3, 31), "warning"),
    ],
)
def test_a_code_that_nobody_knows_is_an_error_while_our_release_is_in_force(day: date, told: str) -> None:
    assert coded("Z59.99", day=day) == [told]


def test_the_practices_own_barriers_may_stand_whatever_the_release() -> None:
    claim = facts()
    own = claim.house.reasons.barriers[0].model_copy(update={"code": "Z59.99"})
    reasons = claim.house.reasons.model_copy(update={"barriers": (own,)})
    claim = replace(claim, diagnoses=("Z59.99",), house=replace(claim.house, reasons=reasons))
    assert not found(claim, "diagnosis_codes")


def test_a_barrier_pairs_with_a_code() -> None:
    rules = plan()
    referral, ride = facts(rules), facts(rules, line(rules, code="D9991"))
    assert severities(replace(referral, diagnoses=("Z59.82",)), "pairing") == ["note"]
    assert not found(replace(ride, diagnoses=("Z59.82",)), "pairing")
    named = with_case(ride, barriers=("Z59.82",))
    assert severities(named, "pairing") == ["note"]
    assert not found(with_case(referral, barriers=("Z59.82",)), "pairing")
