"""Refusing what somebody typed: what is wrong with it, what to do, and which field is to blame."""

from __future__ import annotations

from datetime import date

from casemgr.errors import InputRefused

NOTHING_SAVED = "Nothing was saved."
NOTHING_CHANGED = "Nothing was changed."


def refused(title: str, todo: str = "", field: str = "", detail: str = NOTHING_SAVED) -> InputRefused:
    """What was typed cannot stand.

    Args:
        title: what is wrong with it.
        todo: what to do about it.
        field: the field that is to blame, where it is one.
        detail: what that means for the record.
    """
    error = InputRefused(title, detail, todo)
    error.field = field
    return error


def no_reason(title: str) -> InputRefused:
    """It is not said why."""
    return refused(title, "Say why with --reason.", "reason", NOTHING_CHANGED)


def read_iso(text: str, field: str = "") -> str:
    """ISO text of a day of the calendar; an empty text stays empty.

    Raises:
        InputRefused: it is no such day.
    """
    if not text.strip():
        return ""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise refused(f"“{text}” is no date", "Write it such as 2026-10-21.", field) from None
