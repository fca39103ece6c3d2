"""Codes, kinds and payers: the list of all, the page of one, and where it leads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from casemgr.core.sheets import Sheet
from casemgr.services.lookups import SECTIONS, Lead, Lookup
from casemgr.tui.text import shown
from casemgr.tui.widgets.columns import Column, heading, line, text
from casemgr.tui.widgets.facts import Fact, laid_out, paragraph
from casemgr.tui.widgets.listing import Listing
from casemgr.tui.widgets.sectioned import Sectioned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.geometry import Size

    from casemgr.core.sheets import Table

TITLES = {"code": "Procedure codes", "kind": "Kinds of activity", "payer": "Payers"}

KINDS = {"kind": "Kind of activity", "payer": "Payer"}

_NUMBER = re.compile(r"\bD\d{4}\b")

WIDEST = 96
"""Wider lines are hard to read."""


class LookupList(Sectioned[Lookup]):
    """All that can be looked up, section by section."""

    HELP = (
        "Procedure codes, kinds of activity and payers. The page of the marked one stands beside the list; "
        "enter goes there to scroll, and from there tab leads to what it is related to."
    )
    BINDING_GROUP_TITLE = "Codes, kinds and payers"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy", tooltip="Copy the page of the marked one to the clipboard",
                id="lookup.copy"),
    ]  # fmt: skip

    def show_lookups(self, lookups: Sequence[Lookup]) -> None:
        """Show some, section by section."""
        self.show_sections(
            (TITLES[section], [(one.key, one) for one in lookups if one.section == section])
            for section in SECTIONS
        )

    def draw_row(self, row: Lookup, width: int) -> Content:
        """A code's number, and the title."""
        return named(row.section, row.id, row.title)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Copying needs something marked."""
        return self.marked_row is not None if action == "copy" else super().check_action(action, parameters)

    def action_copy(self) -> None:
        """Copy the page as text, through the terminal."""
        if one := self.marked_row:
            self.app.copy_to_clipboard("\n".join(map(shown, one.text().splitlines())))
            self.notify("The page is on the clipboard.", markup=False, timeout=2)


class LookupScroll(VerticalScroll):
    """Holds the page, and scrolls it."""

    HELP = "The page of what is marked. The arrows scroll; tab goes on to what it leads to."
    BINDING_GROUP_TITLE = "The page"


class LookupPage(Widget):
    """The page of one, as high as it is."""

    can_focus = False

    lookup: reactive[Lookup | None] = reactive(None, layout=True)
    """What to show."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """So many lines at that width."""
        return len(page_lines(self.lookup, width))

    def render(self) -> Content:
        """All lines."""
        return Content("\n").join(page_lines(self.lookup, self.content_size.width))


class LeadList(Listing[Lead]):
    """Where a page leads."""

    HELP = (
        "What the page is related to: look-alikes, the kinds and payers that use a code. Enter goes there; "
        "backspace comes back."
    )
    BINDING_GROUP_TITLE = "It leads to"

    def draw(self, row: Lead, width: int) -> Sequence[Content]:
        """Whereto, and why."""
        section, _, ident = row.key.partition(" ")
        why = text(row.why, "$foreground-muted")
        name = named(section, ident, row.title)
        name = name.truncate(max(8, width - why.cell_length - 2), ellipsis=True)
        return (name.pad_right(max(2, width - name.cell_length - why.cell_length)) + why,)


def named(section: str, ident: str, title: str) -> Content:
    """A code by number and title, all else by its title."""
    if section == "code":
        return Content.assemble((shown(ident), "bold"), f"  {shown(title)}")
    return Content(shown(title))


def page_lines(one: Lookup | None, width: int) -> list[Content]:
    """The lines of a page at a width."""
    if one is None:
        return []
    width = max(24, min(width, WIDEST))
    if isinstance(one.page, Sheet):
        head = [text(one.title, "bold"), Content.styled(KINDS[one.section], "$foreground-muted"), Content("")]
        return [*head, *laid_out(list(sheet_parts(one.page, width)), width)]
    numbers = {lead.key.partition(" ")[2] for lead in one.leads}
    return [_linked(each, numbers) for each in code_lines(one.text(width))]


def code_lines(page: str) -> Iterator[Content]:
    """A code's page with its title and headings in weight, and what is beside the point in grey."""
    blocks = [block.splitlines() for block in page.split("\n\n")]
    for number, block in enumerate(blocks):
        if number:
            yield Content("")
        for place, each in enumerate(block):
            heads = place == 0 and len(block) > 1 and block[1].startswith("  ") and not each.startswith(" ")
            if number == 0:
                style = "$foreground-muted" if place == len(block) - 1 else "bold"
            elif number == len(blocks) - 1:
                style = "$foreground-muted"
            else:
                style = "bold" if heads else ""
            yield text(each, style)


def _linked(content: Content, numbers: set[str]) -> Content:
    """The numbers to which the page leads, in the accent's colour."""
    for found in _NUMBER.finditer(content.plain):
        if found[0] in numbers:
            content = content.stylize("$text-accent", found.start(), found.end())
    return content


def sheet_parts(sheet: Sheet, width: int) -> Iterator[Content | Fact]:
    """Facts and tables; a table without room for its columns is told row by row."""
    for label, words in sheet.facts:
        if words:
            yield Fact(label, paragraph(words))
    for table in sheet.tables:
        if table.rows:
            yield Content("")
            yield from _table_parts(table, width)
    if sheet.warning:
        yield Content("")
        yield Content.styled(f"Look again: {shown(sheet.warning)}", "$text-warning")
    for label, words in sheet.more:
        yield Content("")
        yield Fact(label, paragraph(words))


def _table_parts(table: Table, width: int) -> Iterator[Content | Fact]:
    cells = [table.headings, *table.rows]
    columns = [
        Column(title, max(text(row[place]).cell_length for row in cells), right=title in table.right)
        for place, title in enumerate(table.headings)
    ]
    widths = {column.title: column.least for column in columns}
    if sum(widths.values()) + 2 * (len(columns) - 1) > width:
        yield Content.styled(f"{table.headings[0]}s", "bold")
        for label, words in table.told():
            yield Fact(label, text(words), indent=2)
        return
    yield heading(columns, widths).stylize("bold")
    for row in table.rows:
        named_cells = {title: text(cell) for title, cell in zip(table.headings, row, strict=True)}
        yield line(columns, widths, named_cells)
