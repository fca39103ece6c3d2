"""A month beside the twelve before it, case by case."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import AssignFollowUp, FinishFollowUp, LogActivity, SnoozeFollowUp, VoidActivity
from casemgr.core.dates import Month
from casemgr.core.insights import Rate
from casemgr.errors import NotFound
from casemgr.services.activities import log_activity, void_activity
from casemgr.services.follow_ups import assign_follow_up, finish_follow_up, snooze_follow_up
from casemgr.services.insights import insights
from casemgr.services.undo import undo
from tests.services.support import OCTOBER, SEPTEMBER, TODAY, log

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk


def test_a_practice_without_work_has_no_rates_and_nothing_usual(desk: Desk) -> None:
    found = insights(desk, OCTOBER)
    assert (found.minutes.now, found.activities.now, found.drafts) == (0, 0, 0)
    assert (found.minutes.usual, found.reached.usual, found.follow_ups.trend.usual) == (None, None, None)
    assert (found.reached.now.percent, found.follow_ups.trend.now.percent) == (None, None)
    assert (found.by_kind, found.by_staff, found.outcomes) == ((), (), ())
    assert found.outreach is not None
    assert (found.outreach.patients, found.outreach.trend.now.percent) == (0, None)
    assert sum(week.days for week in found.weeks) == 31
    assert (found.over, found.days_so_far) == (False, 21)
    assert (insights(desk, SEPTEMBER).over, insights(desk, SEPTEMBER).days_so_far) == (True, 30)
    assert insights(desk, Month(2026, 11)).days_so_far == 0
    assert insights(desk, Month(1900, 1)).minutes.values == (0,)


def test_a_leap_day_belongs_to_february(desk: Desk, ana: str) -> None:
    for day, minutes in ((date(2024, 2, 29), 20), (date(2024, 3, 1), 30)):
        log_activity(desk, LogActivity(ana, "referral", day, minutes, "booked"))
    assert insights(desk, Month(2024, 2)).minutes.now == 20
    assert [week.minutes for week in insights(desk, Month(2024, 2)).weeks] == [0, 0, 0, 0, 20]
    assert insights(desk, Month(2024, 3)).minutes.values[-2:] == (20, 30)


def test_the_week_of_new_year_is_cut_between_the_years(desk: Desk, ana: str) -> None:
    for day, minutes in ((date(2020, 12, 31), 20), (date(2021, 1, 1), 30)):
        log_activity(desk, LogActivity(ana, "referral", day, minutes, "booked"))
    december, january = insights(desk, Month(2020, 12)).weeks[-1], insights(desk, Month(2021, 1)).weeks[0]
    assert (december.year, december.number, december.days, december.minutes) == (2020, 53, 4, 20)
    assert (january.year, january.number, january.days, january.minutes) == (2020, 53, 3, 30)


def test_what_is_voided_or_undone_is_in_nothing_and_what_is_logged_anew_is(desk: Desk) -> None:
    twice = log(desk, "40m missed visit #1030 9/7: missed => rebooked")
    void_activity(desk, VoidActivity(twice.id, "twice"))
    log(desk, "50m missed visit #1030 9/7: missed => rebooked")
    undo(desk)
    gone = insights(desk, SEPTEMBER)
    assert (gone.minutes.now, gone.outcomes, gone.by_kind) == (0, (), ())
    assert gone.outreach is not None
    assert gone.outreach.patients == 0
    log(desk, "45m missed visit #1030 9/7: missed => rebooked")
    anew = insights(desk, SEPTEMBER)
    assert anew.outreach is not None
    assert (anew.minutes.now, anew.outreach.trend.now) == (45, Rate(1, 1))


def test_drafts_are_work_and_nothing_came_of_them_yet(desk: Desk) -> None:
    log(desk, "10m missed visit #1030 9/7: missed => left voicemail")
    log(desk, "15m missed visit #1030 9/8: missed => rebooked", draft=True)
    log(desk, "20m missed visit #1031 9/8: missed", draft=True)
    found = insights(desk, SEPTEMBER)
    assert (found.minutes.now, found.activities.now, found.drafts) == (45, 3, 2)
    assert [(one.kind, one.activities, one.reached) for one in found.outcomes] == [
        ("missed_visit", 1, Rate(0, 1))
    ]
    assert found.outreach is not None
    assert (found.outreach.patients, found.outreach.trend.now) == (1, Rate(0, 1))


def test_a_booking_counts_whoever_made_it_and_in_whatever_work(
    desk: Desk, desk_of: Callable[[str], Desk]
) -> None:
    log(desk, "10m missed visit #1030 9/1: missed => left voicemail")
    log(desk_of("tchen"), "10m ride #1030 10/1: van late => rescheduled")
    log(desk, "10m missed visit #1031 9/1: missed => left voicemail")
    log(desk_of("tchen"), "10m referral #1031 10/2: consult => booked")
    found = insights(desk, SEPTEMBER, staff="mrivera", kind="no show")
    assert found.outreach is not None
    assert found.outreach.trend.now == Rate(1, 2)
    theirs = insights(desk, SEPTEMBER, staff="TChen")
    assert theirs.outreach is not None
    assert (theirs.staff, theirs.staff_name, theirs.outreach.patients) == ("tchen", "Tam Chen", 0)


def test_who_was_tried_lately_waits(desk: Desk, clock: FixedClock) -> None:
    log(desk, "10m missed visit #1030 10/1: missed => rebooked")
    log(desk, "10m missed visit #1031 10/2: missed => left voicemail")
    found = insights(desk, OCTOBER).outreach
    assert found is not None
    assert (found.trend.now.percent, found.patients, found.waiting, found.waiting_booked) == (None, 2, 2, 1)
    clock.move(days=(date(2026, 11, 1) - TODAY).days)
    found = insights(desk, OCTOBER).outreach
    assert found is not None
    assert (found.trend.now, found.waiting, found.final_on) == (Rate(1, 1), 1, date(2026, 12, 1))


def test_kinds_and_outcomes_of_the_practice_own_count_as_declared(desk: Desk) -> None:
    own = desk.places.config / "activities"
    own.mkdir(parents=True)
    (own / "recall.toml").write_text(
        'kind = "recall"\ntitle = "Recall"\naliases = ["recall call"]\n'
        'code = "D9993"\nnomenclature = "D9991"\nsentence = "recalling"\noutreach = true\n'
        '[[outcome]]\nid = "came"\nlabel = "Came in"\nbooked = true\n'
        '[[outcome]]\nid = "other"\nlabel = "Other"\n',
        encoding="utf-8",
    )
    log(desk, "10m recall call #1030 9/1: due => came in")
    log(desk, "10m recall call #1031 9/1: due => hm")
    found = insights(desk, SEPTEMBER, kind="recall")
    assert found.outreach is not None
    assert (found.kind_title, found.outreach.trend.now) == ("Recall", Rate(1, 2))
    assert found.reached.now == Rate(0, 0)


def test_follow_ups_are_kept_by_whose_they_are_and_on_the_day_that_they_have_now(
    desk: Desk, desk_of: Callable[[str], Desk], clock: FixedClock
) -> None:
    log(desk, "10m referral #1030 10/21: x => booked !10/22 call a !10/22 call b !10/23 call c !10/31 call d")
    log(desk_of("tchen"), "10m ride #1030 10/21: x => confirmed !10/22 call e")
    ids = {row[1]: row[0] for row in desk.store.rows("SELECT id, what FROM follow_ups")}
    finish_follow_up(desk, FinishFollowUp(ids["call a"]))
    undo(desk)
    clock.move(days=1)  # 10/22
    finish_follow_up(desk, FinishFollowUp(ids["call a"]))
    snooze_follow_up(desk, SnoozeFollowUp(ids["call c"], date(2026, 10, 24)))
    undo(desk)
    snooze_follow_up(desk, SnoozeFollowUp(ids["call b"], date(2026, 10, 25)))
    clock.move(days=3)  # 10/25
    finish_follow_up(desk, FinishFollowUp(ids["call c"]))
    finish_follow_up(desk_of("tchen"), FinishFollowUp(ids["call b"]))
    clock.move(days=7)  # 11/1
    kept = insights(desk, OCTOBER).follow_ups
    assert (kept.on_time, kept.late, kept.open, kept.ahead, kept.put_off) == (2, 1, 2, 0, 1)
    assert (kept.trend.now, kept.days_late.now, kept.oldest_open) == (Rate(2, 5), 2, 10)
    hers = insights(desk, OCTOBER, staff="mrivera").follow_ups
    assert (hers.on_time, hers.late, hers.open, hers.put_off) == (2, 1, 1, 1)
    assign_follow_up(desk, AssignFollowUp(ids["call d"], "tchen"))
    assert insights(desk, OCTOBER, staff="mrivera").follow_ups.open == 0
    rides = insights(desk, OCTOBER, kind="ride").follow_ups
    assert (rides.trend.now, rides.oldest_open, rides.put_off) == (Rate(0, 1), 10, 0)


def test_the_months_before_are_the_measure_of_this_one(desk: Desk) -> None:
    for month, minutes in ((6, 30), (7, 10), (8, 50), (9, 20), (10, 5)):
        log(desk, f"{minutes}m referral #1030 {month}/5: consult => booked")
    log(desk, "60m ride #1030 9/5: no car => ride confirmed")
    found = insights(desk, OCTOBER)
    assert found.minutes.values == (*[None] * 8, 30, 10, 50, 80, 5)
    assert found.minutes.usual == 40
    groups = {group.id: group for group in found.by_kind}
    assert [one.id for one in found.by_kind] == ["referral", "transport"]
    assert (groups["referral"].trend.usual, groups["referral"].share.percent) == (25, 100)
    assert (groups["transport"].trend.values[-2:], groups["transport"].trend.usual) == ((60, 0), None)
    assert insights(desk, Month(2026, 8)).minutes.usual is None


def test_nobody_and_nothing_of_that_name(desk: Desk) -> None:
    with pytest.raises(NotFound, match="nobody"):
        insights(desk, OCTOBER, staff="nobody")
    with pytest.raises(NotFound, match="not a kind"):
        insights(desk, OCTOBER, kind="transprot")
