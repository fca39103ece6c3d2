"""One activity with all that is kept about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.commands import AmendActivity, FinishFollowUp, SignActivity, VoidActivity
from casemgr.services.activities import amend_activity, log_activity, sign_activity, void_activity
from casemgr.services.entries import wish_from_text
from casemgr.services.follow_ups import finish_follow_up
from casemgr.services.undo import redo, undo
from casemgr.services.whole import whole
from tests.services.support import log

if TYPE_CHECKING:
    from casemgr.services.desk import Desk

RIDE = "15m ride #1030 10/20: no car => ride confirmed !10/26 confirm"


def test_what_followed_from_it_and_its_own_fields_are_there(desk: Desk) -> None:
    wish = wish_from_text(desk, RIDE)._replace(fields={"trip_number": "88120"})
    logged = log_activity(desk, wish)
    finish_follow_up(desk, FinishFollowUp(logged.follow_ups[0].id))
    found = whole(desk, logged.activity.id)
    assert [value for _, value in found.details] == ["88120"]
    assert [(one.row.what, one.state) for one in found.asked] == [("confirm", "done")]
    assert (found.staff, found.signed_by, found.row.late_days) == ("Marisol Rivera", "Marisol Rivera", 1)
    assert found.outcome


def test_an_activity_that_did_a_follow_up_says_which(desk: Desk) -> None:
    asked = log_activity(desk, wish_from_text(desk, RIDE)).follow_ups[0]
    did = log_activity(desk, wish_from_text(desk, "5m ride #1030: y => booked")._replace(finishes=asked.id))
    assert [each.what for each in whole(desk, did.activity.id).did] == ["confirm"]


def test_only_what_stands_marks_it(desk: Desk) -> None:
    record = log(desk, RIDE, draft=True)
    amend_activity(desk, AmendActivity(record.id, "", {"minutes": 20}))
    sign_activity(desk, SignActivity(record.id))
    undo(desk)
    assert [mark.action for mark in whole(desk, record.id).marks] == ["amend"]
    sign_activity(desk, SignActivity(record.id))
    void_activity(desk, VoidActivity(record.id, "twice"))
    undo(desk)
    assert [mark.action for mark in whole(desk, record.id).marks] == ["amend"]
    redo(desk)
    marks = whole(desk, record.id).marks
    assert [(mark.action, mark.reason) for mark in marks] == [("amend", ""), ("void", "twice")]
