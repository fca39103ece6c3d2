"""The forms about a patient, their cover, and what is to be done for them: as they stand now, and saved."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from casemgr.core.commands import AddCoverage, AddFollowUp, AddPatient, EditPatient
from casemgr.core.dates import format_short, format_us
from casemgr.core.people import read_person
from casemgr.errors import InputRefused, NotFound, ParseError
from casemgr.services import coverages, patients
from casemgr.services.drafts import saving
from casemgr.services.follow_ups import add_follow_up
from casemgr.services.patients import label, patient_label, read_birth_date, the_patient
from casemgr.services.staff import listed as staff
from casemgr.tui.forms import changed, read_day, read_iso, refused, shows_age, shows_day, was, whom
from casemgr.tui.jobs import now
from casemgr.tui.messages import Acted, FormReady
from casemgr.tui.screens.form import Form
from casemgr.tui.widgets.fields import Choice, Spec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from casemgr.core.records import Coverage
    from casemgr.services.desk import Desk

ADDING = "patient.add"
"""What the draft of a new patient is kept under."""

NAMESAKE = Choice("yes", "yes, another person of the same name and birth date")


def adding(desk: Desk, typed: str = "") -> FormReady:
    """The form for a new patient, with what was typed to look for them."""
    last, first, born = _as_typed(desk, typed)
    fields = (
        Spec("last_name", "Last name", last, "such as Garcia", required=True),
        Spec("first_name", "First name", first, "such as Ana"),
        Spec("birth_date", "Birth date", born, "such as 4/9/2012", required=True, reads=shows_age(desk)),
        Spec("chart_number", "Chart number", "", "the next free one"),
        Spec("language", "Language", "", "such as Spanish, interpreter wanted"),
        Spec("gender", "Gender", "", "as the chart has it"),
        Spec("phone", "Phone", "", "such as 617-555-0134"),
        Spec("address", "Address", ""),
        _payer(desk),
        Spec("member_id", "Member id", "", "as on the card"),
        Spec("namesake", "Namesake", "", "yes, where these are two people", "choice", (NAMESAKE,)),
    )
    words = "Name and birth date are enough to begin with; ctrl+s saves. All the rest can come later."
    return FormReady(Form(ADDING, "New patient", fields, add, words))


def add(desk: Desk, values: Mapping[str, str]) -> Acted:
    """Save a new patient, with the cover where there is one."""
    names = ("chart_number", "gender", "language", "phone", "address", "payer", "member_id")
    wish = AddPatient(
        last_name=values["last_name"],
        first_name=values["first_name"],
        birth_date=read_birth_date(desk, values["birth_date"]),
        **{name: values.get(name, "") for name in names},
    )
    try:
        with saving(desk, ADDING):
            added = patients.add_patient(desk, wish, allow_namesake=values.get("namesake") == NAMESAKE.value)
    except InputRefused as error:
        raise _told_apart(error) from error
    cover = added.coverage
    words = [label(added.patient), *([coverages.described(cover)] if cover else [])]
    warnings = tuple(coverages.to_look_at(desk, cover)) if cover else ()
    return Acted("added", now(desk), " · ".join(words), added.patient.id, warnings)


def editing(desk: Desk, patient_id: str) -> FormReady:
    """The form for what is kept about a patient."""
    patient = the_patient(desk, patient_id)
    fields = (
        Spec("last_name", "Last name", patient.last_name, required=True),
        Spec("first_name", "First name", patient.first_name),
        Spec(
            "birth_date",
            "Birth date",
            format_us(patient.birth_date),
            "4/9/2012",
            required=True,
            reads=shows_age(desk),
        ),
        Spec("chart_number", "Chart number", patient.chart_number, required=True),
        Spec("language", "Language", patient.language, "such as Spanish, interpreter wanted"),
        Spec("gender", "Gender", patient.gender, "as the chart has it"),
        Spec("phone", "Phone", patient.phone, "such as 617-555-0134"),
        Spec("address", "Address", patient.address),
        Spec("namesake", "Namesake", "", "yes, where these are two people", "choice", (NAMESAKE,)),
        Spec("reason", "Reason", "", "why it changes; it stays in the history"),
    )
    save = partial(edit, patient_id=patient_id, fields=fields)
    return FormReady(
        Form(_editing(patient_id), f"Patient {whom(desk, patient_id)}", fields, save, was=was(fields)),
        "phone",
    )


def edit(desk: Desk, values: Mapping[str, str], patient_id: str, fields: tuple[Spec, ...]) -> Acted:
    """Save what was changed about a patient."""
    given = {**values}
    namesake = given.pop("namesake", "") == NAMESAKE.value
    changes = changed(fields, given)
    reason = changes.pop("reason", "")
    if "birth_date" in changes:
        changes["birth_date"] = read_birth_date(desk, changes["birth_date"]).isoformat()
    try:
        with saving(desk, _editing(patient_id)):
            edited = patients.edit_patient(desk, EditPatient(patient_id, changes, reason), namesake)
    except InputRefused as error:
        raise _told_apart(error) from error
    return Acted("changed", now(desk), label(edited), patient_id)


def covering(desk: Desk, patient_id: str) -> FormReady:
    """The form for another cover of a patient."""
    name = f"coverage.add {patient_id}"
    fields = (
        _payer(desk, required=True),
        Spec("member_id", "Member id", "", "as on the card", required=True),
        Spec(
            "valid_from", "From", "", "such as 1/1/2026; empty where it began long ago", reads=shows_day(desk)
        ),
        Spec(
            "valid_to",
            "To",
            "",
            "such as 12/31/2026; empty while it goes on",
            reads=shows_day(desk, "future"),
        ),
    )
    title = f"New coverage of {whom(desk, patient_id)}"
    return FormReady(Form(name, title, fields, partial(cover, patient_id=patient_id, name=name)))


def cover(desk: Desk, values: Mapping[str, str], patient_id: str, name: str) -> Acted:
    """Save another cover."""
    first, last = read_iso(desk, values, "valid_from"), read_iso(desk, values, "valid_to", "future")
    with saving(desk, name):
        saved = coverages.add_coverage(
            desk, AddCoverage(patient_id, values["payer"], values["member_id"], first, last)
        )
    warnings = tuple(coverages.to_look_at(desk, saved))
    return Acted("added", now(desk), _covers(desk, saved), saved.id, warnings)


def cover_editing(desk: Desk, patient_id: str, coverage_id: str) -> FormReady:
    """The form for a cover that is there: its member id and dates; another payer is another cover."""
    there = (row.coverage for row in coverages.listed(desk, patient_id))
    kept = next((one for one in there if one.id == coverage_id), None)
    if kept is None:
        raise NotFound("This coverage was withdrawn", "Nothing was changed.", "Add it anew.")
    name = f"coverage.edit {coverage_id}"
    fields = (
        Spec("member_id", "Member id", kept.member_id, required=True),
        Spec(
            "valid_from",
            "From",
            format_us(kept.valid_from),
            "empty where it began long ago",
            reads=shows_day(desk),
        ),
        Spec(
            "valid_to",
            "To",
            format_us(kept.valid_to),
            "empty while it goes on",
            reads=shows_day(desk, "future"),
        ),
        Spec("reason", "Reason", "", "why it changes; it stays in the history"),
    )
    title = f"Coverage of {whom(desk, patient_id)}: {kept.payer_name}"
    words = "Another payer is another coverage: end this one and add that. Claims keep what they say."
    save = partial(edit_cover, coverage_id=coverage_id, fields=fields, name=name)
    return FormReady(Form(name, title, fields, save, words, was(fields)))


def edit_cover(
    desk: Desk, values: Mapping[str, str], coverage_id: str, fields: tuple[Spec, ...], name: str
) -> Acted:
    """Save what was changed about a cover."""
    changes = changed(fields, values)
    reason = changes.pop("reason", "")
    if "valid_from" in changes:
        changes["valid_from"] = read_iso(desk, changes, "valid_from")
    if "valid_to" in changes:
        changes["valid_to"] = read_iso(desk, changes, "valid_to", "future")
    with saving(desk, name):
        saved = coverages.edit_coverage(desk, coverage_id, changes, reason)
    warnings = tuple(coverages.to_look_at(desk, saved))
    return Acted("changed", now(desk), _covers(desk, saved), saved.id, warnings)


def reminding(desk: Desk, patient_id: str) -> FormReady:
    """The form for something to be done by a date, for a patient or for nobody in particular."""
    name = f"follow_up.add {patient_id}"
    people = tuple(Choice(member.id, member.name) for member in staff(desk))
    fields = (
        Spec(
            "due_date",
            "Due",
            "",
            "such as fri, +3d, in 2 weeks, or month/day",
            required=True,
            reads=shows_day(desk, "future"),
        ),
        Spec("what", "What", "", "such as confirm ride", required=True),
        Spec("assigned_to", "Who", desk.staff.id, "", "choice", people, required=True),
    )
    title = f"Follow-up for {whom(desk, patient_id)}" if patient_id else "Follow-up"
    return FormReady(Form(name, title, fields, partial(remind, patient_id=patient_id, name=name)))


def remind(desk: Desk, values: Mapping[str, str], patient_id: str, name: str) -> Acted:
    """Save something to be done."""
    due = read_day(desk, values, "due_date", "future")
    if due is None:
        raise refused("due_date", "this is needed")
    with saving(desk, name):
        saved = add_follow_up(desk, AddFollowUp(due, values["what"], patient_id, "", values["assigned_to"]))
    words = (saved.what, format_short(due, desk.today()), patient_label(desk, patient_id))
    return Acted("added", now(desk), " · ".join(part for part in words if part), saved.id)


def _payer(desk: Desk, required: bool = False) -> Spec:
    """The payer, by a name that has a file or by any other."""
    names = tuple(Choice(payer.name, payer.name) for payer in desk.payers)
    hint = "the insurance that pays; f4 lists those known"
    return Spec("payer", "Payer", "", hint, "choice", names, free=True, required=required)


def _editing(patient_id: str) -> str:
    return f"patient.edit {patient_id}"


def _covers(desk: Desk, coverage: Coverage) -> str:
    return f"{coverages.described(coverage)} · {patient_label(desk, coverage.patient_id)}"


def _told_apart(error: InputRefused) -> InputRefused:
    """A refused namesake, with who is there already and what to say if these are two people."""
    if error.field == "namesake":
        error.title = f"{' and '.join(error.candidates)} is here already: write yes if this is somebody else"
    return error


def _as_typed(desk: Desk, typed: str) -> tuple[str, str, str]:
    """Last name, first name and birth date, as far as what was typed to look for somebody says them."""
    try:
        person = read_person(typed, desk.today())
    except ParseError:
        return "", "", ""
    born = format_us(person.birth_date) if person.birth_date else ""
    before, comma, after = typed.partition(",")
    last, first = (before, after) if comma else (typed, "")
    if born or person.chart or person.birth_year or (not comma and len(person.words) > 1):
        return "", "", born
    return last.strip(), first.strip(), born
