"""Settings: colours, keys, defaults, practice and staff; what is new; and a file that cannot be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import casemgr
from casemgr.core.commands import EditStaff
from casemgr.services.activities import log_activity
from casemgr.services.entries import wish_from_text
from casemgr.services.practices import current
from casemgr.services.preferences import preferences, settings_file
from casemgr.services.staff import edit_staff, listed
from casemgr.tui.messages import Go
from casemgr.tui.screens.form import FormScreen
from casemgr.tui.screens.news import NewsScreen
from casemgr.tui.screens.press import PressScreen
from casemgr.tui.screens.settings import SettingsScreen
from casemgr.tui.themes import DARK, LIGHT, theme_for
from casemgr.tui.widgets.key_list import KeyList
from casemgr.tui.widgets.settings import SectionList, SettingList, StaffList, ThemeList

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]


async def there(face: Face, at: str = "") -> SettingsScreen:
    """Goes to the settings, and into a part of them."""
    face.app.screen.post_message(Go("settings", at))
    await face.settle()
    await face.settle()
    screen = face.app.screen
    assert isinstance(screen, SettingsScreen)
    return screen


def write(desk: Desk, text: str) -> None:
    path = settings_file(desk.places)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


async def test_the_parts_are_walked_with_the_arrows(opened: Open) -> None:
    async with opened(120, 40) as face:
        screen = await there(face)
        assert screen.query_one(SectionList).has_focus
        for part, shows in (
            ("keys", "Undo your last action"),
            ("defaults", "Whose work the first screen begins with"),
            ("practice", "America/New_York"),
            ("staff", "Tam Chen"),
            ("access", "may unlock"),
            ("roles", "change what somebody else logged"),
            ("doctor", "no recovery key"),
            ("news", "unreleased"),
            ("about", "Backups"),
        ):
            await face.press("down")
            assert screen.switcher.current == part
            assert shows in face.seen()
        await face.press("enter")
        assert not screen.query_one(SectionList).has_focus
        await face.press("escape")
        assert screen.query_one(SectionList).has_focus


async def test_colours_are_seen_while_moving_and_kept_by_enter(opened: Open, desk: Desk) -> None:
    async with opened(120, 40) as face:
        screen = await there(face, "theme")
        assert screen.query_one(ThemeList).has_focus
        before = face.app.theme
        await face.press("down", "down")
        assert face.app.theme == LIGHT.name
        await face.press("escape")
        assert face.app.theme == before
        assert preferences(desk.places).values.theme == "auto"

        await face.press("enter", "down", "down", "enter")
        assert face.app.theme == LIGHT.name
        assert preferences(desk.places).values.theme == "light"
        assert "Colours: Light" in face.seen()
        await face.press("escape")
        assert face.app.theme == LIGHT.name


async def test_light_and_dark_are_remembered_for_the_next_start(opened: Open, desk: Desk) -> None:
    async with opened() as face:
        await face.press("f2")
        wanted = "light" if theme_for("auto") == DARK.name else "dark"
        assert face.app.theme == theme_for(wanted)
    async with opened() as face:
        assert face.app.theme == theme_for(wanted)


def test_auto_is_light_only_where_the_terminal_says_so() -> None:
    for said, theme in (("", DARK), ("15;0", DARK), ("0;15", LIGHT), ("0;default;7", LIGHT), ("x", DARK)):
        assert theme_for("auto", {"COLORFGBG": said}) == theme.name


async def test_a_key_is_changed_by_pressing_it_and_counts_at_once(opened: Open, desk: Desk) -> None:
    log_activity(desk, wish_from_text(desk, "20m referral 1030: x => booked"))
    async with opened(120, 40) as face:
        screen = await there(face, "keys")
        await face.press("slash", *"undo your", "enter", "enter")
        assert isinstance(face.app.screen, PressScreen)

        await face.press("n")
        assert "n is taken: Write a new activity (Every screen)." in face.seen()
        await face.press("f2")
        assert "f2 is taken: Turn light or dark" in face.seen()
        assert face.app.theme == theme_for("auto")
        await face.press("ctrl+h")
        assert "terminals send it as backspace" in face.seen()
        await face.press("B")

        assert not isinstance(face.app.screen, PressScreen)
        assert preferences(desk.places).values.keys == {"page.undo": "B"}
        row = screen.query_one(KeyList).marked
        assert row is not None
        assert (row.keys, row.changed) == ("B", True)
        assert "B Undo" in face.text("Foot")
        await face.press("z")
        assert len(face.logged()) == 1
        await face.press("B")
        assert not face.logged()


async def test_a_second_key_is_added_and_ours_come_back(opened: Open, desk: Desk) -> None:
    async with opened(120, 40) as face:
        screen = await there(face, "keys")
        await face.press("slash", *"undo your", "enter", "a", "B")
        assert preferences(desk.places).values.keys == {"page.undo": "z,B"}
        assert "1 changed" in str(screen.query_one(KeyList).border_title)
        await face.press("delete")
        assert preferences(desk.places).values.keys == {}
        assert face.app.changed_keys == {}


async def test_leaving_the_question_changes_nothing(opened: Open, desk: Desk) -> None:
    async with opened() as face:
        await there(face, "keys")
        await face.press("enter", "escape")
        assert not settings_file(desk.places).exists()


async def test_keys_of_the_file_count_from_the_start(opened: Open, desk: Desk) -> None:
    write(desk, '[keys]\n"page.undo" = "B"\n')
    log_activity(desk, wish_from_text(desk, "20m referral 1030: x => booked"))
    async with opened() as face:
        await face.press("escape", "B")
        assert not face.logged()


async def test_keys_that_cannot_be_used_are_told_calmly_and_ours_count(opened: Open, desk: Desk) -> None:
    write(desk, '[keys]\n"page.udno" = "u"\n"page.new" = "z"\n"today.whose" = "W"\n')
    async with opened(120, 40) as face:
        seen = face.seen()
        assert "Some keys cannot be used" in seen
        assert "did you mean page.undo?" in seen
        assert "z is taken" in seen
        assert face.app.changed_keys == {"today.whose": "W"}


async def test_a_file_that_cannot_be_read_keeps_nobody_from_starting(opened: Open, desk: Desk) -> None:
    write(desk, "theme = \n")
    async with opened(120, 40) as face:
        assert "The settings cannot be read" in face.seen()
        await there(face)
        assert "The settings cannot be read" in face.text("#settings_trouble")


async def test_a_default_is_chosen_written_and_given_back(opened: Open, desk: Desk) -> None:
    async with opened(120, 40) as face:
        screen = await there(face, "defaults")
        listing = screen.query_one(SettingList)
        await face.press("enter", "down", "enter")
        assert preferences(desk.places).values.whose == "everybody"
        assert listing.key == "whose"

        listing.mark("forgotten_timer_minutes")
        await face.press("enter", "backspace", "backspace", *"900", "enter")
        assert "720" in face.seen()
        await face.press("enter", "backspace", "backspace", *"45", "enter")
        assert preferences(desk.places).values.forgotten_timer_minutes == 45

        await face.press("delete")
        assert preferences(desk.places).values.forgotten_timer_minutes == 60


async def test_the_first_screen_shows_whose_work_is_wanted(opened: Open, desk: Desk) -> None:
    write(desk, 'whose = "everybody"\n')
    async with opened(120, 40) as face:
        assert "everybody" in face.seen()


async def test_the_practice_is_changed_in_a_form(opened: Open, desk: Desk) -> None:
    async with opened(120, 40) as face:
        await there(face, "practice")
        await face.press("e")
        form = face.app.screen
        assert isinstance(form, FormScreen)
        await face.press(*"12 River St")
        row = form.row("npi")
        assert row is not None
        row.write("12")
        await face.press("ctrl+s")
        assert "“12” is no NPI" in face.seen()
        row.write("1234567893")
        await face.press("ctrl+s")

        assert (current(desk).address, current(desk).npi) == ("12 River St", "1234567893")
        assert face.deeds()[-1] == ("edit", "practice")
        assert "12 River St" in face.seen()


async def test_somebody_is_added_edited_and_leaves(opened: Open, desk: Desk) -> None:
    async with opened(120, 40) as face:
        screen = await there(face, "staff")
        await face.press("a")
        await face.press(*"tlee", "tab", *"Terry Lee", "ctrl+s")
        assert face.deeds()[-1] == ("add", "staff")
        assert "Terry Lee" in face.seen()

        staff = screen.query_one(StaffList)
        staff.mark("tlee")
        await face.press("e")
        form = face.app.screen
        assert isinstance(form, FormScreen)
        row = form.row("active_to")
        assert row is not None
        row.write("yesterday")
        await face.press("ctrl+s")
        assert next(one.active_to for one in listed(desk, True) if one.id == "tlee") == "2026-10-20"
        assert "left 10/20/2026" in face.seen()
        assert "1 left" in str(staff.border_title)


async def test_a_refusal_stands_beside_its_field(opened: Open, desk: Desk) -> None:
    async with opened(120, 40) as face:
        await there(face, "staff")
        await face.press("a", *"tchen", "tab", *"Somebody", "ctrl+s")
        assert "The login tchen is Tam Chen's" in face.seen()
        await face.press("escape")
        assert face.deeds()[-1] != ("add", "staff") or len(listed(desk)) == 2


@pytest.mark.usefixtures("noticed_soon")
async def test_what_another_program_changes_appears(opened: Open, desk: Desk) -> None:
    async with opened(120, 40) as face:
        await there(face, "staff")
        edit_staff(desk, EditStaff("tchen", {"name": "Tam Chen-Diaz [/]"}))
        await face.until(lambda: "Tam Chen-Diaz [/]" in face.seen())


async def test_what_is_new_is_told_once_after_an_update(opened: Open, desk: Desk) -> None:
    async with opened(120, 40) as face:
        assert "updated" not in face.text("Foot")
    (desk.places.data / "seen-version").write_text("0.0.9\n", "utf-8")
    async with opened(120, 40) as face:
        assert "updated from 0.0.9" in face.text("Foot")
        await face.press("ctrl+p")
        await face.pilot.press(*"new in this")
        await face.pilot.pause(0.5)
        await face.pilot.press("enter")
        await face.settle()
        assert isinstance(face.app.screen, NewsScreen)
        assert casemgr.__version__ in face.seen()
        await face.press("escape")
    async with opened(120, 40) as face:
        assert "updated" not in face.text("Foot")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_every_part_is_reachable_at_every_size(opened: Open, size: tuple[int, int]) -> None:
    async with opened(*size) as face:
        for part, shows in (
            ("theme", "As the terminal is"),
            ("keys", "What it does"),
            ("defaults", "Whose work"),
            ("practice", "Time zone"),
            ("staff", "Marisol Rivera"),
            ("about", "casemgr"),
        ):
            await there(face, part)
            assert shows in face.seen()
            assert "esc Parts" in face.text("Foot")
