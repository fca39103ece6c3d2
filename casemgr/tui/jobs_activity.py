"""What the activity form asks of the lane: what to begin with, whom a text names, and saving."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, TypeVar

from casemgr.core.commands import AmendActivity, LogActivity
from casemgr.core.dates import format_short, format_us
from casemgr.core.holes import fill_holes, hole_names
from casemgr.core.methods import read_method
from casemgr.core.minutes import format_minutes
from casemgr.core.wording import listed
from casemgr.errors import CasemgrError, InputRefused
from casemgr.services import activities, entries, patients
from casemgr.services.drafts import saving
from casemgr.tui.activity_fields import OWN
from casemgr.tui.jobs import now
from casemgr.tui.messages import Acted, TemplateFilled
from casemgr.tui.screens.pick import Option

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from casemgr.core.kinds import Kind
    from casemgr.services.activities import Logged
    from casemgr.services.desk import Desk
    from casemgr.tui.activity_fields import Sheet

T = TypeVar("T")

COMMON = ("date", "start", "method", "contacted", "outcome", "reason", "response", "next_step", "note")
"""What every kind has and services call by the same name, but for patient, kind and minutes."""


def find_patients(desk: Desk, text: str) -> list[Option]:
    """Patients whom what is typed may mean, to choose from; at first those worked with last."""
    from casemgr.services.picking import pick_patients

    today = desk.today()
    return [
        Option(
            each.id,
            each.name,
            " · ".join(
                part
                for part in (
                    f"{format_us(each.birth_date)} #{each.chart_number}",
                    f"{each.age} y",
                    each.language,
                    f"seen {format_short(each.last_activity, today)}" if each.last_activity else "",
                )
                if part
            ),
        )
        for each in pick_patients(desk, text)
    ]


def the_only_patient(desk: Desk, text: str) -> str:
    """The label of the patient who alone fits what is typed; empty where none or several do."""
    from casemgr.services.picking import pick_patients

    found = pick_patients(desk, text, 2)
    return patients.patient_label(desk, found[0].id) if len(found) == 1 else ""


def settle_patient(desk: Desk, text: str) -> Option:
    """The one patient whom a text names, or whose name it begins as no other's does."""
    from casemgr.services.picking import begun_patient_id

    patient_id = begun_patient_id(desk, text)
    return Option(patient_id, patients.patient_label(desk, patient_id))


def save(desk: Desk, values: Mapping[str, str], sheet: Sheet, draft: bool = False) -> Acted:
    """Log what the form says; with it the follow-up that it did is done, or the timer ends."""
    wish = wish_of(desk, values, sheet, draft)
    with saving(desk, "line") if sheet.line else nullcontext():
        logged = _saved(desk, wish, sheet)
    today = desk.today()
    words = [
        *_words(desk, logged),
        *(f"follow-up {format_short(each.due_date, today)}" for each in logged.follow_ups),
        *(("follow-up done",) if logged.finished else ()),
        *(("timer ended",) if sheet.timer else ()),
    ]
    did = "kept as a draft" if draft else "saved"
    return Acted(did, now(desk), " · ".join(words), logged.activity.id, logged.warnings)


def amend(
    desk: Desk, values: Mapping[str, str], sheet: Sheet, was: Mapping[str, str], draft: bool = False
) -> Acted:
    """Change what is different from what the fields held at first, and nothing else; sign what is none yet.

    Args:
        desk: the open practice.
        values: what is written, by field.
        sheet: what the form is about.
        was: what was written at first.
        draft: whether what is unsigned stays so.
    """
    changed = {name: text for name, text in values.items() if text.strip() != was.get(name, "").strip()}
    why = changed.pop("why", "")
    kind = kind_named(desk, values["kind"])
    if "note" in changed:
        refuse_holes(kind, values["note"])
    changes: dict[str, str | int] = {}
    for name, text in changed.items():
        if name == "kind":
            changes["kind"] = kind.kind
        elif name == "minutes":
            changes["minutes"] = entries.read_minutes(text)
        elif name == "date":
            changes["service_date"] = entries.read_date(desk, text or "today", "date").isoformat()
        elif name == "start":
            changes["start"] = entries.read_start(text) if text.strip() else ""
        elif name == "method":
            changes["method"] = read_method(text)
        elif name == "outcome":
            changes["outcome_words"] = text
        elif name in COMMON:
            changes[name] = text
    day = entries.read_date(desk, values["date"] or "today", "date")
    own = {name.removeprefix(OWN): text for name, text in changed.items() if name.startswith(OWN)}
    refuse_own(kind, own, day)
    wish = AmendActivity(sheet.amends, why, changes, own)
    signs = not sheet.signed and not draft
    try:
        logged = (activities.complete_draft if signs else activities.amend_activity)(desk, wish)
    except CasemgrError as error:
        raise _named_as_here(error) from None
    did = "signed" if signs else "amended"
    return Acted(did, now(desk), " · ".join(_words(desk, logged)), sheet.amends, logged.warnings)


