"""The month's screen: the workbook's figures, what is left out, drafting, export and stopping it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from python_calamine import CalamineWorkbook

from casemgr.core.dates import Month
from casemgr.errors import Cancelled
from casemgr.services.claims import draft_claims
from casemgr.services.patients import the_patient_id
from casemgr.services.releases import AS_USUAL
from casemgr.tui.messages import Go
from casemgr.tui.progress import Course, Progressed
from casemgr.tui.screens.month import MonthScreen
from casemgr.tui.screens.patient import PatientScreen
from casemgr.tui.widgets.log_list import LogList
from casemgr.tui.widgets.month_sums import Figures, LeftOutList
from tests.services.conftest import NEW_YORK
from tests.services.support import cover, log, put_claim

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]


@pytest.fixture
def october(desk: Desk, ana: str) -> None:
    """Two activities that can be billed, one that cannot for want of coverage, one draft."""
    cover(desk, ana)
    log(desk, "20m referral 1030 10/5: OS => consult booked")
    log(desk, "15m transport 1030 10/19: ride => ride confirmed")
    log(desk, "10m education 1032 10/7: brushing => teach-back done")
    log(desk, "5m education 1030 10/8: brushing => teach-back done", draft=True)


async def go(face: Face, place: str, at: str = "") -> None:
    face.app.screen.post_message(Go(place, at))
    await face.settle()


async def test_it_shows_what_is_billed_and_why_the_rest_is_not(opened: Open, october: None) -> None:
    async with opened(120, 40) as face:
        await go(face, "month")
        seen = face.seen()
        for part in ("October 2026", "4 activities", "Left out: no coverage", "Left out: draft", "to draft"):
            assert part in seen
        assert "O'Brien-Núñez, Mary Jo" in seen

        figures = face.app.screen.query_one(Figures)
        figures.mark("DRAFT")
        await face.settle()
        left_out = face.app.screen.query_one(LeftOutList)
        assert [row.minutes for key in left_out.keys if (row := left_out.row(key))] == [5]
        assert "Not signed yet" in face.text("#todo")


async def test_claims_are_drafted_and_the_workbook_agrees(opened: Open, october: None) -> None:
    async with opened(120, 40) as face:
        await go(face, "month")
        await face.press("D")
        assert "1 claim" in face.text("#month_title")
        await face.press("E")
        (path,) = face.app.seat.exports.glob("billing-2026-10-*.xlsx")
        assert path.name in face.text("#exported")
        assert "nothing was changed since" in face.text("#exported")
        assert face.deeds()[-1] == ("export", "disclosure")
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name("Activities").to_python()
    assert sum(isinstance(row[0], object) and "Referral coordination" in row for row in rows) == 1


async def test_months_are_stepped_through_and_asked_for(opened: Open, october: None) -> None:
    async with opened(120, 40) as face:
        await go(face, "month", "2026-09")
        assert "September 2026   OPEN   0 activities" in face.text("#month_title")
        await face.press("right_square_bracket")
        assert "October 2026   OPEN   4 activities" in face.text("#month_title")
        await face.press("m")
        for _ in range(7):
            await face.pilot.press("backspace")
        await face.press(*"feb", "space", *"2026", "enter")
        assert "February 2026" in face.text("#month_title")
        await face.press("0")
        assert "October 2026" in face.text("#month_title")


def test_what_runs_is_told_how_far_it_is_and_stopped_at_its_next_step() -> None:
    told: list[Progressed] = []

    class Screen:
        def post_message(self, message: Progressed) -> None:
            told.append(message)

    course = Course(Screen(), 10, "Nothing was written.")  # type: ignore[arg-type]  # all that it calls of a screen
    course.report(4)
    course.report(40)
    assert [(one.done, one.total) for one in told] == [(4, 10), (10, 10)]
    unmeasured = Course(Screen(), 0, "Nothing was written.")  # type: ignore[arg-type]  # all that it calls of a screen
    unmeasured.report(40)
    assert (told[-1].done, told[-1].total) == (40, 0)
    course.stop()
    with pytest.raises(Cancelled):
        course.report(5)


async def test_a_stopped_export_leaves_the_screen_as_it_was(opened: Open, october: None) -> None:
    async with opened(120, 40) as face:
        await go(face, "month")
        before = face.deeds()
        # The month is small: it is stopped before it begins, as by a quick hand.
        month = face.app.screen
        assert isinstance(month, MonthScreen) and month.seen is not None
        month._export(month.seen, AS_USUAL)
        month.action_stop()
        await face.settle()
        assert "It was stopped" in face.seen()
        assert face.deeds() == before
        exports = face.app.seat.exports
        assert not exports.exists() or not list(exports.iterdir())
        assert face.app.screen.check_action("export", ())


async def test_a_month_is_closed_with_a_reason_and_opened_again(
    opened: Open, october: None, clock: FixedClock
) -> None:
    clock.at = datetime(2026, 11, 3, 12, 0, tzinfo=NEW_YORK)
    async with opened(120, 40) as face:
        await go(face, "month", "2026-10")
        assert "OPEN" in face.text("#month_title")
        against = "1 unsigned draft · 2 billing lines on no claim"
        assert against in face.text("#standing")
        await face.press("l")
        assert "1 unsigned draft: sign them in the log" in face.seen()
        await face.press("enter")
        assert "Write something first." in face.seen()
        await face.press(*"late", "enter")
        assert "CLOSED" in face.text("#month_title")
        standing = face.text("#standing")
        assert "11/3/2026 12:00 by mrivera: “late”" in standing
        assert "1 unsigned draft, 2 billing lines on no claim" in standing
        (path,) = face.app.seat.exports.glob("billing-2026-10-*.xlsx")
        assert path.name in face.text("#exported")
        assert [deed for deed in face.deeds()[-3:] if deed[1] == "month"] == [("close", "month")]
        assert "Late: billed with November 2026" in face.seen()
        assert not face.app.screen.check_action("draft", ())

        await face.press("right_square_bracket")
        assert "of which late from October 2026" in face.seen()
        await face.press("left_square_bracket", "l", *"again", "enter")
        assert "OPEN" in face.text("#month_title")
        assert "Reopened" in face.text("#standing")
        assert ("reopen", "month") in face.deeds()[-3:]


async def test_an_orderly_month_is_closed_without_a_reason(
    opened: Open, desk: Desk, ana: str, clock: FixedClock
) -> None:
    cover(desk, ana)
    log(desk, "20m referral 1030 10/5: OS => consult booked")
    (claim,) = draft_claims(desk, Month(2026, 10)).claims
    put_claim(desk, claim, "paid", "2026-10-20")
    clock.at = datetime(2026, 11, 3, 12, 0, tzinfo=NEW_YORK)
    async with opened(80, 24) as face:
        await go(face, "month", "2026-10")
        assert "nothing stands against it" in face.text("#standing")
        await face.press("l", "enter")
        assert "CLOSED" in face.text("#month_title")


async def test_another_workbook_of_the_month_is_written(opened: Open, october: None) -> None:
    async with opened(120, 40) as face:
        await go(face, "month")
        await face.press("W", *"minimum", "enter")
        (path,) = face.app.seat.exports.iterdir()
        assert "minimum" in path.name
        assert face.deeds()[-1] == ("export", "disclosure")
        assert "Not exported yet" in face.text("#exported")


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_at_every_size_the_sums_are_seen(opened: Open, october: None, size: tuple[int, int]) -> None:
    async with opened(*size) as face:
        await go(face, "month")
        for part in ("Billable", "All activities", "Left out: draft", "Export", "Help"):
            assert part in face.seen()


async def test_what_is_left_out_leads_to_where_it_is_mended(
    opened: Open, october: None, desk: Desk, desk_of: Callable[[str], Desk]
) -> None:
    patient_id = the_patient_id(desk, "1032")
    theirs = log(desk_of("tchen"), "7m education 1030 10/9: brushing", draft=True)
    async with opened(120, 40) as face:
        for why, key in (("NO_COVERAGE", "enter"), ("NO_COVERAGE", "p"), ("DRAFT", "enter")):
            await go(face, "month")
            face.app.screen.query_one(Figures).mark(why)
            await face.settle()
            left_out = face.app.screen.query_one(LeftOutList)
            left_out.focus()
            left_out.mark(left_out.keys[-1])
            await face.press(key)
            if why == "DRAFT":
                assert face.app.screen.query_one(LogList).key == theirs.id
            else:
                assert isinstance(face.app.screen, PatientScreen)
                assert face.app.screen.about().patient_id == patient_id
                await face.press("a")
                assert "cover" in face.seen().lower()
                await face.press("escape", "escape")


async def test_a_month_that_cannot_be_read_is_said_and_not_asked_for_without_end(
    opened: Open, october: None, desk: Desk
) -> None:
    broken = desk.places.config / "payers" / "ours.toml"
    broken.parent.mkdir(parents=True)
    broken.write_text("name =", encoding="utf-8")
    async with opened(120, 40) as face:
        await go(face, "month")
        await face.settle()
        # Once more at most, where the look for what others write came round already.
        assert face.seen().count("A content file cannot be used") in {1, 2}
