"""A claim: its lines, what the checks find and where to mend it, its money, and the narrative as printed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal, VerticalScroll
from textual.getters import query_one
from textual.reactive import reactive
from textual.widgets import Static

from casemgr.tui import jobs_claims
from casemgr.tui.jobs_claims import ClaimRead
from casemgr.tui.messages import Go
from casemgr.tui.screens.claim_deeds import ClaimDeeds
from casemgr.tui.widgets.claim_parts import ClaimLines, Findings, Work, checked, in_full, title_of, told_of

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from casemgr.services.claim_page import ClaimPage


class ClaimScreen(ClaimDeeds):
    """One claim."""

    PLACE = "claims"
    CSS_PATH = "claim.tcss"
    HELP = (
        "A claim as it stands: its lines, what the checks find, what was paid, and the narrative as it will "
        "be printed. What is missing is mended where it belongs, and stands here at once. o takes the next "
        "step of its life: ready, sent, paid, denied, appealed, corrected, closed."
    )

    lines = query_one(ClaimLines)
    checks = query_one(Findings)

    shown_page: reactive[ClaimPage | None] = reactive(None)
    """What is shown, as it was read last."""

    def body(self) -> ComposeResult:
        """Whose claim it is, lines beside checks, the marked finding and the narrative below."""
        yield Static(id="claim_title")
        with Horizontal(id="parts"):
            yield ClaimLines("lines")
            yield Findings("checks")
        with VerticalScroll(id="told"):
            yield Static(id="finding")
            yield Static(id="narrative")

    def on_mount(self) -> None:
        """Begin at the checks: they say what is to be done."""
        self.set_focus(self.checks)

    def look(self) -> None:
        """Have the claim read anew."""
        self.ask(partial(jobs_claims.read_claim, number=self.number), replaces="claim")

    @on(ClaimRead)
    def _read(self, message: ClaimRead) -> None:
        self.pulse = message.page.pulse
        self.shown_page = self.seen = message.page

    def watch_shown_page(self, page: ClaimPage | None) -> None:
        """Hand the parts down."""
        if page is None:
            return
        summary = page.summary
        self.query_one("#claim_title", Static).update(title_of(page))
        lines = {
            f"{number}": Work(*one) for number, one in enumerate(zip(summary.lines, page.work, strict=True))
        }
        self.lines.border_title = f"{len(lines)} {'line' if len(lines) == 1 else 'lines'}"
        self.lines.show(tuple(lines), lines)
        rows = {f"{number}": one for number, one in enumerate(checked(page))}
        signs = [one.sign for one in rows.values()]
        errors, warnings = signs.count("✗"), signs.count("!")
        self.checks.border_title = (
            f"{errors} {'error' if errors == 1 else 'errors'}" if errors else "No errors"
        ) + (f" · {warnings} to look at" if warnings else "")
        self.checks.show(tuple(rows), rows)
        self._mark()
        self.query_one("#narrative", Static).update(told_of(page))
        self.refresh_bindings()

    @on(Findings.Moved, "#checks")
    def _mark(self) -> None:
        self.query_one("#finding", Static).update(in_full(self.checks.marked))

    @on(Findings.Chosen, "#checks")
    def _mend(self) -> None:
        row = self.checks.marked
        if row is not None and row.finding is not None and row.finding.mend is not None:
            self.mend(row.finding.mend)

    @on(ClaimLines.Chosen, "#lines")
    def _activity(self, message: ClaimLines.Chosen) -> None:
        assert self.shown_page is not None
        behind = self.shown_page.claim.lines[int(message.key)].activity_ids
        self.post_message(Go("log", behind[0]))
