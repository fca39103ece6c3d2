"""Half-typed text: kept, offered again, gone with what it became, and no part of the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casemgr.core.commands import AddFollowUp, AmendActivity, FinishFollowUp
from casemgr.errors import CasemgrError, InputRefused
from casemgr.services.activities import amend_activity, log_activity
from casemgr.services.drafts import draft_of, drafts, drop_draft, keep_draft, saving
from casemgr.services.entries import wish_from_text
from casemgr.services.follow_ups import add_follow_up, finish_follow_up
from casemgr.services.restoring import restore
from casemgr.services.safety import back_up, verify_practice
from casemgr.services.timers import start_timer, stop_timer
from casemgr.services.today import day_view
from casemgr.services.undo import undo
from casemgr.store.backup import open_backup
from casemgr.store.drafts import find
from tests.services.support import TODAY, assert_whole, everything, length, log
from tests.support import key_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk
    from casemgr.settings import Settings

LINE = "20m referral 1030: called the surgeon => booked"


def test_what_was_typed_is_offered_again(desk: Desk, clock: FixedClock) -> None:
    assert draft_of(desk, "line") is None
    keep_draft(desk, "line", {"text": "20m ref"})
    clock.move(seconds=1)
    keep_draft(desk, "line", {"text": "20m referral gar"})

    found = draft_of(desk, "line")
    assert found is not None
    assert (found.form, found.body, found.saved_at) == ("line", {"text": "20m referral gar"}, clock.now())


def test_it_is_there_for_the_next_program_and_for_nobody_else(
    desk: Desk, desk_of: Callable[[str], Desk]
) -> None:
    keep_draft(desk, "line", {"text": "half a"})
    keep_draft(desk_of("tchen"), "line", {"text": "half of another"})

    again = desk_of("mrivera")
    assert [draft.body for draft in drafts(again)] == [{"text": "half a"}]
    assert [draft.body for draft in drafts(desk_of("tchen"))] == [{"text": "half of another"}]


def test_all_that_is_half_typed_comes_newest_first(desk: Desk, clock: FixedClock) -> None:
    for form in ("line", "entry", "case"):
        keep_draft(desk, form, {"note": form})
        clock.move(seconds=1)

    assert [draft.form for draft in drafts(desk)] == ["case", "entry", "line"]
    drop_draft(desk, "entry")
    drop_draft(desk, "entry")
    assert [draft.form for draft in drafts(desk)] == ["case", "line"]


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": " \n", "note": "\t"}])
def test_an_empty_form_has_no_draft(desk: Desk, body: dict[str, str]) -> None:
    keep_draft(desk, "line", body)
    assert draft_of(desk, "line") is None
    keep_draft(desk, "line", {"text": "x"})
    keep_draft(desk, "line", body)
    assert drafts(desk) == []


@given(body=st.dictionaries(st.text(), st.text(), max_size=5), form=st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back_as_it_was_typed(desk: Desk, body: dict[str, str], form: str) -> None:
    keep_draft(desk, form, {**body, "text": "["})
    found = draft_of(desk, form)
    assert found is not None
    assert found.body == {**body, "text": "["}


# No record


def test_a_draft_leaves_no_trace_in_the_record(desk: Desk, settings: Settings) -> None:
    log(desk, LINE)
    before, view = length(desk), day_view(desk)
    keep_draft(desk, "line", {"text": "never said"})
    drop_draft(desk, "line")
    keep_draft(desk, "line", {"text": "half a"})

    assert length(desk) == before
    assert day_view(desk) == view
    assert verify_practice(settings.places).problems == ()
    undo(desk)
    assert draft_of(desk, "line") is not None


def test_a_backup_has_them_and_a_restore_brings_back_those_and_no_others(
    desk: Desk, settings: Settings, desk_of: Callable[[str], Desk], clock: FixedClock
) -> None:
    keep_draft(desk, "line", {"text": "before"})
    keep_draft(desk, "case", {"plan": "before"})
    keep_draft(desk_of("tchen"), "line", {"text": "hers, before"})
    made = back_up(desk)
    assert made.report.ok
    keep_draft(desk, "line", {"text": "after"})
    keep_draft(desk, "entry", {"note": "after"})
    drop_draft(desk, "case")

    done = restore(settings, made.path, clock=clock)
    assert verify_practice(settings.places).problems == ()
    assert {draft.form: draft.body for draft in drafts(desk)} == {
        "line": {"text": "before"},
        "case": {"plan": "before"},
    }
    assert [draft.body for draft in drafts(desk_of("tchen"))] == [{"text": "hers, before"}]
    assert done.kept is not None
    kept = open_backup(done.kept, key_of(settings.places))
    after = find(kept, "mrivera", "line")
    kept.close()
    assert after is not None
    assert after.body == {"text": "after"}


# Saved, and gone


def test_saving_an_activity_takes_its_draft_along(desk: Desk) -> None:
    keep_draft(desk, "line", {"text": LINE})
    keep_draft(desk, "case", {"plan": "a ride"})
    with saving(desk, "line"):
        log_activity(desk, wish_from_text(desk, LINE))

    assert [draft.form for draft in drafts(desk)] == ["case"]
    assert len(everything(desk)) == 1
    keep_draft(desk, "line", {"text": "the next"})
    log(desk, LINE)
    assert draft_of(desk, "line") is not None
    assert_whole(desk)


def test_what_is_refused_keeps_its_draft(desk: Desk) -> None:
    keep_draft(desk, "line", {"text": LINE})
    wish = wish_from_text(desk, LINE)
    with pytest.raises(InputRefused), saving(desk, "line"):
        log_activity(desk, wish._replace(minutes=0))

    assert draft_of(desk, "line") is not None
    assert everything(desk) == []
    log(desk, LINE)
    assert draft_of(desk, "line") is not None


def test_any_form_can_be_saved_so(desk: Desk, ana: str) -> None:
    record = log(desk, LINE)

    def timed() -> None:
        start_timer(desk, ana, "referral")
        stop_timer(desk, "OS consult => booked")

    follow_up = add_follow_up(desk, AddFollowUp(TODAY, "confirm the ride", ana))
    for deed in (
        lambda: amend_activity(desk, AmendActivity(record.id, "misread", {"minutes": 25})),
        lambda: finish_follow_up(desk, FinishFollowUp(follow_up.id)),
        timed,
    ):
        keep_draft(desk, "form", {"note": "half a"})
        with saving(desk, "form"):
            deed()
        assert drafts(desk) == []


def test_what_was_carried_over_from_one_form_to_another_takes_both_drafts_along(desk: Desk) -> None:
    for form in ("line", "activity.new", "case"):
        keep_draft(desk, form, {"note": "half a"})
    with saving(desk, "activity.new"), saving(desk, "line"):
        log(desk, LINE)

    assert [draft.form for draft in drafts(desk)] == ["case"]


def test_a_save_that_falls_apart_at_the_last_moment_keeps_activity_and_draft_together(desk: Desk) -> None:
    keep_draft(desk, "line", {"text": LINE})
    desk.store.connection.execute(
        "CREATE TEMP TRIGGER trouble BEFORE DELETE ON drafts BEGIN SELECT RAISE(ABORT, 'trouble'); END"
    )
    wish = wish_from_text(desk, LINE)
    with pytest.raises(Exception, match="trouble"), saving(desk, "line"):
        log_activity(desk, wish)

    assert everything(desk) == []
    assert draft_of(desk, "line") is not None


def test_a_draft_that_cannot_be_kept_is_told_and_the_one_before_stays(desk: Desk) -> None:
    keep_draft(desk, "line", {"text": "before"})
    desk.store.connection.execute("PRAGMA max_page_count = 1")
    with pytest.raises(CasemgrError, match="no space"):
        keep_draft(desk, "line", {"text": "x" * 10_000_000})

    found = draft_of(desk, "line")
    assert found is not None
    assert found.body == {"text": "before"}
