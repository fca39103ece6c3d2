"""What the list of patients and a patient's page ask of the lane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from casemgr.errors import NotFound

if TYPE_CHECKING:
    from casemgr.core.dates import Month
    from casemgr.services.changes import Pulse
    from casemgr.services.desk import Desk
    from casemgr.services.patient_page import PatientPage
    from casemgr.services.picking import PatientRow

MOST = 200
"""More patients than this nobody reads through, but types another letter."""


@dataclass
class PatientsFound(Message):
    """Patients whom a text may mean, the likeliest first."""

    text: str
    rows: tuple[PatientRow, ...]
    pulse: Pulse


@dataclass
class PatientSeen(Message):
    """A patient's page as it stands."""

    page: PatientPage


@dataclass
class PatientGone(Message):
    """There is no such patient any more."""

    why: NotFound


def look(desk: Desk, text: str) -> PatientsFound:
    """Read whom a text may mean; without one, those worked with last."""
    from casemgr.services.changes import pulse
    from casemgr.services.picking import pick_patients

    return PatientsFound(text, tuple(pick_patients(desk, text, MOST)), pulse(desk))


def look_at(desk: Desk, patient_id: str, month: Month, voided: bool) -> PatientSeen | PatientGone:
    """Read a patient's page."""
    from casemgr.services.patient_page import patient_page

    try:
        return PatientSeen(patient_page(desk, patient_id, month, voided))
    except NotFound as error:
        return PatientGone(error)
