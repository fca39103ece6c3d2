"""What follow-ups ask of the lane, on their own screen and wherever else they stand in a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from textual.message import Message

from casemgr.core.dates import format_short
from casemgr.core.wording import counted
from casemgr.services.patients import patient_label
from casemgr.tui.jobs import now
from casemgr.tui.messages import Acted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from casemgr.core.due import Aged
    from casemgr.core.records import FollowUp
    from casemgr.services.changes import Pulse
    from casemgr.services.desk import Desk
    from casemgr.services.follow_up_view import Around


class Wish(NamedTuple):
    """Which follow-ups are wanted."""

    staff: str | None = None
    """A login, empty for everybody; None as the settings say."""
    text: str = ""
    """What stands in the filter."""
    done: bool = False
    """Whether those done last are shown too."""


@dataclass
class FollowUpsSeen(Message):
    """Follow-ups as they are wanted."""

    wish: Wish
    staff: str
    whose: str
    """Whose they are: `Yours`, a name, `Everybody's`."""
    rows: Mapping[str, Aged]
    """By id, in the order in which they are shown."""
    capped: bool
    """Whether more are waiting than are shown."""
    pulse: Pulse


@dataclass
class AroundRead(Message):
    """The marked follow-up with all around it."""

    around: Around


def look(desk: Desk, wish: Wish) -> FollowUpsSeen:
    """Read the follow-ups that are wanted."""
    from casemgr.services.changes import pulse
    from casemgr.services.follow_up_view import waiting_list
    from casemgr.tui.options import staff_wanted

    staff = staff_wanted(desk, wish.staff)
    with desk.store.snapshot():
        found = waiting_list(desk, staff, wish.text, wish.done)
        return FollowUpsSeen(
            wish=wish,
            staff=staff,
            whose="Yours" if staff == desk.login else desk.seated(staff).name if staff else "Everybody's",
            rows={one.row.id: one for one in (*found.waiting, *found.done)},
            capped=found.capped,
            pulse=pulse(desk),
        )


def read_around(desk: Desk, follow_up_id: str) -> AroundRead:
    """Read what a follow-up comes from and what was tried."""
    from casemgr.services.follow_up_view import around

    return AroundRead(around(desk, follow_up_id))


def finish(desk: Desk, ids: Sequence[str], note: str) -> Acted:
    """They are done, and nothing is logged about them."""
    from casemgr.services.several import finish_follow_ups

    return told(desk, "done", finish_follow_ups(desk, ids, note))


def snooze(desk: Desk, ids: Sequence[str], due_date: date) -> Acted:
    """Put them off to a day."""
    from casemgr.services.several import snooze_follow_ups

    put_off = snooze_follow_ups(desk, ids, due_date)
    return told(desk, "snoozed", put_off, f"now {format_short(due_date, desk.today())}")


def assign(desk: Desk, ids: Sequence[str], login: str) -> Acted:
    """Give them to somebody to do."""
    from casemgr.services.several import assign_follow_ups

    handed_over = assign_follow_ups(desk, ids, login)
    return told(desk, "handed over", handed_over, f"to {desk.member(login).name}")


def told(desk: Desk, did: str, follow_ups: Sequence[FollowUp], then: str = "") -> Acted:
    """What was done to one, or to how many."""
    first = follow_ups[0]
    whom = patient_label(desk, first.patient_id)
    what = (first.what, whom) if len(follow_ups) == 1 else (counted(len(follow_ups), "follow-up"),)
    words = " · ".join(part for part in (*what, then) if part)
    return Acted(did, now(desk), words, first.id if len(follow_ups) == 1 else "")
