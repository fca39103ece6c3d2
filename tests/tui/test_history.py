"""A record's history: when, who, why, and what was before and after, in people's words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import (
    AddCoverage,
    AddFollowUp,
    AmendActivity,
    EditCase,
    EditPatient,
    OpenCase,
    SnoozeFollowUp,
    VoidActivity,
)
from casemgr.core.dates import Month
from casemgr.core.text import tidy
from casemgr.services.activities import amend_activity, log_activity, void_activity
from casemgr.services.cases import edit_case, open_case
from casemgr.services.claims import draft_claims, void_claim
from casemgr.services.coverages import add_coverage
from casemgr.services.entries import wish_from_text
from casemgr.services.follow_ups import add_follow_up, snooze_follow_up
from casemgr.services.patients import edit_patient, the_patient_id
from casemgr.services.undo import undo
from casemgr.tui.screens.history import HistoryScreen
from casemgr.tui.screens.page import Page
from tests.tui.test_text import NASTY

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]


async def show(face: Face, entity: str, record_id: str) -> str:
    page = face.app.screen
    assert isinstance(page, Page)
    page.open(HistoryScreen(face.app.seat, entity, record_id))
    await face.settle()
    return face.seen()


def log(desk: Desk, line: str) -> str:
    return log_activity(desk, wish_from_text(desk, line)).activity.id


async def test_an_activity_tells_what_was_changed_by_whom_and_why(
    opened: Open, desk: Desk, clock: FixedClock
) -> None:
    record_id = log(desk, "20m referral 1030: OS consult, the records were sent by fax => booked")
    clock.move(minutes=5)
    changes: dict[str, str | int] = {
        "minutes": 25,
        "kind": "transport",
        "note": "OS consult, the records were sent by mail",
    }
    amend_activity(desk, AmendActivity(record_id, "call log says 25", changes))
    async with opened(120, 40) as face:
        seen = await show(face, "activity", record_id)

        for part in (
            "Transport", "10/21/2026 · Garcia, Ana 4/9/2012 #1030", "2 entries, the newest first",
            "amended  Wed 10/21/2026 12:05  Marisol Rivera", "call log says 25", "20 min → 25 min",
            "Referral coordination → Transport", "were sent by [−fax] [+mail]",
        ):  # fmt: skip
            assert part in seen
        assert seen.index("amended") < seen.index("logged  Wed 10/21/2026 12:00")
        assert f"ledger {desk.store.local('device')}:" in seen


async def test_what_was_undone_says_what_and_a_void_says_why(opened: Open, desk: Desk) -> None:
    record_id = log(desk, "20m referral 1030: x => booked")
    void_activity(desk, VoidActivity(record_id, "logged twice"))
    undo(desk)
    async with opened(120, 40) as face:
        seen = await show(face, "activity", record_id)

        assert "undone: voided" in seen
        assert "logged twice" in seen
        assert "no → yes" in seen
        assert "yes → no" in seen


async def test_patients_follow_ups_cases_and_claims_have_histories_too(opened: Open, desk: Desk) -> None:
    ana = the_patient_id(desk, "1030")
    edit_patient(desk, EditPatient(ana, {"phone": "617-555-0199"}, "she moved"))
    asked = add_follow_up(desk, AddFollowUp(date(2026, 10, 22), "ask for the ride", ana))
    snooze_follow_up(desk, SnoozeFollowUp(asked.id, date(2026, 10, 28)))
    case = open_case(desk, OpenCase(ana, date(2026, 10, 1), plan="extraction of the wisdom teeth"))
    edit_case(desk, EditCase(case.id, {"plan": "extraction of two wisdom teeth", "barriers": ("no car",)}))
    add_coverage(desk, AddCoverage(ana, "Sunrise Medicaid Dental", "SYN4410231"))
    log(desk, "20m referral 1030: x => booked")
    (claim,) = draft_claims(desk, Month.parse("2026-10")).claims
    void_claim(desk, claim.number, "wrong month")
    async with opened(120, 40) as face:
        seen = await show(face, "patient", ana)
        assert "617-555-0130 → 617-555-0199" in seen
        assert "she moved" in seen

        await face.press("escape")
        seen = await show(face, "follow_up", asked.id)
        assert "put off" in seen
        assert "10/22/2026 → 10/28/2026" in seen

        await face.press("escape")
        seen = await show(face, "case", case.id)
        assert "extraction of [−the] [+two] wisdom teeth" in seen
        assert "(empty) → no car" in seen

        await face.press("escape")
        seen = await show(face, "claim", claim.id)
        assert f"Claim {claim.number} · Garcia, Ana 4/9/2012 #1030" in seen
        assert "wrong month" in seen
        assert f"10/21/2026 {claim.lines[0].code}, 20 min" in seen


@pytest.mark.usefixtures("noticed_soon")
async def test_what_another_writes_comes_in_and_escape_goes_back(opened: Open, desk: Desk) -> None:
    record_id = log(desk, "20m referral 1030: x => booked")
    async with opened(100, 30) as face:
        await show(face, "activity", record_id)
        amend_activity(desk, AmendActivity(record_id, "as the call log says", {"minutes": 25}))
        await face.until(lambda: "as the call log says" in face.seen())

        await face.press("y")
        assert "Minutes: 20 min → 25 min" in face.app.clipboard
        await face.press("escape")
        assert not isinstance(face.app.screen, HistoryScreen)


async def test_a_record_that_is_not_there_is_told_calmly(opened: Open) -> None:
    async with opened() as face:
        assert "nothing" in (await show(face, "activity", "abcdef")).lower()
        assert face.app.fault is None


async def test_odd_text_stands_there_as_it_is(opened: Open, desk: Desk) -> None:
    record_id = log(desk, "20m referral 1030: the note begins with nothing and ends => said")
    for nasty in NASTY:
        note = f"the note begins with {nasty} and ends"
        amend_activity(desk, AmendActivity(record_id, f"why {nasty}", {"note": note, "outcome_words": nasty}))
    async with opened(120, 60) as face:
        seen = await show(face, "activity", record_id)
        for nasty in NASTY:
            assert f"[+{nasty}]" in seen
            assert f"→ {tidy(nasty)}" in seen
            assert f"why {tidy(nasty)}" in seen
        assert face.app.fault is None
