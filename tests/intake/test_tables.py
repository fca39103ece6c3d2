from __future__ import annotations

import os
import struct
import zipfile
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from casemgr.core.wording import CREATOR, TO_MEND
from casemgr.errors import CasemgrError, InputRefused, NotFound
from casemgr.intake.delimited import read_delimited
from casemgr.intake.rows import read_log
from casemgr.intake.tables import Table, TableFile, read_tables
from tests.intake.support import FORMATS, PRACTICE, csv_text, practice_context

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.intake.tables import Cell

LOG = [
    ["Date", "Pt Name (LAST, FIRST DOB)", "Type", "Mins", "How", "Notes", "Outcome", "F/U"],
    [
        "9/22/26",
        "O'Brien-Núñez, María José 5/17/1991",
        "Referral",
        "5",
        "",
        'Said "yes", then\nleft; | done',
        "Ok",
        "",
    ],
    ["9/23/26", "Garcia, Ana 4/9/2012", "Ride", "1,5", "text", "Café — visited", "Ride confirmed", "10/1/26"],
]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_text_of_any_usual_encoding_and_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(csv_text(LOG, delimiter).encode(encoding))
    file = read_tables(path)
    assert file.tables == (Table("log", [list(row) for row in LOG]),)
    assert file.delimiter == delimiter
    assert encoding.startswith(file.encoding)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_line_ends(newline: str) -> None:
    text = newline.join(["Date,Mins", "9/1/26,20", "", "9/2/26,30"])
    assert read_delimited("log.csv", text.encode()).rows == [
        ["Date", "Mins"],
        ["9/1/26", "20"],
        [],
        ["9/2/26", "30"],
    ]


def test_letters_beyond_western_ones_need_unicode() -> None:
    rows = [["Name", "Mins"], ["李, 小龍 2/14/1975", "15"]]
    for encoding in ("utf-8", "utf-16"):
        assert read_delimited("log.csv", csv_text(rows, ";").encode(encoding)).rows == rows


def test_excel_s_own_line_about_the_delimiter_is_obeyed_and_not_counted() -> None:
    read = read_delimited("log.csv", b"sep=;\r\nA,x;B,y\r\n1;2\r\n")
    assert (read.delimiter, read.rows) == (";", [["A,x", "B,y"], ["1", "2"]])


def test_rows_of_a_csv_are_numbered_as_a_spreadsheet_program_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    notes = ["A note\nof three\nlines", "short"]
    rows = [
        ["Log of mrivera"],
        [],
        LOG[0],
        *([*LOG[2][:3], "20", "", note, "Left voicemail"] for note in notes),
    ]
    path.write_text(csv_text(rows), encoding="utf-8")
    reading = read_log(read_tables(path), practice_context())
    assert [row.origin.row for row in reading.accepted] == [4, 5]
    assert reading.accepted[0].entry.note == "A note of three lines"


def test_open_quotation_mark_is_refused_rather_than_swallowing_rows() -> None:
    with pytest.raises(InputRefused) as told:
        read_delimited("log.csv", b'Date,Note\n9/1/26,"open\n9/2/26,two\n9/3/26,three\n')
    assert "row 2" in told.value.detail


