"""Settings, Access: who has a passphrase; changing one's own, inviting, taking away, recovery words."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from casemgr.services.desk import open_desk
from casemgr.services.key_slots import standing
from casemgr.services.unlocking import unlock
from casemgr.tui.messages import Go
from casemgr.tui.screens.choose_secret import ChooseSecretScreen
from casemgr.tui.screens.recovery import RecoveryScreen
from casemgr.tui.widgets.access import AccessList
from casemgr.tui.widgets.passphrase import PassphraseInput
from tests.support import PASSPHRASE

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.services.desk import Desk
    from casemgr.settings import Settings
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]

pytestmark = pytest.mark.usefixtures("own_session")

NEW = "an otter paints the tram at dawn"


async def there(face: Face, login: str = "mrivera") -> AccessList:
    """Goes to Access, and to somebody there."""
    face.app.screen.post_message(Go("settings", "access"))
    await face.until(lambda: isinstance(face.app.focused, AccessList) and face.app.focused.keys)
    listing = face.app.screen.query_one(AccessList)
    listing.mark(login)
    await face.settle()
    return listing


def write(face: Face, **lines: str) -> None:
    """Types into the lines that are open, by their ids."""
    for id, text in lines.items():
        face.app.screen.query_one(f"#{id}", PassphraseInput).value = text


async def test_it_says_who_has_a_passphrase(opened: Open) -> None:
    async with opened(120, 40) as face:
        listing = await there(face)
        assert listing.border_title == "1 may unlock · no recovery words yet: R makes them"
        rows = {
            line.split()[0]: line for line in face.seen().splitlines() if "mrivera" in line or "tchen" in line
        }
        assert any("yours" in line for line in rows.values())
        assert any("none" in line and "supervisor" in line for line in rows.values())


async def test_ones_own_is_changed_with_the_old_one(opened: Open, desk: Desk) -> None:
    async with opened(100, 36) as face:
        await there(face)
        await face.press("e")
        assert isinstance(face.app.screen, ChooseSecretScreen)
        write(face, old="not the one I have", first=NEW, again=NEW)
        await face.press("f9")
        await face.until(lambda: "do not open" in face.text(".complaint"))
        assert NEW not in face.seen()
        write(face, old=PASSPHRASE)
        await face.press("f9")
        await face.until(lambda: not isinstance(face.app.screen, ChooseSecretScreen))
        assert "your passphrase" in face.seen()
    assert unlock(desk.places, "mrivera", NEW).key == desk.store.key


async def test_somebody_is_invited_and_taken_away_again(opened: Open, desk: Desk, settings: Settings) -> None:
    before = desk.store.key
    async with opened(100, 36) as face:
        listing = await there(face, "tchen")
        await face.press("a")
        await face.until(lambda: isinstance(face.app.screen, ChooseSecretScreen))
        assert "Tam Chen" in face.seen()
        await face.press("f5", "enter")
        await face.until(lambda: "2 may unlock" in str(listing.border_title))
        assert "tchen" in standing(desk.places, desk.store.key).logins

        listing.mark("tchen")
        await face.press("x", "x")
        await face.until(lambda: "1 may unlock" in str(listing.border_title))
    with closing(open_desk(settings)) as again:
        assert again.store.key != before
        deeds = list(again.store.rows("SELECT action, entity FROM ledger ORDER BY rowid"))
        assert deeds[-2:] == [("leave", "access"), ("rekey", "access")]


async def test_new_recovery_words_are_shown_once(opened: Open, desk: Desk) -> None:
    async with opened(100, 36) as face:
        listing = await there(face)
        await face.press("R", "m")
        await face.until(lambda: isinstance(face.app.screen, RecoveryScreen))
        await face.until(lambda: standing(desk.places, desk.store.key).recovery)
        face.app.screen.dismiss(True)
        await face.until(lambda: "recovery words made" in str(listing.border_title))
