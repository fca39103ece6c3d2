"""Before a file is written: for whom it is encrypted, or whether it may leave in the clear."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import on

from casemgr.tui.jobs_release import ReleaseRead, read_release
from casemgr.tui.screens.menu import Answer, MenuScreen
from casemgr.tui.screens.page import Page
from casemgr.tui.screens.pick import Option, PickScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.services.recipients import ListedRecipient
    from casemgr.services.releases import ReleaseWish
    from casemgr.tui.seat import Seat

    Write = Callable[[ReleaseWish], None]

ASKED = (
    "Anyone who gets this file can read it. It can be encrypted instead: `casemgr recipient add` takes the "
    "key of whom it is for.\nYou are asked this once; the record keeps your answer."
)
ANSWERS = (Answer("y", "Yes, in the clear"), Answer("n", "No, write nothing"))
IN_THE_CLEAR = Option("", "In the clear", "anyone who gets it can read it")


class Releasing(Page):
    """A page that writes files. A subclass names it after its other bases, whose styles count."""

    def __init__(self, seat: Seat) -> None:
        """Nothing is to be written."""
        super().__init__(seat)
        self._write: Write | None = None

    def release(self, write: Write) -> None:
        """Have files written, once it is known how they leave."""
        self._write = write
        self.ask(read_release, replaces="release")

    @on(ReleaseRead)
    def _release_read(self, message: ReleaseRead) -> None:
        if not message.recipients:
            self._in_clear(message.allowed)
            return
        options = (IN_THE_CLEAR, *map(_option, message.recipients))
        self.app.push_screen(
            PickScreen("Encrypt it for whom?", options), partial(self._picked, message.allowed)
        )

    def _picked(self, allowed: bool, option: Option | None) -> None:
        if option == IN_THE_CLEAR:
            self._in_clear(allowed)
        elif option is not None:
            from casemgr.services.releases import ReleaseWish

            self._go_on(ReleaseWish(recipients=(option.key,)))

    def _in_clear(self, allowed: bool) -> None:
        if allowed:
            self._answered("y")
        else:
            self.app.push_screen(MenuScreen("Write it in the clear?", ASKED, ANSWERS), self._answered)

    def _answered(self, answer: str | None) -> None:
        if answer == "y":
            from casemgr.services.releases import ReleaseWish

            self._go_on(ReleaseWish(clear=True))

    def _go_on(self, wish: ReleaseWish) -> None:
        write, self._write = self._write, None
        if write is not None:
            write(wish)


def _option(one: ListedRecipient) -> Option:
    """A recipient to choose."""
    return Option(one.name, one.name, f"{one.note} · {one.short}" if one.note else one.short)
