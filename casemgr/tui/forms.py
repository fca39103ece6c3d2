"""What the jobs that save forms share: dates as people write them, and what was changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.dates import format_short, format_us, parse_birth_date, parse_date
from casemgr.errors import InputRefused, ParseError
from casemgr.services.patients import age_on, the_patient

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from casemgr.core.dates import Direction
    from casemgr.services.desk import Desk
    from casemgr.tui.widgets.fields import Spec

LONGEST_NAME = 30
"""Characters of a name in a form's title."""


def read_day(desk: Desk, values: Mapping[str, str], field: str, prefer: Direction = "past") -> date | None:
    """The date in a field; None where it is empty.

    Raises:
        InputRefused: it is no date; the field is named.
    """
    text = values.get(field, "").strip()
    if not text:
        return None
    try:
        return parse_date(text, desk.today(), prefer)
    except ParseError as error:
        raise refused(field, str(error)) from error


def read_iso(desk: Desk, values: Mapping[str, str], field: str, prefer: Direction = "past") -> str:
    """The same as ISO text; empty where the field is."""
    day = read_day(desk, values, field, prefer)
    return day.isoformat() if day else ""


def shows_day(desk: Desk, prefer: Direction = "past") -> Callable[[str], str]:
    """How a field shows the date that is written in it."""
    today = desk.today()
    return lambda text: format_short(parse_date(text, today, prefer), today)


def shows_age(desk: Desk) -> Callable[[str], str]:
    """How a field shows how old somebody is who was born on the date that is written in it."""
    today = desk.today()
    return lambda text: f"{age_on(parse_birth_date(text, today).isoformat(), today)} years"


def was(fields: Sequence[Spec]) -> dict[str, str]:
    """What stood in fields at first, against which changes are told."""
    return {spec.name: spec.value for spec in fields}


def changed(fields: Sequence[Spec], values: Mapping[str, str]) -> dict[str, str]:
    """What stands in fields now and did not before, by field.

    Raises:
        InputRefused: nothing does.
    """
    before = was(fields)
    found = {name: text for name, text in values.items() if text.strip() != before.get(name, "").strip()}
    if not found.keys() - {"reason"}:
        raise InputRefused("Nothing is different yet", "Every field says what it said.", "esc leaves.")
    return found


def whom(desk: Desk, patient_id: str) -> str:
    """A patient for a title: of a long name only the beginning, so that what tells them apart is seen."""
    one = the_patient(desk, patient_id)
    name = one.display_name
    short = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
    return f"{short} {format_us(one.birth_date)} #{one.chart_number}"


def refused(field: str, words: str) -> InputRefused:
    """Nothing was saved, because of one field."""
    error = InputRefused(words, "Nothing was saved.")
    error.field = field
    return error
