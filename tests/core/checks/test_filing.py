"""Days left to file and to appeal: before, on and after the last of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from casemgr.core.checks.filing import filed_by
from tests.core.checks.facts import DAY, facts, found, in_house, line, plan, severities

NINETY = plan(filing_days=90)


@pytest.mark.parametrize(
    ("as_of", "title", "severity"),
    [
        (date(2026, 10, 6), "File by Jan 3, 2027 (89 days left)", "note"),
        (date(2026, 12, 19), "File by Jan 3, 2027 (15 days left)", "note"),
        (date(2026, 12, 20), "File by Jan 3, 2027 (14 days left)", "warning"),
        (date(2027, 1, 2), "File by Jan 3 (1 day left)", "warning"),
        (date(2027, 1, 3), "File by Jan 3 (today)", "warning"),
        (date(2027, 1, 4), "Filing ended on Jan 3 (1 day ago)", "error"),
    ],
)
def test_the_days_left_to_file(as_of: date, title: str, severity: str) -> None:
    (finding,) = found(in_house(facts(NINETY), as_of=as_of), "filing")
    assert (finding.title, finding.severity.label) == (title, severity)


def test_days_are_counted_over_leap_days_and_from_a_months_end() -> None:
    leap, common = date(2024, 2, 1), date(2026, 2, 1)
    assert filed_by(plan(filing_days=30), leap) == date(2024, 3, 2)
    assert filed_by(plan(filing_days=30), common) == date(2026, 3, 3)
    month_end = plan(filing_days=365, filing_from="month_end")
    assert filed_by(month_end, leap) == date(2025, 2, 28)
    assert filed_by(month_end, date(2026, 12, 31)) == date(2027, 12, 31)


def test_the_line_that_runs_out_first_counts() -> None:
    lines = [line(NINETY, DAY), line(NINETY, date(2026, 9, 1), number=2)]
    (finding,) = found(facts(NINETY, *lines), "filing")
    assert finding.line == 2


def test_a_correction_of_what_was_filed_in_time_is_not_late() -> None:
    sent = filed_by(NINETY, DAY)
    claim = in_house(facts(NINETY), as_of=sent + timedelta(days=30))
    (finding,) = found(replace(claim, first_sent=sent), "filing")
    assert finding.severity.label == "note"
    assert finding.title.startswith("First filed in time")
    (finding,) = found(replace(claim, first_sent=sent + timedelta(days=1)), "filing")
    assert finding.severity.label == "error"


def test_what_was_sent_or_has_no_deadline_is_not_looked_at() -> None:
    assert not found(replace(facts(NINETY), status="submitted"), "filing")
    assert not found(facts(), "filing")


@pytest.mark.parametrize(
    ("appeal_by", "told"),
    [("2026-11-17", ["note"]), ("2026-11-16", ["warning"]), ("2026-11-02", ["warning"]), ("", [])],
)
def test_the_days_left_to_appeal(appeal_by: str, told: list[str]) -> None:
    claim = replace(facts(), status="denied", appeal_by=appeal_by)
    assert severities(claim, "appeal") == told
    assert not found(replace(claim, status="paid"), "appeal")


def test_an_appeal_that_is_too_late_says_so() -> None:
    claim = replace(facts(), status="paid_in_part", appeal_by="2026-11-01")
    (finding,) = found(claim, "appeal")
    assert finding.title == "Appeals ended on Nov 1 (1 day ago)"
