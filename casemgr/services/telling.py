"""A record's history as people read it: their names for fields, kinds, staff and patients, their dates."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from casemgr.clock import instant_of
from casemgr.core.billing import Claim, MonthClose, PatientPayment, Remittance
from casemgr.core.dates import format_us
from casemgr.core.differences import Run, compared
from casemgr.core.entities import ENTITIES
from casemgr.core.history import deed_name
from casemgr.core.methods import method_label
from casemgr.core.minutes import format_minutes
from casemgr.core.money import format_cents
from casemgr.core.records import Activity, Case, Coverage, FollowUp, Patient, Practice, Staff
from casemgr.services import billing_words
from casemgr.services.history import history_of
from casemgr.services.patients import label, patient_label
from casemgr.services.runs import title_of as month_title
from casemgr.services.summaries import named
from casemgr.store.reads.records import as_of, full_id, load

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from casemgr.core.history import Change
    from casemgr.services.desk import Desk
    from casemgr.services.history import Step


class Difference(NamedTuple):
    """One field before and after, as people read it; an empty text where nothing stood there."""

    label: str
    before: str
    after: str
    runs: tuple[Run, ...] = ()
    """Word by word, where a text was rewritten in part; else nothing."""


class Told(NamedTuple):
    """One entry of a record's history."""

    when: datetime
    """In the practice's time zone."""
    did: str
    """What was done, such as `amended` or `undone: amended`."""
    who: str
    """Name and credential of who did it, as they were then."""
    reason: str
    place: str
    """Device and position in the ledger, such as K7Q2:123."""
    hash: str
    differences: tuple[Difference, ...]


class Story(NamedTuple):
    """All that was ever done to a record."""

    title: str
    """Which record it is, such as `Referral coordination 10/21/2026 · Garcia, Ana 4/9/2012 #1030`."""
    steps: tuple[Told, ...]
    """The newest first."""


DID = {
    "log": "logged",
    "import": "imported",
    "amend": "amended",
    "void": "voided",
    "sign": "signed",
    "add": "added",
    "edit": "changed",
    "access": "given another role",
    "done": "done",
    "snooze": "put off",
    "assign": "handed over",
    "open": "opened",
    "close": "closed",
    "reopen": "to be done again",
    "draft": "drafted",
    "follow": "followed its log",
    "move": "moved to another month's run",
    "start": "started",
    "pause": "paused",
    "resume": "resumed",
    "stop": "stopped",
    "discard": "discarded",
    "change": "changed",
    "undo": "undone",
    "redo": "done again",
}
"""What an action of the ledger did to its record."""

LABELS = {
    "number": "Number",
    "service_date": "Date",
    "run_month": "Billed with",
    "start": "Began at",
    "kind": "Kind",
    "patient_id": "Patient",
    "staff": "Staff",
    "minutes": "Minutes",
    "method": "How",
    "contacted": "Contacted",
    "reason": "Reason",
    "outcome_words": "Outcome",
    "response": "Response",
    "next_step": "Next step",
    "note": "Note",
    "what": "To do",
    "due_date": "Due",
    "assigned_to": "Whose",
    "activity_id": "Comes from",
    "done_on": "Done on",
    "done_by": "Done by",
    "done_note": "Done",
    "done_activity_id": "Done with",
    "chart_number": "Chart number",
    "last_name": "Last name",
    "first_name": "First name",
    "birth_date": "Birth date",
    "payer_name": "Payer",
    "member_id": "Member id",
    "valid_from": "Valid from",
    "valid_to": "Valid to",
    "month": "Month",
    "opened_on": "Opened on",
    "consent": "Consent",
    "complaint": "Complaint",
    "findings": "Findings",
    "barriers": "Barriers",
    "supplementary": "On file",
    "plan": "Plan",
    "treating_dentist": "Dentist",
    "treating_dentist_npi": "Dentist's NPI",
    "closed_on": "Closed on",
    "close_reason": "Closed because",
    "lines": "Lines",
    "case_id": "Case",
    "status": "Status",
    "signed_by": "Signed by",
    "entered_by": "Entered by",
    **billing_words.LABELS,
    "source.file": "Copied from",
    "source.sheet": "Sheet",
    "source.row": "Row",
    "voided": "Withdrawn",
}
"""What people call the fields, in the order in which they read them; own fields of a kind come last."""

HIDDEN = billing_words.HIDDEN | {
    *("id", "payer", "payer_rules", "coverage_id", "source.digest", "source.mends")
}
"""Fields that say nothing to a reader."""

REWRITTEN = 24
"""A text of fewer characters is told as before and after, not word by word."""

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def told(desk: Desk, entity: str, text: str) -> Story:
    """A record's history, the newest entry first.

    Args:
        desk: the open practice.
        entity: what the record is, as the ledger calls it: activity, patient, case, claim, follow_up, …
        text: its id, or the last characters of it.

    Raises:
        NotFound: there is no such record.
    """
    record_id = full_id(desk.store, entity, text)
    with desk.store.snapshot():
        steps = [_told(desk, entity, step) for step in history_of(desk, entity, record_id)]
        return Story(title_of(desk, entity, record_id), tuple(reversed(steps)))


