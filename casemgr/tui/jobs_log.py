"""What the log asks of the lane."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from textual.message import Message

from casemgr.core.dates import Month, format_us
from casemgr.core.minutes import format_minutes
from casemgr.core.text import words
from casemgr.core.wording import counted
from casemgr.errors import RuleRefused
from casemgr.tui.jobs import now
from casemgr.tui.messages import Acted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from casemgr.core.rows import ActivityFilter
    from casemgr.services.changes import Pulse
    from casemgr.services.desk import Desk
    from casemgr.services.log_view import LogKeys
    from casemgr.services.today import DayRow
    from casemgr.services.whole import Whole

AROUND = 80
"""Rows that are read with the list on each side of the marked one."""


class Wish(NamedTuple):
    """Which activities are wanted."""

    month: Month | None
    """None for all time."""
    staff: str | None = None
    """A login, empty for everybody; None as the preferences say."""
    text: str = ""
    """What stands in the filter."""
    voided: bool = False
    """Whether voided ones are shown too."""


@dataclass
class LogSeen(Message):
    """The log as it is wanted."""

    wish: Wish
    month: Month | None
    """The month that is shown; None for all time."""
    empty_month: Month | None
    """The month that had nothing, so that all time is shown instead."""
    staff: str
    whose: str
    """Whose work is shown: `yours`, a name, `everybody`."""
    only: str
    """What the filter's words for kinds and drafts narrow to, such as `Transport only`; else empty."""
    keys: LogKeys
    count: int
    """How many are not voided."""
    minutes: int
    """Their minutes."""
    rows: Mapping[str, DayRow]
    pulse: Pulse


@dataclass
class RowsRead(Message):
    """Rows that came into sight."""

    rows: Mapping[str, DayRow]


@dataclass
class WholeRead(Message):
    """The marked activity, whole."""

    whole: Whole


@dataclass
class Located(Message):
    """Where an activity stands that somebody was sent to."""

    activity_id: str
    month: Month
    staff: str
    voided: bool


@dataclass
class Copied(Message):
    """Activities as text for the clipboard."""

    text: str
    count: int


def look(desk: Desk, wish: Wish, near: str) -> LogSeen:
    """Read which activities there are, and the rows around the marked one."""
    from casemgr.services.changes import pulse
    from casemgr.services.log_view import log_keys, log_rows
    from casemgr.tui.options import staff_wanted

    staff = staff_wanted(desk, wish.staff)
    with desk.store.snapshot():
        month = wish.month
        wanted = filter_of(desk, wish, staff)
        keys, empty = log_keys(desk, wanted), None
        if month and not keys.ids and wish.text.strip():
            everywhere = log_keys(desk, replace(wanted, first="", last=""))
            if everywhere.ids:
                keys, empty, month = everywhere, month, None
        live = keys
        if wish.voided:
            first, last = (month.first.isoformat(), month.last.isoformat()) if month else ("", "")
            live = log_keys(desk, replace(wanted, first=first, last=last, include_voided=False))
        at = keys.ids.index(near) if near in keys.ids else 0
        return LogSeen(
            wish=wish,
            month=month,
            empty_month=empty,
            staff=staff,
            whose="yours" if staff == desk.login else desk.seated(staff).name if staff else "everybody",
            only=_only(desk, wanted),
            keys=keys,
            count=live.count,
            minutes=live.minutes,
            rows=log_rows(desk, keys.ids[max(0, at - AROUND) : at + AROUND]),
            pulse=pulse(desk),
        )


