"""The part of the settings about who may unlock the data."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from textual import on
from textual.containers import Vertical
from textual.getters import query_one

from casemgr.tui import jobs_access
from casemgr.tui.jobs_access import Invitable, WordsMade
from casemgr.tui.screens.choose_secret import ChooseSecretScreen
from casemgr.tui.screens.menu import Answer, MenuScreen
from casemgr.tui.screens.recovery import RecoveryScreen
from casemgr.tui.widgets.access import AccessList

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from casemgr.tui.messages import Acted
    from casemgr.tui.screens.page import Page
    from casemgr.tui.widgets.access import Entrant

OWN = "Whoever knows it acts as you."
FIRST = "Tell it to them in person, or let them type it here themselves; they change it afterwards."
GONE = (
    "What they know opens nothing any more, and the data gets another key, which is checked: that may take a "
    "moment. Other windows ask for a passphrase again. Their last day is noted under Staff."
)
ANEW = "The words on the paper that there is open nothing any more. The new ones are shown once."


class AccessPart(Vertical):
    """Who has a passphrase, and what can be done about it."""

    listing = query_one(AccessList)

    def compose(self) -> ComposeResult:
        """The staff."""
        yield AccessList("access_list")

    def show_entrants(self, entrants: tuple[Entrant, ...], recovery: bool) -> None:
        """Show who may unlock the data."""
        may = sum(each.has for each in entrants)
        words = "recovery words made" if recovery else "no recovery words yet: R makes them"
        self.listing.border_title = f"{may} may unlock · {words}"
        self.listing.show([each.login for each in entrants], {each.login: each for each in entrants})

    @property
    def _page(self) -> Page:
        return cast("Page", self.screen)

    @on(AccessList.Change)
    @on(AccessList.Chosen, "#access_list")
    def _change(self) -> None:
        lane = self._page.seat.lane
        screen = ChooseSecretScreen(
            lane, "Your passphrase", OWN, (self._page.seat.login,), jobs_access.change_own, asks_old=True
        )
        self.app.push_screen(screen, self._done)

    @on(AccessList.Invite)
    def _invite(self) -> None:
        if (row := self.listing.marked) is not None:
            self._page.seat.lane.ask(self, partial(jobs_access.look_at, login=row.login))

    @on(Invitable)
    def _invitable(self, message: Invitable) -> None:
        screen = ChooseSecretScreen(
            self._page.seat.lane,
            f"A first passphrase for {message.name}",
            FIRST,
            message.known,
            partial(jobs_access.invite, login=message.login),
        )
        self.app.push_screen(screen, self._done)

    @on(AccessList.TakeAway)
    def _take_away(self) -> None:
        if (row := self.listing.marked) is not None:
            answers = (Answer("x", "Take it away"), Answer("k", "Let them keep it"))
            self.app.push_screen(
                MenuScreen(f"Take the passphrase of {row.name} away?", GONE, answers),
                partial(self._taken, row.login),
            )

    def _taken(self, login: str, answer: str | None) -> None:
        if answer == "x":
            self._page.ask(partial(jobs_access.take_away, login=login))

    @on(AccessList.Words)
    def _words(self) -> None:
        answers = (Answer("m", "Make new words"), Answer("k", "Leave it as it is"))
        self.app.push_screen(MenuScreen("New recovery words?", ANEW, answers), self._wanted)

    def _wanted(self, answer: str | None) -> None:
        if answer == "m":
            self._page.seat.lane.ask(self, jobs_access.new_words)

    @on(WordsMade)
    def _made(self, message: WordsMade) -> None:
        self.app.push_screen(RecoveryScreen(message.words))
        self._page.did(f"made {message.at} ✓")
        self._page.look()

    def _done(self, acted: Acted | None) -> None:
        if acted is not None:
            self._page.acted(acted)
            self._page.look()
