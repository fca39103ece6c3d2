"""A timer in a form: what was counted is offered and logged, and one that was forgotten is noticed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import AddFollowUp, FollowUpWish
from casemgr.core.rows import ActivityFilter
from casemgr.errors import InputRefused, NotFound
from casemgr.services import activities
from casemgr.services.follow_ups import add_follow_up
from casemgr.services.follow_ups import listed as follow_ups
from casemgr.services.timers import (
    Forgotten,
    discard_timer,
    forgotten,
    pause_timer,
    resume_timer,
    start_timer,
    status,
    stop_timer_with,
    timer_wish,
)
from casemgr.services.undo import redo, undo
from tests.services.support import assert_whole, length, log

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.clock import FixedClock
    from casemgr.core.rows import ActivityRow
    from casemgr.services.desk import Desk


def logged(desk: Desk) -> list[ActivityRow]:
    return activities.listed(desk, ActivityFilter())


class TestForm:
    def test_it_begins_with_what_the_timer_knows_and_nothing_changes(
        self, desk: Desk, ana: str, clock: FixedClock
    ) -> None:
        with pytest.raises(NotFound, match="no timer"):
            timer_wish(desk)
        start_timer(desk, ana, "referral", "records faxed")
        begun = clock.now()
        clock.move(minutes=19, seconds=40)
        before = length(desk)
        wish = timer_wish(desk)
        assert (wish.patient_id, wish.kind, wish.minutes) == (ana, "referral", 20)
        assert (wish.service_date, wish.start, wish.note) == (date(2026, 10, 21), "12:00", "records faxed")
        assert (wish.outcome_words, wish.staff) == ("", "mrivera")
        assert timer_wish(desk, begun + 8 * 60 * 1_000_000).minutes == 8
        assert timer_wish(desk, begun).minutes == 1
        assert length(desk) == before

    def test_what_the_timer_does_not_know_is_left_open_and_too_long_is_not_hidden(
        self, desk: Desk, clock: FixedClock
    ) -> None:
        start_timer(desk)
        clock.move(hours=13, minutes=5)
        wish = timer_wish(desk)
        assert (wish.patient_id, wish.kind, wish.minutes) == ("", "", 785)

    def test_what_the_form_says_is_logged_and_the_timer_ends_in_one_deed(
        self, desk: Desk, ana: str, clock: FixedClock
    ) -> None:
        ride = add_follow_up(desk, AddFollowUp(date(2026, 10, 26), "confirm ride", ana))
        start_timer(desk, ana, "referral")
        clock.move(hours=13)
        wish = timer_wish(desk)._replace(
            minutes=35,
            outcome_words="booked",
            finishes=ride.id,
            follow_ups=(FollowUpWish(date(2026, 10, 28), "ask how it went"),),
        )
        logged_now = stop_timer_with(desk, wish)
        assert (logged_now.activity.minutes, logged_now.activity.start) == (35, "12:00")
        assert logged_now.finished is not None
        assert status(desk) is None
        assert [one.row.what for one in follow_ups(desk)] == ["ask how it went"]
        undo(desk)
        assert logged(desk) == []
        assert [one.row.what for one in follow_ups(desk)] == ["confirm ride"]
        back = status(desk)
        assert back is not None
        assert back.running
        redo(desk)
        assert status(desk) is None
        assert [row.minutes for row in logged(desk)] == [35]
        assert_whole(desk)

    def test_while_something_is_missing_it_runs_on(self, desk: Desk, ana: str, clock: FixedClock) -> None:
        start_timer(desk, ana, "referral")
        clock.move(hours=13)
        for wish in (timer_wish(desk), timer_wish(desk)._replace(outcome_words="booked")):
            with pytest.raises(InputRefused):
                stop_timer_with(desk, wish)
        running = status(desk)
        assert running is not None
        assert running.running
        assert logged(desk) == []
        discard_timer(desk)
        with pytest.raises(NotFound, match="no timer"):
            stop_timer_with(desk, wish._replace(minutes=35))
        assert logged(desk) == []


class TestForgetting:
    def test_it_looks_forgotten_after_an_hour_without_a_sign(self, desk: Desk, clock: FixedClock) -> None:
        assert forgotten(desk) is None
        start_timer(desk)
        begun = clock.now()
        clock.move(minutes=59, seconds=59)
        assert forgotten(desk) is None
        clock.move(seconds=2)
        found = forgotten(desk)
        assert found is not None
        # The ledger's clock is past all that was entered at the same instant.
        assert 0 <= found.since - begun < 1000
        assert found.minutes == 1
        assert forgotten(desk, after=90) is None

    def test_an_own_entry_is_a_sign_and_anothers_is_none(
        self, desk: Desk, desk_of: Callable[[str], Desk], clock: FixedClock
    ) -> None:
        start_timer(desk)
        clock.move(minutes=40)
        log(desk, "5m ride #1030: no car => ride confirmed")
        entered = clock.now()
        clock.move(minutes=30)
        log(desk_of("tchen"), "5m ride #1030: no car => ride confirmed")
        assert forgotten(desk) is None
        clock.move(minutes=31)
        found = forgotten(desk)
        assert found is not None
        assert found.minutes == 40
        assert 0 <= found.since - entered < 1000
        assert timer_wish(desk, found.since).minutes == 40

    def test_a_key_that_was_touched_is_a_sign(self, desk: Desk, clock: FixedClock) -> None:
        start_timer(desk)
        clock.move(minutes=50)
        touched = clock.now()
        clock.move(minutes=30)
        assert forgotten(desk, touched) is None
        clock.move(minutes=30)
        assert forgotten(desk, touched) == Forgotten(touched, 50)

    def test_a_paused_one_is_not_forgotten_and_a_pause_is_no_work(
        self, desk: Desk, clock: FixedClock
    ) -> None:
        start_timer(desk)
        clock.move(minutes=10)
        pause_timer(desk)
        clock.move(hours=5)
        assert forgotten(desk) is None
        resume_timer(desk)
        resumed = clock.now()
        clock.move(hours=2)
        assert forgotten(desk) == Forgotten(resumed, 10)
        discard_timer(desk)
        clock.move(hours=2)
        assert forgotten(desk) is None
