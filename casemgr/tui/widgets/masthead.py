"""The top line: whose practice, what day, what is being timed, and who acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.containers import Container
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from casemgr.core.dates import format_us
from casemgr.tui.text import shown

if TYPE_CHECKING:
    from datetime import date

    from textual.app import ComposeResult

    from casemgr.clock import Clock
    from casemgr.services.desk import Desk
    from casemgr.services.timers import Timing


class Sitting(NamedTuple):
    """Where the screens sit, and as whom; it does not change while they are open."""

    practice: str
    login: str
    who: str
    """Name and credential."""

    @classmethod
    def at(cls, desk: Desk) -> Sitting:
        """Of an open desk."""
        staff = desk.staff
        return cls(
            desk.practice.name, staff.id, ", ".join(part for part in (staff.name, staff.credential) if part)
        )


class Masthead(Container):
    """Practice and date to the left, who acts to the right, and the timer where there is one."""

    today: reactive[date | None] = reactive(None)
    """The date in the practice's time zone."""
    timing: reactive[Timing | None] = reactive(None)
    """The timer as it was last read; the seconds since are counted here."""

    def __init__(self, clock: Clock, sitting: Sitting) -> None:
        """Count a running timer by the clock."""
        super().__init__()
        self._clock = clock
        self._sitting = sitting

    def compose(self) -> ComposeResult:
        """Three pieces of text; the stylesheet says where."""
        yield Static(id="practice")
        yield Static(Content(shown(self._sitting.who)), id="who")
        yield Static(id="timing")

    def on_mount(self) -> None:
        """Count on while a timer runs."""
        self.set_interval(1, self.tell_time)
        self.tell_date()

    def watch_today(self) -> None:
        """Another day, or the first."""
        if self.is_mounted:
            self.tell_date()

    def watch_timing(self, timing: Timing | None) -> None:
        """A timer was started, paused, resumed or ended."""
        self.set_class(timing is not None, "-timing")
        if self.is_mounted:
            self.tell_time()

    def tell_date(self) -> None:
        """Show practice and date."""
        day = f"{self.today:%a} {format_us(self.today)}" if self.today else ""
        self.query_one("#practice", Static).update(
            Content.assemble((shown(self._sitting.practice), "bold"), "   ", day)
        )

    def tell_time(self) -> None:
        """Show the timer as it stands now."""
        if self.timing is None:
            return
        from casemgr.services.timers import elapsed_seconds

        seconds = elapsed_seconds(self.timing.timer, self._clock.now())
        hours, minutes = divmod(seconds // 60, 60)
        sign, style = ("●", "$success") if self.timing.running else ("‖", "$warning")
        self.query_one("#timing", Static).update(
            Content.assemble(
                (f"{sign} {hours}:{minutes:02}:{seconds % 60:02}", style),
                ("" if self.timing.running else " paused", style),
                f"  {shown(self.timing.about)}",
            )
        )
