"""What the record must say, each with and without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from casemgr.core.checks.documentation import SHORTEST_NOTE
from casemgr.core.checks.words import npi_valid
from casemgr.core.claim_facts import Elsewhere
from casemgr.core.codes import ChecklistItem
from casemgr.core.findings import Mend
from casemgr.core.text import same_words
from tests.core.checks.facts import (
    DAY,
    NPI,
    facts,
    found,
    house,
    in_house,
    line,
    plan,
    severities,
    with_case,
    work,
)


def of_work(**changes: Any) -> Any:
    """A claim of one activity that is changed."""
    return facts(None, line(plan(), DAY, "D9992", work(**changes)))


def test_a_claim_without_a_case_is_told_once() -> None:
    claim = facts(case=None)
    (finding,) = found(claim, "case")
    assert finding.mend == Mend("case", "patient")
    assert not found(claim, "complaint")
    assert not found(claim, "consent")
    assert not found(facts(), "case")


@pytest.mark.parametrize(
    ("opened", "closed", "told"),
    [
        ("2026-10-05", "", 0),
        ("2026-10-06", "", 1),
        ("2026-01-01", "2026-10-05", 0),
        ("2026-01-01", "2026-10-04", 1),
    ],
)
def test_the_case_is_open_on_its_first_day_and_its_last(opened: str, closed: str, told: int) -> None:
    claim = with_case(facts(), opened_on=opened, closed_on=closed)
    assert severities(claim, "case_dates") == ["warning"] * told


@pytest.mark.parametrize(
    ("field", "severity"),
    [("complaint", "error"), ("findings", "error"), ("supplementary", "warning"), ("plan", "error")],
)
def test_each_point_of_the_checklist_is_met_by_words_and_by_no_placeholder(field: str, severity: str) -> None:
    assert not found(with_case(facts(), **{field: "Words"}), field)
    for nothing in ("", "N/A", "tbd"):
        (finding,) = found(with_case(facts(), **{field: nothing}), field)
        assert finding.severity.label == severity
        assert finding.mend == Mend("case", "patient", field)
    without = {each: text for each, text in facts().points.items() if each != field}
    assert not found(replace(with_case(facts(), **{field: ""}), points=without), field)


def test_every_activity_says_what_came_of_it_and_one_what_follows() -> None:
    told, untold = work("w1"), work("w2", outcome_words="", start="10:00")
    (finding,) = found(facts(None, line(plan(), DAY, "D9992", told, untold)), "outcomes")
    assert finding.mend == Mend("activity", "w2", "outcome")
    assert severities(of_work(next_step=""), "outcomes") == ["warning"]
    assert not found(of_work(next_step="", followed=True), "outcomes")
    assert not found(of_work(), "outcomes")


def test_a_practices_own_point_is_left_to_the_dentist() -> None:
    item = ChecklistItem(id="photos", text="Photographs of the teeth")
    assert severities(replace(facts(), points={item.id: item.text}), "other_points") == ["note"]
    assert not found(facts(), "other_points")


def test_consent_and_dentist_are_asked_of_the_case() -> None:
    assert severities(with_case(facts(), consent="none"), "consent") == ["warning"]
    assert not found(facts(), "consent")
    assert severities(with_case(facts(), treating_dentist=""), "dentist") == ["error"]
    assert severities(with_case(facts(), treating_dentist_npi=""), "dentist") == ["error"]
    assert severities(with_case(facts(), treating_dentist_npi=f"{NPI[:-1]}4"), "dentist") == ["warning"]
    assert not found(facts(), "dentist")


def test_the_practice_says_whom_to_pay() -> None:
    practice = house().practice
    for field in ("npi", "tax_id"):
        (finding,) = found(in_house(facts(), practice=practice.model_copy(update={field: ""})), "practice")
        assert finding.mend == Mend("practice", "practice", field)
    odd = in_house(facts(), practice=practice.model_copy(update={"npi": "123"}))
    assert severities(odd, "practice") == ["warning"]
    assert not found(facts(), "practice")


def test_an_npis_last_digit_checks_the_others() -> None:
    assert [npi_valid(f"{NPI[:-1]}{digit}") for digit in range(10)].count(True) == 1
    assert npi_valid(NPI)
    assert not npi_valid(NPI[:-1])
    assert not npi_valid("2134567893")


def test_what_a_kind_asks_for_is_told_once_for_each_field() -> None:
    bare = [work(f"w{at}", fields={}, start="") for at in range(3)]
    titles = [
        finding.title for finding in found(facts(None, line(plan(), DAY, "D9992", *bare)), "kind_fields")
    ]
    assert titles == ["Specialty is not stated in 3 entries"]
    assert severities(of_work(kind="gone", fields={}), "kind_fields") == ["warning"]
    assert not found(of_work(), "kind_fields")


@pytest.mark.parametrize(
    ("item", "lacking", "mend"),
    [
        ("response", {}, Mend("activity", "w1", "response")),
        ("outcome", {"outcome_words": "n/a"}, Mend("activity", "w1", "outcome")),
        ("provider", {"fields": {"specialty": "endo"}}, Mend("activity", "w1", "provider")),
        ("patient.phone", {}, Mend("patient", "patient", "phone")),
        ("staff.npi", {}, Mend("staff", "mrivera", "npi")),
        ("case.barriers", {}, Mend("case", "patient", "barriers")),
    ],
)
def test_what_a_rule_requires_is_missing_and_told_where(
    item: str, lacking: dict[str, Any], mend: Mend
) -> None:
    rules = plan({"required": [item]})
    (finding,) = found(facts(rules, line(rules, DAY, "D9992", work(**lacking))), "required")
    assert (finding.mend, finding.reason) == (mend, "documentation")
    assert "Manual" in finding.source


def test_what_a_rule_requires_is_there() -> None:
    rules = plan({"required": ["outcome", "provider", "case.plan", "vendor", "patient.phone"]})
    claim = facts(rules)
    phone = claim.patient.model_copy(update={"phone": "617-555-0130"})
    # A ride's vendor is asked of rides alone.
    assert not found(replace(claim, patient=phone), "required")


def test_unsigned_and_amended_stand_against_it() -> None:
    assert severities(of_work(status="draft"), "unsigned") == ["error"]
    assert not found(of_work(), "unsigned")
    assert severities(replace(facts(), status="submitted", amendment_owed=True), "amended") == ["error"]
    assert not found(replace(facts(), amendment_owed=True), "amended")  # taken back to be corrected
    assert not found(facts(), "amended")


@pytest.mark.parametrize(("days", "told"), [(0, []), (1, ["note"]), (45, ["note"]), (46, ["error"])])
def test_a_late_entry_counts_up_to_the_rules_days(days: int, told: list[str]) -> None:
    rules = plan({"late_entry_days": 45})
    claim = facts(rules, line(rules, DAY, "D9992", work(late_days=days)))
    assert severities(claim, "late_entry") == told


def test_what_was_copied_from_a_log_is_not_late() -> None:
    rules = plan({"late_entry_days": 1})
    assert not found(facts(rules, line(rules, DAY, "D9992", work(late_days=9, copied=True))), "late_entry")


def test_a_note_is_compared_with_those_of_other_dates() -> None:
    note = "x" * (SHORTEST_NOTE - 2) + "\nY"
    claim = of_work(note=note)
    other = (Elsewhere("other1", "2026-09-01", same_words(note)),)
    assert severities(replace(claim, elsewhere=other), "identical_notes") == ["warning"]
    same_day = (Elsewhere("other1", DAY.isoformat(), same_words(note)),)
    assert not found(replace(claim, elsewhere=same_day), "identical_notes")
    short = note[1:]
    brief = (Elsewhere("other1", "2026-09-01", same_words(short)),)
    assert not found(replace(of_work(note=short), elsewhere=brief), "identical_notes")


def test_notes_of_two_lines_are_compared_too() -> None:
    note = "Called the mother about the ride to the surgeon"
    later = date(2026, 10, 6)
    claim = facts(
        None,
        line(plan(), DAY, "D9992", work("w1", note=note)),
        line(plan(), later, "D9992", work("w2", note=note, service_date="2026-10-06"), number=2),
    )
    (finding,) = found(claim, "identical_notes")
    assert finding.line == 2
