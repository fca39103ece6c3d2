"""A patient's page: all that is known about one, of one moment."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import (
    AddFollowUp,
    AddPatient,
    CloseCase,
    EditCase,
    FinishFollowUp,
    OpenCase,
    VoidActivity,
)
from casemgr.core.rows import ActivityFilter
from casemgr.errors import NotFound
from casemgr.services import patient_page as pages
from casemgr.services.activities import void_activity
from casemgr.services.cases import close_case, edit_case, open_case
from casemgr.services.claims import draft_claims, void_claim
from casemgr.services.follow_ups import add_follow_up, finish_follow_up
from casemgr.services.log_view import log_keys, log_rows
from casemgr.services.patient_page import patient_page
from casemgr.services.patients import add_patient
from tests.services.support import OCTOBER, SEPTEMBER, TODAY, cover, log

if TYPE_CHECKING:
    from casemgr.services.desk import Desk


def test_a_page_says_who_it_is_and_who_it_is_not(desk: Desk, ana: str) -> None:
    page = patient_page(desk, ana)
    assert (page.patient.display_name, page.age, page.patient.chart_number) == ("Garcia, Ana", 14, "1030")
    assert (page.patient.language, page.patient.phone) == ("Spanish", "617-555-0130")
    assert [ref.label for ref in page.namesakes] == ["Garcia, Ana 4/9/1985 #1031"]
    turned = add_patient(desk, AddPatient("Ana", "Garcia", date(2001, 1, 1), "1040")).patient.id
    assert [ref.chart_number for ref in patient_page(desk, turned).namesakes] == ["1031", "1030"]


def test_a_new_patient_has_an_empty_page(desk: Desk, ana: str) -> None:
    page = patient_page(desk, ana)
    assert (page.coverages, page.cases, page.claims, page.follow_ups, page.newest) == ((), (), (), (), ())
    assert (page.activities, page.minutes, page.timeline.count, page.timeline.capped) == (0, 0, 0, False)
    assert (page.open_case, page.barriers, page.month) == (None, (), OCTOBER)


def test_coverages_say_which_is_billed_today(desk: Desk, ana: str) -> None:
    cover(desk, ana, "2026-01-01", payer="First Dental")
    cover(desk, ana, "2026-06-01")
    cover(desk, ana, "2027-01-01", payer="Later Dental")
    cover(desk, ana, last="2025-12-31", payer="Former Dental")
    found = patient_page(desk, ana).coverages
    assert [(each.coverage.payer_name, each.state) for each in found] == [
        ("Sunrise Medicaid Dental", "billed"),
        ("First Dental", "in force"),
        ("Later Dental", "ahead"),
        ("Former Dental", "ended"),
    ]


def test_the_checklist_says_what_is_missing_by_its_name(desk: Desk, ana: str) -> None:
    old = open_case(desk, OpenCase(ana, date(2026, 3, 1), barriers=("mother works nights",)))
    close_case(desk, CloseCase(old.id, date(2026, 4, 1), "moved away"))
    case = open_case(
        desk,
        OpenCase(
            ana, date(2026, 9, 3), complaint="missed 2 of 3", findings="TBD", barriers=("Z59.82", "no car")
        ),
    )
    log(desk, "20m referral 1030 10/5: OS => packet faxed")
    page = patient_page(desk, ana)
    assert [one.case.id for one in page.cases] == [case.id, old.id]
    assert page.open_case is not None
    assert page.barriers[1] == "no car"
    assert page.barriers[0].startswith("Z59.82 ")
    assert [(point.field, point.present) for point in page.open_case.checklist] == [
        ("complaint", True),
        ("findings", False),
        ("supplementary", False),
        ("plan", False),
        ("outcomes", False),
    ]
    assert page.open_case.missing[0].title == "Findings that support case management"
    assert page.open_case.evidence.startswith("1 of 1 activities state what came of them; 0 of 1")

    edit_case(desk, EditCase(case.id, {"findings": "caries", "supplementary": "pano", "plan": "extract"}))
    log(desk, "15m transport 1030 10/6: ride => ride confirmed !10/26 confirm ride")
    after = patient_page(desk, ana).open_case
    assert after is not None
    assert (after.missing, after.activities) == ((), 2)


def test_what_is_claimed_due_and_done_stands_on_it(desk: Desk, ana: str) -> None:
    cover(desk, ana)
    log(desk, "20m referral 1030 9/5: OS => packet faxed")
    log(desk, "5m missed visit 1030 10/5: => left voicemail !10/21 call again")
    log(desk, "15m transport 1030 10/6: ride => ride confirmed !10/26 confirm ride")
    log(desk, "10m transport 1031 10/6: ride => ride confirmed !10/26 confirm ride")
    (september,) = draft_claims(desk, SEPTEMBER).claims
    void_claim(desk, september.number, "wrong coverage")
    (october,) = draft_claims(desk, OCTOBER, ana).claims
    done = add_follow_up(desk, AddFollowUp(TODAY, "call school", ana))
    finish_follow_up(desk, FinishFollowUp(done.id))

    page = patient_page(desk, ana)
    assert [row.number for row in page.claims] == [october.number, september.number]
    assert [bool(row.voided) for row in page.claims] == [False, True]
    assert [(each.row.what, each.state, each.age_days) for each in page.follow_ups] == [
        ("call again", "due", 0),
        ("confirm ride", "ahead", -5),
    ]
    assert (page.activities, page.minutes) == (2, 20)
    assert patient_page(desk, ana, SEPTEMBER).minutes == 20
    assert [row.row.service_date for row in page.newest] == ["2026-10-06", "2026-10-05", "2026-09-05"]
    assert page.timeline.minutes == 40


def test_the_timeline_is_a_window(desk: Desk, ana: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "NEWEST", 2)
    made = [log(desk, f"{day}m referral 1030 10/{day}: OS => packet faxed").id for day in range(1, 6)]
    void_activity(desk, VoidActivity(made[4], "entered twice"))
    page = patient_page(desk, ana)
    assert [each.row.id for each in page.newest] == [made[3], made[2]]
    assert page.timeline.ids == (*made[3::-1],)
    assert page.timeline == log_keys(desk, ActivityFilter(patient_id=ana, newest_first=True))
    assert set(log_rows(desk, page.timeline.ids[2:])) == {made[1], made[0]}
    assert patient_page(desk, ana, include_voided=True).newest[0].row.status == "voided"


def test_somebody_unknown_has_no_page(desk: Desk) -> None:
    with pytest.raises(NotFound, match="There is no such patient"):
        patient_page(desk, "nobody")
