"""The first start's passphrase and recovery words: weak ones refused, typed twice, written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casemgr.services.key_slots import recover
from casemgr.tui.screens.recovery import RecoveryScreen
from casemgr.tui.widgets.new_passphrase import NewPassphrase
from tests.tui.conftest import MOST_LOOKS
from tests.tui.guide import Guide, guided

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.settings import Settings
    from tests.tui.guide import Guided

__all__ = ["guided"]


async def to_passphrase(guide: Guide) -> NewPassphrase:
    """Goes through the fields to the passphrase."""
    await guide.press("1")
    guide.write(name="Riverside", owner_name="Marisol Rivera", login="mrivera", time_zone="America/New_York")
    await guide.press("f9")
    return guide.app.screen.query_one(NewPassphrase)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("short", "at least 15 characters; this has 5"),
        ("passwordpassword", "common or soon guessed"),
        ("Marisol Rivera mrivera", "common or soon guessed"),
        ("an otter paints the tram at dawn", "Hard to guess"),
    ],
)
async def test_what_is_weak_is_said_while_it_is_typed(
    guided: Guided, home: Path, typed: str, said: str
) -> None:
    async with guided() as guide:
        choosing = await to_passphrase(guide)
        choosing.first.value = typed
        for _ in range(MOST_LOOKS):
            if said in guide.text("#strength"):
                break
            await guide.pilot.pause(0.05)
        assert said in guide.text("#strength")
        assert typed not in guide.seen(), "it is hidden"
        if "guess ✓" not in said:
            choosing.again.value = typed
            await guide.press("f9")
        assert not home.exists() or "Hard" in said


async def test_it_has_to_be_typed_twice_the_same(guided: Guided, home: Path) -> None:
    async with guided() as guide:
        choosing = await to_passphrase(guide)
        choosing.first.value = "an otter paints the tram at dawn"
        choosing.again.value = "an otter paints the tram at dusk"
        await guide.press("f9")
        assert "not the same" in guide.text("#sameness")
        assert guide.app.focused is choosing.again
        assert not home.exists()
        await guide.press("escape")
        assert guide.value("name") == "Riverside"


async def test_suggested_words_are_shown_once_they_are_taken(guided: Guided) -> None:
    async with guided() as guide:
        choosing = await to_passphrase(guide)
        before = guide.text("#suggestion")
        await guide.press("f6")
        assert guide.text("#suggestion") != before
        await guide.press("f5")
        words = choosing.first.value
        assert len(words.split()) == 5
        assert choosing.again.value == words
        assert guide.seen().count(words) == 3


async def test_the_recovery_words_are_asked_for_once_they_are_on_paper(
    guided: Guided, settings: Settings
) -> None:
    async with guided() as guide:
        await to_passphrase(guide)
        await guide.press("f5", "enter")
        screen = guide.app.screen
        assert isinstance(screen, RecoveryScreen)
        for number, word in enumerate(screen.words, start=1):
            assert f"{number:>2}. {word}" in guide.seen()
        await guide.press("enter")
        assert not any(f"{number:>2}. {word}" in guide.seen() for number, word in enumerate(screen.words, 1))
        await guide.press(*"zzz", "enter")
        assert "is another" in guide.text("#complaint")
        await guide.press("escape")
        assert screen.words[0] in guide.seen()
        # A button that was pressed just now stays pressed for a moment.
        await guide.pilot.pause(0.25)
        await guide.write_down()
    recover(settings, screen.words, "quite another passphrase of hers").close()
