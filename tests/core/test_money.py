from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.money import format_cents


@pytest.mark.parametrize(
    ("cents", "shown"),
    [(0, "$0.00"), (5, "$0.05"), (4500, "$45.00"), (123450, "$1,234.50"), (-500, "-$5.00"), (-5, "-$0.05")],
)
def test_cents_are_shown_as_dollars(cents: int, shown: str) -> None:
    assert format_cents(cents) == shown


@given(st.integers(-(10**12), 10**12))
def test_every_cent_is_shown(cents: int) -> None:
    assert Decimal(format_cents(cents).replace("$", "").replace(",", "")) * 100 == cents
