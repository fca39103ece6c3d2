"""Charts of our own: columns a month, and bars below each other, drawn in the theme's colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from casemgr.core.dates import MONTH_NAMES
from casemgr.tui.figures import Bars, Columns
from casemgr.tui.text import shown
from casemgr.tui.widgets.columns import Column, fit, heading, line, text
from casemgr.tui.widgets.month import EIGHTHS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casemgr.tui.figures import Bar, Figure, Numbers

SIDEWAYS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")

WIDEST_COLUMN = 7
"""Cells of a column, with the gap beside it."""

SHORTEST_BAR = 24
"""Cells that the longest bar has at least where something else is to stand beside it."""

WIDEST_BARS = 100
"""Cells: longer bars are no easier to compare."""

FIRST = 14
"""Cells that the first column of numbers keeps."""

TALLEST = 22
"""Lines: higher columns say no more."""

NOW, BEFORE, LINE = "$accent", "$accent 45%", "$text-warning"
"""The month that is asked for, those before it, and what is usual."""


class Chart(Widget):
    """A figure as a chart, or the numbers behind it."""

    can_focus = False

    figure: reactive[Figure | None] = reactive(None)
    """What to show."""
    numbers: reactive[bool] = reactive(False)
    """Whether as numbers."""

    def render(self) -> Content:
        """The chart for the room that there is."""
        width, height = self.size
        figure = self.figure
        if figure is None or width < 8 or height < 2:
            return Content("")
        if self.numbers:
            lines = table(figure.numbers, width, height)
        elif isinstance(figure.chart, Columns):
            lines = columns(figure.chart, width, height)
        else:
            lines = bars(figure.chart, min(width, WIDEST_BARS), height)
        return Content("\n").join([each.truncate(width) for each in lines[:height]])


def lines_needed(figure: Figure, numbers: bool) -> int:
    """How many lines a figure takes at most; columns take what there is."""
    if numbers:
        return len(figure.numbers.rows) + 1
    return TALLEST if isinstance(figure.chart, Columns) else 2 * len(figure.chart.bars) + 1


def columns(chart: Columns, width: int, height: int) -> list[Content]:
    """A column a month, what is usual as a line across, the months below."""
    step = max(2, min(WIDEST_COLUMN, width // len(chart.months)))
    bar = max(1, step - 1 - (step > 4))
    room = max(1, height - 2)
    top = chart.top or 1
    levels = [max(1, -(-value * room * 8 // top)) if value else 0 for value in chart.values]
    usual_at = None if chart.usual is None else min(room - 1, chart.usual * room // top)
    lines = [_values(chart, step, bar)]
    for row in range(room - 1, -1, -1):
        parts = [
            _piece(level, row, bar, step, row == usual_at, place == len(levels) - 1)
            if row or level
            else _nothing(value, bar, step)
            for place, (level, value) in enumerate(zip(levels, chart.values, strict=True))
        ]
        named = row == usual_at and step * len(levels) + len(" usual") <= width
        lines.append(Content.assemble(*parts, (" usual", LINE) if named else ""))
    return [*lines, _names(chart, step)]


def _nothing(value: int | None, bar: int, step: int) -> Content:
    """The foot of a column without height: a dot where there was nothing to count, a line for none."""
    return Content.styled(
        ("·".center(bar) if value is None else "▁" * bar).ljust(step), "$foreground-disabled"
    )


def _piece(level: int, row: int, bar: int, step: int, usual: bool, now: bool) -> Content:
    """A column's part of a line of the chart."""
    filled = EIGHTHS[max(0, min(8, level - row * 8))]
    style = NOW if now else BEFORE
    if filled == " " and usual:
        return Content.styled("┄" * step, LINE)
    gap = Content.styled("┄" * (step - bar), LINE) if usual else Content(" " * (step - bar))
    return Content.styled(filled * bar, style) + gap


