"""Differences in words, and which deed an undo takes back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.history import Change, Deed, changes, deed_to_undo
from casemgr.core.text import canonical_json


def image(**fields: object) -> str:
    return canonical_json(fields)


@given(st.lists(st.booleans()))
def test_undoing_n_times_takes_back_n_deeds_as_a_stack_does(steps: list[bool]) -> None:
    """Each step does something, or undoes if there is anything to undo."""
    deeds: list[Deed] = []
    stack: list[Deed] = []
    for does in steps:
        position = len(deeds) + 1
        found = deed_to_undo(reversed(deeds))
        assert found == (stack[-1] if stack else None)
        if does:
            stack.append(Deed(f"command-{position}", "log", position, position))
            deeds.append(stack[-1])
        elif found:
            stack.pop()
            deeds.append(Deed(f"command-{position}", "undo", position, position))


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
