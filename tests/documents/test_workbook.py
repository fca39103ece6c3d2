"""The month's workbook, read back by other libraries: cell by cell, formula by formula, byte by byte."""

from __future__ import annotations

import re
import tracemalloc
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from casemgr.core.sources import ROW_TYPES
from casemgr.documents import workbook as module
from casemgr.documents.cells import MAX_TEXT, xml_text
from casemgr.documents.workbook import write_workbook
from casemgr.errors import NotWritten
from tests.documents.formulas import value_of
from tests.documents.months import MADE_AT, PATIENTS, SampleMonth, month_profile
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from casemgr.core.month import ActivityRow

PROFILE = month_profile()
GOLDEN = ROOT / "tests/golden/month-workbook.txt"


class Found(NamedTuple):
    """A workbook, and what was told of it."""

    path: Path
    sha256: str
    rows: Mapping[str, int]
    differing: tuple[str, ...]


def write(path: Path, month: SampleMonth, **other: Any) -> Found:
    options: dict[str, Any] = {
        "sources": month.sources(),
        "control": month.control(),
        "made_at": MADE_AT,
    } | other
    written = write_workbook(path, PROFILE, **options)
    return Found(path, written.sha256, written.rows, written.differing)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("month") / "month.xlsx"
    assert not write(path, SampleMonth(40)).differing
    return path


def grid(path: Path, sheet: str) -> list[list[Any]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def as_read(value: object, kind: str) -> object:
    """What a reader should find for a value that was handed in."""
    match kind, value:
        case _, None:
            return ""
        case "money", int(cents):
            return cents / 100
        case "flag", flag:
            return "yes" if flag else ""
        case _, int(number):
            return float(number)
    return value


@pytest.mark.parametrize("sheet", PROFILE.sheets, ids=lambda sheet: sheet.id)
def test_every_cell_is_what_the_log_says(written: Path, sheet: Any) -> None:
    heading, *rows, _ = grid(written, sheet.title)
    assert heading == [column.heading for column in sheet.columns]
    given_rows = [
        dict(zip(ROW_TYPES[sheet.source]._fields, row, strict=True)) for row in SOURCES[sheet.source]
    ]
    expected = [[as_read(row[column.key], column.format) for column in sheet.columns] for row in given_rows]
    assert rows == expected


SOURCES = {name: list(rows) for name, rows in SampleMonth(40).sources().items()}


def test_dates_and_times_are_real(written: Path) -> None:
    row = grid(written, "Activities")[2]
    assert type(row[0]) is date
    assert type(row[1]) is time


def test_money_is_exact_to_the_cent(written: Path) -> None:
    rows = grid(written, "Billing lines")
    charge = rows[0].index("Charge")
    cents = [round(row[charge] * 100) for row in rows[1:]]
    assert cents == [row.charge_cents for row in SampleMonth(40).billing_lines()] + [32 * 4509]
    sheet = openpyxl.load_workbook(written)["Billing lines"]
    assert sheet.cell(2, charge + 1).number_format == "$#,##0.00"


def test_every_formula_gives_the_value_that_is_stored_with_it(written: Path) -> None:
    book = openpyxl.load_workbook(written)
    formulas = 0
    for sheet in book.worksheets:
        stored = grid(written, sheet.title)
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    formulas += 1
                    assert cell.row and cell.column
                    expected = stored[cell.row - 1][cell.column - 1]
                    assert value_of(book, sheet, cell.coordinate) == pytest.approx(expected), cell
    assert formulas > 50


def test_the_totals_are_those_of_the_log(written: Path) -> None:
    totals = {row[0]: row[1:] for row in grid(written, "Control")}
    figures = SampleMonth(40).figures()
    assert totals["All figures"][0] == "agree with the log"
    assert totals["Activities: minutes"] == [
        figures["activities.minutes"],
        figures["activities.minutes"],
        "agrees",
    ]
    cents = figures["billing_lines.charge_cents"]
    assert totals["Billing lines: charge"] == [cents / 100, cents / 100, "agrees"]
    assert len([row for row in totals.values() if row[2] == "agrees"]) == 22 + 5


def test_a_figure_that_the_log_has_otherwise_is_named(tmp_path: Path) -> None:
    month = SampleMonth(40)
    control = month.control(activities__minutes=1, left_out__rows=2)
    found = write(tmp_path / "month.xlsx", month, control=control)
    assert found.differing == ("Activities: minutes", "Left out: rows")
    rows = {row[0]: row[1:] for row in grid(found.path, "Control")}
    assert rows["All figures"][0] == "differ from the log: see below"
    assert rows["Activities: minutes"] == [SampleMonth(40).figures()["activities.minutes"], 1, "differs"]
    assert rows["Left out: minutes"][2] == "agrees"


def test_a_row_that_goes_missing_is_found_by_the_balance(tmp_path: Path) -> None:
    month = SampleMonth(40)
    sources = month.sources()
    next(sources["billing_lines"])
    found = write(tmp_path / "month.xlsx", month, sources=sources)
    assert "Minutes on lines and left out = minutes of all activities" in found.differing
    assert "Billing lines: rows" in found.differing


def test_a_sum_that_the_log_does_not_state_is_not_compared(tmp_path: Path) -> None:
    month = SampleMonth(10)
    control = month.control()
    figures = {name: value for name, value in control.figures.items() if name != "billing_lines.quantity"}
    found = write(
        tmp_path / "month.xlsx", month, control=type(control)(**{**vars(control), "figures": figures})
    )
    assert not found.differing
    rows = {row[0]: row[1:] for row in grid(found.path, "Control")}
    assert rows["Billing lines: quantity"] == [8, "", "not compared"]


def test_somebody_who_alters_a_sheet_sees_the_control_sheet_differ(written: Path) -> None:
    book = openpyxl.load_workbook(written)
    book["Activities"]["G2"].value = 999
    control = book["Control"]
    assert value_of(book, control, "B2") == "differ from the log: see below"


def test_the_same_month_gives_the_same_bytes(tmp_path: Path) -> None:
    found = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        found.append(write(tmp_path / folder / f"{folder}.xlsx", SampleMonth(30)))
    assert found[0].path.read_bytes() == found[1].path.read_bytes()
    assert found[0].sha256 == found[1].sha256
    later = write(tmp_path / "c.xlsx", SampleMonth(30), made_at=MADE_AT + timedelta(days=1))
    assert later.sha256 != found[0].sha256


def test_the_archive_and_the_properties_state_when_the_record_changed(written: Path) -> None:
    with ZipFile(written) as archive:
        assert {member.date_time for member in archive.infolist()} == {
            (2026, 11, 2, 15, 41, 6)
        }  # in steps of 2 s
        assert archive.namelist()[0] == "[Content_Types].xml"
    properties = openpyxl.load_workbook(written).properties
    assert properties.creator == "casemgr"
    assert properties.created == properties.modified == MADE_AT.replace(tzinfo=None)
    assert properties.title == "Case management, October 2026"


HOSTILE = [
    "=1+1",
    "+5",
    "@SUM(A1)",
    "-3",
    " a ",
    "<b>&]]>",
    "0012",
    "1e5",
    "'x",
    "_x0041_",
    "línea\nzwei\t三",
    "😀",
]


def test_text_is_text_whatever_it_begins_with(tmp_path: Path) -> None:
    month = SampleMonth(len(HOSTILE))
    activities = [row._replace(note=note) for row, note in zip(month.activities(), HOSTILE, strict=True)]
    found = write(tmp_path / "month.xlsx", month, sources=month.sources() | {"activities": activities})
    note = grid(found.path, "Activities")[0].index("Note")
    assert [row[note] for row in grid(found.path, "Activities")[1:-1]] == HOSTILE
    sheet = openpyxl.load_workbook(found.path)["Activities"]
    cells = [sheet.cell(row, note + 1) for row in range(2, len(HOSTILE) + 2)]
    assert {(cell.data_type, cell.number_format) for cell in cells} == {("s", "@")}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("bell\x07 nul\x00 del\x7f", "bell␇ nul␀ del␡"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\ud800 \ufffe \uffff", "� � �"),
    ],
)
def test_what_cannot_stand_in_a_cell_is_shown(text: str, shown: str) -> None:
    assert xml_text(text) == shown