def _values(chart: Columns, step: int, bar: int) -> Content:
    """The values above their columns as far as there is room; the month's own always."""
    words = ["" if value is None else f"{value:,}" for value in chart.values]
    if max(map(len, words)) < step:
        parts = [word.center(bar).ljust(step)[:step] for word in words]
        return Content.assemble(("".join(parts[:-1]), "$foreground-muted"), (parts[-1], "bold"))
    own = f"{words[-1]}{chart.unit}"
    before = step * (len(words) - 1) + bar
    return Content.styled(own.rjust(max(before, len(own))), "bold")


def _names(chart: Columns, step: int) -> Content:
    """The months below their columns, with the year where one begins."""
    parts = []
    for place, month in enumerate(chart.months):
        name = MONTH_NAMES[month.month - 1][: 3 if step > 3 else 1]
        if step > 5 and month.month == 1:
            name = f"{name} {month.year % 100:02}"
        style = "bold" if place == len(chart.months) - 1 else "$foreground-muted"
        parts.append(Content.styled(name.ljust(step)[:step], style))
    return Content("").join(parts)


def bars(chart: Bars, width: int, height: int) -> list[Content]:
    """Bars below each other with label and value, what is usual marked on each that has it."""
    if not chart.bars:
        return [Content.styled("Nothing to show.", "$foreground-muted")]
    label = min(max(text(bar.label).cell_length for bar in chart.bars), max(10, width // 3))
    value = min(max(text(bar.shown).cell_length for bar in chart.bars), max(6, width // 3))
    beside = max(text(bar.beside).cell_length for bar in chart.bars)
    beside = beside if width - label - value - beside - 6 >= SHORTEST_BAR else 0
    room = max(4, width - label - value - 4 - (beside + 2 if beside else 0))
    airy = len(chart.bars) * 2 + 2 <= height
    lines: list[Content] = []
    for bar in chart.bars[: height - 1] if not airy else chart.bars:
        name = text(bar.label).truncate(label, ellipsis=True)
        lines.append(
            Content.assemble(
                name.pad_right(label - name.cell_length),
                "  ",
                _bar(bar, chart.top or 1, room),
                "  ",
                text(bar.shown).truncate(value, ellipsis=True),
                (f"  {shown(bar.beside)}" if beside else "", "$foreground-muted"),
            )
        )
        lines += [Content("")] if airy else []
    marked = any(bar.usual is not None for bar in chart.bars)
    legend = ("│", f"bold {LINE}") if marked else ""
    words = f" usual · {chart.unit}" if marked else chart.unit
    return [*lines, Content.assemble(" " * (label + 2), legend, (words, "$foreground-muted"))]


def _bar(bar: Bar, top: int, room: int) -> Content:
    """A bar as long as its part of the top; what is not nothing is seen."""
    eighths = max(1, bar.value * room * 8 // top) if bar.value else 0
    full, rest = divmod(min(eighths, room * 8), 8)
    drawn = Content.styled(("█" * full + SIDEWAYS[rest]).ljust(room), NOW)
    if bar.usual is None:
        return drawn
    place = min(room - 1, bar.usual * room // top)
    style = f"bold {LINE} on $accent" if place < full else f"bold {LINE}"
    return Content.assemble(drawn[:place], ("│", style), drawn[place + 1 :])


def table(numbers: Numbers, width: int, height: int) -> list[Content]:
    """The numbers behind a chart; all but the first column line up on the right."""
    cells: Sequence[tuple[str, ...]] = (numbers.headings, *numbers.rows)
    widest = [max(text(row[place]).cell_length for row in cells) for place in range(len(numbers.headings))]
    widest[0], first = min(widest[0], FIRST), widest[0]
    # The last columns are left out where there is no room for all of them.
    shape = [
        Column(title, widest[place], first if not place else 0, right=place > 0,
               from_width=sum(widest[: place + 1]) + 2 * place)
        for place, title in enumerate(numbers.headings)
    ]  # fmt: skip
    widths = fit(shape, width)
    lines = [heading(shape, widths).stylize("$foreground-muted")]
    for row in numbers.rows[: height - 1]:
        named = {title: text(cell) for title, cell in zip(numbers.headings, row, strict=True)}
        lines.append(line(shape, widths, named))
    return lines
