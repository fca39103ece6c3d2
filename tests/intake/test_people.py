from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.people import PatientRef
from casemgr.intake.fates import Accepted, Duplicate, Ignored, PatientEntry, Rejected, StaffEntry
from casemgr.intake.people import (
    PatientContext,
    StaffContext,
    read_patients,
    read_staff,
    split_full_name,
    split_role,
)
from casemgr.intake.sheets import Origin
from casemgr.intake.tables import read_tables
from casemgr.intake.vocabulary import load_vocabulary
from tests.intake.support import PRACTICE, TODAY, table_file

if TYPE_CHECKING:
    from casemgr.intake.fates import Row
    from casemgr.intake.tables import Cell

PATIENT_HEADINGS: list[Cell] = ["Chart #", "Last Name", "First Name", "Birthdate", "Carrier", "Subscriber ID"]
ANA: list[Cell] = ["1030", "Garcia", "Ana", "04/09/2012", "Sliding fee", ""]


def patients(
    *rows: list[Cell], headings: list[Cell] = PATIENT_HEADINGS, known: tuple[PatientRef, ...] = ()
) -> tuple[Row[PatientEntry], ...]:
    """The fates of a patient export's rows."""
    context = PatientContext(TODAY, known, load_vocabulary("patients"))
    return read_patients(table_file(headings, *rows), context).rows


def staff(
    *rows: list[Cell], headings: list[Cell], known: dict[str, str] | None = None
) -> tuple[Row[StaffEntry], ...]:
    """The fates of a staff list's rows."""
    return read_staff(table_file(headings, *rows), StaffContext(known or {}, load_vocabulary("staff"))).rows


def test_the_practice_s_own_patients() -> None:
    reading = read_patients(
        read_tables(PRACTICE / "patients.csv"), PatientContext(TODAY, (), load_vocabulary("patients"))
    )
    assert (len(reading.accepted), len(reading.rows)) == (33, 33)
    assert reading.accepted[0].entry == PatientEntry(
        chart_number="1001",
        last_name="Mosciski",
        first_name="Maynard",
        birth_date=date(2014, 10, 6),
        gender="M",
        language="English",
        phone="617-555-0100",
        address="784 Stamm Lock Unit, Somerville, MA 02155",
        payer_name="",
        member_id="",
    )
    assert reading.accepted[1].entry.payer_name == "Sunrise Medicaid Dental"
    assert reading.accepted[27].entry.last_name == "李"
    assert sum(bool(row.entry.payer_name) for row in reading.accepted) == 22
    assert all(bool(row.entry.payer_name) == bool(row.entry.member_id) for row in reading.accepted)
    assert reading.sheets[0].headings.unused == ()


def test_a_chart_number_of_the_same_person_is_a_duplicate() -> None:
    known = (PatientRef("p", "1030", "GARCÍA", "Ana", date(2012, 4, 9)),)
    (fate,) = patients(ANA, known=known)
    assert isinstance(fate, Duplicate)
    assert fate.of is None
    first, second = patients(ANA, [1030.0, "Garcia", "ANA", date(2012, 4, 9), "", ""])
    assert isinstance(second, Duplicate)
    assert second.of == first.origin == Origin("Marisol Rivera", 2)


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        (["", "Garcia", "Ana", "4/9/2012"], "chart"),
        (["1031", "", "Ana", "4/9/2012"], "last_name"),
        (["1031", "Garcia", "Ana", "4/9/2027"], "birth_date"),
        (["1031", "Garcia", "Ana", ""], "birth_date"),
        (["1031", "Garcia", "Ana", "2/30/2012"], "birth_date"),
        (["1030", "Garcia", "Ana", "4/9/1985"], "chart"),
        (["1030", "Gracia", "Ana", "4/9/2012"], "chart"),
        (["1044"], "last_name"),
    ],
)
def test_rejected_patients(cells: list[Cell], field: str) -> None:
    *_, fate = patients(ANA, cells)
    assert isinstance(fate, Rejected)
    assert fate.field == field
    assert fate.cells == tuple(cells)


@pytest.mark.parametrize("cells", [["Total: 33"], ["", "", "", "", "Sliding fee"]])
def test_rows_about_no_patient_are_left_alone(cells: list[Cell]) -> None:
    (fate,) = patients(cells)
    assert isinstance(fate, Ignored)


def test_people_called_null_or_na_are_people() -> None:
    fates = patients(["1", "Null", "Jo", "4/9/2012"], ["2", "Na", "An", "4/9/2012"])
    assert [fate.entry.last_name for fate in fates if isinstance(fate, Accepted)] == ["Null", "Na"]