def test_text_is_cut_visibly_and_only_where_a_cell_is_full() -> None:
    assert xml_text("x" * MAX_TEXT) == "x" * MAX_TEXT
    cut = xml_text("😀" * 20_000)
    assert len(cut.encode("utf-16-le")) // 2 <= MAX_TEXT
    kept = cut.count("😀")
    assert cut == "😀" * kept + f" [… cut: {20_000 - kept:,} more characters than a cell holds]"
    assert kept > 16_000


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_any_text_makes_well_formed_xml(text: str) -> None:
    read = ElementTree.fromstring(f"<t>{xml_text(text)}</t>").text or ""
    lines = text.replace("\r\n", "\n")
    assert len(re.sub("_x005F_x", "_x", read)) == len(lines)


def test_a_month_without_anything_is_a_workbook_too(tmp_path: Path) -> None:
    found = write(tmp_path / "month.xlsx", SampleMonth(0))
    assert set(found.rows.values()) == {0}
    assert not found.differing
    for sheet in PROFILE.sheets:
        heading, *rest = grid(found.path, sheet.title)
        assert heading == [column.heading for column in sheet.columns]
        assert rest[-1][0] == "Total"
        assert not any(value for value in rest[-1][1:])
    book = openpyxl.load_workbook(found.path)
    assert value_of(book, book["Control"], "B2") == "agree with the log"


