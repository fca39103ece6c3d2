"""A step of the first start, whose work is done off the event loop."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from textual.screen import Screen

from casemgr.tui.lane import answered
from casemgr.tui.messages import Faulted, Opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.message import Message

    from casemgr.tui.welcome import WelcomeApp


class Step(Screen[None]):
    """A step of the first start."""

    @property
    def first(self) -> WelcomeApp:
        """The application."""
        return cast("WelcomeApp", self.app)

    def do(self, job: Callable[[], Message]) -> None:
        """Have something done off the event loop."""
        self.run_worker(partial(self._do, job), thread=True)

    def _do(self, job: Callable[[], Message]) -> None:
        answer = answered(job)
        # A practice that is there is opened, whether or not this step is still shown.
        (self.app if isinstance(answer, Opened | Faulted) else self).post_message(answer)
