"""A patient's page: all that is kept, what stands in the way, and every deed from there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import AddCoverage, AddPatient, CloseCase, OpenCase, VoidActivity
from casemgr.services.activities import void_activity
from casemgr.services.cases import close_case, listed, open_case
from casemgr.services.coverages import add_coverage
from casemgr.services.coverages import listed as coverages
from casemgr.services.patients import add_patient, the_patient, the_patient_id
from casemgr.services.undo import undo
from casemgr.tui.screens.activity import ActivityScreen
from casemgr.tui.screens.claim import ClaimScreen
from casemgr.tui.screens.history import HistoryScreen
from casemgr.tui.screens.patient import PatientScreen
from casemgr.tui.screens.patients import PatientsScreen
from casemgr.tui.screens.pick import PickScreen
from casemgr.tui.widgets.kept import KeptList
from casemgr.tui.widgets.timeline import Timeline
from tests.tui.patient_page import PAYER, form, go, log, mark, on_file, row

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]


@pytest.fixture
def ana(desk: Desk) -> str:
    """Ana Garcia, with all that a page may show."""
    return on_file(desk)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_the_page_says_who_and_what_is_known(opened: Open, ana: str, size: tuple[int, int]) -> None:
    async with opened(*size) as face:
        await go(face, ana)
        seen = face.seen()
        for words in (
            *("Garcia, Ana   4/9/2012 (14)   #1030", "Spanish, interpreter wanted"),
            *("⚑ Z59.82 no reliable transport", "⚑ mother works nights"),
            *("≠ not to be mistaken for Garcia, Ana 4/9/1985 #1031", "617-555-0130"),
            *(PAYER, "SYN4410231", "since 9/3/2026", "lacks plan with its rationale"),
            *("25 min", "in 2 activities", "in 5 d", "confirm ride", "2 activities · 25 min"),
            *("10/19/2026", "Consult booked", "claimed", "10/21/2026", "Teach-back done"),
        ):
            assert words in seen, words


async def test_below_stands_the_note_of_the_marked_activity(opened: Open, ana: str) -> None:
    async with opened() as face:
        page = await go(face, ana)
        assert isinstance(face.app.focused, Timeline)
        assert "brushing" in face.text("#done Facts").splitlines()[2]
        await face.press("down")
        assert "OS consult, records sent" in face.text("#done Facts")
        await mark(face, "case")
        assert "missed 2 of 3 visits" in face.text("#done Facts")
        assert "missing" in face.text("#done Facts")
        assert page.query_one(KeptList).has_focus


async def test_barriers_stay_in_sight_however_far_one_scrolls(opened: Open, desk: Desk, ana: str) -> None:
    for day in range(1, 19):
        for _ in range(4):
            log(desk, f"5m education 1030 10/{day}: brushing => teach-back done")
    async with opened() as face:
        await go(face, ana)
        await face.press("end")
        assert "10/1/2026" in face.seen()
        assert "⚑ mother works nights" in face.seen()


async def test_more_activities_than_come_with_the_page_are_read_on_the_way(
    opened: Open, desk: Desk, ana: str
) -> None:
    for minute in range(230):
        log(
            desk, f"{minute % 50 + 1}m education 1030 9/{minute % 28 + 1}: number {minute} => teach-back done"
        )
    async with opened() as face:
        page = await go(face, ana)
        assert "232 activities" in str(page.timeline.border_title)
        await face.press("end")
        await face.settle()
        assert "9/1/2026" in face.seen()
        assert "…" not in face.text("#done Facts")


async def test_the_patient_is_edited_with_a_reason(opened: Open, ana: str) -> None:
    async with opened() as face:
        await go(face, ana)
        await face.press("e")
        form(face).fields.fill({"phone": "617-555-0199", "reason": "new phone"})
        await face.press("ctrl+s")
        assert face.deeds()[-1] == ("edit", "patient")
        assert the_patient(face.desk, ana).phone == "617-555-0199"
        assert "617-555-0199" in face.seen()
        assert face.text("Foot").endswith("changed 12:00:00 ✓")


async def test_a_form_in_which_nothing_was_changed_says_so(opened: Open, ana: str) -> None:
    async with opened() as face:
        await go(face, ana)
        before = face.deeds()
        await face.press("e", "ctrl+s")
        assert "Nothing is different yet" in face.text("#trouble")
        assert face.deeds() == before


async def test_coverage_is_added_and_ended(opened: Open, desk: Desk) -> None:
    async with opened(120, 40) as face:
        lotte = the_patient_id(desk, "1032")
        await go(face, lotte)
        assert "none today" in face.seen()
        await face.press("i")
        form(face).fields.fill({"payer": PAYER, "member_id": "SYN7", "valid_from": "1/1/2026"})
        await face.press("ctrl+s")
        assert face.deeds()[-1] == ("add", "coverage")
        assert "pays today" in face.seen()

        await face.press("i")
        form(face).fields.fill({"valid_to": "9/30/2026", "reason": "left the plan"})
        await face.press("ctrl+s")
        assert face.deeds()[-1] == ("edit", "coverage")
        assert coverages(desk, lotte)[0].coverage.valid_to == "2026-09-30"
        assert "none today" in face.seen()


async def test_a_cover_that_overlaps_is_refused_with_the_other(opened: Open, ana: str) -> None:
    async with opened() as face:
        await go(face, ana)
        await face.press("a", "i")
        form(face).fields.fill({"payer": PAYER, "member_id": "SYN8"})
        await face.press("ctrl+s")
        assert "in that time already" in face.text("#trouble")
        assert "SYN4410231" in face.text("#trouble")


async def test_of_several_coverages_one_is_picked(opened: Open, desk: Desk, ana: str) -> None:
    for year in range(2018, 2026):
        add_coverage(desk, AddCoverage(ana, PAYER, f"SYN{year}", f"{year}-01-01", f"{year}-12-31"))
    async with opened() as face:
        page = await go(face, ana)
        assert len([key for key in page.kept.keys if key.startswith("coverage")]) == 9
        await face.press("i")
        assert isinstance(face.app.screen, PickScreen)
        await face.press(*"2019")
        await face.press("enter")
        assert form(face).fields.values["member_id"] == "SYN2019"


async def test_a_follow_up_is_added_put_off_and_done(opened: Open, desk: Desk) -> None:
    patient_id = the_patient_id(desk, "1032")
    async with opened() as face:
        await go(face, patient_id)
        await face.press("a", "f")
        form(face).fields.fill({"due_date": "10/26", "what": "confirm ride"})
        await face.press("ctrl+s")
        assert face.deeds()[-1] == ("add", "follow_up")
        await mark(face, "follow_up")
        await face.press("s", "t")
        assert face.deeds()[-1] == ("snooze", "follow_up")
        assert "in 1 d  confirm ride" in face.seen()
        await face.press("d", "enter")
        assert face.deeds()[-1] == ("done", "follow_up")
        assert not any(key.startswith("follow_up") for key in face.app.screen.query_one(KeptList).keys)


async def test_enter_leads_to_what_is_marked(opened: Open, desk: Desk, ana: str) -> None:
    async with opened() as face:
        await go(face, ana)
        await face.press("enter")
        assert isinstance(face.app.screen, ActivityScreen)
        await face.press("escape")
        await mark(face, "follow_up")
        await face.press("enter")
        assert isinstance(face.app.screen, ActivityScreen)
        await face.press("escape")
        await mark(face, "patient")
        await face.press("enter")
        assert form(face).fields.values["phone"] == "617-555-0130"
        await face.press("escape")
        await mark(face, "claim")
        await face.press("enter")
        await face.settle()
        assert isinstance(face.app.screen, ClaimScreen)


async def test_a_new_activity_is_about_this_patient(opened: Open, ana: str) -> None:
    async with opened() as face:
        await go(face, ana)
        await face.press("n")
        assert isinstance(face.app.screen, ActivityScreen)
        assert "Garcia, Ana" in face.seen()


async def test_history_is_of_what_is_marked(opened: Open, ana: str) -> None:
    async with opened() as face:
        await go(face, ana)
        await face.press("h")
        assert isinstance(face.app.screen, HistoryScreen)
        assert "Oral-care education" in face.seen()
        await face.press("escape")
        await mark(face, "case")
        await face.press("h")
        assert "missed 2 of 3 visits" in face.seen()


@pytest.mark.parametrize(
    ("at", "field"), [("#case.plan", "plan"), ("#case.complaint", "complaint"), ("#coverage", "valid_to")]
)
async def test_somebody_sent_here_to_mend_something_finds_the_field(
    opened: Open, ana: str, at: str, field: str
) -> None:
    async with opened() as face:
        await go(face, f"{ana}{at}")
        assert face.app.focused is row(face, field).edited
        await face.press("escape")
        assert isinstance(face.app.screen, PatientScreen)


async def test_without_a_case_mending_it_opens_one(opened: Open, desk: Desk) -> None:
    async with opened() as face:
        await go(face, f"{the_patient_id(desk, '1032')}#case.plan")
        assert "New case" in face.text("#title")
        assert face.app.focused is row(face, "plan").edited


async def test_voided_activities_are_shown_when_wanted(opened: Open, desk: Desk, ana: str) -> None:
    void_activity(desk, VoidActivity(log(desk, "30m education 1030: x => teach-back done"), "logged twice"))
    async with opened() as face:
        page = await go(face, ana)
        assert page.timeline.key and "30" not in str(page.timeline.border_title)
        await face.press("v")
        assert "voided ones too" in face.seen()
        assert len(page.timeline.keys) == 3


async def test_the_months_are_stepped_through(opened: Open, desk: Desk, ana: str) -> None:
    log(desk, "40m education 1030 9/10: brushing => teach-back done")
    async with opened() as face:
        await go(face, ana)
        await face.press("left_square_bracket")
        assert "September" in face.seen()
        assert "40 min" in face.seen()
        await face.press("0")
        assert "October" in face.seen()


async def test_what_others_write_appears_with_the_marked_row_kept(opened: Open, desk: Desk, ana: str) -> None:
    async with opened() as face:
        page = await go(face, ana)
        await face.press("down")
        marked = page.timeline.key
        log(desk, "5m education 1030: flossing => teach-back done")
        page.feel()
        await face.settle()
        assert page.timeline.key == marked
        assert "3 activities" in face.seen()


async def test_a_patient_who_is_undone_leaves_calmly(opened: Open, desk: Desk) -> None:
    added = add_patient(desk, AddPatient("Ortiz", "Luz", date(2016, 2, 17))).patient
    async with opened() as face:
        page = await go(face, added.id)
        undo(desk)
        page.feel()
        await face.settle()
        assert isinstance(face.app.screen, PatientsScreen)
        assert "There is no such patient" in face.seen()


async def test_a_row_is_copied(opened: Open, ana: str) -> None:
    async with opened() as face:
        await go(face, ana)
        await mark(face, "coverage")
        await face.press("y")
        assert face.app.clipboard.startswith(f"Coverage\t{PAYER}\tSYN4410231")


async def test_three_cases_stand_with_their_checklists(opened: Open, desk: Desk, ana: str) -> None:
    (only,) = listed(desk, ana)
    close_case(desk, CloseCase(only.case.id, date(2026, 9, 10), "treatment complete"))
    second = open_case(desk, OpenCase(ana, date(2026, 9, 11), complaint="again"))
    close_case(desk, CloseCase(second.id, date(2026, 9, 20), "moved away"))
    open_case(desk, OpenCase(ana, date(2026, 9, 21), complaint="back again", plan="rides"))
    async with opened(120, 40) as face:
        await go(face, ana)
        for words in ("since 9/21/2026", "closed 9/20/2026", "closed 9/10/2026"):
            assert words in face.seen()
        await mark(face, "case", second.id)
        await face.press("enter")
        assert "It was closed on 9/20/2026: moved away" in face.text("#words")
