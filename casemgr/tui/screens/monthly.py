"""A screen that shows a month: the present one, until another is stepped to or asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.tui.commands import hidden
from casemgr.tui.months import Months
from casemgr.tui.screens.page import Page

if TYPE_CHECKING:
    from textual.binding import Binding

    from casemgr.tui.seat import Seat


def month_keys(place: str) -> tuple[Binding, ...]:
    """The keys that lead from month to month, with ids of their own for each place."""
    return (
        hidden(
            "left_square_bracket", "step(-1)", "Month before", "Show the month before", f"{place}.before", "["
        ),
        hidden(
            "right_square_bracket", "step(1)", "Month after", "Show the month after", f"{place}.after", "]"
        ),
        hidden("m", "choose", "Month", "Show a month that you type", f"{place}.choose"),
        hidden("0", "present", "This month", "Show the present month again", f"{place}.present"),
    )


class MonthlyPage(Page):
    """A page of one month. A subclass has `month_keys` among its bindings, and reads `months.shown`."""

    def __init__(self, seat: Seat) -> None:
        """The present month."""
        super().__init__(seat)
        self.months = Months(seat)

    def show_month(self) -> None:
        """Another month is wanted: have it read."""
        self.look()

    def action_step(self, months: int) -> None:
        """Show another month."""
        self.months.step(months)
        self.show_month()

    def action_present(self) -> None:
        """Show the present month again."""
        self.months.present()
        self.show_month()

    def action_choose(self) -> None:
        """Ask for a month."""
        self.months.choose(self, self.show_month)
