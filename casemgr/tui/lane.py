"""The one thread that touches the desk, in the order in which it is asked."""

from __future__ import annotations

import asyncio
from concurrent.futures import CancelledError, ThreadPoolExecutor
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from casemgr.errors import CasemgrError, Damaged, StoreUnavailable
from casemgr.tui.messages import Faulted, Refused, Shut

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
        self._desk: Desk | None = desk
        """None while the lane is locked, and once it was left."""
        self.watcher: MessagePump | None = None
        """Who is told, by Shut, once the data cannot be used any more."""
        self._locking = False
        """Whether the desk is to be left, and no other is there yet."""
        self._desks: SimpleQueue[Desk | None] = SimpleQueue()
        """What a locked lane waits for: a desk, or None where there will be none."""
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
        return await asyncio.wrap_future(self._thread.submit(self._found, job))

    async def settled(self) -> None:
        """Wait until all that was asked so far is done, or waits for another desk."""
        if self._desk is not None:
            await self.look_up(lambda _: None)

    def lock(self) -> None:
        """Leave the desk once all that was asked so far is done; what is asked then waits for another."""
        if not self._locking:
            self._locking = True
            self._thread.submit(self._change_desks)

    def unlock(self, desk: Desk) -> None:
        """Take another desk over, in the place of the one that is left or will be."""
        self.lock()
        self._locking = False
        self._desks.put(desk)

    @property
    def is_locked(self) -> bool:
        """Whether the desk is left, and with it the key forgotten."""
        return self._desk is None

    def close(self) -> None:
        """Drop what only reads, finish what was begun, and leave the desk."""
        for name, waiting in self._waiting.items():
            if name not in self._due:
                waiting.cancel()
        self._desks.put(None)
        self._thread.submit(self._leave)
        self._thread.shutdown()

    def _answer(self, to: MessagePump, job: Job) -> None:
        # Without a desk, the program was left while it was locked.
        if self._desk is None:
            return
        answer = answered(partial(job, self._desk))
        error = answer.error if isinstance(answer, Refused) else None
        # A damaged file is still read, and shown as far as it can be.
        if isinstance(error, StoreUnavailable) and not isinstance(error, Damaged) and self.watcher:
            self.watcher.post_message(Shut(error))
        to.post_message(answer)

    def _found(self, job: Callable[[Desk], T]) -> T:
        if self._desk is None:
            raise CancelledError
        return job(self._desk)

    def _change_desks(self) -> None:
        self._leave()
        self._desk = self._desks.get()

    def _leave(self) -> None:
        if self._desk is not None:
            self._desk.close()
            self._desk = None


def answered(job: Callable[[], Message]) -> Message:
    """What a job answers: its own message, Refused or Faulted."""
    try:
        return job()
    except CasemgrError as error:
        return Refused(error)
    except Exception as error:
        return Faulted(error)
