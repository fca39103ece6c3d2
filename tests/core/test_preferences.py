"""Settings as a file says them: what cannot be used is told, and the default counts for it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.preferences import Preferences
from casemgr.core.preferences_file import DEFAULTS, PreferencesFile, flattened, read_preferences


def test_each_setting_says_what_it_is() -> None:
    for name, info in PreferencesFile.model_fields.items():
        assert info.description, name
        assert info.description.endswith(".")


def test_a_file_may_say_all_that_there_is_and_nothing_else() -> None:
    assert tuple(PreferencesFile.model_fields) == Preferences._fields
    assert read_preferences({}) == (Preferences(), frozenset(), ())
    assert PreferencesFile().model_dump() == Preferences()._asdict()


@pytest.mark.parametrize(
    ("name", "written", "meant"),
    [
        ("theme", "light", "light"),
        ("theme", " Dark ", "dark"),
        ("theme", "casemgr-light", "light"),
        ("whose", "Everybody", "everybody"),
        ("mouse", False, False),
        ("mouse", "no", False),
        ("mouse", "on", True),
        ("forgotten_timer_minutes", 0, 0),
        ("forgotten_timer_minutes", "90", 90),
        ("default_kind", " referral ", "referral"),
        ("default_method", "called", "phone"),
        ("default_method", "", ""),
        ("editor", 'code --wait "a b"', 'code --wait "a b"'),
        ("keys", {"today.whose": "w , f6"}, {"today.whose": "w,f6"}),
        ("keys", {"today.whose": "?"}, {"today.whose": "?"}),
        ("keys", {"a.b": "ctrl+shift+f5,Z,question_mark"}, {"a.b": "ctrl+shift+f5,Z,question_mark"}),
        ("keys", {"app": {"help": "f1", "help_typing": "f2"}}, {"app.help": "f1", "app.help_typing": "f2"}),
        ("keys", {}, {}),
    ],
)
def test_what_is_written_counts(name: str, written: object, meant: object) -> None:
    values, said, faults = read_preferences({name: written})
    assert faults == ()
    assert getattr(values, name) == meant
    assert said == {name}


@pytest.mark.parametrize(
    ("name", "written", "told"),
    [
        ("theme", "purple", "theme: Input should be 'auto', 'dark' or 'light'"),
        ("theme", 3, "theme: Input should be"),
        ("whose", "ours", "whose: Input should be 'mine' or 'everybody'"),
        ("whoose", "mine", 'unknown key "whoose"; did you mean "whose"?'),
        ("mouse", "perhaps", "mouse: Input should be a valid boolean"),
        ("forgotten_timer_minutes", 721, "less than or equal to 720"),
        ("forgotten_timer_minutes", -1, "greater than or equal to 0"),
        ("default_method", "pigeon", "default_method: no contact method is called that; write phone, text"),
        ("editor", 'vim "', "editor: No closing quotation"),
        ("editor", 7, "editor: Input should be a valid string"),
        ("keys", "ctrl+u", "keys: Input should be a valid dictionary"),
        ("keys", {"Undo": "u"}, "Undo of keys: a key belongs to an id such as today.undo"),
        ("keys", {"today.undo": "u,"}, "today.undo of keys: keys are written such as"),
        ("keys", {"today.undo": "ctrl u"}, "today.undo of keys: keys are written such as"),
        ("keys", {"today.undo": "\x00"}, "today.undo of keys: keys are written such as"),
        ("keys", {"today.undo": "ctrl+\x1b"}, "today.undo of keys: keys are written such as"),
        ("keys", {"today.undo": 5}, "today.undo of keys: Input should be a valid string"),
    ],
)
def test_what_cannot_be_used_is_told_and_its_default_counts(name: str, written: object, told: str) -> None:
    values, _, faults = read_preferences({name: written})
    assert len(faults) == 1
    assert told in faults[0]
    assert values == DEFAULTS


def test_one_mistake_costs_nothing_else() -> None:
    raw = {
        "theme": "light",
        "mouse": "perhaps",
        "whoose": "mine",
        "keys": {"app": {"help": "f1"}, "today.undo": "u,,", "Zz": 3},
    }
    before = repr(raw)
    values, said, faults = read_preferences(raw)
    assert said == {"theme", "keys"}
    assert (values.theme, values.mouse, values.keys) == ("light", True, {"app.help": "f1"})
    assert len(faults) == 5
    assert repr(raw) == before


NAMES = st.sampled_from([*Preferences._fields, "app.help", "colour"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(NAMES | st.text(max_size=6), VALUES, max_size=5))
def test_no_file_keeps_anybody_from_starting(raw: dict[str, Any]) -> None:
    values, said, faults = read_preferences(raw)
    assert all(faults)
    kept = {name: value for name, value in values._asdict().items() if name in said}
    assert read_preferences(kept) == (values, said, ())


def test_names_with_dots_are_one_name() -> None:
    assert flattened({"a": {"b": {"c": "x"}, "d": "y"}, "e.f": "z"}) == {"a.b.c": "x", "a.d": "y", "e.f": "z"}
