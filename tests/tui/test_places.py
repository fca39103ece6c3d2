"""What is promised of every place: going there and back, others' writing, any text, any size, help."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import pytest
from textual.widgets import Input

from casemgr.core.commands import AddPatient, AddStaff
from casemgr.core.text import tidy
from casemgr.services.claims import draft_claims
from casemgr.services.patients import add_patient, the_patient_id
from casemgr.services.staff import add_staff
from casemgr.tui.messages import Go
from casemgr.tui.places import PLACES
from casemgr.tui.screens.activity import ActivityScreen
from casemgr.tui.screens.claim import ClaimScreen
from casemgr.tui.screens.help import HelpScreen
from casemgr.tui.screens.history import HistoryScreen
from casemgr.tui.screens.page import LOOK_SECONDS, Page
from casemgr.tui.screens.patient import PatientScreen
from casemgr.tui.widgets.fields import FieldRow
from casemgr.tui.widgets.listing import Listing
from tests.services.support import OCTOBER, cover, log

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.services.desk import Desk
    from casemgr.tui.places import Place
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]

by_name = pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)


@pytest.fixture
def worked(desk: Desk, ana: str) -> Desk:
    """Two activities, a follow-up and a claim of Ana."""
    cover(desk, ana)
    log(desk, "20m referral 1030 10/5: OS about a ride => consult booked")
    log(desk, "15m transport 1030: ride => ride confirmed !10/26 confirm the ride")
    draft_claims(desk, OCTOBER)
    return desk


async def go(face: Face, place: str, at: str = "") -> None:
    face.app.screen.post_message(Go(place, at))
    await face.settle()


class Held(NamedTuple):
    """What nobody may lose while others write."""

    focus: str
    cursors: list[str]
    typed: list[str]


def held(face: Face) -> Held:
    screen = face.app.screen
    lists = [each.key for each in screen.query(Listing)]
    return Held(str(screen.focused), lists, [each.value for each in screen.query(Input)])


def others_work(desk: Desk) -> None:
    """Another program adds a patient, two activities, a follow-up, a claim, and a member of staff."""
    add_patient(desk, AddPatient("Garcia", "Zoe", date(2001, 2, 3), "1040"))
    cover(desk, the_patient_id(desk, "1031"))
    log(desk, "7m transport 1031: ride => ride confirmed !10/26 bring papers for the ride")
    draft_claims(desk, OCTOBER)
    log(desk, "3m education 1030: brushing => teach-back done")
    add_staff(desk, AddStaff("zz", "Zora Zimmer"))


RIDE = ("slash", *"ride")

WRITTEN = {
    "today": (("5", "m", "space", *"ref"), "Today · 3 activities"),
    "log": ((*RIDE, "enter", "down"), "3 activities"),
    "patients": (tuple("gar"), "Garcia, Zoe"),
    "patient": (("end",), "3 activities"),
    "follow_ups": (RIDE, "bring papers"),
    "claims": (("down",), "2 claims"),
    "month": (("down",), "4 activities"),
    "insights": (("down", "down"), "Minutes 45"),
    "staff": (("down",), "Zora Zimmer"),
}
"""What somebody presses at a place, and what stands there once others have worked."""


@pytest.mark.usefixtures("noticed_soon")
@pytest.mark.parametrize("place", WRITTEN)
async def test_what_others_write_appears_by_itself_and_nothing_is_lost(
    opened: Open, worked: Desk, ana: str, place: str
) -> None:
    assert LOOK_SECONDS <= 2
    keys, shows = WRITTEN[place]
    async with opened(160, 40) as face:
        where = {"patient": ("patients", ana), "staff": ("settings", "staff")}
        await go(face, *where.get(place, (place,)))
        await face.press(*keys)
        before = held(face)
        assert shows not in " ".join(face.seen().split())

        others_work(worked)
        await face.until(lambda: shows in " ".join(face.seen().split()))
        after = held(face)
        assert (after.focus, after.typed) == (before.focus, before.typed)
        for was, now in zip(before.cursors, after.cursors, strict=True):
            assert now == was or not was


@by_name
async def test_its_own_number_leads_back_to_a_place(opened: Open, worked: Desk, place: Place) -> None:
    async with opened() as face:
        await go(face, place.name)
        base = face.app.screen
        assert isinstance(base, Page)
        base.open(HistoryScreen(base.seat, "patient", the_patient_id(worked, "1030")))
        await face.settle()
        assert isinstance(face.app.screen, HistoryScreen)

        await face.press(place.key)
        assert face.app.screen is base


async def test_pages_over_a_place_are_left_by_its_number(opened: Open, worked: Desk, ana: str) -> None:
    (number,) = worked.store.rows("SELECT number FROM claims")
    async with opened() as face:
        for place, at, kind in (("patients", ana, PatientScreen), ("claims", number[0], ClaimScreen)):
            await go(face, place, at)
            assert isinstance(face.app.screen, kind)
            await face.press("h")
            assert len(face.app.screen_stack) == 3
            await face.press(next(each.key for each in PLACES if each.name == place))
            assert len(face.app.screen_stack) == 1


async def test_what_is_open_elsewhere_is_there_again_when_one_comes_back(opened: Open, ana: str) -> None:
    async with opened() as face:
        await go(face, "patients", ana)
        page = face.app.screen
        await face.press("2", "3")
        assert face.app.screen is page


async def test_a_form_that_is_left_for_a_record_keeps_what_is_written(opened: Open, desk: Desk) -> None:
    ids = [log(desk, f"{minutes}m referral 1030: call => booked").id for minutes in (5, 10)]
    async with opened() as face:
        await go(face, "log", ids[0])
        page = face.app.screen
        await face.press("enter")
        assert isinstance(face.app.screen, ActivityScreen)
        face.write({"note": "half a thought"})
        page.post_message(Go("log", ids[1]))
        await face.settle()
        assert face.app.screen is page

        await go(face, "log", ids[0])
        await face.press("enter")
        await face.press("t")
        notes = [row.text for row in face.app.screen.query(FieldRow) if row.spec.name == "note"]
        assert notes == ["half a thought"]


ODD = ("[/b]Odd", "[red]病人", "a]b\\[")


@pytest.mark.parametrize(
    "place", ["today", "log", "patients", "patient", "follow_ups", "claims", "claim", "month", "staff"]
)
async def test_names_are_no_markup_in_any_list(opened: Open, desk: Desk, place: str) -> None:
    ids = [
        add_patient(desk, AddPatient(name, name, date(2000, 2, 3), f"20{number}")).patient.id
        for number, name in enumerate(ODD)
    ]
    for number, patient_id in enumerate(ids):
        add_staff(desk, AddStaff(f"odd{number}", ODD[number]))
        log(desk, f"5m education #20{number}: {ODD[number]} => teach-back done !10/21 ask {ODD[number]}")
        if place in {"claims", "claim"}:
            cover(desk, patient_id)
    draft_claims(desk, OCTOBER)
    async with opened(160, 60) as face:
        for patient_id, name in zip(ids, ODD, strict=True):
            await show(face, place, patient_id)
            assert tidy(name) in face.seen()
            assert face.app.fault is None


async def show(face: Face, place: str, patient_id: str) -> None:
    """Go to a place, or to the page of a patient or of their claim."""
    if place == "claim":
        found = face.desk.store.rows("SELECT number FROM claims WHERE patient_id = ?", (patient_id,))
        await go(face, "claims", str(next(iter(found))[0]))
    else:
        where = {"patient": ("patients", patient_id), "staff": ("settings", "staff")}
        await go(face, *where.get(place, (place,)))


@by_name
async def test_all_that_takes_the_focus_is_seen_at_80x24(opened: Open, worked: Desk, place: Place) -> None:
    async with opened(80, 24) as face:
        await go(face, place.name)
        screen = face.app.screen
        seen = face.seen()
        assert all(f"{each.key} {each.title}" in seen for each in PLACES if each == place)
        for _ in screen.focus_chain:
            here = screen.focused
            assert here is not None
            shown = here.region.intersection(screen.region)
            assert shown.width > 8, here
            assert shown.height == here.region.height > 0, here
            screen.focus_next()
            await face.settle()


@by_name
async def test_help_is_about_the_place_and_goes_again(opened: Open, worked: Desk, place: Place) -> None:
    async with opened(120, 60) as face:
        await go(face, place.name)
        page = face.app.screen
        page.set_focus(None)
        await face.press("question_mark")
        assert isinstance(face.app.screen, HelpScreen)
        words = " ".join((page.HELP or "").split())
        assert words
        assert words[:40] in " ".join(face.seen().replace("│", " ").replace("┃", " ").split())
        await face.press("escape")
        assert face.app.screen is page
