"""Limits on how often: what counts, in which order, and when the next unit fits."""

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
    in_house,
    line,
    own,
    plan,
    severities,
    with_billed,
    work,
)


def limited(count: int, per: str, days: int = 0, scope: str = "patient", **more: Any) -> Any:
    """A payer with one limit."""
    return plan({"limit": [{"count": count, "per": per, "days": days, "scope": scope}]}, **more)


def claim_of(rules: Any, *before: date, day: date = DAY) -> Any:
    """A claim of one line, with others that were billed and paid."""
    claim = facts(rules, line(rules, day))
    return with_billed(in_house(claim, as_of=date(day.year, 12, 31)), map(billed, before))


def test_used_up_with_the_next_date() -> None:
    thirty = limited(3, "days", 30)
    claim = claim_of(thirty, date(2026, 9, 14), date(2026, 9, 20), date(2026, 10, 1))
    (finding,) = found(claim, "frequency")
    assert finding.title == "Over the limit: 3 of 3 used, next eligible Oct 14"
    assert finding.severity.label == "error"
    assert finding.rule == "D9992: at most 3 in any 30 days, for each patient."
    (finding,) = found(claim_of(thirty, date(2026, 9, 20)), "frequency")
    assert (finding.title, finding.severity.label) == ("2 of 3 used with this claim", "note")
    (finding,) = found(claim_of(thirty, date(2026, 9, 14), date(2026, 9, 20)), "frequency")
    assert finding.title == "3 of 3 used with this claim, next eligible Oct 14"


@pytest.mark.parametrize(
    ("before", "over"), [(date(2026, 9, 6), True), (date(2026, 9, 5), False), (date(2026, 10, 4), True)]
)
def test_a_rolling_span_has_the_service_date_and_the_29_before(before: date, over: bool) -> None:
    assert severities(claim_of(limited(1, "days", 30), before), "frequency") == ["error" if over else "note"]


@pytest.mark.parametrize(
    ("per", "before", "day", "over"),
    [
        ("calendar_year", date(2026, 1, 1), date(2026, 12, 31), True),
        ("calendar_year", date(2025, 12, 31), date(2026, 1, 1), False),
        ("month", date(2024, 2, 1), date(2024, 2, 29), True),
        ("month", date(2024, 2, 29), date(2024, 3, 1), False),
        ("service_year", date(2024, 2, 29), date(2025, 2, 28), True),
        ("service_year", date(2024, 2, 29), date(2025, 3, 1), False),
        ("benefit_year", date(2025, 7, 1), date(2026, 6, 30), True),
        ("benefit_year", date(2026, 6, 30), date(2026, 7, 1), False),
    ],
)
def test_spans_of_the_calendar_begin_and_end_on_their_days(
    per: str, before: date, day: date, over: bool
) -> None:
    claim = claim_of(limited(1, per, benefit_year="07-01"), before, day=day)
    assert severities(claim, "frequency") == ["error" if over else "note"]


def test_once_a_day_is_told_only_where_it_is_too_often() -> None:
    daily = limited(1, "day")
    assert not found(claim_of(daily), "frequency")
    claim = with_billed(claim_of(daily), [billed(DAY, claim_id="second", number="K7Q2-2026-0001")])
    assert severities(claim, "frequency") == ["error"]
    assert not found(with_billed(claim_of(daily), [billed(date(2026, 10, 6))]), "frequency")


def test_the_lines_of_the_claim_count_in_their_order() -> None:
    twice = limited(2, "month")
    lines = [line(twice, date(2026, 10, 4 + number), number=number) for number in (1, 2, 3)]
    errors = [one for one in found(facts(twice, *lines), "frequency") if one.severity.label == "error"]
    assert [one.line for one in errors] == [3]
    assert "next eligible Nov 1" in errors[0].title


