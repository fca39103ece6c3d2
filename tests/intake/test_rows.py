from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from casemgr.core.people import PatientIndex, PatientRef
from casemgr.documents.rejects import RejectedCells, RejectsSheet, write_rejects
from casemgr.intake.fates import Accepted, Duplicate, Ignored, LogEntry, Rejected
from casemgr.intake.rows import read_log
from casemgr.intake.sheets import Origin, is_blank
from casemgr.intake.tables import Table, TableFile, read_tables
from tests.intake.support import (
    HEADINGS,
    PRACTICE,
    practice_context,
    read_practice_log,
    read_rows,
    table_file,
)
from tests.intake.test_cells import CELLS

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.intake.fates import Row
    from casemgr.intake.tables import Cell

GOOD: list[Cell] = [
    "9/14/26",
    "Garcia, Ana 4/9/2012",
    "Ref - OS",
    "20m",
    "Phone",
    "Sent records",
    "Consult booked 9/26/26",
    "",
]


def row(**changes: Cell) -> list[Cell]:
    """A good row with some cells changed, by folded heading."""
    names = ["date", "patient", "type", "minutes", "how", "note", "outcome", "follow_up"]
    return [changes.get(name, cell) for name, cell in zip(names, GOOD, strict=True)]


def one(*cells: Cell, headings: list[Cell] = HEADINGS) -> Row[LogEntry]:
    """The fate of a single row."""
    (fate,) = read_rows(cells, headings=headings)
    return fate


def entry(fate: Row[LogEntry]) -> LogEntry:
    """What an accepted row says."""
    assert isinstance(fate, Accepted), fate
    said: LogEntry = fate.entry
    return said


def test_a_good_row_says_what_was_done() -> None:
    said = entry(one(*row(follow_up="9/26 confirm ride", how="In person")))
    assert said._replace(digest="") == LogEntry(
        staff="mrivera",
        patient_id="patient-1030",
        kind="referral",
        service_date=date(2026, 9, 14),
        minutes=20,
        method="in_person",
        contacted="",
        note="Sent records",
        outcome="consult_booked",
        outcome_words="Consult booked 9/26/26",
        follow_up=date(2026, 9, 26),
        follow_up_text="confirm ride",
        digest="",
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"date": ""}, "date"),
        ({"date": "13/45/26"}, "date"),
        ({"date": "11/22/26"}, "date"),
        ({"date": date(2062, 1, 5)}, "date"),
        ({"date": "mon"}, "date"),
        ({"date": "4/8/2012"}, "date"),
        ({"date": date(1899, 12, 31)}, "date"),
        ({"patient": ""}, "patient"),
        ({"patient": "n/a"}, "patient"),
        ({"patient": "Garcia, Ana"}, "patient"),
        ({"patient": "DOE, JANE 1/1/1901"}, "patient"),
        ({"patient": "Garcia, Ana 13/45/2012"}, "patient"),
        ({"type": ""}, "type"),
        ({"type": "Zumba"}, "type"),
        ({"minutes": ""}, "minutes"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 721.0}, "minutes"),
        ({"minutes": "15-20"}, "minutes"),
        ({"outcome": ""}, "outcome"),
        ({"outcome": " - "}, "outcome"),
        ({"outcome": "N/A"}, "outcome"),
        ({"outcome": "", "minutes": "", "type": ""}, "type"),
        ({"outcome": "", "minutes": ""}, "minutes"),
        ({"date": "", "patient": "", "minutes": ""}, "date"),
    ],
)
def test_what_is_wrong_is_told_by_the_first_column_in_order(changes: dict[str, Cell], field: str) -> None:
    fate = one(*row(**changes))
    assert isinstance(fate, Rejected)
    assert fate.field == field
    assert fate.reason.endswith((".", "?"))
    assert list(fate.cells) == row(**changes)


def test_every_fault_of_a_row_is_told() -> None:
    fate = one(*row(minutes="15-20", outcome="", type="Zumba"))
    assert isinstance(fate, Rejected)
    assert all(word in fate.reason for word in ("Zumba", "15-20", "no outcome"))


