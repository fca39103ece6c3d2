"""An activity as JSON, and what was saved as people read it back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from casemgr.core.ids import short

if TYPE_CHECKING:
    from casemgr.core.records import FollowUp
    from casemgr.core.rows import ActivityRow
    from casemgr.services.activities import Logged
    from casemgr.services.desk import Desk


def activity_value(row: ActivityRow) -> dict[str, Any]:
    """An activity as JSON: dates ISO, minutes raw."""
    return {
        "id": row.id,
        "service_date": row.service_date,
        "start": row.start,
        "kind": row.kind,
        "minutes": row.minutes,
        "patient": row.patient,
        "patient_id": row.patient_id,
        "birth_date": row.birth_date,
        "chart_number": row.chart_number,
        "staff": row.staff,
        "outcome": row.outcome,
        "outcome_words": row.outcome_words,
        "status": row.status,
        "method": row.method,
        "contacted": row.contacted,
        "reason": row.reason,
        "response": row.response,
        "next_step": row.next_step,
        "note": row.note,
        "fields": json.loads(row.fields),
        "late_days": row.late_days,
        "amended": bool(row.amended),
        "billed_in": row.billed_in,
        "claim": row.claim_number,
    }


def saved_lines(desk: Desk, logged: Logged) -> list[str]:
    """What was saved, as it was understood."""
    from casemgr.core.dates import format_us
    from casemgr.core.methods import method_label
    from casemgr.core.minutes import format_minutes
    from casemgr.services.patients import patient_label

    record = logged.activity
    kind = desk.kinds.kept(record.kind)
    outcome = kind.outcome(record.outcome)
    facts = [
        patient_label(desk, record.patient_id),
        kind.title,
        format_minutes(record.minutes),
        format_us(record.service_date) + (f" {record.start}" if record.start else ""),
        method_label(record.method),
    ]
    lines = [f"Saved {short(record.id)}: {' · '.join(fact for fact in facts if fact)}"]
    if record.note:
        lines.append(f"  note       {record.note}")
    lines += [f"  {label.lower():<10} {value}" for label, value in kind.details(record.fields)]
    if record.outcome_words:
        named = f"  ({outcome.label})" if outcome and outcome.id != "other" else "  (other)"
        lines.append(f"  outcome    {record.outcome_words}{named}")
    if logged.finished:
        lines.append(f"  done       {format_us(logged.finished.due_date)} {logged.finished.what}")
    lines += [f"  follow-up  {format_us(each.due_date)} {each.what}" for each in logged.follow_ups]
    if record.status == "draft":
        lines.append("  draft: sign it with `casemgr activity sign`")
    return lines


def as_value(desk: Desk, logged: Logged) -> dict[str, Any]:
    """A saved activity as JSON."""
    from casemgr.services.activities import activity

    return {
        **activity_value(activity(desk, logged.activity.id)),
        "follow_ups": [to_do(each) for each in logged.follow_ups],
        "finished": to_do(logged.finished) if logged.finished else None,
        "warnings": list(logged.warnings),
    }


def to_do(follow_up: FollowUp) -> dict[str, str]:
    """A follow-up of a saved activity as JSON."""
    return {"id": follow_up.id, "due_date": follow_up.due_date, "what": follow_up.what}
