"""One setting changed, and the rest of the file as people wrote it."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.documents.settings_file import HEAD, with_setting, without_setting
from casemgr.errors import NotWritten

WRITTEN = """\
# Marisol's own
theme   =   "dark"   # easier on the eyes

[keys]   # of my hands
app.help = "f1"

"today.undo" = 'u'
# the end
"""


def test_a_new_file_says_what_it_is() -> None:
    assert with_setting("", ["theme"], "light") == f'{HEAD}theme = "light"\n'
    assert with_setting("", ["keys", "app.help"], "f1") == f'{HEAD}\n[keys]\n"app.help" = "f1"\n'


def test_all_else_stays_as_people_wrote_it() -> None:
    assert with_setting(WRITTEN, ["theme"], "light") == WRITTEN.replace('"dark"', '"light"')
    assert with_setting(WRITTEN, ["keys", "app.help"], "f2") == WRITTEN.replace('"f1"', '"f2"')
    assert without_setting(WRITTEN, ["keys", "today.undo"]) == WRITTEN.replace("\"today.undo\" = 'u'\n", "")
    assert without_setting(WRITTEN, ["keys", "app.help"]) == WRITTEN.replace('app.help = "f1"\n', "")
    assert without_setting(WRITTEN, ["mouse"]) == WRITTEN
    assert without_setting(WRITTEN, ["keys", "app.quit"]) == WRITTEN


def test_what_is_new_stands_before_the_tables() -> None:
    changed = with_setting(WRITTEN, ["mouse"], False)
    assert tomllib.loads(changed) == {**tomllib.loads(WRITTEN), "mouse": False}
    assert [line for line in WRITTEN.splitlines() if line not in changed.splitlines()] == []


@pytest.mark.parametrize(
    "text",
    [
        '[keys.app]\nhelp = "f1"\n',
        'keys.app.help = "f1"\n',
        'keys = { "app.help" = "f1" }',
        '[keys]\r\napp.help = "f1" # one\r\n',
        '[keys]\napp = { help = "f1" }\n',
    ],
)
def test_a_key_is_found_however_it_is_written(text: str) -> None:
    changed = with_setting(text, ["keys", "app.help"], "f2")
    assert changed == text.replace('"f1"', '"f2"')
    assert "f1" not in without_setting(text, ["keys", "app.help"])
    both = tomllib.loads(with_setting(text, ["keys", "today.undo"], "u"))
    assert both["keys"].pop("today.undo") == "u"
    assert both == tomllib.loads(text)


@pytest.mark.parametrize("text", ['keys = "u"\n', "keys = 3", "[[keys]]\na = 1\n"])
def test_where_a_change_would_harm_the_rest_nothing_is_changed(text: str) -> None:
    with pytest.raises(NotWritten, match="could not be changed"):
        with_setting(text, ["keys", "app.help"], "f2")


VALUES = st.text(max_size=12) | st.integers(-(2**63), 2**63 - 1) | st.booleans()
PLACES = st.sampled_from([["theme"], ["editor"], ["mouse"], ["keys", "app.help"], ["keys", "a.b.c"]])


@given(st.lists(st.tuples(PLACES, VALUES | st.none()), max_size=8))
def test_changes_in_any_order_leave_what_was_set_last(
    changes: list[tuple[list[str], str | int | None]],
) -> None:
    text = WRITTEN
    wanted: dict[tuple[str, ...], object] = {
        ("theme",): "dark",
        ("keys", "app.help"): "f1",
        ("keys", "today.undo"): "u",
    }
    for place, value in changes:
        if value is None:
            text = without_setting(text, place)
            wanted.pop(tuple(place), None)
        else:
            text = with_setting(text, place, value)
            wanted[tuple(place)] = value
    raw = tomllib.loads(text)
    keys = raw.pop("keys", {})
    if isinstance(keys.get("app"), dict):
        keys |= {f"app.{name}": value for name, value in keys.pop("app").items()}
    assert {(name,): value for name, value in raw.items()} | {
        ("keys", name): value for name, value in keys.items()
    } == wanted
    for comment in ("# Marisol's own", "# of my hands", "# the end"):
        assert comment in text
