"""Procedure codes: every declared file, their dates, and the page that `code show` prints."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from casemgr.core.codes import Code, Codes, render_code
from casemgr.core.reasons import Reasons
from casemgr.errors import ContentBroken
from casemgr.resources import load_toml_folder

CODES = Codes.load(load_toml_folder("schema/codes", None))
REASONS = Reasons.load(load_toml_folder("schema/reasons", None))
CASE_MANAGEMENT = {"D9990", "D9991", "D9992", "D9993", "D9994", "D9995", "D9996", "D9997", "D9986", "D9987"}
IMAGING = {"D0386", "D0393", "D0395", "D0396"}


def code(**changes: Any) -> dict[str, Any]:
    """A small sound code, as TOML gives it, with changes."""
    return {"code": "D0001", "title": "Title", "paraphrase": "Words.", "family": "Family"} | changes


def test_the_family_and_the_imaging_codes_are_there() -> None:
    assert set(CODES.ids) == CASE_MANAGEMENT | IMAGING


@pytest.mark.parametrize("declared", list(CODES), ids=CODES.ids)
def test_each_file_is_complete(declared: Code) -> None:
    assert declared.use_when
    assert declared.checklist
    assert declared.denials
    assert declared.sources
    assert declared.verified_on
    assert declared.unit
    # A start that no source gives is said, not guessed.
    assert declared.effective_from or any("not found in a source" in note for note in declared.notes)
    assert not declared.effective_to or declared.effective_from


@pytest.mark.parametrize("declared", list(CODES), ids=CODES.ids)
def test_look_alikes_are_other_codes_each_once(declared: Code) -> None:
    others = [other.code for other in declared.look_alikes]
    assert others
    assert declared.code not in others
    assert len(others) == len(set(others))


@pytest.mark.parametrize("declared", list(CODES), ids=CODES.ids)
def test_usual_denials_lead_to_a_declared_reason(declared: Code) -> None:
    assert {denial.see for denial in declared.denials} <= {reason.id for reason in REASONS.denials}


def test_the_checklist_of_the_case_management_code_has_its_five_points() -> None:
    declared = CODES.find("D9993")
    assert declared is not None
    assert [item.id for item in declared.checklist] == [
        "complaint",
        "findings",
        "supplementary",
        "plan",
        "outcomes",
    ]


@pytest.mark.parametrize("written", ["D9993", " d9993 ", "9993"])
def test_a_code_is_found_as_people_write_it(written: str) -> None:
    declared = CODES.find(written)
    assert declared is not None
    assert declared.code == "D9993"


@pytest.mark.parametrize("written", ["", "D9998", "99930", "case"])
def test_an_unknown_code_is_none(written: str) -> None:
    assert CODES.find(written) is None
    assert CODES.title(written) == written


@pytest.mark.parametrize(
    ("number", "day", "in_force"),
    [
        ("D9993", date(2016, 12, 31), False),
        ("D9993", date(2017, 1, 1), True),
        ("D9997", date(2019, 12, 31), False),
        ("D0396", date(2024, 1, 1), True),
        ("D0386", date(1990, 1, 1), True),
    ],
)
def test_the_dates_in_force_go_by_service_date(number: str, day: date, in_force: bool) -> None:
    declared = CODES.find(number)
    assert declared is not None
    assert declared.in_force(day) is in_force


def test_a_code_that_ended_is_in_force_up_to_its_last_day() -> None:
    (declared,) = Codes.load(
        [(Path("D0001.toml"), code(effective_from=date(2020, 1, 1), effective_to=date(2020, 12, 31)))]
    )
    assert declared.in_force(date(2020, 12, 31))
    assert not declared.in_force(date(2021, 1, 1))
    assert "In force   since 1/1/2020, until 12/31/2020" in render_code(declared)


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("declared", list(CODES), ids=CODES.ids)
def test_the_page_keeps_to_its_width_and_says_everything(declared: Code, width: int) -> None:
    page = render_code(declared, width)
    assert max(map(len, page.splitlines())) <= width
    assert "\n\n\n" not in page
    plain = re.sub(r"\s+", " ", page)
    for text in (declared.title, declared.paraphrase, declared.unit, *declared.use_when, *declared.notes):
        assert text in plain
    for other in declared.look_alikes:
        assert f"{other.code} {other.difference}" in plain
    for item in declared.checklist:
        assert f"[ ] {item.text}" in plain


def test_the_page_of_a_code_reads_well() -> None:
    page = render_code(CODES.find("D9987") or pytest.fail("no D9987"))
    assert page == (Path(__file__).parents[1] / "golden" / "code-D9987.txt").read_text("utf-8").rstrip("\n")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"titel": "T"}, 'unknown key "titel"; did you mean "title"?'),
        (
            {"look_alike": [{"code": "9991", "difference": "x"}]},
            "code of look_alike 1: String should match pattern",
        ),
        (
            {"effective_from": date(2020, 1, 2), "effective_to": date(2020, 1, 1)},
            "effective_to is before effective_from",
        ),
        ({"checklist": [{"id": "a", "text": "x"}, {"id": "a", "text": "y"}]}, "two points of the checklist"),
        ({"code": "D0002"}, "belongs in a file D0002.toml"),
    ],
)
def test_a_broken_declaration_is_refused_with_its_place(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ContentBroken) as caught:
        Codes.load([(Path("D0001.toml"), code(**changes))])
    assert f"D0001.toml: {told}" in caught.value.detail or told in caught.value.detail
