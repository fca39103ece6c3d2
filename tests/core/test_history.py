"""Differences in words, and which deed an undo takes back and a redo does again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.history import Change, Deed, changes, deed_name, deed_to_redo, deed_to_undo
from casemgr.core.text import canonical_json


def image(**fields: object) -> str:
    return canonical_json(fields)


@given(st.lists(st.sampled_from(["do", "undo", "redo"])))
def test_undo_and_redo_walk_as_two_stacks_do(steps: list[str]) -> None:
    """Each step does something, or undoes or redoes if there is anything to undo or redo."""
    deeds: list[Deed] = []
    state: frozenset[int] = frozenset()
    undo: list[frozenset[int]] = []
    redo: list[frozenset[int]] = []
    # What each deed is about, as the ledger would have it: the state before and after it.
    sides: dict[Deed, tuple[frozenset[int], frozenset[int]]] = {}
    for step in steps:
        to_undo, to_redo = deed_to_undo(reversed(deeds)), deed_to_redo(reversed(deeds))
        assert (to_undo is None, to_redo is None) == (not undo, not redo)
        before, position = state, len(deeds) + 1
        if step == "do":
            undo.append(state)
            redo = []
            state |= {position}
        elif step == "undo" and to_undo:
            redo.append(state)
            state = undo.pop()
            assert sides[to_undo] == (state, before)
        elif step == "redo" and to_redo:
            undo.append(state)
            state = redo.pop()
            assert sides[to_redo] == (state, before)
        else:
            continue
        deeds.append(Deed(f"command-{position}", step, position, position))
        sides[deeds[-1]] = (before, state)


def test_an_undo_after_a_redo_goes_on_to_the_deed_before() -> None:
    steps = ["do", "do", "undo", "redo", "undo"]
    one, other, first, again, second = deeds = [Deed(step, step, n, n) for n, step in enumerate(steps)]
    assert deed_to_undo(reversed(deeds)) == one
    assert deed_to_redo(reversed(deeds)) == second
    assert deed_to_undo(reversed(deeds[:4])) == again
    assert deed_to_redo(reversed(deeds[:4])) is None
    assert deed_to_redo(reversed(deeds[:3])) == first
    assert deed_to_undo(reversed(deeds[:2])) == other


def test_an_undo_and_its_redo_are_called_as_what_they_are_about() -> None:
    assert deed_name("log", "") == "log"
    assert deed_name("void", "out of office") == "void"
    assert deed_name("undo", "undo of log, K7Q2:12") == deed_name("redo", "redo of log, K7Q2:12") == "log"


def test_a_first_entry_says_everything_that_is_not_empty() -> None:
    said = image(minutes=20, note="", voided=False, fields={"vendor": "City Cab"}, tags=["a"], source=None)
    assert changes("", said) == [
        Change("fields.vendor", "", "City Cab"),
        Change("minutes", "", "20"),
        Change("tags", "", '["a"]'),
    ]


def test_only_what_differs_is_named_with_before_and_after() -> None:
    before = image(minutes=20, note="called", voided=False, outcome="booked", fields={"vendor": "City Cab"})
    after = image(minutes=25, note="called", voided=True, outcome="other", fields={})
    assert changes(before, after) == [
        Change("fields.vendor", "City Cab", ""),
        Change("minutes", "20", "25"),
        Change("voided", "", "yes"),
    ]


flat_images = st.dictionaries(
    st.sampled_from(["minutes", "note", "voided", "method"]), st.integers() | st.text() | st.booleans()
)


@given(flat_images, flat_images)
def test_changes_read_backward_are_the_changes_back(one: dict[str, object], other: dict[str, object]) -> None:
    forward = changes(canonical_json(one), canonical_json(other))
    backward = changes(canonical_json(other), canonical_json(one))
    assert [Change(name, after, before) for name, before, after in forward] == backward
    assert not changes(canonical_json(one), canonical_json(one))
