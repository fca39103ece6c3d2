"""Whatever people write goes through every field of the form, and the line, as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casemgr.core.records import Activity
from casemgr.core.text import tidy
from casemgr.services.follow_ups import listed as follow_ups
from casemgr.services.patients import the_patient_id
from casemgr.store.reads.records import load
from casemgr.tui.text import typeable, typeable_lines
from casemgr.tui.widgets.entry import EntryLine
from casemgr.tui.widgets.inputs import FieldArea
from tests.tui.forms import edited, field, form, open_form

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]

ODD = st.sampled_from(
    (
        *("[/", "[/b]", "[red]x", "\\[", "a]b[c", "\x1b[2J", "\x07", "\x9b31m", "tab\tx", "two\r\nlines"),
        *("\u2028", "\u202eturned", "שלום", "病人さん", "e\u0301\u0323", "👩\u200d⚕️", "{}", "{contacted"),
        *("\xad", "\u200b", "\ufeff"),
    )
)
TEXTS = st.lists(st.one_of(ODD, st.text(max_size=5)), min_size=1, max_size=3).map("".join)

OWN_WORDS = ("contacted", "reason", "own_provider", "own_reason", "response", "next_step")
"""Fields of one line that take any words."""

READ = ("kind", "date", "start", "minutes", "own_specialty", "own_appointment", "patient")
"""Fields that are read as something, and refuse what is nothing of it."""

SIGNS = re.compile("[:!=→>]")
"""What begins another part of the line."""


def kept(desk: Desk, activity_id: str) -> Activity:
    record = load(desk.store, Activity, activity_id)
    assert record is not None
    return record


async def put(face: Face, name: str, text: str) -> None:
    """Write a text as a paste does."""
    there = edited(face, name)
    there.focus()
    await face.pilot.pause()
    if isinstance(there, FieldArea):
        there.replace(text, (0, 0), there.document.end)
    else:
        there.value = ""
        there.insert_text_at_cursor(text)
    await face.pilot.pause()


@pytest.mark.timeout(300)
@given(st.data())
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
async def test_any_text_is_shown_and_saved_as_it_is(opened: Open, desk: Desk, data: st.DataObject) -> None:
    ana = the_patient_id(desk, "1030")
    before = {row.row.id for row in follow_ups(desk)}
    async with opened(120, 40) as face:
        await open_form(face, patient_id=ana, kind="referral")
        for name in READ:
            text = data.draw(TEXTS, name)
            was = field(face, name).text
            await put(face, name, text)
            assert field(face, name).text == typeable(text)
            assert not set(face.seen()) & set("\x07\x1b\x9b\t\u202e")
            edited(face, name).value = was  # type: ignore[union-attr]
            await face.settle()
        field(face, "patient").settle(ana, "Garcia, Ana 4/9/2012 #1030")

        texts = {name: data.draw(TEXTS, name) for name in OWN_WORDS}
        texts |= {name: "x" + data.draw(TEXTS, name) for name in ("outcome", "method")}
        note, what = data.draw(TEXTS, "note"), "ask " + data.draw(TEXTS, "follow-up")
        for name, text in texts.items():
            await put(face, name, text)
        await put(face, "note", note)
        await put(face, "follow_ups", f"10/26 {typeable(what)}")
        await put(face, "minutes", "5")
        seen = face.seen()
        for name, text in texts.items():
            assert field(face, name).text == typeable(text)
            assert typeable(text).strip() in seen, name
        assert field(face, "note").text == typeable_lines(note)
        for line in typeable_lines(note).split("\n"):
            assert line.strip() in seen

        await face.press("ctrl+s")
        assert face.app.screen.query(EntryLine), form(face).rows
        record = kept(desk, max(row.id for row in face.logged()))
        said = {name: tidy(typeable(text)) for name, text in texts.items()}
        assert (record.contacted, record.reason) == (said["contacted"], said["reason"])
        assert (record.response, record.next_step) == (said["response"], said["next_step"])
        assert record.outcome_words == said["outcome"]
        assert record.fields == {
            name: said[f"own_{name}"] for name in ("provider", "reason") if said[f"own_{name}"]
        }
        assert record.note == typeable_lines(note).strip()
        (new,) = [row.row for row in follow_ups(desk) if row.row.id not in before]
        assert new.what == tidy(typeable(what))

        text = SIGNS.sub("", data.draw(TEXTS, "line"))
        line = f"5m education 1030: note {text}"
        await face.type(line)
        assert face.app.screen.query_one(EntryLine).value == typeable(line)
        assert typeable(text).strip() in face.seen()
        await face.type(f"{line} => teach-back done")
        await face.press("enter")
        record = kept(desk, max(row.id for row in face.logged()))
        assert record.note == typeable(f"note {text}").strip()
        assert face.app.fault is None
