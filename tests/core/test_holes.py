"""Text with holes: found where they are, filled with what is known, and nothing else touched."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.holes import (
    Hole,
    fill_holes,
    find_holes,
    has_holes,
    hole_names,
    misshapen,
    next_hole,
)

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
ODD = st.text(st.sampled_from("{}{}aZ1_ \n[]\\éß中\u202e'\"$"), max_size=12) | st.text(max_size=12)
"""Text with many braces, whole holes among them."""
PLAIN = ODD.map(lambda text: re.sub(r"[{}]", "", text))
"""Text without a brace."""
PIECES = st.lists(st.tuples(PLAIN, NAMES), max_size=6)
"""A text in pieces, each followed by a hole."""


def joined(pieces: list[tuple[str, str]], words: dict[str, str] | None = None) -> str:
    """The pieces as one text, with their holes or with words in them."""
    return "".join(
        plain + (f"{{{name}}}" if words is None or not words.get(name) else words[name])
        for plain, name in pieces
    )


def test_a_hole_is_a_word_in_braces() -> None:
    text = "Called {contacted} at {vendor}; {x1_y}."
    assert find_holes(text) == (
        Hole("contacted", 7, 18),
        Hole("vendor", 22, 30),
        Hole("x1_y", 32, 38),
    )
    assert hole_names("{a} {b} {a}") == ("a", "b")


@pytest.mark.parametrize(
    "text", ["", "plain", "{}", "{ a }", "{A}", "{1a}", "{a", "a}", "{a-b}", "{a\n}", "{é}", "[a]", "{{}}"]
)
def test_other_braces_are_text(text: str) -> None:
    assert find_holes(text) == ()
    assert not has_holes(text)
    assert next_hole(text) is None
    assert fill_holes(text, {"a": "x", "": "y"}) == text


def test_known_words_go_in_and_other_holes_stay() -> None:
    text = "{contacted} at {vendor} on {visit_date}"
    assert (
        fill_holes(text, {"contacted": "Ana's mother", "vendor": ""})
        == "Ana's mother at {vendor} on {visit_date}"
    )
    assert has_holes(text)
    assert not has_holes(fill_holes(text, {"contacted": "a", "vendor": "b", "visit_date": "c"}))


def test_what_is_put_in_makes_no_new_hole_in_the_same_go() -> None:
    assert fill_holes("{a} {b}", {"a": "{b}", "b": r"\1 {a}"}) == r"{b} \1 {a}"


def test_the_way_from_hole_to_hole_goes_round() -> None:
    text = "a {b} c {d}"
    first, second = find_holes(text)
    assert next_hole(text) == first
    assert next_hole(text, first.start) == first
    assert next_hole(text, first.start + 1) == second
    assert next_hole(text, first.end) == second
    assert next_hole(text, second.end) == first
    assert next_hole(text, len(text) + 10) == first


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("all {well} here", ""),
        ("no holes", ""),
        ("Called {Contacted} today", "Called {Contacted} t"),
        ("a {b} and c}", "and c}"),
        ("{", "{"),
        ("{{a}}", "{"),
    ],
)
def test_a_brace_that_belongs_to_no_hole_is_found(text: str, near: str) -> None:
    assert misshapen(text) == near


@given(PIECES, PLAIN)
def test_every_hole_is_found_where_it_stands(pieces: list[tuple[str, str]], end: str) -> None:
    text = joined(pieces) + end
    holes = find_holes(text)
    assert [hole.name for hole in holes] == [name for _, name in pieces]
    assert all(text[hole.start : hole.end] == f"{{{hole.name}}}" for hole in holes)
    assert misshapen(text) == ""


@given(PIECES, PLAIN, st.dictionaries(NAMES, ODD), st.booleans())
def test_filling_puts_words_in_the_holes_and_touches_nothing_else(
    pieces: list[tuple[str, str]], end: str, words: dict[str, str], all_known: bool
) -> None:
    if all_known:
        words |= {name: "x{y}" for _, name in pieces if not words.get(name)}
    text = joined(pieces) + end
    assert fill_holes(text, words) == joined(pieces, words) + end
    assert fill_holes(text, {}) == text


@given(ODD, st.integers(0, 20))
def test_odd_text_is_taken_as_it_is(text: str, position: int) -> None:
    holes = find_holes(text)
    assert has_holes(text) == bool(holes)
    assert fill_holes(text, {hole.name: f"{{{hole.name}}}" for hole in holes}) == text
    after = [hole for hole in holes if hole.start >= position]
    assert next_hole(text, position) == next(iter((*after, *holes)), None)
    plain = fill_holes(text, dict.fromkeys(hole_names(text), "-"))
    assert len(plain) == len(text) - sum(hole.end - hole.start - 1 for hole in holes)