@pytest.mark.parametrize("day", ["11/21/26", date(2026, 11, 21)])
def test_today_is_not_in_the_future(day: Cell) -> None:
    assert entry(one(*row(date=day))).service_date == date(2026, 11, 21)


@pytest.mark.parametrize(
    "cells",
    [
        ["9/10/26", "", "Break", 30.0],
        ["9/10/26", "", "Lunch 12-1", 60.0, "", "with the team"],
        ["9/10/26", "n/a", "Staff meeting - huddle", "1h"],
        ["9/10/26", "Start shift"],
        ["", "Week total"],
        ["", "Week total 9/11", "", 345.0],
        ["", "", "TOTAL:", 345.0],
        ["Total", "", "", 345.0],
        ["Week of Sep 7"],
        ["", "", "", 345.0],
        ["9/10/26"],
        ["Second week, busy"],
        ["", "", "", "", "", "Holiday"],
        [None, None, None, None, None, None, None, None, "Signature"],
    ],
)
def test_what_is_no_case_work_is_left_alone(cells: list[Cell]) -> None:
    fate = one(*cells)
    assert isinstance(fate, Ignored), fate
    assert fate.why


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        (["9/10/26", "", "Referral", 20.0, "", "", "Booked"], "patient"),
        (["9/10/26", "", "Meeting w/ mother", 20.0, "", "", "Ride booked"], "patient"),
        (["9/10/26", "", "Drive to clinic", 20.0], "patient"),
        (["9/10/26", "", "Off-site visit", 20.0], "patient"),
        (["9/10/26", "", "Email to school nurse", 20.0], "patient"),
        (["9/10/26", "", "", 20.0], "patient"),
        (["9/10/26", "", "", "", "", "mother called"], "patient"),
        (["9/10/26", "Page, Tom 1/1/1950", "", 20.0, "", "", "Booked"], "patient"),
        (["9/10/26", "Garcia, Ana 4/9/2012", "Break", 20.0], "type"),
        (["", "Garcia, Ana 4/9/2012"], "date"),
    ],
)
def test_what_may_be_case_work_is_never_left_alone(cells: list[Cell], field: str) -> None:
    fate = one(*cells)
    assert isinstance(fate, Rejected), fate
    assert fate.field == field


def test_a_patient_who_is_called_like_a_total_is_a_patient() -> None:
    day = PatientRef("p", "1", "Day", "", date(1950, 1, 1))
    context = replace(practice_context(), patients=PatientIndex([day]))
    fates = read_rows(row(patient="Day"), row(patient="Day", type=""), ["", "Day"], context=context)
    assert [type(fate) for fate in fates] == [Accepted, Rejected, Rejected]


def test_blank_rows_count_for_nothing_and_rows_are_numbered_as_shown() -> None:
    file = table_file(["Log"], HEADINGS, [], GOOD, [None, " ", "\u200b"], row(minutes=5), first_row=7)
    assert [fate.origin.row for fate in read_log(file, practice_context()).rows] == [10, 12]


def test_headings_that_come_again_are_left_alone() -> None:
    assert [type(fate) for fate in read_rows(GOOD, HEADINGS, row(minutes=5))] == [Accepted, Ignored, Accepted]


def test_a_row_that_says_the_same_again_is_a_duplicate_of_the_first() -> None:
    same = row(
        date=datetime.fromisoformat("2026-09-14"),
        patient="  GARCIA, ANA   4/9/2012",
        minutes=time(0, 20),
        note="SENT  records",
    )
    fates = read_rows(GOOD, row(note="else"), same)
    assert isinstance(fates[2], Duplicate)
    assert fates[2].of == Origin("Marisol Rivera", 2)


def test_the_same_work_of_another_person_is_no_duplicate() -> None:
    tables = tuple(Table(name, [HEADINGS, GOOD]) for name in ("Marisol Rivera", "Tam Chen"))
    reading = read_log(TableFile("log.xlsx", "", tables), practice_context())
    assert [fate.entry.staff for fate in reading.accepted] == ["mrivera", "tchen"]


