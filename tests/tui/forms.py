"""Filling in forms as people do, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.widgets import Static

from casemgr.tui.screens.activity import ActivityScreen
from casemgr.tui.screens.form import FormScreen
from casemgr.tui.widgets.inputs import FieldArea, FieldInput

if TYPE_CHECKING:
    from casemgr.tui.widgets.fields import FieldRow
    from tests.tui.conftest import Face


async def open_form(face: Face, settle: bool = True, **about: Any) -> None:
    """Open the activity form over whatever is there."""
    face.app.push_screen(ActivityScreen(face.app.seat, **about), getattr(face.app.screen, "_came_back", None))
    await face.pilot.pause()
    while settle and isinstance(face.app.screen, ActivityScreen) and face.app.screen.sheet is None:
        await face.settle()
    if settle:
        await face.settle()


def form(face: Face) -> FormScreen:
    """The form that is open."""
    assert isinstance(face.app.screen, FormScreen)
    return face.app.screen


def field(face: Face, name: str) -> FieldRow:
    """A field of it."""
    row = form(face).row(name)
    assert row is not None, name
    return row


def edited(face: Face, name: str) -> FieldInput | FieldArea:
    """Where a field is written."""
    there = field(face, name).edited
    assert there is not None
    return there


def labels(face: Face) -> dict[str, str]:
    """Labels by name of all fields that can be written."""
    return {row.spec.name: row.spec.label for row in form(face).rows if row.edited is not None}


def value(face: Face, name: str) -> str:
    """What a field says."""
    return field(face, name).value


def complaint(face: Face, name: str) -> str:
    """What is said to be wrong with a field."""
    row = field(face, name)
    return str(row.query_one(".complaint", Static).render()) if row.has_class("-wrong") else ""


async def write(face: Face, **texts: str) -> None:
    """Write into fields, as a paste would, one after the other; a kind first shows its fields."""
    for name, text in texts.items():
        there = edited(face, name)
        there.focus()
        if isinstance(there, FieldArea):
            there.load_text(text)
        else:
            there.value = text
        await face.settle()
