"""Which month a screen shows: the present one, until another is asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from casemgr.clock import local_date
from casemgr.core.dates import Month
from casemgr.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.tui.screens.page import Page
    from casemgr.tui.seat import Seat


class Months:
    """A month that is stepped through or asked for."""

    def __init__(self, seat: Seat) -> None:
        """The present month."""
        self._seat = seat
        self._chosen: Month | None = None

    @property
    def shown(self) -> Month:
        """The month that is wanted; the present one moves on at midnight."""
        return self._chosen or self._present

    @shown.setter
    def shown(self, month: Month) -> None:
        self._chosen = None if month == self._present else month

    @property
    def _present(self) -> Month:
        return Month.of(local_date(self._seat.clock.now(), self._seat.zone))

    def step(self, months: int) -> None:
        """Go on by a month, or back."""
        edge = self.shown.last + timedelta(days=1) if months > 0 else self.shown.first - timedelta(days=1)
        self.shown = Month.of(edge)

    def present(self) -> None:
        """Go back to the present month."""
        self._chosen = None

    def choose(self, page: Page, then: Callable[[], None]) -> None:
        """Ask for a month on a screen; `then` is called once it is another."""
        from casemgr.tui.screens.ask import AskScreen

        def chosen(written: str | None) -> None:
            if written is None:
                return
            try:
                self.shown = Month.parse(written)
            except ParseError as error:
                page.notify(str(error), title="That is no month", severity="warning", markup=False)
            else:
                then()

        page.app.push_screen(AskScreen("Month", "Such as 2026-10 or oct 2026.", str(self.shown)), chosen)
