"""Undo and redo against a model: the two stacks of any editor."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casemgr.core.commands import AmendActivity, FinishFollowUp, VoidActivity
from casemgr.errors import RuleRefused
from casemgr.services.activities import amend_activity, void_activity
from casemgr.services.follow_ups import finish_follow_up
from casemgr.services.follow_ups import listed as follow_ups
from casemgr.services.undo import redo, undo
from tests.services.support import RIDE, assert_whole, everything, log

if TYPE_CHECKING:
    from casemgr.services.desk import Desk
    from tests.services.support import Anew

LIVE = frozenset[tuple[str, int, bool]]
"""Id, minutes and follow-up of each live activity."""


@dataclass
class TwoStacks:
    """What any editor does, as the states that it goes back and forth between."""

    state: LIVE = frozenset()
    undo: list[LIVE] = field(default_factory=list)
    redo: list[LIVE] = field(default_factory=list)

    def done(self, state: LIVE) -> None:
        self.undo.append(self.state)
        self.state, self.redo = state, []

    def move(self, back: list[LIVE], forth: list[LIVE]) -> None:
        forth.append(self.state)
        self.state = back.pop()


def live(desk: Desk) -> LIVE:
    waiting = {one.row.activity_id for one in follow_ups(desk)}
    return frozenset((row.id, row.minutes, row.id in waiting) for row in everything(desk))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(["log", "log", "amend", "void", "done", "undo", "undo", "redo", "redo"])),
    st.integers(0, 1000),
)
def test_the_log_is_as_two_stacks_have_it(anew: Anew, steps: list[str], pick: int) -> None:
    with anew() as desk:
        play(desk, steps, pick)
        assert_whole(desk)


def play(desk: Desk, steps: list[str], pick: int) -> None:
    """Do the steps, and compare with the model after each."""
    model = TwoStacks(live(desk))
    for step in steps:
        rows = sorted(everything(desk))
        row = rows[pick % len(rows)] if rows else None
        if step == "log":
            made = log(desk, RIDE)
            model.done(model.state | {(made.id, made.minutes, True)})
        elif step == "amend" and row:
            minutes = row.minutes + 1
            amend_activity(desk, AmendActivity(row.id, "why", {"minutes": minutes}))
            others = {each for each in model.state if each[0] != row.id}
            (kept,) = model.state - others
            model.done(frozenset({*others, (row.id, minutes, kept[2])}))
        elif step == "void" and row:
            void_activity(desk, VoidActivity(row.id, "why"))
            model.done(frozenset(each for each in model.state if each[0] != row.id))
        elif step == "done" and (waiting := follow_ups(desk)):
            of = waiting[pick % len(waiting)].row
            finish_follow_up(desk, FinishFollowUp(of.id))
            model.done(
                frozenset((id_, minutes, has and id_ != of.activity_id) for id_, minutes, has in model.state)
            )
        elif step == "undo" and model.undo:
            undo(desk)
            model.move(model.undo, model.redo)
        elif step == "redo" and model.redo:
            redo(desk)
            model.move(model.redo, model.undo)
        elif step == "redo":
            with pytest.raises(RuleRefused, match="nothing of yours to redo"):
                redo(desk)
        assert live(desk) == model.state
