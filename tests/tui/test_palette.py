"""The palette: what can be done now, any place, a patient by name, a claim by number."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from textual.command import CommandPalette
from textual.widgets import OptionList

from casemgr.core.commands import AddCoverage, AddPatient
from casemgr.core.dates import Month
from casemgr.services.activities import log_activity
from casemgr.services.claims import draft_claims, numbered, void_claim
from casemgr.services.coverages import add_coverage
from casemgr.services.entries import wish_from_text
from casemgr.services.patients import add_patient, the_patient_id
from casemgr.tui.screens.claim import ClaimScreen
from casemgr.tui.screens.patient import PatientScreen

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]


async def find(face: Face, query: str) -> list[str]:
    """Opens the palette, types, and gives what it offers."""
    await face.press("ctrl+p")
    await face.pilot.press(*query)
    await face.pilot.pause(0.6)
    await face.settle()
    assert isinstance(face.app.screen, CommandPalette)
    options = face.app.screen.query_one(OptionList).options
    return [str(option.prompt) for option in options]


def claimed(desk: Desk) -> str:
    """The number of a claim of this month."""
    add_coverage(desk, AddCoverage(the_patient_id(desk, "1030"), "sunrise", "SYN1"))
    log_activity(desk, wish_from_text(desk, "20m referral 1030: OS consult => booked 10/28"))
    (claim,) = draft_claims(desk, Month(2026, 10)).claims
    return claim.number


async def test_it_offers_what_can_be_done_here_with_its_key(opened: Open, desk: Desk) -> None:
    log_activity(desk, wish_from_text(desk, "20m referral 1030: x => booked"))
    async with opened(120, 40) as face:
        await face.press("escape")
        offered = "\n".join(await find(face, ""))
        for part in (
            "        y  Copy the marked activity",
            "z  Undo your last action",
            "Go to the patient of",
        ):
            assert part in offered
        assert "what is new" in offered
        assert "Take every tick away" not in offered


async def test_any_place_is_one_of_its_words_away(opened: Open) -> None:
    async with opened(120, 40) as face:
        offered = await find(face, "payers")
        assert offered[0].startswith("        8  Codes: look up procedure codes, kinds and payers")
        await face.pilot.press("enter")
        await face.settle()
        assert face.app.current_mode == "codes"


async def test_namesakes_are_told_apart_and_led_to(opened: Open, desk: Desk) -> None:
    async with opened(120, 40) as face:
        assert {one for one in await find(face, "garcia an") if "patient  " in one} == {
            "  patient  Garcia, Ana  4/9/2012 (14)  #1030",
            "  patient  Garcia, Ana  4/9/1985 (41)  #1031",
        }
        await face.press("escape")
        await find(face, "garcia 1985")
        await face.pilot.press("enter")
        await face.settle()
        await face.settle()
        screen = face.app.screen
        assert isinstance(screen, PatientScreen)
        assert screen.about().patient_id == the_patient_id(desk, "1031")


async def test_a_slip_still_finds_the_patient(opened: Open) -> None:
    async with opened(120, 40) as face:
        offered = "\n".join(await find(face, "gracia ana"))
        assert "Garcia, Ana  4/9/2012" in offered


async def test_a_claim_is_found_by_part_of_its_number(opened: Open, desk: Desk) -> None:
    number = claimed(desk)
    async with opened(120, 40) as face:
        offered = await find(face, number[-7:].lower())
        assert f"    claim  {number}  Garcia, Ana 4/9/2012 #1030  October 2026" in offered
        await face.pilot.press("enter")
        await face.settle()
        await face.settle()
        assert face.app.current_mode == "claims"
        assert isinstance(face.app.screen, ClaimScreen)
        assert number in face.seen()


async def test_peoples_text_is_no_markup_there(opened: Open, desk: Desk) -> None:
    add_patient(desk, AddPatient("Zoo [/b]", "[red]Bo", date(1990, 1, 2), "z9"))
    async with opened(120, 40) as face:
        offered = "\n".join(await find(face, "zoo"))
        assert "Zoo [/b], [red]Bo  1/2/1990 (36)  #z9" in offered


def test_numbers_are_found_by_digits_and_voided_ones_say_so(desk: Desk) -> None:
    number = claimed(desk)
    assert [one.number for one in numbered(desk, number.lower())] == [number]
    assert [one.number for one in numbered(desk, number[-4:])] == [number]
    assert numbered(desk, "garcia") == []
    assert numbered(desk, "%0_") == []
    void_claim(desk, number, "by mistake")
    assert [one.voided for one in numbered(desk, number)] == [1]


async def test_a_second_click_while_it_is_being_left_ends_nothing(opened: Open) -> None:
    async with opened() as face:
        await face.press("ctrl+p")
        palette = face.app.screen
        for _ in range(2):
            palette.dismiss()
        await face.settle()
        assert face.app.screen_stack == [face.app.screen]
        assert not isinstance(face.app.screen, CommandPalette)
