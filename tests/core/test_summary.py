from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.documents.summaries import REFERRAL, RIDE, VOICEMAIL, claim


def test_sums_are_those_of_the_lines() -> None:
    assert (claim().minutes, claim().charge_cents) == (60, 3000)


def test_each_of_the_staff_signs_once_in_order_of_their_first_activity() -> None:
    assert claim(RIDE, REFERRAL, VOICEMAIL).signers == (("Tam Chen", ""), ("Marisol Rivera", "CDHC"))


def test_lines_that_gather_their_activities_agree() -> None:
    assert claim(REFERRAL, replace(REFERRAL, minutes=10), VOICEMAIL).disagreements == ()


def test_a_disagreement_names_date_code_and_both_sums() -> None:
    sound = claim(REFERRAL)
    assert replace(sound, lines=()).disagreements == (
        "2026-10-05 D9992: 0 minutes on the claim, 35 in the log",
    )
    more = replace(sound, activities=(replace(REFERRAL, minutes=20), RIDE))
    assert more.disagreements == (
        "2026-10-05 D9992: 35 minutes on the claim, 20 in the log",
        "2026-10-19 D9991: 0 minutes on the claim, 25 in the log",
    )


def test_work_that_is_paid_by_the_month_stands_on_its_line_s_one_date() -> None:
    later = replace(REFERRAL, service_date=date(2026, 10, 20), minutes=10)
    (line,) = claim(REFERRAL).lines
    month = replace(
        claim(REFERRAL),
        lines=(replace(line, minutes=45),),
        activities=(REFERRAL, replace(later, line_date=line.service_date)),
    )
    assert month.disagreements == ()
    assert replace(month, activities=(REFERRAL, later)).disagreements
