"""Payers' answers as people type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.answer_text import parse_adjustment, parse_answered, parse_key
from casemgr.core.billing import Adjustment
from casemgr.core.money import format_cents
from casemgr.errors import ParseError

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("CO-45=15.00", ("CO", "45", 1500)),
        (" co45 = 15 ", ("CO", "45", 1500)),
        ("PR 003=$5", ("PR", "3", 500)),
        ("oa:b7=-2.50", ("OA", "B7", -250)),
    ],
)
def test_an_adjustment_is_read(text: str, read: tuple[str, str, int]) -> None:
    found = parse_adjustment(text)
    assert (found.group, found.carc, found.cents) == read


@given(
    st.sampled_from(("CO", "PR", "OA", "PI", "CR")),
    st.integers(1, 999),
    st.integers(-10_000_000, 10_000_000),
)
def test_what_is_written_is_read_to_the_cent(group: str, carc: int, cents: int) -> None:
    read = parse_adjustment(f"{group}-{carc}={format_cents(cents)}")
    assert read == Adjustment.model_validate({"group": group, "carc": str(carc), "cents": cents})


@pytest.mark.parametrize("text", ["", "45", "CO-45", "CO-45=", "CO-45=x", "XX-45=1", "CO=1", "CO-45=1.234"])
def test_what_is_no_adjustment_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        parse_adjustment(text)


def test_a_line_is_named_by_date_and_code() -> None:
    assert parse_key("2026-10-21:d9992", TODAY) == ("2026-10-21", "D9992")
    assert parse_key("10/21:D9992", TODAY) == ("2026-10-21", "D9992")
    for text in ("D9992", ":D9992", "2026-10-21:", "never:D9992"):
        with pytest.raises(ParseError):
            parse_key(text, TODAY)


def test_an_answered_line_says_what_was_paid_and_taken_off() -> None:
    found = parse_answered("10/21:D9992=45.00,CO-45=15.00,PR-3=5", TODAY)
    assert (found.key, found.paid_cents) == (("2026-10-21", "D9992"), 4500)
    assert [(one.group, one.carc, one.cents) for one in found.adjustments] == [
        ("CO", "45", 1500),
        ("PR", "3", 500),
    ]
    with pytest.raises(ParseError, match="does not say what was paid"):
        parse_answered("10/21:D9992", TODAY)
