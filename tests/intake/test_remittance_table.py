from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.remittance_advice import AdvisedAdjustment, AdvisedClaim, Place
from casemgr.errors import CasemgrError, InputRefused
from casemgr.intake.remittance_table import RemittanceContext, read_remittance_table
from casemgr.intake.remittances import read_remittances
from casemgr.intake.tables import Table, TableFile
from casemgr.intake.vocabulary import load_vocabulary
from tests.intake.advices import REMITTANCES
from tests.intake.support import TODAY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from casemgr.core.remittance_advice import AdviceFile
    from casemgr.intake.tables import Cell

CONTEXT = RemittanceContext(TODAY, load_vocabulary("remittance"))
LINE: dict[str, Cell] = {
    "claim": "C1",
    "code": "D9992",
    "service date": "10/6/2026",
    "billed": 45,
    "paid": 45,
}


def read(*rows: dict[str, Any]) -> AdviceFile:
    """A table with these rows, each over those of a line that was paid in full."""
    whole = [{**LINE, **row} for row in rows]
    headings = list(dict.fromkeys(name for row in whole for name in row))
    cells: list[list[Cell]] = [list(headings), *([row.get(name) for name in headings] for row in whole)]
    file = TableFile("payments.xlsx", "", (Table("October", cells),))
    return read_remittance_table(file, CONTEXT)


def claim_of(*rows: dict[str, Any]) -> AdvisedClaim:
    """The only claim that rows make."""
    file = read(*rows)
    assert not file.faults
    (advice,) = file.advices
    (claim,) = advice.claims
    return claim


def adjustments_of(**row: Any) -> list[str]:
    """The adjustments of a line, such as `CO-45 7.50`."""
    (line,) = claim_of(row).lines
    assert line.charge_cents == line.paid_cents + sum(one.cents for one in line.adjustments)
    return [f"{one.group}-{one.carc} {Decimal(one.cents) / 100:.2f}" for one in line.adjustments]


def reason_of(**row: Any) -> str:
    """Why a line cannot be taken in."""
    file = read(row)
    assert not file.advices[0].claims
    (fault,) = file.faults
    assert fault.place == Place("October", 0, 2)
    return fault.reason


def test_a_workbook_as_a_front_desk_keeps_it() -> None:
    file = read_remittances(REMITTANCES / "payments.xlsx", CONTEXT)
    assert file.ignored == 1
    told = [(a.trace, a.paid_on, a.total_cents, [c.number[-1] for c in a.claims]) for a in file.advices]
    day = date(2026, 11, 10)
    assert told == [
        ("", day, 0, ["1"]),
        ("EFT26111002", day, 10850, ["2"]),
        ("0004417", day, 6000, ["4"]),
    ]
    assert all(advice.balanced for advice in file.advices)
    denied, part, whole = (advice.claims[0] for advice in file.advices)
    assert (denied.status, denied.lines[0].remarks) == ("4", ("N706",))
    assert denied.lines[0].adjustments == (AdvisedAdjustment("CO", "197", 4500),)
    assert [(line.code, line.paid_cents, line.place.number) for line in part.lines] == [
        ("D9992", 3000, 5),
        ("D9994", 4850, 6),
    ]
    assert (part.charge_cents, part.patient_cents, part.patient_name) == (12000, 1850, "O'Brien-Núñez, María")
    assert (whole.status, whole.lines, whole.payer_claim_number) == ("2", (), "SM2630700105")
    assert whole.adjustments == (AdvisedAdjustment("CO", "45", 2000), AdvisedAdjustment("PR", "3", 1000))
    (fault,) = file.faults
    assert (str(fault.place), fault.number) == ("sheet “October”, row 8", "K7Q2-2026-0006")
    assert "CO-45 or PR-45" in fault.reason


