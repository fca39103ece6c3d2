"""A month's page with work that takes a while: one thing at a time, which can be stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.getters import query_one

from casemgr.tui.messages import Refused
from casemgr.tui.progress import Course, Progressed, ProgressLine
from casemgr.tui.screens.monthly import MonthlyPage

if TYPE_CHECKING:
    from casemgr.tui.seat import Seat


class WorkingPage(MonthlyPage):
    """A subclass has a ProgressLine in its body, esc for `stop` among its bindings, and reads in `read`."""

    progress = query_one(ProgressLine)

    def __init__(self, seat: Seat) -> None:
        """Nothing runs."""
        super().__init__(seat)
        self.course: Course | None = None
        """What runs; None where nothing does."""
        self._doing = ""

    def read(self) -> None:
        """Have what is shown read anew; asked for only while nothing runs."""
        raise NotImplementedError

    def look(self) -> None:
        """Have what is shown read anew, unless something runs: it ends with a look."""
        if self.course is None:
            self.read()

    def begin(self, doing: str, total: int, once_stopped: str) -> Course:
        """Something begins to run.

        Args:
            doing: what, such as `Printing`.
            total: how much there is to do; 0 where nobody knows.
            once_stopped: what is there where it was stopped.
        """
        self._doing = doing
        self.course = Course(self, total, once_stopped)
        self.add_class("-working")
        self._progressed(Progressed(0, total))
        self.refresh_bindings()
        return self.course

    @on(Progressed)
    def _progressed(self, message: Progressed) -> None:
        if self.course is not None:
            self.progress.progress = (self._doing, message.done, message.total)

    @on(Refused)
    def _not_done(self) -> None:
        # The panel is Page's; here the bar goes. A look that was refused is not taken again at once.
        if self.course is not None:
            self.ended()

    def ended(self) -> None:
        """Nothing runs any more; show how things stand now."""
        self.course = None
        self.remove_class("-working")
        self.progress.progress = None
        self.refresh_bindings()
        self.look()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Stopping needs something that runs."""
        return self.course is not None if action == "stop" else super().check_action(action, parameters)

    def action_stop(self) -> None:
        """Stop it."""
        if self.course is not None:
            self.course.stop()
