"""Cases: one open at a time, no day in two, and what their documentation lacks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import CloseCase, EditCase, LogActivity, OpenCase
from casemgr.errors import InputRefused, NotFound, RuleRefused
from casemgr.services.activities import log_activity
from casemgr.services.cases import checklist, close_case, edit_case, listed, open_case, the_case
from casemgr.services.patients import the_patient_id
from casemgr.services.undo import undo

if TYPE_CHECKING:
    from casemgr.services.desk import Desk

SEPTEMBER = date(2026, 9, 3)
TODAY = date(2026, 10, 21)


def test_a_case_says_what_it_was_opened_with(desk: Desk, ana: str) -> None:
    case = open_case(
        desk,
        OpenCase(
            ana,
            SEPTEMBER,
            complaint=" missed 2 of 3 visits\nbefore extraction #17 ",
            barriers=("Z59.82", " mother  works nights ", "Z59.82", " "),
            treating_dentist="Dr. Lee",
            treating_dentist_npi="1234567893",
        ),
    )
    assert case.complaint == "missed 2 of 3 visits\nbefore extraction #17"
    assert case.barriers == ("Z59.82", "mother works nights")
    assert [row.case for row in listed(desk)] == [case]
    assert listed(desk)[0].patient.chart_number == "1030"


def test_the_checklist_says_what_is_missing(desk: Desk, ana: str) -> None:
    case = open_case(desk, OpenCase(ana, SEPTEMBER, complaint="missed visits", plan="rides, since no car"))
    assert {point.field: point.present for point in checklist(case)} == {
        "complaint": True,
        "findings": False,
        "supplementary": False,
        "plan": True,
    }


def test_a_patient_has_one_open_case(desk: Desk, ana: str) -> None:
    open_case(desk, OpenCase(ana, SEPTEMBER))
    with pytest.raises(RuleRefused, match="Garcia, Ana 4/9/2012 #1030 has an open case since 9/3/2026"):
        open_case(desk, OpenCase(ana, TODAY))
    assert open_case(desk, OpenCase(the_patient_id(desk, "1031"), TODAY))


def test_cases_follow_one_another_without_sharing_days(desk: Desk, ana: str) -> None:
    first = open_case(desk, OpenCase(ana, SEPTEMBER))
    close_case(desk, CloseCase(first.id, date(2026, 10, 1), "treatment complete"))
    with pytest.raises(RuleRefused, match="another case in that time, 9/3/2026 to 10/1/2026"):
        open_case(desk, OpenCase(ana, date(2026, 9, 30)))
    second = open_case(desk, OpenCase(ana, date(2026, 10, 1)))
    with pytest.raises(InputRefused, match="would open on 10/5/2026, after it was closed"):
        edit_case(desk, EditCase(first.id, {"opened_on": "2026-10-05"}))
    with pytest.raises(RuleRefused, match="another case in that time"):
        edit_case(desk, EditCase(second.id, {"opened_on": "2026-09-05"}))


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        (OpenCase("", date(2026, 10, 22)), "10/22/2026 is in the future"),
        (OpenCase("", date(2012, 4, 8)), "before the patient was born"),
        (OpenCase("", TODAY, treating_dentist_npi="12"), "is no NPI"),
    ],
)
def test_a_case_that_cannot_be_is_refused(desk: Desk, ana: str, wish: OpenCase, told: str) -> None:
    with pytest.raises(InputRefused, match=told):
        open_case(desk, OpenCase(ana, wish.opened_on, treating_dentist_npi=wish.treating_dentist_npi))
    assert listed(desk) == []


def test_an_edit_completes_the_documentation(desk: Desk, ana: str) -> None:
    case = open_case(desk, OpenCase(ana, SEPTEMBER, complaint="missed visits", barriers=("Z59.82",)))
    edited = edit_case(
        desk, EditCase(case.id[-6:], {"findings": "abscess #17", "barriers": ("Z59.82", "works nights")})
    )
    assert (edited.findings, edited.complaint) == ("abscess #17", "missed visits")
    assert edited.barriers == ("Z59.82", "works nights")
    assert edit_case(desk, EditCase(case.id, {"barriers": ()})).barriers == ()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "says this already"),
        ({"closed_on": "2026-10-01"}, "no “closed_on” to change"),
        ({"opened_on": "2026-10-22"}, "in the future"),
        ({"opened_on": "2026-02-30"}, "is no date"),
    ],
)
def test_an_edit_that_cannot_be_is_refused(desk: Desk, ana: str, changes: dict[str, str], told: str) -> None:
    case = open_case(desk, OpenCase(ana, SEPTEMBER))
    with pytest.raises(InputRefused, match=told):
        edit_case(desk, EditCase(case.id, changes))


def test_a_case_is_closed_once_and_with_a_reason(desk: Desk, ana: str) -> None:
    case = open_case(desk, OpenCase(ana, SEPTEMBER))
    for day, reason, told in (
        (TODAY, " ", "with a reason"),
        (date(2026, 10, 22), "done", "in the future"),
        (date(2026, 9, 2), "done", "before the case was opened on 9/3/2026"),
    ):
        with pytest.raises(InputRefused, match=told):
            close_case(desk, CloseCase(case.id, day, reason))
    closed = close_case(desk, CloseCase(case.id, TODAY, "treatment complete"))
    assert (closed.closed_on, closed.close_reason) == ("2026-10-21", "treatment complete")
    with pytest.raises(RuleRefused, match="closed on 10/21/2026"):
        close_case(desk, CloseCase(case.id, TODAY, "again"))
    assert listed(desk) == []
    assert [row.case for row in listed(desk, ana, include_closed=True)] == [closed]


def test_a_closed_case_can_still_be_completed(desk: Desk, ana: str) -> None:
    case = open_case(desk, OpenCase(ana, SEPTEMBER))
    close_case(desk, CloseCase(case.id, TODAY, "moved away"))
    edited = edit_case(desk, EditCase(case.id, {"plan": "rides, since no car"}))
    assert (edited.plan, edited.closed_on) == ("rides, since no car", "2026-10-21")


def test_a_case_is_named_by_id_or_patient(desk: Desk, ana: str) -> None:
    first = open_case(desk, OpenCase(ana, SEPTEMBER))
    for text in (first.id, first.id[-6:], "garcia ana 2012", "#1030"):
        assert the_case(desk, text) == first
    closed = close_case(desk, CloseCase(first.id, date(2026, 10, 1), "moved away"))
    assert the_case(desk, "1030") == closed
    second = open_case(desk, OpenCase(ana, date(2026, 10, 5)))
    assert the_case(desk, "1030") == second


def test_no_such_case(desk: Desk) -> None:
    with pytest.raises(NotFound, match="#1030 has no case"):
        the_case(desk, "1030")
    with pytest.raises(InputRefused, match="2 patients fit"):
        the_case(desk, "garcia ana")
    with pytest.raises(NotFound):
        the_case(desk, "00000000-0000-7000-8000-000000000000")


def test_a_withdrawn_case_is_no_case(desk: Desk, ana: str) -> None:
    case = open_case(desk, OpenCase(ana, SEPTEMBER))
    undo(desk)
    with pytest.raises(RuleRefused, match="withdrawn"):
        edit_case(desk, EditCase(case.id, {"plan": "rides"}))
    assert open_case(desk, OpenCase(ana, SEPTEMBER))


def test_work_belongs_to_the_case_of_its_day(desk: Desk, ana: str) -> None:
    case = open_case(desk, OpenCase(ana, SEPTEMBER))
    of_case = {
        day: log_activity(desk, LogActivity(ana, "referral", day, 20, "booked")).activity.case_id
        for day in (date(2026, 9, 2), SEPTEMBER, TODAY)
    }
    assert of_case == {date(2026, 9, 2): "", SEPTEMBER: case.id, TODAY: case.id}
