"""Activities: what may be logged, changed and withdrawn, and what is found odd."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from casemgr.core.commands import AmendActivity, FollowUpWish, LogActivity, SignActivity, VoidActivity
from casemgr.core.records import Activity
from casemgr.core.rows import ActivityFilter
from casemgr.errors import CasemgrError, InputRefused, NotFound, RuleRefused
from casemgr.services.activities import (
    activity,
    activity_id,
    amend_activity,
    complete_draft,
    log_activity,
    log_batch,
    sign_activity,
    summed,
    void_activity,
)
from casemgr.services.follow_ups import listed as follow_ups
from casemgr.services.history import history_of
from casemgr.services.oddities import overlaps
from casemgr.services.undo import undo
from casemgr.store.reads.records import load
from tests.services.support import TODAY, assert_whole, everything, length, log

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk

RIDE = "15m ride #1030 10/20: no car => ride confirmed"


@pytest.fixture
def wish(ana: str) -> LogActivity:
    return LogActivity(ana, "transport", TODAY, 15, "ride confirmed")


def amended(desk: Desk, activity_id: str, reason: str = "call log", **changes: Any) -> Activity:
    return amend_activity(desk, AmendActivity(activity_id, reason, changes)).activity


class TestLogging:
    def test_it_is_saved_signed_and_whole(self, desk: Desk, wish: LogActivity) -> None:
        wish = wish._replace(
            kind="NEMT ride",
            outcome_words="  Ride   confirmed ",
            note=" first line\nsecond ",
            method="phone",
            fields={"vendor": "City Cab", "both_ways": "y", "trip_number": " "},
            follow_ups=(FollowUpWish(date(2026, 10, 26), "confirm ride"),),
        )
        logged = log_activity(desk, wish)
        record = logged.activity
        assert load(desk.store, Activity, record.id) == record
        assert (record.kind, record.outcome, record.outcome_words) == (
            "transport",
            "ride_confirmed",
            "Ride confirmed",
        )
        assert record.note == "first line\nsecond"
        assert record.fields == {"vendor": "City Cab", "both_ways": "yes"}
        assert (record.status, record.signed_by, record.late_days) == ("signed", "mrivera", 0)
        assert logged.warnings == ()
        assert [(each.what, each.due_date, each.activity_id) for each in logged.follow_ups] == [
            ("confirm ride", "2026-10-26", record.id)
        ]
        assert_whole(desk)

    @pytest.mark.parametrize("minutes", [0, -5, 721, 900])
    def test_minutes_outside_a_working_day_are_refused(
        self, desk: Desk, wish: LogActivity, minutes: int
    ) -> None:
        with pytest.raises(InputRefused, match="minutes"):
            log_activity(desk, wish._replace(minutes=minutes))
        assert not everything(desk)

    @pytest.mark.parametrize("minutes", [1, 720])
    def test_both_ends_are_taken(self, desk: Desk, wish: LogActivity, minutes: int) -> None:
        assert log_activity(desk, wish._replace(minutes=minutes)).activity.minutes == minutes

    @pytest.mark.parametrize(
        ("change", "named"),
        [
            ({"service_date": date(2026, 10, 22)}, "future"),
            ({"service_date": date(2012, 4, 8)}, "before the patient was born"),
            ({"outcome_words": "  "}, "outcome"),
            ({"kind": "massage"}, "massage"),
            ({"fields": {"vender": "City Cab"}}, "did you mean"),
            ({"fields": {"both_ways": "maybe"}}, "both_ways"),
            ({"follow_ups": (FollowUpWish(date(2026, 10, 20), "call"),)}, "before the work itself"),
        ],
        ids=str,
    )
    def test_what_cannot_be_is_refused_and_nothing_saved(
        self, desk: Desk, wish: LogActivity, change: dict[str, Any], named: str
    ) -> None:
        before = length(desk)
        with pytest.raises(InputRefused) as refused:
            log_activity(desk, wish._replace(**change))
        assert named in refused.value.title
        assert length(desk) == before

    def test_the_nearest_kinds_are_named(self, desk: Desk, wish: LogActivity) -> None:
        with pytest.raises(InputRefused) as refused:
            log_activity(desk, wish._replace(kind="transprot"))
        assert any("transport" in each.lower() for each in refused.value.candidates)

    def test_nobody_is_no_patient(self, desk: Desk, wish: LogActivity) -> None:
        with pytest.raises(NotFound):
            log_activity(desk, wish._replace(patient_id="nobody"))

    def test_it_may_be_logged_for_who_did_it(self, desk: Desk, wish: LogActivity) -> None:
        record = log_activity(desk, wish._replace(staff=" TChen ")).activity
        assert (record.staff, record.entered_by, record.signed_by) == ("tchen", "mrivera", "mrivera")
        with pytest.raises(NotFound):
            log_activity(desk, wish._replace(staff="nobody"))

    def test_words_that_fit_no_outcome_are_other_and_kept(self, desk: Desk, wish: LogActivity) -> None:
        record = log_activity(desk, wish._replace(outcome_words="the moon was full")).activity
        assert (record.outcome, record.outcome_words) == ("other", "the moon was full")

    def test_a_batch_is_saved_whole_or_not_at_all(self, desk: Desk, wish: LogActivity) -> None:
        with pytest.raises(InputRefused) as refused:
            log_batch(desk, {"Line 2": wish, "Line 7": wish._replace(minutes=900)})
        assert refused.value.title.startswith("Line 7: minutes")
        assert not everything(desk)
        assert len(log_batch(desk, {"Line 2": wish, "Line 7": wish})) == 2


class TestOddities:
    def test_a_clock_that_is_behind_the_ledger_is_told_and_not_believed(
        self, desk: Desk, wish: LogActivity, clock: FixedClock
    ) -> None:
        assert not log_activity(desk, wish).warnings
        clock.move(minutes=-9)
        assert not log_activity(desk, wish).warnings
        clock.move(days=-3)
        logged = log_activity(desk, wish)
        assert any("clock is" in one and "behind the newest entry" in one for one in logged.warnings)
        assert logged.activity.late_days == 0
        late = log_activity(desk, wish._replace(service_date=date(2026, 10, 18)))
        assert late.activity.late_days == 3
        with pytest.raises(InputRefused, match="future"):
            log_activity(desk, wish._replace(service_date=date(2026, 10, 22)))

    def test_more_than_a_day_has_is_entered_and_told(self, desk: Desk, wish: LogActivity) -> None:
        """Who copies a paper log must be able to enter what it says."""
        for _ in range(2):
            log_activity(desk, wish._replace(minutes=720))
        logged = log_activity(desk, wish._replace(minutes=1))
        assert any("24 h 01" in one or "24 h 1" in one for one in logged.warnings), logged.warnings

    def test_a_late_entry_says_by_how_many_days(self, desk: Desk, wish: LogActivity) -> None:
        one = log_activity(desk, wish._replace(service_date=date(2026, 10, 20)))
        five = log_activity(desk, wish._replace(service_date=date(2026, 10, 16)))
        assert (one.activity.late_days, five.activity.late_days) == (1, 5)
        assert "1 day after" in one.warnings[0]
        assert "5 days after" in five.warnings[0]

    def test_overlapping_minutes_of_one_person_are_found(self, desk: Desk, wish: LogActivity) -> None:
        first = log_activity(desk, wish._replace(start="09:00", minutes=30))
        touching = log_activity(desk, wish._replace(start="09:30"))
        assert not touching.warnings
        assert not log_activity(desk, wish._replace(start="09:10", staff="tchen")).warnings
        inside = log_activity(desk, wish._replace(start="09:20", minutes=5))
        assert "overlaps" in inside.warnings[0]
        assert first.activity.id[-6:] in inside.warnings[0]
        (found,) = overlaps(desk, ActivityFilter())
        assert (found.staff, found.first, found.second, found.minutes) == (
            "mrivera",
            first.activity.id,
            inside.activity.id,
            5,
        )

    def test_a_day_of_more_than_twelve_hours_is_found(self, desk: Desk, wish: LogActivity) -> None:
        assert not log_activity(desk, wish._replace(minutes=720)).warnings
        assert "12 h" in log_activity(desk, wish._replace(minutes=1)).warnings[0]


class TestDrafts:
    def test_a_draft_is_completed_and_signed_in_one_deed(self, desk: Desk) -> None:
        record = log(desk, "20m referral 1030: consult", draft=True)
        before = length(desk)
        with pytest.raises(InputRefused, match="outcome"):
            complete_draft(desk, AmendActivity(record.id, "", {"note": "another"}))
        assert length(desk) == before

        done = complete_draft(desk, AmendActivity(record.id, "", {"outcome_words": "booked"})).activity
        assert (done.status, done.outcome, done.amended) == ("signed", "consult_booked", False)
        undo(desk)
        assert load(desk.store, Activity, record.id) == record

        log_only = log(desk, "20m referral 1030: consult => booked", draft=True)
        assert complete_draft(desk, AmendActivity(log_only.id, "", {})).activity.status == "signed"
        with pytest.raises(RuleRefused, match="signed already"):
            complete_draft(desk, AmendActivity(log_only.id, "", {}))

    def test_a_draft_may_lack_its_outcome_and_is_signed_once_it_has_one(self, desk: Desk) -> None:
        record = log(desk, "15m ride #1030: no car", draft=True)
        assert (record.status, record.signed_at, record.outcome) == ("draft", 0, "")
        with pytest.raises(InputRefused, match="outcome"):
            sign_activity(desk, SignActivity("last"))
        changed = amended(desk, "last", "", outcome_words="ride confirmed")
        assert (changed.outcome, changed.amended) == ("ride_confirmed", False)
        signed = sign_activity(desk, SignActivity("last"))
        assert (signed.status, signed.signed_by) == ("signed", "mrivera")
        with pytest.raises(RuleRefused, match="signed already"):
            sign_activity(desk, SignActivity("last"))


class TestAmending:
    def test_what_it_said_before_stays_in_its_history(self, desk: Desk, clock: FixedClock) -> None:
        record = log(desk, RIDE)
        clock.move(minutes=5)
        changed = amended(desk, record.id[-6:], " call log  says 25 ", minutes=25, note=" no car \n at all ")
        assert (changed.minutes, changed.note, changed.amended) == (25, "no car \n at all", True)
        first, second = history_of(desk, "activity", "last")
        assert (first.action, second.action, second.reason) == ("log", "amend", "call log says 25")
        assert ("minutes", "15", "25") in second.changes
        assert activity(desk, record.id).amended
        assert_whole(desk)

    @pytest.mark.parametrize(
        ("reason", "changes", "named"),
        [
            ("", {"minutes": 25}, "reason"),
            ("why", {"minutes": 900}, "minutes"),
            ("why", {"minutes": 15}, "says this already"),
            ("why", {"patient_id": "x"}, "patient_id"),
            ("why", {"service_date": "2026-10-22"}, "future"),
            ("why", {"service_date": "2012-04-08"}, "born"),
            ("why", {"outcome_words": ""}, "outcome"),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, desk: Desk, reason: str, changes: dict[str, Any], named: str
    ) -> None:
        record = log(desk, RIDE)
        with pytest.raises(InputRefused, match=named):
            amended(desk, record.id, reason, **changes)
        assert load(desk.store, Activity, record.id) == record

    def test_another_date_counts_the_late_days_anew(self, desk: Desk) -> None:
        record = log(desk, RIDE)
        assert record.late_days == 1
        assert amended(desk, record.id, service_date="2026-10-11").late_days == 10
        assert amended(desk, record.id, service_date="2026-10-21").late_days == 0

    def test_another_kind_keeps_only_fields_that_it_has(self, desk: Desk) -> None:
        record = log(desk, RIDE)
        amend_activity(desk, AmendActivity(record.id, "number came", {}, {"vendor": "City Cab"}))
        changed = amended(desk, record.id, kind="interpreter")
        assert changed.kind == "interpreter"
        assert "vendor" not in changed.fields
        assert ("fields.vendor", "City Cab", "") in history_of(desk, "activity", record.id)[-1].changes

    def test_an_empty_value_takes_a_field_away(self, desk: Desk) -> None:
        record = log(desk, RIDE)
        for value, left in (("88120", {"trip_number": "88120"}), ("", {})):
            wish = AmendActivity(record.id, "number", {}, {"trip_number": value})
            assert amend_activity(desk, wish).activity.fields == left


class TestVoiding:
    def test_a_voided_activity_stays_in_the_record_and_out_of_every_sum(self, desk: Desk) -> None:
        record = log(desk, RIDE)
        with pytest.raises(InputRefused, match="reason"):
            void_activity(desk, VoidActivity(record.id, " "))
        void_activity(desk, VoidActivity(record.id, "wrong patient"))
        assert summed(desk, ActivityFilter()) == (0, 0)
        assert activity(desk, record.id).status == "voided"
        with pytest.raises(RuleRefused, match="voided"):
            amended(desk, record.id, minutes=25)
        with pytest.raises(RuleRefused, match="voided"):
            void_activity(desk, VoidActivity(record.id, "again"))


class TestNaming:
    def test_last_is_the_newest_of_who_acts(self, desk: Desk, desk_of: Callable[[str], Desk]) -> None:
        mine, theirs = log(desk, RIDE), log(desk_of("tchen"), RIDE)
        assert activity_id(desk, "last") == mine.id
        assert activity_id(desk_of("tchen"), " LAST ") == theirs.id
        assert activity_id(desk, mine.id[-6:]) == mine.id

    @pytest.mark.parametrize("text", ["last", "ffffff", "", "x' OR 1=1 --"])
    def test_what_names_nothing_is_told(self, desk: Desk, text: str) -> None:
        with pytest.raises(CasemgrError) as refused:
            activity(desk, text)
        assert refused.value.exit_code in {3, 4}
        assert not follow_ups(desk)
