"""People's text is shown as it is written: never as markup, never as orders to the terminal."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.commands import AddFollowUp, AddPatient
from casemgr.core.text import tidy
from casemgr.services.activities import log_activity
from casemgr.services.entries import wish_from_text
from casemgr.services.follow_ups import add_follow_up
from casemgr.services.patients import add_patient
from casemgr.tui.text import cell, shown, typeable
from casemgr.tui.widgets.entry import EntryLine

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]

NASTY = (
    "[/",
    "[/b]",
    "[red]x",
    "a]b[c",
    "[@click=app.quit]x",
    "\\[",
    "שלום",
    "病人さん",
    "e\u0301\u0323",
    "👩‍⚕️",
)


@pytest.mark.parametrize("nasty", NASTY)
async def test_brackets_and_scripts_go_through_line_table_and_list(
    opened: Open, desk: Desk, nasty: str
) -> None:
    patient = add_patient(desk, AddPatient(f"Odd{nasty}", "Pat", date(2000, 2, 3), "2001")).patient
    add_follow_up(desk, AddFollowUp(date(2026, 10, 21), f"ask {nasty}", patient.id))
    log_activity(desk, wish_from_text(desk, f"20m referral #2001: note {nasty} => said {nasty}"))
    async with opened(120, 40) as face:
        await face.type(f"5m education #2001: {nasty} => {nasty} !10/26 {nasty}")
        assert f"Odd{tidy(nasty)}, Pat 2/3/2000 #2001" in face.text("Preview")
        await face.press("enter")

        assert len(face.logged()) == 2
        seen = face.seen()
        assert f"ask {tidy(nasty)}" in seen
        assert f"Odd{tidy(nasty)}, Pat" in seen
        assert nasty in face.text("Detail")
        assert face.app.fault is None


async def test_control_characters_never_reach_the_terminal(opened: Open, desk: Desk) -> None:
    note = "bell\x07 escape\x1b[2J csi\x9b31m tab\t line\nturn\u202eround"
    log_activity(desk, wish_from_text(desk, "20m referral 1030: x => booked"))
    log_activity(desk, wish_from_text(desk, "20m referral 1030: x => booked")._replace(note=note))
    async with opened(120, 40) as face:
        face.app.screen.query_one(EntryLine).value = f"5m {note}"
        await face.settle()
        await face.press("escape", "end", "down")
        seen = face.seen()
        assert not set(seen) & set("\x07\x1b\x9b\t\u202e")
        assert "bell� escape�[2J" in seen


@given(st.text())
def test_a_cell_is_one_line_and_holds_nothing_that_steers(text: str) -> None:
    for plain in (shown(text), cell(text).plain, typeable(text)):
        assert len(plain.splitlines()) <= 1
        assert not any(ch < " " or "\x7f" <= ch <= "\x9f" or "\u202a" <= ch <= "\u202e" for ch in plain)


@given(st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp"))))
def test_all_other_text_is_shown_as_it_is(text: str) -> None:
    assert shown(text) == text
