"""Adding, editing and finding patients, and what is known about one at a glance."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.dates import OLDEST_AGE, Month, format_us, parse_birth_date
from casemgr.core.people import Found, PatientRef, Several, explain, read_person
from casemgr.core.records import Coverage, Patient
from casemgr.core.rows import ActivityFilter, ActivityRow, FollowUpRow
from casemgr.core.text import fold, tidy, words
from casemgr.errors import InputRefused, NotFound, ParseError
from casemgr.services.refusals import refused
from casemgr.store.reads.activities import activities, totals
from casemgr.store.reads.charts import (
    born_with_words,
    first_service_date,
    highest_chart_number,
    with_chart_number,
)
from casemgr.store.reads.follow_ups import follow_ups
from casemgr.store.reads.patients import cases, coverages, find_patients
from casemgr.store.reads.records import load

if TYPE_CHECKING:
    from casemgr.core.commands import AddPatient, EditPatient
    from casemgr.core.records import Case
    from casemgr.services.desk import Desk
    from casemgr.store.ledger import Transaction

EDITABLE = (
    *("chart_number", "last_name", "first_name", "birth_date"),
    *("gender", "language", "phone", "address"),
)
"""What an edit may change."""

FIRST_CHART_NUMBER = 1001
"""The chart number of the first patient, where the practice does not give one."""

LAST_ACTIVITIES = 5
"""How many activities stand in the overview of a patient."""

_CHART_NUMBER = re.compile(r"(?=[_-]*[^\W_])[\w-]{1,32}")
_WHOLE_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class AddedPatient(NamedTuple):
    """A new patient, and the cover that came with them."""

    patient: Patient
    coverage: Coverage | None


class Overview(NamedTuple):
    """What is known about a patient at a glance."""

    patient: Patient
    age: int
    """In whole years, today."""
    coverage: Coverage | None
    """The one in force today."""
    case: Case | None
    """The open one."""
    follow_ups: tuple[FollowUpRow, ...]
    """Those still to be done, by due date."""
    month: Month
    """The present month."""
    activities: int
    """How many the month has."""
    minutes: int
    """Their raw minutes."""
    last: tuple[ActivityRow, ...]
    """The newest activities of any month, newest first."""


def add_patient(desk: Desk, wish: AddPatient, allow_namesake: bool = False) -> AddedPatient:
    """Save a new patient, with the cover where payer and member id are given.

    Args:
        desk: the open practice.
        wish: who it is.
        allow_namesake: take somebody of the same name and birth date, who is another person.

    Raises:
        InputRefused: something is missing, or the chart number or the person is there already.
    """
    with desk.write() as tx:
        return append_patient(desk, tx, wish, allow_namesake)


def append_patient(
    desk: Desk, tx: Transaction, wish: AddPatient, allow_namesake: bool = False
) -> AddedPatient:
    """Check a wish and append it inside a transaction that the caller holds."""
    patient = Patient(
        id=tx.new_id(),
        chart_number=tidy(wish.chart_number).removeprefix("#") or next_chart_number(desk),
        last_name=tidy(wish.last_name),
        first_name=tidy(wish.first_name),
        birth_date=wish.birth_date.isoformat(),
        gender=tidy(wish.gender),
        language=tidy(wish.language),
        phone=tidy(wish.phone),
        address=tidy(wish.address),
    )
    check_patient(desk, patient, allow_namesake)
    tx.append("add", "patient", patient)
    coverage = None
    if tidy(wish.payer) or tidy(wish.member_id):
        # Imported here and below, since logging finds patients and needs nothing of this.
        from casemgr.services.coverages import append_coverage

        coverage = append_coverage(desk, tx, patient.id, wish.payer, wish.member_id)
    return AddedPatient(patient, coverage)


def edit_patient(desk: Desk, wish: EditPatient, allow_namesake: bool = False) -> Patient:
    """Change what is kept about a patient; what it said before stays in the ledger.

    Raises:
        InputRefused: nothing changes, an unknown field, or a value that cannot be.
    """
    with desk.write() as tx:
        record = the_patient(desk, wish.patient_id)
        unknown = sorted(set(wish.changes) - set(EDITABLE))
        if unknown:
            raise refused(f"A patient has no “{unknown[0]}” to change", f"It can be {', '.join(EDITABLE)}.")
        changes = {name: tidy(value) for name, value in wish.changes.items()}
        if "chart_number" in changes:
            changes["chart_number"] = changes["chart_number"].removeprefix("#")
        edited = record.model_copy(update=changes)
        if edited == record:
            raise refused("The patient's record says this already", "Name what changes, such as --phone.")
        check_patient(desk, edited, allow_namesake or _is_same_person(edited, record))
        _refuse_birth_after_work(desk, edited)
        tx.append("edit", "patient", edited, tidy(wish.reason))
        return edited


def check_patient(desk: Desk, patient: Patient, allow_namesake: bool) -> None:
    """Refuse a patient who cannot be told from others, or cannot be; asked under the write lock."""
    if not words(patient.last_name):
        raise refused("The last name is missing", "Give it with --last, or write “Last, First”.", "last_name")
    born = _birth_date(patient.birth_date)
    today = desk.today()
    if born > today:
        raise refused(f"{format_us(born)} is in the future, so it is nobody's birth date", field="birth_date")
    if born.year < today.year - OLDEST_AGE:
        raise refused(
            f"{format_us(born)} is more than {OLDEST_AGE} years ago", "Look at the year.", "birth_date"
        )
    if not _CHART_NUMBER.fullmatch(patient.chart_number):
        raise refused(
            f"“{patient.chart_number}” cannot be a chart number",
            "It is one word of up to 32 letters, digits, dashes and underscores, such as 1034.",
            "chart_number",
        )
    for other in with_chart_number(desk.store, patient.chart_number):
        if other.id != patient.id:
            error = refused(
                f"Chart number {patient.chart_number} belongs to another patient",
                "Leave it out for the next free one.",
                "chart_number",
            )
            error.candidates = (other.label,)
            raise error
    twins = () if allow_namesake else _namesakes(desk, patient)
    if twins:
        error = refused(
            "There is a patient of this name and birth date already",
            "Use that chart. If these are two people, say so with --namesake.",
            "namesake",
        )
        error.candidates = tuple(twin.label for twin in twins)
        raise error


def next_chart_number(desk: Desk) -> str:
    """The highest chart number that is all digits, plus one; never one that was withdrawn, and as wide."""
    highest = highest_chart_number(desk.store)
    if not highest:
        return str(FIRST_CHART_NUMBER)
    return str(int(highest) + 1).zfill(len(highest))


def the_patient_id(desk: Desk, text: str) -> str:
    """The id of the patient whom a text means: a name, a birth date beside it, a chart number, or a whole id.

    Raises:
        InputRefused: several fit, or it cannot be read; the candidates are named.
        NotFound: nobody fits; the nearest are named.
    """
    if _WHOLE_ID.fullmatch(text.strip().lower()):
        return the_patient(desk, text.strip().lower()).id
    try:
        person = read_person(text, desk.today())
    except ParseError as error:
        raise InputRefused(str(error), "Nothing was changed.") from error
    match = desk.patients.find(person)
    if isinstance(match, Found):
        return match.patient.id
    told = explain(person, match)
    if isinstance(match, Several):
        raise InputRefused(told, "Nothing was changed.", "", tuple(ref.label for ref in match.candidates))
    raise NotFound(
        told,
        "Nothing was changed.",
        "`casemgr patient list` shows who there is.",
        tuple(ref.label for ref in match.nearest),
    )


def read_birth_date(desk: Desk, text: str) -> date:
    """A birth date as people write it.

    Raises:
        InputRefused: it has no year, is no day of the calendar, or cannot be anybody's.
    """
    try:
        return parse_birth_date(text, desk.today())
    except ParseError as error:
        raise refused(str(error), field="birth_date") from error


def the_patient(desk: Desk, patient_id: str) -> Patient:
    """The patient with an id.

    Raises:
        NotFound: there is none, or they were withdrawn.
    """
    found = load(desk.store, Patient, patient_id)
    if found is None or found.voided:
        raise NotFound(
            "There is no such patient", "Nothing was changed.", "`casemgr patient list` shows who there is."
        )
    return found


def patient_label(desk: Desk, patient_id: str) -> str:
    """`Garcia, Ana 4/9/2012 #1030` for the patient with an id, withdrawn ones included; empty for none."""
    found = load(desk.store, Patient, patient_id) if patient_id else None
    return label(found) if found else ""


def label(patient: Patient) -> str:
    """`Garcia, Ana 4/9/2012 #1030`, which tells a patient from all others."""
    return ref_of(patient).label


def ref_of(patient: Patient) -> PatientRef:
    """What tells a patient from all others."""
    return PatientRef.of(
        patient.id, patient.chart_number, patient.last_name, patient.first_name, patient.birth_date
    )


def listed(desk: Desk, search: str = "", limit: int = 0) -> list[Patient]:
    """Patients by name; a search takes beginnings of names or chart numbers, and a birth date or year."""
    try:
        person = read_person(search, desk.today())
    except ParseError as error:
        raise InputRefused(str(error)) from error
    if person.birth_date is None and person.birth_year is None:
        return find_patients(desk.store, search, limit)
    born = person.birth_date.isoformat() if person.birth_date else f"{person.birth_year}-"
    named = find_patients(desk.store, " ".join((*person.words, person.chart or "")))
    found = [patient for patient in named if patient.birth_date.startswith(born)]
    return found[:limit] if limit else found


def overview(desk: Desk, patient_id: str) -> Overview:
    """What is known about a patient at a glance."""
    from casemgr.core.claims import coverage_on

    with desk.store.snapshot():
        patient, today = the_patient(desk, patient_id), desk.today()
        month = Month.of(today)
        count, minutes = totals(
            desk.store,
            ActivityFilter(first=month.first.isoformat(), last=month.last.isoformat(), patient_id=patient_id),
        )
        held = [row.coverage for row in coverages(desk.store, patient_id)]
        newest = ActivityFilter(patient_id=patient_id, limit=LAST_ACTIVITIES, newest_first=True)
        return Overview(
            patient=patient,
            age=age_on(patient.birth_date, today),
            coverage=coverage_on(held, today.isoformat()),
            case=next(iter(cases(desk.store, patient_id, open_only=True)), None),
            follow_ups=tuple(follow_ups(desk.store, patient_id=patient_id)),
            month=month,
            activities=count,
            minutes=minutes,
            last=tuple(activities(desk.store, newest)),
        )


def age_on(birth_date: str, day: date) -> int:
    """Age in whole years on a day, from a birth date as ISO text."""
    born = date.fromisoformat(birth_date)
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _birth_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refused(
            f"“{text}” is no birth date", "Write it such as 4/9/2012 or 2012-04-09.", "birth_date"
        ) from None


def _namesakes(desk: Desk, patient: Patient) -> list[PatientRef]:
    """Whoever else has the same words in the name, in whatever order, and the same birth date."""
    spelled = sorted(words(patient.last_name) + words(patient.first_name))
    near = born_with_words(desk.store, patient.birth_date, spelled)
    return [ref for ref in near if ref.id != patient.id and sorted(ref.name_words) == spelled]


def _is_same_person(edited: Patient, record: Patient) -> bool:
    """Whether an edit leaves alone what tells a patient from a namesake."""
    return (fold(edited.display_name), edited.birth_date) == (fold(record.display_name), record.birth_date)


def _refuse_birth_after_work(desk: Desk, patient: Patient) -> None:
    first = first_service_date(desk.store, patient.id)
    if first and first < patient.birth_date:
        raise refused(
            f"Work was logged for this patient on {format_us(first)}, before that birth date",
            "Look at the birth date, or void what was logged by mistake.",
            "birth_date",
        )