def wish_of(desk: Desk, values: Mapping[str, str], sheet: Sheet, draft: bool) -> LogActivity:
    """What the form asks to be logged.

    Raises:
        CasemgrError: it cannot be; the form's field is named.
    """
    try:
        patient_id = patients.the_patient_id(desk, values["patient"])
    except CasemgrError as error:
        error.field = "patient"
        raise
    kind = kind_named(desk, values["kind"])
    day = entries.read_date(desk, values["date"].strip() or "today", "date")
    own = own_fields(values)
    refuse_own(kind, own, day)
    refuse_holes(kind, values["note"])
    given = {name: values[name].strip() for name in COMMON if name != "date"}
    lines = [line for line in values["follow_ups"].splitlines() if line.strip()]
    try:
        wish = entries.wish_from_fields(
            desk,
            {
                **given,
                "patient": patient_id,
                "kind": kind.kind,
                "minutes": values["minutes"],
                "fields": own,
                "follow_ups": lines,
                "done": sheet.finishes,
                "draft": draft,
            },
        )
    except CasemgrError as error:
        raise _named_as_here(error) from None
    return wish._replace(service_date=day)


def own_fields(values: Mapping[str, str]) -> dict[str, str]:
    """What the kind's own fields say, by their names."""
    return {
        name.removeprefix(OWN): text for name, text in values.items() if name.startswith(OWN) and text.strip()
    }


def fill_template(desk: Desk, values: Mapping[str, str], sheet: Sheet, template: str) -> TemplateFilled:
    """A template of the kind with what the form says by now in its holes."""
    from casemgr.services.templates import hole_words, template_of

    kind = kind_named(desk, values["kind"])
    wish = LogActivity(
        patient_id=sheet.about or _known(patients.the_patient_id, desk, values.get("patient", "")) or "",
        kind=kind.kind,
        service_date=_known(entries.read_date, desk, values["date"] or "today", "date") or desk.today(),
        minutes=_known(entries.read_minutes, values["minutes"]) or 0,
        outcome_words=values["outcome"],
        start=_known(entries.read_start, values["start"]) or "",
        method=read_method(values["method"]),
        contacted=values["contacted"],
        reason=values["reason"],
        response=values["response"],
        next_step=values["next_step"],
        fields=own_fields(values),
    )
    return TemplateFilled(fill_holes(template_of(kind, template).text, hole_words(desk, wish)))


def _known(read: Callable[..., T], *args: object) -> T | None:
    """What can be read already, or None."""
    try:
        return read(*args)
    except CasemgrError:
        return None


def kind_named(desk: Desk, text: str) -> Kind:
    """The kind that is chosen, also one whose file has been taken away since."""
    return desk.kinds.get(text) or (
        activities.kind_of(desk, text) if desk.kinds.find(text) else desk.kinds.kept(text)
    )


def refuse_own(kind: Kind, own: Mapping[str, str], day: date) -> None:
    """Refuse what a field of the kind cannot take, by the field's name here."""
    for problem in kind.check_fields(own, day):
        error = InputRefused(problem.message, "Nothing was saved.")
        error.field = OWN + problem.field
        raise error


def refuse_holes(kind: Kind, note: str) -> None:
    """Refuse a note in which a hole of the kind's templates is left."""
    known = {hole for template in kind.note_templates for hole in template.holes}
    if left := [name for name in hole_names(note) if name in known]:
        words = listed([f"{{{name}}}" for name in left], "and")
        error = InputRefused(f"still to be filled: {words}", "Nothing was saved.", "f5 goes to the next.")
        error.field = "note"
        raise error


def _saved(desk: Desk, wish: LogActivity, sheet: Sheet) -> Logged:
    try:
        if sheet.timer:
            from casemgr.services.timers import stop_timer_with

            return stop_timer_with(desk, wish)
        return activities.log_activity(desk, wish)
    except CasemgrError as error:
        raise _named_as_here(error) from None


def _named_as_here(error: CasemgrError) -> CasemgrError:
    """A refusal with the field's name as the form has it."""
    error.title = error.title.removeprefix(f"{error.field}: ")
    error.field = {"follow-up": "follow_ups", "service_date": "date", "outcome_words": "outcome"}.get(
        error.field, error.field
    )
    return error


def _words(desk: Desk, logged: Logged) -> list[str]:
    """What was saved, in parts."""
    record = logged.activity
    return [
        format_minutes(record.minutes),
        desk.kinds.title(record.kind),
        patients.patient_label(desk, record.patient_id),
        format_short(record.service_date, desk.today()),
    ]