@pytest.mark.parametrize(
    ("changes", "over"),
    [
        ({}, True),
        ({"status": "denied"}, False),
        ({"status": "written_off"}, False),
        ({"status": "submitted"}, True),
        ({"code": "D9991"}, False),
        ({"quantity": 2}, True),
    ],
)
def test_what_took_no_benefit_does_not_count(changes: dict[str, Any], over: bool) -> None:
    said = {"day": date(2026, 10, 1), **changes}
    claim = with_billed(claim_of(limited(1, "month")), [billed(**said)])
    assert severities(claim, "frequency") == ["error" if over else "note"]


def test_what_was_sent_goes_before_what_was_not_whatever_its_date() -> None:
    once, later = limited(1, "month"), date(2026, 10, 20)
    assert severities(with_billed(claim_of(once), [billed(later, status="ready")]), "frequency") == ["note"]
    assert severities(with_billed(claim_of(once), [billed(later, status="paid")]), "frequency") == ["error"]


def test_units_are_counted_and_not_lines() -> None:
    three = limited(3, "calendar_year")
    claim = facts(three, line(three, DAY, quantity=2))
    assert severities(with_billed(claim, [billed(date(2026, 3, 1))]), "frequency") == ["note"]
    assert severities(with_billed(claim, [billed(date(2026, 3, 1), quantity=2)]), "frequency") == ["error"]


def test_a_limit_for_each_who_renders_counts_them_apart() -> None:
    once = limited(1, "month", scope="provider")
    before = billed(date(2026, 10, 1), staff=frozenset({"tchen"}))
    assert severities(with_billed(claim_of(once), [before]), "frequency") == ["note"]
    both = line(once, DAY, "D9992", work("w1"), work("w2", staff="tchen", start="10:00"))
    claim = with_billed(facts(once, both), [before])
    assert severities(claim, "frequency") == ["error", "note"]
    assert "Tam Chen" in found(claim, "frequency")[0].why


def test_a_limit_for_an_episode_counts_by_case() -> None:
    twice = limited(2, "episode")
    claim = facts(twice)
    assert not found(replace(claim, case=None), "frequency")
    earlier = date(2020, 1, 1)
    (finding,) = found(with_billed(claim, [billed(earlier)]), "frequency")
    assert finding.title == "2 of 2 used with this claim, no more in this case"
    assert severities(with_billed(claim, [billed(earlier, quantity=2)]), "frequency") == ["error"]
    other = billed(earlier, quantity=2, case_id="another")
    (finding,) = found(with_billed(claim, [other]), "frequency")
    assert finding.title == "1 of 2 used with this claim"


def test_lines_over_the_same_limit_in_the_same_span_are_told_together() -> None:
    once = limited(1, "month")
    lines = [line(once, date(2026, 10, 4 + number), number=number) for number in (1, 2, 3, 4)]
    errors = [one for one in found(facts(once, *lines), "frequency") if one.severity.label == "error"]
    assert [one.line for one in errors] == [2]
    assert errors[0].title == "Over the limit: 1 of 1 used, next eligible Nov 1"
    assert errors[0].why.endswith(" So are lines 3, 4.")


def test_every_limit_of_every_rule_is_looked_at() -> None:
    both = plan(
        {"limit": [{"count": 1, "per": "month"}]},
        {"codes": ["D9992"], "limit": [{"count": 1, "per": "calendar_year"}, {"count": 9, "per": "month"}]},
    )
    claim = with_billed(facts(both), [billed(date(2026, 10, 1))])
    assert sorted(severities(claim, "frequency")) == ["error", "error", "note"]


def test_a_rule_that_is_over_limits_nothing() -> None:
    over = plan({"limit": [{"count": 1, "per": "month"}], "valid_to": "2026-10-04"})
    assert not found(with_billed(facts(over), [billed(date(2026, 10, 1))]), "frequency")
    last_day = plan({"limit": [{"count": 1, "per": "month"}], "valid_to": "2026-10-05"})
    assert severities(with_billed(facts(last_day), [billed(date(2026, 10, 1))]), "frequency") == ["error"]


def test_the_claims_own_line_is_not_counted_twice() -> None:
    once = limited(1, "month")
    claim = facts(once)
    assert own(claim.lines[0]) in claim.billed
    assert severities(claim, "frequency") == ["note"]
