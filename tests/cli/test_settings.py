"""`casemgr settings` as processes: shown, set, unset, with or without a practice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.support import read_json

if TYPE_CHECKING:
    from tests.support import Cli


def values(cli: Cli) -> dict[str, object]:
    """Every setting's value, by its name."""
    return {each["name"]: each["value"] for each in read_json(cli, "settings")}


def test_the_defaults_are_shown_without_a_practice(run_cli: Cli) -> None:
    shown = run_cli("settings").stdout
    assert "forgotten_timer_minutes" in shown
    assert "default" in shown
    assert values(run_cli)["mouse"] is True
    assert not run_cli.home.exists()


def test_a_setting_is_set_shown_and_unset(run_cli: Cli) -> None:
    assert run_cli("settings", "set", "theme", "light").stdout == ""
    run_cli("settings", "set", "keys.today.whose", "w,f6")
    run_cli("settings", "set", "default_kind", "ride")
    assert values(run_cli)["theme"] == "light"
    assert values(run_cli)["keys.today.whose"] == "w,f6"
    assert values(run_cli)["default_kind"] == "transport"
    line = next(each for each in run_cli("settings").stdout.splitlines() if each.startswith("theme"))
    assert line.split()[:3] == ["theme", "light", "settings.toml"]

    run_cli("settings", "unset", "theme")
    run_cli("settings", "unset", "keys.today.whose")
    assert values(run_cli)["theme"] == "auto"
    assert "keys.today.whose" not in values(run_cli)


def test_the_path_is_said_before_there_is_a_file(run_cli: Cli) -> None:
    assert run_cli("settings", "path").stdout == f"{run_cli.home / 'config' / 'settings.toml'}\n"


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("set", "theme", "purple"), 3, "'auto', 'dark' or 'light'"),
        (("set", "thme", "light"), 4, "theme"),
        (("unset", "thme"), 4, "theme"),
        (("set", "default_kind", "transprot"), 4, "transport"),
        (("set", "theme"), 2, "VALUE"),
        (("st",), 2, "st"),
    ],
)
def test_what_cannot_be_done_is_told(run_cli: Cli, args: tuple[str, ...], code: int, said: str) -> None:
    assert said in run_cli("settings", *args, code=code).stderr


def test_a_broken_file_is_told_calmly_and_keeps_no_command_from_its_work(practice: Cli) -> None:
    file = practice.home / "config" / "settings.toml"
    file.write_text('theme = "purple"\nmouse = false\n')
    done = practice("settings", "--json")
    assert "theme: " in done.stderr
    assert str(file) in done.stderr
    assert values(practice)["mouse"] is False
    practice("log", "5m referral 1030: asked for the chart => booked")

    file.write_text("theme = \n")
    assert "line 1" in practice("settings").stderr
    assert "line 1" in practice("settings", "set", "theme", "dark", code=9).stderr
    practice("log", "5m referral 1030: asked for the chart => booked")
    assert file.read_text() == "theme = \n"
