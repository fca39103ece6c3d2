"""The top line: whose practice, what day, what is being timed, and who acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from casemgr.core.dates import format_us
from casemgr.tui.text import shown

if TYPE_CHECKING:
    from datetime import date

    from casemgr.services.timers import Timing
    from casemgr.tui.seat import Seat


class Masthead(Widget):
    """Practice and date to the left, who acts to the right, and the timer where there is one."""

    can_focus = False

    today: reactive[date | None] = reactive(None)
    """The date in the practice's time zone."""
    damaged: reactive[bool] = reactive(False)
    """Whether the data file is, and so is only read."""
    timing: reactive[Timing | None] = reactive(None, layout=True)
    """The timer as it was last read; the seconds since are counted here."""

    def __init__(self, seat: Seat) -> None:
        """Count a running timer by the seat's clock."""
        super().__init__()
        self._seat = seat

    def on_mount(self) -> None:
        """Count on while a timer runs."""
        self.set_interval(1, self._tick)

    def _tick(self) -> None:
        if self.timing is not None and self.timing.running:
            self.refresh()

    def watch_timing(self, timing: Timing | None) -> None:
        """A timer was started, paused, resumed or ended."""
        self.set_class(timing is not None, "-timing")

    def render(self) -> Content:
        """One line, or two while something is timed and there is no room for it beside the rest."""
        width = max(20, self.size.width - 4)
        day = f"{self.today:%a} {format_us(self.today)}" if self.today else ""
        left = Content.assemble((shown(self._seat.practice), "bold"), "   ", day)
        if self.damaged:
            left = Content.assemble(left, "   ", ("damaged: only read", "$text-error"))
        right = Content.styled(shown(self._seat.who), "$foreground-muted")
        timer = self._timer()
        if self.size.height > 1:
            return Content("\n").join([_apart(left, Content(""), right, width), timer.truncate(width)])
        return _apart(left, timer, right, width)

    def _timer(self) -> Content:
        if self.timing is None:
            return Content("")
        from casemgr.services.timers import elapsed_seconds

        seconds = elapsed_seconds(self.timing.timer, self._seat.clock.now())
        hours, minutes = divmod(seconds // 60, 60)
        sign, style = ("●", "$text-success") if self.timing.running else ("‖ paused", "$text-warning")
        return Content.assemble(
            (f"{sign} {hours}:{minutes:02}:{seconds % 60:02}", style), f"  {shown(self.timing.about)}"
        )


def _apart(left: Content, middle: Content, right: Content, width: int) -> Content:
    """Three pieces over a width; the right one is cut first."""
    room = width - left.cell_length - middle.cell_length - 2
    right = right.truncate(max(0, room), ellipsis=True) if room < right.cell_length else right
    blanks = max(2, width - left.cell_length - middle.cell_length - right.cell_length)
    before = blanks // 2 if middle else blanks
    return Content.assemble("  ", left, " " * before, middle, " " * (blanks - before), right)
