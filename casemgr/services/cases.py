"""Episodes of case management: why the work was needed, what was planned, and what is still to be written."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.checklist import FROM_CASE, by_case
from casemgr.core.dates import format_us
from casemgr.core.records import Case, is_npi
from casemgr.core.text import tidy
from casemgr.errors import NotFound, RuleRefused
from casemgr.services.claim_cases import take_up
from casemgr.services.patients import label, the_patient, the_patient_id
from casemgr.services.refusals import refused
from casemgr.store.reads.patients import cases
from casemgr.store.reads.records import full_id, load

if TYPE_CHECKING:
    from casemgr.core.commands import CloseCase, EditCase, OpenCase
    from casemgr.core.records import Patient
    from casemgr.services.desk import Desk

EDITABLE = (
    *("consent", "complaint", "findings", "barriers", "supplementary", "plan"),
    *("treating_dentist", "treating_dentist_npi", "opened_on"),
)
"""What an edit may change; a case is closed by close_case."""

_LIKE_ID = re.compile(r"(?=[a-f-]*\d)[0-9a-f-]{6,36}")


class Point(NamedTuple):
    """A point of the documentation checklist."""

    field: str
    title: str
    present: bool


class CaseRow(NamedTuple):
    """A case with whose it is."""

    case: Case
    patient: Patient


def open_case(desk: Desk, wish: OpenCase) -> Case:
    """Begin an episode of case management.

    Raises:
        RuleRefused: the patient has an open case, or one that was closed later than this one begins.
        InputRefused: a date or a number that cannot be.
    """
    with desk.write() as tx:
        patient = the_patient(desk, wish.patient_id)
        case = Case(
            id=tx.new_id(),
            patient_id=patient.id,
            opened_on=wish.opened_on.isoformat(),
            consent=tidy(wish.consent),
            complaint=wish.complaint.strip(),
            findings=wish.findings.strip(),
            barriers=_barriers(wish.barriers),
            supplementary=wish.supplementary.strip(),
            plan=wish.plan.strip(),
            treating_dentist=tidy(wish.treating_dentist),
            treating_dentist_npi=tidy(wish.treating_dentist_npi),
        )
        check_case(desk, case, patient)
        tx.append("open", "case", case)
        take_up(desk, tx, case)
        return case


def edit_case(desk: Desk, wish: EditCase) -> Case:
    """Complete or correct a case, open or closed; what it said before stays in the ledger.

    Raises:
        InputRefused: nothing changes, an unknown field, or a value that cannot be.
    """
    with desk.write() as tx:
        record = _live(desk, wish.case_id)
        unknown = sorted(set(wish.changes) - set(EDITABLE))
        if unknown:
            raise refused(f"A case has no “{unknown[0]}” to change", f"It can be {', '.join(EDITABLE)}.")
        changes = {name: _as_kept(name, value) for name, value in wish.changes.items()}
        edited = record.model_copy(update=changes)
        if edited == record:
            raise refused("The case says this already", "Name what changes, such as --plan.")
        check_case(desk, edited, the_patient(desk, edited.patient_id))
        tx.append("edit", "case", edited)
        take_up(desk, tx, edited)
        return edited


def close_case(desk: Desk, wish: CloseCase) -> Case:
    """End an episode of case management, with the reason.

    Raises:
        RuleRefused: it is closed already.
        InputRefused: no reason, or a day in the future or before it was opened.
    """
    with desk.write() as tx:
        record = _live(desk, wish.case_id)
        if record.closed_on:
            raise RuleRefused(
                f"This case was closed on {format_us(record.closed_on)}",
                "Nothing was changed.",
                "Open another with `casemgr case open` where the work goes on.",
            )
        if not tidy(wish.reason):
            raise refused("A case can only be closed with a reason", "Say why with --reason.", "reason")
        closed_on = wish.closed_on.isoformat()
        if wish.closed_on > desk.today():
            raise refused(
                f"{format_us(closed_on)} is in the future", "Close it when the work is done.", "closed_on"
            )
        if closed_on < record.opened_on:
            raise refused(
                f"{format_us(closed_on)} is before the case was opened on {format_us(record.opened_on)}",
                field="closed_on",
            )
        closed = record.model_copy(update={"closed_on": closed_on, "close_reason": tidy(wish.reason)})
        tx.append("close", "case", closed, tidy(wish.reason))
        return closed


def check_case(desk: Desk, case: Case, patient: Patient) -> None:
    """Refuse a case that cannot be, or that overlaps another of the patient; asked under the write lock."""
    try:
        date.fromisoformat(case.opened_on)
    except ValueError:
        raise refused(f"“{case.opened_on}” is no date", "Write it such as 2026-10-21.", "opened_on") from None
    if case.opened_on > desk.today().isoformat():
        raise refused(
            f"{format_us(case.opened_on)} is in the future", "Open it when the work begins.", "opened_on"
        )
    if case.opened_on < patient.birth_date:
        raise refused(f"{format_us(case.opened_on)} is before the patient was born", field="opened_on")
    if case.closed_on and case.closed_on < case.opened_on:
        raise refused(f"It would open on {format_us(case.opened_on)}, after it was closed", field="opened_on")
    if case.treating_dentist_npi and not is_npi(case.treating_dentist_npi):
        raise refused(
            f"“{case.treating_dentist_npi}” is no NPI: it has ten digits",
            "Leave it out where it is not known.",
            "treating_dentist_npi",
        )
    for other in cases(desk.store, patient.id):
        if other.id == case.id:
            continue
        if not other.closed_on and not case.closed_on:
            raise RuleRefused(
                f"{label(patient)} has an open case since {format_us(other.opened_on)}",
                "Nothing was saved.",
                "Add to it with `casemgr case edit`, or close it first with `casemgr case close`.",
            )
        if (not other.closed_on or case.opened_on < other.closed_on) and (
            not case.closed_on or other.opened_on < case.closed_on
        ):
            raise RuleRefused(
                f"{label(patient)} has another case in that time, {_told(other)}",
                "Nothing was saved.",
                "A day of work belongs to one case: look at the date.",
            )


def the_case(desk: Desk, text: str) -> Case:
    """The case that an id or its last characters name, else the patient's open one, else their newest.

    Raises:
        NotFound: there is no such case or patient, or the patient has no case.
        InputRefused: several patients fit.
    """
    wanted = text.strip().lower()
    if _LIKE_ID.fullmatch(wanted):
        try:
            return _live(desk, wanted)
        except NotFound:
            if len(wanted) == 36:
                raise
    patient_id = the_patient_id(desk, text)
    found = sorted(cases(desk.store, patient_id), key=lambda case: bool(case.closed_on))
    if not found:
        raise NotFound(
            f"{label(the_patient(desk, patient_id))} has no case",
            "Nothing was changed.",
            "Open one with `casemgr case open`.",
        )
    return found[0]


def listed(desk: Desk, patient_id: str = "", include_closed: bool = False) -> list[CaseRow]:
    """Cases with whose they are, newest first; closed ones only where they are wanted."""
    found = cases(desk.store, patient_id, open_only=not include_closed)
    return [CaseRow(case, the_patient(desk, case.patient_id)) for case in found]


def checklist(case: Case) -> tuple[Point, ...]:
    """What a payer asks to see of a case, and whether it is there; what came of the work, activities say."""
    return tuple(Point(field, title, by_case(case, field).met) for field, title in FROM_CASE.items())


def _live(desk: Desk, case_id: str) -> Case:
    record = load(desk.store, Case, full_id(desk.store, "case", case_id))
    assert record is not None
    if record.voided:
        raise RuleRefused(
            "This case was withdrawn", "Nothing was changed.", "Open another with `casemgr case open`."
        )
    return record


def _told(case: Case) -> str:
    ends = f" to {format_us(case.closed_on)}" if case.closed_on else ""
    return f"{format_us(case.opened_on)}{ends}" if ends else f"open since {format_us(case.opened_on)}"


def _as_kept(name: str, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
    """A field's value without outer spaces; a case's texts may have several lines."""
    if name == "barriers":
        return _barriers((value,) if isinstance(value, str) else value)
    text = value if isinstance(value, str) else " ".join(value)
    return text.strip() if name in FROM_CASE else tidy(text)


def _barriers(given: tuple[str, ...]) -> tuple[str, ...]:
    """Each barrier once, as written."""
    return tuple(dict.fromkeys(tidy(barrier) for barrier in given if tidy(barrier)))