def test_one_column_for_the_name_and_numbers_that_were_texts() -> None:
    headings: list[Cell] = ["Account", "Patient", "DOB", "Address", "Address 2", "City", "State", "Zip"]
    (fate,) = patients(
        [1032.0, "Lotte van der Berg", 36525.0, "74 Elm St ", "Apt 2", "Cambridge", "MA", 2139.0],
        headings=headings,
    )
    assert isinstance(fate, Accepted)
    assert (fate.entry.chart_number, fate.entry.last_name, fate.entry.first_name) == (
        "1032",
        "van der Berg",
        "Lotte",
    )
    assert fate.entry.birth_date == date(1999, 12, 31)
    assert fate.entry.address == "74 Elm St, Apt 2, Cambridge, MA 02139"


@pytest.mark.parametrize(
    ("carrier", "payer"),
    [
        ("Sliding Fee", ""),
        ("sliding fee - 25 %", ""),
        ("Self-Pay", ""),
        ("UNINSURED", ""),
        ("None", ""),
        ("-", ""),
        ("", ""),
        ("Harbor Dental PPO", "Harbor Dental PPO"),
        ("Self Insured Plan of Ohio", "Self Insured Plan of Ohio"),
    ],
)
def test_carriers_that_mean_none(carrier: str, payer: str) -> None:
    (fate,) = patients([*ANA[:4], carrier, "X1"])
    assert isinstance(fate, Accepted)
    assert fate.entry.payer_name == payer


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Garcia, Ana", ("Garcia", "Ana")),
        ("Ana Garcia", ("Garcia", "Ana")),
        ("Lotte van der Berg", ("van der Berg", "Lotte")),
        ("van der Berg, Lotte", ("van der Berg", "Lotte")),
        ("María José Núñez", ("Núñez", "María José")),
        ("Cher", ("Cher", "")),
        ("", ("", "")),
    ],
)
def test_full_names(text: str, name: tuple[str, str]) -> None:
    assert split_full_name(text) == name


def test_the_practice_s_own_staff() -> None:
    reading = read_staff(read_tables(PRACTICE / "staff.csv"), StaffContext({}, load_vocabulary("staff")))
    assert [row.entry for row in reading.accepted] == [
        StaffEntry("mrivera", "Marisol Rivera", "CDHC", "", ""),
        StaffEntry("tchen", "Tam Chen", "RDH", "", ""),
        StaffEntry("bokafor", "Bisi Okafor", "", "Case manager", ""),
    ]
    assert reading.summary() == {"accepted": 3, "rejected": [], "duplicates": [], "ignored": 0}


def test_staff_in_other_shapes() -> None:
    headings: list[Cell] = ["User name", "Employee", "Job Title", "NPI"]
    fates = staff(
        ["MRivera", "Rivera, Marisol", "RDH, Case manager", 1234567893.0],
        ["tchen", "Tam Chen, R.D.H.", "Lead"],
        headings=headings,
    )
    assert [fate.entry for fate in fates if isinstance(fate, Accepted)] == [
        StaffEntry("mrivera", "Marisol Rivera", "RDH", "Case manager", "1234567893"),
        StaffEntry("tchen", "Tam Chen", "R.D.H.", "Lead", ""),
    ]
    (fate,) = staff(["a", "Ana", "Li", "DDS"], headings=["Login", "First name", "Last name", "Credentials"])
    assert isinstance(fate, Accepted)
    assert fate.entry == StaffEntry("a", "Ana Li", "DDS", "", "")


def test_staff_who_are_in_and_rows_to_mend() -> None:
    fates = staff(
        ["mrivera", "MARISOL Rivera"],
        ["tchen", "Somebody Else"],
        ["two words", "X"],
        ["", "Y"],
        ["z", ""],
        ["", "", "Hygienist"],
        headings=["Login", "Name", "Role"],
        known={"mrivera": "Marisol Rivera", "tchen": "Tam Chen"},
    )
    assert [type(fate) for fate in fates] == [Duplicate, Rejected, Rejected, Rejected, Rejected, Ignored]
    assert [fate.field for fate in fates if isinstance(fate, Rejected)] == ["login", "login", "login", "name"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("CDHC", ("CDHC", "")),
        ("R.D.H.", ("R.D.H.", "")),
        ("rdh", ("rdh", "")),
        ("Case manager", ("", "Case manager")),
        ("RDH / CDHC", ("RDH, CDHC", "")),
        ("Dentist; DMD", ("DMD", "Dentist")),
        ("", ("", "")),
    ],
)
def test_credentials_and_roles(text: str, parts: tuple[str, str]) -> None:
    assert split_role(text, load_vocabulary("staff").words["credentials"]) == parts
