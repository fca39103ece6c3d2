"""Coverage: which payer is meant, what overlaps, and what holds on a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import AddCoverage, AddPatient
from casemgr.errors import InputRefused, NotFound, RuleRefused
from casemgr.services.coverages import (
    add_coverage,
    billed,
    described,
    edit_coverage,
    in_force,
    listed,
    payer_known,
)
from casemgr.services.patients import add_patient
from casemgr.services.undo import undo

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.services.desk import Desk

OWN_PAYER = """
name = "Acme Dental Plan"
aliases = ["acme"]
valid_from = 2026-01-01
source = "Provider manual, page 12"
verified_on = 2026-10-01

[codes]
transport = "D9991"

[fees]
D9991 = 1550
"""


@pytest.fixture
def own_payer(desk: Desk, home: Path) -> None:
    """A payer of the practice's own."""
    folder = home / "config" / "payers"
    folder.mkdir(parents=True)
    (folder / "acme-dental.toml").write_text(OWN_PAYER)


@pytest.mark.usefixtures("own_payer")
@pytest.mark.parametrize("written", ["acme-dental", "Acme Dental Plan", " ACME "])
def test_a_payer_with_a_file_is_found_by_any_of_its_names(desk: Desk, ana: str, written: str) -> None:
    coverage = add_coverage(desk, AddCoverage(ana, written, "A1"))
    assert (coverage.payer, coverage.payer_name) == ("acme-dental", "Acme Dental Plan")


def test_a_payer_without_a_file_keeps_its_name(desk: Desk, ana: str) -> None:
    coverage = add_coverage(desk, AddCoverage(ana, " Bay  State Smiles, Inc. ", "A1"))
    assert (coverage.payer, coverage.payer_name) == ("bay-state-smiles-inc", "Bay State Smiles, Inc.")


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        (AddCoverage("", " ", "A1"), "payer is missing"),
        (AddCoverage("", "Acme", " "), "member id at Acme is missing"),
        (AddCoverage("", "Acme", "A1", "2026-10-02", "2026-10-01"), "would end on 10/1/2026"),
        (AddCoverage("", "Acme", "A1", "10/2"), "is no date"),
    ],
)
def test_what_cannot_be_is_refused(desk: Desk, ana: str, wish: AddCoverage, told: str) -> None:
    with pytest.raises(InputRefused, match=told):
        add_coverage(desk, AddCoverage(ana, wish.payer, wish.member_id, wish.valid_from, wish.valid_to))
    assert listed(desk) == []


def test_nobody_is_covered_who_is_not_there(desk: Desk) -> None:
    with pytest.raises(NotFound):
        add_coverage(desk, AddCoverage("00000000-0000-7000-8000-000000000000", "Acme", "A1"))


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("", ""),
        ("2026-06-30", ""),
        ("", "2026-01-01"),
        ("2026-03-01", "2026-03-31"),
        ("2025-01-01", "2027-01-01"),
    ],
)
def test_one_payer_covers_a_day_once(desk: Desk, ana: str, first: str, last: str) -> None:
    there = add_coverage(desk, AddCoverage(ana, "Acme", "A1", "2026-01-01", "2026-06-30"))
    with pytest.raises(InputRefused) as refused:
        add_coverage(desk, AddCoverage(ana, "ACME", "A2", first, last))
    assert refused.value.candidates == ("Acme · A1 · from 1/1/2026 to 6/30/2026",)
    assert f"casemgr coverage edit {there.id[-6:]} --to" in refused.value.todo


@pytest.mark.parametrize(("first", "last"), [("2026-07-01", ""), ("", "2025-12-31")])
def test_cover_may_follow_on_cover(desk: Desk, ana: str, first: str, last: str) -> None:
    add_coverage(desk, AddCoverage(ana, "Acme", "A1", "2026-01-01", "2026-06-30"))
    add_coverage(desk, AddCoverage(ana, "Acme", "A2", first, last))
    assert len(listed(desk, ana)) == 2


def test_another_payer_and_another_patient_may_overlap(desk: Desk, ana: str) -> None:
    add_coverage(desk, AddCoverage(ana, "Acme", "A1"))
    add_coverage(desk, AddCoverage(ana, "Bay State Smiles", "B1"))
    add_patient(desk, AddPatient("Ortiz", "Luz", date(1990, 1, 5), payer="Acme", member_id="A9"))
    assert [(row.patient, row.coverage.member_id) for row in listed(desk)] == [
        ("Garcia, Ana", "A1"),
        ("Garcia, Ana", "B1"),
        ("Ortiz, Luz", "A9"),
    ]


def test_an_ended_cover_makes_room_for_the_next(desk: Desk, ana: str) -> None:
    first = add_coverage(desk, AddCoverage(ana, "Acme", "A1"))
    ended = edit_coverage(desk, first.id[-6:], {"valid_to": "2026-09-30"}, "new card")
    second = add_coverage(desk, AddCoverage(ana, "Acme", "A2", "2026-10-01"))
    assert [in_force(ended, day) for day in (date(2026, 9, 30), date(2026, 10, 1))] == [True, False]
    assert [in_force(second, day) for day in (date(2026, 9, 30), date(2026, 10, 1))] == [False, True]
    with pytest.raises(InputRefused, match="in that time already"):
        edit_coverage(desk, first.id, {"valid_to": ""})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "says this already"),
        ({"payer": "Other"}, "no “payer” to change"),
        ({"member_id": " "}, "member id at Acme is missing"),
    ],
)
def test_an_edit_that_cannot_be_is_refused(desk: Desk, ana: str, changes: dict[str, str], told: str) -> None:
    coverage = add_coverage(desk, AddCoverage(ana, "Acme", "A1"))
    with pytest.raises(InputRefused, match=told):
        edit_coverage(desk, coverage.id, changes)


def test_a_withdrawn_cover_neither_counts_nor_changes(desk: Desk, ana: str) -> None:
    coverage = add_coverage(desk, AddCoverage(ana, "Acme", "A1"))
    undo(desk)
    assert listed(desk, ana) == []
    with pytest.raises(RuleRefused):
        edit_coverage(desk, coverage.id, {"member_id": "A2"})
    assert add_coverage(desk, AddCoverage(ana, "Acme", "A1"))


def test_a_cover_in_words(desk: Desk, ana: str) -> None:
    assert (
        described(add_coverage(desk, AddCoverage(ana, "Acme", "A1", "2026-01-01")))
        == "Acme · A1 · from 1/1/2026"
    )


@pytest.mark.usefixtures("own_payer")
def test_a_payers_page_has_a_code_and_a_fee_for_each_kind(desk: Desk) -> None:
    rules = {rule.kind: rule for rule in billed(desk, payer_known(desk, "acme"))}
    assert set(rules) == set(desk.kinds.ids)
    ride, referral = rules["transport"], rules["referral"]
    assert (ride.code, ride.fee_cents, ride.warning) == ("D9991", 1550, "")
    assert (referral.code, referral.fee_cents) == ("D9993", 0)
    assert "D9992" in referral.warning


def test_an_unknown_payer_page_names_those_that_there_are(desk: Desk) -> None:
    with pytest.raises(NotFound) as unknown:
        payer_known(desk, "Nobody's Plan")
    assert unknown.value.candidates == tuple(payer.id for payer in desk.payers)
