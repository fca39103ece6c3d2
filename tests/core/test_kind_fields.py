"""The kinds' own fields: what they take, how they keep and show it, and what they leave open."""

from __future__ import annotations

from datetime import date

import pytest

from casemgr.core.codes import Codes
from casemgr.core.kinds import Kinds
from casemgr.errors import ParseError
from casemgr.resources import load_toml_folder

KINDS = Kinds.load(load_toml_folder("schema/activities", None))

CODES = Codes.load(load_toml_folder("schema/codes", None))

DAY = date(2026, 10, 21)


@pytest.mark.parametrize(
    ("kind_id", "field", "written", "kept", "shown"),
    [
        ("transport", "visit_date", "10/28", "2026-10-28", "10/28/2026"),
        ("transport", "visit_date", "2026-10-28", "2026-10-28", "10/28/2026"),
        ("transport", "pick_up", "2:30 pm", "14:30", "2:30 PM"),
        ("transport", "pick_up", "0:05", "00:05", "12:05 AM"),
        ("transport", "both_ways", "Y", "yes", "yes"),
        ("transport", "both_ways", "no", "no", "no"),
        ("transport", "vendor", "  MetroRide  Inc ", "MetroRide Inc", "MetroRide Inc"),
        ("missed_visit", "missed_date", "10/12", "2026-10-12", "10/12/2026"),
        ("missed_visit", "missed_date", "12/20", "2025-12-20", "12/20/2025"),
        ("missed_visit", "attempt_number", "02", "2", "2"),
        ("referral", "specialty", "Oral Surgery", "oral_surgery", "oral surgery"),
        ("referral", "loop_status", "report_back", "report_back", "closed with the provider's report"),
    ],
)
def test_values_are_kept_in_one_form(kind_id: str, field: str, written: str, kept: str, shown: str) -> None:
    declared = KINDS.kept(kind_id)
    assert declared.check_fields({field: written}, DAY) == []
    assert declared.read_fields({field: written}, DAY) == {field: kept}
    assert declared.read_fields({field: kept}, DAY) == {field: kept}
    assert [value for _, value in declared.details({field: kept})] == [shown]


@pytest.mark.parametrize(
    ("kind_id", "field", "written"),
    [
        ("transport", "visit_date", "2/30/2026"),
        ("transport", "pick_up", "25:00"),
        ("transport", "both_ways", "maybe"),
        ("missed_visit", "attempt_number", "two"),
        ("missed_visit", "attempt_number", "-1"),
        ("referral", "specialty", "astrology"),
        ("referral", "speciality", "oral surgery"),
    ],
)
def test_what_a_field_cannot_take_is_told(kind_id: str, field: str, written: str) -> None:
    (problem,) = KINDS.kept(kind_id).check_fields({field: written}, DAY)
    assert problem.field == field
    assert problem.message[-1] in ".?"


def test_an_unknown_field_names_the_nearest() -> None:
    (problem,) = KINDS.kept("referral").check_fields({"speciality": "endo"})
    assert 'did you mean "specialty"?' in problem.message


def test_a_date_without_its_year_needs_the_activitys_own() -> None:
    transport = KINDS.kept("transport")
    assert transport.check_fields({"visit_date": "10/28"})
    assert not transport.check_fields({"visit_date": "10/28/2026"})
    with pytest.raises(ParseError):
        transport.read_fields({"visit_date": "10/28"})


def test_empty_values_are_left_out_and_required_ones_are_findings_only() -> None:
    transport = KINDS.kept("transport")
    assert transport.read_fields({"vendor": " ", "trip_number": ""}) == {}
    assert transport.check_fields({}) == []
    assert [problem.field for problem in transport.missing_fields({})] == ["vendor"]
    assert transport.missing_fields({"vendor": "MetroRide"}) == []


def test_holes_are_filled_with_what_the_fields_say_as_people_read_it() -> None:
    transport = KINDS.kept("transport")
    written = {
        "vendor": " City  Cab",
        "visit_date": "10/28",
        "pick_up": "2:30 pm",
        "vehicle": "wheelchair van",
        "both_ways": "perhaps",
        "trip_number": " ",
        "colour": "green",
    }
    assert transport.words_for_holes(written, DAY) == {
        "vendor": "City Cab",
        "visit_date": "10/28/2026",
        "pick_up": "2:30 PM",
        "vehicle": "wheelchair van",
    }
    assert "visit_date" not in transport.words_for_holes(written)
    assert transport.words_for_holes({}) == {}


def test_another_code_than_the_code_sets_is_warned_of_with_its_reason() -> None:
    referral = KINDS.kept("referral")
    assert referral.warning_for("D9992") == ""
    warning = referral.warning_for("D9993")
    assert "D9993" in warning
    assert "D9992" in warning
    assert referral.why in warning


# Broken and own files
