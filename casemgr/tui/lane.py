"""The one thread that touches the desk, in the order in which it is asked."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from casemgr.errors import CasemgrError
from casemgr.tui.messages import Faulted, Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from textual.message import Message
    from textual.message_pump import MessagePump

    from casemgr.services.desk import Desk

    Job = Callable[[Desk], Message]

T = TypeVar("T")


class Lane:
    """Works for the screens off the event loop. An answer is a message; nothing here knows a widget."""

    def __init__(self, desk: Desk) -> None:
        """Take the desk over: from now on nobody else may touch it."""
        self._desk = desk
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="desk")
        self._waiting: dict[str, Future[None]] = {}
        self._due: set[str] = set()
        """Names of jobs that are done even when the program is left."""

    def ask(self, to: MessagePump, job: Job, replaces: str = "", due: bool = False) -> None:
        """Have a job done, and its answer posted.

        Args:
            to: who gets the answer: the job's message, Refused or Faulted.
            job: what to do with the desk.
            replaces: a name; an earlier job of that name that has not begun is dropped.
            due: whether it is done even when the program is left before its turn: a draft is kept then.
        """
        if due:
            self._due.add(replaces)
        if replaces and (earlier := self._waiting.get(replaces)):
            earlier.cancel()
        asked = self._thread.submit(self._answer, to, job)
        if replaces:
            self._waiting[replaces] = asked

    async def look_up(self, job: Callable[[Desk], T]) -> T:
        """What a job finds, for what has to wait for it."""
        return await asyncio.wrap_future(self._thread.submit(job, self._desk))

    async def settled(self) -> None:
        """Wait until all that was asked so far is done."""
        await self.look_up(lambda _: None)

    def close(self) -> None:
        """Drop what only reads, finish what was begun, and leave the desk."""
        for name, waiting in self._waiting.items():
            if name not in self._due:
                waiting.cancel()
        self._thread.submit(self._desk.close)
        self._thread.shutdown()

    def _answer(self, to: MessagePump, job: Job) -> None:
        to.post_message(answered(partial(job, self._desk)))


def answered(job: Callable[[], Message]) -> Message:
    """What a job answers: its own message, Refused or Faulted."""
    try:
        return job()
    except CasemgrError as error:
        return Refused(error)
    except Exception as error:
        return Faulted(error)
