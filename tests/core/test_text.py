"""Names in short."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.text import initials


@pytest.mark.parametrize(
    ("last", "first", "short"),
    [
        ("Garcia", "Ana", "A.G."),
        ("van der Berg", "Lotte", "L.v.d.B."),
        ("O'Brien-Núñez", "Mary Jo", "M.J.O.N."),
        ("Nguyễn", "An", "A.N."),
        ("Nguyễn", "", "N."),
        ("’t Hooft", "Jan", "J.t.H."),
        ("Smith", "Robert (Bud)", "R.B.S."),
        ("Smith", "[Bud] Robert", "B.R.S."),
        ("DuBuque", "J.T.", "J.T.D."),
        ("Nu\u0301n\u0303ez", "E\u0301va", "É.N."),
        ("हिन्दी", "नि", "नि.हि."),
        ("李", "小龍", "小.李."),
        ("123", "", "?"),
        ("", "", "?"),
    ],
)
def test_initials_are_the_first_letters_of_a_names_parts(last: str, first: str, short: str) -> None:
    assert initials(last, first) == short


@given(st.text(), st.text())
def test_initials_hold_no_more_than_a_letter_of_each_word(last: str, first: str) -> None:
    found = initials(last, first)
    assert found
    parts = [part for part in found.split(".") if part]
    assert all(sum(map(str.isalpha, part)) <= 1 for part in parts)
