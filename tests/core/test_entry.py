"""The one line: what it means, what it leaves open, and that nothing of it is lost."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.entry import Entry, read_follow_up, understand
from casemgr.core.kinds import Kinds
from casemgr.core.people import PatientIndex, PatientRef
from casemgr.errors import ParseError
from casemgr.resources import load_toml_folder

TODAY = date(2026, 10, 21)  # a Wednesday
EXAMPLE = "20m referral Garcia Ana 4/9/2012: oral surgery consult => booked 10/28 !10/26 confirm ride"

PATIENTS = PatientIndex(
    PatientRef.of(f"id-{chart}", chart, last, first, born)
    for chart, last, first, born in (
        ("1030", "Garcia", "Ana", "2012-04-09"),
        ("1031", "Garcia", "Ana", "1985-04-09"),
        ("1026", "O'Brien-Núñez", "María José", "1991-05-17"),
        ("1028", "李", "小龍", "1975-02-14"),
        ("1029", "Smith", "[Bud] Robert", "1950-01-01"),
        ("1033", "Abdi", "Faduma", "1988-07-07"),
        ("1040", "Ride", "Sally", "1999-05-26"),
    )
)


@cache
def kinds() -> Kinds:
    return Kinds.load(load_toml_folder("schema/activities", None))


def read(text: str) -> Entry:
    return understand(text, TODAY, kinds(), PATIENTS)


def fields(entry: Entry) -> set[str]:
    return {problem.field for problem in entry.problems}


def test_a_whole_line_is_understood() -> None:
    entry = read(EXAMPLE)
    assert not entry.problems
    assert entry.patient is not None
    assert (entry.patient.chart_number, entry.kind, entry.minutes) == ("1030", "referral", 20)
    assert (entry.service_date, entry.note) == (TODAY, "oral surgery consult")
    assert (entry.outcome, entry.outcome_words) == ("consult_booked", "booked 10/28")
    assert [(each.due_date, each.what) for each in entry.follow_ups] == [(date(2026, 10, 26), "confirm ride")]


@pytest.mark.parametrize(
    ("head", "chart", "kind", "minutes", "day", "method"),
    [
        (
            "Garcia, Ana 2012 1h05 interp phone yesterday",
            "1030",
            "interpreter",
            65,
            date(2026, 10, 20),
            "phone",
        ),
        ("ride #1031 0:20 10/19", "1031", "transport", 20, date(2026, 10, 19), ""),
        ("1.5h education obrien nunez", "1026", "education", 90, TODAY, ""),
        ("mon no-show 5 min abdi text", "1033", "missed_visit", 5, date(2026, 10, 19), "text"),
        ("2026-10-01 referral 李 小龍 15m in person", "1028", "referral", 15, date(2026, 10, 1), "in_person"),
        ("15m ref robert smith video", "1029", "referral", 15, TODAY, "video"),
        ("20m ohi ana garcia 4/9/1985 10/20", "1031", "education", 20, date(2026, 10, 20), ""),
        ("10m ride sally ride", "1040", "transport", 10, TODAY, ""),
    ],
)
def test_the_head_may_stand_in_any_order(
    head: str, chart: str, kind: str, minutes: int, day: date, method: str
) -> None:
    entry = read(f"{head}: note => left voicemail")
    assert not entry.problems
    assert entry.patient is not None
    found = (entry.patient.chart_number, entry.kind, entry.minutes, entry.service_date, entry.method)
    assert found == (chart, kind, minutes, day, method)


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        ("referral abdi: x => booked", {"minutes"}),
        ("20m abdi: x => booked", {"kind"}),
        ("20m referral: x => booked", {"patient"}),
        ("20m referral abdi: x", {"outcome"}),
        ("", {"minutes", "kind", "patient", "outcome"}),
        ("0m referral abdi: x => booked", {"minutes"}),
        ("900m referral abdi: x => booked", {"minutes"}),
        ("20m 30m referral abdi: x => booked", {"minutes"}),
        ("20m referral abdi 12/31/2026: x => booked", {"date"}),
        ("20m referral nobody known: x => booked", {"patient"}),
        ("20m referral garcia ana: x => booked", {"patient"}),
        ("20m referral garcia ana 1/1/1999: x => booked", {"patient"}),
    ],
)
def test_what_is_missing_or_ambiguous_is_named(line: str, missing: set[str]) -> None:
    assert fields(read(line)) == missing


def test_namesakes_are_offered_to_choose_from() -> None:
    (problem,) = read("20m referral garcia ana: x => booked").problems
    assert problem.candidates == ("Garcia, Ana 4/9/1985 #1031", "Garcia, Ana 4/9/2012 #1030")


@pytest.mark.parametrize("said", ["next-ish call", "soon call", "13/45 call", "2/30 call"])
def test_a_follow_up_without_a_readable_date_is_never_text(said: str) -> None:
    entry = read(f"20m referral abdi: x => booked !{said}")
    assert fields(entry) == {"follow_up"}


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ("!10/26 call", date(2026, 10, 26)),
        ("! 10/26 call", date(2026, 10, 26)),
        ("!mon call", date(2026, 10, 26)),
        ("!tomorrow call", date(2026, 10, 22)),
        ("!+3d call", date(2026, 10, 24)),
        ("!2w call", date(2026, 11, 4)),
    ],
)
def test_a_follow_up_has_its_date(said: str, due: date) -> None:
    entry = read(f"20m referral abdi: x => booked {said}")
    assert not entry.problems
    assert [(each.due_date, each.what) for each in entry.follow_ups] == [(due, "call")]
    assert entry.outcome_words == "booked"


def test_an_exclamation_within_a_word_is_text() -> None:
    entry = read("20m referral abdi: great! => booked!! wow!")
    assert not entry.problems
    assert (entry.note, entry.outcome_words, entry.follow_ups) == ("great!", "booked!! wow!", ())


words = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="!=→:>"), min_size=1, max_size=12
)
phrases = st.lists(words, min_size=1, max_size=8).map(" ".join)


@given(phrases, phrases)
def test_note_and_outcome_are_kept_as_written(note: str, outcome: str) -> None:
    entry = read(f"20m referral #1033: {note} => {outcome}")
    assert not entry.problems
    assert (entry.note, entry.outcome_words) == (note, outcome)


@given(st.text(max_size=200))
def test_any_text_is_answered(text: str) -> None:
    entry = read(text)
    assert entry.problems or (entry.patient and entry.minutes and entry.kind and entry.outcome_words)


@given(st.permutations(["20m", "referral", "abdi faduma", "yesterday", "phone"]))
def test_order_does_not_matter(pieces: list[str]) -> None:
    entry = read(f"{' '.join(pieces)}: x => booked")
    assert not entry.problems
    assert (entry.minutes, entry.kind, entry.method) == (20, "referral", "phone")
    assert entry.service_date == date(2026, 10, 20)


@pytest.mark.parametrize(
    ("said", "due", "what"),
    [
        ("10/26 confirm ride", date(2026, 10, 26), "confirm ride"),
        ("!mon 10/26: confirm ride", date(2026, 10, 26), "confirm ride"),
        ("in 2 weeks ask again", date(2026, 11, 4), "ask again"),
        ("fri", date(2026, 10, 23), ""),
    ],
)
def test_a_follow_up_apart_from_the_line_begins_with_its_date(said: str, due: date, what: str) -> None:
    assert read_follow_up(said, TODAY) == (due, what)


@pytest.mark.parametrize("said", ["", "confirm ride", "2/30 confirm ride", "!"])
def test_a_follow_up_apart_from_the_line_is_refused_without_a_date(said: str) -> None:
    with pytest.raises(ParseError):
        read_follow_up(said, TODAY)


def test_whose_it_was_stays_as_written() -> None:
    assert read("20m referral garcia ana 2012: x").whom == "garcia ana 2012"
    assert read("20m referral nobody known").whom == "nobody known"
