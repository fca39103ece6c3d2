"""When a point of the documentation checklist is met."""

from __future__ import annotations

import pytest

from casemgr.core.checklist import by_activities, by_case
from casemgr.core.records import Case

CASE = Case(id="c", patient_id="p", opened_on="2026-09-03", plan="extract, since it hurts", findings="TBD")


@pytest.mark.parametrize(
    ("field", "met", "evidence"),
    [
        ("plan", True, "extract, since it hurts"),
        ("findings", False, "The case says only “TBD”"),
        ("complaint", False, "The case does not say it"),
    ],
)
def test_a_case_meets_what_it_says(field: str, met: bool, evidence: str) -> None:
    assert by_case(CASE, field) == (met, evidence)


def test_without_a_case_nothing_is_said() -> None:
    assert by_case(None, "plan") == (False, "No case was open")


@pytest.mark.parametrize(
    ("count", "told", "followed", "met"),
    [(2, 2, 1, True), (2, 1, 2, False), (2, 2, 0, False), (0, 0, 0, False)],
)
def test_activities_say_what_came_of_each_and_what_follows(
    count: int, told: int, followed: int, met: bool
) -> None:
    assert by_activities(count, told, followed).met is met
