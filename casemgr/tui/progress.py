"""Work that takes a while: it says how far it is, and stops when it is told to."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from casemgr.errors import Cancelled

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

WIDTH = 24
"""Cells of the bar."""


@dataclass
class Progressed(Message):
    """How far something is."""

    done: int
    total: int
    """0 where it is not known how much there is to do."""


class Course:
    """What a job of the lane reports to while it runs, and is stopped by."""

    def __init__(self, to: MessagePump, total: int, once_stopped: str) -> None:
        """Report to a screen; `once_stopped` says what is there where it was stopped."""
        self._once_stopped = once_stopped
        self._to = to
        self._total = total
        self._stopped = Event()

    def stop(self) -> None:
        """Have it end at the next report."""
        self._stopped.set()

    def report(self, done: int) -> None:
        """Say how far it is; where it is not known how much there is to do, how much is done.

        Raises:
            Cancelled: somebody stopped it.
        """
        if self._stopped.is_set():
            raise Cancelled("It was stopped", self._once_stopped)
        self._to.post_message(Progressed(min(done, self._total or done), self._total))


class ProgressLine(Static):
    """A bar while something runs, else nothing."""

    progress: reactive[tuple[str, int, int] | None] = reactive(None)
    """What runs, how far it is, and how much there is to do."""

    def render(self) -> Content:
        """`Printing  ■■■□□□  50 %   esc stops it`."""
        if self.progress is None:
            return Content("")
        what, done, total = self.progress
        stops = ("   esc stops it", "$foreground-muted")
        if not total:
            return Content.assemble(f"{what}  {done:,}" if done else what, stops)
        full = WIDTH * done // max(1, total)
        return Content.assemble(
            f"{what}  ",
            ("■" * full, "$accent"),
            ("□" * (WIDTH - full), "$foreground-muted"),
            f"  {100 * done // max(1, total)} %",
            stops,
        )
