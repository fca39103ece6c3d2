"""A claim's money from its answers: to the cent, by line and whole, and the state that it implies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.billing import (
    Adjustment,
    Claim,
    ClaimLine,
    ClaimStatus,
    PatientPayment,
    Remittance,
    RemittanceLine,
    Submission,
)
from casemgr.core.claim_money import (
    WHOLE,
    Meanings,
    Money,
    implied_status,
    keys_of,
    lines_money,
    money_of,
    taken,
    total,
)
from casemgr.core.reasons import Reasons
from casemgr.resources import load_toml_folder

REASONS = Reasons.load(load_toml_folder("schema/reasons", None))
MEANINGS = Meanings(
    frozenset(one.code for one in REASONS.accepted), frozenset(one.code for one in REASONS.shares)
)
A, B = ("2026-10-05", "D9992"), ("2026-10-06", "D9991")


def claim(*fees: int, status: ClaimStatus = "submitted", written_off: int = 0) -> Claim:
    """A claim with a line for each fee in cents, at most two."""
    return Claim(
        id="c",
        number="K7Q2-2026-0001",
        patient_id="p",
        coverage_id="v",
        payer="generic",
        payer_name="Any",
        member_id="1",
        month="2026-10",
        status=status,
        written_off_cents=written_off,
        lines=tuple(
            ClaimLine(service_date=on, code=code, minutes=20, fee_cents=fee, activity_ids=(code,))
            for (on, code), fee in zip((A, B), fees, strict=False)
        ),
    )


def line(key: tuple[str, str], paid: int, *off: str) -> RemittanceLine:
    """An answer to a line: cents paid, and adjustments such as `CO-45=1500`."""
    adjustments = []
    for text in off:
        reason, _, cents = text.partition("=")
        group, _, carc = reason.partition("-")
        adjustments.append(Adjustment(group=group, carc=carc, cents=int(cents)))  # type: ignore[arg-type]  # pydantic refuses another group
    return RemittanceLine(
        service_date=key[0],
        code=key[1],
        billed_cents=paid + sum(one.cents for one in adjustments),
        paid_cents=paid,
        adjustments=tuple(adjustments),
    )


def answer(*lines: RemittanceLine, on: str = "2026-11-01", reversal: bool = False) -> Remittance:
    """An answer with those lines."""
    return Remittance(id="r", claim_id="c", received_on=on, reversal=reversal, lines=lines)


def money(whole: Claim, *answers: Remittance, patient_paid: int = 0) -> Money:
    paid = [PatientPayment(id="q", claim_id="c", received_on="2026-11-02", cents=patient_paid)]
    return money_of(whole, total(taken(answers, keys_of(whole), MEANINGS)), paid)


def implied(whole: Claim, *answers: Remittance) -> ClaimStatus:
    return implied_status(whole, total(taken(answers, keys_of(whole), MEANINGS)))


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ([], "denied"),
        ([answer(line(A, 6000))], "paid_in_part"),
        ([answer(line(A, 6000), line(B, 4000))], "paid"),
        ([answer(line(A, 4500, "CO-45=1500"), line(B, 4000))], "paid"),
        ([answer(line(A, 4500, "CO-45=1000", "PR-3=500"), line(B, 0, "PR-1=4000"))], "paid"),
        ([answer(line(A, 0, "CO-197=6000"), line(B, 0, "CO-197=4000"))], "denied"),
        ([answer(line(A, 6000), line(B, 0, "CO-16=4000"))], "paid_in_part"),
        ([answer(line(A, 6000), line(B, 3999))], "paid_in_part"),
        ([answer(line(A, 0, "PR-1=6000"), line(B, 0, "PR-1=4000"))], "paid"),
        # Left to the patient since the plan does not cover it: nothing is open, and it may be appealed.
        ([answer(line(A, 0, "PR-204=6000"), line(B, 0, "PR-204=4000"))], "denied"),
        ([answer(line(WHOLE, 0, "CO-29=10000"))], "denied"),
        ([answer(line(WHOLE, 8000, "CO-45=2000"))], "paid"),
        ([answer(line(A, 0, "CO-45=10"))], "paid_in_part"),
    ],
)
def test_the_state_that_answers_imply(answers: list[Remittance], state: str) -> None:
    assert implied(claim(6000, 4000), *answers) == state


def test_a_claim_without_charge_may_be_denied_and_paid() -> None:
    assert implied(claim(0), answer(line(A, 0, "CO-197=0"))) == "denied"
    assert implied(claim(0), answer(line(A, 4500))) == "paid"


def test_only_the_newest_answer_to_a_line_says_what_was_taken_off() -> None:
    first = answer(line(A, 0, "CO-197=6000"), line(B, 3000, "CO-45=1000"))
    after_appeal = answer(line(A, 4500, "CO-45=1500"), on="2026-12-01")
    found = money(claim(6000, 4000), first, after_appeal)
    assert found == Money(10000, 7500, 0, 2500, 0, 0, 0, 0)
    # In whatever order they were recorded, their own dates count.
    assert money(claim(6000, 4000), after_appeal, first) == found


def test_a_reversal_takes_money_and_reasons_back() -> None:
    paid = answer(line(A, 4500, "CO-45=1500"))
    back = answer(line(A, -4500, "CO-45=-1500"), reversal=True)
    again = answer(line(A, 4000, "CO-45=1500", "PR-2=500"))
    assert money(claim(6000), paid, back) == Money(6000, 0, 0, 0, 0, 0, 6000, 0)
    assert implied(claim(6000), paid, back) == "denied"
    found = money(claim(6000), paid, back, again)
    assert found == Money(6000, 4000, 500, 1500, 0, 0, 0, 0)
    assert implied(claim(6000), paid, back, again) == "paid"


def test_a_reversal_of_a_line_leaves_the_others_as_they_were() -> None:
    both = answer(line(A, 4500, "CO-45=1500"), line(B, 3000, "CO-45=1000"))
    back = answer(line(A, -4500, "CO-45=-1500"), reversal=True)
    assert money(claim(6000, 4000), both, back) == Money(10000, 3000, 0, 1000, 0, 0, 6000, 0)
    whole = answer(line(WHOLE, -7500), reversal=True)
    assert money(claim(6000, 4000), both, whole) == Money(10000, 0, 0, 0, 0, 0, 10000, 0)


def test_an_answer_to_the_whole_claim_takes_the_place_of_those_to_its_lines() -> None:
    lines = answer(line(A, 0, "CO-197=6000"), line(B, 0, "CO-197=4000"))
    whole = answer(line(WHOLE, 8000, "CO-45=2000"), on="2026-12-01")
    assert money(claim(6000, 4000), lines, whole) == Money(10000, 8000, 0, 2000, 0, 0, 0, 0)
    # And the other way round, where every line is answered; one alone leaves the rest of it standing.
    every = answer(line(A, 0, "CO-45=1000"), line(B, 0, "CO-45=1000"), on="2027-01-01")
    assert money(claim(6000, 4000), whole, every).contractual_cents == 2000
    one = answer(line(B, 0, "CO-45=1000"), on="2027-01-01")
    assert money(claim(6000, 4000), whole, one).contractual_cents == 3000


def test_what_was_denied_stays_open_until_it_is_written_off_or_closed() -> None:
    denied = answer(line(A, 0, "CO-197=6000"))
    assert money(claim(6000, status="denied"), denied).insurer_cents == 6000
    part = money(claim(6000, status="denied", written_off=1000), denied)
    assert (part.denied_cents, part.insurer_cents) == (5000, 5000)
    closed = money(claim(6000, status="closed"), denied)
    assert (closed.denied_cents, closed.insurer_cents) == (6000, 0)


def test_the_patients_part_is_kept_apart() -> None:
    found = money(claim(6000), answer(line(A, 4000, "CO-45=1000", "PR-3=1000")), patient_paid=400)
    assert (found.insurer_cents, found.patient_cents, found.patient_balance_cents) == (0, 1000, 600)


def test_more_than_was_charged_is_told() -> None:
    found = money(claim(6000), answer(line(A, 6500)))
    assert (found.insurer_cents, found.overpaid_cents) == (-500, 500)


def test_the_charge_is_that_of_the_last_sending() -> None:
    sent = Submission(
        sent_on="2026-10-30", at=0, method="paper", control_number="K-1", minutes=20, charge_cents=5000
    )
    whole = claim(6000).model_copy(update={"submissions": (sent,)})
    assert money(whole).charge_cents == 5000


def test_a_line_that_the_claim_no_longer_has_counts_for_the_whole_alone() -> None:
    whole = claim(6000)
    by_line = taken([answer(line(("2026-09-01", "D9994"), 1000))], keys_of(whole), MEANINGS)
    (only,) = lines_money(whole, by_line)
    assert only.paid_cents == 0
    assert total(by_line).paid_cents == 1000


def test_an_answer_to_every_line_replaces_what_was_said_of_lines_that_a_correction_took_away() -> None:
    corrected = claim(6000)
    (now,) = keys_of(corrected)
    before = answer(line(("2026-09-01", "D9993"), 0, "PR-96=6000"))
    found = money(corrected, before, answer(line(now, 5000, "CO-45=1000")))
    assert (found.patient_cents, found.contractual_cents, found.insurer_cents) == (0, 1000, 0)


CENTS = st.integers(0, 10_000)
LINES = st.builds(
    lambda key, paid, off: line(key, paid, *(f"{reason}={cents}" for reason, cents in off)),
    st.sampled_from((A, B, WHOLE)),
    CENTS,
    st.lists(st.tuples(st.sampled_from(("CO-45", "OA-253", "PR-1", "CO-197", "PR-204")), CENTS), max_size=3),
)
ANSWERS = st.lists(
    st.builds(lambda lines: answer(*lines), st.lists(LINES, min_size=1, max_size=3)), max_size=4
)


@given(st.tuples(CENTS, CENTS), CENTS, ANSWERS)
def test_every_cent_of_a_charge_is_in_exactly_one_place(
    fees: tuple[int, int], written_off: int, answers: list[Remittance]
) -> None:
    whole = claim(*fees, written_off=written_off)
    found = money(whole, *answers)
    assert found.charge_cents == sum(fees)
    assert sum(found[1:7]) == found.charge_cents
    by_line = taken(answers, keys_of(whole), MEANINGS)
    for one in lines_money(whole, by_line):
        assert sum(one[1:]) == one.charge_cents
    # Without answers to the claim as a whole, the lines and the claim say the same.
    if WHOLE not in by_line:
        lines = lines_money(whole, by_line)
        assert sum(one.paid_cents for one in lines) == found.paid_cents
        assert sum(one.contractual_cents for one in lines) == found.contractual_cents
        assert sum(one.patient_cents for one in lines) == found.patient_cents
