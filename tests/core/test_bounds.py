"""Texts have bounds, and what is too long is told with its field."""

from __future__ import annotations

import pytest

from casemgr.core.bounds import MAX_NAME, MAX_NOTE, MAX_WORDS, longest, overlong, refuse_overlong
from casemgr.core.entities import ENTITIES
from casemgr.core.money import parse_cents
from casemgr.errors import InputRefused, ParseError


@pytest.mark.parametrize(
    ("field", "most"),
    [("note", MAX_NOTE), ("outcome_words", MAX_WORDS), ("last_name", MAX_NAME), ("anything", MAX_NAME)],
)
def test_the_last_character_that_fits_fits(field: str, most: int) -> None:
    refuse_overlong({field: "x" * most})
    with pytest.raises(InputRefused) as told:
        refuse_overlong({field: "x" * (most + 1)})
    assert told.value.field == {"outcome_words": "outcome"}.get(field, field)
    assert f"{most + 1:,} characters" in told.value.title
    assert f"{most:,}" in told.value.todo


def test_a_kind_s_own_fields_are_looked_at_each() -> None:
    found = list(overlong({"fields": {"vendor": "x" * (MAX_WORDS + 1), "trip": "x"}, "minutes": 5}))
    assert [one.field for one in found] == ["vendor"]


def test_every_text_of_every_record_has_a_bound() -> None:
    texts = [
        name
        for model in ENTITIES.values()
        for name, info in model.model_fields.items()
        if info.annotation is str
    ]
    assert len(texts) > 80
    assert all(MAX_NAME <= longest(name) <= MAX_NOTE for name in texts)


def test_an_amount_of_thousands_of_digits_is_told() -> None:
    for text in ("9" * 5_000, "1," + "000," * 2_000 + "000"):
        with pytest.raises(ParseError, match="more than"):
            parse_cents(text)
    assert parse_cents("0" * 5_000 + "12.5") == 1250
