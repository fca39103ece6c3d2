"""Insights: the month beside those before, drawn or as numbers, for whom and what one chooses."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import AddFollowUp, FinishFollowUp, LogActivity
from casemgr.core.dates import Month
from casemgr.core.measures import TOLD
from casemgr.services.activities import log_activity
from casemgr.services.follow_ups import add_follow_up, finish_follow_up
from casemgr.services.patients import the_patient_id
from casemgr.tui.figures import Bar, Bars, Columns, Numbers
from casemgr.tui.messages import Go
from casemgr.tui.screens.insights import FigureList, InsightsScreen
from casemgr.tui.widgets.bars import bars, columns, table

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]


@pytest.fixture
def worked(desk: Desk, desk_of: Callable[[str], Desk], clock: FixedClock) -> Desk:
    """A practice with four months of work: 40, 20, 60 and 100 minutes, the last by two people."""
    now, ana = clock.at, the_patient_id(desk, "1030")
    for month, minutes in ((7, 40), (8, 20), (9, 60)):
        clock.at = now.replace(month=month)
        log_activity(desk, LogActivity(ana, "referral", date(2026, month, 5), minutes, "consult booked"))
    clock.at = now
    log_activity(desk, LogActivity(ana, "referral", date(2026, 10, 5), 60, "consult booked"))
    log_activity(desk, LogActivity(ana, "missed_visit", date(2026, 10, 6), 15, "left voicemail"))
    other = desk_of("tchen")
    log_activity(other, LogActivity(ana, "transport", date(2026, 10, 7), 25, "ride confirmed"))
    clock.at = now.replace(day=2)
    kept = add_follow_up(desk, AddFollowUp(date(2026, 10, 9), "call", ana))
    add_follow_up(desk, AddFollowUp(date(2026, 10, 12), "call again", ana))
    clock.at = now.replace(day=9)
    finish_follow_up(desk, FinishFollowUp(kept.id))
    clock.at = now
    return desk


async def there(face: Face, at: str = "") -> InsightsScreen:
    """Goes to the insights, of a month."""
    face.app.screen.post_message(Go("insights", at))
    await face.settle()
    await face.settle()
    screen = face.app.screen
    assert isinstance(screen, InsightsScreen)
    return screen


def row(face: Face, title: str) -> str:
    """The line of the list with a title."""
    return next(each[:44] for each in face.seen().splitlines() if title in each[:44])


async def test_the_month_stands_beside_the_practices_own_median(opened: Open, worked: Desk) -> None:
    async with opened(120, 40) as face:
        await there(face)
        seen = face.seen()
        assert "October 2026   21 of 31 days so far   everybody   all kinds" in seen
        assert row(face, "  Minutes").split()[:3] == ["Minutes", "100", "40"]
        assert row(face, "Activities ").split()[:3] == ["Activities", "3", "1"]
        assert "67 %*" in row(face, "Contact reached")
        assert "50 %*" in row(face, "Follow-ups kept")
        assert "┄ usual" in seen
        assert "Usual           40" in seen


async def test_what_is_marked_is_drawn_and_told_with_how_it_is_counted(opened: Open, worked: Desk) -> None:
    async with opened(120, 40) as face:
        screen = await there(face)
        listing = screen.query_one(FigureList)
        listing.mark("kept")
        await face.settle()
        seen = face.seen()
        assert "Cases           1 of 2: so few that one more or less moves it" in seen
        assert "2 fell due; 1 done on time, 0 late" in seen
        assert "Still open      1, the oldest for 9 days" in seen
        assert "those done on their day or" in seen

        listing.mark("kinds")
        await face.settle()
        drawn = next(each for each in face.seen().splitlines() if re.search("Transport assistance +█", each))
        assert "25" in drawn
        assert "25 %" in drawn
        assert "│ usual · minutes" in face.seen()

        await face.press("question_mark")
        assert TOLD["minutes"][:40] in " ".join(face.seen().split())


async def test_the_numbers_are_a_key_away_and_can_be_copied(opened: Open, worked: Desk) -> None:
    async with opened(120, 40) as face:
        screen = await there(face)
        await face.press("number_sign")
        assert "September 2026       60" in face.seen()
        assert "May 2026              –" in face.seen()
        await face.press("y")
        assert face.app.clipboard.splitlines()[:3] == [
            "Month\tMinutes",
            "October 2026\t100",
            "September 2026\t60",
        ]
        screen.query_one(FigureList).mark("staff")
        await face.settle()
        assert "Tam Chen" in face.seen()
        await face.press("number_sign")
        assert re.search("Tam Chen +█", face.seen())


async def test_months_staff_and_kinds_are_chosen(opened: Open, worked: Desk) -> None:
    async with opened(120, 40) as face:
        screen = await there(face)
        await face.press("left_square_bracket")
        assert "September 2026   everybody   all kinds" in face.seen()
        assert row(face, "  Minutes").split()[1] == "60"
        await face.press("0")

        await face.press("w", *"tam", "enter")
        assert "Tam Chen   all kinds" in face.seen()
        assert row(face, "  Minutes").split()[1] == "25"

        await face.press("f", *"transp", "enter")
        assert "Tam Chen   Transport assistance" in face.seen()
        assert "Booked after outreach" not in face.seen()
        await face.press("f", "enter", "w", *"every", "enter")
        assert "everybody   all kinds" in face.seen()
        assert screen.query_one(FigureList).key


async def test_one_arrives_at_a_month(opened: Open, worked: Desk) -> None:
    async with opened(120, 40) as face:
        await there(face, "2026-08")
        assert "August 2026" in face.seen()
        await there(face, "no month")
        assert "August 2026" in face.seen()


async def test_a_practice_without_work_is_told_calmly(opened: Open) -> None:
    async with opened(120, 40) as face:
        await there(face)
        assert "not enough yet" in face.seen()
        assert "By kind" not in face.seen()


@pytest.mark.usefixtures("noticed_soon")
async def test_what_another_program_logs_appears(opened: Open, worked: Desk) -> None:
    async with opened(120, 40) as face:
        screen = await there(face)
        screen.query_one(FigureList).mark("kinds")
        ana = the_patient_id(worked, "1030")
        log_activity(worked, LogActivity(ana, "education", date(2026, 10, 8), 30, "teach-back done"))
        await face.until(lambda: "Oral-care education" in face.seen())
        assert screen.query_one(FigureList).key == "kinds"


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_everything_is_reachable_at_every_size(
    opened: Open, worked: Desk, size: tuple[int, int]
) -> None:
    async with opened(*size) as face:
        await there(face)
        for part in ("Booked after outreach", "By weekday", "Minutes   100", "Usual", "# Numbers", "w Whose"):
            assert part in face.seen()


MONTHS = tuple(Month(2026, number) for number in range(1, 5))


@pytest.mark.parametrize("width", [8, 13, 40, 200])
@pytest.mark.parametrize("height", [2, 3, 10, 60])
def test_columns_fit_any_room(width: int, height: int) -> None:
    chart = Columns(MONTHS, (None, 0, 5, 12_345), 5, 12_345)
    lines = columns(chart, width, height)
    assert len(lines) <= max(3, height)
    assert columns(Columns(MONTHS, (None,) * 4, None, 0), width, height)


def test_columns_are_as_high_as_their_values() -> None:
    lines = [str(each) for each in columns(Columns(MONTHS, (None, 0, 50, 100), 75, 100, " %"), 40, 6)]
    assert lines[0].split() == ["0", "50", "100"]
    assert [line[21:25] for line in lines[1:5]] == ["█████"[:4]] * 4
    assert lines[1].count("┄") > 10
    assert lines[4].startswith("  ·")
    assert lines[5].split()[-2:] == ["Mar", "Apr"]


def test_bars_are_as_long_as_their_values_and_mark_what_is_usual() -> None:
    drawn = [
        str(each)
        for each in bars(Bars((Bar("A", 100, "100"), Bar("[b]", 50, "50", 75), Bar("C", 0, "0"))), 40, 20)
    ]
    lengths = [line.count("█") for line in drawn if line.strip()]
    assert lengths[0] == 2 * lengths[1]
    assert lengths[2] == 0
    assert "[b]" in drawn[2]
    assert drawn[2].index("│") > drawn[2].rindex("█")
    assert "usual" in drawn[-1]
    assert str(bars(Bars(()), 40, 5)[0]) == "Nothing to show."


def test_numbers_leave_out_the_last_columns_where_there_is_no_room() -> None:
    numbers = Numbers(
        ("Kind", "Activities", "Minutes", "Share"), (("Referral coordination", "3", "60", "60 %"),)
    )
    assert str(table(numbers, 80, 10)[1]).split()[-1] == "%"
    narrow = [str(each) for each in table(numbers, 30, 10)]
    assert "Minutes" not in narrow[0]
    assert max(map(len, narrow)) <= 30