@pytest.mark.parametrize("count", [0, 1, 40])
def test_tables_filters_panes_and_print(tmp_path: Path, count: int) -> None:
    found = write(tmp_path / "month.xlsx", SampleMonth(count))
    book = openpyxl.load_workbook(found.path)
    assert book.sheetnames == [*(sheet.title for sheet in PROFILE.sheets), "Control"]
    assert book.calculation.fullCalcOnLoad
    for declared in PROFILE.sheets:
        sheet: Any = book[declared.title]
        (table,) = sheet.tables.values()
        bottom = max(1, found.rows[declared.id]) + 2
        last = sheet.cell(1, len(declared.columns)).column_letter
        assert table.ref == f"A1:{last}{bottom}"
        assert table.autoFilter.ref == f"A1:{last}{bottom - 1}"
        assert table.column_names == [cell.value for cell in sheet[1]]
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.freeze_panes == sheet.cell(2, declared.freeze + 1).coordinate
        assert sheet.page_setup.orientation == ("landscape" if declared.landscape else "portrait")
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert [sheet.column_dimensions[c.column_letter].width for c in sheet[1]] == [
            c.width for c in declared.columns
        ]


def test_headers_name_the_practice_and_the_month_and_no_patient(written: Path) -> None:
    with ZipFile(written) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    for name, part in parts.items():
        if "worksheets/sheet" in name and not name.endswith(".rels"):
            header = re.findall(r"<headerFooter>.*</headerFooter>", part)[0]
            assert "&amp;LBayou Family Dental &amp;&amp; Care" in header
            assert "&amp;ROctober 2026" in header
            assert "casemgr K7Q2:1234 9f86d081884c7d65" in header
            assert not any(word in header for patient in PATIENTS for word in patient[0].split(", "))
        else:
            assert not any(patient[0] in part for patient in PATIENTS), name


def test_no_file_is_replaced_unasked(tmp_path: Path) -> None:
    path = tmp_path / "month.xlsx"
    path.write_bytes(b"the biller's own")
    with pytest.raises(NotWritten):
        write(path, SampleMonth(3))
    assert path.read_bytes() == b"the biller's own"
    assert write(path, SampleMonth(3), overwrite=True).rows["activities"] == 3
    assert [file.name for file in tmp_path.iterdir()] == ["month.xlsx"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_whoever_stops_it_finds_nothing_half_done(tmp_path: Path, error: type[BaseException]) -> None:
    month = SampleMonth(2000)

    def stopped() -> Iterator[ActivityRow]:
        for row in month.activities():
            if row.short_id == "019a0005dc":
                raise error
            yield row

    with pytest.raises(error):
        write(tmp_path / "month.xlsx", month, sources=month.sources() | {"activities": stopped()})
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    path = tmp_path / "month.xlsx"
    before = write(path, SampleMonth(3)).path.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        with pytest.raises(NotWritten, match="No space left"):
            write(path, SampleMonth(3000), overwrite=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [file.name for file in tmp_path.iterdir()] == ["month.xlsx"]
    assert path.read_bytes() == before


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LAST_ROW", 12)
    write(tmp_path / "fits.xlsx", SampleMonth(10))
    with pytest.raises(NotWritten, match="Activities"):
        write(tmp_path / "more.xlsx", SampleMonth(11))
    assert [file.name for file in tmp_path.iterdir()] == ["fits.xlsx"]


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[int] = []
    found = write(tmp_path / "month.xlsx", SampleMonth(2000), progress=told.append)
    assert told == sorted(told)
    assert told[-1] == sum(found.rows.values())
    assert len(told) > 5


def test_memory_does_not_grow_with_the_month(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        month = SampleMonth(count)
        control = month.control()
        tracemalloc.start()
        write(tmp_path / f"{count}.xlsx", month, control=control)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(8000) < peak(500) + 300_000


def dump(path: Path) -> str:
    """A workbook as text: each sheet's headings, first row and totals with their number formats."""
    book = openpyxl.load_workbook(path)
    lines = []
    for sheet in book.worksheets:
        lines.append(f"== {sheet.title}")
        shown = range(1, sheet.max_row + 1) if sheet.title == "Control" else (1, 2, sheet.max_row)
        for row in shown:
            for cell in sheet[row]:
                if cell.value is not None:
                    lines.append(f"{cell.coordinate}\t{cell.number_format}\t{cell.value!s}")
    return "\n".join(lines) + "\n"


def test_the_workbook_is_as_it_was_agreed(written: Path) -> None:
    assert dump(written) == GOLDEN.read_text("utf-8")


def test_what_billing_fills_in_is_tinted_while_it_is_empty(written: Path) -> None:
    sheet: Any = openpyxl.load_workbook(written)["Billing lines"]
    at = {cell.value: cell.column for cell in sheet[1]}
    answered, waiting = sheet.cell(2, at["Paid"]), sheet.cell(3, at["Paid"])
    assert (answered.value, answered.fill.fill_type) == (30, None)
    assert (waiting.value, waiting.fill.fill_type) == (None, "solid")
    assert waiting.number_format == "$#,##0.00"
    assert sheet.cell(2, at["Activities"]).fill.fill_type is None
    (words,) = sheet.data_validations.dataValidation
    assert words.formula1.startswith('"draft,ready,submitted,')
    assert sheet.cell(3, at["Status"]).coordinate in words.sqref
