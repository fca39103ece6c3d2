"""One activity with all that is kept about it: fields, follow-ups, who entered, signed and amended it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.due import aged
from casemgr.core.history import deed_name
from casemgr.core.records import Activity, Staff
from casemgr.core.rows import OTHER
from casemgr.services.activities import activity
from casemgr.services.summaries import named, staff_then
from casemgr.store.ledger import history
from casemgr.store.reads.follow_ups import follow_ups
from casemgr.store.reads.records import as_of, load

if TYPE_CHECKING:
    from datetime import datetime

    from casemgr.core.due import Aged
    from casemgr.core.rows import ActivityRow, FollowUpRow
    from casemgr.services.desk import Desk


class Mark(NamedTuple):
    """What was done to it once it was there, and by whom."""

    action: str
    """amend or void."""
    when: datetime
    """In the practice's time zone."""
    who: str
    """Name and credential, as they were then."""
    reason: str


class Whole(NamedTuple):
    """An activity, whole."""

    row: ActivityRow
    kind_title: str
    outcome: str
    """The outcome's label; empty where its words fit none."""
    details: tuple[tuple[str, str], ...]
    """Label and value of the kind's own fields that are filled."""
    asked: tuple[Aged, ...]
    """The follow-ups that came of it."""
    did: tuple[FollowUpRow, ...]
    """The follow-ups that it did."""
    staff: str
    """Name and credential of who rendered it, as they were when it was signed."""
    entered: datetime
    entered_by: str
    signed: datetime | None
    signed_by: str
    marks: tuple[Mark, ...]
    """Its amendments and its voiding, oldest first; what was undone since is not among them."""
    copied_from: str
    """Where an imported one stood in the practice's own log; else empty."""


def whole(desk: Desk, text: str) -> Whole:
    """The activity that an id, its last characters or `last` names, voided or not.

    Raises:
        NotFound: there is none.
    """
    with desk.store.snapshot():
        row = activity(desk, text)
        record = load(desk.store, Activity, row.id)
        assert record is not None
        kind = desk.kinds.kept(row.kind)
        named_outcome = kind.outcome(row.outcome) if row.outcome != OTHER else None
        source = record.source
        return Whole(
            row=row,
            kind_title=kind.title,
            outcome=named_outcome.label if named_outcome else "",
            details=kind.details(json.loads(row.fields)),
            asked=tuple(
                aged(each, desk.today())
                for each in follow_ups(desk.store, open_only=False, activity_id=row.id)
            ),
            did=tuple(follow_ups(desk.store, open_only=False, done_activity_id=row.id)),
            staff=named(staff_then(desk, record, record.staff)),
            entered=desk.local(record.entered_at),
            entered_by=named(staff_then(desk, record, record.entered_by)),
            signed=desk.local(record.signed_at) if record.signed_at else None,
            signed_by=named(staff_then(desk, record, record.signed_by)) if record.signed_by else "",
            marks=_marks(desk, row.id),
            copied_from=f"{source.file}, {source.sheet}, row {source.row}" if source else "",
        )


def _marks(desk: Desk, record_id: str) -> tuple[Mark, ...]:
    """What was done to it and stands; an undo takes the last away, a redo brings it back."""
    found: list[Mark] = []
    taken: list[Mark] = []
    for entry in history(desk.store, "activity", record_id):
        if deed_name(entry.action, entry.reason) not in {"amend", "void"}:
            continue
        if entry.action == "undo":
            taken.append(found.pop())
        elif entry.action == "redo":
            found.append(taken.pop())
        else:
            who = as_of(desk.store, Staff, entry.staff, entry.at)
            found.append(
                Mark(entry.action, desk.local(entry.at), named(who) if who else entry.staff, entry.reason)
            )
    return tuple(found)
