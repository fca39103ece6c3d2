"""The terminal UI begins the day's backup, and says once why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.services.daily import SWITCH, Note, read_note, write_note
from casemgr.services.preferences import save_preference

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    import pytest

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]


async def test_it_is_begun_once_the_first_screen_is_there(
    opened: Open, desk: Desk, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SWITCH)
    # The process alone is kept from being started.
    save_preference(desk.places, "daily_backup", "no")
    words = "The daily backup of 10/21/2026 could not be made. There is no space left [/"
    write_note(desk.places, Note(clock.now(), words=words))
    clock.move(days=1)
    async with opened(120, 40) as face:
        assert "could not be made" in face.seen()
        assert "no space left [/" in face.seen()
        assert read_note(desk.places) == Note(clock.now(), told=True, words=words)
    async with opened(120, 40) as face:
        assert "could not be made" not in face.seen()
