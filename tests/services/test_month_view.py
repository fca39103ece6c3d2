"""A month as its screen shows it: the workbook's own figures, reasons, and what left the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casemgr.core.month import LeftOutWhy
from casemgr.errors import Cancelled
from casemgr.services.claims import draft_claims
from casemgr.services.exports import export_month
from casemgr.services.importing import import_log
from casemgr.services.month_close import close_month, reopen_month
from casemgr.services.month_rows import MonthRows
from casemgr.services.month_view import month_view
from casemgr.services.patients import the_patient_id
from tests.services.support import (
    OCTOBER,
    PRACTICE,
    SEPTEMBER,
    copied_practice,
    cover,
    filled_practice,
    length,
    log,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from casemgr.core.dates import Month
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


@pytest.mark.parametrize("month", [SEPTEMBER, OCTOBER])
def test_its_figures_are_those_of_the_control_sheet(clinic: Desk, month: Month) -> None:
    view = month_view(clinic, month)
    figures = MonthRows(clinic, month).control().figures

    assert (view.activities, view.minutes) == (figures["activities.rows"], figures["activities.minutes"])
    assert (view.billed, view.billed_minutes, view.lines, view.charge_cents) == (
        figures["billing_lines.activities"],
        figures["billing_lines.minutes"],
        figures["billing_lines.rows"],
        figures["billing_lines.charge_cents"],
    )
    assert sum(one.number for one in view.left_out) == figures["left_out.rows"]
    assert sum(one.minutes or 0 for one in view.left_out) == figures["left_out.minutes"]
    assert view.billed_minutes + sum(one.minutes or 0 for one in view.left_out) == view.minutes


def test_each_reason_has_its_rows_and_says_what_to_do(clinic: Desk) -> None:
    view = month_view(clinic, OCTOBER)
    reasons = {one.why: one for one in view.left_out}

    assert LeftOutWhy.NO_COVERAGE in reasons
    assert LeftOutWhy.REJECTED in reasons
    assert reasons[LeftOutWhy.REJECTED].minutes is None
    for one in view.left_out:
        assert one.number == len(one.rows)
        assert one.todo
        assert all(row.why is one.why for row in one.rows)
    assert all(row.activity_id for row in reasons[LeftOutWhy.NO_COVERAGE].rows)


def test_the_last_export_is_known_and_whether_it_still_holds(clinic: Desk) -> None:
    assert month_view(clinic, OCTOBER).exported is None
    done = export_month(clinic, OCTOBER)
    export_month(clinic, SEPTEMBER)

    last = month_view(clinic, OCTOBER).exported
    assert last is not None
    assert (last.file, last.by, last.changed_since) == (done.path.name, "mrivera", False)

    log(clinic, "5m education #1002: x => teach-back done")
    changed = month_view(clinic, OCTOBER).exported
    assert changed is not None
    assert changed.changed_since


def test_an_export_that_is_stopped_leaves_nothing_behind(clinic: Desk) -> None:
    folder = clinic.places.exports
    before, there = length(clinic), set(folder.iterdir())

    def stop(rows: int) -> None:
        raise Cancelled("It was stopped", "Nothing was written.")

    with pytest.raises(Cancelled):
        export_month(clinic, OCTOBER, progress=stop)

    assert set(folder.iterdir()) == there
    assert length(clinic) == before


def test_the_workbook_of_record_stays_named_however_often_it_is_written_again(
    desk: Desk, ana: str, tmp_path: Path
) -> None:
    cover(desk, ana)
    log(desk, "20m referral #1030 10/5: consult => booked")
    export_month(desk, OCTOBER, tmp_path / "before.xlsx")
    close_month(desk, OCTOBER, "why", path=tmp_path / "record.xlsx")
    export_month(desk, OCTOBER, tmp_path / "again.xlsx")
    shown = month_view(desk, OCTOBER).exported
    assert shown is not None
    assert shown.file == "record.xlsx"

    reopen_month(desk, OCTOBER, "why")
    newest = month_view(desk, OCTOBER).exported
    assert newest is not None
    assert newest.file == "again.xlsx"
