"""What a claim's documentation says, gathered from the record."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import AmendActivity, OpenCase, SignActivity
from casemgr.services.activities import amend_activity, sign_activity
from casemgr.services.cases import open_case
from casemgr.services.claims import draft_claims, the_claim, void_claim
from casemgr.services.importing import import_log
from casemgr.services.practices import edit_practice
from casemgr.services.summaries import remarks_of, summary_of
from casemgr.services.undo import undo
from casemgr.store.ledger import witness
from tests.services.support import OCTOBER, cover, log

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.clock import FixedClock
    from casemgr.core.summary import ClaimSummary
    from casemgr.services.desk import Desk


@pytest.fixture(autouse=True)
def covered(desk: Desk, ana: str) -> None:
    cover(desk, ana)


def drafted(desk: Desk) -> ClaimSummary:
    (claim,) = draft_claims(desk, OCTOBER).claims
    with desk.store.snapshot():
        return summary_of(desk, claim)


def test_it_says_who_when_what_and_how_long(desk: Desk) -> None:
    edit_practice(desk, {"address": "12 River St", "npi": "1234567893"})
    log(desk, "20m referral #1030 10/21 phone: oral surgery consult => booked 10/28")
    log(desk, "15m ride #1030 10/21: no car => ride confirmed")
    summary = drafted(desk)
    assert (summary.practice.name, summary.practice.npi) == ("Riverside Community Dental", "1234567893")
    assert (summary.patient.name, summary.patient.birth_date) == ("Garcia, Ana", date(2012, 4, 9))
    assert (summary.first_service, summary.last_service) == (date(2026, 10, 21), date(2026, 10, 21))
    assert (summary.minutes, summary.charge_cents) == (35, 1500)
    first, second = summary.activities
    assert (first.kind, first.minutes, first.outcome_words) == ("Referral coordination", 20, "booked 10/28")
    assert (first.outcome, first.method, first.code) == ("Consult booked", "Phone", "D9993")
    assert (first.staff, first.signed_by, first.signed_on) == (
        "Marisol Rivera",
        "Marisol Rivera",
        date(2026, 10, 21),
    )
    assert (first.labels, second.labels) == ((), ())
    assert "10/21/2026" in summary.narrative[0]
    assert "20 minutes" in summary.narrative[0]
    assert not summary.disagreements
    with desk.store.snapshot():
        assert (summary.witness, summary.witnessed_at) == witness(desk.store)
    # Transport under D9993 where the code set names D9991, and referral where it names D9992.
    assert len(summary.warnings) == 2


def test_a_late_entry_and_an_amendment_are_labelled(desk: Desk, clock: FixedClock) -> None:
    record = log(desk, "20m referral #1030 10/9: consult => booked")
    clock.move(days=1)
    amend_activity(desk, AmendActivity(record.id, "call log says 25", {"minutes": 25}))
    (activity,) = drafted(desk).activities
    assert activity.labels == (
        "LATE ENTRY, 12 days",
        "AMENDED 10/22/2026 by mrivera: call log says 25 (minutes was 20, now 25)",
    )


def test_an_amendment_that_was_undone_is_no_amendment(desk: Desk) -> None:
    record = log(desk, "20m referral #1030 10/20: consult => booked")
    amend_activity(desk, AmendActivity(record.id, "first", {"minutes": 25}))
    amend_activity(desk, AmendActivity(record.id, "second", {"minutes": 30}))
    undo(desk)
    (activity,) = drafted(desk).activities
    assert activity.labels[0] == "LATE ENTRY, 1 day"
    assert [label for label in activity.labels if "AMENDED" in label] == [
        "AMENDED 10/21/2026 by mrivera: first (minutes was 20, now 25)"
    ]


def test_signing_is_no_amendment_but_a_change_before_it_is_told(desk: Desk) -> None:
    record = log(desk, "20m referral #1030: consult", draft=True)
    amend_activity(desk, AmendActivity(record.id, "", {"outcome_words": "booked"}))
    sign_activity(desk, SignActivity(record.id))
    (activity,) = drafted(desk).activities
    (label,) = activity.labels
    assert label == "AMENDED 10/21/2026 by mrivera: before signing (outcome words was empty, now booked)"


def test_what_came_from_the_practices_log_says_from_where(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "old log.csv"
    path.write_text(
        "Date,Patient,Type,Mins,Staff,Outcome\n10/19/2026,Garcia Ana 4/9/2012,Referral,20,Tam Chen,booked\n",
        encoding="utf-8",
    )
    assert import_log(desk, path).summary["accepted"] == 1
    (activity,) = drafted(desk).activities
    assert activity.labels[0] == "LATE ENTRY, 2 days"
    assert activity.labels[1].startswith("Copied from the practice's log old log.csv, ")
    assert activity.labels[1].endswith(", row 2")
    assert (activity.staff, activity.credential, activity.signed_by) == ("Tam Chen", "RDH", "Marisol Rivera")


def test_the_checklist_says_what_is_there_and_what_is_missing(desk: Desk, ana: str) -> None:
    log(desk, "20m referral #1030 10/21: consult => booked")
    bare = {point.id: point for point in drafted(desk).checklist}
    assert bare["plan"].evidence == "No case was open"
    assert bare["outcomes"].satisfied
    assert not bare["complaint"].satisfied
    undo(desk)
    open_case(desk, OpenCase(ana, date(2026, 10, 1), complaint="Pain at 17", barriers=("Z59.82",)))
    summary = drafted(desk)
    points = {point.id: point for point in summary.checklist}
    assert (points["complaint"].satisfied, points["complaint"].evidence) == (True, "Pain at 17")
    assert (points["plan"].satisfied, points["plan"].evidence) == (False, "The case does not say it")
    assert summary.case is not None
    assert summary.case.barriers == ("Z59.82",)


def test_a_voided_claim_says_so(desk: Desk) -> None:
    log(desk, "20m referral #1030 10/21: consult => booked")
    (claim,) = draft_claims(desk, OCTOBER).claims
    void_claim(desk, claim.number, "wrong payer")
    with desk.store.snapshot():
        summary = summary_of(desk, the_claim(desk, claim.number))
    assert summary.status == "voided"
    assert summary.minutes == 20
    assert len(summary.activities) == 1


@pytest.mark.parametrize("count", [1, 5, 6, 7, 30])
def test_remarks_hold_whole_words_and_at_most_400_characters(desk: Desk, count: int) -> None:
    for number in range(count):
        log(desk, f"20m referral #1030 10/{number % 20 + 1}: consult => booked with Dr. Example-{number}")
    (claim,) = draft_claims(desk, OCTOBER).claims
    text = remarks_of(desk, claim)
    assert 0 < len(text) <= 400
    assert text.startswith("10/1/2026: Referral coordination, 20 min; booked with Dr. Example-0.")
    if count <= 5:
        assert text.count("Referral coordination") == count
    else:
        assert text.endswith(". …")
    words = {word.rstrip(".") for word in text.split() if word.startswith("Example-")}
    assert words <= {f"Example-{number}" for number in range(count)}