def test_a_csv_with_a_reversal_and_its_correction() -> None:
    file = read_remittances(REMITTANCES / "payments.csv", CONTEXT)
    (advice,) = file.advices
    assert [(claim.status, claim.paid_cents) for claim in advice.claims] == [
        ("22", -3000),
        ("1", 4500),
        ("1", 100000),
    ]
    assert advice.claims[0].lines[0].adjustments == (AdvisedAdjustment("CO", "45", -1500),)
    assert [(fault.place.number, fault.number) for fault in file.faults] == [(5, "K7Q2-2026-0008")]


def test_an_835_is_told_from_a_table_by_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "payments.csv"
    path.write_bytes((REMITTANCES / "denial.835").read_bytes())
    assert read_remittances(path, CONTEXT).advices[0].claims[0].denied


def test_columns_that_are_missing_are_told() -> None:
    file = TableFile("payments.xlsx", "", (Table("October", [["Claim", "Paid"], ["C1", 5]]),))
    with pytest.raises(InputRefused) as told:
        read_remittance_table(file, CONTEXT)
    assert "Billed" in told.value.detail


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({}, []),
        ({"paid": 30, "adjustments": "CO-45 7.50; PR-2 7.50"}, ["CO-45 7.50", "PR-2 7.50"]),
        # One amount that the cell leaves out is what remains.
        ({"paid": 0, "adjustments": "CO-197"}, ["CO-197 45.00"]),
        ({"paid": 30, "adjustments": "CO-45 7.50, PR-2"}, ["CO-45 7.50", "PR-2 7.50"]),
        ({"paid": 30, "adjustments": "CO-45, PR-2", "patient resp": 5}, ["PR-2 5.00", "CO-45 10.00"]),
        # Columns of their own.
        (
            {"paid": 20, "deductible": 5, "coins": 7, "copay": 3, "write off": 10},
            ["PR-1 5.00", "PR-2 7.00", "PR-3 3.00", "CO-45 10.00"],
        ),
        ({"paid": 30, "adjustments": "PR-1", "deductible": 15}, ["PR-1 15.00"]),
        ({"paid": 30, "adjustments": "PR-1 15.00", "deductible": 15}, ["PR-1 15.00"]),
        ({"paid": 30, "group": "CO", "carc": 45, "adj amount": 15}, ["CO-45 15.00"]),
        ({"paid": 30, "reason": "CO-45", "adjustment": 15}, ["CO-45 15.00"]),
        (
            {"paid": 20, "reason": "CO45 contract", "adj amount": 15, "copay": 10},
            ["CO-45 15.00", "PR-3 10.00"],
        ),
        # What the plan does not allow is reason 45, and the patient's part has no reason.
        ({"paid": 30, "allowed": 37.5, "patient resp": 7.5}, ["PR- 7.50", "CO-45 7.50"]),
        ({"paid": 30, "allowed": 30}, ["CO-45 15.00"]),
        ({"paid": 40, "patient resp": 5}, ["PR- 5.00"]),
        ({"paid": 45, "allowed": 45, "patient resp": 0, "deductible": 0}, []),
        # Reasons in words.
        ({"paid": 0, "reason": "CO197 no authorization"}, ["CO-197 45.00"]),
        ({"paid": 0, "reason": "Prior authorization missing", "patient resp": 0}, ["CO-197 45.00"]),
        ({"paid": 0, "reason": "Frequency exceeded", "patient resp": 45}, ["PR-119 45.00"]),
        ({"paid": 0, "adjustments": "PR-119", "reason": "Frequency exceeded"}, ["PR-119 45.00"]),
        ({"billed": -45, "paid": -30, "adjustments": "CO-45"}, ["CO-45 -15.00"]),
    ],
)
def test_adjustments_come_out_to_the_cent(row: dict[str, Any], told: list[str]) -> None:
    assert adjustments_of(**row) == told


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"paid": 30}, "$15.00 is not explained"),
        ({"paid": 30, "adjustments": "CO-45 14.99"}, "$0.01 is not explained"),
        ({"paid": 30, "adjustments": "CO-45 15.01"}, "-$0.01 is not explained"),
        ({"paid": 30, "adjustments": "CO-45 PR-2"}, "CO-45 and PR-2 have no amounts"),
        ({"paid": 30, "adj amount": 15}, "$15.00 has no reason: write a code such as CO-45"),
        ({"paid": 30, "adj amount": 15, "carc": "CO-45; PR-2"}, "$15.00 has several reasons"),
        ({"paid": 30, "adj amount": 15, "carc": "CO-45 14.00"}, "$15.00 has another amount"),
        ({"paid": 45, "adjustments": "CO-45"}, "nothing is left"),
        ({"paid": 50, "adjustments": "CO-45"}, "nothing is left"),
        ({"paid": 30, "adjustments": "PR-1 15.00", "deductible": 14}, "two amounts"),
        ({"paid": 30, "adjustments": "PR-1 15.00", "patient resp": 14}, "(PR) come to, $15.00"),
        ({"paid": 30, "deductible": 5, "patient resp": 15}, "not explained"),
        ({"paid": 30, "allowed": 40}, "not explained"),
        ({"paid": 0, "allowed": 0}, "not explained"),
        ({"paid": 0, "allowed": 0, "status": "Denied"}, "says denied and not why"),
        ({"paid": 0, "status": "Denied", "patient resp": 45}, "says denied and not why"),
        ({"paid": 0, "status": "Denied", "write off": 45}, "says denied and not why"),
        ({"paid": 50, "allowed": 50}, "not explained"),
        ({"paid": 0, "reason": "Frequency exceeded"}, "who bears"),
        ({"paid": 0, "reason": "They said no"}, "not explained"),
        ({"paid": 0, "reason": "Duplicate", "patient resp": 10}, "(PR) come to"),
        ({"paid": 5, "status": "denied", "adjustments": "CO-45"}, "something was paid"),
        ({"status": "pending"}, "“pending” is no answer"),
        ({"status": "reversal"}, "its sign is wrong"),
        ({"billed": -45, "paid": -45, "status": "denied"}, "denied"),
        ({"claim": ""}, "no claim number"),
        ({"code": ""}, "no procedure code"),
        ({"code": "visit"}, "no procedure code"),
        ({"billed": ""}, "no amount billed"),
        ({"paid": "-"}, "no amount paid"),
        ({"paid": "30,00"}, "“30,00” is no amount"),
        ({"units": "1.5"}, "no units"),
        ({"units": 100}, "no units"),
        ({"rarc": "see note"}, "no remark code"),
        ({"service date": "11/22/2026"}, "in the future"),
        ({"service date": "13/1/2026"}, "no month 13"),
        ({"check date": "11/22/2026"}, "in the future"),
        ({"check date": "soon"}, "no date"),
    ],
)
def test_what_cannot_be_understood_is_told_by_row(row: dict[str, Any], why: str) -> None:
    assert why in reason_of(**row)


