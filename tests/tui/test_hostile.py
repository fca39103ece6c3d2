"""Every screen of a practice whose texts are hostile: nothing of them steers the terminal, none is markup."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from casemgr.core.commands import AddFollowUp, AddPatient, AddStaff, AmendActivity, OpenCase
from casemgr.services.activities import amend_activity, log_activity
from casemgr.services.cases import open_case
from casemgr.services.claims import draft_claims
from casemgr.services.entries import wish_from_text
from casemgr.services.follow_ups import add_follow_up
from casemgr.services.patients import add_patient
from casemgr.services.staff import add_staff
from casemgr.tui.messages import Go
from casemgr.tui.places import PLACES
from casemgr.tui.screens.activity import ActivityScreen
from casemgr.tui.screens.claim import ClaimScreen
from casemgr.tui.screens.history import HistoryScreen
from casemgr.tui.screens.patient import PatientScreen
from tests.cli.hostile import FORBIDDEN, hostile
from tests.services.support import OCTOBER, cover

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]


def assert_plain(face: Face, where: str) -> None:
    assert face.app.fault is None, where
    found = FORBIDDEN.search(face.seen())
    assert not found, (where, found)


async def test_no_screen_is_steered(opened: Open, desk: Desk) -> None:
    add_staff(desk, AddStaff("evil", hostile(), hostile(), hostile()))
    texts = (hostile() for _ in range(4))
    patient = add_patient(desk, AddPatient(hostile(), hostile(), date(1990, 2, 3), "2001", *texts)).patient
    cover(desk, patient.id, payer=hostile())
    said: dict[str, Any] = {
        name: hostile()
        for name in ("complaint", "findings", "supplementary", "plan", "consent", "treating_dentist")
    }
    case = OpenCase(patient.id, date(2026, 10, 1), barriers=(hostile(),), **said)
    open_case(desk, case)
    wish = wish_from_text(desk, "20m referral #2001 10/5 9:10am: x => booked !10/21 x")
    follow_up = wish.follow_ups[0]._replace(what=hostile())
    said = {
        name: hostile()
        for name in ("note", "outcome_words", "method", "contacted", "reason", "response", "next_step")
    }
    saved = log_activity(desk, wish._replace(**said, outcome="", follow_ups=(follow_up,))).activity
    amend_activity(desk, AmendActivity(saved.id, hostile(), {"note": hostile()}))
    add_follow_up(desk, AddFollowUp(date(2026, 10, 21), hostile(), patient.id))
    (claim,) = draft_claims(desk, OCTOBER).claims
    async with opened(120, 40) as face:
        for place in PLACES:
            face.app.screen.post_message(Go(place.name, ""))
            await face.settle()
            await face.press("down")
            assert_plain(face, place.name)
        seat = face.app.seat
        for screen in (
            PatientScreen(seat, patient.id),
            ClaimScreen(seat, claim.number),
            HistoryScreen(seat, "activity", saved.id),
            ActivityScreen(seat, amend=saved.id),
        ):
            await face.app.push_screen(screen)
            await face.settle()
            assert_plain(face, type(screen).__name__)
            face.app.pop_screen()
            await face.settle()