def filter_of(desk: Desk, wish: Wish, staff: str) -> ActivityFilter:
    """What a wish narrows to: a kind's name to that kind, `drafts` to those; in quotes all are words."""
    from casemgr.core.rows import ActivityFilter

    said, month = list(words(wish.text)), wish.month
    kind, drafts = "", False
    if '"' not in wish.text:
        drafts = "drafts" in said
        said = [word for word in said if word != "drafts"]
        for each in desk.kinds:
            name = list(words(each.kind))
            at = next((i for i in range(len(said)) if said[i : i + len(name)] == name), -1)
            if at >= 0 and not kind:
                kind = each.kind
                del said[at : at + len(name)]
    return ActivityFilter(
        first=month.first.isoformat() if month else "",
        last=month.last.isoformat() if month else "",
        staff=staff,
        kind=kind,
        search=" ".join(said),
        include_voided=wish.voided,
        drafts=drafts,
        newest_first=True,
    )


def _only(desk: Desk, wanted: ActivityFilter) -> str:
    parts = [desk.kinds.title(wanted.kind)] if wanted.kind else []
    parts += ["drafts"] if wanted.drafts else []
    return f"{', '.join(parts)} only" if parts else ""


def read_rows(desk: Desk, ids: Sequence[str]) -> RowsRead:
    """Read rows that came into sight."""
    from casemgr.services.log_view import log_rows

    return RowsRead(log_rows(desk, ids))


def read_whole(desk: Desk, activity_id: str) -> WholeRead:
    """Read all of an activity."""
    from casemgr.services.whole import whole

    return WholeRead(whole(desk, activity_id))


def locate(desk: Desk, activity_id: str) -> Located:
    """Find the month of an activity, and whose work it is."""
    from casemgr.services.activities import activity

    row = activity(desk, activity_id)
    return Located(row.id, Month.parse(row.service_date[:7]), row.staff, bool(row.voided))


def void(desk: Desk, ids: Sequence[str], reason: str) -> Acted:
    """Void activities, in one deed."""
    from casemgr.services.several import void_activities

    voided = void_activities(desk, ids, reason)
    reopened = sum(len(each.reopened) for each in voided)
    again = f" · to be done again: {counted(reopened, 'follow-up')}" if reopened else ""
    return Acted(
        "voided",
        now(desk),
        f"{told(desk, ids)} · {reason}{again}",
        voided[0].activity.id if len(ids) == 1 else "",
        tuple(warning for each in voided for warning in each.warnings),
    )


def sign(desk: Desk, ids: Sequence[str]) -> Acted:
    """Sign those that are drafts, in one deed."""
    from casemgr.services.several import sign_activities

    drafts = [each for each, row in _rows(desk, ids).items() if row.row.status == "draft"]
    if not drafts:
        raise RuleRefused(
            "It is no draft" if len(ids) == 1 else "None of these is a draft",
            "What was logged whole is signed already. Nothing was changed.",
        )
    sign_activities(desk, drafts)
    return Acted("signed", now(desk), told(desk, drafts), drafts[0] if len(drafts) == 1 else "")


def copy(desk: Desk, ids: Sequence[str]) -> Copied:
    """Write activities out, one a line, their parts separated by tabs."""
    from casemgr.tui.widgets.day import as_tabbed

    return Copied("\n".join(map(as_tabbed, _rows(desk, ids).values())), len(ids))


def told(desk: Desk, ids: Sequence[str]) -> str:
    """One activity in words, or how many they are."""
    return counted(len(ids), "activity") if len(ids) > 1 else in_words(_rows(desk, ids)[ids[0]])


def in_words(one: DayRow) -> str:
    """`20 min Transport · Garcia, Ana 4/9/2012 · 10/21/2026`."""
    row = one.row
    return (
        f"{format_minutes(row.minutes)} {one.kind_title} · {row.patient} {format_us(row.birth_date)} · "
        f"{format_us(row.service_date)}"
    )


def _rows(desk: Desk, ids: Sequence[str]) -> dict[str, DayRow]:
    """The rows of some activities in their order, read a few hundred at a time."""
    from casemgr.services.log_view import log_rows

    found: dict[str, DayRow] = {}
    for first in range(0, len(ids), 500):
        found |= log_rows(desk, ids[first : first + 500])
    return {each: found[each] for each in ids if each in found}
