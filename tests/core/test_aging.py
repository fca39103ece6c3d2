"""Ages of claims, both sides of each edge, and what is next from every situation."""

from __future__ import annotations

from datetime import date

import pytest

from casemgr.core.aging import BUCKETS, NextStep, Situation, bucket_of, deadline, next_step

TODAY, SENT = date(2026, 12, 1), date(2026, 10, 21)
NOW = Situation(
    status="submitted",
    as_of=TODAY,
    last_sent=SENT,
    appealed_on=None,
    appeal_by=None,
    file_by=date(2027, 1, 18),
    amendment_owed=False,
    calls_for=None,
    overpaid=False,
    patient_owes=False,
)
APPEAL_BY = date(2027, 1, 19)


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (0, "0–30"),
        (30, "0–30"),
        (31, "31–60"),
        (60, "31–60"),
        (61, "61–90"),
        (90, "61–90"),
        (91, "91+"),
        (1000, "91+"),
    ],
)
def test_every_day_is_in_one_bucket(days: int, bucket: str) -> None:
    assert BUCKETS[bucket_of(days)] == bucket


@pytest.mark.parametrize(
    ("now", "step"),
    [
        (NOW, NextStep("ask for its status", date(2026, 11, 20))),
        (NOW._replace(status="accepted"), NextStep("ask for its status", date(2026, 11, 20))),
        (
            NOW._replace(status="appealed", appealed_on=date(2026, 12, 1)),
            NextStep("ask about the appeal", date(2026, 12, 31)),
        ),
        (NOW._replace(amendment_owed=True), NextStep("send the corrected claim", date(2027, 1, 18))),
        (NOW._replace(status="draft"), NextStep("send the corrected claim", date(2027, 1, 18))),
        (
            NOW._replace(status="denied", calls_for="correct", appeal_by=APPEAL_BY),
            NextStep("correct it and send it again", date(2027, 1, 18)),
        ),
        (
            NOW._replace(status="denied", calls_for="correct", file_by=date(2026, 11, 30)),
            NextStep("correct it and send it again", None),
        ),
        (
            NOW._replace(status="denied", calls_for="appeal", appeal_by=APPEAL_BY),
            NextStep("appeal", APPEAL_BY),
        ),
        (
            NOW._replace(status="paid_in_part", calls_for="ask", appeal_by=APPEAL_BY),
            NextStep("ask the payer, then appeal or correct", APPEAL_BY),
        ),
        (
            NOW._replace(status="denied", calls_for="appeal", appeal_by=TODAY),
            NextStep("appeal", TODAY),
        ),
        (
            NOW._replace(status="denied", calls_for="appeal", appeal_by=date(2026, 11, 30)),
            NextStep("write off or close: the time for an appeal is over", None),
        ),
        (NOW._replace(status="denied", calls_for="write_off"), NextStep("write off or close", None)),
        (NOW._replace(status="paid_in_part"), NextStep("ask what was not paid, and why", None)),
        (NOW._replace(status="paid", patient_owes=True), NextStep("bill the patient", None)),
        (
            NOW._replace(status="paid", patient_overpaid=True),
            NextStep("give back what the patient paid too much", None),
        ),
        # What somebody pays at the desk before the payer has answered is no credit yet.
        (NOW._replace(patient_overpaid=True), NextStep("ask for its status", date(2026, 11, 20))),
        (NOW._replace(status="paid", overpaid=True), NextStep("settle what was paid too much", None)),
        (NOW._replace(status="paid"), NextStep("", None)),
        (
            NOW._replace(status="denied", said="call Ms. Ortiz", said_on=date(2026, 12, 3)),
            NextStep("call Ms. Ortiz", date(2026, 12, 3)),
        ),
    ],
)
def test_what_is_next(now: Situation, step: NextStep) -> None:
    assert next_step(now) == step


@pytest.mark.parametrize(
    ("now", "last"),
    [
        (NOW, (date(2027, 1, 18), "filing")),
        (NOW._replace(file_by=None), (None, "")),
        (NOW._replace(status="appealed"), (None, "")),
        (NOW._replace(status="denied", appeal_by=APPEAL_BY), (APPEAL_BY, "appeal")),
        (
            NOW._replace(status="denied", appeal_by=APPEAL_BY, calls_for="correct"),
            (date(2027, 1, 18), "filing"),
        ),
        (
            NOW._replace(
                status="denied", appeal_by=APPEAL_BY, calls_for="correct", file_by=date(2026, 11, 30)
            ),
            (APPEAL_BY, "appeal"),
        ),
        (NOW._replace(status="denied"), (None, "")),
        (NOW._replace(status="paid"), (None, "")),
    ],
)
def test_the_last_day_that_matters(now: Situation, last: tuple[date | None, str]) -> None:
    assert deadline(now) == last