def test_cells_keep_their_types_and_rows_their_numbers(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "First"
    row: list[Cell] = [
        "x",
        3,
        2.5,
        True,
        date(2026, 9, 1),
        datetime.fromisoformat("2026-09-01 12:30"),
        time(0, 30),
    ]
    for column, value in enumerate([*row, timedelta(minutes=65)], 2):
        sheet.cell(5, column, value)
    hidden = workbook.create_sheet("Hidden")
    hidden.sheet_state = "hidden"
    hidden["A2"] = "y"
    workbook.create_sheet("Blank")
    workbook.create_chartsheet("Chart")
    workbook.save(tmp_path / "book.xlsx")
    read = read_tables(tmp_path / "book.xlsx")
    assert read.tables == (Table("First", [[*row, timedelta(minutes=65)]], 5), Table("Hidden", [["y"]], 2))
    assert (read.encoding, read.delimiter, len(read.sha256)) == ("", "", 64)


def test_a_wrong_ending_does_not_matter(tmp_path: Path) -> None:
    for source, name in ((FORMATS / "log-2026-09.xls", "a.xlsx"), (PRACTICE / "patients.csv", "b.xls")):
        (tmp_path / name).write_bytes(source.read_bytes())
        assert read_tables(tmp_path / name).tables[0].rows == read_tables(source).tables[0].rows


def refusal(path: Path, data: bytes) -> InputRefused:
    """What is told of a file with these bytes."""
    path.write_bytes(data)
    with pytest.raises(InputRefused) as told:
        read_tables(path)
    assert told.value.todo
    return told.value


def test_protected_files_are_told_as_such(tmp_path: Path) -> None:
    for name in ("protected.xls", "protected.ods"):
        assert "password" in refusal(tmp_path / name, (FORMATS / name).read_bytes()).title
    # A protected xlsx is a compound file with a stream of this name.
    head = (FORMATS / "protected.xls").read_bytes()[:512]
    assert "password" in refusal(tmp_path / "a.xlsx", head + "EncryptedPackage".encode("utf-16-le")).title


@pytest.mark.parametrize("name", ["log-2026-09.xlsx", "log-2026-09.xls", "log-2026-09.ods"])
@pytest.mark.parametrize("part", [0.3, 0.9])
def test_cut_off_files_are_damaged(tmp_path: Path, name: str, part: float) -> None:
    source = PRACTICE / name if name.endswith("xlsx") else FORMATS / name
    data = source.read_bytes()
    title = refusal(tmp_path / name, data[: int(len(data) * part)]).title
    assert title in (f"{name} is damaged", f"{name} is not a table file")


def test_broken_insides_are_damaged(tmp_path: Path) -> None:
    with (
        zipfile.ZipFile(PRACTICE / "log-2026-09.xlsx") as good,
        zipfile.ZipFile(tmp_path / "x.zip", "w") as bad,
    ):
        for member in good.namelist():
            content = good.read(member)
            bad.writestr(member, content[: len(content) // 2] if "sheet1" in member else content)
    assert refusal(tmp_path / "a.xlsx", (tmp_path / "x.zip").read_bytes()).title == "a.xlsx is damaged"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("letter.docx", b""),
        ("scan.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\x00\x01\x02"),
        ("page.xls", b"<html><table><tr><td>Date</td></tr></table></html>"),
        ("page.csv", b"\xef\xbb\xbf<?xml version='1.0'?><a/>"),
        ("photo.csv", b"\x89PNG\r\n\x1a\n\x00\x00"),
        ("odd.csv", b"Date,Note\n9/1/26,\x81\x8d\n"),
        ("word.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    ],
)
def test_other_files_are_no_tables(tmp_path: Path, name: str, data: bytes) -> None:
    if not data:
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w") as package:
            package.writestr("word/document.xml", "<x/>")
        data = packed.getvalue()
    assert refusal(tmp_path / name, data).title == f"{name} is not a table file"


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b",,,\n,,,\n"])
def test_empty_files_are_told_as_such(tmp_path: Path, data: bytes) -> None:
    assert refusal(tmp_path / "log.csv", data).title == "log.csv is empty"


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as told:
        read_tables(tmp_path / "nowhere" / "log.xlsx")
    assert "log.xlsx" in told.value.title
    with pytest.raises(InputRefused, match="is a folder"):
        read_tables(tmp_path)
    with pytest.raises(InputRefused, match="cannot be read"):
        read_tables(tmp_path / "a\0b")


def test_too_big_a_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.touch()
    os.truncate(path, 51 * 1024 * 1024)
    with pytest.raises(InputRefused, match="too big"):
        read_tables(path)


@pytest.mark.parametrize(("title", "comes_in"), [("Billing, October 2026", False), (TO_MEND, True)])
def test_only_rejected_rows_come_back_from_our_own_workbooks(
    tmp_path: Path, title: str, comes_in: bool
) -> None:
    workbook = Workbook()
    workbook.worksheets[0]["A1"] = "x"
    workbook.properties.creator, workbook.properties.title = CREATOR, title
    workbook.save(tmp_path / "own.xlsx")
    if comes_in:
        assert read_tables(tmp_path / "own.xlsx").tables
    else:
        with pytest.raises(InputRefused, match="casemgr made"):
            read_tables(tmp_path / "own.xlsx")


def test_a_pipe_is_no_table(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "log.csv")
    with pytest.raises(InputRefused, match="not a file"):
        read_tables(tmp_path / "log.csv")


def test_an_endless_cell_is_told(tmp_path: Path) -> None:
    told = refusal(tmp_path / "log.csv", b'a,b\n1,"' + b"x" * 200_000 + b'"\n')
    assert "131,072" in told.detail


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(InputRefused, match="too big"):
        read_delimited("log.csv", b"1,2\n" * (200_000 + 1))


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    data = bytearray((PRACTICE / "log-2026-09.xlsx").read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, entry + 24, 0xF0000000)
    assert refusal(tmp_path / "log.xlsx", bytes(data)).title == "log.xlsx is too big"


@pytest.mark.parametrize("write_only", [True, False])
def test_cells_too_far_apart_are_refused_since_the_reader_would_abort(
    tmp_path: Path, write_only: bool
) -> None:
    path = tmp_path / "far.xlsx"
    workbook = Workbook(write_only=write_only)
    if write_only:  # without a dimension, as streaming writers leave it out
        sheet = workbook.create_sheet()
        sheet.append(["x", *[None] * 1000, "y"])
        for _ in range(20_000):
            sheet.append([])
        sheet.append(["z"])
    else:
        workbook.worksheets[0]["A1"] = "x"
        workbook.worksheets[0]["XFD1048576"] = "y"
    workbook.save(path)
    with pytest.raises(InputRefused, match="too big"):
        read_tables(path)


def test_formatted_blank_cells_far_away_do_no_harm(tmp_path: Path) -> None:
    workbook = Workbook()
    workbook.worksheets[0]["A1"] = "x"
    workbook.worksheets[0]["XFD1048576"].number_format = "0.00"
    workbook.save(tmp_path / "wide.xlsx")
    assert read_tables(tmp_path / "wide.xlsx").tables == (Table("Sheet", [["x"]]),)


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe"]),
)
def test_any_bytes_are_a_table_or_told_what_is_wrong(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, head: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.bin"
    path.write_bytes(head + data)
    try:
        assert isinstance(read_tables(path), TableFile)
    except CasemgrError as told:
        assert told.title
