"""The month's workbook from the log: its sums, its bytes, and what stands in its way."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from casemgr.core.month import TO_DRAFT
from casemgr.core.records import Disclosure
from casemgr.errors import ContentBroken, NotWritten
from casemgr.services.claims import draft_claims
from casemgr.services.exports import export_month
from casemgr.services.importing import import_log
from casemgr.services.patients import the_patient_id
from casemgr.store.ledger import witness
from casemgr.store.reads.records import load
from tests.documents.formulas import value_of
from tests.services.support import (
    OCTOBER,
    PRACTICE,
    SEPTEMBER,
    assert_whole,
    copied_practice,
    filled_practice,
    length,
    log,
)
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from casemgr.services.desk import Desk


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a practice with both months in its log, and a claim of October."""
    home = tmp_path_factory.mktemp("practice") / "home"
    desk = filled_practice(home)
    for month in ("2026-09", "2026-10"):
        import_log(desk, PRACTICE / f"log-{month}.xlsx")
    draft_claims(desk, OCTOBER, the_patient_id(desk, "1002"))
    desk.close()
    return home


@pytest.fixture
def clinic(made: Path, home: Path) -> Iterator[Desk]:
    desk = copied_practice(made, home)
    yield desk
    desk.close()


def grid(path: Path, sheet: str) -> list[list[Any]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def column(path: Path, sheet: str, heading: str) -> list[Any]:
    """The cells of a column, without its heading and the totals in the last row."""
    rows = grid(path, sheet)
    at = rows[0].index(heading)
    return [row[at] for row in rows[1:-1]]


@pytest.mark.parametrize(("month", "rows", "minutes"), [(SEPTEMBER, 290, 8516), (OCTOBER, 307, 8903)])
def test_the_practices_months_reconcile(clinic: Desk, month: Any, rows: int, minutes: int) -> None:
    exported = export_month(clinic, month)
    named = f"billing-{month}-at-{exported.witness.seq}.xlsx"
    assert exported.path == clinic.places.exports / named
    assert (exported.rows, exported.minutes) == (rows, minutes)
    assert exported.sha256 == sha256(exported.path.read_bytes()).hexdigest()
    spent = column(exported.path, "Activities", "Minutes")
    assert (len(spent), sum(spent)) == (rows, minutes)
    billed = column(exported.path, "Billing lines", "Minutes")
    not_billed = [cell for cell in column(exported.path, "Left out", "Minutes") if cell != ""]
    assert len(billed) == exported.billing_lines
    waiting = column(exported.path, "Billing lines", "Claim").count(TO_DRAFT)
    assert (exported.to_draft, exported.to_draft < len(billed)) == (waiting, month == OCTOBER)
    assert len(not_billed) == exported.left_out
    assert sum(billed) + sum(not_billed) == minutes
    assert sum(column(exported.path, "Billing lines", "Activities")) + len(not_billed) == rows
    charges = column(exported.path, "Billing lines", "Charge")
    assert round(sum(charges) * 100) == exported.charge_cents > 0
    rejected = column(exported.path, "Left out", "Why").count("Rejected at import")
    assert rejected == {"2026-09": 11, "2026-10": 7}[str(month)]


def test_every_formula_gives_what_the_log_says(clinic: Desk) -> None:
    exported = export_month(clinic, OCTOBER)
    workbook = openpyxl.load_workbook(exported.path)
    control = workbook["Control"]
    checks = 0
    for sheet in workbook:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    found = value_of(workbook, sheet, cell.coordinate)
                    assert found != "differs", (sheet.title, cell.coordinate)
                    checks += found == "agrees"
    assert checks >= 20
    facts = {row[0].value: row[1].value for row in control.iter_rows() if row[0].value}
    assert facts["Practice"] == "Riverside Dental"
    assert facts["Period"] == "October 2026"
    assert facts["Ledger hash"] == exported.witness.hash
    assert f"{exported.witness.device}:{exported.witness.seq}" in str(facts["Ledger position"])


def test_running_twice_gives_the_same_bytes_and_leaves_the_file(clinic: Desk, tmp_path: Path) -> None:
    first = export_month(clinic, OCTOBER)
    modified = first.path.stat().st_mtime_ns
    second = export_month(clinic, OCTOBER)
    elsewhere = export_month(clinic, OCTOBER, tmp_path / "october.xlsx")
    replaced = export_month(clinic, OCTOBER, tmp_path / "october.xlsx", overwrite=True)
    assert {one.sha256 for one in (first, second, elsewhere, replaced)} == {first.sha256}
    assert {one.witness for one in (first, second, elsewhere, replaced)} == {witness(clinic.store)[0]}
    assert first.path.stat().st_mtime_ns == modified
    assert first.path.read_bytes() == elsewhere.path.read_bytes()
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".xlsx"] == ["october.xlsx"]
    assert_whole(clinic)


