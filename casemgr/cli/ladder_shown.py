"""Attempts to reach a patient, as JSON and in a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casemgr.core.ladder import Ladder


def ladder_value(ladder: Ladder | None) -> dict[str, Any] | None:
    """The attempts to reach a patient as JSON; `reached` is null where an outcome does not tell."""
    if ladder is None:
        return None
    return {
        "kind": ladder.kind,
        "missed_on": ladder.missed_on,
        "count": ladder.count,
        "days_since_last": ladder.days_since_last,
        "reached": ladder.reached,
        "attempts": [attempt._asdict() for attempt in ladder.attempts],
    }


def attempts_so_far(ladder: Ladder | None) -> str:
    """`2, last 10/19/2026: Left voicemail`; empty where nobody has tried."""
    from casemgr.core.dates import format_us

    if ladder is None:
        return ""
    last = f"{ladder.count}, last {format_us(ladder.last.service_date)}"
    return f"{last}: {ladder.last.outcome}" if ladder.last.outcome else last
