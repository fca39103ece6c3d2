from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.remittance_advice import (
    STATUSES,
    AdviceFault,
    AdvisedAdjustment,
    PaymentAdvice,
    Place,
    ProviderAdjustment,
)
from casemgr.errors import InputRefused, NotFound
from casemgr.intake.remittance_835 import MAX_835_BYTES, parse_835, read_835
from tests.intake.advices import (
    CLAIM,
    ODD,
    REMITTANCES,
    Signs,
    advices,
    claim_of,
    interchange,
    only,
    parsed,
    payment,
    refusal,
    segments_of,
    somewhere,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def reasons(*inside: str, total: str = "45") -> list[tuple[int, str, str]]:
    """Segment, claim and reason of each fault."""
    file = parsed(*inside, total=total)
    assert not file.advices[0].claims
    return [(fault.place.number, fault.number, fault.reason) for fault in file.faults]


def test_a_denial_says_which_line_and_why() -> None:
    advice = only("denial.835")
    assert (advice.payer, advice.payer_id) == ("SUNRISE MEDICAID DENTAL", "1999999999")
    assert (advice.payee, advice.payee_id) == ("HARBOR COMMUNITY DENTAL", "1234567893")
    assert (advice.trace, advice.method, advice.total_cents) == ("NP26111001", "NON", 0)
    assert advice.paid_on == date(2026, 11, 10)
    (claim,) = advice.claims
    assert claim.denied
    assert not claim.reversal
    assert (claim.number, claim.payer_claim_number) == ("K7Q2-2026-0001", "SM2630700101")
    assert (claim.patient_name, claim.member_id) == ("GARCIA, ANA", "SM0001122")
    assert claim.received_on == date(2026, 11, 3)
    (line,) = claim.lines
    assert (line.code, line.service_date, line.units) == ("D9992", date(2026, 10, 6), 0)
    assert (line.charge_cents, line.paid_cents, line.allowed_cents) == (4500, 0, None)
    assert line.adjustments == (AdvisedAdjustment("CO", "197", 4500),)
    assert (line.remarks, line.control_number) == (("N706",), "1")


def test_a_part_payment_keeps_every_adjustment() -> None:
    advice = only("part-payment.835")
    (claim,) = advice.claims
    first, second = claim.lines
    assert (claim.charge_cents, claim.paid_cents, claim.patient_cents) == (12000, 7850, 1850)
    assert (claim.adjustments, claim.remarks) == ((AdvisedAdjustment("OA", "23", 0),), ("MA01",))
    assert first.adjustments == (AdvisedAdjustment("CO", "45", 750), AdvisedAdjustment("PR", "2", 750))
    assert second.adjustments[1:] == (AdvisedAdjustment("PR", "1", 500), AdvisedAdjustment("PR", "2", 600))
    assert (first.allowed_cents, second.allowed_cents) == (3750, 5950)
    assert (first.code, first.submitted_code) == ("D9992", "")
    assert (second.code, second.submitted_code) == ("D9994", "D9993")
    assert (claim.patient_name, claim.member_id) == ("O'BRIEN-NUÑEZ, MARIA JOSE", "SM0003344")


@pytest.mark.parametrize("name", ["reversal-and-correction.835", "one-line.835"])
def test_a_reversal_takes_back_and_its_correction_follows(name: str) -> None:
    advice = only(name)
    back, again = advice.claims
    assert (back.reversal, again.reversal) == (True, False)
    assert (back.charge_cents, back.paid_cents) == (-4500, -3000)
    assert back.lines[0].adjustments == (AdvisedAdjustment("CO", "45", -1500),)
    assert (again.paid_cents, advice.total_cents) == (4500, 1500)


def test_a_claim_may_be_answered_as_a_whole() -> None:
    (claim,) = only("claim-level.835").claims
    assert not claim.lines
    assert claim.adjustments == (AdvisedAdjustment("CO", "45", 2000), AdvisedAdjustment("PR", "3", 1000))
    assert claim.remarks == ("N362", "MA130")


def test_provider_adjustments_are_kept_and_counted() -> None:
    advice = only("provider-adjustments.835")
    place = Place("", 1, 19)
    assert advice.provider_adjustments == (
        ProviderAdjustment("WO", "SM2629900042", 5000, "1234567893", place),
        ProviderAdjustment("L6", "", -125, "1234567893", place),
    )
    assert str(place) == "transaction 1, segment 19"
    assert advice.total_cents == 15000 - 5000 + 125


def test_several_payments_in_one_file_have_their_own_places() -> None:
    first, second = read_835(REMITTANCES / "two-payments.835").advices
    assert (first.trace, second.trace) == ("NP26111001", "EFT26111002")
    assert first.claims[0].place == Place("", 1, 14)
    assert second.claims[0].place == Place("", 2, 14)
    assert second.claims[0].lines[1].place == Place("", 2, 28)
    assert somewhere(second) == somewhere(only("part-payment.835"))


def test_the_same_answer_has_the_same_digest_wherever_it_stands() -> None:
    alone, among = only("part-payment.835"), read_835(REMITTANCES / "two-payments.835").advices[1]
    assert alone.claims[0].place != among.claims[0].place
    assert alone.claims[0].digest(alone) == among.claims[0].digest(among)
    assert alone.claims[0].digest(alone) != alone.claims[0].digest(alone._replace(trace="other"))
    back, again = only("one-line.835").claims
    assert back.digest(alone) != again.digest(alone)


@pytest.mark.parametrize("status", [*STATUSES, "5", "25", "0", ""])
def test_statuses(status: str) -> None:
    sign = "-" if status == "22" else ""
    file = parsed("LX*1", f"CLP*C1*{status}*{sign}45*{sign}45", total=f"{sign}45")
    if status in STATUSES:
        assert [claim.status for claim in file.advices[0].claims] == [status]
    else:
        (fault,) = file.faults
        assert ("predetermination" in fault.reason) == (status == "25")


@pytest.mark.parametrize(
    ("status", "charge", "right"),
    [
        ("1", "1", True),
        ("1", "0", True),
        ("1", "-1", False),
        ("22", "-1", True),
        ("22", "0", True),
        ("22", "1", False),
    ],
)
def test_only_a_reversal_takes_charges_back(status: str, charge: str, right: bool) -> None:
    file = parsed("LX*1", f"CLP*C1*{status}*{charge}*{charge}", total=charge)
    assert bool(file.advices[0].claims) == right
    assert bool(file.faults) != right


def test_what_does_not_balance_is_told_by_place_and_not_taken_in() -> None:
    line = "SVC*AD:D9992*45*30"
    assert reasons("LX*1", "CLP*C1*1*45*30", "CAS*CO*45*14.99", total="30") == [
        (5, "C1", "The charge of $45.00 is not the $30.00 paid and the $14.99 of adjustments together.")
    ]
    told = reasons("LX*1", "CLP*C1*1*45*30", line, "CAS*CO*45*15.01", total="30")
    assert [(at, number) for at, number, _ in told] == [(6, "C1"), (5, "C1")]
    told = reasons("LX*1", "CLP*C1*1*90*75", line, "CAS*CO*45*15", total="75")
    assert told == [(5, "C1", "Its lines charge $45.00 together, it $90.00.")]
    assert claim_of("LX*1", "CLP*C1*1*45*30", line, "CAS*CO*45*15", total="30").paid_cents == 3000


def test_a_faulty_claim_leaves_the_others_alone_and_counts_in_the_payment() -> None:
    (advice,) = parsed("LX*1", "CLP*C1*1*45*30", "CLP*C2*1*45*45", total="75").advices
    assert [claim.number for claim in advice.claims] == ["C2"]
    assert [fault.number for fault in advice.faults] == ["C1"]
    assert advice.balanced


def test_a_payment_that_does_not_balance_says_by_how_much() -> None:
    (advice,) = parsed(*CLAIM, "PLB*1*20261231*WO:9*5", total="39.99").advices
    assert advice.difference_cents == -1
    assert not advice.balanced
    assert advice.faults == (
        AdviceFault(
            Place("", 1, 2),
            "",
            "The payment of $39.99 is not what its claims, $45.00, less its provider adjustments, $5.00, "
            "come to.",
        ),
    )


@pytest.mark.parametrize(
    ("segment", "reason"),
    [
        ("CLP**1*45*45", "which claim of ours"),
        ("CAS*XX*45*0", "no group"),
        ("CAS*CO*4 5*0", "no reason of an adjustment"),
        ("CAS*CO**0", "no reason of an adjustment"),
        ("SVC*AD*45*45", "which procedure"),
        ("SVC**45*45", "which procedure"),
        ("SVC*AD:D9992*45*45**1.5", "no whole number"),
        ("SVC*AD:D9992*45*45**12345", "no whole number"),
        ("DTM*050*20261131", "no date"),
        ("DTM*232*261101", "no date"),
        ("DTM*232*", "no date"),
        ("MOA***n/a", "no remark code"),
    ],
)
def test_what_is_wrong_with_a_claim_is_a_fault_of_it(segment: str, reason: str) -> None:
    inside = ["LX*1", segment] if segment.startswith("CLP") else [*CLAIM, segment]
    assert any(reason in why for _, _, why in reasons(*inside))


def test_dates_and_marks_that_nothing_depends_on_are_left_alone() -> None:
    claim = claim_of(*CLAIM, "DTM*036*00000000", "REF*EA*1", "QTY*CA*x", "ZZZ*1", "SVC*AD:D9992*45*45**1.0")
    assert claim.lines[0].units == 1
    assert claim.lines[0].service_date is None


def test_a_line_has_its_own_date_else_its_first_day_else_the_claim_s() -> None:
    claim_day, line = "DTM*232*20261001", "SVC*AD:D9992*45*45"
    period = ["DTM*150*20261002", "DTM*151*20261003"]
    for inside, day in (([], 1), (period, 2), ([*period, "DTM*472*20261004"], 4)):
        assert claim_of(*CLAIM, claim_day, line, *inside).lines[0].service_date == date(2026, 10, day)


def test_a_group_has_six_adjustments_at_most_and_loses_none() -> None:
    six = "*".join(f"{at}*1*" for at in range(1, 7))
    claim = claim_of("LX*1", "CLP*C1*1*45*39", f"CAS*CO*{six}", total="39")
    assert [(one.carc, one.cents) for one in claim.adjustments] == [(str(at), 100) for at in range(1, 7)]
    assert "more adjustments" in refusal(interchange([payment(*CLAIM, f"CAS*CO*{six}*7*1")])).detail
    plb = "*".join("WO:1*1" for _ in range(6))
    (advice,) = parsed(*CLAIM, f"PLB*1*20261231*{plb}", total="39").advices
    assert len(advice.provider_adjustments) == 6
    assert (
        "more adjustments" in refusal(interchange([payment(*CLAIM, f"PLB*1*20261231*{plb}*WO:1*1")])).detail
    )


@pytest.mark.parametrize(
    ("inside", "detail"),
    [
        (["TRN*1*1*1"], "what was paid"),
        (["BPR*I*0*C*CHK************20261110"], "what was paid"),
        (["BPR*I*0*C*CHK************20261110", "TRN*1"], "what was paid"),
        (["BPR*I*0*C*CHK************20261131", "TRN*1*1*1"], "day of payment"),
        (["BPR*I*0*C*CHK", "TRN*1*1*1"], "day of payment"),
        (payment("TRN*1*2*1"), "second time"),
        (payment("CUR*PR*CAD"), "CAD"),
        (payment("CAS*CO*45*1"), "outside of any"),
        (payment(*CLAIM, "LX*2", "SVC*AD:D9992*45*45"), "outside of any"),
        (payment("PLB*1*20261231*WO:1*1", *CLAIM), "behind the provider adjustments"),
        (payment(*CLAIM, "clp*2"), "no name"),
        (payment(*CLAIM, "NM1*QC*1*A\x07B"), "no text"),
        (payment(*CLAIM, "NM1*QC*1*A\nB"), "no text"),
    ],
)
def test_what_is_against_the_standard_refuses_the_file(inside: Sequence[str], detail: str) -> None:
    assert detail in refusal(interchange([inside])).detail


def test_us_dollars_may_be_named() -> None:
    assert parsed("CUR*PR*USD", *CLAIM).advices[0].balanced


def test_a_file_without_any_transaction_is_refused() -> None:
    assert "no transaction" in refusal(interchange([])).detail


def test_size_has_a_bound() -> None:
    text = interchange([payment(*CLAIM, total="45")]).encode()
    assert parse_835("x.835", text.ljust(MAX_835_BYTES)).advices
    assert "50 MB" in refusal(text.ljust(MAX_835_BYTES + 1)).detail


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_835(tmp_path / "none.835")
    with pytest.raises(InputRefused):
        read_835(tmp_path)


def test_no_message_has_a_name() -> None:
    text = (REMITTANCES / "part-payment.835").read_text("utf-8")
    for changed in (
        text.replace("*7.5~", "*7.4~"),
        text.replace("D9994", ""),
        text.replace("20261008", "2026"),
    ):
        faults = parse_835("x.835", changed.encode()).faults
        assert faults
        for fault in faults:
            assert not re.search("BRIEN|MARIA|PEDRO", fault.reason)


@given(st.lists(advices(), min_size=1, max_size=3), st.sampled_from(ODD))
def test_what_is_written_is_read_again(payments: list[PaymentAdvice], signs: Signs) -> None:
    text = interchange([list(segments_of(advice)) for advice in payments], signs)
    file = parse_835("x.835", text.encode())
    assert [somewhere(advice) for advice in file.advices] == payments
