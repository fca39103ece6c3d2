"""Workbook profiles that a practice writes itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from casemgr.errors import ContentBroken, NotFound
from casemgr.services.claims import draft_claims
from casemgr.services.exports import export_workbook
from casemgr.services.patients import the_patient_id
from casemgr.services.profiles import listed_profiles, profile_named
from casemgr.services.sources import Scope
from tests.documents.formulas import value_of
from tests.services.support import OCTOBER, cover, log
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.services.desk import Desk
    from casemgr.services.exports import ExportedWorkbook

SHIPPED = sorted(path.stem for path in (ROOT / "exports/workbooks").glob("*.toml"))
WITH_GAPS = """
title = "Small"
[[sheet]]
id = "log"
title = "Log"
source = "log"
[[sheet.column]]
key = "claim_number"
heading = "Claim"
width = 12
[[sheet.column]]
key = "minutes"
heading = "Minutes"
format = "minutes"
width = 12
total = "sum"
[control]
title = "Control"
"""


def export(desk: Desk, name: str) -> ExportedWorkbook:
    return export_workbook(desk, profile_named(desk, name), Scope(OCTOBER))


def put(desk: Desk, name: str, change: tuple[str, str] = ("", "")) -> Path:
    text = (ROOT / "exports/workbooks/activity-log.toml").read_text(encoding="utf-8")
    folder = desk.places.config / "workbooks"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text.replace(*change, 1), encoding="utf-8-sig")
    return path


def test_a_file_of_another_name_is_another_workbook(desk: Desk) -> None:
    log(desk, "20m referral #1030 10/20: consult => booked")
    put(desk, "board.toml", ('title = "Activity log"', 'title = "For the board"'))
    exported = export(desk, "board")
    assert exported.path.name.startswith("board-2026-10-at-")
    assert profile_named(desk, "BOARD").id == profile_named(desk, "for the board").id == "board"
    found = {each.id: each.own for each in listed_profiles(desk)}
    assert found == {**dict.fromkeys(SHIPPED, False), "board": True}


def test_its_first_column_may_have_gaps(desk: Desk) -> None:
    cover(desk, the_patient_id(desk, "1030"))
    log(desk, "20m referral #1030 10/20: consult => booked")
    draft_claims(desk, OCTOBER)
    log(desk, "20m referral #1030 10/19: consult => booked")
    put(desk, "board.toml").write_text(WITH_GAPS, encoding="utf-8")
    exported = export(desk, "board")
    book = openpyxl.load_workbook(exported.path)
    assert exported.rows == {"Log": 2}
    assert value_of(book, book["Control"], "B2") == "agree with the log"


def test_one_that_is_broken_is_listed_and_told(desk: Desk) -> None:
    put(desk, "board.toml", ('key = "note"', 'key = "nota"'))
    (board,) = (each for each in listed_profiles(desk) if each.id == "board")
    assert board.profile is None
    with pytest.raises(ContentBroken) as told:
        profile_named(desk, "board")
    assert 'no field "nota"; did you mean "note"?' in told.value.detail


def test_a_name_that_cannot_be_a_files_is_told(desk: Desk) -> None:
    put(desk, "Our Board.toml")
    with pytest.raises(ContentBroken, match="cannot be used") as told:
        profile_named(desk, "our board")
    assert "small letters" in told.value.detail


def test_one_that_there_is_not_is_told_with_those_that_there_are(desk: Desk) -> None:
    with pytest.raises(NotFound) as told:
        profile_named(desk, "bord")
    assert told.value.candidates == tuple(SHIPPED)
