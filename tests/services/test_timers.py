"""The timer: it counts, outlives its process, and becomes an activity in one deed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casemgr.core.records import Timer
from casemgr.core.rows import ActivityFilter
from casemgr.errors import CasemgrError, InputRefused, NotFound, RuleRefused
from casemgr.services import activities
from casemgr.services.follow_ups import listed as follow_ups
from casemgr.services.patients import the_patient_id
from casemgr.services.timers import (
    discard_timer,
    edit_timer,
    elapsed_seconds,
    pause_timer,
    resume_timer,
    start_timer,
    status,
    stop_timer,
)
from casemgr.services.undo import redo, undo
from tests.services.support import length

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.clock import FixedClock
    from casemgr.core.rows import ActivityRow
    from casemgr.services.desk import Desk


def logged(desk: Desk) -> list[ActivityRow]:
    return activities.listed(desk, ActivityFilter())


class TestCounting:
    def test_it_counts_while_it_runs_and_not_while_it_is_paused(self, desk: Desk, clock: FixedClock) -> None:
        start_timer(desk)
        clock.move(minutes=10)
        assert pause_timer(desk).seconds == 600
        clock.move(hours=3)
        paused = status(desk)
        assert paused is not None
        assert (paused.seconds, paused.running) == (600, False)
        assert resume_timer(desk).seconds == 600
        clock.move(minutes=2, seconds=31)
        running = status(desk)
        assert running is not None
        assert (running.seconds, running.minutes, running.running) == (751, 13, True)

    @pytest.mark.parametrize(
        ("seconds", "minutes"), [(0, 1), (29, 1), (89, 1), (90, 2), (149, 2), (150, 3), (43199, 720)]
    )
    def test_minutes_are_the_nearest_and_at_least_one(
        self, desk: Desk, clock: FixedClock, seconds: int, minutes: int
    ) -> None:
        start_timer(desk)
        clock.move(seconds=seconds)
        timing = status(desk)
        assert timing is not None
        assert timing.minutes == minutes

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.integers(0, 10**6), st.integers(0, 2 * 10**15), st.integers(0, 2 * 10**15))
    def test_time_never_runs_backward(self, banked: int, since: int, now: int) -> None:
        timer = Timer(id="mrivera", started_at=0, running_since=since, banked_seconds=banked)
        assert elapsed_seconds(timer, now) >= banked

    def test_it_outlives_whoever_started_it(
        self, desk: Desk, ana: str, clock: FixedClock, desk_of: Callable[[str], Desk]
    ) -> None:
        start_timer(desk, ana, "ride", "city cab")
        clock.move(minutes=5)
        found = status(desk_of("mrivera"))
        assert found is not None
        assert found.seconds == 300
        assert found.about == "Garcia, Ana 4/9/2012 #1030 · Transport assistance · city cab"


class TestOneAtATime:
    def test_a_second_one_is_refused_with_what_runs(self, desk: Desk, ana: str, clock: FixedClock) -> None:
        start_timer(desk, ana, "referral")
        clock.move(minutes=7)
        with pytest.raises(RuleRefused, match="runs at 7 min already") as refused:
            start_timer(desk)
        assert refused.value.detail == "Garcia, Ana 4/9/2012 #1030 · Referral coordination"
        pause_timer(desk)
        with pytest.raises(RuleRefused, match="is paused at 7 min already"):
            start_timer(desk)

    def test_everybody_has_their_own(self, desk: Desk, desk_of: Callable[[str], Desk]) -> None:
        start_timer(desk)
        theirs = desk_of("tchen")
        assert status(theirs) is None
        assert start_timer(theirs).timer.id == "tchen"

    @pytest.mark.parametrize("deed", [pause_timer, resume_timer, discard_timer])
    def test_without_a_timer_there_is_nothing_to_do(self, desk: Desk, deed: Callable[[Desk], object]) -> None:
        with pytest.raises(NotFound, match="no timer"):
            deed(desk)
        with pytest.raises(NotFound, match="no timer"):
            stop_timer(desk, "=> booked")

    def test_it_is_paused_once_and_resumed_once(self, desk: Desk) -> None:
        start_timer(desk)
        with pytest.raises(RuleRefused, match="runs already"):
            resume_timer(desk)
        pause_timer(desk)
        with pytest.raises(RuleRefused, match="paused already"):
            pause_timer(desk)

    def test_a_discarded_one_leaves_no_activity_and_another_can_start(
        self, desk: Desk, clock: FixedClock
    ) -> None:
        start_timer(desk)
        clock.move(minutes=4)
        assert discard_timer(desk).seconds == 240
        assert status(desk) is None
        assert logged(desk) == []
        assert start_timer(desk).seconds == 0

    @pytest.mark.parametrize(
        ("patient", "kind"), [("00000000-0000-7000-8000-000000000000", ""), ("", "juggling")]
    )
    def test_an_unknown_patient_or_kind_starts_nothing(self, desk: Desk, patient: str, kind: str) -> None:
        with pytest.raises(CasemgrError):
            start_timer(desk, patient, kind)
        assert status(desk) is None


class TestLogging:
    def test_it_becomes_an_activity_with_its_start_and_follow_up(
        self, desk: Desk, ana: str, clock: FixedClock
    ) -> None:
        start_timer(desk, ana, "ref")
        clock.move(minutes=19, seconds=40)
        saved = stop_timer(desk, ": OS consult => booked 10/28 !10/26 confirm ride").activity
        assert (saved.patient_id, saved.kind, saved.minutes) == (ana, "referral", 20)
        assert (saved.service_date, saved.start, saved.status) == ("2026-10-21", "12:00", "signed")
        assert (saved.note, saved.outcome, saved.outcome_words) == (
            "OS consult",
            "consult_booked",
            "booked 10/28",
        )
        assert [(one.row.due_date, one.row.what) for one in follow_ups(desk)] == [
            ("2026-10-26", "confirm ride")
        ]
        assert status(desk) is None

    @pytest.mark.parametrize(
        ("text", "note"),
        [
            ("OS consult, Ana agreed => booked", "OS consult, Ana agreed"),
            ("called the surgeon: no answer first => booked", "called the surgeon: no answer first"),
            ("=> booked", ""),
            ("phone: OS consult => booked", "OS consult"),
        ],
    )
    def test_the_colon_may_be_left_out_once_patient_and_kind_are_known(
        self, desk: Desk, ana: str, text: str, note: str
    ) -> None:
        start_timer(desk, ana, "referral")
        assert stop_timer(desk, text).activity.note == note

    def test_what_the_timer_does_not_know_the_text_may_say(self, desk: Desk, ana: str) -> None:
        start_timer(desk, note="records faxed")
        saved = stop_timer(desk, "referral garcia ana 2012 phone: OS consult => booked").activity
        assert (saved.patient_id, saved.kind, saved.method) == (ana, "referral", "phone")
        assert saved.note == "records faxed; OS consult"

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            (": OS consult", "what came of it"),
            ("", "what came of it"),
            (": OS consult => booked !2/30 confirm ride", "no day 30"),
        ],
    )
    def test_while_something_is_missing_nothing_is_saved_and_it_runs_on(
        self, desk: Desk, ana: str, clock: FixedClock, text: str, told: str
    ) -> None:
        start_timer(desk, ana, "referral")
        clock.move(minutes=3)
        with pytest.raises(InputRefused) as refused:
            stop_timer(desk, text)
        assert told in refused.value.todo
        assert "runs on, at 3 min" in refused.value.detail
        assert logged(desk) == []
        running = status(desk)
        assert running is not None
        assert running.running

    def test_an_ambiguous_patient_is_not_guessed(self, desk: Desk) -> None:
        start_timer(desk, kind="referral")
        with pytest.raises(InputRefused) as refused:
            stop_timer(desk, "garcia ana: OS consult => booked")
        assert refused.value.candidates == ("Garcia, Ana 4/9/1985 #1031", "Garcia, Ana 4/9/2012 #1030")
        assert status(desk) is not None

    def test_a_timer_for_one_patient_is_not_logged_for_another(self, desk: Desk, ana: str) -> None:
        start_timer(desk, ana)
        with pytest.raises(InputRefused):
            stop_timer(desk, "referral o'brien: OS consult => booked")
        assert logged(desk) == []

    def test_a_forgotten_one_is_to_be_logged_by_hand(self, desk: Desk, ana: str, clock: FixedClock) -> None:
        start_timer(desk, ana, "referral")
        clock.move(hours=13, minutes=5)
        with pytest.raises(InputRefused, match="13 h 05: was it forgotten"):
            stop_timer(desk, ": OS consult => booked")
        assert logged(desk) == []
        assert discard_timer(desk).minutes == 785

    def test_work_past_midnight_belongs_to_the_day_on_which_it_began(
        self, desk: Desk, ana: str, clock: FixedClock
    ) -> None:
        clock.move(hours=11, minutes=50)
        start_timer(desk, ana, "referral")
        clock.move(minutes=20)
        saved = stop_timer(desk, ": OS consult => booked").activity
        assert desk.today() == date(2026, 10, 22)
        assert (saved.service_date, saved.start, saved.minutes) == ("2026-10-21", "23:50", 20)

    def test_one_that_ran_on_is_logged_with_the_minutes_that_were_worked(
        self, desk: Desk, ana: str, clock: FixedClock
    ) -> None:
        start_timer(desk, ana, "referral")
        clock.move(hours=13)
        with pytest.raises(InputRefused, match="was it forgotten") as refused:
            stop_timer(desk, "=> booked")
        assert "casemgr timer stop --minutes" in refused.value.todo
        with pytest.raises(InputRefused, match="cannot be saved yet"):
            stop_timer(desk, "=> booked", 0)
        saved = stop_timer(desk, "=> booked", 35).activity
        assert (saved.minutes, saved.service_date, saved.start) == (35, "2026-10-21", "12:00")
        assert status(desk) is None

    def test_another_day_in_the_text_is_kept_without_the_timers_start(self, desk: Desk, ana: str) -> None:
        start_timer(desk, ana, "referral")
        saved = stop_timer(desk, "yesterday: OS consult => booked").activity
        assert (saved.service_date, saved.start) == ("2026-10-20", "")

    def test_undo_takes_the_activity_back_and_gives_the_timer_back(
        self, desk: Desk, ana: str, clock: FixedClock
    ) -> None:
        start_timer(desk, ana, "referral")
        clock.move(minutes=20)
        stop_timer(desk, ": OS consult => booked !10/26 confirm ride")
        undo(desk)
        assert logged(desk) == []
        assert follow_ups(desk) == []
        again = status(desk)
        assert again is not None
        assert again.seconds == 1200

    def test_a_chart_number_with_letters_finds_its_way(self, desk: Desk) -> None:
        from casemgr.core.commands import EditPatient
        from casemgr.services.patients import edit_patient

        other = the_patient_id(desk, "1031")
        edit_patient(desk, EditPatient(other, {"chart_number": "SM-77_b"}))
        start_timer(desk, other, "missed_visit")
        saved = stop_timer(desk, "=> left voicemail").activity
        assert (saved.patient_id, saved.kind) == (other, "missed_visit")


class TestEditing:
    def test_it_is_about_somebody_else_and_counts_on(self, desk: Desk, ana: str, clock: FixedClock) -> None:
        start_timer(desk, ana, "referral", "records faxed")
        clock.move(minutes=10)
        other = the_patient_id(desk, "1031")
        edited = edit_timer(desk, other, "ride")
        assert (edited.timer.patient_id, edited.timer.kind) == (other, "transport")
        assert (edited.timer.note, edited.seconds, edited.running) == ("records faxed", 600, True)
        cleared = edit_timer(desk, "", "", " two  calls ")
        assert (cleared.about, cleared.seconds) == ("two calls", 600)
        assert undo(desk).action == "edit"
        again = status(desk)
        assert again is not None
        assert again.timer == edited.timer
        redo(desk)
        assert (status(desk) or again).about == "two calls"

    def test_what_cannot_be_is_refused(self, desk: Desk, ana: str) -> None:
        with pytest.raises(NotFound, match="no timer"):
            edit_timer(desk, note="x")
        start_timer(desk, ana, "referral")
        before = length(desk)
        with pytest.raises(InputRefused, match="says this already"):
            edit_timer(desk, ana, "ref", "")
        with pytest.raises(InputRefused, match="says this already"):
            edit_timer(desk)
        with pytest.raises(NotFound):
            edit_timer(desk, "00000000-0000-7000-8000-000000000000")
        with pytest.raises(InputRefused, match="not a kind"):
            edit_timer(desk, kind="juggling")
        assert length(desk) == before
