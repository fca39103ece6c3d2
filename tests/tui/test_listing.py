"""Lists of any length: a window of rows, a cursor that stays on its row, ticks, and columns that fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App

from casemgr.tui.widgets.columns import GAP, Column, fit, heading, line, text
from casemgr.tui.widgets.listing import HELD, Listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.content import Content

COLUMNS = (Column("No", 8, right=True), Column("Name", 6, 30, 2), Column("Note", 6, 90, 3, from_width=40))


class Names(Listing[str]):
    """Numbered names."""

    TICKS = True

    def head(self, width: int) -> Content:
        return heading(COLUMNS, fit(COLUMNS, width))

    def draw(self, row: str, width: int) -> Sequence[Content]:
        cells = {"No": text(row), "Name": text(f"Name {row}"), "Note": text("[b]x[/")}
        return (line(COLUMNS, fit(COLUMNS, width), cells),)


class Shelf(App[None]):
    """A list whose rows come only when they are asked for."""

    CSS = "Names { height: 1fr; }"

    def __init__(self, count: int) -> None:
        super().__init__()
        self.known = [f"k{number}" for number in range(count)]
        self.asked: list[int] = []
        self.opened: list[str] = []

    def compose(self) -> ComposeResult:
        yield Names("names")

    def on_mount(self) -> None:
        self.names.show(self.known, {})
        self.names.focus()

    @property
    def names(self) -> Names:
        return self.query_one(Names)

    def on_listing_wanted(self, message: Listing.Wanted) -> None:
        self.asked.append(len(message.keys))
        message.listing.fill({key: key[1:] for key in message.keys})

    def on_listing_chosen(self, message: Listing.Chosen) -> None:
        self.opened.append(message.key)

    def seen(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]


async def test_of_many_rows_only_those_near_are_ever_asked_for() -> None:
    app = Shelf(100_000)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        assert "Name 0" in app.seen()[1]
        await pilot.press("end")
        await pilot.pause()
        assert "Name 99999" in app.seen()[-1]
        for _ in range(40):
            await pilot.press("pageup")
        await pilot.press("home")
        await pilot.pause()
        assert "Name 0" in app.seen()[1]
        assert max(app.asked) < 200
        assert len(app.names._rows) <= HELD


async def test_the_cursor_stays_on_its_row_whatever_comes_before_it() -> None:
    app = Shelf(500)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press(*["pagedown"] * 7)
        here = app.names.key
        app.names.show(["new1", "new2", *app.known], {})
        await pilot.pause()
        assert app.names.key == here
        assert app.names.marked == here[1:]
        app.names.show(["new1", "new2", *(key for key in app.known if key != here)], {})
        await pilot.pause()
        assert app.names.key == app.known[app.known.index(here) + 1]
        app.names.show([], {})
        await pilot.pause()
        assert not app.names.key
        assert app.names.marked is None
        assert not app.names.chosen
        await pilot.press("down", "end", "enter", "space")


async def test_what_is_ticked_is_acted_on_in_order_and_forgotten_once_gone() -> None:
    app = Shelf(30)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("down", "space", "end", "space", "home")
        assert list(app.names.chosen) == ["k1", "k29"]
        assert app.seen()[2].startswith("●")
        app.names.show(app.known[:20], {})
        assert list(app.names.chosen) == ["k1"]
        app.names.untick()
        assert list(app.names.chosen) == [app.names.key]


async def test_a_click_marks_and_a_second_opens() -> None:
    app = Shelf(30)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.click(Names, offset=(5, 4))
        assert app.names.key == "k3"
        assert not app.opened
        await pilot.click(Names, offset=(5, 4), times=2)
        assert app.opened == ["k3"]


async def test_a_row_that_is_not_there_yet_is_marked_once_it_comes() -> None:
    app = Shelf(30)
    async with app.run_test(size=(60, 12)) as pilot:
        app.names.mark("later")
        await pilot.pause()
        app.names.show([*app.known, "later"], {})
        await pilot.pause()
        assert app.names.key == "later"


@pytest.mark.parametrize("size", [(20, 4), (40, 8), (200, 60)])
async def test_it_fits_any_room(size: tuple[int, int]) -> None:
    app = Shelf(30)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("end")
        await pilot.resize_terminal(*size)
        await pilot.pause()
        assert any("29" in seen for seen in app.seen())


@st.composite
def columns(draw: st.DrawFn) -> tuple[Column, ...]:
    def column(number: int) -> Column:
        least = draw(st.integers(1, 12))
        return Column(
            f"c{number}",
            least,
            draw(st.sampled_from([0, least + draw(st.integers(1, 60))])),
            draw(st.integers(1, 5)),
            draw(st.booleans()),
            draw(st.sampled_from([0, 0, 50])),
        )

    return tuple(column(number) for number in range(draw(st.integers(1, 8))))


@given(columns(), st.integers(10, 240))
def test_columns_keep_their_bounds_and_fill_what_they_may(chosen: tuple[Column, ...], width: int) -> None:
    widths = fit(chosen, width)
    for column in chosen:
        assert (column.title in widths) == (width >= column.from_width)
        if column.title in widths:
            assert column.least <= widths[column.title] <= max(column.least, column.most)
    used = sum(widths.values()) + GAP * (len(widths) - 1)
    least = sum(each.least for each in chosen if each.title in widths) + GAP * (len(widths) - 1)
    assert used <= max(width, least)
    if used < width and least <= width:
        assert all(
            widths[each.title] == max(each.least, each.most) for each in chosen if each.title in widths
        )


@given(columns(), st.integers(10, 240), st.text(max_size=80))
def test_a_line_is_as_wide_as_its_columns(chosen: tuple[Column, ...], width: int, words: str) -> None:
    widths = fit(chosen, width)
    drawn = line(chosen, widths, {each.title: text(words) for each in chosen})
    assert drawn.cell_length == sum(widths.values()) + GAP * max(0, len(widths) - 1)