def test_a_column_may_say_who() -> None:
    fates = read_rows(
        [*GOOD, "tchen"],
        [*GOOD, "Okafor, Bisi"],
        [*GOOD, ""],
        [*GOOD, "Bob"],
        headings=[*HEADINGS, "Case manager"],
    )
    assert [entry(fate).staff for fate in fates[:3]] == ["tchen", "bokafor", "mrivera"]
    assert isinstance(fates[3], Rejected)
    assert fates[3].field == "staff"


def test_nothing_says_who() -> None:
    (fate,) = read_rows(GOOD, sheet="Sheet1")
    assert isinstance(fate, Rejected)
    assert fate.field == "staff"
    (fate,) = read_rows(GOOD, sheet="Sheet1", titles=[["Log of Tam Chen"]])
    assert entry(fate).staff == "tchen"
    (fate,) = read_rows(GOOD, sheet="Sheet1", context=replace(practice_context(), default_staff="bokafor"))
    assert entry(fate).staff == "bokafor"


@pytest.mark.parametrize(
    ("headings", "cells"),
    [
        (["Last Name", "First Name", "DOB"], ["Garcia", "Ana", date(2012, 4, 9)]),
        (["Last Name", "First Name", "DOB"], ["GARCIA", "ana", "4/9/12"]),
        (["Client", "DOB"], ["Ana Garcia", "4/9/2012"]),
        (["Client", "Chart #"], ["Garcia, Ana", 1030.0]),
        (["Chart #"], ["1030"]),
        (["Client"], [1030.0]),
        (["Client", "DOB"], ["Ana Garcia", 41008.0]),
        (["Client", "DOB"], ["Garcia, Ana 4/9/2012", "2012-04-09"]),
    ],
)
def test_patients_in_columns_of_their_own(headings: list[Cell], cells: list[Cell]) -> None:
    rest: list[Cell] = ["Date", "Type", "Mins", "Outcome"]
    fate = one("9/14/26", "ref", 20, "Booked", *cells, headings=[*rest, *headings])
    assert entry(fate).patient_id == "patient-1030"


@pytest.mark.parametrize(
    "cells",
    [["Garcia, Ana 4/9/2012", "4/9/1985", ""], ["Garcia, Ana #1030", "", "1031"], ["Garcia, Ana", "x", ""]],
)
def test_columns_that_contradict_each_other_name_nobody(cells: list[Cell]) -> None:
    rest: list[Cell] = ["Date", "Type", "Mins", "Outcome"]
    fate = one("9/14/26", "ref", 20, "Booked", *cells, headings=[*rest, "Client", "DOB", "Chart"])
    assert isinstance(fate, Rejected)
    assert fate.field == "patient"


def test_a_column_of_hours_counts_hours() -> None:
    rest: list[Cell] = ["Date", "Client", "Type", "Outcome"]
    fate = one("9/14/26", "#1030", "ref", "Booked", 0.5, headings=[*rest, "Hours"])
    assert entry(fate).minutes == 30


@pytest.mark.parametrize(
    "titles", [[["Log for January 2025"]], [["Log"], ["1/2025"]], [["PRIVATE", "Jan. 2025"]]]
)
def test_dates_without_a_year_are_of_the_year_that_the_title_says(titles: list[list[Cell]]) -> None:
    fates = read_rows(row(date="1/14"), row(date="12/31"), titles=titles)
    assert [entry(fate).service_date for fate in fates] == [date(2025, 1, 14), date(2024, 12, 31)]


def test_a_rejected_row_is_of_its_own_month_or_else_of_its_sheet() -> None:
    fates = read_rows(row(date="8/31/26", outcome=""), row(date="?"), titles=[["September 2026"]])
    assert [fate.month for fate in fates if isinstance(fate, Rejected)] == ["2026-08", "2026-09"]
    fates = read_rows(row(date="?"))
    assert [fate.month for fate in fates if isinstance(fate, Rejected)] == [""]


