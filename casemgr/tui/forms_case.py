"""The forms of a case: opening, completing and closing an episode of case management."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from casemgr.core.commands import CloseCase, EditCase, OpenCase
from casemgr.core.dates import format_us
from casemgr.core.text import fold, tidy
from casemgr.services import cases
from casemgr.services.drafts import saving
from casemgr.services.patients import patient_label
from casemgr.tui.forms import changed, read_day, read_iso, refused, shows_day, was, whom
from casemgr.tui.jobs import now
from casemgr.tui.messages import Acted, FormReady
from casemgr.tui.screens.form import Form
from casemgr.tui.widgets.fields import Choice, Spec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from casemgr.core.records import Case
    from casemgr.services.desk import Desk


def opening(desk: Desk, patient_id: str, at: str = "") -> FormReady:
    """The form for a new case, beginning at a field where one is meant."""
    name = f"case.open {patient_id}"
    words = "What is not known yet can come later: the patient's page says what is missing."
    save = partial(open_it, patient_id=patient_id, name=name)
    title = f"New case of {whom(desk, patient_id)}"
    return FormReady(Form(name, title, _fields(desk, None), save, words), at or "complaint")


def open_it(desk: Desk, values: Mapping[str, str], patient_id: str, name: str) -> Acted:
    """Begin a case."""
    opened_on = read_day(desk, values, "opened_on") or desk.today()
    barriers = read_barriers(desk, values["barriers"])
    texts = {field: text for field, text in values.items() if field not in {"opened_on", "barriers"}}
    with saving(desk, name):
        case = cases.open_case(desk, OpenCase(patient_id, opened_on, barriers=barriers, **texts))
    return _saved(desk, "opened", case)


def editing(desk: Desk, case_id: str, at: str = "") -> FormReady:
    """The form for a case that is there, beginning at a field where one is meant, else at what is missing."""
    case = cases.the_case(desk, case_id)
    name, fields = f"case.edit {case_id}", _fields(desk, case)
    save = partial(edit, case_id=case_id, fields=fields, name=name)
    begin = next((point.field for point in cases.checklist(case) if not point.present), "")
    words = f"It was closed on {format_us(case.closed_on)}: {case.close_reason}" if case.closed_on else ""
    title = f"Case of {whom(desk, case.patient_id)}"
    return FormReady(Form(name, title, fields, save, words, was(fields)), at or begin)


def edit(desk: Desk, values: Mapping[str, str], case_id: str, fields: tuple[Spec, ...], name: str) -> Acted:
    """Save what was changed about a case."""
    changes: dict[str, str | tuple[str, ...]] = {**changed(fields, values)}
    if "opened_on" in changes:
        changes["opened_on"] = read_iso(desk, values, "opened_on")
    if "barriers" in changes:
        changes["barriers"] = read_barriers(desk, values["barriers"])
    with saving(desk, name):
        return _saved(desk, "changed", cases.edit_case(desk, EditCase(case_id, changes)))


def closing(desk: Desk, case_id: str) -> FormReady:
    """The form that ends a case."""
    case = cases.the_case(desk, case_id)
    name = f"case.close {case_id}"
    fields = (
        Spec("closed_on", "Closed on", format_us(desk.today()), required=True, reads=shows_day(desk)),
        Spec("reason", "Reason", "", "treatment complete", required=True),
    )
    title = (
        f"Close the case of {patient_label(desk, case.patient_id)}, open since {format_us(case.opened_on)}"
    )
    save = partial(close, case_id=case_id, name=name)
    return FormReady(Form(name, title, fields, save, _lacks(case)), "reason")


def close(desk: Desk, values: Mapping[str, str], case_id: str, name: str) -> Acted:
    """End a case."""
    closed_on = read_day(desk, values, "closed_on")
    if closed_on is None:
        raise refused("closed_on", "this is needed")
    with saving(desk, name):
        return _saved(desk, "closed", cases.close_case(desk, CloseCase(case_id, closed_on, values["reason"])))


def read_barriers(desk: Desk, text: str) -> tuple[str, ...]:
    """Barriers as a case keeps them, from a line with semicolons: codes alone, words as written."""
    found = []
    for part in map(tidy, text.split(";")):
        code, _, words = part.partition(" ")
        known = desk.reasons.barrier(code)
        found.append(known.code if known and fold(words) in {"", fold(known.label)} else part)
    return tuple(found)


def _fields(desk: Desk, case: Case | None) -> tuple[Spec, ...]:
    """The fields of a case in the order of the documentation checklist, with what it says."""
    codes = tuple(Choice(each.code, f"{each.code} {each.label}") for each in desk.reasons.barriers)
    barriers = "; ".join(map(desk.reasons.barrier_text, case.barriers)) if case else ""
    opened = format_us(case.opened_on if case else desk.today())
    return (
        Spec("opened_on", "Opened on", opened, required=True, reads=shows_day(desk)),
        Spec("complaint", "Complaint", case.complaint if case else "",
             "the chief complaint, and the history that bears on it", "long", lines=3),
        Spec("findings", "Findings", case.findings if case else "",
             "clinical findings that support case management", "long", lines=3),
        Spec("supplementary", "Supplementary", case.supplementary if case else "",
             "tests, images or other data on file", "long", lines=3),
        Spec("plan", "Plan", case.plan if case else "", "the plan, with its rationale", "long", lines=3),
        Spec("barriers", "Barriers", barriers, "f4 lists codes; words do too; semicolons between", "several",
             codes),
        Spec("consent", "Consent", case.consent if case else "", "who agreed, when and how"),
        Spec("treating_dentist", "Treating dentist", case.treating_dentist if case else ""),
        Spec("treating_dentist_npi", "Their NPI", case.treating_dentist_npi if case else "", "ten digits"),
    )  # fmt: skip


def _lacks(case: Case) -> str:
    missing = [point.title.lower() for point in cases.checklist(case) if not point.present]
    return f"Its documentation still lacks: {', '.join(missing)}." if missing else ""


def _saved(desk: Desk, did: str, case: Case) -> Acted:
    words = f"case of {patient_label(desk, case.patient_id)}"
    billed = tuple(filter(None, (desk.reasons.not_billable(each.split()[0]) for each in case.barriers)))
    return Acted(did, now(desk), words, case.id, billed)
