"""What can be looked up: found by any word, each leading to what it is related to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casemgr.core.sheets import Sheet, Table, as_text
from casemgr.services.lookups import SECTIONS, all_payers, shelf

if TYPE_CHECKING:
    from casemgr.services.desk import Desk


def test_everything_that_is_declared_is_on_the_shelf(desk: Desk) -> None:
    found = shelf(desk)
    assert not found.broken
    for section, ids in (("code", desk.codes.ids), ("kind", desk.kinds.ids), ("payer", None)):
        there = {one.id for one in found.lookups if one.section == section}
        assert there == set(ids if ids is not None else (payer.id for payer in all_payers(desk)))
    assert all(one.text() for one in found.lookups)


def test_look_alikes_lead_to_each_other_and_nothing_leads_nowhere(desk: Desk) -> None:
    found = shelf(desk)
    known = {one.key: one for one in found.lookups}
    for one in found.lookups:
        assert one.key not in {lead.key for lead in one.leads}
        assert len({lead.key for lead in one.leads}) == len(one.leads)
        for lead in one.leads:
            assert one.key in {back.key for back in known[lead.key].leads}


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("", "code D0386"),
        ("d9993", "code D9993"),
        ("999", "code D9990"),
        ("9993", "code D9993"),
        ("INTERP", "code D9990"),
        ("coordin care", "code D9992"),
        ("nemt", "kind transport"),
        ("sunrise", "payer sunrise-medicaid-dental"),
        ("no such thing at all", ""),
    ],
)
def test_it_is_found_by_how_words_begin_names_first(desk: Desk, typed: str, first: str) -> None:
    found = shelf(desk).find(typed)
    assert (found[0].key if found else "") == first
    places = [SECTIONS.index(one.section) for one in found]
    assert places == sorted(places)


def test_it_is_named_by_number_id_or_key(desk: Desk) -> None:
    found = shelf(desk)
    for text in ("D9993", "9993", " d9993 ", "code D9993"):
        one = found.get(text)
        assert one is not None
        assert one.key == "code D9993"
    assert found.get("nothing") is None


def test_a_sheet_is_told_row_by_row_where_columns_have_no_room() -> None:
    table = Table(
        ("Id", "Label", "Reached", "Words"), (("a_b", "A b", "yes", "x"), ("c", "C", "no", "")), named_by=1
    )
    told = as_text(Sheet((("Kind", "one\ntwo"), ("Empty", "")), (table,), "look"), 40).splitlines()
    assert told == [
        "Kind          one",
        "              two",
        "",
        "Id",
        "A b           reached · x",
        "C             not reached",
        "",
        "Look again: look",
    ]
