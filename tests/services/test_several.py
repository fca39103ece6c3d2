"""Several activities at once: all or none, in one deed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import AddFollowUp, VoidActivity
from casemgr.errors import CasemgrError, InputRefused, NotFound, RuleRefused
from casemgr.services.activities import activity, log_activity, void_activity
from casemgr.services.claims import draft_claims
from casemgr.services.entries import wish_from_text
from casemgr.services.follow_ups import add_follow_up
from casemgr.services.follow_ups import listed as follow_ups
from casemgr.services.several import (
    assign_follow_ups,
    finish_follow_ups,
    sign_activities,
    snooze_follow_ups,
    void_activities,
)
from casemgr.services.undo import redo, undo
from tests.services.support import OCTOBER, TODAY, assert_whole, cover, everything, length, log, put_claim

if TYPE_CHECKING:
    from casemgr.services.desk import Desk

RIDE = "15m ride #1030 10/20: no car => ride confirmed"


class TestVoiding:
    def test_all_go_in_one_deed_each_once(self, desk: Desk) -> None:
        first, second, third = (log(desk, RIDE) for _ in range(3))
        before = length(desk)
        voided = void_activities(desk, [first.id, third.id[-6:], "last", first.id], "visit  cancelled")
        assert [each.activity.id for each in voided] == [first.id, third.id]
        assert [row.id for row in everything(desk)] == [second.id]
        assert length(desk) == before + 2
        reasons = desk.store.rows("SELECT DISTINCT reason, command FROM ledger WHERE action = 'void'")
        ((reason, _),) = reasons
        assert reason == "visit cancelled"
        assert len(undo(desk).records) == 2
        assert len(everything(desk)) == 3
        redo(desk)
        assert [row.id for row in everything(desk)] == [second.id]
        assert_whole(desk)

    def test_one_that_cannot_be_keeps_all_and_is_named(self, desk: Desk, ana: str) -> None:
        cover(desk, ana)
        claimed = log(desk, RIDE)
        (claim,) = draft_claims(desk, OCTOBER).claims
        put_claim(desk, claim, "closed")
        free = log(desk, RIDE)
        before = length(desk)
        with pytest.raises(RuleRefused) as refused:
            void_activities(desk, [free.id, claimed.id], "visit cancelled")
        stands = f"This activity stands on claim {claim.number}, which is closed"
        assert refused.value.title == f"{claimed.id[-6:]}: {stands}"
        with pytest.raises(NotFound):
            void_activities(desk, [free.id, "ffffff"], "visit cancelled")
        with pytest.raises(InputRefused, match=r"^reason: "):
            void_activities(desk, [free.id, claimed.id], " ")
        assert length(desk) == before
        assert activity(desk, free.id).status == "signed"

    def test_a_single_one_needs_no_naming(self, desk: Desk) -> None:
        record = log(desk, RIDE)
        void_activities(desk, [record.id], "twice")
        with pytest.raises(RuleRefused) as refused:
            void_activities(desk, [record.id], "twice")
        assert refused.value.title == "This activity is voided"

    def test_what_a_voided_activity_did_is_to_be_done_again(self, desk: Desk, ana: str) -> None:
        ride = add_follow_up(desk, AddFollowUp(date(2026, 10, 26), "confirm ride", ana))
        record = log_activity(desk, wish_from_text(desk, RIDE)._replace(finishes=ride.id)).activity
        assert not follow_ups(desk)
        ((voided, reopened, _),) = void_activities(desk, [record.id], "wrong patient")
        assert (voided.id, reopened) == (record.id, (ride,))
        assert [one.row.id for one in follow_ups(desk)] == [ride.id]
        undo(desk)
        assert not follow_ups(desk)
        void_activity(desk, VoidActivity(record.id, "wrong patient"))
        assert [one.row.id for one in follow_ups(desk)] == [ride.id]
        assert_whole(desk)


class TestSigning:
    def test_all_are_signed_in_one_deed(self, desk: Desk) -> None:
        drafts = [log(desk, RIDE, draft=True).id for _ in range(3)]
        assert [each.id for each in sign_activities(desk, [*drafts, "last"])] == drafts
        assert {row.status for row in everything(desk)} == {"signed"}
        undo(desk)
        assert {row.status for row in everything(desk)} == {"draft"}
        assert_whole(desk)

    @pytest.mark.parametrize(
        ("line", "draft", "told"),
        [
            (RIDE, False, "This activity is signed already"),
            ("15m ride #1030 10/20: no car", True, "outcome: its outcome is missing"),
        ],
    )
    def test_one_that_cannot_be_keeps_all_and_is_named(
        self, desk: Desk, line: str, draft: bool, told: str
    ) -> None:
        good = log(desk, RIDE, draft=True)
        bad = log(desk, line, draft=draft)
        with pytest.raises(CasemgrError) as refused:
            sign_activities(desk, [good.id, bad.id])
        assert refused.value.title == f"{bad.id[-6:]}: {told}"
        assert activity(desk, good.id).status == "draft"


class TestFollowUps:
    def test_several_follow_ups_are_put_off_in_one_deed_and_undone_in_one(self, desk: Desk) -> None:
        ids = ask(desk, 0, 1, 3)
        put_off = snooze_follow_ups(desk, ids, TODAY + timedelta(days=3))
        assert [each.what for each in put_off] == ["ask 0", "ask 1"]
        assert {one.row.due_date for one in follow_ups(desk)} == {"2026-10-24"}
        undo(desk)
        assert [one.row.due_date for one in follow_ups(desk)] == ["2026-10-21", "2026-10-22", "2026-10-24"]

    def test_several_follow_ups_are_handed_over_or_done(self, desk: Desk) -> None:
        ids = ask(desk, 0, 1)
        assign_follow_ups(desk, ids[:1], "tchen")
        assert len(assign_follow_ups(desk, ids, "tchen")) == 1
        with pytest.raises(InputRefused):
            assign_follow_ups(desk, ids, "tchen")
        done = finish_follow_ups(desk, ids, "she came by herself")
        assert {each.done_note for each in done} == {"she came by herself"}
        assert not follow_ups(desk)

    def test_all_follow_ups_or_none(self, desk: Desk) -> None:
        ids = ask(desk, 0, 1)
        finish_follow_ups(desk, ids[1:])
        with pytest.raises(RuleRefused) as refusal:
            finish_follow_ups(desk, ids)
        assert refusal.value.title.startswith(f"{ids[1][-6:]}: This follow-up was done")
        assert [one.row.id for one in follow_ups(desk)] == ids[:1]


def ask(desk: Desk, *days: int) -> list[str]:
    wishes = [AddFollowUp(TODAY + timedelta(days=day), f"ask {day}") for day in days]
    return [add_follow_up(desk, wish).id for wish in wishes]
