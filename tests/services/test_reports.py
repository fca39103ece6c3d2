"""Sums over the log: a month, a patient, a member of staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import AmendActivity, VoidActivity
from casemgr.errors import NotFound
from casemgr.services.activities import amend_activity, void_activity
from casemgr.services.claims import draft_claims
from casemgr.services.patients import the_patient_id
from casemgr.services.reports import Sum, month_report, patient_report, staff_report
from casemgr.services.undo import undo
from tests.services.support import OCTOBER, SEPTEMBER, cover, log

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.services.desk import Desk


@pytest.fixture(autouse=True)
def october(desk: Desk, desk_of: Callable[[str], Desk], ana: str) -> None:
    """Four activities that count, one voided and one undone; a claim of the first two."""
    cover(desk, ana)
    log(desk, "20m referral #1030 10/5 9:00: consult => booked")
    log(desk, "15m ride #1030 10/5 9:10: no car => ride confirmed")
    draft_claims(desk, OCTOBER)
    log(desk_of("tchen"), "30m referral #1031 10/6: consult => left voicemail !10/26 call again")
    voided = log(desk, "40m referral #1030 10/7: consult => booked")
    void_activity(desk, VoidActivity(voided.id, "twice"))
    log(desk, "50m referral #1030 10/7: consult => booked")
    undo(desk)
    log(desk, "5m ride #1031 10/21: no car", draft=True)
    log(desk, "60m referral #1030 9/30: consult => booked")


def test_a_month(desk: Desk) -> None:
    report = month_report(desk, OCTOBER)
    assert (report.activities, report.minutes, report.patients) == (4, 70, 2)
    assert report.by_kind == (
        Sum("referral", "Referral coordination", 2, 50),
        Sum("transport", "Transport assistance", 2, 20),
    )
    assert report.by_staff == (Sum("mrivera", "Marisol Rivera", 3, 40), Sum("tchen", "Tam Chen", 1, 30))
    outcomes = {(kind, one.id): (one.activities, one.minutes) for kind, one in report.outcomes}
    assert outcomes[("referral", "consult_booked")] == (1, 20)
    assert sum(minutes for _, minutes in outcomes.values()) == 70
    assert (report.billing_lines, report.billed_minutes, report.charge_cents, report.claims) == (
        1,
        35,
        1500,
        1,
    )
    assert (report.left_out, report.left_out_minutes) == (2, 35)
    assert (report.voided, report.rejected_rows) == (1, 0)
    assert report.billed_minutes + report.left_out_minutes == report.minutes


def test_a_patient_in_a_month_or_ever(desk: Desk, ana: str) -> None:
    ever = patient_report(desk, ana)
    assert (len(ever.activities), ever.minutes, len(ever.claims)) == (3, 95, 1)
    in_october = patient_report(desk, ana, OCTOBER)
    assert (in_october.minutes, [one.minutes for one in in_october.by_kind]) == (35, [20, 15])
    assert patient_report(desk, ana, SEPTEMBER).claims == ()
    namesake = patient_report(desk, the_patient_id(desk, "1031"))
    assert [row.what for row in namesake.follow_ups] == ["call again"]


def test_a_member_of_staff_with_what_an_auditor_asks(desk: Desk) -> None:
    report = staff_report(desk, "MRivera", OCTOBER)
    assert (report.login, report.activities, report.minutes) == ("mrivera", 3, 40)
    assert report.by_day == (("2026-10-05", 2, 35), ("2026-10-21", 1, 5))
    assert (report.late, report.drafts, report.long_days) == (2, 1, ())
    assert [(one.service_date, one.minutes) for one in report.overlaps] == [("2026-10-05", 10)]
    amend_activity(desk, AmendActivity("last", "longer", {"service_date": "2026-10-21", "minutes": 720}))
    assert staff_report(desk, "mrivera", OCTOBER).long_days == ("2026-10-21",)
    with pytest.raises(NotFound):
        staff_report(desk, "nobody", OCTOBER)
