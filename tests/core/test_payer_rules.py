"""A payer's rules asked by code and date, and told in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from casemgr.core.payer_rules import Limit, Rule, Rules
from casemgr.core.rule_words import (
    codes_words,
    dates_words,
    expired,
    limit_words,
    origin_words,
    rule_words,
    unit_words,
)

DAY = date(2026, 10, 21)


def rule(*codes: str, **said: Any) -> Rule:
    return Rule.model_validate({"codes": codes or ("D9993",), **said})


def test_a_rule_that_names_a_code_goes_before_the_general_one_whatever_their_order() -> None:
    named, general = rule(minimum_minutes=5), rule("*", minimum_minutes=10, unit="day")
    for rules in (Rules([named, general]), Rules([general, named])):
        assert rules.said("minimum_minutes", "D9993", DAY) == (5, named)
        assert rules.said("unit", "D9993", DAY) == ("day", general)
        assert rules.said("minimum_minutes", "D9991", DAY) == (10, general)
        assert rules.said("fee", "D9993", DAY) == (None, None)


def test_what_adds_up_is_told_by_every_rule_in_force() -> None:
    daily = rule("*", limit=[{"count": 1, "per": "day"}], excludes=["D9986"])
    yearly = rule(limit=[{"count": 3, "per": "calendar_year"}])
    over = rule(limit=[{"count": 1, "per": "month"}], valid_to=date(2026, 10, 20))
    rules = Rules([daily, over, yearly])
    found = rules.each_said("limits", "D9993", DAY)
    assert [(one.value[0].per, one.rule) for one in found] == [("calendar_year", yearly), ("day", daily)]
    assert [one.rule for one in rules.each_said("excludes", "D9993", DAY)] == [daily]
    assert len(rules.each_said("limits", "D9993", date(2026, 10, 20))) == 3
    assert rules.each_said("required", "D9993", DAY) == ()


@pytest.mark.parametrize(
    ("day", "holds"),
    [("2020-03-18", False), ("2020-03-19", True), ("2020-04-24", True), ("2020-04-25", False)],
)
def test_both_ends_of_a_rule_are_within_it(day: str, holds: bool) -> None:
    rules = Rules([rule(fee=1500, valid_from=date(2020, 3, 19), valid_to=date(2020, 4, 24))])
    assert bool(rules.about("D9993", date.fromisoformat(day))) is holds
    assert bool(rules.lapsed("D9993", date.fromisoformat(day))) is not holds


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"count": 1, "per": "day"}, "at most 1 a day, for each patient"),
        ({"count": 1, "per": "days", "days": 30}, "at most 1 in any 30 days, for each patient"),
        ({"count": 3, "per": "calendar_year"}, "at most 3 in a calendar year, for each patient"),
        (
            {"count": 26, "per": "day", "scope": "provider"},
            "at most 26 a day, for each member of staff who renders it",
        ),
        ({"count": 2, "per": "episode"}, "at most 2 in a case of case management, for each patient"),
        (
            {"count": 4, "per": "service_year"},
            "at most 4 in a year from the first service on, for each patient",
        ),
    ],
)
def test_a_limit_in_words(said: dict[str, Any], told: str) -> None:
    assert limit_words(Limit.model_validate(said)) == told


def test_a_rule_in_words_tells_all_that_it_says_and_nothing_else() -> None:
    assert rule_words(rule()) == ()
    whole = rule(
        covered=True,
        authorization=False,
        unit="month",
        monthly_minutes=20,
        sum_contacts=True,
        minimum_minutes=5,
        limit=[{"count": 1, "per": "month"}],
        excludes=["D9995", "D9996"],
        companions=["D0140"],
        places=["02", "11"],
        roles=["case manager"],
        not_billable=[{"why": "A voicemail is no contact", "outcomes": ["voicemail"]}],
        required=["patient.phone", "case.plan", "appointment_date"],
        late_entry_days=45,
        fee=1550,
        note="Ask first.",
    )
    assert rule_words(whole) == (
        "covered",
        "needs no prior authorization",
        "one unit is a calendar month that reached 20 min",
        "the minutes of several contacts of a date may be added up",
        "at least 5 min",
        "at most 1 in a calendar month, for each patient",
        "not on the same date as D9995 or D9996",
        "only with D0140 on the same date",
        "place of service 02 or 11",
        "rendered by case manager",
        "not billable: A voicemail is no contact",
        "the record must hold: patient’s phone, plan with its rationale, appointment date",
        "entered at most 45 days after the service",
        "fee $15.50",
        "Ask first.",
    )
    assert unit_words(rule()) == ""


def test_codes_dates_and_origin_in_words() -> None:
    assert codes_words(rule("D9992", "D9993")) == "D9992, D9993"
    assert codes_words(rule("*")) == "any code"
    assert codes_words(rule("D9992", "*")) == "D9992, any other code"
    assert dates_words(None, None) == "always"
    assert dates_words(date(2020, 3, 19), date(2020, 4, 24)) == "from 3/19/2020 to 4/24/2020"
    assert origin_words(rule()) == "no source given"
    assert origin_words(rule(source="Manual")) == "Manual; never compared"
    assert origin_words(rule(source="Manual", verified_on=DAY)) == "Manual; compared with it on 10/21/2026"


def test_a_rule_expires_on_the_day_after_its_last() -> None:
    last = rule(valid_to=DAY)
    assert [expired(last, day) for day in (DAY, date(2026, 10, 22))] == [False, True]
    assert not expired(rule(), DAY)