def test_each_export_is_recorded_and_leaves_the_witness(clinic: Desk) -> None:
    before, head = length(clinic), witness(clinic.store)
    exported = export_month(clinic, OCTOBER)
    assert length(clinic) == before + 1
    assert witness(clinic.store) == head
    found = clinic.store.one("SELECT id FROM disclosures ORDER BY row DESC LIMIT 1")
    assert found is not None
    disclosure = load(clinic.store, Disclosure, found[0])
    assert disclosure is not None
    assert (disclosure.what, disclosure.rows, disclosure.sha256, disclosure.filters) == (
        "month workbook",
        307,
        exported.sha256,
        "2026-10",
    )


def test_another_file_of_that_name_stays_unless_it_may_go(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "october.xlsx"
    path.write_bytes(b"somebody's")
    before = length(desk)
    with pytest.raises(NotWritten, match="another workbook"):
        export_month(desk, OCTOBER, path)
    assert path.read_bytes() == b"somebody's"
    assert length(desk) == before
    assert list(tmp_path.glob(".*")) == []
    assert export_month(desk, OCTOBER, path, overwrite=True).sha256 == sha256(path.read_bytes()).hexdigest()


def test_a_changed_log_is_another_workbook(desk: Desk, tmp_path: Path) -> None:
    first, named = export_month(desk, OCTOBER), export_month(desk, OCTOBER, tmp_path / "october.xlsx")
    log(desk, "20m referral #1030: consult => booked")
    before = length(desk)
    with pytest.raises(NotWritten):
        export_month(desk, OCTOBER, named.path)
    assert length(desk) == before
    second = export_month(desk, OCTOBER)
    assert second.path == first.path.with_name(f"billing-2026-10-at-{second.witness.seq}.xlsx")
    assert second.path != first.path
    assert (first.rows, second.rows) == (0, 1)
    assert first.sha256 != second.sha256
    assert sha256(first.path.read_bytes()).hexdigest() == first.sha256
    assert export_month(desk, OCTOBER, named.path, overwrite=True).sha256 == second.sha256


@pytest.mark.parametrize("lock", ["~${}", ".~lock.{}#"])
def test_a_workbook_that_is_open_is_left_alone(desk: Desk, tmp_path: Path, lock: str) -> None:
    path = tmp_path / "october.xlsx"
    export_month(desk, OCTOBER, path)
    log(desk, "20m referral #1030: consult => booked")
    before, bytes_before = length(desk), path.read_bytes()
    (tmp_path / lock.format(path.name)).touch()
    with pytest.raises(NotWritten, match="open in another program"):
        export_month(desk, OCTOBER, path, overwrite=True)
    assert path.read_bytes() == bytes_before
    assert length(desk) == before


def test_where_nothing_can_be_written_nothing_is_recorded(desk: Desk, tmp_path: Path) -> None:
    a_file = tmp_path / "file"
    a_file.touch()
    (tmp_path / "folder.xlsx").mkdir()
    taken = tmp_path / "taken.xlsx"
    taken.write_bytes(b"somebody's")
    before = length(desk)
    with pytest.raises(NotWritten):
        export_month(desk, OCTOBER, taken)
    for path in (a_file / "october.xlsx", tmp_path / "none" / "october.xlsx", tmp_path / "folder.xlsx"):
        with pytest.raises(NotWritten):
            export_month(desk, OCTOBER, path)
    assert length(desk) == before


def test_a_file_that_appears_while_it_is_written_stays_and_nothing_is_recorded(
    clinic: Desk, tmp_path: Path
) -> None:
    path, before = tmp_path / "october.xlsx", length(clinic)

    def meanwhile(_: int) -> None:
        path.write_bytes(b"somebody's")

    with pytest.raises(NotWritten):
        export_month(clinic, OCTOBER, path, progress=meanwhile)
    assert path.read_bytes() == b"somebody's"
    assert length(clinic) == before
    assert list(tmp_path.glob(".*")) == []


def test_progress_is_told(clinic: Desk) -> None:
    told: list[int] = []
    export_month(clinic, OCTOBER, progress=told.append)
    assert told == sorted(told)
    assert told


class TestProfile:
    def own(self, desk: Desk, change: tuple[str, str]) -> None:
        text = (ROOT / "exports/workbooks/month.toml").read_text(encoding="utf-8")
        assert change[0] in text
        folder = desk.places.config / "workbooks"
        folder.mkdir(parents=True)
        (folder / "month.toml").write_text(text.replace(*change), encoding="utf-8")

    def test_the_practices_own_takes_the_place_of_ours(self, desk: Desk) -> None:
        self.own(desk, ('heading = "Claim"', 'heading = "Our claim"'))
        assert grid(export_month(desk, OCTOBER).path, "Billing lines")[0][0] == "Our claim"

    @pytest.mark.parametrize(
        ("change", "named"),
        [
            (('key = "claim_number"', 'key = "claim_nubmer"'), "claim_number"),
            (('format = "money"', 'format = "mony"'), "money"),
            (("[[sheet]]\n", "[[sheet\n"), "line"),
        ],
    )
    def test_a_broken_one_is_told_and_nothing_is_written(
        self, desk: Desk, change: tuple[str, str], named: str
    ) -> None:
        self.own(desk, change)
        with pytest.raises(ContentBroken) as refused:
            export_month(desk, OCTOBER)
        assert "month.toml" in refused.value.title + refused.value.detail
        assert named in refused.value.detail
        assert not list(desk.places.exports.iterdir())
