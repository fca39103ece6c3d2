"""What people ask for, as frozen values: a face makes one, a service carries it out."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

NOTHING: Mapping[str, str] = MappingProxyType({})
"""No fields. Commands are named tuples: making a dozen data classes would take a tenth of a `log`."""


class FollowUpWish(NamedTuple):
    """Something to do by a date."""

    due_date: date
    what: str


class LogActivity(NamedTuple):
    """Log a piece of work. Minutes are raw; an empty `staff` means who acts."""

    patient_id: str
    kind: str
    service_date: date
    minutes: int
    outcome_words: str
    outcome: str = ""
    """An outcome id, where it is known already; else it is found from the words."""
    start: str = ""
    method: str = ""
    contacted: str = ""
    reason: str = ""
    response: str = ""
    next_step: str = ""
    note: str = ""
    fields: Mapping[str, str] = NOTHING
    follow_ups: tuple[FollowUpWish, ...] = ()
    finishes: str = ""
    """A follow-up that it did: its id, the last characters of it, or `last`."""
    staff: str = ""
    draft: bool = False


class AmendActivity(NamedTuple):
    """Change what an activity says; `changes` has only what changes, by the field's name."""

    activity_id: str
    reason: str
    changes: Mapping[str, str | int]
    fields: Mapping[str, str] = NOTHING
    """Changes to the kind's own fields; an empty value takes one away."""


class VoidActivity(NamedTuple):
    """Withdraw an activity; it stays in the record, with the reason."""

    activity_id: str
    reason: str


class SignActivity(NamedTuple):
    """Sign a draft as complete."""

    activity_id: str


class AddPatient(NamedTuple):
    """A new patient, and the cover where it is known."""

    last_name: str
    first_name: str
    birth_date: date
    chart_number: str = ""
    """Empty: the next free number."""
    gender: str = ""
    language: str = ""
    phone: str = ""
    address: str = ""
    payer: str = ""
    member_id: str = ""


class EditPatient(NamedTuple):
    """Change what is kept about a patient."""

    patient_id: str
    changes: Mapping[str, str]
    reason: str = ""


class AddStaff(NamedTuple):
    """A new member of staff."""

    login: str
    name: str
    credential: str = ""
    role: str = "case manager"
    npi: str = ""
    access: str = "case manager"
    """What they may do in this program: one of core.roles.ROLES."""


class EditStaff(NamedTuple):
    """Change what is kept about a member of staff; `active_to` says when somebody left."""

    login: str
    changes: Mapping[str, str]


class AddCoverage(NamedTuple):
    """A patient's cover; empty dates leave it open at that end."""

    patient_id: str
    payer: str
    member_id: str
    valid_from: str = ""
    valid_to: str = ""


class OpenCase(NamedTuple):
    """Begin an episode of case management."""

    patient_id: str
    opened_on: date
    consent: str = ""
    complaint: str = ""
    findings: str = ""
    barriers: tuple[str, ...] = ()
    supplementary: str = ""
    plan: str = ""
    treating_dentist: str = ""
    treating_dentist_npi: str = ""


class EditCase(NamedTuple):
    """Complete or correct a case."""

    case_id: str
    changes: Mapping[str, str | tuple[str, ...]]


class CloseCase(NamedTuple):
    """End an episode of case management."""

    case_id: str
    closed_on: date
    reason: str


class AddFollowUp(NamedTuple):
    """Something to do by a date."""

    due_date: date
    what: str
    patient_id: str = ""
    activity_id: str = ""
    assigned_to: str = ""


class FinishFollowUp(NamedTuple):
    """A follow-up is done."""

    follow_up_id: str
    note: str = ""


class AssignFollowUp(NamedTuple):
    """Give a follow-up to somebody else to do."""

    follow_up_id: str
    assigned_to: str
    """Their login."""
    reason: str = ""


class SnoozeFollowUp(NamedTuple):
    """Put a follow-up off."""

    follow_up_id: str
    due_date: date
    reason: str = ""
