from __future__ import annotations

import pytest

from casemgr.core.digest import content_digest

DONE = {
    "staff": "mrivera",
    "service_date": "2026-09-08",
    "patient_id": "p1",
    "kind": "referral",
    "minutes": 20,
    "method": "phone",
    "note": "Called María's office; +PA",
    "outcome_words": "Consult booked 9/26/26",
    "follow_up": "2026-09-26",
}


def digest(**changes: object) -> str:
    return content_digest(**{**DONE, **changes})  # type: ignore[arg-type]


def test_spelling_that_says_nothing_counts_for_nothing() -> None:
    assert digest() == digest(note="  called  MARÍA's\toffice; +pa ")
    assert digest() == digest(note="Called Mari\u0301a's office; +PA")
    assert len(digest()) == 64


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("staff", "tchen"),
        ("service_date", "2026-09-09"),
        ("patient_id", "p2"),
        ("kind", "transport"),
        ("minutes", 2),
        ("method", ""),
        ("note", "Called María's office; -PA"),
        ("outcome_words", "Consult booked 9/27/26"),
        ("follow_up", ""),
    ],
)
def test_everything_that_was_done_counts(field: str, value: object) -> None:
    assert digest(**{field: value}) != digest()


def test_no_text_reaches_over_into_the_next() -> None:
    assert digest(method="a\x1fb", note="c") != digest(method="a", note="b\x1fc")
    assert digest(method="ab", note="c") != digest(method="a", note="bc")
