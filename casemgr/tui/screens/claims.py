"""A month's claims: how far each one's documentation is, drafting and printing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.getters import query_one
from textual.reactive import reactive
from textual.widgets import Static

from casemgr.core.claim_life import status_label
from casemgr.core.dates import format_us
from casemgr.core.money import format_cents
from casemgr.core.rows import ClaimRow
from casemgr.tui import jobs_claims, jobs_month
from casemgr.tui.commands import hidden
from casemgr.tui.jobs_claims import ClaimsRead, Printed, ReadinessRead
from casemgr.tui.progress import ProgressLine
from casemgr.tui.screens.claim import ClaimScreen
from casemgr.tui.screens.menu import Answer, MenuScreen
from casemgr.tui.screens.monthly import month_keys
from casemgr.tui.screens.page import About
from casemgr.tui.screens.releasing import Releasing
from casemgr.tui.screens.working import WorkingPage
from casemgr.tui.widgets.columns import Column, fit, heading, line, text
from casemgr.tui.widgets.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

    from casemgr.core.readiness import Readiness
    from casemgr.services.claim_page import ClaimsView
    from casemgr.services.releases import ReleaseWish
    from casemgr.tui.seat import Seat

AT_ONCE = 25
"""Claims that are checked in one go, so that other work need not wait."""
ONWARD = (Answer("r", "Make ready to be sent"), Answer("s", "Submit: sent electronically today"))


class ClaimList(Listing[ClaimRow]):
    """Claims by number, those taken back in grey."""

    HELP = (
        "The month's claims. Ready says how ready each is, of 100, and in how many errors it stands; enter "
        "opens a claim with what it lacks. Tick several to make them ready, submit or print them together."
    )
    BINDING_GROUP_TITLE = "Claims"
    TICKS = True

    COLUMNS = (
        Column("Claim", 14, 18),
        Column("Patient", 12, 32, 3),
        Column("Born", 10),
        Column("Payer", 10, 30, 2, from_width=94),
        Column("Lines", 5, right=True, from_width=101),
        Column("Min", 5, right=True, from_width=82),
        Column("Charge", 9, right=True),
        Column("Ready", 8),
        Column("State", 12),
    )

    def __init__(self) -> None:
        """No claims yet, and of none is it known how far it is."""
        super().__init__("claim_list")
        self.ready: dict[str, Readiness] = {}

    def head(self, width: int) -> Content:
        """The columns' titles."""
        return heading(self.COLUMNS, fit(self.COLUMNS, width))

    def draw(self, row: ClaimRow, width: int) -> Sequence[Content]:
        """One claim."""
        grey = "$foreground-muted" if row.voided else ""
        cells = {
            "Claim": text(row.number, grey),
            "Patient": text(row.patient, grey or "bold"),
            "Born": text(format_us(row.birth_date), grey),
            "Payer": text(row.payer_name, grey),
            "Lines": text(str(row.lines), grey),
            "Min": text(f"{row.minutes:,}", grey),
            "Charge": text(format_cents(row.charge_cents), grey),
            "Ready": Content("") if row.voided else score(self.ready.get(row.number)),
            "State": text("voided" if row.voided else status_label(row.status), grey),
        }
        return (line(self.COLUMNS, fit(self.COLUMNS, width), cells),)

    def weigh(self, found: dict[str, Readiness]) -> None:
        """It is known how far some claims are."""
        self.ready |= found
        self.redraw()


def score(ready: Readiness | None) -> Content:
    """`74 ✗2`: how ready of 100, and how many errors; an ellipsis while that is not known."""
    if ready is None:
        return Content.styled("…", "$foreground-muted")
    errors = ready.count("error")
    style = "$text-success" if ready.ready else "$text-warning"
    return Content.assemble((f"{ready.score:>3}", style), (f" ✗{errors}" if errors else "", "$text-error"))


