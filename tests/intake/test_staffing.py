from __future__ import annotations

import pytest

from casemgr.core.records import Staff
from casemgr.intake.staffing import StaffIndex

INDEX = StaffIndex(
    [
        Staff(id="mrivera", name="Marisol Rivera"),
        Staff(id="tchen", name="Tam Chen"),
        Staff(id="mchen", name="May Chen"),
        Staff(id="dberg", name="Dirk van der Berg"),
    ]
)


@pytest.mark.parametrize(
    ("text", "login"),
    [
        ("mrivera", "mrivera"),
        ("MRivera", "mrivera"),
        ("Marisol Rivera", "mrivera"),
        ("RIVERA, Marisol", "mrivera"),
        ("Marisol", "mrivera"),
        ("M. Rivera", "mrivera"),
        ("Marisol R.", "mrivera"),
        ("MR", "mrivera"),
        ("T Chen", "tchen"),
        ("Chen", ""),
        ("M", ""),
        ("van der Berg", "dberg"),
        ("Marisol Chen", ""),
        ("Sheet1", ""),
        ("", ""),
        ("--", ""),
    ],
)
def test_find(text: str, login: str) -> None:
    assert INDEX.find(text) == login


@pytest.mark.parametrize(
    ("sheet", "titles", "login"),
    [
        ("Marisol Rivera", [], "mrivera"),
        ("Marisol", [], "mrivera"),
        ("log-2026-09-mrivera", [], "mrivera"),
        ("Sheet1", ["Case Management Log - Tam Chen", "September 2026"], "tchen"),
        ("September", ["Chen, Tam"], "tchen"),
        ("May", [], ""),
        ("May", ["Log of Marisol Rivera"], "mrivera"),
        ("May Chen", [], "mchen"),
        ("Sheet1", ["Tam Chen and Marisol Rivera"], ""),
        ("Sheet1", [], ""),
    ],
)
def test_of_sheet(sheet: str, titles: list[str], login: str) -> None:
    assert INDEX.of_sheet(sheet, titles) == login
