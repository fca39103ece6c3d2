"""Balances: what payers and patients owe by the age of each claim, and what is to be done next."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.getters import query_one
from textual.reactive import reactive
from textual.widgets import Static

from casemgr.core.dates import format_us
from casemgr.tui import jobs_claims
from casemgr.tui.jobs_claims import BalancesRead
from casemgr.tui.screens.claim import ClaimScreen
from casemgr.tui.screens.page import About, Page
from casemgr.tui.screens.pick import Option, PickScreen
from casemgr.tui.widgets.balance_list import BalanceList, Sums, about_of

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from casemgr.services.aging import Aging
    from casemgr.tui.seat import Seat

ALL = "all"
"""The choice that is no payer."""


class BalancesScreen(Page):
    """What is owed today."""

    PLACE = "claims"
    CSS_PATH = "balances.tcss"
    HELP = (
        "What is owed today: the insurer's part by the days since each claim was first sent, the patient's "
        "apart from it, and what is to be done next by when."
    )
    BINDING_GROUP_TITLE = "Balances"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Claims", key_display="esc", tooltip="Back to the claims",
                id="balances.back"),
        Binding("w", "whose", "Whose", tooltip="Show one payer's only", id="balances.whose"),
    ]  # fmt: skip

    listing = query_one(BalanceList)

    view: reactive[Aging | None] = reactive(None)
    """What is shown, as it was read last."""

    def __init__(self, seat: Seat) -> None:
        """All payers'."""
        super().__init__(seat)
        self._payer = ""
        self._payers: tuple[str, ...] = ()

    def body(self) -> ComposeResult:
        """The sums, the claims, what is known of the marked one."""
        yield Sums(id="sums")
        yield BalanceList("balances")
        yield Static(id="marked")

    def on_mount(self) -> None:
        """Begin at the list."""
        self.set_focus(self.listing)

    def look(self) -> None:
        """Have the balances read anew."""
        self.ask(partial(jobs_claims.read_balances, payer=self._payer), replaces="balances")

    def about(self) -> About:
        """The marked claim's patient."""
        row = self.listing.marked
        return About(row.patient_id) if row is not None else About()

    @on(BalancesRead)
    def _read(self, message: BalancesRead) -> None:
        if message.payer == self._payer:
            self.pulse = message.pulse
            if not self._payer:
                self._payers = tuple(one.payer for one in message.aging.payers)
            self.view = message.aging

    def watch_view(self, view: Aging | None) -> None:
        """Hand the parts down."""
        if view is None:
            return
        self.query_one(Sums).aging = view
        rows = {one.row.claim_number: one for one in view.claims}
        day = format_us(view.as_of)
        count = f"{len(rows)} {'claim' if len(rows) == 1 else 'claims'} on {day}"
        self.listing.border_title = (
            f"{count}, by days since first sent" if rows else f"Nothing is owed on {day}"
        )
        self.listing.show(tuple(rows), rows)
        self._mark()

    @on(BalanceList.Moved)
    def _mark(self) -> None:
        self.query_one("#marked", Static).update(about_of(self.listing.marked))

    @on(BalanceList.Chosen)
    def _open(self, message: BalanceList.Chosen) -> None:
        self.open(ClaimScreen(self.seat, message.key))

    def action_back(self) -> None:
        """Back to the claims."""
        self.dismiss(None)

    def action_whose(self) -> None:
        """Ask which payer's are wanted."""
        options = [Option(ALL, "All payers", ""), *(Option(name, name, "") for name in self._payers)]
        self.app.push_screen(PickScreen("Which payer's?", options), self._picked)

    def _picked(self, option: Option | None) -> None:
        if option is not None:
            self._payer = "" if option.key == ALL else option.key
            self.look()
