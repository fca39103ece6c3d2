"""What there is to know about one thing, laid out by neither face: facts with labels, and tables."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

LABEL = 14
"""Columns for the labels, and the gap after them."""


class Table(NamedTuple):
    """Rows under headings."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[str, ...] = ()
    """Headings of the columns that line up on the right."""
    named_by: int = 0
    """The column by which people know a row, where the first is what files call it."""

    def told(self) -> Iterator[tuple[str, str]]:
        """Each row as a label and a line, for where columns have no room: `yes` becomes its heading."""
        for row in self.rows:
            parts = []
            for heading, cell in list(zip(self.headings, row, strict=True))[self.named_by + 1 :]:
                name = heading.lower()
                parts.append({"": "", "yes": name, "no": f"not {name}"}.get(cell, cell))
            yield row[self.named_by], " · ".join(filter(None, parts))


class Sheet(NamedTuple):
    """A page about one thing."""

    facts: tuple[tuple[str, str], ...]
    """Label and text; an empty text is not shown."""
    tables: tuple[Table, ...] = ()
    """Those without rows are not shown."""
    warning: str = ""
    """What to look at again."""
    more: tuple[tuple[str, str], ...] = ()
    """Longer facts, after all else."""


def as_text(sheet: Sheet, width: int) -> str:
    """A sheet as plain text, for search and the clipboard."""
    lines = [line for label, text in sheet.facts if text for line in _labelled(label, text, width)]
    for table in sheet.tables:
        if table.rows:
            lines += ["", table.headings[0]]
            lines += [line for label, text in table.told() for line in _labelled(label, text, width)]
    if sheet.warning:
        lines += ["", *textwrap.wrap(f"Look again: {sheet.warning}", width)]
    for label, text in sheet.more:
        lines += ["", *_labelled(label, text, width)]
    return "\n".join(lines)


def _labelled(label: str, text: str, width: int) -> list[str]:
    """`Code set      D9991: helping a patient …`, later lines below the first."""
    first = f"{label:<{LABEL - 2}}  "
    lines = []
    for number, line in enumerate(text.split("\n")):
        lines += textwrap.wrap(
            line, width, initial_indent=" " * LABEL if number else first, subsequent_indent=" " * LABEL
        ) or [""]
    return lines
