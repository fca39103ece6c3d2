"""What screens ask of the lane: services, with their results put into messages.

What the first screen does not need is imported in the lane, by the job that first asks for it.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from casemgr.core.dates import format_short, format_us
from casemgr.core.minutes import format_minutes
from casemgr.core.wording import counted
from casemgr.errors import CasemgrError
from casemgr.services.changes import pulse
from casemgr.services.today import day_view, timer_of
from casemgr.tui.messages import Acted, LineRead, LineRefused, Pulsed, Saved, Viewed

if TYPE_CHECKING:
    from casemgr.services.desk import Desk
    from casemgr.services.undo import Undone

WORDS = {"follow_up": "follow-up", "staff": "staff member"}
"""What records are called, where that is not their entity's name."""


def view_day(desk: Desk, day: date | None, mine: bool) -> Viewed:
    """Read a day; today where none is named."""
    return Viewed(day_view(desk, day, mine))


def feel_pulse(desk: Desk) -> Pulsed:
    """Look whether anything was written, and what is being timed."""
    return Pulsed(pulse(desk), timer_of(desk), desk.places.damaged.exists())


def understand(desk: Desk, text: str) -> LineRead:
    """Read the one line as far as it goes."""
    from casemgr.services.entries import read_line

    entry = read_line(desk, text)
    outcome = desk.kinds.kept(entry.kind).outcome(entry.outcome) if entry.kind else None
    return LineRead(text, entry, outcome.label if outcome and outcome.id != "other" else "")


def save_line(desk: Desk, text: str, form: str) -> Saved | LineRefused:
    """Log what the line says, and forget what was kept of it under a name; where that cannot be, say why."""
    from casemgr.services.activities import log_activity
    from casemgr.services.drafts import saving
    from casemgr.services.entries import wish_from_text
    from casemgr.services.patients import patient_label

    try:
        with saving(desk, form):
            logged = log_activity(desk, wish_from_text(desk, text))
    except CasemgrError as error:
        return LineRefused(text, error)
    record = logged.activity
    words = [
        format_minutes(record.minutes),
        desk.kinds.title(record.kind),
        patient_label(desk, record.patient_id),
        format_short(record.service_date, desk.today()),
        *(f"follow-up {format_short(each.due_date, desk.today())}" for each in logged.follow_ups),
    ]
    return Saved(
        text,
        record.id,
        date.fromisoformat(record.service_date),
        f"{desk.local(record.entered_at):%H:%M:%S}",
        " · ".join(words),
        logged.warnings,
    )


def undo_last(desk: Desk) -> Acted:
    """Undo the last deed of who acts, and say what it was."""
    from casemgr.services.undo import undo

    return _taken_back(desk, "undone", undo(desk))


def redo_last(desk: Desk) -> Acted:
    """Do again what was undone last, and say what it was."""
    from casemgr.services.undo import redo

    return _taken_back(desk, "redone", redo(desk))


def _taken_back(desk: Desk, did: str, undone: Undone) -> Acted:
    from casemgr.services.activities import activity
    from casemgr.services.patients import patient_label

    rows = [activity(desk, record_id) for entity, record_id in undone.records if entity == "activity"]
    parts = [
        f"{format_minutes(row.minutes)} {desk.kinds.title(row.kind)}, {patient_label(desk, row.patient_id)}"
        for row in rows[:1]
    ]
    parts += [f"{len(rows) - 1:,} more"] if len(rows) > 1 else []
    others = Counter(
        WORDS.get(entity, entity.replace("_", " ")) for entity, _ in undone.records if entity != "activity"
    )
    parts += [name if count == 1 else counted(count, name) for name, count in others.items()]
    done = desk.local(undone.at)
    words = f"{undone.action} of {', '.join(parts)} · done {done:%H:%M} {format_us(done.date())}"
    return Acted(did, now(desk), words)


def now(desk: Desk) -> str:
    """The time of day as HH:MM:SS, for what was just done."""
    return f"{desk.local(desk.clock.now()):%H:%M:%S}"
