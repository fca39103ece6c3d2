"""Columns of a list, fitted to its width: some always equally wide, the others sharing what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from casemgr.tui.text import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GAP = 2
"""Blanks between columns."""


class Column(NamedTuple):
    """A column and how wide it may be, in cells."""

    title: str
    least: int
    most: int = 0
    """0: as wide as `least`, always."""
    weight: int = 1
    """Its part of what is left over."""
    right: bool = False
    """Whether it is set to the right, as numbers are."""
    from_width: int = 0
    """It is left out of a list narrower than this."""


def fit(columns: Sequence[Column], width: int) -> dict[str, int]:
    """How wide each column is, by title, in order; those without room are not in it."""
    there = [column for column in columns if width >= column.from_width]
    widths = {column.title: column.least for column in there}
    left = width - sum(widths.values()) - GAP * (len(there) - 1)
    open_ended = [column for column in there if column.most > column.least]
    while left > 0 and open_ended:
        weights = sum(column.weight for column in open_ended)
        for column in list(open_ended):
            more = min(max(1, left * column.weight // weights), column.most - widths[column.title])
            more = min(more, width - sum(widths.values()) - GAP * (len(there) - 1))
            widths[column.title] += more
            if widths[column.title] >= column.most or more <= 0:
                open_ended.remove(column)
        left = width - sum(widths.values()) - GAP * (len(there) - 1)
    return widths


def line(columns: Sequence[Column], widths: Mapping[str, int], cells: Mapping[str, Content]) -> Content:
    """A row: each cell cut or filled up to its column's width."""
    parts = []
    for column in columns:
        if column.title not in widths:
            continue
        width = widths[column.title]
        content = cells.get(column.title, Content(""))
        if content.cell_length > width:
            content = content.truncate(width, ellipsis=True)
        blanks = width - content.cell_length
        parts.append(content.pad_left(blanks) if column.right else content.pad_right(blanks))
    return Content(" " * GAP).join(parts)


def heading(columns: Sequence[Column], widths: Mapping[str, int]) -> Content:
    """The titles above the rows."""
    return line(columns, widths, {column.title: Content(column.title) for column in columns})


def text(value: str, style: str = "") -> Content:
    """A cell of people's text."""
    return Content.styled(shown(value), style) if style else Content(shown(value))