def test_both_sides_of_today() -> None:
    assert claim_of({"service date": TODAY, "check date": TODAY}).lines[0].service_date == TODAY


def test_rows_of_one_claim_and_check_are_one_answer() -> None:
    two = {"service date": "10/7/2026"}
    claim = claim_of({"icn": "P1", "units": 2}, two)
    assert (claim.charge_cents, claim.paid_cents, claim.payer_claim_number) == (9000, 9000, "P1")
    assert [line.units for line in claim.lines] == [2, 1]
    file = read({"check": "1"}, {**two, "check": "2"}, {"claim": "c1", "check": "1", "code": "D9994"})
    assert [(a.trace, [len(c.lines) for c in a.claims]) for a in file.advices] == [("1", [2]), ("2", [1])]


@pytest.mark.parametrize(
    ("second", "why"),
    [
        ({}, "stand in row 2 already"),
        ({"paid": 30, "adjustments": "CO-45"}, "stand in row 2 already"),
        ({"code": "", "service date": ""}, "has no code, unlike row 2"),
        ({"code": "D9994", "icn": "P2"}, "not that of row 2"),
    ],
)
def test_rows_that_clash_keep_their_claim_out(second: dict[str, Any], why: str) -> None:
    file = read({"icn": "P1"}, second)
    assert not file.advices[0].claims
    (fault,) = file.faults
    assert why in fault.reason
    assert fault.place.number == 3