def test_words_of_a_follow_up_without_a_date_are_kept() -> None:
    said = entry(one(*row(follow_up="ask mom about Friday")))
    assert (said.follow_up, said.follow_up_text) == (None, "ask mom about Friday")
    assert entry(one(*row(follow_up="n/a"))).follow_up_text == ""


def test_mended_rows_are_taken_in_and_say_what_they_mend(tmp_path: Path) -> None:
    reading = read_practice_log(PRACTICE / "log-2026-09.xlsx")
    path = tmp_path / "mend.xlsx"
    sheets = [
        RejectsSheet(
            sheet.name,
            sheet.titles,
            sheet.heading_row,
            [
                RejectedCells(r.cells, r.reason, f"{reading.file}|{r.origin.sheet}|{r.origin.row}", None)
                for r in reading.rejected
                if r.origin.sheet == sheet.name
            ],
        )
        for sheet in reading.sheets
    ]
    write_rejects(path, sheets, made_at=datetime(2026, 11, 21, tzinfo=UTC))
    untouched = read_practice_log(path)
    assert [(r.field, r.reason, r.month, r.digest) for r in untouched.rejected] == [
        (r.field, r.reason, r.month, r.digest) for r in reading.rejected
    ]
    assert untouched.rejected[0].mends == "log-2026-09.xlsx|Marisol Rivera|6"
    workbook = load_workbook(path)
    sheet = workbook["Tam Chen"]
    assert [cell.value for cell in sheet[6]][:3] == ["Sep 22, 2026", "Schultz, Pearle 5/2/2003", None]
    sheet["C6"] = "Ride"
    for cell in sheet[5][:8]:
        cell.value = None
    workbook.save(path)
    mended = read_practice_log(path)
    assert [(r.origin, r.mends, r.entry.staff) for r in mended.accepted] == [
        (Origin("Tam Chen", 6), "log-2026-09.xlsx|Tam Chen|87", "tchen")
    ]
    assert [r.origin for r in mended.ignored] == [Origin("Tam Chen", 5)]


def test_read_tables_and_rows_agree_on_the_place(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "Tam Chen"
    for number, cells in ((6, HEADINGS), (9, GOOD)):
        for column, value in enumerate(cells, 3):
            sheet.cell(number, column, value)
    workbook.save(tmp_path / "log.xlsx")
    reading = read_log(read_tables(tmp_path / "log.xlsx"), practice_context())
    assert [r.origin for r in reading.accepted] == [Origin("Tam Chen", 9)]


WORDS = st.sampled_from(
    [
        *(
            "9/14/26",
            "Garcia, Ana 4/9/2012",
            "Garcia, Ana",
            "Week total",
            "Break",
            "ref",
            "Ride",
            "20m",
            "15-20",
        ),
        *("n/a", "-", " ", "Left voicemail", "Booked", "Phone", "=1+1", "tchen", "Date", "log|x|1"),
    ]
)
GRIDS = st.lists(st.lists(CELLS | WORDS, max_size=12), max_size=8)


@given(GRIDS, GRIDS, st.permutations([*HEADINGS, "Staff", "casemgr row", "Rejected because"]))
def test_any_grid_gives_every_row_one_fate(
    above: list[list[Cell]], below: list[list[Cell]], headings: list[Cell]
) -> None:
    file = table_file(*above, headings, *below, first_row=3)
    reading = read_log(file, practice_context())
    (sheet,) = reading.sheets
    numbers = [fate.origin.row for fate in reading.rows]
    assert numbers == [
        n
        for n, cells in enumerate(file.tables[0].rows, 3)
        if n > 3 + sheet.headings.index and not is_blank(cells)
    ]
    by_fate = [*reading.accepted, *reading.duplicates, *reading.ignored, *reading.rejected]
    assert len(by_fate) == len(reading.rows)
    assert all(1 <= fate.entry.minutes <= 720 and fate.entry.outcome_words for fate in reading.accepted)
