"""The month's minutes, a bar a day."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from casemgr.core.dates import MONTH_NAMES
from casemgr.core.minutes import format_minutes

if TYPE_CHECKING:
    from datetime import date

    from casemgr.services.today import DayView

EIGHTHS = " ▁▂▃▄▅▆▇█"


class MonthChart(Widget):
    """Bars as high as there is room, the days below them where there is a line to spare."""

    view: reactive[DayView | None] = reactive(None)
    """What to show."""

    def watch_view(self, view: DayView | None) -> None:
        """Sum up in the title; it holds nobody's text."""
        if view:
            so_far = view.month
            count = f"{so_far.activities:,} {'activity' if so_far.activities == 1 else 'activities'}"
            name = MONTH_NAMES[so_far.month.month - 1]
            self.border_title = f"{name} · {format_minutes(so_far.minutes)} · {count}"

    def render(self) -> Content:
        """The chart for the room that there is."""
        if self.view is None:
            return Content("")
        minutes, height = self.view.month.by_day, self.size.height
        step = max(1, min(3, self.size.width // len(minutes)))
        lines = [
            Content.assemble(*(self._bar(day, piece, step) for day, piece in enumerate(line, 1)))
            for line in bars(minutes, max(1, height - 1))
        ]
        if height > 1:
            lines.append(Content.styled(days(len(minutes), step), "$foreground-muted"))
        return Content("\n").join(lines)

    def _bar(self, day: int, piece: str, step: int) -> tuple[str, str]:
        assert self.view is not None
        here = self.view.month.month.first.replace(day=day)
        return (piece * max(1, step - 1)).ljust(step), _style(here, self.view)


def _style(day: date, view: DayView) -> str:
    if day == view.day:
        return "bold $text"
    return "$foreground-disabled" if day > view.pulse.today else "$accent"


def bars(minutes: tuple[int, ...], height: int) -> list[str]:
    """Each day's bar, line by line from the top; the busiest as high as the chart, no work a dot."""
    most = max(minutes, default=0) or 1
    levels = [max(1, -(-each * height * 8 // most)) if each else 0 for each in minutes]
    lines = []
    for line in range(height - 1, -1, -1):
        pieces = (EIGHTHS[min(8, max(0, level - line * 8))] for level in levels)
        lines.append("".join(pieces))
    lines[-1] = "".join(piece if level else "·" for piece, level in zip(lines[-1], levels, strict=True))
    return lines


def days(count: int, step: int) -> str:
    """The numbers of every seventh day, each below its bar."""
    line = ""
    for day, after in pairwise((*range(1, count + 1, 7), count + 7)):
        line = line.ljust((day - 1) * step) + str(day)
        if after > count + 7:
            break
    return line
