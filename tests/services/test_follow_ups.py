"""Follow-ups: what is to be done, in what order it is shown, and how it ends."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import (
    AddFollowUp,
    AssignFollowUp,
    EditStaff,
    FinishFollowUp,
    FollowUpWish,
    LogActivity,
    SnoozeFollowUp,
)
from casemgr.core.records import FollowUp
from casemgr.errors import InputRefused, NotFound, RuleRefused
from casemgr.services.activities import log_activity
from casemgr.services.follow_ups import (
    add_follow_up,
    assign_follow_up,
    finish_follow_up,
    listed,
    snooze_follow_up,
)
from casemgr.services.patients import the_patient_id
from casemgr.services.staff import edit_staff
from casemgr.services.undo import redo, undo
from casemgr.store.reads.records import load
from tests.services.support import assert_whole, everything, length

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


class TestAssigning:
    @pytest.fixture
    def ride(self, desk: Desk, ana: str) -> FollowUp:
        return add_follow_up(desk, AddFollowUp(MONDAY, "confirm ride", ana))

    def test_it_is_somebody_elses_to_do_and_the_ledger_says_why(self, desk: Desk, ride: FollowUp) -> None:
        given = assign_follow_up(desk, AssignFollowUp(ride.id[-6:], " TChen ", "speaks Vietnamese"))
        assert given == ride.model_copy(update={"assigned_to": "tchen"})
        kept = desk.store.one("SELECT action, reason FROM ledger ORDER BY seq DESC LIMIT 1")
        assert kept == ("assign", "speaks Vietnamese")
        assert [one.row.assigned_to for one in listed(desk)] == ["tchen"]
        undo(desk)
        assert [one.row.assigned_to for one in listed(desk)] == ["mrivera"]
        redo(desk)
        assert [one.row.assigned_to for one in listed(desk)] == ["tchen"]

    def test_what_cannot_be_is_refused(self, desk: Desk, ride: FollowUp, clock: FixedClock) -> None:
        before = length(desk)
        with pytest.raises(InputRefused, match="mrivera's already"):
            assign_follow_up(desk, AssignFollowUp(ride.id, "mrivera"))
        with pytest.raises(NotFound, match="nobody with the login"):
            assign_follow_up(desk, AssignFollowUp(ride.id, "nobody"))
        assert length(desk) == before
        edit_staff(desk, EditStaff("tchen", {"active_to": "2026-10-21"}))
        clock.move(days=1)
        with pytest.raises(InputRefused, match="Tam Chen does not work here"):
            assign_follow_up(desk, AssignFollowUp(ride.id, "tchen"))
        with pytest.raises(InputRefused, match="Tam Chen does not work here"):
            add_follow_up(desk, AddFollowUp(MONDAY, "order kits", assigned_to="tchen"))

    def test_what_is_done_or_withdrawn_is_nobodys(self, desk: Desk, ride: FollowUp) -> None:
        finish_follow_up(desk, FinishFollowUp(ride.id))
        with pytest.raises(RuleRefused, match="done on 10/21/2026"):
            assign_follow_up(desk, AssignFollowUp(ride.id, "tchen"))
        undo(desk)
        undo(desk)
        with pytest.raises(RuleRefused, match="withdrawn"):
            assign_follow_up(desk, AssignFollowUp(ride.id, "tchen"))


class TestFinishingByLogging:
    @pytest.fixture
    def ride(self, desk: Desk, ana: str) -> FollowUp:
        return add_follow_up(desk, AddFollowUp(MONDAY, "confirm ride", ana))

    @pytest.fixture
    def called(self, ana: str, ride: FollowUp) -> LogActivity:
        return LogActivity(
            ana,
            "transport",
            date(2026, 10, 20),
            5,
            "ride confirmed",
            follow_ups=(FollowUpWish(MONDAY, "ask how it went"),),
            finishes=ride.id[-6:],
            staff="tchen",
        )

    def test_it_is_done_by_the_activity_in_one_deed(
        self, desk: Desk, ride: FollowUp, called: LogActivity
    ) -> None:
        logged = log_activity(desk, called)
        done = logged.finished
        assert done is not None
        assert done == load(desk.store, FollowUp, ride.id)
        assert (done.done_on, done.done_by) == ("2026-10-20", "tchen")
        assert done.done_activity_id == logged.activity.id
        assert [one.row.what for one in listed(desk)] == ["ask how it went"]
        assert listed(desk, include_done=True)[-1].row.done_activity_id == logged.activity.id
        assert_whole(desk)

    def test_undo_takes_both_back_and_redo_does_both_again(
        self, desk: Desk, ride: FollowUp, called: LogActivity
    ) -> None:
        logged = log_activity(desk, called)
        assert {entity for entity, _ in undo(desk).records} == {"activity", "follow_up"}
        assert not everything(desk)
        assert [one.row.id for one in listed(desk, include_done=True)] == [ride.id]
        assert load(desk.store, FollowUp, ride.id) == ride
        redo(desk)
        assert load(desk.store, FollowUp, ride.id) == logged.finished
        assert [row.id for row in everything(desk)] == [logged.activity.id]
        assert_whole(desk)

    def test_last_is_the_newest_of_ones_own(
        self, desk: Desk, ana: str, ride: FollowUp, called: LogActivity
    ) -> None:
        add_follow_up(desk, AddFollowUp(TODAY, "order kits", ana, assigned_to="tchen"))
        finished = log_activity(desk, called._replace(finishes="last", staff="")).finished
        assert finished is not None
        assert finished.id == ride.id
        assert finish_follow_up(desk, FinishFollowUp("LAST")).what == "ask how it went"
        with pytest.raises(NotFound, match="nothing to follow up"):
            finish_follow_up(desk, FinishFollowUp("last"))

    def test_what_cannot_be_finished_keeps_the_activity_out(
        self, desk: Desk, ride: FollowUp, called: LogActivity
    ) -> None:
        before = length(desk)
        other = called._replace(patient_id=the_patient_id(desk, "1031"))
        with pytest.raises(InputRefused, match="“confirm ride” is about another patient"):
            log_activity(desk, other)
        with pytest.raises(NotFound, match="There is no follow-up"):
            log_activity(desk, called._replace(finishes="abcdef"))
        assert length(desk) == before
        finish_follow_up(desk, FinishFollowUp(ride.id))
        with pytest.raises(RuleRefused, match="done on 10/21/2026"):
            log_activity(desk, called)
        assert not everything(desk)
        assert_whole(desk)

    def test_one_about_nobody_is_done_by_work_for_anybody(self, desk: Desk, called: LogActivity) -> None:
        kits = add_follow_up(desk, AddFollowUp(TODAY, "order kits"))
        finished = log_activity(desk, called._replace(finishes=kits.id)).finished
        assert finished is not None
        assert (finished.id, finished.patient_id) == (kits.id, "")


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
