"""Short ways about a patient's page."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from textual.widgets import Static

from casemgr.core.commands import AddCoverage, AddFollowUp, EditPatient, OpenCase
from casemgr.core.dates import Month
from casemgr.services.activities import log_activity
from casemgr.services.cases import open_case
from casemgr.services.claims import draft_claims
from casemgr.services.coverages import add_coverage
from casemgr.services.entries import wish_from_text
from casemgr.services.follow_ups import add_follow_up
from casemgr.services.patients import edit_patient, the_patient_id
from casemgr.tui.messages import Go
from casemgr.tui.screens.form import FormScreen
from casemgr.tui.screens.patient import PatientScreen
from casemgr.tui.widgets.kept import KeptList

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.services.desk import Desk
    from casemgr.tui.widgets.fields import FieldRow
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]

PAYER = "Sunrise Medicaid Dental"


def on_file(desk: Desk) -> str:
    """Id of Ana Garcia, with cover, a case that lacks its plan, work, a claim and a follow-up."""
    patient_id = the_patient_id(desk, "1030")
    edit_patient(desk, EditPatient(patient_id, {"language": "Spanish, interpreter wanted"}))
    add_coverage(desk, AddCoverage(patient_id, PAYER, "SYN4410231", "2026-01-01"))
    open_case(
        desk,
        OpenCase(
            patient_id, date(2026, 9, 3), complaint="missed 2 of 3 visits", findings="caries #17",
            barriers=("Z59.82", "mother works nights"), supplementary="pano 9/1",
        ),
    )  # fmt: skip
    log(desk, "20m referral 1030 10/19: OS consult, records sent => consult booked")
    draft_claims(desk, Month(2026, 10))
    log(desk, "5m education 1030: brushing => teach-back done")
    add_follow_up(desk, AddFollowUp(date(2026, 10, 26), "confirm ride", patient_id))
    return patient_id


def log(desk: Desk, line: str) -> str:
    return log_activity(desk, wish_from_text(desk, line)).activity.id


async def go(face: Face, at: str) -> PatientScreen:
    face.app.screen.post_message(Go("patients", at))
    await face.settle()
    page = next(each for each in face.app.screen_stack if isinstance(each, PatientScreen))
    await face.settle()
    return page


async def mark(face: Face, entity: str, record_id: str = "") -> None:
    """Put the cursor on a row of what is on file."""
    kept = face.app.screen.query_one(KeptList)
    kept.focus()
    kept.mark(next(key for key in kept.keys if key.startswith(f"{entity} {record_id}")))
    await face.settle()


def form(face: Face) -> FormScreen:
    assert isinstance(face.app.screen, FormScreen)
    return face.app.screen


def row(face: Face, field: str) -> FieldRow:
    found = form(face).row(field)
    assert found is not None
    return found


def complaint(face: Face, field: str) -> str:
    return str(row(face, field).query_one(".complaint", Static).render())
