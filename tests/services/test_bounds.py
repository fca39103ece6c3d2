"""A text beyond its bound is refused with its field, in a row as in a form, and leaves nothing behind."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.bounds import MAX_LINE, MAX_NAME, MAX_NOTE, MAX_WORDS
from casemgr.core.commands import AddFollowUp, AddPatient, AmendActivity, OpenCase, VoidActivity
from casemgr.core.records import Activity
from casemgr.core.rows import ActivityFilter
from casemgr.errors import InputRefused
from casemgr.services.activities import amend_activity, listed, log_activity, void_activity
from casemgr.services.cases import open_case
from casemgr.services.entries import read_line, wish_from_text
from casemgr.services.follow_ups import add_follow_up
from casemgr.services.importing import import_log
from casemgr.services.importing_people import import_patients, import_staff
from casemgr.services.patients import add_patient, the_patient_id
from casemgr.services.patients import listed as patients_listed
from casemgr.store.reads.records import load
from tests.services.support import RIDE, assert_whole, everything, length, log

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from casemgr.services.desk import Desk


@pytest.mark.parametrize(
    ("field", "save"),
    [
        ("last_name", lambda desk, _: add_patient(desk, AddPatient("x" * 501, "A", date(2000, 1, 1)))),
        ("note", lambda desk, _: log_activity(desk, wish_from_text(desk, RIDE)._replace(note="x" * 20_001))),
        (
            "outcome",
            lambda desk, _: log_activity(
                desk, wish_from_text(desk, RIDE)._replace(outcome_words="x" * 2_001)
            ),
        ),
        ("what", lambda desk, ana: add_follow_up(desk, AddFollowUp(date(2026, 12, 1), "x" * 2_001, ana))),
        ("plan", lambda desk, ana: open_case(desk, OpenCase(ana, date(2026, 10, 1), plan="x" * 20_001))),
        ("reason", lambda desk, _: void_activity(desk, VoidActivity("last", "x" * 2_001))),
    ],
)
def test_the_field_is_named_and_nothing_saved(
    desk: Desk, ana: str, field: str, save: Callable[[Desk, str], object]
) -> None:
    log(desk, "5m education #1030: x => booked")
    before = length(desk)
    with pytest.raises(InputRefused) as told:
        save(desk, ana)
    assert told.value.field == field
    assert "characters" in told.value.title
    assert length(desk) == before


def test_what_fits_is_kept_whole(desk: Desk) -> None:
    note, words = "n" * MAX_NOTE, "w" * MAX_WORDS
    wish = wish_from_text(desk, RIDE)._replace(
        note=note, outcome_words=words, outcome="", contacted="c" * MAX_NAME
    )
    saved = log_activity(desk, wish).activity
    assert load(desk.store, Activity, saved.id) == saved
    assert (saved.note, saved.outcome_words) == (note, words)


def test_what_an_older_version_let_in_may_stay(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as older:
        older.setattr("casemgr.core.bounds.MAX_NOTE", 50_000)
        saved = log_activity(desk, wish_from_text(desk, RIDE)._replace(note="x" * 30_000)).activity
    amended = amend_activity(desk, AmendActivity(saved.id, "longer", {"minutes": 20})).activity
    assert len(amended.note) == 30_000
    with pytest.raises(InputRefused):
        amend_activity(desk, AmendActivity(saved.id, "longer still", {"note": "y" * 30_000}))
    void_activity(desk, VoidActivity(saved.id, "by mistake"))
    assert_whole(desk)


def test_a_line_that_is_too_long_has_a_problem_and_is_never_refused_half(desk: Desk) -> None:
    entry = read_line(desk, "20m ride #1030: " + "x" * MAX_LINE + " => booked")
    assert "line" in [problem.field for problem in entry.problems]
    with pytest.raises(InputRefused, match="cannot be saved"):
        wish_from_text(desk, RIDE.replace("no car", "x" * MAX_LINE))


def test_a_row_with_a_book_in_it_is_rejected_and_the_others_come_in(desk: Desk, log_file: Path) -> None:
    text = log_file.read_text("utf-8")
    note = "x" * (MAX_WORDS + 1)
    log_file.write_text(f"{text}10/20/2026,Garcia Ana 4/9/2012,Ride,25,Tam Chen,{note}\n", "utf-8")
    done = import_log(desk, log_file)
    assert len(everything(desk)) == 2
    (rejected,) = done.reading.rejected
    assert (rejected.field, "2,001 characters" in rejected.reason) == ("outcome", True)
    assert done.rejects is not None
    assert_whole(desk)


@pytest.mark.parametrize("text", ["\ud800", "a\udc9bb"])
def test_half_a_character_is_told(desk: Desk, text: str) -> None:
    before = length(desk)
    with pytest.raises(InputRefused, match="Unicode"):
        log_activity(desk, wish_from_text(desk, RIDE)._replace(note=text))
    assert length(desk) == before


def test_parts_that_are_too_long_together_are_rejected_by_the_row(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "patients.csv"
    street, name = "s" * 1_900, "n" * 400
    path.write_text(
        "Chart,Last name,First name,DOB,Address,Address 2\n"
        f"2001,Ortiz,Luz,4/9/1990,{street},{name}\n2002,Ortiz,Eva,4/9/1991,Elm St,\n",
        "utf-8",
    )
    done = import_patients(desk, path)
    assert [row.field for row in done.reading.rejected] == ["address"]
    assert len(done.reading.accepted) == 1
    (tmp_path / "staff.csv").write_text(f"Login,First name,Last name\nluz,{name},{name}\n", "utf-8")
    assert [row.field for row in import_staff(desk, tmp_path / "staff.csv").reading.rejected] == ["name"]
    assert_whole(desk)


def test_a_pasted_page_is_no_search(desk: Desk) -> None:
    page = "x 1/" * 50_000
    assert listed(desk, ActivityFilter(search=page)) == []
    for look in (the_patient_id, patients_listed):
        with pytest.raises(InputRefused, match="longer than any name"):
            look(desk, page)
