"""Closing a month: what keeps it open, what it holds fast afterwards, and reopening it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from casemgr.core.billing import Claim, MonthClose
from casemgr.core.billing_commands import SubmitClaims
from casemgr.core.commands import AmendActivity, LogActivity, SignActivity, VoidActivity
from casemgr.core.dates import Month
from casemgr.core.month import LeftOutWhy
from casemgr.errors import InputRefused, NotWritten, RuleRefused
from casemgr.services.activities import (
    activity,
    amend_activity,
    complete_draft,
    log_activity,
    log_batch,
    sign_activity,
    void_activity,
)
from casemgr.services.claim_life import correct, ready, submit
from casemgr.services.claims import draft_claims, the_claim, void_claim
from casemgr.services.entries import wish_from_text
from casemgr.services.exports import export_month
from casemgr.services.importing import import_log
from casemgr.services.month_close import close_month, reopen_month
from casemgr.services.month_rows import MonthRows
from casemgr.services.month_standing import state_of
from casemgr.services.month_view import listed_months, month_view
from casemgr.services.several import sign_activities, void_activities
from casemgr.services.timers import start_timer, stop_timer
from casemgr.services.undo import redo, undo
from casemgr.store.ledger import history
from casemgr.store.reads.records import load
from tests.services.conftest import NEW_YORK
from tests.services.support import OCTOBER, SEPTEMBER, assert_whole, cover, length, log

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from casemgr.clock import FixedClock
    from casemgr.core.records import Activity
    from casemgr.services.desk import Desk

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
WHY = "the payer waits for nobody"


@pytest.fixture
def worked(desk: Desk, ana: str, clock: FixedClock) -> Activity:
    """A referral of 10/5 on a draft claim, looked at in November."""
    cover(desk, ana)
    record = log(desk, "20m referral #1030 10/5: consult => booked")
    draft_claims(desk, OCTOBER)
    go_to(clock, 11, 3)
    return record


def go_to(clock: FixedClock, month: int, day: int) -> None:
    clock.at = datetime(2026, month, day, 12, 0, tzinfo=NEW_YORK)


def claim_of(desk: Desk, record: Activity) -> Claim:
    return the_claim(desk, activity(desk, record.id).claim_number)


def figures(desk: Desk, month: Month = OCTOBER) -> dict[str, int]:
    with desk.store.snapshot():
        return MonthRows(desk, month).figures()


def refused(desk: Desk, does: Callable[[Desk], object], month: Month = OCTOBER) -> str:
    """What is said when a closed month refuses; nothing is saved then."""
    before = length(desk)
    with pytest.raises(RuleRefused) as told:
        does(desk)
    assert length(desk) == before
    assert f"{month.title} is closed" in told.value.title
    assert f"casemgr month reopen {month} --why" in told.value.todo
    return told.value.detail


def test_a_month_without_errors_closes_with_its_figures_and_its_workbook(
    desk: Desk, clock: FixedClock
) -> None:
    log(desk, "20m referral #1030 10/5: consult => booked")
    go_to(clock, 11, 3)
    before = figures(desk)
    closed = close_month(desk, OCTOBER)
    assert closed.workbook is not None
    assert closed.workbook.path.is_file()
    assert [(one.id, one.number) for one in closed.warnings] == [("no_coverage", 1)]
    state = state_of(desk, OCTOBER)
    assert (state.closed, state.by, state.on, state.taken_with) == (True, "mrivera", "11/3/2026 12:00", ())
    assert state.figures.items() <= before.items()
    assert state.figures["activities.minutes"] == 20
    view = month_view(desk, OCTOBER)
    assert (view.differing, view.standing.errors) == ({}, ())
    assert view.exported is not None
    assert view.exported.file == closed.workbook.path.name
    assert not view.exported.changed_since
    assert_whole(desk)


def test_every_error_keeps_a_month_open(desk: Desk, ana: str, clock: FixedClock, tmp_path: Path) -> None:
    cover(desk, ana)
    log(desk, "20m referral #1030 10/5: consult => booked")
    draft_claims(desk, OCTOBER)
    log(desk, "5m ride #1030 10/6: no car => ride confirmed")
    log(desk, "7m ride #1030 10/7: no car", draft=True)
    path = tmp_path / "log.csv"
    path.write_text(
        "Date,Patient,Type,Mins,Staff,Outcome\n10/5/2026,Garcia Ana 4/9/2012,Referral,900,Tam Chen,booked\n",
        encoding="utf-8",
    )
    import_log(desk, path)
    go_to(clock, 11, 3)
    before = length(desk)
    with pytest.raises(RuleRefused) as told:
        close_month(desk, OCTOBER)
    for words in (
        "1 unsigned draft:",
        "1 rejected row:",
        "1 billing line on no claim:",
        "1 claim still a draft:",
    ):
        assert words in told.value.detail
    assert "--reason" in told.value.todo
    assert length(desk) == before
    assert {one.id for one in month_view(desk, OCTOBER).standing.errors} >= {
        "drafts",
        "rejected",
        "to_draft",
        "draft_claims",
    }


def test_with_a_reason_it_is_closed_all_the_same_and_keeps_what_it_was_closed_with(
    desk: Desk, worked: Activity, clock: FixedClock
) -> None:
    draft = log(desk, "7m ride #1030 10/7: no car", draft=True)
    with pytest.raises(RuleRefused):
        close_month(desk, OCTOBER, "  ")
    closed = close_month(desk, OCTOBER, WHY)
    assert closed.close.taken_with[0] == "1 unsigned draft"
    assert "1 claim still a draft" in closed.close.taken_with
    (entry,) = history(desk.store, "month", "2026-10")
    assert (entry.action, entry.reason, entry.staff) == ("close", WHY, "mrivera")
    # The draft can still be signed: it goes to a later run, and the frozen figures are those without it.
    assert (closed.moved, closed.run) == (1, NOVEMBER)
    assert activity(desk, draft.id).billed_in == "2026-11"
    assert closed.close.figures["activities.rows"] == 1
    complete_draft(desk, AmendActivity(draft.id, "", {"outcome_words": "ride confirmed"}))
    assert month_view(desk, OCTOBER).differing == {}
    assert figures(desk, NOVEMBER)["activities.minutes"] == 7
    assert_whole(desk)


def test_a_ready_claim_with_errors_keeps_it_open_unless_somebody_answered_for_them(
    desk: Desk, worked: Activity
) -> None:
    number = claim_of(desk, worked).number
    ready(desk, (number,), "the payer asks for no plan")
    assert not month_view(desk, OCTOBER).standing.errors
    (taken,) = month_view(desk, OCTOBER).standing.warnings
    assert (taken.id, taken.words) == ("taken_claims", "1 claim that was made ready with errors")
    close_month(desk, OCTOBER)
    # Its life goes on while its lines are held.
    submit(desk, SubmitClaims((number,), "paper", date(2026, 11, 2)))
    correct(desk, (number,), "a diagnosis was missing")
    assert claim_of(desk, worked).status == "draft"
    undo(desk)
    refused(desk, lambda at: draft_claims(at, OCTOBER))
    assert month_view(desk, OCTOBER).differing == {}
    assert_whole(desk)


def test_a_month_is_closed_on_its_last_day_at_the_earliest(desk: Desk, clock: FixedClock) -> None:
    with pytest.raises(RuleRefused, match="October 2026 has not ended"):
        close_month(desk, OCTOBER)
    with pytest.raises(RuleRefused, match="November 2026 has not begun"):
        close_month(desk, NOVEMBER, WHY)
    go_to(clock, 10, 31)
    assert close_month(desk, OCTOBER, dry_run=True).close.closed
    assert not state_of(desk, OCTOBER).closed
    go_to(clock, 10, 30)
    close_month(desk, OCTOBER, WHY)
    record = log(desk, "20m referral #1030 10/30: consult => booked")
    assert record.run_month == "2026-11"
    with pytest.raises(RuleRefused, match="October 2026 is closed already"):
        close_month(desk, OCTOBER)


def test_a_workbook_that_cannot_be_written_leaves_the_month_closed(
    desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    go_to(clock, 11, 3)
    there = tmp_path / "october.xlsx"
    there.write_bytes(b"another")
    closed = close_month(desk, OCTOBER, path=there)
    assert isinstance(closed.failed, NotWritten)
    assert closed.workbook is None
    assert state_of(desk, OCTOBER).closed
    assert there.read_bytes() == b"another"
    assert export_month(desk, OCTOBER).path.is_file()


def test_nobody_changes_what_a_closed_month_holds(
    desk: Desk, worked: Activity, desk_of: Callable[[str], Desk]
) -> None:
    claim = claim_of(desk, worked)
    close_month(desk, OCTOBER, WHY)
    for one in (desk, desk_of("tchen")):
        assert "mrivera closed it on 11/3/2026" in refused(
            one, lambda at: amend_activity(at, AmendActivity(worked.id, "why", {"minutes": 25}))
        )
        refused(
            one,
            lambda at: amend_activity(at, AmendActivity(worked.id, "why", {"service_date": "2026-11-02"})),
        )
        refused(one, lambda at: void_activity(at, VoidActivity(worked.id, "why")))
        refused(one, lambda at: void_activities(at, [worked.id], "why"))
        refused(one, lambda at: draft_claims(at, OCTOBER))
        refused(one, lambda at: void_claim(at, claim.number, "why"))
    refused(desk, lambda at: sign_activity(at, SignActivity(worked.id)))
    refused(desk, lambda at: sign_activities(at, [worked.id]))


def test_nothing_of_a_closed_month_is_undone_or_redone(desk: Desk, ana: str, clock: FixedClock) -> None:
    cover(desk, ana)
    go_to(clock, 11, 1)
    record = log(desk, "20m referral #1030 10/5: consult => booked")
    amend_activity(desk, AmendActivity(record.id, "why", {"minutes": 25}))
    go_to(clock, 11, 2)
    close_month(desk, OCTOBER, WHY)
    with pytest.raises(RuleRefused, match="October 2026 was closed"):
        undo(desk)
    reopen_month(desk, OCTOBER, WHY)
    with pytest.raises(RuleRefused, match="October 2026 was reopened"):
        undo(desk)


def test_what_others_closed_over_is_not_undone(
    desk: Desk, clock: FixedClock, desk_of: Callable[[str], Desk]
) -> None:
    go_to(clock, 11, 1)
    record = log(desk, "20m referral #1030 10/5: consult => booked")
    amend_activity(desk, AmendActivity(record.id, "why", {"minutes": 25}))
    close_month(desk_of("tchen"), OCTOBER, WHY)
    refused(desk, undo)
    assert activity(desk, record.id).minutes == 25


def test_what_others_closed_over_is_not_redone(
    desk: Desk, clock: FixedClock, desk_of: Callable[[str], Desk]
) -> None:
    go_to(clock, 11, 1)
    log(desk, "20m referral #1030 10/5: consult => booked")
    undo(desk)
    close_month(desk_of("tchen"), OCTOBER, WHY)
    refused(desk, redo)


def test_what_is_saved_later_is_billed_with_the_first_open_month_and_says_so(
    desk: Desk, worked: Activity, clock: FixedClock, tmp_path: Path
) -> None:
    close_month(desk, OCTOBER, WHY)
    word = "October 2026 is closed: it will be billed with November 2026"
    logged = log_activity(desk, wish_from_text(desk, "5m ride #1030 10/6: no car => ride confirmed"))
    assert word in logged.warnings
    batch = log_batch(desk, {"Line 1": wish_from_text(desk, "6m ride #1030 10/7: no car => ride confirmed")})
    assert word in batch[0].warnings
    start_timer(desk, note="ride")
    stopped = stop_timer(desk, "ride #1030 10/8: no car => ride confirmed", minutes=7)
    assert word in stopped.warnings
    path = tmp_path / "log.csv"
    path.write_text(
        "Date,Patient,Type,Mins,Staff,Outcome\n10/9/2026,Garcia Ana 4/9/2012,Referral,8,Tam Chen,booked\n",
        encoding="utf-8",
    )
    assert import_log(desk, path, dry_run=True).later == (("2026-10", "2026-11", 1),)
    assert import_log(desk, path).later == (("2026-10", "2026-11", 1),)
    log(desk, "9m ride #1030 11/2: no car => ride confirmed")
    assert figures(desk)["activities.minutes"] == 20
    assert figures(desk, NOVEMBER)["activities.minutes"] == 5 + 6 + 7 + 8 + 9
    view = month_view(desk, NOVEMBER)
    assert (view.late_in, view.late_out) == ((("2026-10", 4),), ())
    assert month_view(desk, OCTOBER).late_out == (("2026-11", 4),)
    with desk.store.snapshot():
        lines = list(MonthRows(desk, NOVEMBER).billing_lines())
    assert [(line.minutes, line.late_from) for line in lines] == [
        (5, "October 2026"),
        (6, "October 2026"),
        (7, "October 2026"),
        (8, "October 2026"),
        (9, ""),
    ]
    (claim,) = draft_claims(desk, NOVEMBER).claims
    assert (claim.month, claim.lines[0].service_date, claim.minutes) == ("2026-11", "2026-10-06", 35)
    assert month_view(desk, OCTOBER).differing == {}
    assert_whole(desk)


def test_the_run_is_the_first_open_month_from_the_present_one_on(desk: Desk, clock: FixedClock) -> None:
    go_to(clock, 12, 4)
    close_month(desk, OCTOBER)
    late = log(desk, "5m ride #1030 10/6: no car => ride confirmed")
    assert late.run_month == "2026-12"
    close_month(desk, DECEMBER, WHY)
    assert log(desk, "6m ride #1030 10/7: no car => ride confirmed").run_month == "2027-01"
    # November is open: what is of November is billed there.
    assert log(desk, "7m ride #1030 11/7: no car => ride confirmed").run_month == ""
    refused(desk, lambda at: void_activity(at, VoidActivity(late.id, "why")), DECEMBER)


def test_another_date_is_billed_where_it_belongs(desk: Desk, clock: FixedClock) -> None:
    go_to(clock, 11, 3)
    record = log(desk, "5m ride #1030 11/2: no car => ride confirmed")
    close_month(desk, OCTOBER)

    def moved(day: str) -> tuple[str, tuple[str, ...]]:
        done = amend_activity(desk, AmendActivity(record.id, "slip", {"service_date": day}))
        return done.activity.run_month, tuple(one for one in done.warnings if "billed with" in one)

    word = "October 2026 is closed: it will be billed with November 2026"
    assert moved("2026-10-06") == ("2026-11", (word,))
    assert moved("2026-10-07") == ("2026-11", ())
    assert moved("2026-09-07") == ("", ())
    assert moved("2026-11-01") == ("", ())


def test_what_came_late_is_not_billed_beside_the_line_of_its_own_month(desk: Desk, worked: Activity) -> None:
    close_month(desk, OCTOBER, WHY)
    log(desk, "15m ride #1030 10/5: no car => ride confirmed")
    ((_, why),) = draft_claims(desk, NOVEMBER).left_out
    assert why is LeftOutWhy.ON_A_CLAIM
    with desk.store.snapshot():
        (left,) = MonthRows(desk, NOVEMBER).left_out()
    assert left.detail.startswith("Late from October 2026: reopen that month (casemgr month reopen 2026-10)")


def test_a_reopened_month_has_back_what_is_on_no_claim_yet(desk: Desk, worked: Activity) -> None:
    close_month(desk, OCTOBER, WHY)
    billed = log(desk, "5m ride #1030 10/6: no car => ride confirmed")
    draft_claims(desk, NOVEMBER)
    late = log(desk, "6m ride #1030 10/7: no car => ride confirmed")
    with pytest.raises(InputRefused):
        reopen_month(desk, OCTOBER, " ")
    done = reopen_month(desk, OCTOBER, "a word to correct")
    assert (done.came_back, done.stayed) == (1, 1)
    assert activity(desk, late.id).billed_in == "2026-10"
    assert activity(desk, billed.id).billed_in == "2026-11"
    assert not state_of(desk, OCTOBER).closed
    assert load(desk.store, MonthClose, "2026-10") == MonthClose(id="2026-10", closed=False)
    amend_activity(desk, AmendActivity(worked.id, "why", {"minutes": 25}))
    with pytest.raises(RuleRefused, match="October 2026 is not closed"):
        reopen_month(desk, OCTOBER, "again")
    close_month(desk, OCTOBER, WHY)
    assert state_of(desk, OCTOBER).figures["activities.minutes"] == 31
    assert_whole(desk)


def test_the_months_are_listed_with_how_they_stand(desk: Desk, worked: Activity) -> None:
    log(desk, "6m ride #1030 9/7: no car => ride confirmed")
    close_month(desk, SEPTEMBER, WHY)
    log(desk, "9m ride #1030 9/8: no car => ride confirmed")
    found = [(one.month, one.state.closed, *one[2:]) for one in listed_months(desk)]
    assert found == [
        (NOVEMBER, False, 1, 9, 0, 0),
        (OCTOBER, False, 1, 20, 1, 1500),
        (SEPTEMBER, True, 1, 6, 0, 0),
    ]


def test_what_is_logged_at_once_with_the_closing_is_on_one_side_of_it(
    desk: Desk, ana: str, desk_of: Callable[[str], Desk], clock: FixedClock
) -> None:
    go_to(clock, 11, 3)
    other = desk_of("tchen")
    wish = LogActivity(ana, "transport", date(2026, 10, 6), 5, "ride confirmed")
    close_month(desk, OCTOBER)
    assert log_activity(other, wish).activity.run_month == "2026-11"
