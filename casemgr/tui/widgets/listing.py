"""A list of any length: only a window of its rows is held, and the cursor stays on the row that it is on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual import events

T = TypeVar("T")

AHEAD = 60
"""Rows beyond those on the screen that are asked for with them."""

HELD = 1200
"""So many rows are held before those far from the cursor are let go."""


class Listing(ScrollView, Generic[T], can_focus=True):
    """Rows by key. A subclass says how one is drawn; whoever owns it hands keys and rows down.

    All keys are known, which is cheap; of rows only those near the cursor. What is missing is asked for
    by a Wanted message and handed down by `fill`.
    """

    HELP = "A list. The arrows move in it, page up and page down by screens, home and end to its ends."
    BINDING_GROUP_TITLE = "Every list"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"listing--head", "listing--cursor", "listing--mark"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "step(-1)", "Up", show=False, tooltip="One up", id="list.up"),
        Binding("down,j", "step(1)", "Down", show=False, tooltip="One down", id="list.down"),
        Binding("pageup", "turn(-1)", "Page up", show=False, tooltip="A page up", id="list.page_up"),
        Binding("pagedown", "turn(1)", "Page down", show=False, tooltip="A page down", id="list.page_down"),
        Binding("home,g", "jump(0)", "First", show=False, tooltip="The first", id="list.first"),
        Binding("end,G", "jump(-1)", "Last", show=False, tooltip="The last", id="list.last"),
        Binding("enter", "choose", "Open", tooltip="Open the marked one", id="list.open"),
        Binding(
            "space", "tick", "Tick", tooltip="Tick the marked one, to act on several at once", id="list.tick"
        ),
    ]

    TICKS = False
    """Whether rows can be ticked."""
    OPENS = True
    """Whether something comes of enter."""

    at: reactive[int] = reactive(0, repaint=False)
    """Place of the cursor among the keys."""

    @dataclass
    class Moved(Message):
        """The cursor stands on another row, or on one with other content."""

        listing: Listing[Any]

        @property
        def control(self) -> Listing[Any]:
            """By which `on` may tell lists apart."""
            return self.listing

    @dataclass
    class Chosen(Message):
        """A row is to be opened."""

        listing: Listing[Any]
        key: str

        @property
        def control(self) -> Listing[Any]:
            """By which `on` may tell lists apart."""
            return self.listing

    @dataclass
    class Wanted(Message):
        """These rows are needed and not there."""

        listing: Listing[Any]
        keys: tuple[str, ...]

        @property
        def control(self) -> Listing[Any]:
            """By which `on` may tell lists apart."""
            return self.listing

    def __init__(self, id: str) -> None:
        """An empty list."""
        super().__init__(id=id)
        self.keys: Sequence[str] = ()
        self._places: dict[str, int] = {}
        self._rows: dict[str, T] = {}
        self._fresh: set[str] = set()
        self.ticked: set[str] = set()
        self._awaited = ""
        self._drawn: dict[tuple[str, int, bool], Strip] = {}
        self._asked: tuple[str, ...] = ()
        self._lines = 1

    # What subclasses say

    def draw(self, row: T, width: int) -> Sequence[Content]:
        """The lines of a row, each at most so wide."""
        raise NotImplementedError

    def row_lines(self, width: int) -> int:
        """How many lines each row takes at a width; the same for all."""
        return 1

    def head(self, width: int) -> Content | None:
        """A line above the rows, or none."""
        return None

    # What owners hand down and ask

    def show(self, keys: Sequence[str], rows: Mapping[str, T]) -> None:
        """Show other rows, or the same ones as they are now; the cursor stays on its row."""
        wanted = self._awaited or self.key
        self.keys = keys
        self._places = {key: place for place, key in enumerate(keys)}
        kept = {key: row for key, row in self._rows.items() if key in self._places}
        self._rows = {**kept, **rows}
        self._fresh = set(rows)
        self._asked = ()
        self.ticked &= self._places.keys()
        if self._awaited in self._places:
            self._awaited = ""
        self._measure()
        before = self.at
        self.at = self._places.get(wanted, max(0, min(self.at, len(keys) - 1)))
        self.scroll_to_cursor()
        self.redraw()
        if before == self.at:
            self.post_message(self.Moved(self))

    def fill(self, rows: Mapping[str, T]) -> None:
        """Hand down rows that were wanted."""
        there = {key: row for key, row in rows.items() if key in self._places}
        self._rows |= there
        self._fresh |= there.keys()
        if len(self._rows) > HELD:
            near = range(self.at - HELD // 4, self.at + HELD // 4)
            self._rows = {key: row for key, row in self._rows.items() if self._places[key] in near}
            self._fresh &= self._rows.keys()
        self.redraw()
        if self.key in there:
            self.post_message(self.Moved(self))

    @property
    def key(self) -> str:
        """Key of the row under the cursor; empty where there is none."""
        return self.keys[self.at] if 0 <= self.at < len(self.keys) else ""

    @property
    def marked(self) -> T | None:
        """The row under the cursor, if it is there yet."""
        return self._rows.get(self.key)

    @property
    def chosen(self) -> tuple[str, ...]:
        """Keys of what to act on: those ticked, in order, else the one under the cursor."""
        if self.ticked:
            return tuple(key for key in self.keys if key in self.ticked)
        return (self.key,) if self.key else ()

    def row(self, key: str) -> T | None:
        """A row by its key, if it is held."""
        return self._rows.get(key)

    def mark(self, key: str) -> None:
        """Put the cursor on a row, now or once it is there."""
        if key in self._places:
            self.at = self._places[key]
        else:
            self._awaited = key

    def untick(self) -> None:
        """Take every tick away."""
        self.ticked.clear()
        self.redraw()

    # Moving

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Opening and ticking need a row, and a list that has a use for it."""
        if action == "choose":
            return self.OPENS and bool(self.keys)
        if action == "tick":
            return self.TICKS and bool(self.keys)
        return True

    def action_step(self, rows: int) -> None:
        """Move the cursor."""
        if self.keys:
            self.at = max(0, min(self.at + rows, len(self.keys) - 1))

    def action_turn(self, pages: int) -> None:
        """Move the cursor by as many rows as there is room for."""
        self.action_step(pages * max(1, self._page() - 1))

    def action_jump(self, place: int) -> None:
        """Move the cursor to the first row, or to the last by -1."""
        if self.keys:
            self.at = place if place >= 0 else len(self.keys) + place

    def action_choose(self) -> None:
        """Open the row under the cursor."""
        if self.key:
            self.post_message(self.Chosen(self, self.key))

    def action_tick(self) -> None:
        """Tick the row under the cursor or take its tick away, and go on to the next."""
        if self.key:
            self.ticked ^= {self.key}
            self.redraw()
            self.action_step(1)
            self.post_message(self.Moved(self))

    def watch_at(self, before: int, at: int) -> None:
        """Draw the two rows anew, and keep the cursor on the screen."""
        if before != at:
            self.scroll_to_cursor()
            self.refresh()
            self._ask()
            self.post_message(self.Moved(self))

    def scroll_to_cursor(self) -> None:
        """Scroll as little as needed for the whole row."""
        head = self._head_lines()
        top, room = self.at * self._lines, max(1, self.scrollable_content_region.height - head)
        if top < self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True)
        elif top + self._lines > self.scroll_offset.y + room:
            self.scroll_to(y=top + self._lines - room, animate=False, force=True)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor where the mouse points; a second click opens."""
        place = (event.y + self.scroll_offset.y - self._head_lines()) // self._lines
        if event.y >= self._head_lines() and 0 <= place < len(self.keys):
            self.at = place
            if event.chain == 2 and self.OPENS:
                self.action_choose()

    # Drawing

    def render_line(self, y: int) -> Strip:
        """A line of the screen."""
        width = self.scrollable_content_region.width
        if y < self._head_lines():
            head = self.head(width - 2 * self.TICKS) or Content("")
            return self._strip(head.pad_left(2 * self.TICKS), "listing--head", width)
        place, line = divmod(y + self.scroll_offset.y - self._head_lines(), self._lines)
        if not 0 <= place < len(self.keys):
            return Strip.blank(width, self.rich_style)
        key, here = self.keys[place], place == self.at
        if (known := self._drawn.get((key, line, here))) is not None:
            return known
        row = self._rows.get(key)
        lines = self.draw(row, width - 2 * self.TICKS) if row is not None else [Content.styled("…", "dim")]
        for number in range(self._lines):
            text = lines[number] if number < len(lines) else Content("")
            if self.TICKS:
                sign = "●" if key in self.ticked and number == 0 else " "
                text = Content.assemble((f"{sign} ", "$text-accent"), text)
            strip = self._strip(text, "listing--cursor" if here else "", width)
            if row is not None:
                self._drawn[key, number, here] = strip
            if number == line:
                found = strip
        return found

    def _strip(self, text: Content, component: str, width: int) -> Strip:
        style = self.get_visual_style(component) if component else self.visual_style
        if text.cell_length > width:
            text = text.truncate(width, ellipsis=True)
        strips = Visual.to_strips(self, text, max(1, width), 1, style) or [Strip.blank(width)]
        return strips[0].adjust_cell_length(width, style.rich_style)

    def notify_style_update(self) -> None:
        """Another theme."""
        super().notify_style_update()
        self._drawn.clear()

    def on_resize(self, event: events.Resize) -> None:
        """Fit what is drawn to the room."""
        self._measure()
        self.scroll_to_cursor()
        self.redraw()

    def on_focus(self) -> None:
        """The cursor is drawn otherwise."""
        self._drawn.clear()
        self.refresh()

    def on_blur(self) -> None:
        """The cursor is drawn otherwise."""
        self._drawn.clear()
        self.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for the rows that have come into sight."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.refresh()
            self._ask()

    def _measure(self) -> None:
        width = self.scrollable_content_region.width
        self._lines = self.row_lines(width)
        self.virtual_size = Size(width, len(self.keys) * self._lines + self._head_lines())

    def redraw(self) -> None:
        """Draw all anew: rows look otherwise now."""
        self._drawn.clear()
        self.refresh(Region(0, 0, *self.size))
        self.refresh_bindings()
        self._ask()

    def _page(self) -> int:
        return max(1, (self.scrollable_content_region.height - self._head_lines()) // self._lines)

    def _head_lines(self) -> int:
        return 0 if self.head(80) is None else 1

    def _ask(self) -> None:
        """Ask once for the rows in sight and some beyond that are not there."""
        first = max(0, self.scroll_offset.y // self._lines)
        near = self.keys[max(0, first - AHEAD) : first + self._page() + AHEAD]
        in_sight = self.keys[first : first + self._page() + 1]
        if any(key not in self._fresh for key in in_sight) or self.key not in {"", *self._fresh}:
            missing = tuple(key for key in (*near, self.key) if key not in self._fresh)
            if missing != self._asked:
                self._asked = missing
                self.post_message(self.Wanted(self, missing))
