"""A record's history in people's words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from casemgr.core.commands import AddFollowUp, AmendActivity, EditStaff, FinishFollowUp
from casemgr.services.activities import amend_activity, log_activity
from casemgr.services.entries import wish_from_text
from casemgr.services.follow_ups import add_follow_up, finish_follow_up
from casemgr.services.staff import edit_staff
from casemgr.services.telling import told
from casemgr.services.undo import redo, undo

if TYPE_CHECKING:
    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk


def test_own_fields_have_their_labels_and_dates_are_those_of_charts(desk: Desk) -> None:
    line = "20m transport 1030: ride on Friday => booked"
    record = log_activity(desk, wish_from_text(desk, line)).activity
    amend_activity(desk, AmendActivity(record.id, "came later", {"service_date": "2026-10-20"},
                                       {"trip_number": "88120"}))  # fmt: skip
    newest, made = told(desk, "activity", record.id).steps
    assert [(one.label, one.before, one.after) for one in newest.differences] == [
        ("Date", "10/21/2026", "10/20/2026"),
        (desk.kinds.kept("transport").details({"trip_number": "88120"})[0][0], "", "88120"),
    ]
    assert newest.reason == "came later"
    assert [one.label for one in made.differences][:4] == ["Date", "Kind", "Patient", "Staff"]


def test_an_undo_and_a_redo_say_what_they_took_back_and_did_again(desk: Desk) -> None:
    asked = add_follow_up(desk, AddFollowUp(date(2026, 10, 22), "ask"))
    finish_follow_up(desk, FinishFollowUp(asked.id, "she will come"))
    undo(desk)
    redo(desk)
    assert [step.did for step in told(desk, "follow_up", asked.id).steps] == [
        "done again: done", "undone: done", "done", "added",
    ]  # fmt: skip


def test_who_did_it_stands_there_as_they_were_then(desk: Desk, clock: FixedClock) -> None:
    asked = add_follow_up(desk, AddFollowUp(date(2026, 10, 22), "ask"))
    clock.move(days=1)
    edit_staff(desk, EditStaff("mrivera", {"credential": "CDHC"}))
    finish_follow_up(desk, FinishFollowUp(asked.id))
    assert [step.who for step in told(desk, "follow_up", asked.id).steps] == [
        "Marisol Rivera, CDHC", "Marisol Rivera",
    ]  # fmt: skip
