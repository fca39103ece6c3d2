"""From what people write to what is saved: the one line, the same as flags, and a JSON object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casemgr.core.commands import FollowUpWish, LogActivity
from casemgr.core.dates import format_us, parse_clock_time, parse_date
from casemgr.core.entry import Entry, understand
from casemgr.core.entry import read_follow_up as read_dated
from casemgr.core.methods import method_label, read_method
from casemgr.core.minutes import check_minutes, format_minutes, parse_minutes
from casemgr.core.text import tidy
from casemgr.errors import InputRefused, ParseError
from casemgr.services.activities import kind_of
from casemgr.services.activity_checks import refused
from casemgr.services.patients import the_patient_id

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from casemgr.services.desk import Desk

BATCH_KEYS = (
    "text",
    "patient",
    "kind",
    "minutes",
    "date",
    "start",
    "method",
    "contacted",
    "outcome",
    "reason",
    "response",
    "next_step",
    "note",
    "template",
    "staff",
    "fields",
    "follow_ups",
    "done",
    "draft",
)
"""What a JSON object of `casemgr log --batch` may have; `text` is the one line, the others go before it."""


def read_line(desk: Desk, text: str) -> Entry:
    """The one line as far as it is understood; never refuses."""
    return understand(text, desk.today(), desk.kinds, desk.patients)


def wish_from_text(
    desk: Desk, text: str, start: str = "", draft: bool = False, elsewhere: Collection[str] = ()
) -> LogActivity:
    """What a line asks to be saved.

    Args:
        desk: the open practice.
        text: the line.
        start: `HH:MM`, where the line says none.
        draft: whether what came of it may be missing.
        elsewhere: fields that are said apart from the line and go before it, so that it need not say them.

    Raises:
        InputRefused: something is missing or ambiguous; every problem is named, with its candidates.
    """
    entry = read_line(desk, text)
    excused = {*elsewhere, "outcome"} if draft else set(elsewhere)
    problems = [problem for problem in entry.problems if problem.field not in excused]
    if problems:
        raise InputRefused(
            "This cannot be saved yet",
            "\n".join(
                ["Nothing was saved. It was understood as:", *(f"  {line}" for line in understood(entry))]
            ),
            "\n".join(f"{problem.field.replace('_', '-')}: {problem.message}" for problem in problems),
            tuple(candidate for problem in problems for candidate in problem.candidates),
        )
    return LogActivity(
        patient_id=entry.patient.id if entry.patient else "",
        kind=entry.kind,
        service_date=entry.service_date,
        minutes=entry.minutes or 0,
        outcome=entry.outcome,
        outcome_words=entry.outcome_words,
        start=entry.start or start,
        method=entry.method,
        note=entry.note,
        follow_ups=tuple(FollowUpWish(each.due_date, each.what) for each in entry.follow_ups),
        draft=draft,
    )


def understood(entry: Entry) -> list[str]:
    """How a line was understood, a fact a line."""
    patient = entry.patient
    facts = [
        ("patient", patient.label if patient else "?"),
        ("kind", entry.kind_title or "?"),
        ("minutes", format_minutes(entry.minutes) if entry.minutes else "?"),
        ("date", format_us(entry.service_date) + (f" at {entry.start}" if entry.start else "")),
        ("contact", method_label(entry.method)),
        ("note", entry.note),
        ("outcome", entry.outcome_words or "?"),
        *(("follow-up", f"{format_us(each.due_date)} {each.what}") for each in entry.follow_ups),
    ]
    return [f"{label:<9} {value}" for label, value in facts if value]


def wish_from_fields(desk: Desk, given: Mapping[str, Any]) -> LogActivity:
    """What flags or a JSON object ask to be saved; see BATCH_KEYS.

    Raises:
        InputRefused: an unknown key, or something is missing, ambiguous or outside its bounds.
    """
    check_keys(given)
    given = {key: value for key, value in given.items() if value is not None and value != ""}
    draft = given.get("draft", False)
    if not isinstance(draft, bool):
        raise refused("draft", "it is true or false")
    text = str(given.get("text", ""))
    if text:
        base = wish_from_text(desk, text, draft=draft, elsewhere=given.keys())
    else:
        for needed in ("patient", "kind", "minutes", *(() if draft else ("outcome",))):
            if not str(given.get(needed, "")).strip():
                raise refused(needed, "it is missing", f"Say it with --{needed}, or in the one line.")
        base = LogActivity(
            patient_id=the_patient_id(desk, str(given["patient"])),
            kind=kind_of(desk, str(given["kind"])).kind,
            service_date=desk.today(),
            minutes=read_minutes(given["minutes"]),
            outcome_words="",
            draft=draft,
        )
    wish = base._replace(**changes_from_fields(desk, given, base))
    if given.get("template"):
        # Imported here, since most notes are typed.
        from casemgr.services.templates import with_template

        return with_template(desk, wish, str(given["template"]))
    return wish


def check_keys(given: Mapping[str, Any]) -> None:
    """Refuse what no activity has, and what is no single value where one is needed."""
    from difflib import get_close_matches

    for key, value in given.items():
        if isinstance(value, dict | list) and key not in ("fields", "follow_ups"):
            raise refused(key, "it must be a text or a number")
        if key not in BATCH_KEYS:
            near = get_close_matches(key, BATCH_KEYS, n=1)
            raise refused(
                key,
                "an activity has no such key" + (f"; did you mean {near[0]}?" if near else ""),
                f"It has {', '.join(BATCH_KEYS)}.",
            )


def changes_from_fields(desk: Desk, given: Mapping[str, Any], base: LogActivity) -> dict[str, Any]:
    """What the given keys change in a wish."""
    changes: dict[str, Any] = {}
    for key in ("contacted", "reason", "response", "next_step", "note", "staff"):
        if given.get(key):
            changes[key] = str(given[key])
    if given.get("patient"):
        changes["patient_id"] = the_patient_id(desk, str(given["patient"]))
    if given.get("kind"):
        changes["kind"] = kind_of(desk, str(given["kind"])).kind
        changes["outcome"] = ""
    if "minutes" in given:
        changes["minutes"] = read_minutes(given["minutes"])
    if given.get("date"):
        changes["service_date"] = read_date(desk, str(given["date"]), "date")
    if given.get("start"):
        changes["start"] = read_start(str(given["start"]))
    if given.get("method"):
        changes["method"] = read_method(str(given["method"]))
    if given.get("outcome"):
        changes["outcome_words"], changes["outcome"] = str(given["outcome"]), ""
    if given.get("done"):
        changes["finishes"] = str(given["done"])
    if given.get("fields"):
        fields = given["fields"]
        if not isinstance(fields, dict):
            raise refused("fields", "they must be an object of names and values")
        changes["fields"] = {**base.fields, **{str(name): as_text(value) for name, value in fields.items()}}
    if given.get("follow_ups"):
        follow_ups = given["follow_ups"] if isinstance(given["follow_ups"], list) else [given["follow_ups"]]
        changes["follow_ups"] = base.follow_ups + tuple(read_follow_up(desk, each) for each in follow_ups)
    return changes


def read_follow_up(desk: Desk, given: object) -> FollowUpWish:
    """A follow-up: `10/26 confirm ride`, or an object with `due_date` and `what`.

    Raises:
        InputRefused: it says no date, or not what is to be done.
    """
    if isinstance(given, dict):
        due = read_date(desk, as_text(given.get("due_date", "")), "follow-up", future=True)
        wish = FollowUpWish(due, as_text(given.get("what", "")))
    elif isinstance(given, list):
        raise refused("follow-up", "it must be a text such as “10/26 confirm ride”")
    else:
        try:
            wish = read_dated(str(given), desk.today())
        except ParseError as error:
            raise refused("follow-up", str(error)) from error
    if not tidy(wish.what):
        raise refused("follow-up", "it does not say what is to be done", "Write it as “10/26 confirm ride”.")
    return wish._replace(what=tidy(wish.what))


def read_minutes(value: object) -> int:
    """Minutes as a number or as written.

    Raises:
        InputRefused: they cannot be read, or are outside 1 to 720.
    """
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            return check_minutes(value)
        return check_minutes(parse_minutes(str(value)))
    except ParseError as error:
        raise refused("minutes", str(error)) from error


def read_date(desk: Desk, text: str, field: str, future: bool = False) -> date:
    """A date as people write it.

    Raises:
        InputRefused: it cannot be read.
    """
    try:
        return parse_date(text, desk.today(), "future" if future else "past")
    except ParseError as error:
        raise refused(field, str(error)) from error


def read_start(text: str) -> str:
    """A time of day as `HH:MM`.

    Raises:
        InputRefused: it cannot be read.
    """
    try:
        return parse_clock_time(text)
    except ParseError as error:
        raise refused("start", str(error)) from error


def as_text(value: object) -> str:
    """A JSON value as a field's text.

    Raises:
        InputRefused: it is a list or an object.
    """
    if isinstance(value, dict | list):
        raise refused("fields", "each must be a text or a number")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
