"""Follow-ups: what is to be done, in what order it is shown, and how it ends."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import (
    AddFollowUp,
    FinishFollowUp,
    FollowUpWish,
    LogActivity,
    SnoozeFollowUp,
)
from casemgr.errors import InputRefused, NotFound, RuleRefused
from casemgr.services.activities import log_activity
from casemgr.services.follow_ups import add_follow_up, finish_follow_up, listed, snooze_follow_up
from casemgr.services.patients import the_patient_id
from casemgr.services.undo import undo

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk

TODAY = date(2026, 10, 21)
MONDAY = date(2026, 10, 26)


def test_who_acts_does_it_unless_somebody_is_named(desk: Desk, ana: str) -> None:
    mine = add_follow_up(desk, AddFollowUp(MONDAY, " confirm  ride ", ana))
    theirs = add_follow_up(desk, AddFollowUp(MONDAY, "order kits", assigned_to="TChen"))
    assert (mine.what, mine.assigned_to, mine.patient_id) == ("confirm ride", "mrivera", ana)
    assert (theirs.assigned_to, theirs.patient_id) == ("tchen", "")


def test_a_follow_up_of_an_activity_is_about_its_patient(desk: Desk, ana: str) -> None:
    activity = log_activity(desk, LogActivity(ana, "referral", TODAY, 20, "booked")).activity
    follow_up = add_follow_up(desk, AddFollowUp(MONDAY, "confirm ride", activity_id=activity.id[-6:]))
    assert (follow_up.activity_id, follow_up.patient_id) == (activity.id, ana)
    with pytest.raises(InputRefused, match="another patient"):
        add_follow_up(desk, AddFollowUp(MONDAY, "ride", the_patient_id(desk, "1031"), activity.id))


def test_what_cannot_be_is_refused(desk: Desk, ana: str) -> None:
    with pytest.raises(InputRefused, match="what is to be done"):
        add_follow_up(desk, AddFollowUp(MONDAY, "  ", ana))
    with pytest.raises(InputRefused, match="10/20/2026 is in the past"):
        add_follow_up(desk, AddFollowUp(date(2026, 10, 20), "ride", ana))
    with pytest.raises(NotFound):
        add_follow_up(desk, AddFollowUp(MONDAY, "ride", ana, assigned_to="nobody"))
    with pytest.raises(NotFound):
        add_follow_up(desk, AddFollowUp(MONDAY, "ride", activity_id="00000000-0000-7000-8000-000000000000"))
    assert listed(desk, include_done=True) == []


def test_done_says_when_by_whom_and_how_it_went(
    desk: Desk, ana: str, desk_of: Callable[[str], Desk], clock: FixedClock
) -> None:
    follow_up = add_follow_up(desk, AddFollowUp(MONDAY, "confirm ride", ana))
    clock.move(days=2)
    done = finish_follow_up(desk_of("tchen"), FinishFollowUp(follow_up.id[-6:], "driver  confirmed"))
    assert (done.done_on, done.done_by, done.done_note) == ("2026-10-23", "tchen", "driver confirmed")


def test_what_is_done_stays_done(desk: Desk, ana: str) -> None:
    follow_up = add_follow_up(desk, AddFollowUp(MONDAY, "confirm ride", ana))
    finish_follow_up(desk, FinishFollowUp(follow_up.id))
    with pytest.raises(RuleRefused, match="done on 10/21/2026 by mrivera"):
        finish_follow_up(desk, FinishFollowUp(follow_up.id))
    with pytest.raises(RuleRefused, match="done on 10/21/2026"):
        snooze_follow_up(desk, SnoozeFollowUp(follow_up.id, date(2026, 11, 2)))


def test_a_follow_up_is_put_off_to_today_or_later(desk: Desk, ana: str) -> None:
    follow_up = add_follow_up(desk, AddFollowUp(MONDAY, "confirm ride", ana))
    assert snooze_follow_up(desk, SnoozeFollowUp(follow_up.id, TODAY)).due_date == "2026-10-21"
    snooze_follow_up(desk, SnoozeFollowUp(follow_up.id, date(2026, 11, 2), "office closed"))
    kept = desk.store.one("SELECT action, reason FROM ledger ORDER BY seq DESC LIMIT 1")
    assert kept == ("snooze", "office closed")
    with pytest.raises(InputRefused, match="in the past"):
        snooze_follow_up(desk, SnoozeFollowUp(follow_up.id, date(2026, 10, 20)))
    with pytest.raises(InputRefused, match="due on 11/2/2026 already"):
        snooze_follow_up(desk, SnoozeFollowUp(follow_up.id, date(2026, 11, 2)))


def test_a_withdrawn_one_is_neither_shown_nor_done(desk: Desk, ana: str) -> None:
    follow_up = add_follow_up(desk, AddFollowUp(MONDAY, "confirm ride", ana))
    undo(desk)
    assert listed(desk, include_done=True) == []
    with pytest.raises(RuleRefused, match="withdrawn"):
        finish_follow_up(desk, FinishFollowUp(follow_up.id))


class TestListing:
    @pytest.fixture
    def work(self, desk: Desk, ana: str, clock: FixedClock) -> None:
        """One done, one nine days late, one two days late, one due today, one ahead."""
        clock.move(days=-14)
        done = add_follow_up(desk, AddFollowUp(date(2026, 10, 8), "call again", ana))
        finish_follow_up(desk, FinishFollowUp(done.id))
        for day, what, who in (
            (MONDAY, "confirm ride", "mrivera"),
            (TODAY, "did endo send the report?", "tchen"),
            (date(2026, 10, 12), "second call", "tchen"),
            (date(2026, 10, 19), "interpreter", "mrivera"),
        ):
            patient_id = the_patient_id(desk, "1031") if what == "interpreter" else ana
            add_follow_up(desk, AddFollowUp(day, what, patient_id, assigned_to=who))
        clock.move(days=14)

    @pytest.mark.usefixtures("work")
    def test_the_longest_overdue_come_first_and_the_done_last(self, desk: Desk) -> None:
        assert [(one.row.what, one.state, one.age_days) for one in listed(desk, include_done=True)] == [
            ("second call", "overdue", 9),
            ("interpreter", "overdue", 2),
            ("did endo send the report?", "due", 0),
            ("confirm ride", "ahead", -5),
            ("call again", "done", 0),
        ]

    @pytest.mark.usefixtures("work")
    def test_it_narrows_by_due_patient_and_person(self, desk: Desk) -> None:
        def whats(found: list[object]) -> list[str]:
            return [one.row.what for one in found]  # type: ignore[attr-defined]

        assert whats([*listed(desk, due_only=True)]) == [
            "second call",
            "interpreter",
            "did endo send the report?",
        ]
        assert whats([*listed(desk, patient_id=the_patient_id(desk, "1031"))]) == ["interpreter"]
        assert whats([*listed(desk, assigned_to="mrivera")]) == ["interpreter", "confirm ride"]
        assert whats([*listed(desk, due_only=True, assigned_to="mrivera")]) == ["interpreter"]

    def test_those_of_the_log_are_there_with_their_patient(self, desk: Desk, ana: str) -> None:
        wish = LogActivity(
            ana, "referral", TODAY, 20, "booked", follow_ups=(FollowUpWish(MONDAY, "confirm ride"),)
        )
        logged = log_activity(desk, wish)
        (one,) = listed(desk)
        assert one.row.activity_id == logged.activity.id
        assert (one.row.patient, one.row.birth_date, one.row.chart_number) == (
            "Garcia, Ana",
            "2012-04-09",
            "1030",
        )