def title_of(desk: Desk, entity: str, record_id: str) -> str:
    """Which record it is, in one line, withdrawn or not."""
    record = load(desk.store, ENTITIES[entity], record_id)
    match record:
        case Patient():
            return label(record)
        case Staff() | Practice():
            return record.name
        case Activity():
            title = f"{desk.kinds.title(record.kind)} {format_us(record.service_date)}"
        case FollowUp():
            title = f"{record.what}, due {format_us(record.due_date)}"
        case Case():
            title = f"Case opened {format_us(record.opened_on)}"
        case Claim():
            title = f"Claim {record.number}"
        case MonthClose():
            title = month_title(record.id)
        case Remittance():
            title = f"Payer's answer of {format_us(record.received_on)}"
        case PatientPayment():
            title = f"Patient's payment of {format_cents(record.cents)} on {format_us(record.received_on)}"
        case Coverage():
            title = f"Coverage by {record.payer_name}"
        case _:
            title = entity.replace("_", " ").capitalize()
    whose = patient_label(desk, getattr(record, "patient_id", ""))
    return f"{title} · {whose}" if whose else title


def _told(desk: Desk, entity: str, step: Step) -> Told:
    """An entry in people's words."""
    did, reason = did_to(entity, step.action), step.reason
    if step.action in {"undo", "redo"}:
        done = deed_name(step.action, step.reason)
        did, reason = f"{did}: {did_to(entity, done)}", ""
    order = {name: place for place, name in enumerate(LABELS)}
    changes = sorted(
        (change for change in step.changes if change.field not in HIDDEN),
        key=lambda change: order.get(change.field, len(order)),
    )
    who = as_of(desk.store, Staff, step.staff, instant_of(step.when))
    return Told(
        step.when,
        did,
        named(who) if who else step.staff,
        reason,
        step.place,
        step.hash,
        tuple(_difference(desk, entity, change) for change in changes),
    )


def did_to(entity: str, action: str) -> str:
    """What an action of the ledger did to a record of some kind."""
    if entity == "claim" and action in billing_words.CLAIM_DID:
        return billing_words.CLAIM_DID[action]
    if entity != "follow_up" and action in billing_words.BILLING_DID:
        return billing_words.BILLING_DID[action]
    return DID.get(action, action)


def _difference(desk: Desk, entity: str, change: Change) -> Difference:
    """A field's change in people's words."""
    own = change.field.removeprefix("fields.")
    if entity == "activity" and own != change.field:
        return _own_difference(desk, own, change)
    label_ = billing_words.OWN_LABELS.get((entity, change.field)) or LABELS.get(change.field)
    label_ = label_ or own.replace("_", " ").replace(".", ", ").capitalize()
    before, after = (_shown(desk, entity, change.field, value) for value in (change.before, change.after))
    return _of_texts(label_, before, after)


def _own_difference(desk: Desk, name: str, change: Change) -> Difference:
    """A change of a field that only some kind has; the kind may itself have been changed since."""
    field = next((found for kind in desk.kinds if (found := kind.field(name))), None)
    if field is None:
        return _of_texts(name.replace("_", " ").capitalize(), change.before, change.after)
    return _of_texts(field.label, field.shown(change.before), field.shown(change.after))


def _of_texts(label_: str, before: str, after: str) -> Difference:
    """Word by word where a longer text was rewritten in part, so that what stayed need not be read twice."""
    if min(len(before), len(after)) >= REWRITTEN:
        runs = compared(before, after)
        if any(run.fate == "kept" and run.text.strip() for run in runs):
            return Difference(label_, before, after, runs)
    return Difference(label_, before, after)


def _shown(desk: Desk, entity: str, field: str, value: str) -> str:
    """A kept value as people read it."""
    if field == "voided":
        return value or "no"
    if not value:
        return ""
    reads = billing_words.OWN_READ.get((entity, field)) or _READ.get(field)
    if reads is not None:
        return reads(desk, value)
    return format_us(value) if _ISO_DATE.fullmatch(value) else value


def staff_name(desk: Desk, login: str) -> str:
    """Name and credential of a login, of those withdrawn as well."""
    member = load(desk.store, Staff, login)
    return named(member) if member else login


def _at(desk: Desk, instant: str) -> str:
    at = desk.local(int(instant))
    return f"{format_us(at.date())} {at:%H:%M}" if int(instant) else ""


def _case(desk: Desk, record_id: str) -> str:
    found = load(desk.store, Case, record_id)
    return f"the one opened on {format_us(found.opened_on)}" if found else record_id


def _activity(desk: Desk, record_id: str) -> str:
    found = load(desk.store, Activity, record_id)
    if found is None:
        return record_id
    return f"{format_minutes(found.minutes)} {desk.kinds.title(found.kind)}, {format_us(found.service_date)}"


def _claim_lines(desk: Desk, value: str) -> str:
    return "; ".join(
        f"{format_us(line['service_date'])} {line['code']}, {format_minutes(line['minutes'])}, "
        f"{format_cents(line['quantity'] * line['fee_cents'])}"
        for line in json.loads(value)
    )


_READ: dict[str, Callable[[Desk, str], str]] = {
    "kind": lambda desk, value: desk.kinds.title(value),
    "patient_id": lambda desk, value: patient_label(desk, value) or value,
    "minutes": lambda desk, value: format_minutes(int(value)),
    "method": lambda desk, value: method_label(value),
    "banked_seconds": lambda desk, value: format_minutes(int(value) // 60),
    "barriers": lambda desk, value: ", ".join(json.loads(value)),
    **billing_words.READ,
    "lines": _claim_lines,
    "run_month": lambda desk, value: month_title(value),
    "case_id": _case,
    **dict.fromkeys(
        ("staff", "assigned_to", "done_by", "signed_by", "entered_by", "verified_by", "closed_by"), staff_name
    ),
    **dict.fromkeys(("activity_id", "done_activity_id"), _activity),
    **dict.fromkeys(("started_at", "running_since", "imported_at", "closed_at"), _at),
}
"""How values are read that are not text as somebody wrote it, by field."""