class ClaimsScreen(WorkingPage, Releasing):
    """The claims of a month."""

    PLACE = "claims"
    CSS_PATH = "claims.tcss"
    HELP = (
        "The claims of a month. Drafting makes one for each patient and coverage of what was logged and "
        "signed; a claim shows its lines, its narrative as it will be printed, and what is missing."
    )
    BINDING_GROUP_TITLE = "Claims"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("D", "draft", "Draft", tooltip="Draft claims of what can be billed", id="claims.draft"),
        Binding("o", "onward", "Onward", tooltip="Make the marked or ticked claims ready, or submit them",
                id="claims.onward"),
        Binding("P", "print", "Print", tooltip="Print the marked or ticked claims", id="claims.print"),
        hidden("K", "packets", "Packets", "Print the marked or ticked claims with all that goes with them",
               "claims.packets"),
        Binding("b", "balances", "Balances", tooltip="See what is owed, by whom and for how long",
                id="claims.balances"),
        Binding("escape", "stop", "Stop", key_display="esc", tooltip="Stop printing", id="claims.stop"),
        hidden("v", "voided", "Voided", "Show those taken back, or leave them out", "claims.voided"),
        *month_keys("claims"),
    ]  # fmt: skip

    listing = query_one(ClaimList)

    view: reactive[ClaimsView | None] = reactive(None)
    """What is shown, as it was read last."""

    def __init__(self, seat: Seat) -> None:
        """The present month, or the one before where the present one has no claims yet."""
        super().__init__(seat)
        self._voided = False
        self._begun = False

    def body(self) -> ComposeResult:
        """What the month has, the claims, the printing beneath."""
        yield Static(id="claims_title")
        yield ClaimList()
        yield ProgressLine(id="progress")

    def on_mount(self) -> None:
        """Begin at the list."""
        self.set_focus(self.listing)

    def read(self) -> None:
        """Have the claims read anew."""
        job = partial(jobs_claims.view_claims, month=self.months.shown, include_voided=self._voided)
        self.ask(job, replaces="claims")

    def arrive(self, at: str) -> None:
        """Open the claim of that number."""
        self.listing.mark(at)
        self.open(ClaimScreen(self.seat, at))

    def about(self) -> About:
        """The marked claim's patient."""
        row = self.listing.marked
        return About(row.patient_id) if row is not None else About()

    @on(ClaimsRead)
    def _read(self, message: ClaimsRead) -> None:
        view = message.view
        if view.month != self.months.shown:
            return
        if not self._begun:
            self._begun = True
            if not view.claims and not view.to_draft:
                self.months.step(-1)
                self.look()
                return
        self.pulse = view.pulse
        self.view = view

    def watch_view(self, view: ClaimsView | None) -> None:
        """Hand the parts down, and see how far each claim is."""
        if view is None:
            return
        live = sum(not row.voided for row in view.claims)
        waiting = (
            f"   {view.to_draft:,} more to draft, {format_cents(view.to_draft_cents)}"
            if view.to_draft
            else ""
        )
        self.query_one("#claims_title", Static).update(
            Content.assemble(
                (view.month.title, "bold"),
                f"   {live:,} {'claim' if live == 1 else 'claims'} · {format_cents(view.charge_cents)}",
                (waiting, "$text-warning"),
            )
        )
        rows = {row.number: row for row in view.claims}
        self.listing.border_title = "" if rows else "No claims: D drafts them"
        self.listing.show(tuple(rows), rows)
        self._weigh([row.number for row in view.claims if not row.voided])

    def _weigh(self, numbers: Sequence[str]) -> None:
        for start in range(0, len(numbers), AT_ONCE):
            some = numbers[start : start + AT_ONCE]
            self.ask(partial(jobs_claims.weigh, numbers=some), replaces=f"weigh {start}")

    @on(ReadinessRead)
    def _weighed(self, message: ReadinessRead) -> None:
        self.listing.weigh(message.found)

    @on(ClaimList.Chosen, "#claim_list")
    def _open(self, message: ClaimList.Chosen) -> None:
        self.open(ClaimScreen(self.seat, message.key))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Printing needs something to print."""
        if action in {"print", "packets", "onward"}:
            return self.course is None and bool(self.live)
        return super().check_action(action, parameters)

    @property
    def live(self) -> list[str]:
        """Numbers of the chosen claims that stand."""
        rows = (self.listing.row(key) for key in self.listing.chosen)
        return [row.number for row in rows if row is not None and not row.voided]

    def action_draft(self) -> None:
        """Draft the month's claims."""
        if self.view is not None:
            self.ask(partial(jobs_month.draft, month=self.view.month))

    def action_onward(self) -> None:
        """Ask what is to be done with what is chosen."""
        count = len(self.live)
        words = "All of them, or none where one of them cannot." if count > 1 else ""
        title = "1 claim" if count == 1 else f"{count} claims"
        self.app.push_screen(MenuScreen(title, words, ONWARD), self._onward)

    def _onward(self, answer: str | None) -> None:
        if answer == "r":
            self.ask(partial(jobs_claims.make_ready, numbers=self.live))
        elif answer == "s":
            self.ask(partial(jobs_claims.submit, numbers=self.live))

    def action_balances(self) -> None:
        """See what is owed."""
        from casemgr.tui.screens.balances import BalancesScreen

        self.open(BalancesScreen(self.seat))

    def action_print(self) -> None:
        """Print what is chosen."""
        self._print(jobs_claims.print_pages)

    def action_packets(self) -> None:
        """Print what is chosen, with all that goes with it."""
        self._print(jobs_claims.print_packets)

    def _print(self, pages: Callable[..., Printed]) -> None:
        self.release(partial(self._print_them, pages, self.live))

    def _print_them(self, pages: Callable[..., Printed], numbers: Sequence[str], wish: ReleaseWish) -> None:
        if self.course is None:
            stopped = "Claims that were printed before are there, and recorded; the others are not."
            course = self.begin("Printing", len(numbers), stopped)
            self.ask(partial(pages, numbers=numbers, course=course, wish=wish))

    @on(Printed)
    def _printed(self, message: Printed) -> None:
        self.listing.untick()
        self.ended()
        self.acted(message.acted)

    def action_voided(self) -> None:
        """Show those taken back, or leave them out."""
        self._voided = not self._voided
        self.look()
