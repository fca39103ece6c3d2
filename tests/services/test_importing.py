"""A practice's own files: what comes in, what is known again, what must be mended, and all or nothing."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from casemgr.core.commands import AmendActivity, OpenCase, VoidActivity
from casemgr.core.records import Activity, Disclosure
from casemgr.core.rows import ActivityFilter
from casemgr.errors import CasemgrError, InputRefused, NotFound, NotWritten
from casemgr.services.activities import amend_activity, listed, summed, void_activity
from casemgr.services.cases import open_case
from casemgr.services.follow_ups import listed as follow_ups
from casemgr.services.importing import Imported, import_log
from casemgr.services.importing_people import import_patients, import_staff
from casemgr.services.patients import listed as patients
from casemgr.services.patients import the_patient_id
from casemgr.services.undo import undo
from casemgr.store.ledger import witness
from casemgr.store.reads.claims import standing_rejections
from casemgr.store.reads.records import all_staff, load
from tests.services.support import (
    PRACTICE,
    assert_whole,
    copied_practice,
    everything,
    filled_practice,
    length,
    log,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from casemgr.services.desk import Desk

MONTHS = {"2026-09": (290, 8516, 11), "2026-10": (307, 8903, 7)}
OCTOBER_LOG, SEPTEMBER_LOG = PRACTICE / "log-2026-10.xlsx", PRACTICE / "log-2026-09.xlsx"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a practice with its patients and staff, and an empty log."""
    home = tmp_path_factory.mktemp("practice") / "home"
    filled_practice(home).close()
    return home


@pytest.fixture
def clinic(made: Path, home: Path) -> Iterator[Desk]:
    desk = copied_practice(made, home)
    yield desk
    desk.close()


