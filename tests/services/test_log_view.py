"""The log as a screen scrolls through it: ids in order, rows of what is in sight, a search that finds all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.clock import FixedClock
from casemgr.core.commands import AddPatient, LogActivity, VoidActivity
from casemgr.core.rows import ActivityFilter
from casemgr.services import log_view
from casemgr.services.activities import listed, log_batch, void_activity
from casemgr.services.log_view import LogKeys, log_keys, log_rows
from casemgr.services.patients import add_patient
from casemgr.services.setup import create_practice
from casemgr.settings import read_settings
from casemgr.store.reads import search
from casemgr.store.reads.search import search_query
from tests.services.conftest import NEW_YORK
from tests.services.support import log
from tests.support import PASSPHRASE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from casemgr.core.rows import ActivityRow
    from casemgr.services.desk import Desk

OCTOBER = ActivityFilter("2026-10-01", "2026-10-31")
SEPTEMBER = ActivityFilter("2026-09-01", "2026-09-30")

SAID = (
    "panoramic image faxed to Bayou OMS",
    "Panorama requested again",
    "called the front desk, 2 crowns",
    "a note in Vietnamese: không có xe",
    "médecin à l'école",
    "zusätzliche Größe",
    "x",
)


@pytest.fixture
def logged(desk: Desk) -> Desk:
    """A desk on which each of SAID was noted, in September and in October."""
    for number, note in enumerate(SAID):
        whom = ("1030", "1031", "1032")[number % 3]
        for month in (9, 10):
            log(desk, f"{5 + number}m referral {whom} {month}/{10 + number}: {note} => packet faxed")
    return desk


def test_a_month_is_listed_by_date_either_way(logged: Desk) -> None:
    keys = log_keys(logged, OCTOBER)
    assert [row.service_date for row in in_order(logged, keys.ids)] == [
        f"2026-10-{day}" for day in range(10, 17)
    ]
    assert keys.count == len(SAID)
    assert keys.minutes == sum(range(5, 12))
    assert not keys.capped
    newest = log_keys(logged, replace(OCTOBER, newest_first=True))
    assert newest.ids == keys.ids[::-1]


def test_the_same_activities_are_listed_as_in_the_list_of_all(logged: Desk) -> None:
    for wanted in (
        replace(OCTOBER, search="panora"),
        replace(SEPTEMBER, search="garcia fa", newest_first=True),
        replace(SEPTEMBER, staff="tchen"),
        replace(SEPTEMBER, kind="referral", staff="mrivera", search="p"),
        replace(SEPTEMBER, kind="transport"),
    ):
        assert log_keys(logged, wanted).ids == tuple(row.id for row in listed(logged, wanted))


def test_voided_ones_are_listed_where_they_are_wanted(logged: Desk) -> None:
    gone = log_keys(logged, OCTOBER).ids[2]
    void_activity(logged, VoidActivity(gone, "entered twice"))
    assert gone not in log_keys(logged, OCTOBER).ids
    assert gone in log_keys(logged, replace(OCTOBER, include_voided=True)).ids
    assert log_rows(logged, [gone])[gone].row.status == "voided"


def test_without_days_the_newest_are_listed_and_it_is_said(
    logged: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_view, "MOST_FOUND", 4)
    found = log_keys(logged, ActivityFilter(search="faxed"))
    days = [row.service_date for row in in_order(logged, found.ids)]
    assert days == ["2026-10-16", "2026-10-15", "2026-09-16", "2026-09-15"]
    assert found.capped
    assert found.minutes == 11 + 10 + 11 + 10
    assert log_keys(logged, ActivityFilter()).count == 4
    few = log_keys(logged, ActivityFilter(search="crowns"))
    assert (few.count, few.capped) == (2, False)


def test_somebody_who_has_not_worked_here_for_years_costs_no_walk_through_all(
    logged: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert log_keys(logged, ActivityFilter(search="faxed", staff="tchen")) == LogKeys((), 0, False)
    monkeypatch.setattr(log_view, "LOOKED_THROUGH", 5)
    assert log_keys(logged, ActivityFilter(search="faxed", staff="tchen")) == LogKeys((), 0, True)
    assert log_keys(logged, ActivityFilter(staff="tchen")) == LogKeys((), 0, True)


def test_a_list_of_many_years_ends(logged: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_view, "MOST_WITHIN", 3)
    keys = log_keys(logged, ActivityFilter("2016-01-01", "2026-12-31", newest_first=True))
    assert (keys.count, keys.capped) == (3, True)


def test_a_patient_is_listed_over_all_years(logged: Desk, ana: str) -> None:
    keys = log_keys(logged, ActivityFilter(patient_id=ana, newest_first=True))
    assert {row.patient_id for row in in_order(logged, keys.ids)} == {ana}
    assert keys.count == 6
    assert log_keys(logged, ActivityFilter(patient_id=ana, search="không")).count == 2
    assert log_keys(logged, ActivityFilter(patient_id=ana, search="crowns")).count == 0


def test_rows_are_handed_out_for_what_is_in_sight(logged: Desk) -> None:
    ids = log_keys(logged, OCTOBER).ids[2:4]
    rows = log_rows(logged, ids)
    assert set(rows) == set(ids)
    first = rows[ids[0]]
    assert (first.kind_title, first.outcome, first.row.patient) == (
        "Referral coordination",
        "Referral packet sent",
        "O'Brien-Núñez, Mary Jo",
    )
    assert log_rows(logged, []) == {}


@pytest.mark.parametrize("typed", ["#", "…", " - "])
def test_marks_alone_are_no_search(logged: Desk, typed: str) -> None:
    assert log_keys(logged, replace(OCTOBER, search=typed)).count == len(SAID)
    assert log_keys(logged, ActivityFilter(search=typed)).count == 2 * len(SAID)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("p", 7),
        ("pan", 2),
        ("panoram", 2),
        ("panorami", 1),
        ("panoramic faxed", 1),
        ("PANORÁMA", 1),
        ("x", 2),
        ("2", 1),
        ("103", 7),
        ("#1032", 2),
        ("khong", 1),
        ("zusatzliche große", 1),
        ("GRÖSSE", 0),
        ("l'école", 1),
        ("ecole l", 1),
        ("O'Brien", 2),
        ("nothing of this", 0),
        ("c de", 1),
        ("\u19b0", 7),
        ("f\u19b0pan", 2),
    ],
)
def test_each_word_is_the_beginning_of_a_word(logged: Desk, typed: str, found: int) -> None:
    wanted = replace(OCTOBER, search=typed)
    assert log_keys(logged, wanted).count == found
    everywhere = log_keys(logged, ActivityFilter(search=typed)).ids
    assert len(everywhere) == 2 * found
    assert set(log_keys(logged, wanted).ids) <= set(everywhere)


def test_a_beginning_that_many_terms_have_is_found_as_well(
    logged: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_TERMS", 1)
    assert search_query(logged.store, "pano") == '("pano"*)'
    assert log_keys(logged, replace(OCTOBER, search="pano")).count == 2


def test_a_pasted_page_is_searched_for_by_its_first_words(logged: Desk) -> None:
    page = "panoramic image faxed " + " ".join(f"word{number}" for number in range(5_000))
    assert search_query(logged.store, page).count(" AND ") == search.MOST_WORDS - 1
    assert log_keys(logged, replace(OCTOBER, search=page)).count == 0


@pytest.fixture(scope="module")
def noted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk with a hundred notes of few letters, all of one patient."""
    chance = Random(1)
    desk = create_practice(
        read_settings({"CASEMGR_HOME": str(tmp_path_factory.mktemp("noted") / "home")}).places,
        "Riverside Community Dental",
        "America/New_York",
        "mrivera",
        "Marisol Rivera",
        FixedClock(datetime(2026, 10, 21, 12, tzinfo=NEW_YORK)),
        passphrase=PASSPHRASE,
    )
    whom = add_patient(desk, AddPatient("Ωmega", "Ωne", date(2012, 4, 9), "Ω")).patient.id
    wishes = {}
    for number in range(100):
        note = " ".join("".join(chance.choices("abc1", k=chance.randrange(1, 7))) for _ in range(4))
        day = date(2026, 10, 1) + timedelta(days=number % 20)
        wishes[str(number)] = LogActivity(whom, "education", day, 5, "", note=note, draft=True)
    log_batch(desk, wishes)
    yield desk
    desk.close()


@given(st.text("abc1 ", max_size=9))
def test_whatever_is_typed_finds_what_a_reader_would_find(noted: Desk, typed: str) -> None:
    everything = listed(noted, OCTOBER)
    reader = {
        row.id
        for row in everything
        if all(any(word.startswith(each) for word in row.note.split()) for each in typed.split())
    }
    for wanted in (
        ActivityFilter(search=typed),
        replace(OCTOBER, search=typed),
        ActivityFilter(patient_id=everything[0].patient_id, search=typed),
    ):
        assert set(log_keys(noted, wanted).ids) == reader


def in_order(desk: Desk, ids: Sequence[str]) -> list[ActivityRow]:
    """The rows of some ids, in their order."""
    rows = log_rows(desk, ids)
    return [rows[each].row for each in ids]
