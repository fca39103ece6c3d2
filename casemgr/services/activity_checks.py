"""What an activity must say, and cannot: checked before anything is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.dates import format_us
from casemgr.errors import InputRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from casemgr.core.kinds import Kind
    from casemgr.core.records import Patient

FAR_AHEAD_DAYS = 180
"""A follow-up without a year may have meant a day that has passed: beyond so many days, it is shown again."""


def read_fields(kind: Kind, fields: Mapping[str, str], service_date: date) -> dict[str, str]:
    """The kind's own fields as they are kept, the empty ones left out.

    Dates without a year lie near the service date.

    Raises:
        InputRefused: a field that the kind does not have, or a value that it cannot take.
    """
    for problem in kind.check_fields(fields, service_date):
        raise refused(problem.field, problem.message, f"`casemgr kind show {kind.kind}` lists its fields.")
    return kind.read_fields(fields, service_date)


def sample_outcome(kind: Kind) -> str:
    """An outcome of a kind as somebody would write it."""
    return kind.outcomes[0].label.lower()


def refuse_no_reason(reason: str) -> None:
    """What was logged is not voided without saying why."""
    if not reason.strip():
        raise refused("reason", "an activity can only be voided with a reason", "Say why with --reason.")


def refuse_future(service_date: date, today: date) -> None:
    """Work that has not been done yet cannot be logged."""
    if service_date > today:
        raise refused(
            "date",
            f"{service_date.isoformat()} is in the future",
            "Log it when it is done; plan it with `casemgr follow-up add`.",
        )


def refuse_before_birth(service_date: date, patient: Patient) -> None:
    """A date before the patient was born is a slip of the pen."""
    if service_date.isoformat() < patient.birth_date:
        raise refused("date", f"{service_date.isoformat()} is before the patient was born")


def far_ahead(due_dates: Iterable[date], today: date) -> list[str]:
    """A word for each follow-up that is due so late that another year may be meant."""
    return [
        f"the follow-up on {format_us(due)} is {(due - today).days} days ahead"
        for due in due_dates
        if (due - today).days > FAR_AHEAD_DAYS
    ]


def refused(field: str, message: str, todo: str = "") -> InputRefused:
    """Nothing was saved, because of one field."""
    error = InputRefused(f"{field}: {message}", "Nothing was saved.", todo)
    error.field = field
    return error
