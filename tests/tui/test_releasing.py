"""Before a file is written: for whom it is encrypted, and the question that is asked once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyrage
import pytest

from casemgr.core.commands import AddStaff
from casemgr.services.claims import draft_claims
from casemgr.services.recipients import add_recipient
from casemgr.services.staff import add_staff
from casemgr.tui.messages import Go
from tests.services.support import OCTOBER, cover, log

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]


@pytest.fixture
def number(desk: Desk, ana: str) -> str:
    """A claim of October."""
    cover(desk, ana)
    log(desk, "20m referral 1030 10/5: OS => consult booked")
    return draft_claims(desk, OCTOBER).claims[0].number


async def go(face: Face, place: str, at: str = "") -> None:
    face.app.screen.post_message(Go(place, at))
    await face.settle()


async def sit_down_anew(face: Face) -> None:
    """Somebody works here who has not said yet that files may leave in the clear."""
    add_staff(face.desk, AddStaff("bokafor", "Bisi Okafor", access="supervisor"))
    await face.app.lane.look_up(lambda desk: desk.seat("bokafor"))


def written(face: Face) -> list[str]:
    exports = face.app.seat.exports
    return sorted(path.name for path in exports.iterdir()) if exports.exists() else []


async def test_the_first_file_in_the_clear_asks_once(opened: Open, number: str) -> None:
    async with opened(100, 30) as face:
        await sit_down_anew(face)
        await go(face, "claims", number)

        for leave in ("n", "escape"):
            await face.press("P")
            assert "Anyone who gets this file can read it" in face.seen()
            await face.press(leave)
            assert (written(face), "Anyone who gets" in face.seen()) == ([], False)
        assert ("clear", "access") not in face.deeds()[-2:]

        await face.press("P", "y")
        assert len(written(face)) == 1
        assert face.deeds()[-2:] == [("clear", "access"), ("print", "disclosure")]

        await face.press("K")
        assert len(written(face)) == 2
        await go(face, "month")
        await face.press("E")
        assert len(written(face)) == 3
        assert face.deeds()[-2:] == [("print", "disclosure"), ("export", "disclosure")]


async def test_with_an_address_book_it_asks_for_whom(opened: Open, desk: Desk, number: str) -> None:
    identity = pyrage.x25519.Identity.generate()
    add_recipient(desk.places, "harbor-audit", str(identity.to_public()), "read out by telephone")
    async with opened(100, 30) as face:
        await go(face, "month")
        await face.press("E")
        for part in ("Encrypt it for whom?", "In the clear", "harbor-audit", "read out by telephone"):
            assert part in face.seen()
        await face.press("down", "enter")

        (sealed,) = face.app.seat.exports.iterdir()
        assert sealed.name.endswith(".xlsx.age")
        assert pyrage.decrypt(sealed.read_bytes(), [identity]).startswith(b"PK")

        await face.press("E", *"clear", "enter")
        assert sealed.name.removesuffix(".age") in written(face)
        await go(face, "claims")
        await face.press("P", "escape")
        assert len(written(face)) == 2


async def test_closing_a_month_asks_after_the_reason(opened: Open, number: str) -> None:
    async with opened(100, 30) as face:
        await sit_down_anew(face)
        await go(face, "month")
        await face.press("l")
        await face.press(*"early", "enter")
        assert "Anyone who gets this file can read it" in face.seen()
        await face.press("n")
        assert ("close", "month") not in face.deeds()
        await face.press("l")
        await face.press(*"early", "enter", "y")
        assert ("close", "month") in face.deeds()
        assert len(written(face)) == 1
