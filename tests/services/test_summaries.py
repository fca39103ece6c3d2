"""What a claim's documentation says, gathered from the record."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import AmendActivity, EditCase, EditStaff, OpenCase, SignActivity
from casemgr.services.activities import amend_activity, log_activity, sign_activity
from casemgr.services.cases import edit_case, open_case
from casemgr.services.claims import draft_claims, the_claim, void_claim
from casemgr.services.desk import open_desk
from casemgr.services.entries import wish_from_text
from casemgr.services.importing import import_log
from casemgr.services.patients import the_patient_id
from casemgr.services.practices import edit_practice
from casemgr.services.printing import remarks
from casemgr.services.staff import edit_staff
from casemgr.services.summaries import remarks_of, summary_of
from casemgr.services.undo import undo
from casemgr.store.ledger import witness
from tests.services.support import OCTOBER, cover, log, put_claim
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from casemgr.clock import FixedClock
    from casemgr.core.billing import Claim
    from casemgr.core.summary import ClaimSummary
    from casemgr.services.desk import Desk
    from casemgr.settings import Settings


@pytest.fixture(autouse=True)
def covered(desk: Desk, ana: str) -> None:
    cover(desk, ana)


def drafted(desk: Desk) -> ClaimSummary:
    (claim,) = draft_claims(desk, OCTOBER).claims
    return shown(desk, claim)


def shown(desk: Desk, claim: Claim) -> ClaimSummary:
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
    assert (summary.status, summary.warnings) == ("", ())
    assert len(summary.content_digest) == 64


def test_advice_is_for_the_practice_and_no_warning(desk: Desk) -> None:
    log(desk, "20m referral #1030 10/21 9:00: oral surgery consult => booked 10/28")
    log(desk, "15m ride #1030 10/21 9:10: no car => ride confirmed")
    log(desk, "700m education #1031 10/21: at home => understood")
    summary = drafted(desk)
    assert summary.warnings == ()
    # Transport under D9993 where the code set names D9991, and referral where it names D9992.
    assert [one for one in summary.advice if "D9991" in one]
    assert [one for one in summary.advice if "D9992" in one]
    for word in ("made-up examples", "mrivera has 12 h 15 on 10/21/2026", "share 10 minutes"):
        assert [one for one in summary.advice if word in one], (word, summary.advice)
    assert len(summary.advice) == 5


def test_a_code_without_a_fee_is_advised_of(desk: Desk) -> None:
    cover(desk, the_patient_id(desk, "1031"), payer="Uncle Bob's Plan")
    log(desk, "20m referral #1031 10/21: consult => booked")
    assert "No fee is set for D9993: it is charged $0.00." in drafted(desk).advice


def test_a_claim_says_which_one_it_takes_the_place_of(desk: Desk, clock: FixedClock) -> None:
    log(desk, "20m referral #1030 10/21: consult => booked")
    (unseen,) = draft_claims(desk, OCTOBER).claims
    void_claim(desk, unseen.number, "a slip that nobody saw")
    (first,) = draft_claims(desk, OCTOBER).claims
    remarks(desk, first)
    void_claim(desk, first.number, "wrong member id")
    clock.move(days=1)
    assert drafted(desk).warnings == (
        f"This claim takes the place of {first.number}, voided on 10/21/2026: wrong member id",
    )


def test_a_claim_says_that_its_log_changed_after_it_was_sent(desk: Desk) -> None:
    record = log(desk, "20m referral #1030 10/21: consult => booked")
    (claim,) = draft_claims(desk, OCTOBER).claims
    put_claim(desk, claim, "submitted", "2026-10-21")
    amend_activity(desk, AmendActivity(record.id, "call log", {"minutes": 25}))
    assert shown(desk, the_claim(desk, claim.number)).warnings == (
        "AMENDED CLAIM OWED: the log changed after the claim was sent on 10/21/2026",
    )


def test_a_draft_that_was_undone_was_never_a_claim(desk: Desk) -> None:
    log(desk, "20m referral #1030 10/21: consult => booked")
    draft_claims(desk, OCTOBER)
    undo(desk)
    assert drafted(desk).warnings == ()


def test_staff_are_shown_as_they_were_when_they_signed(desk: Desk, clock: FixedClock) -> None:
    record = log(desk, "20m referral #1030 10/21: consult => booked")
    amend_activity(desk, AmendActivity(record.id, "call log", {"minutes": 25}))
    clock.move(days=1)
    edit_staff(desk, EditStaff("mrivera", {"name": "Marisol Rivera-Diaz", "credential": "CDHC"}))
    amend_activity(desk, AmendActivity(record.id, "a word", {"note": "no car"}))
    summary = drafted(desk)
    (activity,) = summary.activities
    assert (activity.staff, activity.credential, activity.signed_by) == (
        "Marisol Rivera",
        "",
        "Marisol Rivera",
    )
    assert "Rivera-Diaz" not in summary.narrative[0]
    assert [label.partition(" by ")[2].partition(":")[0] for label in activity.labels] == [
        "Marisol Rivera",
        "Marisol Rivera-Diaz, CDHC",
    ]
    assert summary.prepared_by == "Marisol Rivera-Diaz, CDHC"


def test_who_entered_and_when_it_was_signed_are_told(
    desk: Desk, desk_of: Callable[[str], Desk], clock: FixedClock
) -> None:
    wish = wish_from_text(desk, "20m referral #1030 10/20: consult => booked", draft=True)
    record = log_activity(desk, wish._replace(staff="tchen")).activity
    clock.move(days=3)
    sign_activity(desk_of("tchen"), SignActivity(record.id))
    (activity,) = drafted(desk).activities
    assert activity.labels == (
        "LATE ENTRY, 1 day",
        "SIGNED LATE, 4 days after the service date",
        "Entered by Marisol Rivera",
    )
    assert (activity.signed_by, activity.signed_on) == ("Tam Chen, RDH", date(2026, 10, 24))


def test_what_was_changed_in_the_case_since_drafting_is_labelled(
    desk: Desk, ana: str, clock: FixedClock
) -> None:
    case = open_case(desk, OpenCase(ana, date(2026, 10, 1), complaint="Pain at 17"))
    edit_case(desk, EditCase(case.id, {"plan": "Rides"}))
    log(desk, "20m referral #1030 10/21: consult => booked")
    (claim,) = draft_claims(desk, OCTOBER).claims
    before = shown(desk, claim)
    assert before.case is not None
    assert before.case.labels == ()
    clock.move(days=1)
    edit_case(desk, EditCase(case.id, {"plan": "Buses"}))
    after = shown(desk, claim)
    assert after.case is not None
    assert after.case.labels == ("AMENDED 10/22/2026 by Marisol Rivera (plan was Rides, now Buses)",)


def test_the_words_of_a_kind_are_part_of_the_paper(desk: Desk, settings: Settings) -> None:
    log(desk, "20m referral #1030 10/21: consult => booked")
    (claim,) = draft_claims(desk, OCTOBER).claims
    before = shown(desk, claim).content_digest
    folder = settings.places.config / "activities"
    folder.mkdir(parents=True, exist_ok=True)
    text = (ROOT / "schema/activities/referral.toml").read_text(encoding="utf-8")
    changed = text.replace('title = "Referral coordination"', 'title = "Referrals"')
    assert changed != text
    (folder / "referral.toml").write_text(changed, encoding="utf-8")
    other = open_desk(settings, clock=desk.clock)
    try:
        assert shown(other, claim).content_digest != before
    finally:
        other.close()


def test_a_late_entry_and_an_amendment_are_labelled(desk: Desk, clock: FixedClock) -> None:
    record = log(desk, "20m referral #1030 10/9: consult => booked")
    clock.move(days=1)
    amend_activity(desk, AmendActivity(record.id, "call log says 25", {"minutes": 25}))
    (activity,) = drafted(desk).activities
    assert activity.labels == (
        "LATE ENTRY, 12 days",
        "AMENDED 10/22/2026 by Marisol Rivera: call log says 25 (minutes was 20, now 25)",
    )


def test_an_amendment_that_was_undone_is_no_amendment(desk: Desk) -> None:
    record = log(desk, "20m referral #1030 10/20: consult => booked")
    amend_activity(desk, AmendActivity(record.id, "first", {"minutes": 25}))
    amend_activity(desk, AmendActivity(record.id, "second", {"minutes": 30}))
    undo(desk)
    (activity,) = drafted(desk).activities
    assert activity.labels[0] == "LATE ENTRY, 1 day"
    assert [label for label in activity.labels if "AMENDED" in label] == [
        "AMENDED 10/21/2026 by Marisol Rivera: first (minutes was 20, now 25)"
    ]


def test_signing_is_no_amendment_but_a_change_before_it_is_told(desk: Desk) -> None:
    record = log(desk, "20m referral #1030: consult", draft=True)
    amend_activity(desk, AmendActivity(record.id, "", {"outcome_words": "booked"}))
    sign_activity(desk, SignActivity(record.id))
    (activity,) = drafted(desk).activities
    (label,) = activity.labels
    assert label == (
        "AMENDED 10/21/2026 by Marisol Rivera: before signing (outcome words was empty, now booked)"
    )


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
    assert (activity.staff, activity.credential, activity.signed_by) == (
        "Tam Chen",
        "RDH",
        "Marisol Rivera, for Tam Chen, copied from the practice's log",
    )
    assert not [label for label in activity.labels if label.startswith("Entered by")]


def test_the_checklist_says_what_is_there_and_what_is_missing(desk: Desk, ana: str) -> None:
    log(desk, "20m referral #1030 10/21: consult => booked")
    bare = {point.id: point for point in drafted(desk).checklist}
    assert bare["plan"].evidence == "No case was open"
    assert not bare["outcomes"].satisfied
    assert bare["outcomes"].evidence == (
        "1 of 1 activities state what came of them; 0 of 1 a next step or a follow-up"
    )
    assert not bare["complaint"].satisfied
    undo(desk)
    open_case(desk, OpenCase(ana, date(2026, 10, 1), complaint="Pain at 17", barriers=("Z59.82",)))
    summary = drafted(desk)
    points = {point.id: point for point in summary.checklist}
    assert (points["complaint"].satisfied, points["complaint"].evidence) == (True, "Pain at 17")
    assert (points["plan"].satisfied, points["plan"].evidence) == (False, "The case does not say it")
    assert summary.case is not None
    assert summary.case.barriers == ("Z59.82 no reliable transport",)


def test_what_follows_meets_the_checklist(desk: Desk) -> None:
    log(desk, "20m referral #1030 10/20: consult => booked !10/26 confirm")
    log(desk, "20m referral #1030 10/21: consult => booked")
    (outcomes,) = (point for point in drafted(desk).checklist if point.id == "outcomes")
    assert outcomes.satisfied
    assert outcomes.evidence.endswith("1 of 2 a next step or a follow-up")


@pytest.mark.parametrize("text", ["n/a", "None", "TBD", "x", "See chart."])
def test_a_placeholder_meets_no_point_of_the_checklist(desk: Desk, ana: str, text: str) -> None:
    open_case(desk, OpenCase(ana, date(2026, 10, 1), complaint=text))
    log(desk, "20m referral #1030 10/21: consult => booked")
    (complaint,) = (point for point in drafted(desk).checklist if point.id == "complaint")
    assert (complaint.satisfied, complaint.evidence) == (False, f"The case says only “{text}”")


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
    when = {1: "10/1/2026", 5: "10/1/2026 to 10/5/2026", 30: "10/1/2026 to 10/20/2026"}.get(
        count, f"10/1/2026 to 10/{count}/2026"
    )
    entries = "1 entry" if count == 1 else f"{count} entries"
    assert text.startswith(
        f"Case management, {when}: {entries}, {20 * count} min. "
        "10/1/2026: Referral coordination, 20 min; booked with Dr. Example-0."
    )
    if count < 5:
        assert text.count("Referral coordination") == count
    else:
        assert text.endswith(". …")
    words = {word.rstrip(".") for word in text.split() if word.startswith("Example-")}
    assert words <= {f"Example-{number}" for number in range(count)}
