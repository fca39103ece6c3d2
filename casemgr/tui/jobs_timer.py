"""What the timer asks of the lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.dates import format_short
from casemgr.core.minutes import MAX_MINUTES, format_minutes
from casemgr.tui.jobs import now
from casemgr.tui.messages import Acted, LineTimed, LooksForgotten, Quiet
from casemgr.tui.options import kind_options
from casemgr.tui.screens.pick import Option

if TYPE_CHECKING:
    from datetime import date, datetime

    from casemgr.services.desk import Desk
    from casemgr.services.timers import Timing

NOTHING_YET = "Nothing was said yet about what it times"


def start(desk: Desk, patient_id: str = "", kind: str = "") -> Acted:
    """Start timing."""
    from casemgr.services.timers import start_timer

    return told(desk, "timing", start_timer(desk, patient_id, kind))


def start_from_line(desk: Desk, text: str) -> LineTimed:
    """Start timing what a half-typed line says: the patient whom it names beyond doubt, kind, note."""
    from casemgr.services.entries import read_line
    from casemgr.services.timers import start_timer

    entry = read_line(desk, text)
    patient = entry.patient
    timing = start_timer(desk, patient.id if patient else "", entry.kind, entry.note)
    beyond = (entry.minutes, entry.outcome_words, entry.follow_ups, entry.start, entry.method)
    other_day = entry.service_date != desk.today()
    missing = {"minutes", "kind", "outcome"} if entry.whom else {"minutes", "kind", "outcome", "patient"}
    wrong = any(each.field not in missing for each in entry.problems)
    return LineTimed(text, not (any(beyond) or other_day or wrong), told(desk, "timing", timing))


def pause(desk: Desk) -> Acted:
    """Stop the count for a while."""
    from casemgr.services.timers import pause_timer

    return told(desk, "paused", pause_timer(desk))


def resume(desk: Desk) -> Acted:
    """Count on."""
    from casemgr.services.timers import resume_timer

    return told(desk, "timing again", resume_timer(desk))


def discard(desk: Desk) -> Acted:
    """Drop the timer, logging nothing."""
    from casemgr.services.timers import discard_timer

    return told(desk, "timer discarded", discard_timer(desk))


def edit(
    desk: Desk, patient_id: str | None = None, kind: str | None = None, note: str | None = None
) -> Acted:
    """Change what is timed; what is None stays as it was."""
    from casemgr.services.timers import edit_timer

    return told(desk, "timing", edit_timer(desk, patient_id, kind, note))


def whom_options(desk: Desk, typed: str) -> list[Option]:
    """Patients to time work for; before anything is typed, nobody in particular comes first."""
    from casemgr.tui.jobs_activity import find_patients

    nobody = [] if typed.strip() else [Option("", "Nobody yet", "⏎ goes on without a patient")]
    return [*nobody, *find_patients(desk, typed)]


def work_options(desk: Desk, typed: str) -> list[Option]:
    """Kinds of work to time; before anything is typed, none in particular comes first."""
    none = [] if typed.strip() else [Option("", "No kind yet", "⏎ goes on without one")]
    return [*none, *kind_options(desk, typed)]


def seek_forgotten(desk: Desk, quiet_since: int) -> LooksForgotten | Quiet:
    """Look whether the timer was forgotten.

    Args:
        desk: the open practice.
        quiet_since: when a key was last pressed, in microseconds; 0 where that is not known.
    """
    from casemgr.services.preferences import preferences
    from casemgr.services.today import timer_of

    after = preferences(desk.places).values.forgotten_timer_minutes
    timing = timer_of(desk) if after else None
    if timing is None:
        return Quiet()
    from casemgr.services.timers import forgotten

    found = forgotten(desk, quiet_since or None, after)
    if found is None:
        return Quiet()
    return LooksForgotten(
        timing.about or NOTHING_YET,
        found.since,
        moment(desk.local(found.since), desk.today()),
        format_minutes(found.minutes),
        format_minutes(timing.minutes),
        timing.minutes <= MAX_MINUTES,
    )


def moment(at: datetime, today: date) -> str:
    """A moment, to go on after `at`: `10:05`, `17:12 yesterday`, `17:12 on Mon 10/19`."""
    day = format_short(at.date(), today)
    return f"{at:%H:%M}" + {"today": "", "yesterday": " yesterday"}.get(day, f" on {day}")


def told(desk: Desk, did: str, timing: Timing) -> Acted:
    """What was done to the timer, and what it times."""
    return Acted(did, now(desk), timing.about or NOTHING_YET.lower())