def expected(month: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((PRACTICE / f"expected-{month}.json").read_text("utf-8"))
    del told["month"]
    return told


def without_reasons(imported: Imported) -> dict[str, Any]:
    rejected = [
        {name: value for name, value in row.items() if name != "reason"}
        for row in imported.summary["rejected"]
    ]
    return {**imported.summary, "rejected": rejected}


def standing(desk: Desk, month: str = "") -> list[tuple[str, str, int]]:
    return [(one.file, one.row.sheet, one.row.row) for one in standing_rejections(desk.store, month)]


class TestPracticesOwnMonths:
    def test_both_months_come_in_as_expected(self, clinic: Desk) -> None:
        for month, (rows, minutes, rejected) in MONTHS.items():
            imported = import_log(clinic, PRACTICE / f"log-{month}.xlsx")
            assert without_reasons(imported) == expected(month)
            assert all(row["reason"] for row in imported.summary["rejected"])
            assert summed(clinic, ActivityFilter(f"{month}-01", f"{month}-31")) == (rows, minutes)
            assert len(standing(clinic, month)) == rejected
        assert {row.status for row in everything(clinic)} == {"signed"}
        assert_whole(clinic)

    def test_again_adds_nothing(self, clinic: Desk) -> None:
        first = import_log(clinic, OCTOBER_LOG)
        head, rows = witness(clinic.store), everything(clinic)
        again = import_log(clinic, OCTOBER_LOG)
        assert (again.summary["accepted"], again.summary["minutes"]) == (0, 0)
        assert len(again.summary["duplicates"]) == 307 + len(first.summary["duplicates"])
        assert again.summary["rejected"] == first.summary["rejected"]
        assert everything(clinic) == rows
        assert witness(clinic.store) == head
        assert first.rejects != again.rejects, "an earlier workbook may be half mended"

    def test_a_dry_run_tells_the_same_and_saves_nothing(self, clinic: Desk) -> None:
        before = length(clinic), sorted(clinic.places.exports.iterdir())
        imported = import_log(clinic, OCTOBER_LOG, dry_run=True)
        assert without_reasons(imported) == expected("2026-10")
        assert imported.rejects is None
        assert (length(clinic), sorted(clinic.places.exports.iterdir())) == before
        assert not everything(clinic)

    def test_an_undone_import_can_come_in_again(self, clinic: Desk) -> None:
        import_log(clinic, SEPTEMBER_LOG)
        import_log(clinic, OCTOBER_LOG)
        undone = undo(clinic)
        assert undone.action == "import"
        assert summed(clinic, ActivityFilter()) == MONTHS["2026-09"][:2]
        assert not standing(clinic, "2026-10")
        assert without_reasons(import_log(clinic, OCTOBER_LOG)) == expected("2026-10")
        assert summed(clinic, ActivityFilter()) == (290 + 307, 8516 + 8903)
        assert len(standing(clinic, "2026-10")) == 7
        assert_whole(clinic)

    def test_drafts_where_that_is_asked(self, clinic: Desk) -> None:
        import_log(clinic, OCTOBER_LOG, draft=True)
        assert {row.status for row in everything(clinic)} == {"draft"}


MENDED: dict[str, tuple[str, str | int]] = {
    "date": ("Date", "10/15/2026"),
    "patient": ("Pt Name (LAST, FIRST DOB)", "Roberts, Werner 6/30/2010"),
    "type": ("Type", "Referral"),
    "minutes": ("Mins", 12),
    "outcome": ("Outcome", "booked"),
}
"""Heading and a good value, by the field that was wrong."""


class TestMending:
    def mend(self, path: Path, rejected: list[dict[str, Any]], into: Path, month: str) -> None:
        """Mend each row where its field is wrong, as somebody would in a spreadsheet program."""
        workbook = openpyxl.load_workbook(path)
        for row in rejected:
            sheet = workbook[row["sheet"]]
            columns = {cell.value: number for number, cell in enumerate(sheet[4], start=1)}
            mark = f"log-{month}.xlsx|{row['sheet']}|{row['row']}"
            (line,) = (
                number
                for number, cells in enumerate(sheet.iter_rows(min_row=5), start=5)
                if cells[columns["casemgr row"] - 1].value == mark
            )
            heading, value = MENDED[row["field"]]
            if row["field"] == "date":
                value = str(value).replace("10/", f"{month[5:]}/")
            sheet.cell(line, columns[heading], value)
        workbook.save(into)

    @pytest.mark.parametrize("month", list(MONTHS))
    def test_mended_rows_come_in_and_stand_rejected_no_more(
        self, clinic: Desk, tmp_path: Path, month: str
    ) -> None:
        first = import_log(clinic, PRACTICE / f"log-{month}.xlsx")
        rejected = first.summary["rejected"]
        assert first.rejects is not None
        mended = tmp_path / first.rejects.name
        self.mend(first.rejects, rejected, mended, month)
        second = import_log(clinic, mended)
        assert (second.summary["accepted"], second.summary["rejected"]) == (len(rejected), [])
        assert second.rejects is None
        assert not standing(clinic)
        rows, minutes, _ = MONTHS[month]
        whole = ActivityFilter(f"{month}-01", f"{month}-31")
        assert summed(clinic, whole) == (rows + len(rejected), minutes + second.summary["minutes"])
        # The original again, and the mended workbook again, change nothing of that.
        for path in (PRACTICE / f"log-{month}.xlsx", mended):
            assert import_log(clinic, path).summary["accepted"] == 0
            assert not standing(clinic)
        assert_whole(clinic)

    def test_a_row_that_is_still_wrong_stays_the_same_row(self, clinic: Desk, tmp_path: Path) -> None:
        first = import_log(clinic, OCTOBER_LOG)
        assert first.rejects is not None
        mended = tmp_path / first.rejects.name
        self.mend(first.rejects, first.summary["rejected"][:3], mended, "2026-10")
        second = import_log(clinic, mended)
        assert (second.summary["accepted"], len(second.summary["rejected"])) == (3, 4)
        assert len(standing(clinic)) == 4
        assert second.rejects is not None
        rest = tmp_path / "rest.xlsx"
        self.mend(second.rejects, first.summary["rejected"][3:], rest, "2026-10")
        import_log(clinic, rest)
        assert not standing(clinic)
        undo(clinic)
        assert len(standing(clinic)) == 4
        assert_whole(clinic)

    def test_the_workbook_is_recorded_and_leaves_the_witness(self, clinic: Desk) -> None:
        imported = import_log(clinic, OCTOBER_LOG)
        found = clinic.store.one("SELECT id FROM disclosures ORDER BY row DESC LIMIT 1")
        assert found is not None
        disclosure = load(clinic.store, Disclosure, found[0])
        assert disclosure is not None
        assert imported.rejects is not None
        assert (disclosure.what, disclosure.rows, disclosure.file) == (
            "rejected rows",
            7,
            imported.rejects.name,
        )
        head, _ = witness(clinic.store)
        assert head.seq == length(clinic) - 1

    def test_where_it_cannot_be_written_nothing_comes_in(self, clinic: Desk, tmp_path: Path) -> None:
        taken = tmp_path / "rejects.xlsx"
        taken.write_bytes(b"somebody's")
        before = length(clinic)
        for path in (taken, tmp_path / "no such folder" / "rejects.xlsx"):
            with pytest.raises(NotWritten):
                import_log(clinic, OCTOBER_LOG, rejects=path)
        assert length(clinic) == before
        assert not everything(clinic)
        assert taken.read_bytes() == b"somebody's"
        assert import_log(clinic, OCTOBER_LOG, rejects=tmp_path / "r.xlsx").rejects == tmp_path / "r.xlsx"


class TestKnownAgain:
    HEAD = "Date,Patient,Type,Mins,Staff,How,Notes,Outcome,F/U\n"
    ROW = "10/20/2026,Garcia Ana 4/9/2012,Referral,20,Marisol Rivera,phone,oral surgery,booked,\n"

    @pytest.fixture
    def take(self, desk: Desk, tmp_path: Path) -> Callable[..., Imported]:
        def take(*rows: str, head: str = self.HEAD, **options: Any) -> Imported:
            path = tmp_path / "log.csv"
            path.write_text(head + "".join(rows), encoding="utf-8")
            return import_log(desk, path, **options)

        return take

    def test_what_was_logged_by_hand(self, desk: Desk, take: Callable[..., Imported]) -> None:
        log(desk, "20m referral #1030 10/20 phone: oral surgery => booked")
        imported = take(self.ROW, self.ROW.replace("20,Marisol", "25,Marisol"))
        assert imported.summary["accepted"] == 1
        assert [row["row"] for row in imported.summary["duplicates"]] == [2]
        assert len(everything(desk)) == 2

    def test_what_was_amended_or_voided_since(self, desk: Desk, take: Callable[..., Imported]) -> None:
        take(self.ROW)
        (row,) = everything(desk)
        amend_activity(desk, AmendActivity(row.id, "call log", {"minutes": 25}))
        assert take(self.ROW).summary["accepted"] == 0
        void_activity(desk, VoidActivity(row.id, "never happened"))
        assert take(self.ROW).summary["accepted"] == 0
        assert not everything(desk)

    def test_what_is_due_is_opened_and_what_was_due_is_a_next_step(
        self, desk: Desk, ana: str, take: Callable[..., Imported]
    ) -> None:
        case = open_case(desk, OpenCase(ana, date(2026, 10, 1)))
        due = self.ROW.rstrip(",\n") + ",10/28/26\n"
        past = due.replace("oral surgery", "perio").replace("10/28/26", "10/20/26")
        imported = take(due, past)
        assert (imported.follow_ups, imported.past_follow_ups) == (1, 1)
        (waiting,) = follow_ups(desk)
        assert (waiting.row.due_date, waiting.row.assigned_to) == ("2026-10-28", "mrivera")
        rows = {row.note: row for row in listed(desk, ActivityFilter())}
        assert rows["perio"].next_step == "Follow up by 10/20/2026"
        assert {row.case_id for row in rows.values()} == {case.id}
        record = load(desk.store, Activity, rows["perio"].id)
        assert record is not None
        assert record.source is not None
        assert (record.source.file, record.source.row) == ("log.csv", 3)
        assert (record.late_days, record.signed_by) == (1, "mrivera")

    def test_columns_are_named_where_guessing_fails(self, take: Callable[..., Imported]) -> None:
        head = "Wann,Wer,Was,Wie lange,Staff,How,Notes,Result\n"
        row = self.ROW.rstrip(",\n") + "\n"
        with pytest.raises(InputRefused):
            take(row, head=head)
        mapping = ["date=Wann", "patient=Wer", "type=Was", "minutes=wie lange"]
        assert take(row, head=head, mapping=mapping).summary["accepted"] == 1

    @pytest.mark.parametrize(
        ("mapping", "named"), [("minuts=Mins", "minuts"), ("minutes=Minuten", "Minuten"), ("Mins", "Mins")]
    )
    def test_a_column_that_is_none_is_refused(
        self, desk: Desk, take: Callable[..., Imported], mapping: str, named: str
    ) -> None:
        before = length(desk)
        with pytest.raises(InputRefused) as refused:
            take(self.ROW, mapping=[mapping])
        assert named in refused.value.title + refused.value.detail
        assert length(desk) == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("missing.xlsx", None),
        ("broken.xlsx", b"PK\x03\x04 not a workbook"),
        ("empty.csv", b""),
        ("letter.txt", b"Dear Sir or Madam,\nplease find enclosed.\n"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00"),
    ],
)
def test_a_file_that_is_no_log_is_refused(
    desk: Desk, tmp_path: Path, name: str, content: bytes | None
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    before = length(desk)
    with pytest.raises(CasemgrError) as refused:
        import_log(desk, path)
    assert isinstance(refused.value, NotFound if content is None else InputRefused)
    assert name in refused.value.title + refused.value.detail
    assert length(desk) == before


class TestPeople:
    def test_patients_and_staff_come_once(self, desk: Desk) -> None:
        staff = import_staff(desk, PRACTICE / "staff.csv")
        assert (staff.summary["accepted"], len(staff.summary["duplicates"])) == (1, 2)
        assert {member.id for member in all_staff(desk.store)} == {"mrivera", "tchen", "bokafor"}
        first = import_patients(desk, PRACTICE / "patients.csv")
        count = len(patients(desk))
        assert first.summary["accepted"] == count - 3
        head = witness(desk.store)
        again = import_patients(desk, PRACTICE / "patients.csv")
        assert again.summary["accepted"] == 0
        assert len(patients(desk)) == count
        assert witness(desk.store) == head

    def test_a_dry_run_adds_nobody(self, desk: Desk) -> None:
        before = length(desk)
        assert import_patients(desk, PRACTICE / "patients.csv", dry_run=True).summary["accepted"] == 30
        assert length(desk) == before

    def test_an_undone_list_can_come_in_again(self, desk: Desk) -> None:
        first = import_patients(desk, PRACTICE / "patients.csv")
        count = len(patients(desk))
        undo(desk)
        assert len(patients(desk)) == 3
        assert import_patients(desk, PRACTICE / "patients.csv").summary == first.summary
        assert len(patients(desk)) == count
        assert_whole(desk)

    def test_who_came_in_can_be_logged_for(self, clinic: Desk) -> None:
        assert the_patient_id(clinic, "Schmidt Curt") == the_patient_id(clinic, "1002")
