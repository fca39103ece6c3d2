"""The boxes of the claim form that casemgr fills."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from casemgr.core.billing_commands import EditClaim
from casemgr.core.commands import OpenCase
from casemgr.services.attachments import AttachFile, attach
from casemgr.services.benefits import AddAuthorization, add_authorization
from casemgr.services.cases import open_case
from casemgr.services.claim_edit import edit
from casemgr.services.claim_forms import ClaimForms
from casemgr.services.claims import draft_claims
from casemgr.services.patients import the_patient_id
from casemgr.services.practices import edit_practice
from tests.documents.enclosed import png
from tests.services.support import OCTOBER, cover, log

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.services.desk import Desk


def test_each_box_has_what_the_claim_says(desk: Desk) -> None:
    ana = the_patient_id(desk, "1030")
    cover(desk, ana)
    open_case(
        desk,
        OpenCase(ana, date(2026, 10, 1), treating_dentist="Dr. Lee Park", treating_dentist_npi="1234567893"),
    )
    edit_practice(desk, {"npi": "1003000126", "tax_id": "04-1234567"})
    log(desk, "20m referral #1030 10/5: consult => booked")
    log(desk, "15m ride #1030 10/6: no car => ride confirmed")
    (claim,) = draft_claims(desk, OCTOBER).claims
    add_authorization(desk, AddAuthorization(ana, "PA-778"))
    wish: dict[str, str | tuple[str, ...]] = {
        "diagnoses": ("Z59.82", "Z55.6"),
        "authorization_id": "PA-778",
        "place_of_service": "02",
    }
    edit(desk, EditClaim(claim.number, wish))
    with desk.store.snapshot():
        one, other = ClaimForms(desk, OCTOBER).lines()
    assert (one.form, one.line, other.form, other.line) == (1, 1, 1, 2)
    for line in (one, other):
        assert (line.preauthorization, line.payer) == ("PA-778", "Sunrise Medicaid Dental")
        assert (line.patient, line.birth_date, line.chart_number) == (
            "Garcia, Ana",
            date(2012, 4, 9),
            "1030",
        )
        assert (line.member_id, line.code, line.quantity) == ("SYN0000001", "D9993", 1)
        assert (line.pointer, line.qualifier) == ("AB", "AB")
        assert (line.diagnosis_a, line.diagnosis_b, line.diagnosis_c) == ("Z59.82", "Z55.6", "")
        assert (line.place_of_service, line.enclosures) == ("02", "N")
        assert (line.practice, line.practice_npi, line.tax_id) == (
            desk.practice.name,
            "1003000126",
            "04-1234567",
        )
        assert (line.dentist, line.dentist_npi) == ("Dr. Lee Park", "1234567893")
    assert (one.charge_cents, one.form_total_cents, other.form_total_cents) == (1500, 3000, None)
    assert one.remarks.startswith("Case management, 10/5/2026 to 10/6/2026: 2 entries, 35 min.")
    assert other.remarks == ""


def test_what_is_enclosed_is_said(desk: Desk, tmp_path: Path) -> None:
    cover(desk, the_patient_id(desk, "1030"))
    log(desk, "20m referral #1030 10/5: consult => booked")
    (claim,) = draft_claims(desk, OCTOBER).claims
    (tmp_path / "referral.png").write_bytes(png())
    attach(desk, AttachFile(tmp_path / "referral.png", claim=claim.number))
    with desk.store.snapshot():
        (line,) = ClaimForms(desk, OCTOBER).lines()
    assert line.enclosures == "Y"
