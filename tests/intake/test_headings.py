from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casemgr.errors import InputRefused
from casemgr.intake.headings import Headings, NoHeadings, find_headings
from casemgr.intake.sheets import read_sheets
from casemgr.intake.tables import Table, TableFile
from casemgr.intake.vocabulary import TableName, load_vocabulary
from tests.intake.support import HEADINGS, table_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from casemgr.intake.tables import Cell

LOG = load_vocabulary("log")


def columns(
    *headings: Cell, table: TableName = "log", mapping: Mapping[str, str] | None = None
) -> Mapping[str, int]:
    """The columns of a sheet with only its headings."""
    found = find_headings(Table("S", [list(headings)]), load_vocabulary(table), mapping)
    assert isinstance(found, Headings)
    return found.columns


def test_headings_of_a_hand_kept_log() -> None:
    found = columns("Date", "Pt Name (LAST, FIRST DOB)", "Type", "Mins", "How", "Notes", "Outcome", "F/U")
    assert sorted(found, key=found.__getitem__) == [
        "date", "patient", "type", "minutes", "method", "note", "outcome", "follow_up",
    ]  # fmt: skip


def test_headings_of_a_patient_export() -> None:
    found = columns(
        "Chart #", "Last Name", "First Name", "Birthdate", "Subscriber ID", "Zip", table="patients"
    )
    assert found == {"chart": 0, "last_name": 1, "first_name": 2, "birth_date": 3, "member_id": 4, "zip": 5}


def test_a_whole_heading_goes_before_one_that_only_contains_the_word() -> None:
    found = columns(
        "Date entered", "Outcome notes", "Client", "DOS", "Activity", "Duration (min)", "Result", "Comments"
    )
    assert found == {"date": 3, "patient": 2, "type": 4, "minutes": 5, "outcome": 6, "note": 7}


def test_name_and_birth_date_in_columns_of_their_own() -> None:
    found = columns(
        "Date", "Last Name", "First Name", "DOB", "Chart No.", "Type", "Minutes", "Outcome", "Staff"
    )
    assert {name: found[name] for name in ("last_name", "first_name", "birth_date", "chart", "staff")} == {
        "last_name": 1, "first_name": 2, "birth_date": 3, "chart": 4, "staff": 8,
    }  # fmt: skip


def test_a_column_called_time_is_not_taken_for_minutes() -> None:
    found = find_headings(Table("S", [["Date", "Patient", "Type", "Time", "Outcome"]]), LOG)
    assert isinstance(found, NoHeadings)
    assert found.missing == (("minutes",),)
    assert columns("Date", "Patient", "Type", "Time", "Outcome", mapping={"minutes": "time"})["minutes"] == 3


def test_the_row_with_most_headings_is_taken_and_those_above_are_titles() -> None:
    rows: list[list[Cell]] = [["Case management log"], ["Outcome and type by date"], [], HEADINGS, ["9/1/26"]]
    found = find_headings(Table("S", rows), LOG)
    assert isinstance(found, Headings)
    assert found.index == 3


def test_headings_that_nobody_knows_are_told_as_unused() -> None:
    found = find_headings(Table("S", [[*HEADINGS, "Mileage", None, "Initials of pt"]]), LOG)
    assert isinstance(found, Headings)
    assert found.unused == ("Mileage", "Initials of pt")


def test_headings_below_the_searched_rows_are_not_found() -> None:
    found = find_headings(Table("S", [[] for _ in range(25)] + [HEADINGS]), LOG)
    assert isinstance(found, NoHeadings)


def refusal(file: TableFile, mapping: Mapping[str, str] | None = None) -> InputRefused:
    """What is told where the columns of a file cannot be told."""
    with pytest.raises(InputRefused) as told:
        read_sheets(file, LOG, mapping)
    return told.value


def test_a_missing_column_is_told_with_what_is_there_and_how_to_say_it() -> None:
    told = refusal(table_file(["Date", "Client", "Service", "Length of it", "Came of it"]))
    assert "no column for Outcome" in told.detail
    assert '"Came of it"' in told.detail
    assert '--map outcome="Its heading"' in told.todo
    assert "Came of it" in told.candidates


def test_a_sheet_without_any_heading_is_told_as_such() -> None:
    told = refusal(table_file(["a", "b"], [1, 2]))
    assert "no row has a heading" in told.detail


def test_a_mapped_heading_that_is_nowhere_is_told_with_those_that_are_there() -> None:
    told = refusal(table_file(HEADINGS), {"patient": "Klient"})
    assert '"Klient"' in told.title
    assert "Patient" in told.candidates


def test_a_mapped_heading_goes_before_all_guessing() -> None:
    headings: Sequence[Cell] = [*HEADINGS, "Real outcome"]
    assert columns(*headings, mapping={"outcome": "REAL  outcome"})["outcome"] == 8


def test_other_sheets_of_a_log_are_left_alone_and_told() -> None:
    log = Table("Marisol Rivera", [HEADINGS, ["9/1/26"]])
    sums = Table("Sums", [["Type", "Minutes"], ["Referral", 100.0], []])
    sheets, skipped = read_sheets(TableFile("log.xlsx", "", (sums, log)), LOG)
    assert [sheet.name for sheet in sheets] == ["Marisol Rivera"]
    assert [(sheet.sheet, sheet.rows) for sheet in skipped] == [("Sums", 2)]
    assert ("date",) in skipped[0].missing
