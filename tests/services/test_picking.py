"""Picking a patient: whoever fits what is typed so far, slips included, namesakes told apart."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import AddPatient, VoidActivity
from casemgr.errors import InputRefused, NotFound
from casemgr.services import picking
from casemgr.services.activities import void_activity
from casemgr.services.patients import add_patient
from casemgr.services.picking import begun_patient_id, pick_patients
from tests.services.support import log

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.services.desk import Desk

PEOPLE = (
    AddPatient("Ana", "Garcia", date(2001, 12, 1), "1040"),
    AddPatient("Garcia Lopez", "Ana Maria", date(2010, 4, 19), "1041", language="Spanish"),
    AddPatient("Nguyễn", "Thị Ánh", date(1978, 11, 30), "A-77", language="Vietnamese"),
    AddPatient("Okafor", "Chidi", date(1999, 2, 4), "20120"),
    AddPatient("Li", "Wei", date(2012, 9, 9), "1044"),
    AddPatient("Lindqvist", "Åsa", date(1964, 4, 9), "1045"),
)


@pytest.fixture
def many(desk: Desk) -> Desk:
    """A desk with PEOPLE beside the two Anas and Mary Jo O'Brien-Núñez."""
    for person in PEOPLE:
        add_patient(desk, person)
    return desk


def charts(desk: Desk, text: str) -> list[str]:
    return [row.chart_number for row in pick_patients(desk, text)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("garcia ana", ["1030", "1031", "1040", "1041"]),
        ("ana gar", ["1030", "1031", "1040", "1041"]),
        ("Garcia, Ana", ["1031", "1030", "1041", "1040"]),
        ("g", ["1031", "1030", "1041", "1040"]),
        ("garcia ana 2012", ["1030"]),
        ("ana 4/9/2012", ["1030"]),
        ("ana 2012-04-09", ["1030"]),
        ("ana Apr 9, 2012", ["1030"]),
        ("ana dob 4/9/12", ["1030"]),
        ("4/9/2012", ["1030"]),
        ("2012", ["1044", "1030", "20120"]),
        ("garcia 201", ["1030", "1041"]),
        ("garcia 4/", ["1031", "1030", "1041"]),
        ("garcia 4/1", ["1041"]),
        ("4/9/", ["1031", "1030", "1045"]),
        ("4/9/1", ["1031", "1045"]),
        ("4/9/85", ["1031"]),
        ("4/9/198", ["1031"]),
        ("#1030", ["1030"]),
        ("1030", ["1030"]),
        ("#a-77", ["A-77"]),
        ("ana #1031", ["1031"]),
        ("li", ["1044", "1045"]),
        ("lin", ["1045"]),
        ("asa lind", ["1045"]),
        ("nguyen anh", ["A-77"]),
        ("Nguyễn", ["A-77"]),
        ("O'Brien", ["1032"]),
        ("obrien nunez", ["1032"]),
        ("o brien nu", ["1032"]),
        ("Mary-Jo", ["1032"]),
        ("maryjo obr", ["1032"]),
    ],
)
def test_whoever_fits_so_far_is_offered(many: Desk, typed: str, first: list[str]) -> None:
    assert sorted(charts(many, typed)) == sorted(first)
    assert charts(many, typed)[0] in first


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("garica lopez", "1041"),
        ("Okafer", "20120"),
        ("okfor chidi", "20120"),
        ("Pkafor", "20120"),
        ("okaffor", "20120"),
        ("nguyne", "A-77"),
        ("lindqist", "1045"),
        ("lindkv", "1045"),
        ("obrian mary", "1032"),
        ("mary jo obrein nunez 1990", "1032"),
        ("okafor chidi 1998", "20120"),
        ("okafor chidi 2/5/1999", "20120"),
        ("okafor #1030", "20120"),
        ("okafro 1998", "20120"),
    ],
)
def test_a_slip_of_the_pen_still_finds_who_was_meant(many: Desk, typed: str, meant: str) -> None:
    assert meant in charts(many, typed)


@pytest.mark.parametrize(
    "typed", ["xyzzy", "zz zz zz", "#9999", "12/31/1900", "4/9/2012 5/9/2012", "'\"*", "…"]
)
def test_whatever_else_is_typed_refuses_nothing(many: Desk, typed: str) -> None:
    found = charts(many, typed)
    assert not found or not typed.strip("…'\"*")


def test_namesakes_are_told_apart(many: Desk) -> None:
    rows = {row.chart_number: row for row in pick_patients(many, "garcia")}
    ana = rows["1030"]
    assert (ana.name, ana.birth_date, ana.age) == ("Garcia, Ana", date(2012, 4, 9), 14)
    assert (ana.language, ana.last_activity) == ("Spanish", None)
    assert {chart for chart, row in rows.items() if row.namesake} == {"1030", "1031", "1040"}


def test_without_a_text_whoever_was_worked_with_last_is_offered(
    many: Desk, desk_of: Callable[[str], Desk]
) -> None:
    assert charts(many, "")[0] == "1040"
    for line in ("20m referral 1032 10/5: OS", "5m referral 1031 10/7: OS", "10m referral 1030 10/6: OS"):
        log(many, f"{line} => packet faxed")
    slip = log(many, "10m referral 1044 10/20: OS => packet faxed")
    log(many, "10m referral 1031 10/1: OS => packet faxed")
    void_activity(many, VoidActivity(slip.id, "another patient"))
    assert charts(many, "  ") == ["1031", "1030", "1032"]
    assert pick_patients(many)[0].last_activity == date(2026, 10, 7)

    other = desk_of("tchen")
    assert charts(other, "") == ["1031", "1030", "1032"]
    log(other, "10m referral 1045 10/2: OS => packet faxed")
    assert charts(other, "") == ["1045"]
    assert charts(many, "") == ["1031", "1030", "1032"]


def test_a_list_ends(many: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(pick_patients(many, "a", limit=2)) == 2
    for line in ("20m referral 1032 10/5: OS", "5m referral 1031 10/7: OS"):
        log(many, f"{line} => packet faxed")
    assert len(pick_patients(many, limit=1)) == 1
    monkeypatch.setattr(picking, "LOOKED_THROUGH", 1)
    assert charts(many, "") == ["1031"]


@pytest.mark.parametrize(("typed", "chart"), [("okaf", "20120"), ("lindq", "1045"), ("chi ok", "20120")])
def test_a_name_that_only_one_begins_so_is_enough(many: Desk, typed: str, chart: str) -> None:
    picked = begun_patient_id(many, typed)
    assert picked == next(row.id for row in pick_patients(many, typed) if row.chart_number == chart)


@pytest.mark.parametrize("typed", ["gar", "okafr", "zzz"])
def test_nobody_is_guessed_from_a_slip_or_from_what_several_begin_with(many: Desk, typed: str) -> None:
    with pytest.raises((NotFound, InputRefused)):
        begun_patient_id(many, typed)


def test_a_whole_name_goes_before_one_that_only_begins_so(many: Desk) -> None:
    assert begun_patient_id(many, "li") == pick_patients(many, "1044")[0].id
