from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.money import format_cents, parse_cents
from casemgr.errors import ParseError


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("45", 4500),
        ("$45.00", 4500),
        ("$1,234.50", 123450),
        ("1234.50", 123450),
        ("-$5.00", -500),
        (" $ 0.05 ", 5),
    ],
)
def test_dollars_are_read_as_cents(written: str, cents: int) -> None:
    assert parse_cents(written) == cents


@pytest.mark.parametrize("written", ["", "$", "45.5", "45.005", "1,23", "12,34.00", "forty", "€45", "45-50"])
def test_what_is_no_amount_is_refused(written: str) -> None:
    with pytest.raises(ParseError, match="no amount of money"):
        parse_cents(written)


@given(st.integers(-(10**12), 10**12))
def test_shown_money_reads_the_same_again(cents: int) -> None:
    assert parse_cents(format_cents(cents)) == cents
