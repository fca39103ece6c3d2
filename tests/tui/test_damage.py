"""A damaged data file: said calmly at the start, read as far as it can be, and never written to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.services.damage import Damage, note_damage
from tests.services.support import log

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]


async def test_what_another_program_found_is_seen_at_once(
    opened: Open, desk: Desk, ana: str, noticed_soon: None
) -> None:
    async with opened(120, 40) as face:
        assert "damaged" not in face.seen()
        note_damage(desk.places, Damage(1, ("file: page 7 does not hold",)))
        await face.until(lambda: "damaged: only read" in face.seen())
        desk.places.damaged.unlink()
        await face.until(lambda: "damaged" not in face.seen())


async def test_it_is_said_at_the_start_and_nothing_is_written(opened: Open, desk: Desk, ana: str) -> None:
    log(desk, "20m referral 1030 10/20: panoramic => booked")
    note_damage(desk.places, Damage(1, ("file: page 7 does not hold",)))
    async with opened(120, 40) as face:
        await face.settle()
        before = face.deeds()
        seen = face.seen()
        assert "damaged: only read" in seen.splitlines()[0]
        assert "The data file is damaged, and is only read from now on" in seen
        assert "file: page 7 does not hold" in seen
        assert "There is no backup that holds." in seen
        await face.type("20m referral 1030: panoramic => booked")
        await face.press("enter")
        assert "Nothing of this was saved." in face.seen()
        assert face.deeds() == before
