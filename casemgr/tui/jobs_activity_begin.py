"""What the activity form begins with: nothing, a line, a follow-up, the timer, or an activity to amend."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.dates import format_short, format_us
from casemgr.core.ids import short
from casemgr.core.methods import method_label
from casemgr.core.minutes import format_minutes
from casemgr.services import patients
from casemgr.services.activities import activity, changeable
from casemgr.tui.activity_fields import OWN, Sheet
from casemgr.tui.messages import ActivityBegun, LadderSeen

if TYPE_CHECKING:
    from casemgr.core.kinds import Kind
    from casemgr.core.ladder import Ladder
    from casemgr.core.records import Activity
    from casemgr.services.desk import Desk
    from casemgr.tui.lane import Job

ATTEMPT = "attempt_number"
"""The field of a kind with a ladder that says which attempt it is."""


class Beginning(NamedTuple):
    """How a form begins."""

    name: str
    """What its draft is kept under."""
    title: str
    job: Job
    at: str = ""
    """The field to begin with; empty for the first empty one."""


def beginning(
    patient_id: str, kind: str, amend: str, follow_up_id: str, timer: bool, until: int, line: str
) -> Beginning:
    """How the form begins for what it is opened with; see ActivityScreen."""
    if amend:
        job: Job = partial(begin_amending, activity_id=amend)
        return Beginning(f"activity.amend.{amend}", "Amend an activity", job, "kind")
    if follow_up_id:
        job = partial(begin_from_follow_up, follow_up_id=follow_up_id)
        return Beginning(f"activity.follow_up.{follow_up_id}", "Do a follow-up", job)
    if timer:
        return Beginning("activity.timer", "What you timed", partial(begin_from_timer, until=until))
    job = partial(begin_new, patient_id=patient_id, kind=kind, line=line)
    return Beginning("activity.new", "New activity", job)


def begin_new(desk: Desk, patient_id: str = "", kind: str = "", line: str = "") -> ActivityBegun:
    """A new activity, about a patient and of a kind where they are known, with what a line says already."""
    from casemgr.services.preferences import preferences

    wanted = preferences(desk.places).values
    values = {"kind": kind or wanted.default_kind, "method": wanted.default_method, **_whom(desk, patient_id)}
    if line:
        values |= _of_line(desk, line)
    return ActivityBegun(
        Sheet("activity.new", "New activity", desk.today(), tuple(desk.kinds), values, line=line)
    )


def begin_amending(desk: Desk, activity_id: str) -> ActivityBegun:
    """An activity as it stands.

    Raises:
        RuleRefused: it is voided, or its claim or month is closed.
    """
    with desk.store.snapshot():
        record = changeable(desk, activity_id, "amended")
        row = activity(desk, record.id)
    kind = desk.kinds.kept(record.kind)
    own = json.loads(row.fields)
    values = {
        "kind": record.kind,
        "date": format_us(record.service_date),
        "start": record.start,
        "minutes": str(record.minutes),
        "method": record.method,
        "contacted": record.contacted,
        "reason": record.reason,
        "outcome": record.outcome_words,
        "response": record.response,
        "next_step": record.next_step,
        "note": record.note,
        **{
            OWN + field.name: _as_written(kind, field.name, own[field.name])
            for field in kind.fields
            if field.name in own
        },
    }
    whom = f"{row.patient} {format_us(row.birth_date)} #{row.chart_number}"
    who = ", ".join(part for part in (row.staff_name, row.credential) if part)
    return ActivityBegun(
        Sheet(
            f"activity.amend.{record.id}",
            f"{'Amend' if record.status == 'signed' else 'Complete'} activity {short(record.id)}",
            desk.today(),
            (*desk.kinds, *(() if desk.kinds.get(record.kind) else (kind,))),
            values,
            words=_standing_words(record, row.claim_number),
            amends=record.id,
            signed=record.status == "signed",
            about=record.patient_id,
            facts=(("Patient", whom), ("By", who)),
        )
    )


def _standing_words(record: Activity, claim_number: str) -> str:
    """What saving an amendment does beside it."""
    if record.status == "draft":
        return "A draft. Saving signs it; ctrl+t leaves it a draft."
    return f"It stands on claim {claim_number}, which follows." if claim_number else ""


def begin_from_follow_up(desk: Desk, follow_up_id: str) -> ActivityBegun:
    """A new activity that does a follow-up.

    Raises:
        RuleRefused: it is done or withdrawn.
    """
    from casemgr.services.follow_ups import waiting
    from casemgr.services.outreach import open_ladders
    from casemgr.services.preferences import preferences

    record = waiting(desk, follow_up_id)
    ladder = open_ladders(desk, [record.patient_id]).get(record.patient_id)
    wanted = preferences(desk.places).values
    kind = ladder.kind if ladder else wanted.default_kind
    if record.activity_id:
        kind = activity(desk, record.activity_id).kind
    today = desk.today()
    values = {
        "kind": kind,
        "method": wanted.default_method,
        "note": record.what,
        **_whom(desk, record.patient_id),
    }
    due = format_short(record.due_date, today)
    return ActivityBegun(
        Sheet(
            f"activity.follow_up.{record.id}",
            "Do a follow-up",
            today,
            tuple(desk.kinds),
            values,
            words=f"Due {due}: {record.what}. Saving closes it.",
            finishes=record.id,
        )
    )


def begin_from_timer(desk: Desk, until: int = 0) -> ActivityBegun:
    """A new activity with what the timer has, as of an instant in microseconds; 0 for now.

    Raises:
        NotFound: there is no timer.
    """
    from casemgr.services.timers import timer_wish

    wish = timer_wish(desk, until or None)
    values = {
        **_whom(desk, wish.patient_id),
        "kind": wish.kind,
        "date": format_us(wish.service_date),
        "start": wish.start,
        "minutes": str(wish.minutes),
        "note": wish.note,
    }
    return ActivityBegun(
        Sheet(
            "activity.timer",
            "What you timed",
            desk.today(),
            tuple(desk.kinds),
            values,
            words=f"Your timer stands at {format_minutes(wish.minutes)}. Saving ends it.",
            timer=True,
        )
    )


def see_ladder(desk: Desk, patient_id: str, kind_id: str) -> LadderSeen:
    """The attempts to reach a patient so far, and what the next one begins with."""
    from casemgr.services.outreach import open_ladders

    found = open_ladders(desk, [patient_id]).get(patient_id)
    kind = desk.kinds.get(kind_id)
    if found is None or kind is None or found.kind != kind_id:
        return LadderSeen(patient_id, kind_id, "", {})
    return LadderSeen(patient_id, kind_id, _told(desk, found), _next_attempt(kind, found))


def _told(desk: Desk, ladder: Ladder) -> str:
    """The attempts in one line each, the oldest first."""
    today = desk.today()
    lines = [
        " · ".join(
            part
            for part in (
                f"{number}. {format_short(each.service_date, today)} {each.start}".rstrip(),
                method_label(each.method),
                each.outcome,
                each.staff_name,
            )
            if part
        )
        for number, each in enumerate(ladder.attempts, start=1)
    ]
    missed = f" since the visit missed on {format_us(ladder.missed_on)}" if ladder.missed_on else ""
    return "\n".join((f"Tried so far{missed}:", *lines))


def _next_attempt(kind: Kind, ladder: Ladder) -> dict[str, str]:
    values = {}
    if ladder.missed_on:
        values[OWN + kind.ladder] = format_us(ladder.missed_on)
    if kind.field(ATTEMPT):
        values[OWN + ATTEMPT] = str(ladder.count + 1)
    return values


def _of_line(desk: Desk, line: str) -> dict[str, str]:
    """What a line says, by the form's fields; what it does not say is left out."""
    from casemgr.services.entries import read_line

    entry = read_line(desk, line)
    values = {
        "kind": entry.kind,
        "date": "" if entry.service_date == desk.today() else format_us(entry.service_date),
        "start": entry.start,
        "minutes": str(entry.minutes or ""),
        "method": entry.method,
        "outcome": entry.outcome_words,
        "note": entry.note,
        "follow_ups": "\n".join(f"{format_us(each.due_date)} {each.what}" for each in entry.follow_ups),
        "patient": entry.whom,
        **(_whom(desk, entry.patient.id) if entry.patient else {}),
    }
    return {name: text for name, text in values.items() if text}


def _whom(desk: Desk, patient_id: str) -> dict[str, str]:
    if not patient_id:
        return {}
    return {"patient": patients.patient_label(desk, patient_id), "patient.key": patient_id}


def _as_written(kind: Kind, name: str, value: str) -> str:
    """A kept value as somebody would write it again; of a choice its id."""
    field = kind.field(name)
    return field.shown(value) if field and field.type in {"date", "time"} else value
