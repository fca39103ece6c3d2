"""Who may render a code, and who worked here."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.checks.facts import DAY, facts, found, house, in_house, line, plan, severities, work


@pytest.mark.parametrize(
    ("roles", "told"),
    [
        (["case manager"], []),
        (["Case Manager", "dentist"], []),
        (["dentist"], ["error"]),
    ],
)
def test_the_role_is_one_that_may_render_it_in_any_case(roles: list[str], told: list[str]) -> None:
    assert severities(facts(plan({"roles": roles})), "role") == told


def test_each_who_rendered_it_is_looked_at() -> None:
    rules = plan({"roles": ["case manager"]})
    both = line(rules, DAY, "D9992", work("w1"), work("w2", staff="tchen", start="10:00"))
    (finding,) = found(facts(rules, both), "role")
    assert "Tam Chen" in finding.title
    assert not found(facts(), "role")


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        ({"active_from": "2026-10-05", "active_to": "2026-10-05"}, []),
        ({"active_from": "2026-10-06"}, ["error"]),
        ({"active_to": "2026-10-04"}, ["error"]),
    ],
)
def test_staff_work_here_on_their_first_day_and_their_last(dates: dict[str, Any], told: list[str]) -> None:
    staff = {"mrivera": house().staff["mrivera"].model_copy(update=dates)}
    assert severities(in_house(facts(), staff=staff), "at_work") == told


def test_somebody_who_is_not_known_did_not_work_here() -> None:
    assert severities(in_house(facts(), staff={}), "at_work") == ["error"]
