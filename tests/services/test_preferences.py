"""Settings through the services: quick without a file, calm with a broken one, careful when writing."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

from casemgr.core.preferences import Preferences
from casemgr.errors import ContentBroken, InputRefused, NotFound, NotWritten
from casemgr.services.preferences import (
    editor_command,
    preferences,
    save_preference,
    settings_file,
    settings_shown,
    unset_preference,
)
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from casemgr.settings import Places, Settings

OWN_KIND = """
kind = "insurance_help"
title = "Insurance help"
aliases = ["eligibility"]
code = "D9993"
nomenclature = "D9991"
sentence = "helping with insurance"
[[outcome]]
id = "other"
label = "Other"
"""


@pytest.fixture
def places(settings: Settings) -> Places:
    """Where no practice is yet."""
    return settings.places


def written(places: Places, text: str) -> Path:
    """A settings file that somebody wrote."""
    path = settings_file(places)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


# Reading


def test_without_a_file_the_defaults_count_and_nothing_is_parsed_or_built(places: Places) -> None:
    code = (
        "import sys; from casemgr.services.preferences import preferences\n"
        "from casemgr.settings import read_settings\n"
        "found = preferences(read_settings().places)\n"
        "assert found.trouble is None and found.values.forgotten_timer_minutes == 60\n"
        "print({'tomllib', 'tomlkit', 'casemgr.core.preferences_file'} & set(sys.modules))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "CASEMGR_HOME": str(places.config.parent), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "set()\n"
    assert preferences(places).values == Preferences()
    assert not places.config.exists()


def test_what_the_file_says_counts(places: Places) -> None:
    written(places, '\ufefftheme = "light"\n[keys]\ntoday.whose = "w,f6"\n')
    found = preferences(places)
    assert found.trouble is None
    assert found.values == Preferences(theme="light", keys={"today.whose": "w,f6"})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('theme = "light"\nmouse = \n', "line 2"),
        ("theme = [[[", "end of document"),
        ("x = " + "[" * 5000, "settings.toml"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line_and_the_defaults_count(
    places: Places, text: str, told: str
) -> None:
    path = written(places, text)
    found = preferences(places)
    assert found.values == Preferences()
    assert found.trouble is not None
    assert str(path) in found.trouble.detail
    assert told in found.trouble.detail
    assert "the defaults count" in found.trouble.detail
    assert str(path) in found.trouble.todo


def test_one_mistake_is_told_and_the_rest_counts(places: Places) -> None:
    written(places, 'theme = "light"\nwhoose = "mine"\n[keys]\nZz = "u"\n"today.undo" = "u"\n')
    found = preferences(places)
    assert found.values == Preferences(theme="light", keys={"today.undo": "u"})
    assert found.trouble is not None
    assert 'unknown key "whoose"; did you mean "whose"?' in found.trouble.detail
    assert "Zz of keys" in found.trouble.detail
    assert "settings unset" in found.trouble.todo


def test_what_is_no_readable_file_is_told_too(places: Places) -> None:
    path = settings_file(places)
    path.mkdir(parents=True)
    assert preferences(places).trouble is not None
    path.rmdir()
    path.write_bytes(b'theme = "\xff"')
    trouble = preferences(places).trouble
    assert trouble is not None
    assert "UTF-8" in trouble.detail
    assert preferences(places).values == Preferences()


# Writing


def test_a_setting_is_kept_and_taken_out_again(places: Places) -> None:
    assert save_preference(places, "theme", "Light").theme == "light"
    assert save_preference(places, "mouse", False).mouse is False
    assert save_preference(places, "forgotten_timer_minutes", "90").forgotten_timer_minutes == 90
    assert save_preference(places, "keys.today.whose", "w , f6").keys == {"today.whose": "w,f6"}
    assert tomllib.loads(settings_file(places).read_text()) == {
        "theme": "light",
        "mouse": False,
        "forgotten_timer_minutes": 90,
        "keys": {"today.whose": "w,f6"},
    }

    assert unset_preference(places, "theme").theme == "auto"
    assert unset_preference(places, "theme").theme == "auto"
    assert unset_preference(places, "keys.today.whose").keys == {}
    assert preferences(places).values == Preferences(mouse=False, forgotten_timer_minutes=90)


def test_the_rest_of_the_file_stays_to_the_byte(places: Places) -> None:
    path = written(places, "")
    path.write_bytes(b'# mine\r\ntheme = "dark" # calm\r\n\r\n[keys]\r\napp.help = "f1"\r\n')
    save_preference(places, "theme", "light")
    assert path.read_bytes() == b'# mine\r\ntheme = "light" # calm\r\n\r\n[keys]\r\napp.help = "f1"\r\n'


def test_a_kind_is_kept_by_its_id_the_practices_own_too(places: Places) -> None:
    own = places.config / "activities" / "insurance_help.toml"
    own.parent.mkdir(parents=True)
    own.write_text(OWN_KIND)
    assert save_preference(places, "default_kind", "nemt ride").default_kind == "transport"
    assert save_preference(places, "default_kind", "eligibility").default_kind == "insurance_help"
    assert save_preference(places, "default_kind", "").default_kind == ""
    with pytest.raises(NotFound) as told:
        save_preference(places, "default_kind", "transprot")
    assert "transport" in told.value.candidates


@pytest.mark.parametrize(
    ("name", "value", "error", "told"),
    [
        ("thme", "light", NotFound, "no setting “thme”"),
        ("keys", "u", NotFound, "no setting “keys”"),
        ("keys.", "u", NotFound, "no setting “keys.”"),
        ("theme.dark", "u", NotFound, "no setting “theme.dark”"),
        ("theme", "purple", InputRefused, "theme: "),
        ("mouse", "perhaps", InputRefused, "mouse: "),
        ("forgotten_timer_minutes", 1000, InputRefused, "720"),
        ("default_method", "pigeon", InputRefused, "no contact method"),
        ("keys.undo", "u", InputRefused, "today.undo"),
        ("keys.today.undo", "", InputRefused, "keys are written"),
    ],
)
def test_what_cannot_be_set_changes_nothing(
    places: Places, name: str, value: str | int, error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        save_preference(places, name, value)
    assert not settings_file(places).exists()


def test_a_mistake_in_the_file_is_mended_by_setting_or_unsetting_it(places: Places) -> None:
    written(places, 'theme = "purple"\nwhoose = "mine"\nkeys = 3\n')
    assert save_preference(places, "theme", "light").theme == "light"
    unset_preference(places, "whoose")
    unset_preference(places, "keys")
    assert preferences(places).trouble is None
    with pytest.raises(NotFound):
        unset_preference(places, "whoose")


def test_a_file_that_is_no_toml_is_never_written_over(places: Places) -> None:
    path = written(places, 'theme = "light"\nmouse = \n')
    before = path.read_bytes()
    changes: tuple[Callable[[], Preferences], ...] = (
        lambda: save_preference(places, "theme", "dark"),
        lambda: unset_preference(places, "theme"),
    )
    for change in changes:
        with pytest.raises(ContentBroken) as told:
            change()
        assert told.value.title == "The settings cannot be read"
    assert path.read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="links and modes are POSIX's")
def test_a_link_stays_a_link_and_only_the_owner_can_read_the_file(places: Places, tmp_path: Path) -> None:
    places.config.mkdir(parents=True)
    kept = tmp_path / "dotfiles" / "casemgr.toml"
    kept.parent.mkdir()
    kept.write_text('theme = "dark"\n')
    settings_file(places).symlink_to(kept)
    save_preference(places, "theme", "light")
    assert settings_file(places).is_symlink()
    assert kept.read_text() == 'theme = "light"\n'
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert list(kept.parent.iterdir()) == [kept]


def test_where_nothing_can_be_written_it_is_told_and_the_file_stays(places: Places) -> None:
    path = written(places, 'theme = "dark"\n')
    path.chmod(0o400)
    with pytest.raises(NotWritten, match="read-only"):
        save_preference(places, "theme", "light")
    assert path.read_text() == 'theme = "dark"\n'
    assert list(path.parent.iterdir()) == [path]


# Shown


def test_each_setting_is_shown_with_where_it_comes_from(places: Places) -> None:
    written(places, 'theme = "light"\nmouse = "perhaps"\n[keys]\napp.help = "f1"\n')
    shown = {each.name: each for each in settings_shown(places, {"EDITOR": "vim"})}
    assert list(shown) == [*(name for name in Preferences._fields if name != "keys"), "keys.app.help"]
    assert (shown["theme"].value, shown["theme"].source) == ("light", "settings.toml")
    assert (shown["mouse"].value, shown["mouse"].source) == (True, "default")
    assert (shown["editor"].value, shown["editor"].source) == ("vim", "EDITOR")
    assert shown["theme"].choices == ("auto", "dark", "light")
    assert shown["mouse"].choices == ("yes", "no")
    assert "transport" in shown["default_kind"].choices
    assert "phone" in shown["default_method"].choices
    assert shown["editor"].choices == shown["keys.app.help"].choices == ()
    assert all(each.about for each in shown.values())


def test_every_choice_that_is_shown_can_be_set(places: Places) -> None:
    for each in settings_shown(places, {}):
        for choice in each.choices:
            save_preference(places, each.name, choice)
    assert preferences(places).trouble is None


@pytest.mark.parametrize(
    ("own", "environ", "meant"),
    [
        ("code --wait", {"VISUAL": "vim"}, ("code", "--wait")),
        ("", {"VISUAL": '"my editor" -w', "EDITOR": "ed"}, ("my editor", "-w")),
        ("", {"VISUAL": "", "EDITOR": "ed"}, ("ed",)),
        ("", {"VISUAL": 'vim "', "EDITOR": "ed"}, ("ed",)),
    ],
)
def test_the_editor_is_whoever_names_it_first(
    own: str, environ: dict[str, str], meant: tuple[str, ...]
) -> None:
    assert editor_command(Preferences(editor=own), environ) == meant


def test_without_any_word_the_editor_is_one_that_is_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert editor_command(Preferences(), {}) == ()
    (tmp_path / "vi").write_text("#!/bin/sh\n")
    (tmp_path / "vi").chmod(0o755)
    if os.name == "posix":
        assert editor_command(Preferences(), {}) == ("vi",)
