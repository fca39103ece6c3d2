"""Follow-ups as a screen shows them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import AddFollowUp, FinishFollowUp
from casemgr.errors import NotFound
from casemgr.services import follow_up_view
from casemgr.services.activities import log_activity
from casemgr.services.entries import wish_from_text
from casemgr.services.follow_up_view import around, waiting_list
from casemgr.services.follow_ups import add_follow_up, finish_follow_up
from casemgr.services.patients import the_patient_id
from casemgr.services.undo import undo
from tests.services.support import TODAY

if TYPE_CHECKING:
    from casemgr.services.desk import Desk


def ask(desk: Desk, days: int, what: str, whose: str = "", chart: str = "1030") -> str:
    wish = AddFollowUp(TODAY + timedelta(days=days), what, the_patient_id(desk, chart), "", whose)
    return add_follow_up(desk, wish).id


def test_whose_they_are_and_words_of_them_narrow(desk: Desk) -> None:
    ask(desk, 1, "confirm the ride")
    ask(desk, 0, "send the form", "tchen", "1032")
    found = waiting_list(desk)
    assert [one.row.what for one in found.waiting] == ["send the form", "confirm the ride"]
    assert [one.row.what for one in waiting_list(desk, "tchen").waiting] == ["send the form"]
    for search in ("obrien", "FORM sen", "1032", "núñez"):
        assert [one.row.what for one in waiting_list(desk, search=search).waiting] == ["send the form"]
    assert not waiting_list(desk, search="end").waiting


def test_those_done_last_come_where_they_are_wanted(desk: Desk) -> None:
    first, second = ask(desk, 0, "one"), ask(desk, 0, "two")
    finish_follow_up(desk, FinishFollowUp(first))
    finish_follow_up(desk, FinishFollowUp(second))
    assert not waiting_list(desk).done
    assert [one.row.what for one in waiting_list(desk, with_done=True).done] == ["two", "one"]
    assert not waiting_list(desk, "tchen", with_done=True).done


def test_a_list_that_nobody_works_through_is_cut_and_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days in range(3):
        ask(desk, days, f"ask {days}")
    monkeypatch.setattr(follow_up_view, "MOST_WAITING", 2)
    found = waiting_list(desk)
    assert (len(found.waiting), found.capped) == (2, True)


def test_what_is_around_one_is_found(desk: Desk) -> None:
    line = "5m missed visit 1030: cleaning => left voicemail !10/22 call again"
    logged = log_activity(desk, wish_from_text(desk, line))
    (asked,) = logged.follow_ups
    found = around(desk, asked.id)
    assert found.comes_from is not None
    assert found.comes_from.row.id == logged.activity.id
    assert found.ladder is not None
    assert found.ladder.count == 1
    assert (found.whose, found.done_by, found.done_with) == ("Marisol Rivera", "", None)

    did = log_activity(desk, wish_from_text(desk, "5m ride 1030: x => booked")._replace(finishes=asked.id))
    found = around(desk, asked.id)
    assert found.done_with is not None
    assert found.done_with.row.id == did.activity.id
    assert found.done_by == "Marisol Rivera"


def test_one_that_was_withdrawn_is_not_found(desk: Desk) -> None:
    asked = ask(desk, 0, "one")
    undo(desk)
    with pytest.raises(NotFound):
        around(desk, asked)
