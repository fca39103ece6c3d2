"""The activity form begun from what is there: amendments, follow-ups, the timer, a line, a template."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from casemgr.core.commands import AddFollowUp, FinishFollowUp, LogActivity, VoidActivity
from casemgr.core.records import Activity, FollowUp
from casemgr.services.activities import log_activity, void_activity
from casemgr.services.claims import draft_claims
from casemgr.services.drafts import draft_of, drafts
from casemgr.services.follow_ups import add_follow_up, finish_follow_up
from casemgr.services.patients import the_patient_id
from casemgr.services.timers import start_timer, status
from casemgr.store.ledger import history
from casemgr.store.reads.records import load
from casemgr.tui.screens.activity import ActivityScreen
from casemgr.tui.screens.today import TodayScreen
from casemgr.tui.widgets.day import DayTable
from casemgr.tui.widgets.entry import EntryLine
from casemgr.tui.widgets.inputs import FieldArea
from tests.services.support import OCTOBER, cover, log, put_claim
from tests.tui.forms import complaint, edited, form, labels, open_form, value, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]

LINE = "20m referral garcia ana 2012: OS consult => booked 10/28 !10/26 confirm ride"
TODAY = date(2026, 10, 21)


def kept(desk: Desk, activity_id: str) -> Activity:
    record = load(desk.store, Activity, activity_id)
    assert record is not None
    return record


# Amending


async def test_an_amendment_changes_what_is_different_and_nothing_else(opened: Open, desk: Desk) -> None:
    wish = LogActivity(
        the_patient_id(desk, "1030"), "transport", TODAY, 15, "ride confirmed", start="09:10", method="phone",
        note="odd\x1b[2J bell\x07 and\ttab\n\nlines", response="agreed",
        fields={"vendor": "City Cab", "visit_date": "2026-10-28", "pick_up": "14:00", "both_ways": "yes"},
    )  # fmt: skip
    before = log_activity(desk, wish).activity
    async with opened(120, 40) as face:
        await open_form(face, amend=before.id)
        assert "Garcia, Ana 4/9/2012 #1030" in face.seen()
        assert "Marisol Rivera" in face.seen()
        assert "patient" not in labels(face)
        assert (value(face, "minutes"), value(face, "own_vendor")) == ("15", "City Cab")

        await write(face, minutes="20", own_vendor="", why="misread")
        assert "was: 15" in face.seen()
        assert "was: City Cab" in face.seen()
        assert [row.spec.name for row in form(face).rows if row.has_class("-changed")] == [
            "minutes", "own_vendor", "why",
        ]  # fmt: skip
        await face.press("ctrl+s")

        after = kept(desk, before.id)
        fields = {name: text for name, text in before.fields.items() if name != "vendor"}
        assert after == before.model_copy(update={"minutes": 20, "fields": fields, "amended": True})
        assert history(desk.store, "activity", before.id)[-1].reason == "misread"
        assert "amended" in face.text("Foot")


async def test_an_amendment_needs_its_reason_and_a_change(opened: Open, desk: Desk) -> None:
    record = log(desk, LINE)
    async with opened() as face:
        await open_form(face, amend=record.id)
        await write(face, minutes="25")
        await face.press("ctrl+s")
        assert complaint(face, "why") == "this is needed"

        await write(face, minutes="20", why="no need")
        await face.press("ctrl+s")
        assert "says this already" in face.seen()
        assert kept(desk, record.id) == record


async def test_another_kind_is_an_amendment_too(opened: Open, desk: Desk) -> None:
    wish = LogActivity(
        the_patient_id(desk, "1030"), "transport", TODAY, 15, "booked",
        fields={"vendor": "City Cab", "visit_date": "2026-10-28"},
    )  # fmt: skip
    record = log_activity(desk, wish).activity
    async with opened() as face:
        await open_form(face, amend=record.id)
        await write(
            face, kind="interpreter", own_language="Somali", outcome="interpreter booked", why="wrong kind"
        )
        await face.press("ctrl+s")
        after = kept(desk, record.id)
        assert (after.kind, after.outcome) == ("interpreter", "booked")
        assert after.fields == {"language": "Somali", "visit_date": "2026-10-28"}


async def test_a_draft_is_changed_without_a_reason_and_signed_once_it_is_complete(
    opened: Open, desk: Desk
) -> None:
    record = log(desk, "20m referral 1030: consult", draft=True)
    async with opened() as face:
        await open_form(face, amend=record.id)
        assert "why" not in labels(face)
        await write(face, note="another")
        await face.press("ctrl+s")
        assert complaint(face, "outcome") == "this is needed"
        await face.press("ctrl+t")
        assert (kept(desk, record.id).note, kept(desk, record.id).status) == ("another", "draft")

        await open_form(face, amend=record.id)
        await write(face, outcome="booked")
        before = len(face.deeds())
        await face.press("ctrl+s")
        assert face.deeds()[before:] == [("amend", "activity"), ("sign", "activity")]
        assert kept(desk, record.id).status == "signed"


async def test_what_can_no_longer_change_is_told_without_a_form(opened: Open, desk: Desk) -> None:
    voided = log(desk, LINE)
    void_activity(desk, VoidActivity(voided.id, "twice"))
    claimed = log(desk, LINE)
    cover(desk, the_patient_id(desk, "1030"))
    (claim,) = draft_claims(desk, OCTOBER).claims
    put_claim(desk, claim, "closed")
    async with opened(120, 40) as face:
        for record, said in ((voided, "This activity is voided"), (claimed, "This activity stands on claim")):
            await open_form(face, amend=record.id)
            assert isinstance(face.app.screen, TodayScreen)
            assert said in face.seen()


async def test_the_claim_of_what_is_amended_follows_and_says_so(opened: Open, desk: Desk) -> None:
    record = log(desk, LINE)
    cover(desk, the_patient_id(desk, "1030"))
    (claim,) = draft_claims(desk, OCTOBER).claims
    async with opened(120, 40) as face:
        await open_form(face, amend=record.id)
        assert f"It stands on claim {claim.number}, which follows." in face.seen()
        await write(face, minutes="45", why="call log")
        await face.press("ctrl+s")
        assert face.deeds()[-2:] == [("amend", "activity"), ("follow", "claim")]
        assert f"Claim {claim.number} follows" in " ".join(face.seen().split())


# Follow-ups


async def test_a_follow_up_is_done_by_what_is_logged_from_it(opened: Open, desk: Desk) -> None:
    about = log(desk, LINE)
    follow_up = add_follow_up(desk, AddFollowUp(TODAY, "did they call back?", activity_id=about.id))
    async with opened(120, 40) as face:
        await open_form(face, follow_up_id=follow_up.id)
        assert value(face, "patient") == about.patient_id
        assert (value(face, "kind"), value(face, "note")) == ("referral", "did they call back?")
        assert "Due today: did they call back?" in face.seen()
        assert edited(face, "minutes").has_focus or edited(face, "date").has_focus

        await write(face, minutes="5", outcome="report received")
        before = len(face.deeds())
        await face.press("ctrl+s")
        assert face.deeds()[before:] == [("log", "activity"), ("done", "follow_up")]
        done = load(desk.store, FollowUp, follow_up.id)
        assert done is not None
        assert done.done_activity_id == face.logged()[-1].id
        assert "follow-up done" in face.seen()


async def test_a_follow_up_that_is_done_is_told_without_a_form(opened: Open, desk: Desk) -> None:
    follow_up = add_follow_up(desk, AddFollowUp(TODAY, "ask", the_patient_id(desk, "1030")))
    finish_follow_up(desk, FinishFollowUp(follow_up.id))
    async with opened() as face:
        await open_form(face, follow_up_id=follow_up.id)
        assert isinstance(face.app.screen, TodayScreen)
        assert "This follow-up was done" in face.seen()


async def test_the_attempts_so_far_stand_above_the_next_one(opened: Open, desk: Desk) -> None:
    ana = the_patient_id(desk, "1030")
    for days, outcome in ((9, "left voicemail"), (7, "no answer")):
        wish = LogActivity(
            ana,
            "missed_visit",
            TODAY - timedelta(days=days),
            5,
            outcome,
            fields={"missed_date": "2026-10-10"},
        )
        log_activity(desk, wish)
    follow_up = add_follow_up(desk, AddFollowUp(TODAY, "third call", ana))
    async with opened(120, 40) as face:
        await open_form(face, follow_up_id=follow_up.id)
        for words in (
            "Tried so far since the visit missed on 10/10/2026",
            "1. Mon 10/12 · Left voicemail",
            "2. Wed 10/14",
        ):
            assert words in face.seen()
        assert (value(face, "own_attempt_number"), value(face, "own_missed_date")) == ("3", "10/10/2026")
        await face.press("escape")
        assert drafts(desk) == []

        await open_form(face, patient_id=ana)
        assert "Tried so far" not in face.seen()
        await write(face, kind="no show")
        assert "Tried so far" in face.seen()
        await write(face, patient="1031")
        assert "Tried so far" not in face.seen()


# The timer


async def test_what_was_timed_is_filled_in_and_the_timer_ends_with_it(
    opened: Open, desk: Desk, clock: FixedClock
) -> None:
    start_timer(desk, the_patient_id(desk, "1030"), "referral", "OS consult")
    clock.move(minutes=23)
    async with opened() as face:
        await open_form(face, timer=True)
        assert (value(face, "minutes"), value(face, "start"), value(face, "note")) == (
            "23",
            "12:00",
            "OS consult",
        )
        await write(face, minutes="20", outcome="")
        await face.press("ctrl+s")
        assert status(desk) is not None
        await write(face, outcome="consult booked")
        before = len(face.deeds())
        await face.press("ctrl+s")
        assert face.deeds()[before:] == [("log", "activity"), ("stop", "timer")]
        assert status(desk) is None
        assert face.logged()[0].minutes == 20


# A line


async def test_a_line_goes_on_in_the_form(opened: Open, desk: Desk) -> None:
    async with opened() as face:
        said = "OS consult => booked 10/28 !10/26 confirm ride !11/2 x"
        await face.type(f"20m ref garcia ana 2012 mon at 9:10 phone: {said}")
        await face.press("f3")
        assert isinstance(face.app.screen, ActivityScreen)
        assert value(face, "patient") == the_patient_id(desk, "1030")
        shown = {
            name: value(face, name)
            for name in ("kind", "date", "start", "minutes", "method", "note", "outcome")
        }
        assert shown == {
            "kind": "referral", "date": "10/19/2026", "start": "09:10", "minutes": "20", "method": "phone",
            "note": "OS consult", "outcome": "booked 10/28",
        }  # fmt: skip
        assert value(face, "follow_ups") == "10/26/2026 confirm ride\n11/2/2026 x"

        await write(face, own_provider="Dr. Patel")
        assert {each.form for each in drafts(desk)} == {"line", "activity.new"}
        await face.press("ctrl+s")
        assert face.app.screen.query_one(EntryLine).value == ""
        assert drafts(desk) == []
        assert kept(desk, face.logged()[0].id).fields == {"provider": "Dr. Patel"}


async def test_a_line_that_names_several_goes_on_as_it_is_written(opened: Open) -> None:
    async with opened() as face:
        await face.type("garcia ana 5m")
        await face.press("f3")
        assert (value(face, "patient"), value(face, "minutes")) == ("garcia ana", "5")
        await face.press("escape")
        assert face.app.screen.query_one(EntryLine).value == "garcia ana 5m"


# From Today


async def test_enter_opens_what_is_marked(opened: Open, desk: Desk) -> None:
    record = log(desk, "20m referral 1030: consult => booked")
    follow_up = add_follow_up(desk, AddFollowUp(TODAY, "ask", record.patient_id))
    async with opened() as face:
        await face.press("escape", "enter")
        assert isinstance(face.app.screen, ActivityScreen)
        assert form(face).form.name == f"activity.amend.{record.id}"
        await write(face, minutes="25", why="misread")
        await face.press("ctrl+s")
        table = face.app.screen.query_one(DayTable)
        assert table.marked is not None
        assert table.marked.row.minutes == 25

        await face.press("e")
        assert form(face).form.name == f"activity.amend.{record.id}"
        await face.press("escape", "tab", "enter")
        assert form(face).form.name == f"activity.follow_up.{follow_up.id}"
        await face.press("escape", "n")
        assert face.app.screen.query_one(EntryLine).has_focus


# Templates


async def test_a_template_is_filled_with_what_is_known_and_leads_from_hole_to_hole(
    opened: Open, desk: Desk
) -> None:
    async with opened(120, 40) as face:
        await open_form(face, patient_id=the_patient_id(desk, "1030"), kind="transport")
        await write(
            face, own_vendor="City Cab", contacted="her mother", minutes="15", outcome="ride confirmed"
        )
        await face.press("f7")
        assert "Ride booked" in face.seen()
        await face.press(*"ride", "enter")

        note = edited(face, "note")
        assert isinstance(note, FieldArea)
        assert note.text == (
            "City Cab takes Ana Garcia to the visit on {visit_date}, pick-up at {pick_up}, "
            "trip {trip_number}. Told her mother."
        )
        assert note.selected_text == "{visit_date}"
        await face.press(*"Fri")
        assert "the visit on Fri, pick-up" in note.text
        await face.press("f5")
        assert note.selected_text == "{pick_up}"

        await face.press("ctrl+s")
        assert complaint(face, "note") == "still to be filled: {pick_up} and {trip_number}"
        assert note.selected_text == "{pick_up}"
        await face.press(*"2pm", "f5", *"T1", "ctrl+s")
        (row,) = face.logged()
        assert row.note.endswith("pick-up at 2pm, trip T1. Told her mother.")


async def test_braces_that_are_no_hole_are_text(opened: Open, desk: Desk) -> None:
    async with opened() as face:
        await open_form(face, patient_id=the_patient_id(desk, "1030"), kind="transport")
        await write(face, minutes="15", outcome="confirmed", note="{hello} {} {Vendor}")
        await face.press("ctrl+s")
        assert face.logged()[0].note == "{hello} {} {Vendor}"


# Drafts


async def test_what_is_written_is_kept_and_offered_again(opened: Open, desk: Desk) -> None:
    async with opened() as face:
        await open_form(face)
        await write(face, patient="1030", kind="transport", own_vendor="City Cab", note="half a\nnote")
        found = draft_of(desk, "activity.new")
        assert found is not None
        assert found.body["note"] == "half a\nnote"
    async with opened() as face:
        await open_form(face)
        assert "What you wrote is still here" in face.seen()
        await face.press("t")
        assert value(face, "patient") == the_patient_id(desk, "1030")
        assert (value(face, "kind"), value(face, "own_vendor")) == ("transport", "City Cab")
        await write(face, minutes="5", outcome="confirmed")
        await face.press("ctrl+s")
        assert len(face.logged()) == 1
        assert drafts(desk) == []


async def test_a_form_that_was_dropped_is_not_offered_again(opened: Open, desk: Desk) -> None:
    async with opened() as face:
        await open_form(face)
        await write(face, note="half a")
        await face.press("ctrl+r", "g")
        assert [each.form for each in drafts(desk)] == ["activity.new"]
        await face.press("ctrl+r", "d")
        assert drafts(desk) == []
        await open_form(face)
        await write(face, note="again")
        await face.press("escape")
        await open_form(face)
        await face.press("s")
        assert value(face, "note") == ""
        assert drafts(desk) == []
