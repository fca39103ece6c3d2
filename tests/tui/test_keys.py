"""Every key: named, explained, free of what terminals take, written down, and moved by its id."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from textual.binding import BindingsMap
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from casemgr.services.activities import log_activity
from casemgr.services.entries import wish_from_text
from casemgr.tui.commands import doable
from casemgr.tui.keymap import (
    ONLY_BESIDE,
    TAKEN,
    classes,
    keys_of,
    known_keys,
    may_meet,
    why_not,
    works_while_typing,
)
from casemgr.tui.keys import declared, is_typed, key_words
from casemgr.tui.places import PLACES
from casemgr.tui.screens.page import Page
from casemgr.tui.widgets.listing import Listing
from casemgr.tui.widgets.sectioned import Sectioned
from tests.keys import PAGE, page

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from textual.dom import DOMNode

    from casemgr.services.desk import Desk
    from casemgr.tui.places import Place
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]

SHARED = (Page, Listing, Sectioned)
"""What others are made from; nobody ever sees one of these alone."""

MEANT = (
    *({"pick.up", "list.up"}, {"pick.down", "list.down"}, {"pick.take", "list.open"}),
    *({"pick.page_up", "list.page_up"}, {"pick.page_down", "list.page_down"}),
)
"""Pairs that share a key, since the one stands in for the other where both could work."""


def facing(kind: type[DOMNode]) -> bool:
    """Whether people can be at such a thing, so that help may be asked for about it."""
    if kind in SHARED or any(kind is not each and issubclass(each, kind) for each in classes()):
        return False
    return issubclass(kind, Screen) or (issubclass(kind, Widget) and kind.can_focus)


FACING = [kind for kind in classes() if facing(kind)]
KEYS = known_keys()


@pytest.mark.parametrize("kind", FACING, ids=lambda kind: kind.__name__)
def test_whatever_has_the_focus_says_what_it_is_for(kind: type[DOMNode]) -> None:
    assert (kind.HELP or "").strip()
    titles = [each.__dict__.get("BINDING_GROUP_TITLE") for each in kind.__mro__ if each not in SHARED]
    title = next(filter(None, titles), "")
    assert title
    assert "[" not in title, "titles are markup"


@pytest.mark.parametrize("kind", classes(), ids=lambda kind: kind.__name__)
def test_every_binding_has_an_id_a_name_and_a_purpose(kind: type[DOMNode]) -> None:
    for binding in declared(kind):
        assert binding.id, binding
        assert binding.description, binding.id
        assert binding.tooltip, binding.id
        assert not binding.tooltip.endswith("."), binding.id
        assert "[" not in binding.tooltip, "the palette takes tooltips as markup"


def test_an_id_belongs_to_one_binding() -> None:
    owners: dict[str, list[str]] = {}
    for kind in classes():
        for binding in declared(kind):
            owners.setdefault(binding.id or "", []).append(kind.__name__)
    assert {name: kinds for name, kinds in owners.items() if len(kinds) > 1} == {}


@pytest.mark.parametrize("key_id", KEYS)
def test_no_key_is_one_that_terminals_take(key_id: str) -> None:
    keys = keys_of(KEYS[key_id], {})
    assert [key for key in keys if key in TAKEN and key not in ONLY_BESIDE] == []
    assert keys != ("ctrl+s",), "beside it stands a key that always arrives"


def test_no_two_that_work_at_the_same_time_share_a_key_but_esc_which_leaves_the_innermost() -> None:
    clashes = {
        frozenset((one.id, other.id))
        for one, other in combinations(KEYS.values(), 2)
        if (set(keys_of(one, {})) & set(keys_of(other, {}))) - {"escape"} and may_meet(one.owner, other.owner)
    }
    assert clashes == {frozenset(pair) for pair in MEANT}


@pytest.mark.parametrize("key_id", KEYS)
def test_every_key_moves_by_its_id(key_id: str) -> None:
    key = KEYS[key_id]
    bindings = BindingsMap(declared(key.owner))
    bindings.apply_keymap({key_id: "f12"})
    assert {each.action for each in bindings.key_to_bindings["f12"]} == {key.binding.action}
    for before in keys_of(key, {}):
        assert key_id not in {each.id for each in bindings.key_to_bindings.get(before, ())}
    assert why_not(key_id, "f12", {}) == ""


def test_the_page_of_keys_is_what_the_bindings_say() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `python -m tests.keys`"


def test_keys_are_named_as_people_read_them() -> None:
    assert key_words("ctrl+p") == "ctrl+p"
    assert key_words("question_mark") == "?"
    assert key_words("down,j") == "↓ or j"
    assert is_typed("z")
    assert is_typed("left_square_bracket")
    assert is_typed("slash")
    assert not is_typed("f8")
    assert not is_typed("enter")


@pytest.mark.parametrize(
    ("key_id", "wanted", "said"),
    [
        ("page.undo", "B", ""),
        ("page.undo", "ctrl+h", "backspace"),
        ("page.undo", "alt+3", "tab"),
        ("page.undo", "n", "Write a new activity"),
        ("page.undo", "w", "Show your own work only"),
        ("page.undo", "ctrl+p", "Find what can be done"),
        ("page.timer_typing", "x", "writing"),
        ("app.theme", "l", "writing"),
        ("today.whose", "d", "nothing is to be logged"),
        ("form.drop", "w", "writing"),
        ("list.page_up", "B", ""),
        ("pick.leave", "ctrl+q", "Leave"),
    ],
)
def test_a_key_that_cannot_be_given_is_refused_with_why(key_id: str, wanted: str, said: str) -> None:
    assert (said in why_not(key_id, wanted, {})) if said else why_not(key_id, wanted, {}) == ""


def test_a_key_that_was_given_away_is_free_and_its_new_one_is_not() -> None:
    assert why_not("page.undo", "n", {"page.new": "f12"}) == ""
    assert why_not("page.undo", "f12", {"page.new": "f12,comma"})
    assert why_not("page.undo", "comma", {"page.new": "f12,comma"})


def test_what_works_while_typing_is_known() -> None:
    assert works_while_typing(KEYS["page.timer_typing"])
    assert not works_while_typing(KEYS["page.timer"])
    assert not works_while_typing(KEYS["list.up"])


async def test_a_changed_key_stands_in_foot_and_help_and_works(opened: Open, desk: Desk) -> None:
    log_activity(desk, wish_from_text(desk, "20m referral 1030: x => booked"))
    async with opened(120, 40) as face:
        face.app.change_keys({"page.undo": "B", "page.new": "f12,comma"})
        await face.press("escape")
        assert "B Undo" in face.text("Foot")
        assert "f12 New" in face.text("Foot")
        await face.press("question_mark", "end")
        await face.until(lambda: "B   Undo your last action, whole" in face.seen())
        await face.press("f1", "z")
        assert len(face.logged()) == 1
        await face.press("B")
        assert not face.logged()

        face.app.change_keys({})
        await face.press("Z")
        assert len(face.logged()) == 1
        await face.press("z")
        assert not face.logged()


async def test_help_while_typing_tells_which_keys_work_and_where_one_is(opened: Open) -> None:
    async with opened(120, 60) as face:
        await face.press("f1")
        seen = face.seen()
        for part in (
            "While you write",
            "f8   Your timer",
            "once you have left the text",
            "This screen: Today",
            "Your day: log work",
            "Patients: find a patient",
        ):
            assert part in seen
        await face.press("f1")
        assert "While you write" not in face.seen()


async def test_the_foot_offers_no_key_that_would_be_written(opened: Open) -> None:
    async with opened(120, 40) as face:
        await face.press("escape", "8")
        await face.settle()
        assert "/ Find" in face.text("Foot")
        await face.press("slash")
        assert "/ Find" not in face.text("Foot")
        assert "ctrl+p Everything" in face.text("Foot")


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
async def test_whatever_can_be_done_at_a_place_moves_with_its_key(
    opened: Open, desk: Desk, place: Place
) -> None:
    log_activity(desk, wish_from_text(desk, "20m referral 1030: x => booked !10/26 call"))
    async with opened(120, 40) as face:
        await face.press("escape", place.key)
        await face.settle()
        screen = face.app.screen
        assert isinstance(screen, Page)
        assert place.name == screen.PLACE
        for focused in [None, *(each for each in screen.focus_chain if not isinstance(each, Input))]:
            screen.set_focus(focused)
            for one in list(doable(screen, focused)):
                assert one.binding.id
                face.app.change_keys({one.binding.id: "f12"})
                moved = screen.active_bindings["f12"].binding
                assert moved.id == one.binding.id
                assert moved.action == one.binding.action
            face.app.change_keys({})
