"""A case on its patient's page: completed, with what stands in the way, and closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casemgr.services.cases import listed
from casemgr.services.patients import the_patient_id
from casemgr.tui.screens.menu import MenuScreen
from casemgr.tui.screens.pick import PickScreen
from tests.tui.patient_page import complaint, form, go, on_file, row

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]


@pytest.fixture
def ana(desk: Desk) -> str:
    """Ana Garcia, with all that a page may show."""
    return on_file(desk)


async def test_a_case_is_completed_where_it_lacks_something(opened: Open, ana: str) -> None:
    async with opened() as face:
        await go(face, ana)
        await face.press("c")
        assert isinstance(face.app.screen, MenuScreen)
        await face.press("e")
        assert face.app.focused is row(face, "plan").edited
        await face.press(*"rides", "ctrl+s")
        assert face.deeds()[-1] == ("edit", "case")
        (only,) = listed(face.desk, ana)
        assert only.case.plan == "rides"
        assert only.case.barriers == ("Z59.82", "mother works nights")
        assert "lacks plan" not in face.seen()


async def test_barriers_are_picked_or_written(opened: Open, desk: Desk) -> None:
    patient_id = the_patient_id(desk, "1032")
    async with opened() as face:
        await go(face, patient_id)
        await face.press("c")
        barriers = row(face, "barriers")
        barriers.enter()
        await face.press("f4")
        assert isinstance(face.app.screen, PickScreen)
        await face.press(*"homeless", "enter")
        first = barriers.text
        assert first.startswith("Z59.0")
        barriers.write(f"{first}; mother works nights")
        await face.press("ctrl+s")
        assert face.deeds()[-1] == ("open", "case")
        (opened_case,) = listed(desk, patient_id)
        assert opened_case.case.barriers == (first.split()[0], "mother works nights")
        assert f"⚑ {first}" in face.seen()


async def test_a_case_is_closed_with_a_reason(opened: Open, ana: str) -> None:
    async with opened() as face:
        await go(face, ana)
        await face.press("c", "c")
        assert "lacks: plan with its rationale" in face.text("#words")
        await face.press(*"done", "ctrl+s")
        assert face.deeds()[-1] == ("close", "case")
        (only,) = listed(face.desk, ana, include_closed=True)
        assert (only.case.closed_on, only.case.close_reason) == ("2026-10-21", "done")
        assert "none open" in face.seen()
        assert "⚑" not in face.seen()


@pytest.mark.parametrize(
    ("written", "field", "said"),
    [
        ({"opened_on": "12/1/2026"}, "opened_on", "in the future"),
        ({"opened_on": "soon"}, "opened_on", "is no date"),
        ({"treating_dentist_npi": "12"}, "treating_dentist_npi", "ten digits"),
    ],
)
async def test_what_a_case_cannot_say_is_told_beside_its_field(
    opened: Open, ana: str, written: dict[str, str], field: str, said: str
) -> None:
    async with opened() as face:
        await go(face, ana)
        await face.press("c", "e")
        form(face).fields.fill(written)
        await face.press("ctrl+s")
        assert said in complaint(face, field)
