from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.money import MAX_CENTS, format_cents, parse_cents
from casemgr.errors import ParseError


@pytest.mark.parametrize(
    ("cents", "shown"),
    [(0, "$0.00"), (5, "$0.05"), (4500, "$45.00"), (123450, "$1,234.50"), (-500, "-$5.00"), (-5, "-$0.05")],
)
def test_cents_are_shown_as_dollars(cents: int, shown: str) -> None:
    assert format_cents(cents) == shown


@given(st.integers(-(10**12), 10**12))
def test_every_cent_is_shown(cents: int) -> None:
    assert Decimal(format_cents(cents).replace("$", "").replace(",", "")) * 100 == cents


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("45", 4500),
        ("45.5", 4550),
        (".5", 50),
        ("$1,234.50", 123_450),
        ("-5.00", -500),
        ("(5.00)", -500),
        ("-$5", -500),
        ("0", 0),
        ("99,999,999.99", 9_999_999_999),
    ],
)
def test_amounts_as_people_write_them(text: str, cents: int) -> None:
    assert parse_cents(text) == cents


@pytest.mark.parametrize(
    "text", ["", "$", ".", "5.001", "1,23", "12,34.00", "(-5)", "five", "1e3", "100,000,000.00", "٣"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        parse_cents(text)


@given(st.integers(-MAX_CENTS, MAX_CENTS))
def test_shown_amounts_are_read_back(cents: int) -> None:
    assert parse_cents(format_cents(cents)) == cents
