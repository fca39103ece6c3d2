"""Workbook profiles: ours resolve, and a practice's mistake is told with the nearest thing that there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casemgr.core.profiles import read_profile
from casemgr.core.sources import ROW_TYPES, shown_by
from casemgr.errors import ContentBroken
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PROFILES = sorted((ROOT / "exports/workbooks").glob("*.toml"))
MONTH = (ROOT / "exports/workbooks/month.toml").read_text(encoding="utf-8")

SMALL = """
title = "Mine"
[[sheet]]
id = "lines"
title = "Lines"
source = "billing_lines"
[[sheet.column]]
key = "claim_number"
heading = "Claim"
width = 12
[[sheet.column]]
key = "charge_cents"
heading = "Charge"
format = "money"
width = 12
total = "sum"
[control]
title = "Control"
[[control.balance]]
label = "Same"
left = ["lines.charge_cents"]
right = ["lines.charge_cents"]
"""


def told(text: str) -> str:
    with pytest.raises(ContentBroken) as caught:
        read_profile(text, "mine.toml", ROW_TYPES)
    return caught.value.detail


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.name)
def test_every_column_of_our_profiles_resolves(path: Path) -> None:
    profile = read_profile(path.read_text(encoding="utf-8"), path.name, ROW_TYPES)
    for sheet in profile.sheets:
        fields = ROW_TYPES[sheet.source]._fields
        assert [column.key for column in sheet.columns if column.key not in fields] == []


def test_the_month_has_the_sheets_that_billing_asks_for() -> None:
    profile = read_profile(MONTH, "month.toml", ROW_TYPES)
    titles = [*(sheet.title for sheet in profile.sheets), profile.control.title]
    assert titles == ["Billing lines", "Activities", "By patient", "By staff", "Left out", "Control"]
    assert [sheet.source for sheet in profile.sheets] == [sheet.id for sheet in profile.sheets]


def test_a_practice_may_have_its_own() -> None:
    profile = read_profile(SMALL, "mine.toml", ROW_TYPES)
    assert [column.heading for column in profile.sheets[0].columns] == ["Claim", "Charge"]
    assert [column.key for column in profile.sheets[0].sums] == ["charge_cents"]


@pytest.mark.parametrize(
    ("was", "instead", "says"),
    [
        ("heading", "headng", 'unknown key "headng"'),
        ("heading", "headng", 'in column 1 of sheet 1; did you mean "heading"?'),
        ('key = "charge_cents"', 'key = "charge"', 'no field "charge"; did you mean "charge_cents"?'),
        ('source = "billing_lines"', 'source = "billing"', 'did you mean "billing_lines"?'),
        (
            'left = ["lines.charge_cents"]',
            'left = ["lines.minutes"]',
            'has no sum "lines.minutes"',
        ),
        (
            'format = "money"',
            'format = "integer"',
            'format of "charge_cents" is money or balance, not integer',
        ),
        (
            'key = "charge_cents"',
            'key = "minutes"',
            'format of "minutes" is integer, minutes, days or year, not money',
        ),
        ('key = "charge_cents"', 'key = "birth_date"', 'format of "birth_date" is date, not money'),
        ('heading = "Charge"', 'heading = "claim"', 'the heading "claim" comes twice'),
        ('heading = "Charge"', 'heading = "Charge\\n$"', "line breaks"),
        ('title = "Lines"', 'title = "Lines: all"', "a character that Excel does not allow"),
        ('title = "Lines"', 'title = "control"', 'the sheet title "control" comes twice'),
        ('title = "Lines"', 'title = "History"', "Excel keeps the sheet title"),
        ('title = "Lines"', f'title = "{"x" * 32}"', "1 to 31 characters"),
        ("width = 12", "width = 0", "width"),
        ('heading = "Claim"', 'heading = "Claim"\ntotal = "sum"', "a column of format text has no sum"),
        ('format = "money"', 'format = "money"\nwrap = true', "does not wrap"),
        (
            'format = "money"',
            'format = "money"\nchoices = ["paid"]',
            "only a column of text that is filled in",
        ),
        ('heading = "Claim"', 'heading = "Claim"\nfill_in = true\nchoices = ["a,b"]', "choices"),
        (
            'heading = "Claim"',
            f'heading = "Claim"\nfill_in = true\nchoices = ["{"x" * 200}", "{"y" * 60}"]',
            "255 characters",
        ),
        ('title = "Mine"', 'title = "Mine"\nid = "mine"', 'key "id" is not for the file to set'),
        ('title = "Mine"', "", "title is missing"),
        ('title = "Mine"', 'title = "Mine', "mine.toml"),
    ],
)
def test_a_mistake_is_told_with_what_there_is(was: str, instead: str, says: str) -> None:
    assert was in SMALL
    assert says in told(SMALL.replace(was, instead))


def test_every_mistake_in_the_columns_is_told_at_once() -> None:
    text = SMALL.replace("claim_number", "claim_no").replace('format = "money"', 'format = "days"')
    assert told(text).count("mine.toml: ") == 2


def test_two_sheets_cannot_have_the_same_rows() -> None:
    second = SMALL[SMALL.index("[[sheet]]") : SMALL.index("[control]")]
    second = second.replace('"lines"', '"more"').replace('"Lines"', '"More"')
    assert 'the source "billing_lines" comes twice' in told(SMALL.replace("[control]", f"{second}[control]"))


def test_a_workbook_has_sheets_and_a_sheet_has_columns() -> None:
    assert "a workbook needs a [[sheet]]" in told('title = "Mine"\n[control]\ntitle = "Control"')
    bare = '[[sheet]]\nid = "a"\ntitle = "A"\nsource = "activities"'
    assert "a sheet needs a [[sheet.column]]" in told(f'title = "Mine"\n{bare}\n[control]\ntitle = "Control"')


@pytest.mark.parametrize("name", ["Mine.toml", "my own.toml", "-mine.toml", "été.toml"])
def test_the_files_name_is_fit_to_begin_those_of_its_workbooks(name: str) -> None:
    with pytest.raises(ContentBroken) as caught:
        read_profile(SMALL, name, ROW_TYPES)
    assert "small letters, digits and hyphens" in caught.value.detail


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        ("2026-10", ["2026-10"]),
        ("2026-10, patient A.G., chart 1030", ["2026-10"]),
        ("2026-11-15 to 2027-02-01", ["2026-11", "2026-12", "2027-01", "2027-02"]),
        ("2026-10-03 to 2026-10-04, patient A.G., chart 1030", ["2026-10"]),
        ("K7Q2-2026-0142", ["K7Q2-2026-0142"]),
        ("", []),
    ],
)
def test_what_a_document_shows_is_told_by_what_it_is_of(filters: str, shown: list[str]) -> None:
    assert list(shown_by(filters)) == shown
