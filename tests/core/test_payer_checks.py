"""What a payer's file must not say, and what in it should be looked at."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from casemgr.core.codes import Codes
from casemgr.core.kinds import Kinds
from casemgr.core.payer_checks import payer_warnings
from casemgr.core.payers import Payer, Payers
from casemgr.errors import ContentBroken
from casemgr.resources import load_toml_folder

KINDS = Kinds.load(load_toml_folder("schema/activities", None))
CODES = Codes.load(load_toml_folder("schema/codes", None))
TODAY = date(2026, 11, 21)
MARCH, APRIL, MAY = date(2020, 3, 1), date(2020, 4, 24), date(2020, 5, 1)


def payer(*rules: dict[str, Any], **more: Any) -> Payer:
    content = {"name": "Acme", "rule": list(rules), **more}
    return Payers.load([(Path("acme.toml"), content)], KINDS).rules_for("acme")


def faults(*rules: dict[str, Any], **more: Any) -> list[str]:
    try:
        payer(*rules, **more)
    except ContentBroken as error:
        return [line.removeprefix("acme.toml: ") for line in error.detail.splitlines()]
    return []


def rule(**said: Any) -> dict[str, Any]:
    return {"codes": ["D9993"], **said}


def limit(count: int, per: str = "day", **more: Any) -> dict[str, Any]:
    return {"count": count, "per": per, **more}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"valid_from": APRIL, "valid_to": MARCH}, "rule 1: valid_to is before valid_from"),
        ({"codes": ["D9993", "D9993"]}, 'rule 1: the code "D9993" stands there twice'),
        (
            {"unit": "month"},
            'rule 1: the unit "month" needs monthly_minutes, the minutes that a month must reach',
        ),
        ({"monthly_minutes": 20}, 'rule 1: monthly_minutes is for the unit "month" only'),
        (
            {"limit": [limit(1, "days")]},
            'rule 1: limit 1: per = "days" needs days, the length of the rolling span',
        ),
        (
            {"limit": [limit(1, "month", days=30)]},
            'rule 1: limit 1: days is for per = "days" only, and this is per "month"',
        ),
        ({"excludes": ["D9993"]}, "rule 1: excludes: D9993 stands beside itself"),
        (
            {"excludes": ["D0140"], "companions": ["D0140"]},
            "rule 1: D0140 may not stand on the same date (excludes) and must (companions)",
        ),
        (
            {"required": ["contcted"]},
            'rule 1, required: the record has no "contcted"; did you mean "contacted"?',
        ),
        (
            {"required": ["case.plann"]},
            'rule 1, required: the record has no "case.plann"; did you mean "case.plan"?',
        ),
        (
            {"not_billable": [{"why": "x", "outcomes": ["voice_mail"]}]},
            'rule 1, not_billable 1: there is no outcome "voice_mail"; did you mean "voicemail"?',
        ),
        (
            {"not_billable": [{"why": "x", "kinds": ["refferal"]}]},
            'rule 1, not_billable 1: there is no kind "refferal"; did you mean "referral"?',
        ),
        (
            {"not_billable": [{"why": "x"}]},
            "rule 1, not_billable 1: say what it is known by: kinds, outcomes or words",
        ),
        (
            {"not_billable": [{"why": "x", "kinds": ["referral"], "unless": ["visit"]}]},
            "rule 1, not_billable 1: unless is for words only",
        ),
        (
            {"not_billable": [{"why": "x", "words": ["…"]}]},
            'rule 1, not_billable 1: "…" has no letters or digits',
        ),
        ({"roles": [" "]}, "rule 1: roles: one of them is empty"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_told_by_its_key(said: dict[str, Any], told: str) -> None:
    assert faults(rule(**said)) == [told]


def test_an_unknown_place_of_service_is_told_with_the_nearest() -> None:
    (told,) = faults(rule(places=["02", "98"]))
    assert told.startswith('rule 1: places: "98" is no place of service; did you mean "')


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"unit": "hour"}, "unit of rule 1"),
        ({"limit": [limit(1, "week")]}, "per of limit 1 of rule 1"),
        ({"limit": [{"count": 0, "per": "day"}]}, "count of limit 1 of rule 1"),
        ({"codes": []}, "codes of rule 1"),
        ({"minimun_minutes": 5}, 'unknown key "minimun_minutes" in rule 1; did you mean "minimum_minutes"?'),
        (
            {"limit": [limit(1, scop="patient")]},
            'unknown key "scop" in limit 1 of rule 1; did you mean "scope"?',
        ),
    ],
)
def test_what_its_types_refuse_is_told_by_its_place(said: dict[str, Any], told: str) -> None:
    assert any(told in line for line in faults(rule(**said)))


def test_a_field_of_any_kind_may_be_required() -> None:
    assert not faults(rule(required=["note", "case.findings", "patient.phone", "staff.npi"]))
    assert not faults(rule(required=[KINDS.kept("referral").fields[0].name]))


@pytest.mark.parametrize("began", ["02-29", "13-01", "00-10", "04-31"])
def test_a_benefit_year_begins_on_a_day_of_every_year(began: str) -> None:
    assert faults(benefit_year=began) == [f'benefit_year: "{began}" is no month and day of every year']


def test_two_rules_about_one_code_and_time_that_differ_contradict_each_other() -> None:
    assert faults(rule(unit="day"), rule(unit="visit", fee=100)) == [
        "rule 1 and rule 2 contradict each other about D9993: unit is day and visit"
    ]
    assert faults(rule(covered=True), rule(covered=False)) == [
        "rule 1 and rule 2 contradict each other about D9993: covered is true and false"
    ]
    assert faults(rule(excludes=["D0140"]), rule(companions=["D0140"])) == [
        "rule 1 and rule 2 contradict each other about D9993: D0140 is in excludes and in companions"
    ]


@pytest.mark.parametrize(
    "others",
    [
        [rule(unit="day", minimum_minutes=5)],
        [{"codes": ["*"], "unit": "visit"}],
        [{"codes": ["D9992"], "unit": "visit"}],
        [rule(fee=1500)],
    ],
    ids=["same answer", "general", "another code", "another thing"],
)
def test_rules_that_can_both_be_right_are_taken(others: list[dict[str, Any]]) -> None:
    assert not faults(rule(unit="day"), *others)


@pytest.mark.parametrize(("second_from", "contradicts"), [(APRIL, True), (date(2020, 4, 25), False)])
def test_rules_contradict_each_other_on_a_common_day_only(second_from: date, contradicts: bool) -> None:
    told = faults(rule(unit="day", valid_to=APRIL), rule(unit="visit", valid_from=second_from))
    assert bool(told) is contradicts


def test_two_limits_of_one_span_contradict_each_other() -> None:
    assert faults(rule(limit=[limit(1), limit(2)])) == ["rule 1: in a day at most 1 and at most 2"]
    assert faults(rule(limit=[limit(1)]), rule(limit=[limit(2)])) == [
        "rule 1 and rule 2 contradict each other about D9993: in a day at most 1 and at most 2"
    ]
    assert not faults(
        rule(limit=[limit(1), limit(3, "month"), limit(1, "days", days=30), limit(2, "days", days=90)])
    )
    assert not faults(rule(limit=[limit(1, scope="patient"), limit(8, scope="provider")]))


def test_every_fault_is_told_at_once() -> None:
    assert (
        len(faults(rule(unit="month"), rule(codes=["D9992"], places=["98"]), codes={"refferal": "D9992"}))
        == 3
    )


def warnings(*rules: dict[str, Any], **more: Any) -> list[str]:
    whole = {"source": "Manual", "verified_on": TODAY, **more}
    return list(payer_warnings(payer(*rules, **whole), TODAY, CODES))


def test_a_file_with_a_source_that_was_just_compared_needs_no_look() -> None:
    assert not warnings(
        rule(source="p. 4", verified_on=TODAY, roles=["Dental Hygienist"]), codes={"*": "D9993"}
    )


@pytest.mark.parametrize(
    ("verified_on", "old"),
    [(date(2025, 11, 21), False), (date(2025, 11, 20), True), (date(2026, 11, 22), True)],
)
def test_a_source_that_was_compared_long_ago_should_be_read_again(verified_on: date, old: bool) -> None:
    assert bool(warnings(verified_on=verified_on)) is old
    assert bool(warnings(rule(source="p. 4", verified_on=verified_on))) is old


def test_what_is_missing_lapsed_or_unusual_is_told() -> None:
    told = warnings(
        rule(valid_to=APRIL, roles=["hygenist"]),
        source="",
        verified_on=None,
        valid_to=APRIL,
        synthetic=True,
        codes={"*": "D9899"},
    )
    assert told == [
        "the file names no source",
        "the file has no verified_on: nobody has compared it with its source",
        "the file holds until 4/24/2020 only: that day has passed",
        "the figures are made up for examples: none of them may go on a claim",
        "no file describes the code D9899",
        "rule 1 names no source",
        "rule 1 has no verified_on: nobody has compared it with its source",
        "rule 1 held until 4/24/2020: EXPIRED",
        'rule 1, roles: "hygenist" is no usual role; did you mean "hygienist"? '
        "It counts for staff whose role is so.",
    ]
