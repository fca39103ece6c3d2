"""Codes: the list, its filter, the pages, where they lead, and files that cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casemgr.tui.messages import Go
from casemgr.tui.screens.codes import CodesScreen
from casemgr.tui.widgets.find import FindLine
from casemgr.tui.widgets.lookups import LeadList, LookupList, LookupScroll

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]


async def there(face: Face, at: str = "") -> CodesScreen:
    """Goes to the screen, and to something there."""
    face.app.screen.post_message(Go("codes", at))
    await face.settle()
    await face.settle()
    screen = face.app.screen
    assert isinstance(screen, CodesScreen)
    return screen


async def test_codes_kinds_and_payers_stand_in_one_list_with_a_page_beside(opened: Open) -> None:
    async with opened(120, 40) as face:
        await there(face)
        seen = face.seen()
        for part in (
            "Procedure codes",
            "D9992  Case management: care coord",
            "Kinds of activity",
            "Referral coordination",
            "Payers",
            "Sunrise Medicaid Dental",
            "D9993  Case management",
            "Use it when",
            "In force   since 1/1/2017",
        ):
            assert part in seen


async def test_typing_narrows_by_any_word_and_names_come_first(opened: Open) -> None:
    async with opened(120, 40) as face:
        screen = await there(face)
        await face.press("slash", *"interp")
        listing = screen.query_one(LookupList)
        shown = [key for key in listing.keys if not key.startswith("#")]
        assert shown[0] == "code D9990"
        assert "kind interpreter" in shown
        assert "code D0386" not in shown
        assert listing.border_title == f"{len(shown)} of 37"
        assert "Certified interpreting" in face.seen()

        await face.press("down", "down")
        assert listing.has_focus
        assert screen.query_one(FindLine).value == "interp"
        await face.press("slash", "escape")
        assert len(listing.keys) == 37 + 3
        assert listing.has_focus


async def test_the_cursor_steps_over_headings(opened: Open) -> None:
    async with opened() as face:
        screen = await there(face, "D9997")
        listing = screen.query_one(LookupList)
        await face.press("down")
        assert listing.key == "kind education"
        await face.press("up")
        assert listing.key == "code D9997"
        await face.press("home", "up")
        assert listing.key == "code D0386"
        assert "Procedure codes" in face.seen()


@pytest.mark.parametrize(
    ("at", "parts"),
    [
        ("D9993", ("D9993  Case management", "Not when")),
        ("9993", ("D9993  Case management",)),
        ("transport", ("Kind of activity", "Vendor", "text · needed · Who drives", "Ride confirmed")),
        ("sunrise-medicaid-dental", ("Payer", "D9993  $15.00", "Look again: these figures are made up")),
    ],
)
async def test_one_arrives_at_what_was_meant(opened: Open, at: str, parts: tuple[str, ...]) -> None:
    async with opened(120, 50) as face:
        await there(face, at)
        for part in parts:
            assert part in face.seen()


async def test_look_alikes_lead_to_each_other_and_back(opened: Open) -> None:
    async with opened(120, 40) as face:
        screen = await there(face, "D9993")
        await face.press("enter")
        assert screen.query_one(LookupScroll).has_focus
        await face.press("tab")
        leads = screen.query_one(LeadList)
        assert leads.has_focus
        assert leads.key == "code D9991"
        await face.press("enter")
        assert screen.query_one(LookupList).key == "code D9991"
        assert "D9991  Case management: barriers" in face.seen()
        assert "code D9993" in leads.keys
        assert "⌫ Back" in face.text("Foot")
        await face.press("backspace")
        assert screen.query_one(LookupList).key == "code D9993"
        assert "⌫ Back" not in face.text("Foot")


async def test_kinds_and_payers_lead_to_their_codes(opened: Open) -> None:
    async with opened(120, 40) as face:
        screen = await there(face, "referral")
        assert screen.query_one(LeadList).keys == ("code D9993", "code D9992")
        await there(face, "generic")
        assert screen.query_one(LeadList).keys == ("code D9993",)
        await there(face, "masshealth-filing")
        assert not screen.query_one(LeadList).display


async def test_the_page_is_scrolled_and_copied(opened: Open) -> None:
    async with opened() as face:
        await there(face, "D9993")
        assert "Sources" not in face.seen()
        await face.press("y")
        assert face.app.clipboard.startswith("D9993  Case management\n")
        assert "Usual denials, and what to do" in face.app.clipboard
        await face.press("enter", "end")
        # It is scrolled smoothly, and the toast lies over its end for a while.
        await face.until(lambda: "does not mean that a plan" in face.seen())


async def test_a_broken_file_is_told_and_takes_only_its_like_away(opened: Open, desk: Desk) -> None:
    folder = desk.places.config / "payers"
    folder.mkdir(parents=True)
    (folder / "ours.toml").write_text('name = "Ours [/]"\nfee = 3\n', "utf-8")
    async with opened(120, 40) as face:
        screen = await there(face)
        assert "ours.toml" in face.seen().replace("\n", "")
        listing = screen.query_one(LookupList)
        assert "code D9993" in listing.keys
        assert "payer generic" not in listing.keys


async def test_a_practices_own_text_is_shown_as_it_is(opened: Open, desk: Desk) -> None:
    folder = desk.places.config / "payers"
    folder.mkdir(parents=True)
    (folder / "ours.toml").write_text('name = "Ours [/b] [red]"\n[codes]\n[fees]\n', "utf-8")
    async with opened(120, 40) as face:
        await there(face, "ours")
        assert face.seen().count("Ours [/b] [red]") >= 2


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_everything_is_reachable_at_every_size(opened: Open, size: tuple[int, int]) -> None:
    async with opened(*size) as face:
        await there(face, "D9993")
        for part in ("D9993  Case management", "It leads to · 13", "look-alike", "/ Find"):
            assert part in face.seen()