def test_a_faulty_row_keeps_out_its_claim_in_every_payment_and_no_other() -> None:
    file = read({"check": "1"}, {"code": "D9994", "check": "2", "paid": 1}, {"claim": "C2", "check": "1"})
    assert [claim.number for advice in file.advices for claim in advice.claims] == ["C2"]
    assert [(fault.place.number, fault.number) for fault in file.faults] == [(2, "C1"), (3, "C1")]
    assert "sheet “October”, row 3" in file.faults[0].reason


def test_a_payment_comes_to_what_all_its_rows_say() -> None:
    (advice,) = read({}, {"claim": "C2", "adjustments": "CO-45"}, {"claim": "C3", "paid": "30,00"}).advices
    assert (len(advice.claims), len(advice.faults), advice.total_cents) == (1, 2, 9000)


def test_totals_and_repeated_headings_are_left_alone() -> None:
    bare = {"code": "", "service date": ""}
    file = read(
        {}, {name: name for name in LINE}, {**bare, "claim": "Total for check 1"}, {**bare, "claim": ""}
    )
    assert (file.ignored, len(file.advices[0].claims)) == (3, 1)


def test_a_claim_is_denied_only_if_all_of_it_is() -> None:
    denied = {"paid": 0, "status": "Denied", "adjustments": "CO-197"}
    assert claim_of(denied, {**denied, "code": "D9994"}).denied
    assert claim_of(denied, {"code": "D9994"}).status == "1"
    assert claim_of({"status": 21}).status == "21"


_CELLS = st.one_of(
    st.none(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.text(max_size=12),
    st.sampled_from(
        ["C1", "D9992", "10/6/2026", "45", "CO-45", "PR-1 5", "denied", "N706", "(5)", "1,5", "45.00"]
    ),
)
_HEADINGS = [
    "claim",
    "dos",
    "code",
    "billed",
    "paid",
    "allowed",
    "pt resp",
    "adj codes",
    "copay",
    "status",
    "check",
]


@given(st.lists(st.lists(_CELLS, max_size=len(_HEADINGS)), max_size=6))
def test_any_cells_give_claims_that_balance_or_faults(rows: Sequence[list[Cell]]) -> None:
    file = TableFile("payments.xlsx", "", (Table("October", [list(_HEADINGS), *rows]),))
    try:
        read_ = read_remittance_table(file, CONTEXT)
    except CasemgrError:
        return
    for advice in read_.advices:
        assert advice.balanced
        for claim in advice.claims:
            adjusted = [*claim.adjustments, *(one for line in claim.lines for one in line.adjustments)]
            assert claim.charge_cents == claim.paid_cents + sum(one.cents for one in adjusted)


_MONEY = st.integers(0, 1_000_000)


@given(_MONEY, _MONEY, _MONEY, _MONEY, st.booleans())
def test_what_a_table_says_is_read_to_the_cent(
    paid: int, patient: int, off: int, other: int, back: bool
) -> None:
    sign = -1 if back else 1
    billed = sign * (paid + patient + off + other)
    cells = {
        "billed": f"{'(' if back else ''}${abs(billed) // 100:,}.{abs(billed) % 100:02}{')' if back else ''}",
        "paid": float(Decimal(sign * paid) / 100),
        "adjustments": "; ".join(
            f"{name} {Decimal(sign * cents) / 100:.2f}"
            for name, cents in (("CO-45", off), ("PR-2", patient), ("OA-23", other))
        ),
    }
    claim = claim_of(cells)
    assert (claim.charge_cents, claim.paid_cents) == (billed, sign * paid)
    assert [one.cents for one in claim.lines[0].adjustments] == [sign * off, sign * patient, sign * other]
    assert claim.reversal == (billed < 0)
