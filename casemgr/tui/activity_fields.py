"""The fields of the activity form: those of any activity, and those that its kind declares."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.dates import format_short, format_us, parse_clock_time, parse_date
from casemgr.core.entry import read_follow_up
from casemgr.core.methods import METHODS
from casemgr.core.minutes import check_minutes, format_minutes, parse_minutes
from casemgr.core.rows import OTHER
from casemgr.errors import ParseError
from casemgr.tui.widgets.fields import Choice, Spec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from textual.suggester import Suggester

    from casemgr.core.fields import Field
    from casemgr.core.kinds import Kind
    from casemgr.services.desk import Desk
    from casemgr.tui.screens.pick import Option

OWN = "own_"
"""Begins the names of the kind's own fields, since some are called as those of any activity."""

NOTE_LINES = 3

METHOD_CHOICES = tuple(Choice(name, method.label, method.aliases) for name, method in METHODS.items())

YES_NO = (Choice("yes", "yes", ("y", "true")), Choice("no", "no", ("n", "false")))


class Whom(NamedTuple):
    """How the patient's field finds patients: see the fields of Spec of the same names."""

    finds: Callable[[Desk, str], list[Option]]
    settles: Callable[[Desk, str], Option]
    suggester: Suggester | None = None


class Sheet(NamedTuple):
    """What the form is about, as it stood when it was opened."""

    name: str
    """What its draft is kept under."""
    title: str
    today: date
    kinds: tuple[Kind, ...] = ()
    values: Mapping[str, str] = {}
    """What the fields hold at first, by name."""
    words: str = ""
    amends: str = ""
    """Id of the activity that is amended; empty for a new one."""
    signed: bool = False
    """Whether that is signed, so that a reason is wanted."""
    about: str = ""
    """Id of the patient, where that cannot be changed."""
    facts: tuple[tuple[str, str], ...] = ()
    """What cannot be changed: label and text."""
    finishes: str = ""
    """Id of the follow-up that is done by it."""
    timer: bool = False
    """Whether the timer ends with it."""
    line: str = ""
    """The one line that it was carried over from."""

    def kind(self, kind_id: str) -> Kind | None:
        """The kind with an id."""
        return next((kind for kind in self.kinds if kind.kind == kind_id), None)


def activity_fields(sheet: Sheet, kind: Kind | None, day: Callable[[], date], whom: Whom) -> tuple[Spec, ...]:
    """Every field that an activity of a kind has, in the order in which somebody tells it.

    Args:
        sheet: what the form is about.
        kind: what is chosen; without one there are no fields of its own yet.
        day: the service date as it is written now, from which dates of the kind's own fields count.
        whom: how patients are found.
    """
    fields = [*_before(sheet, whom), *_own(kind, day), *_after(sheet, kind)]
    return tuple(spec._replace(value=sheet.values.get(spec.name, spec.value)) for spec in fields)


def day_written(text: str, today: date) -> date:
    """The service date that is written; today where that cannot be read."""
    try:
        return parse_date(text, today) if text.strip() else today
    except ParseError:
        return today


def _before(sheet: Sheet, whom: Whom) -> list[Spec]:
    """Who, what, when and how."""
    kinds = tuple(Choice(kind.kind, kind.title, kind.aliases) for kind in sheet.kinds)
    if sheet.amends:
        first = [Spec(f"fact_{label.lower()}", label, text, shape="fact") for label, text in sheet.facts]
    else:
        first = [
            Spec("patient", "Patient", hint="name, birth date or #chart; f4 lists", shape="pick",
                 required=True, suggester=whom.suggester, finds=whom.finds, settles=whom.settles),
        ]  # fmt: skip
    return [
        *first,
        Spec("kind", "Kind", hint="referral, ride, no-show …", shape="choice", choices=kinds, required=True),
        Spec("date", "Date", hint="today", remark=f"{sheet.today:%a} {format_us(sheet.today)}",
             reads=partial(_day, today=sheet.today)),
        Spec("start", "Start", hint="9:10am, 14:05", reads=parse_clock_time),
        Spec("minutes", "Minutes", hint="20, 1h05", required=True, reads=_minutes),
        Spec("method", "Contact method", hint="phone, text, in person …", shape="choice",
             choices=METHOD_CHOICES, free=True),
        Spec("contacted", "Person contacted", hint="mother, Dr. Patel's office"),
        Spec("reason", "Why it was needed", hint="no car on weekdays"),
    ]  # fmt: skip


def _own(kind: Kind | None, day: Callable[[], date]) -> list[Spec]:
    """What only this kind has."""
    if kind is None:
        return []
    fields = [_own_field(field, day) for field in kind.fields]
    return [fields[0]._replace(heading=kind.title), *fields[1:]] if fields else []


def _own_field(field: Field, day: Callable[[], date]) -> Spec:
    spec = Spec(
        OWN + field.name, field.label, hint=field.hint, remark="for the claim" if field.required else ""
    )
    if field.type == "choice":
        choices = tuple(Choice(value, label) for value, label in field.choices.items())
        return spec._replace(shape="choice", choices=choices)
    if field.type == "yes_no":
        return spec._replace(
            shape="choice", choices=YES_NO, reads=lambda text: field.in_sentence(field.read(text))
        )
    if field.type == "text":
        return spec
    hints = {"date": "mon", "time": "9:10am", "integer": "1"}
    return spec._replace(
        hint=field.hint or hints[field.type], reads=lambda text: field.shown(field.read(text, day()))
    )


def _after(sheet: Sheet, kind: Kind | None) -> list[Spec]:
    """What came of it, and what comes next."""
    outcomes = tuple(
        Choice(outcome.label, outcome.label)
        for outcome in (kind.outcomes if kind else ())
        if outcome.id != OTHER
    )
    fields = [
        Spec("outcome", "Outcome", hint="in your words, or f4", shape="choice",
             choices=outcomes, free=True, required=True, reads=partial(_outcome, kind=kind)),
        Spec("response", "Patient's response", hint="agreed, asked for a later hour"),
        Spec("next_step", "Next step", hint="call the vendor on Friday"),
    ]  # fmt: skip
    if not sheet.amends:
        fields.append(
            Spec("follow_ups", "Follow-up", hint="fri confirm ride; one a line", shape="long", lines=1,
                 reads=partial(_follow_ups, today=sheet.today)),
        )  # fmt: skip
    fields.append(Spec("note", "Note", hint="f6 your editor, f7 a template", shape="long", lines=NOTE_LINES))
    if sheet.signed:
        fields.append(Spec("why", "Reason for change", hint="the trip number was missing", required=True))
    return [spec._replace(second=True) for spec in fields]


def _day(text: str, today: date) -> str:
    day = parse_date(text, today)
    return f"{day:%a} {format_us(day)}"


def _minutes(text: str) -> str:
    return format_minutes(check_minutes(parse_minutes(text)))


def _outcome(text: str, kind: Kind | None) -> str:
    """The outcome that words mean, where they are not its own label."""
    found = kind.match_outcome(text) if kind else None
    if found is None or found.label.casefold() == text.strip().casefold():
        return ""
    return f"= {found.label}"


def _follow_ups(text: str, today: date) -> str:
    """By when each is due."""
    found = [read_follow_up(line, today) for line in text.splitlines() if line.strip()]
    for line in found:
        if not line.what:
            raise ParseError(f"Write what is to be done by {format_us(line.due_date)}.")
    return ", ".join(format_short(each.due_date, today) for each in found)
