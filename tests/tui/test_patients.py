"""Patients: found while typing, opened, added, and told apart from their namesakes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Static

from casemgr.core.commands import AddPatient
from casemgr.services.activities import log_activity
from casemgr.services.entries import wish_from_text
from casemgr.services.patients import add_patient, listed, the_patient_id
from casemgr.tui.messages import Go
from casemgr.tui.screens.form import FormScreen
from casemgr.tui.screens.patient import PatientScreen
from casemgr.tui.screens.patients import PatientsScreen
from casemgr.tui.widgets.patients import PatientLine, PatientList

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]


async def go(face: Face, at: str = "") -> None:
    face.app.screen.post_message(Go("patients", at))
    await face.settle()


def complaint(face: Face, field: str) -> str:
    assert isinstance(face.app.screen, FormScreen)
    row = face.app.screen.row(field)
    assert row is not None
    return str(row.query_one(".complaint", Static).render())


async def look_for(face: Face, text: str) -> None:
    face.app.screen.query_one(PatientLine).value = text
    await face.settle()


def names(face: Face) -> list[str]:
    found = face.app.screen.query_one(PatientList)
    return [row.name for key in found.keys if (row := found.row(key)) is not None]


async def test_before_anything_is_typed_stand_those_worked_with_last(opened: Open, desk: Desk) -> None:
    log_activity(desk, wish_from_text(desk, "5m education 1032: brushing => teach-back done"))
    log_activity(desk, wish_from_text(desk, "5m education 1030 yesterday: brushing => teach-back done"))
    async with opened() as face:
        await go(face)
        assert names(face) == ["O'Brien-Núñez, Mary Jo", "Garcia, Ana"]
        assert "Worked with last · 2 patients" in face.seen()
        assert isinstance(face.app.focused, PatientLine)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("gar an", ["1030", "1031"]),
        ("ana garcia 2012", ["1030"]),
        ("4/9/1985", ["1031"]),
        ("1032", ["1032"]),
        ("obrien", ["1032"]),
        ("garsia", ["1030", "1031"]),
        ("zzz", []),
    ],
)
async def test_any_part_of_what_is_known_finds_a_patient(opened: Open, typed: str, found: list[str]) -> None:
    async with opened() as face:
        await go(face)
        await look_for(face, typed)
        rows = face.app.screen.query_one(PatientList)
        assert sorted(row.chart_number for key in rows.keys if (row := rows.row(key))) == found
        assert found or "Nobody fits" in face.seen()


async def test_namesakes_are_flagged_with_what_tells_them_apart(opened: Open) -> None:
    async with opened() as face:
        await go(face)
        await look_for(face, "garcia")
        assert face.seen().count("Garcia, Ana ≠") == 2
        for words in ("4/9/2012", "4/9/1985", "1030", "1031", "≠ has a namesake"):
            assert words in face.seen()
        await look_for(face, "obrien")
        assert "≠" not in face.seen()


async def test_the_arrows_move_while_typing_and_enter_opens(opened: Open) -> None:
    async with opened() as face:
        await go(face)
        await look_for(face, "garcia")
        first = face.app.screen.query_one(PatientList).key
        await face.press("down")
        other = face.app.screen.query_one(PatientList).key
        assert other != first
        await face.press("enter")
        assert isinstance(face.app.screen, PatientScreen)
        assert face.app.screen.patient_id == other
        await face.press("escape")
        assert isinstance(face.app.screen, PatientsScreen)
        assert face.app.screen.query_one(PatientLine).value == "garcia"
        assert face.app.screen.query_one(PatientList).key == other


async def test_enter_right_after_typing_opens_who_fits_now(opened: Open) -> None:
    async with opened() as face:
        await go(face)
        await look_for(face, "garcia")
        await face.pilot.press(*["backspace"] * 6, *"1032", "enter")
        await face.settle()
        assert isinstance(face.app.screen, PatientScreen)
        assert "O'Brien-Núñez, Mary Jo" in face.text("#who")


async def test_esc_leaves_the_line_for_the_list_and_slash_comes_back(opened: Open) -> None:
    async with opened() as face:
        await go(face)
        await look_for(face, "garcia")
        await face.press("escape")
        assert isinstance(face.app.focused, PatientList)
        await face.press("slash")
        assert isinstance(face.app.focused, PatientLine)
        assert face.app.focused.value == "garcia"


async def test_esc_from_a_text_that_fits_nobody_brings_back_those_worked_with_last(opened: Open) -> None:
    async with opened() as face:
        await go(face)
        await look_for(face, "456")
        assert "f3 adds a patient" in face.seen()
        await face.press("escape")
        assert isinstance(face.app.focused, PatientList)
        assert face.app.focused.keys
        assert "456" not in face.seen()


async def test_a_patient_is_added_and_opened(opened: Open) -> None:
    async with opened() as face:
        await go(face)
        await look_for(face, "Ortiz, Luz")
        await face.press("f3")
        assert isinstance(face.app.screen, FormScreen)
        assert face.app.screen.fields.values["last_name"] == "Ortiz"
        assert face.app.screen.fields.values["first_name"] == "Luz"
        face.app.screen.fields.fill({"birth_date": "2/17/2016", "language": "Spanish"})
        face.app.screen.fields.fill({"payer": "Sunrise Medicaid Dental", "member_id": "SYN1"})
        await face.press("ctrl+s")

        assert face.deeds()[-2:] == [("add", "patient"), ("add", "coverage")]
        assert isinstance(face.app.screen, PatientScreen)
        assert "Ortiz, Luz   2/17/2016 (10)   #1033" in face.text("#who")
        assert listed(face.desk, "ortiz")[0].language == "Spanish"
        await face.press("escape")
        assert "added 12:00:00 ✓" in face.text("Foot")


@pytest.mark.parametrize(
    ("written", "field", "said"),
    [
        ({"last_name": "Ortiz", "birth_date": "2/30/2016"}, "birth_date", "February has no day 30"),
        ({"last_name": "Ortiz", "birth_date": "1/1/2030"}, "birth_date", "in the future"),
        ({"last_name": "Ortiz", "birth_date": "1/1/2016", "chart_number": "1030"}, "chart_number", "another"),
        ({"last_name": "Ortiz", "birth_date": "1/1/2016", "payer": "Sunrise"}, "member_id", "is missing"),
        ({"last_name": "Garcia", "first_name": "Ana", "birth_date": "4/9/2012"}, "namesake", "#1030"),
    ],
)
async def test_what_cannot_be_is_said_beside_its_field(
    opened: Open, written: dict[str, str], field: str, said: str
) -> None:
    async with opened() as face:
        await go(face)
        await face.press("f3")
        form = face.app.screen
        assert isinstance(form, FormScreen)
        before = len(face.deeds())
        form.fields.fill(written)
        await face.press("f9")
        assert face.app.screen is form
        assert said in complaint(face, field)
        assert len(face.deeds()) == before


async def test_two_people_of_one_name_and_birth_date_are_taken_once_said(opened: Open) -> None:
    async with opened() as face:
        await go(face)
        await face.press("f3")
        form = face.app.screen
        assert isinstance(form, FormScreen)
        form.fields.fill(
            {"last_name": "Garcia", "first_name": "Ana", "birth_date": "4/9/2012", "namesake": "yes"}
        )
        await face.press("f9")
        assert face.deeds()[-1] == ("add", "patient")
        assert "≠ not to be mistaken for" in face.text("#who")


async def test_a_half_written_patient_is_offered_again(opened: Open) -> None:
    async with opened() as face:
        await go(face)
        await face.press("f3", *"Ortiz", "escape")
        assert isinstance(face.app.screen, PatientsScreen)
        await face.press("f3")
        assert "What you wrote is still here" in face.seen()
        await face.press("t")
        assert isinstance(face.app.screen, FormScreen)
        assert face.app.screen.fields.values["last_name"] == "Ortiz"


async def test_who_others_add_appears_without_losing_what_is_typed(opened: Open, desk: Desk) -> None:
    async with opened() as face:
        await go(face)
        await look_for(face, "garcia")
        await face.press("down")
        marked = face.app.screen.query_one(PatientList).key
        add_patient(desk, AddPatient("Garcia", "Zoe", date(1999, 1, 1)))
        assert isinstance(face.app.screen, PatientsScreen)
        face.app.screen.feel()
        await face.settle()
        assert "Garcia, Zoe" in names(face)
        assert face.app.screen.query_one(PatientList).key == marked
        assert face.app.screen.query_one(PatientLine).value == "garcia"


async def test_going_to_a_patient_leaves_what_was_open_there(opened: Open, desk: Desk) -> None:
    one, other = the_patient_id(desk, "1030"), the_patient_id(desk, "1032")
    async with opened() as face:
        await go(face, one)
        await face.press("e")
        assert isinstance(face.app.screen, FormScreen)
        await go(face, other)
        assert isinstance(face.app.screen, PatientScreen)
        assert face.app.screen.patient_id == other
        await face.press("escape")
        assert isinstance(face.app.screen, PatientsScreen)


async def test_names_are_shown_as_they_are(opened: Open, desk: Desk) -> None:
    for number, name in enumerate(("[bold]Müller[/]", "山田太郎", "نور الدين", "e\u0301\u0301vil\x1b[31m")):
        add_patient(desk, AddPatient(name, "[/]", date(1970, 1, 1 + number)))
    async with opened() as face:
        await go(face)
        await look_for(face, "1970")
        for name in ("[bold]Müller[/], [/]", "山田太郎, [/]", "نور الدين, [/]"):
            assert name in face.seen()
        await face.press("enter")
        assert isinstance(face.app.screen, PatientScreen)


async def test_a_marked_patient_is_copied(opened: Open) -> None:
    async with opened() as face:
        await go(face)
        await look_for(face, "1030")
        await face.press("escape", "y")
        assert face.app.clipboard == "Garcia, Ana\t4/9/2012\t#1030\tSpanish"
