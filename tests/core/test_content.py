"""Mistakes in a content file are told by file and key, with the nearest known key."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import pytest
from pydantic import Field

from casemgr.core.base import Content
from casemgr.core.content import did_you_mean, parse_content, read_content
from casemgr.errors import ContentBroken


class Leg(Content):
    length: int
    foot: str = ""


class Table(Content):
    title: str
    legs: Annotated[tuple[Leg, ...], Field(alias="leg")] = ()
    made_on: date | None = None
    id: str = ""


def told(text: str) -> str:
    with pytest.raises(ContentBroken) as caught:
        parse_content(Table, text, "table.toml")
    assert caught.value.todo
    return caught.value.detail


def test_a_sound_file_is_read() -> None:
    table = parse_content(Table, 'title = "T"\nmade_on = 2026-10-21\n[[leg]]\nlength = 4\n', "table.toml")
    assert (table.title, table.legs, table.made_on) == ("T", (Leg(length=4),), date(2026, 10, 21))


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ('titel = "T"\ntitle = "T"', 'table.toml: unknown key "titel"; did you mean "title"?'),
        ('legs = []\ntitle = "T"', 'table.toml: unknown key "legs"; did you mean "leg"?'),
        (
            'title = "T"\n[[leg]]\nlength = 1\n[[leg]]\nlength = 1\nfot = ""',
            'table.toml: unknown key "fot" in leg 2; did you mean "foot"?',
        ),
        ('zzz = 1\ntitle = "T"', 'table.toml: unknown key "zzz"; known: id, leg, made_on, title'),
        ("[[leg]]\nlength = 1", "table.toml: title is missing"),
        ('title = "T"\n[[leg]]\n', "table.toml: length of leg 1 is missing"),
        (
            'title = "T"\n[[leg]]\nlength = "long"',
            "table.toml: length of leg 1: Input should be a valid integer",
        ),
    ],
)
def test_each_fault_names_file_and_key(text: str, detail: str) -> None:
    assert told(text).startswith(detail)


def test_all_faults_are_told_at_once() -> None:
    assert len(told("a = 1\nb = 2").splitlines()) == 3


def test_no_toml_names_the_line() -> None:
    assert "line 2" in told('title = "T"\nbroken\n')


def test_given_values_are_not_for_the_file_to_set() -> None:
    assert read_content(Table, {"title": "T"}, "table.toml", id="oak").id == "oak"
    with pytest.raises(ContentBroken) as caught:
        read_content(Table, {"title": "T", "id": "elm"}, "table.toml", id="oak")
    assert '"id"' in caught.value.detail


def test_the_nearest_known_name_is_offered_or_none() -> None:
    assert did_you_mean("refferal", ["referral"]) == '; did you mean "referral"?'
    assert did_you_mean("zzz", ["b", "a"]) == "; known: a, b"
    assert did_you_mean("zzz", []) == ""
