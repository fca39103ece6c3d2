from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.errors import ParseError
from casemgr.intake.remittance_cells import cell_cents, listed_adjustments, procedure_code, remark_codes

if TYPE_CHECKING:
    from casemgr.intake.tables import Cell


@pytest.mark.parametrize(
    ("cell", "cents"),
    [
        *(("$1,234.50", 123450), ("(5.00)", -500), ("1234.5", 123450), ("-$5", -500), (".5", 50)),
        *(("$ 1,234.50", 123450), (" $ (5.00)", -500), ("$(5)", -500), ("($5)", -500)),
        *((45, 4500), (45.5, 4550), (0.1 + 0.2, 30), (-5.25, -525), (36.00000000001, 3600), (0, 0)),
        *(("", None), (None, None), ("-", None), ("—", None), ("n/a", None)),
        *((99999999.99, 9_999_999_999), ("99,999,999.99", 9_999_999_999)),
    ],
)
def test_amounts_as_billers_write_them(cell: Cell, cents: int | None) -> None:
    assert cell_cents(cell, frozenset({"n a"})) == cents


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "1,5",
            "1.234,50",
            "12,34.00",
            "5.005",
            "five",
            "5 or 6",
            "(-5)",
            "5.00 USD",
            "$",
            "()",
            "1e3",
            "٤",
        ),
        *(
            5.005,
            1e-3,
            float("nan"),
            float("inf"),
            100_000_000,
            1e300,
            True,
            date(2026, 10, 6),
            "100,000,000.00",
        ),
    ],
)
def test_other_amounts_are_refused(cell: Cell) -> None:
    with pytest.raises(ParseError):
        cell_cents(cell)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("CO-45 5.00; PR-1 10.00", [("CO", "45", 500), ("PR", "1", 1000)]),
        ("CO45 $5.00, PR2: 1,234.50", [("CO", "45", 500), ("PR", "2", 123450)]),
        ("co 45 5\nOA-23=-1", [("CO", "45", 500), ("OA", "23", -100)]),
        ("CO-45 PR-2", [("CO", "45", None), ("PR", "2", None)]),
        ("CO-B7 45 / PI-A1", [("CO", "B7", 4500), ("PI", "A1", None)]),
        ("CO-045 5", [("CO", "45", 500)]),
        ("", []),
    ],
)
def test_lists_of_adjustments(text: str, told: list[tuple[str, str, int | None]]) -> None:
    assert [tuple(one) for one in listed_adjustments(text)] == told


def test_a_group_and_an_amount_may_have_columns_of_their_own() -> None:
    assert [tuple(one) for one in listed_adjustments("45", "co", 500)] == [("CO", "45", 500)]
    assert [tuple(one) for one in listed_adjustments("CO-45 5", "", 500)] == [("CO", "45", 500)]
    assert listed_adjustments("", "", 0) == listed_adjustments("") == ()
    for text, group, cents in (
        ("45 PR-2", "CO", 500),
        ("", "CO", 500),
        ("45 6", "CO", 500),
        ("45", "XX", None),
    ):
        with pytest.raises(ParseError):
            listed_adjustments(text, group, cents)


@pytest.mark.parametrize(
    "text",
    ["45", "5.00", "CO-45 (5.00)", "CO-45 - 5", "CO-4545", "CO", "contractual", "CO-45 5.005", "CO-45 1,5"],
)
def test_other_adjustments_are_refused(text: str) -> None:
    with pytest.raises(ParseError):
        listed_adjustments(text)


def test_codes() -> None:
    assert [procedure_code(text) for text in ("D9992", "d9992", "9992")] == ["D9992"] * 3
    assert remark_codes("n706, M86 N706;MA130") == ("N706", "M86", "MA130")
    for text in ("D999", "99213-25", "visit", "DD9992"):
        with pytest.raises(ParseError):
            procedure_code(text)
    with pytest.raises(ParseError):
        remark_codes("N706 see note")
