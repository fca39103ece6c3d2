"""The log: months, whose work, narrowing with every key, several at once, and what others write meanwhile."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import AddFollowUp, AddPatient, AmendActivity, VoidActivity
from casemgr.core.dates import Month
from casemgr.core.records import Activity
from casemgr.core.rows import ActivityFilter
from casemgr.core.text import tidy
from casemgr.services.activities import amend_activity, listed, log_activity, void_activity
from casemgr.services.entries import wish_from_text
from casemgr.services.follow_ups import add_follow_up
from casemgr.services.month_close import close_month
from casemgr.services.patients import add_patient, the_patient_id
from casemgr.tui.messages import Go
from casemgr.tui.screens.activity import ActivityScreen
from casemgr.tui.screens.history import HistoryScreen
from casemgr.tui.screens.log import LogScreen
from casemgr.tui.widgets.facts import Facts
from casemgr.tui.widgets.log_list import LogList
from tests.tui.test_text import NASTY

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]


def log(desk: Desk, line: str, *, draft: bool = False) -> str:
    return log_activity(desk, wish_from_text(desk, line, draft=draft)).activity.id


async def go(face: Face, *keys: str) -> LogList:
    await face.press("escape", "2", *keys)
    await face.settle()
    return face.app.screen.query_one(LogList)


def title(face: Face) -> str:
    return str(face.app.screen.query_one(LogList).border_title)


def detail(face: Face) -> str:
    return str(face.app.screen.query_one(Facts).render())


async def narrow(face: Face, text: str) -> None:
    await face.press("slash", "ctrl+u", *("space" if ch == " " else "quotation_mark" if ch == '"' else ch
                                          for ch in text))  # fmt: skip


def many(desk: Desk, count: int) -> None:
    """So many activities of October, each with its number in the note, in one deed."""
    ana = the_patient_id(desk, "1030")
    with desk.write() as tx:
        for number in range(count):
            record = Activity(
                id=tx.new_id(), patient_id=ana, kind="referral", staff="mrivera",
                service_date=(date(2026, 10, 1) + timedelta(days=number * 20 // count)).isoformat(),
                minutes=5, outcome="other", outcome_words="said", note=f"call number{number}",
                entered_at=tx.now, entered_by="mrivera", signed_by="mrivera", signed_at=tx.now,
            )  # fmt: skip
            tx.append("log", "activity", record)


async def test_a_month_stands_there_with_its_sums_and_the_marked_one_whole(opened: Open, desk: Desk) -> None:
    first = log(desk, "20m referral 1030 10/20 at 9:00 by phone: OS consult => booked !10/26 confirm ride")
    amend_activity(desk, AmendActivity(first, "call log says 25", {"minutes": 25}))
    log(desk, "10m transport 1031: shuttle => ride confirmed")
    log(desk, "10m transport 1031 9/30: shuttle => ride confirmed")
    async with opened(120, 40) as face:
        await go(face)
        assert "October 2026 · yours · 2 activities · 35 min" in title(face)
        seen = face.seen()
        assert seen.index("10/21  Transport") < seen.index("10/20  Referral")

        await face.press("down")
        for part in (
            "Garcia, Ana  4/9/2012  #1030", "Referral coordination · 25 min · 10/20/2026 at 09:00",
            "signed · amended", "Phone", "OS consult", "10/26/2026 confirm ride", "late entry, 1 day",
            "call log says 25",
        ):  # fmt: skip
            assert part in " ".join(detail(face).split()) or part in detail(face), part


async def test_what_came_too_late_says_with_which_month_it_is_billed(opened: Open, desk: Desk) -> None:
    close_month(desk, Month(2026, 9))
    log(desk, "10m transport 1031 9/30: shuttle => ride confirmed")
    async with opened(120, 40) as face:
        await go(face, "left_square_bracket")
        assert "October 2026, too late for September 2026" in " ".join(detail(face).split())


async def test_months_are_stepped_through_and_typed(opened: Open, desk: Desk) -> None:
    log(desk, "10m transport 1031 9/30: shuttle => ride confirmed")
    async with opened(120, 40) as face:
        await go(face, "left_square_bracket")
        assert "September 2026 · yours · 1 activity · 10 min" in title(face)
        await face.press("right_square_bracket")
        assert "October 2026 · yours · nothing" in title(face)
        await face.press("m", "ctrl+u", *"sep 2026".replace(" ", ""), "enter")
        await face.press("f6")
        assert "All time · yours · 1 activity" in title(face)
        await face.press("0")
        assert "October 2026" in title(face)


async def test_whose_work_is_chosen(opened: Open, desk: Desk, desk_of: Callable[[str], Desk]) -> None:
    log(desk, "20m referral 1030: x => booked")
    log(desk_of("tchen"), "10m education 1031: y => done")
    async with opened(120, 40) as face:
        await go(face)
        assert "yours · 1 activity · 20 min" in title(face)
        await face.press("w", *"tam", "enter")
        assert "Tam Chen" in title(face)
        assert "10 min" in title(face)
        await face.press("w", *"every", "enter")
        assert "everybody · 2 activities · 30 min" in title(face)
        assert "tchen" in face.seen()


async def test_every_key_narrows_over_all_that_is_written(opened: Open, desk: Desk) -> None:
    log(desk, "20m referral 1030: panoramic image faxed => booked")
    log(desk, "10m transport 1031: shuttle => ride confirmed")
    log(desk, "15m education 1032 9/12: flossing => done")
    log(desk, "5m transport 1032: panoramic view => ride confirmed", draft=True)
    async with opened(120, 40) as face:
        listing = await go(face)
        await narrow(face, "panor")
        assert len(listing.keys) == 2
        await narrow(face, "panor transport")
        assert "Transport assistance only · 1 activity" in title(face)
        await narrow(face, 'panor "transport"')
        assert "nothing" in title(face)
        await narrow(face, "drafts")
        assert "drafts only · 1 activity" in title(face)
        await narrow(face, "1031")
        assert listing.marked is not None
        assert listing.marked.row.chart_number == "1031"

        await narrow(face, "flossing")
        assert "Nothing in October 2026, so all time" in title(face)
        assert "O'Brien" in face.seen()
        await face.press("escape")
        assert "October 2026 · yours · 3 activities" in title(face)
        assert listing.has_focus


async def test_several_are_voided_in_one_deed_with_a_reason(opened: Open, desk: Desk) -> None:
    for minutes in (5, 10, 15):
        log(desk, f"{minutes}m referral 1030: x => booked")
    async with opened(120, 40) as face:
        listing = await go(face, "space", "space")
        assert "2 ticked" in title(face)
        await face.press("x")
        assert "Void 2 activities" in face.seen()
        assert "Garcia, Ana 4/9/2012" in face.seen()
        await face.press(*"twice", "enter")

        assert [row.minutes for row in face.logged()] == [5]
        assert face.deeds()[-2:] == [("void", "activity")] * 2
        assert not listing.ticked
        await face.press("v")
        assert "1 activity · 5 min · 2 voided" in title(face)
        await face.press("z")
        assert len(face.logged()) == 3


async def test_drafts_among_the_ticked_are_signed(opened: Open, desk: Desk) -> None:
    for minutes in (5, 10):
        log(desk, f"{minutes}m referral 1030: x => booked", draft=True)
    log(desk, "15m referral 1030: x => booked")
    async with opened(120, 40) as face:
        await go(face, "s")
        assert "It is no draft" in face.seen()
        await face.press("home", "space", "space", "space", "s")

        assert {row.status for row in face.logged()} == {"signed"}
        assert face.deeds()[-2:] == [("sign", "activity")] * 2
        assert "signed: 2 activities" in face.seen()


async def test_a_claimed_or_voided_one_is_refused_calmly(opened: Open, desk: Desk) -> None:
    void_activity(desk, VoidActivity(log(desk, "20m referral 1030: x => booked"), "twice"))
    async with opened(120, 40) as face:
        await go(face, "v", "x", *"again", "enter")
        assert "This activity is voided" in face.seen()
        assert face.deeds()[-1] == ("void", "activity")
        assert face.deeds().count(("void", "activity")) == 1


async def test_what_is_ticked_is_copied_and_unticked(opened: Open, desk: Desk) -> None:
    for minutes in (5, 10, 15):
        log(desk, f"{minutes}m referral 1030: x => booked")
    async with opened(120, 40) as face:
        listing = await go(face, "y")
        assert face.app.clipboard.count("\n") == 0
        await face.press("space", "space", "y")
        assert [line.split("\t")[6] for line in face.app.clipboard.splitlines()] == ["15", "10"]
        await face.press("u")
        assert not listing.ticked
        assert "ticked" not in title(face)


async def test_enter_and_e_amend_the_marked_one(opened: Open, desk: Desk) -> None:
    log(desk, "20m referral 1030: x => booked")
    async with opened(120, 40) as face:
        await go(face)
        for key in ("enter", "e"):
            await face.press(key)
            assert isinstance(face.app.screen, ActivityScreen)
            await face.press("escape")
        await face.press("e")
        assert isinstance(face.app.screen, ActivityScreen)
        face.write({"minutes": "25", "why": "call log says 25"})
        await face.press("f9")
        assert face.deeds()[-1] == ("amend", "activity")
        assert "25 min" in detail(face)


async def test_history_opens_on_the_marked_one(opened: Open, desk: Desk) -> None:
    log(desk, "20m referral 1030: x => booked")
    async with opened(120, 40) as face:
        await go(face)
        await face.press("h")
        assert isinstance(face.app.screen, HistoryScreen)
        await face.press("escape")
        assert isinstance(face.app.screen, LogScreen)


@pytest.mark.usefixtures("noticed_soon")
async def test_cursor_filter_and_ticks_outlive_what_others_write_and_another_place(
    opened: Open, desk: Desk
) -> None:
    ids = [log(desk, f"{minutes}m referral 1030: call => booked") for minutes in (5, 10, 15)]
    async with opened(120, 40) as face:
        listing = await go(face)
        await narrow(face, "call")
        await face.press("enter", "end", "up", "space")
        assert listing.ticked == {ids[1]}
        await face.press("home", "down")
        assert listing.key == ids[1]

        log(desk, "20m referral 1031: call again => booked")
        await face.until(lambda: len(listing.keys) == 4)
        assert (listing.key, listing.ticked) == (ids[1], {ids[1]})

        await face.press("1", "escape", "2")
        assert (listing.key, listing.ticked) == (ids[1], {ids[1]})
        assert "call" in face.seen().splitlines()[3]


async def test_whoever_is_sent_to_an_activity_arrives_there(opened: Open, desk: Desk) -> None:
    voided = log(desk, "20m referral 1030 8/3/2026: x => booked")
    void_activity(desk, VoidActivity(voided, "twice"))
    log(desk, "20m referral 1031: x => booked")
    async with opened(120, 40) as face:
        listing = await go(face)
        await narrow(face, "1031")
        face.app.screen.post_message(Go("log", voided))
        await face.settle()
        assert listing.key == voided
        assert "August 2026" in title(face)


async def test_whoever_is_sent_there_first_arrives_too(opened: Open, desk: Desk) -> None:
    wanted = log(desk, "20m referral 1030 8/3/2026: x => booked")
    async with opened(120, 40) as face:
        face.app.screen.post_message(Go("log", wanted))
        await face.settle()
        await face.settle()
        assert face.app.screen.query_one(LogList).key == wanted
        assert "8/3/2026" in detail(face)


async def test_thousands_scroll_and_narrow_to_the_right_rows(opened: Open, desk: Desk) -> None:
    many(desk, 3000)
    newest_first = [row.id for row in listed(desk, ActivityFilter(newest_first=True))]
    async with opened(120, 40) as face:
        listing = await go(face)
        assert "3,000 activities · 250 h" in title(face)
        assert list(listing.keys) == newest_first

        await face.press("end")
        assert listing.marked is not None
        assert "number0" in detail(face)
        assert "…  " not in "\n".join(line[:60] for line in face.seen().splitlines()[5:38])
        for _ in range(5):
            await face.press("pageup")
        assert listing.marked is not None
        assert listing.marked.row.id == newest_first[listing.at]

        await narrow(face, "number2417")
        assert len(listing.keys) == 1
        assert "number2417" in detail(face)


async def test_odd_text_stands_in_the_table_and_beside_it_as_it_is(opened: Open, desk: Desk) -> None:
    for number, nasty in enumerate(NASTY):
        wish = AddPatient(f"Odd{nasty}", "Pat", date(2000, 2, 1 + number), f"20{number:02}")
        patient = add_patient(desk, wish).patient
        record_id = log(desk, f"20m referral #20{number:02}: note {nasty} => {nasty}")
        add_follow_up(desk, AddFollowUp(date(2026, 10, 22), f"ask {nasty}", patient.id, record_id))
    async with opened(160, 40) as face:
        await go(face)
        for nasty in reversed(NASTY):
            assert f"Odd{tidy(nasty)}, Pat" in face.seen()
            assert f"note {nasty}" in detail(face)
            assert f"ask {tidy(nasty)}" in detail(face)
            await face.press("x", "escape", "down")
        assert face.app.fault is None


async def test_control_characters_never_reach_the_terminal(opened: Open, desk: Desk) -> None:
    note = "bell\x07 escape\x1b[2J csi\x9b31m tab\t line\nturn\u202eround"
    log_activity(desk, wish_from_text(desk, "20m referral 1030: x => booked")._replace(note=note))
    async with opened(120, 40) as face:
        await go(face)
        assert not set(face.seen()) & set("\x07\x1b\x9b\t\u202e")
        assert "bell\ufffd escape\ufffd[2J" in detail(face)
        await face.press("h")
        assert not set(face.seen()) & set("\x07\x1b\x9b\t\u202e")
