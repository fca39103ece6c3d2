"""The score of a claim: what is missing costs, and more so if this practice was denied for it before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from casemgr.core.checks import CHECKS, look_at
from casemgr.core.findings import Finding, Severity
from casemgr.core.readiness import FEW, RAISE, Denials, Readiness, Scale
from tests.core.checks.facts import facts, plan, with_case

if TYPE_CHECKING:
    from casemgr.core.claim_facts import ClaimFacts


ALL_ASKED = plan(
    {
        "covered": True,
        "limit": [{"count": 9, "per": "month"}],
        "excludes": ["D9990"],
        "companions": ["D9990"],
        "places": ["11"],
        "roles": ["dentist"],
        "required": ["note"],
        "not_billable": [{"why": "No", "outcomes": ["x"]}],
    }
)
"""A payer whose rules ask for everything that rules can ask for."""


def scored(claim: ClaimFacts, denials: Denials | None = None) -> Readiness:
    return Scale(denials or Denials(0, {})).readiness(claim, look_at(claim))


def test_nothing_missing_is_100_and_an_error_is_never() -> None:
    assert scored(facts()).score == 100
    for check in CHECKS:
        if check.gravest is Severity.ERROR:
            found = Scale().readiness(facts(), (Finding(check.id, Severity.ERROR, "It is wrong"),))
            assert found.score < 50
            assert not found.ready


def test_a_warning_costs_less_than_an_error_and_a_note_nothing() -> None:
    claim = facts()

    def score(severity: Severity) -> int:
        return Scale().readiness(claim, (Finding("benefits", severity, "It is"),)).score

    assert score(Severity.ERROR) < score(Severity.WARNING) < score(Severity.NOTE) == 100


def test_warnings_alone_leave_half() -> None:
    every = tuple(Finding(check.id, Severity.WARNING, "Look again") for check in CHECKS)
    found = Scale().readiness(facts(ALL_ASKED), every)
    assert 50 <= found.score < 60
    assert found.ready


def test_everything_missing_is_nothing() -> None:
    every = tuple(Finding(check.id, Severity.ERROR, "It is wrong") for check in CHECKS)
    assert Scale().readiness(facts(ALL_ASKED), every).score == 0


@pytest.mark.parametrize("denied", [1, 5, 50])
def test_denials_for_documentation_raise_the_cost_of_missing_documentation(denied: int) -> None:
    undocumented = with_case(facts(), plan="")
    unfiled = replace(facts(), member_id="")
    before = scored(undocumented).score
    denials = Denials(denied, {"documentation": denied})
    assert scored(undocumented, denials).score <= before
    assert scored(unfiled, denials).score >= scored(unfiled).score
    other = Denials(denied, {"frequency": denied})
    assert scored(undocumented, other).score >= scored(undocumented, denials).score


def test_more_denials_cost_more() -> None:
    undiagnosed = replace(facts(), diagnoses=())
    scores = [scored(undiagnosed, Denials(50, {"diagnosis": count})).score for count in (0, 10, 25, 50)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[-1]


def test_few_denials_do_not_dominate() -> None:
    assert Denials(1, {"diagnosis": 1}).raised("diagnosis") == 1000 + RAISE * (1000 // (1 + FEW))
    assert Denials(1000, {"diagnosis": 1000}).raised("diagnosis") < 1000 * (1 + RAISE)
    assert Denials(7, {"diagnosis": 7}).raised("") == 1000
    assert Denials(0, {}).raised("diagnosis") == 1000


def test_what_is_missing_comes_costliest_first_and_notes_are_not_missing() -> None:
    claim = with_case(replace(facts(plan(synthetic=True)), diagnoses=("Z59.82",)), plan="", consent="")
    found = scored(claim)
    assert [one.check for one in found.missing] == ["plan", "consent", "synthetic"]
    assert found.count("note") == 1
    assert found.summary.endswith(": 1 error, 2 warnings, 1 note")
    assert scored(facts()).summary == "100 of 100: nothing is missing"
    denials = Denials(90, {"documentation": 90})
    assert scored(claim, denials).missing[0].check == "plan"
