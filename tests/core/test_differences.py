"""Differences of texts: nothing of either side is lost, and what is left is easy to read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.differences import MOST_WORDS, Run, compared


def test_a_changed_word_stands_between_what_stayed() -> None:
    assert compared("OS consult booked for Friday.", "OS consult booked for Monday.") == (
        Run("kept", "OS consult booked for "),
        Run("gone", "Friday."),
        Run("new", "Monday."),
    )


def test_changes_that_only_a_blank_parts_are_one() -> None:
    assert compared("she asked for a ride", "she was told no ride") == (
        Run("kept", "she "),
        Run("gone", "asked for a"),
        Run("new", "was told no"),
        Run("kept", " ride"),
    )


def test_what_was_only_added_takes_nothing_away() -> None:
    assert compared("called", "called twice") == (Run("kept", "called"), Run("new", " twice"))
    assert compared("", "called") == (Run("new", "called"),)
    assert compared("same", "same") == (Run("kept", "same"),)


def test_endless_texts_are_told_as_replaced_at_once() -> None:
    long = "word " * MOST_WORDS
    assert [run.fate for run in compared(long, long + "more")] == ["gone", "new"]


@given(st.text(alphabet="ab \n\u05d0"), st.text(alphabet="ab \n\u05d0"))
def test_both_texts_can_be_read_out_of_a_difference(before: str, after: str) -> None:
    runs = compared(before, after)
    assert "".join(run.text for run in runs if run.fate != "new") == before
    assert "".join(run.text for run in runs if run.fate != "gone") == after
