"""Who may do what, in the terminal UI: shown, given in a form, and refused calmly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.commands import EditStaff
from casemgr.core.roles import PERMISSIONS
from casemgr.services.practices import edit_practice
from casemgr.services.staff import edit_staff
from casemgr.tui.messages import Go
from casemgr.tui.widgets.entry import EntryLine
from casemgr.tui.widgets.roles import RoleTable
from casemgr.tui.widgets.settings import StaffList
from tests.services.support import RIDE

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]


async def test_what_somebody_may_not_is_refused_and_what_was_typed_stays(opened: Open, desk: Desk) -> None:
    edit_practice(desk, {"owner": "tchen"})
    desk.seat("tchen")
    edit_staff(desk, EditStaff("mrivera", {"access": "biller"}))
    async with opened(120, 40) as face:
        await face.type(RIDE)
        await face.press("enter")
        assert "Only a case manager, a supervisor or the owner may log" in face.seen()
        assert face.app.screen.query_one(EntryLine).value == RIDE
        assert face.deeds()[-1] == ("refuse", "access")
        assert not face.logged()


async def test_a_role_is_given_in_the_form_and_the_table_shows_who_has_it(opened: Open, desk: Desk) -> None:
    async with opened(120, 40) as face:
        face.app.screen.post_message(Go("settings", "staff"))
        await face.settle()
        await face.settle()
        face.app.screen.query_one(StaffList).mark("tchen")
        await face.press("e")
        face.write({"access": "biller"})
        await face.press("ctrl+s")
        assert desk.member("tchen").access == "biller"
        assert face.deeds()[-1] == ("access", "staff")

        face.app.screen.post_message(Go("settings", "roles"))
        await face.settle()
        table = face.app.screen.query_one(RoleTable)
        for width in (56, 120):
            text = "\n".join(line.plain for line in table.lines(width))
            assert all(one.name in text for one in PERMISSIONS)
            assert max(map(len, text.splitlines())) <= width
        assert "Biller          Tam Chen" in face.seen()
