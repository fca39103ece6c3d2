"""A claim: lines, checks with where to mend them, and the narrative as it will be printed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.reactive import reactive
from textual.widgets import Static

from casemgr.core.dates import format_us
from casemgr.core.minutes import format_minutes
from casemgr.core.money import format_cents
from casemgr.tui import jobs_claims
from casemgr.tui.folders import show_folder
from casemgr.tui.jobs_claims import ClaimRead, Copied, Printed
from casemgr.tui.messages import Go
from casemgr.tui.screens.ask import AskScreen
from casemgr.tui.screens.page import About, Page
from casemgr.tui.text import shown
from casemgr.tui.widgets.columns import Column, fit, heading, line, text
from casemgr.tui.widgets.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from casemgr.core.summary import ShownLine
    from casemgr.services.claim_page import ClaimPage, Mend
    from casemgr.tui.seat import Seat


class Work(NamedTuple):
    """A line of the claim, with what was done for it."""

    line: ShownLine
    what: str


class ClaimLines(Listing[Work]):
    """The claim's service lines."""

    HELP = "The claim's lines, a service date and code each. Enter goes to the first activity behind one."
    BINDING_GROUP_TITLE = "Lines"

    COLUMNS = (
        Column("Date", 10),
        Column("Code", 5),
        Column("Work", 12, 60, 3),
        Column("Min", 4, right=True),
        Column("Qty", 3, right=True),
        Column("Charge", 10, right=True),
    )

    def head(self, width: int) -> Content:
        """The columns' titles."""
        return heading(self.COLUMNS, fit(self.COLUMNS, width))

    def draw(self, row: Work, width: int) -> Sequence[Content]:
        """One line."""
        cells = {
            "Date": text(format_us(row.line.service_date)),
            "Code": text(row.line.code),
            "Work": text(row.what),
            "Min": text(str(row.line.minutes)),
            "Qty": text(str(row.line.quantity)),
            "Charge": text(format_cents(row.line.charge_cents)),
        }
        return (line(self.COLUMNS, fit(self.COLUMNS, width), cells),)


class Finding(NamedTuple):
    """Something to know before the claim is sent."""

    sign: str
    """✗ is missing, ! is to be looked at, ✓ is met."""
    text: str
    evidence: str = ""
    mend: Mend | None = None


SIGNS = {"✗": "bold $text-error", "!": "bold $text-warning", "✓": "$text-success"}


class Findings(Listing[Finding]):
    """What is missing, what is to be looked at, and what is met."""

    HELP = (
        "What an auditor asks for. ✗ is missing, ! is to be looked at before the claim is sent, ✓ is met. "
        "Enter on what is missing goes to where it can be mended: the patient's case, or the activity."
    )
    BINDING_GROUP_TITLE = "Checks"

    def row_lines(self, width: int) -> int:
        """What it is, and what meets it or is missing."""
        return 2

    def draw(self, row: Finding, width: int) -> Sequence[Content]:
        """One of them in two lines."""
        sign = (f"{row.sign} ", SIGNS[row.sign])
        if not row.evidence:
            first, *rest = Content(shown(row.text)).wrap(max(8, width - 2))
            return Content.assemble(sign, first), Content.assemble("  ", *rest[:1])
        where = "" if row.mend is None else f"  → {row.mend.record}"
        evidence = Content.styled(shown(row.evidence), "$foreground-muted")
        evidence = evidence.truncate(max(8, width - 2 - len(where)), ellipsis=True)
        return (
            Content.assemble(sign, (shown(row.text), "" if row.sign == "✓" else "bold")),
            Content.assemble("  ", evidence, (where, "$text-accent")),
        )


def findings_of(page: ClaimPage) -> list[Finding]:
    """The most urgent first."""
    points = [
        Finding("✓" if check.satisfied else "✗", check.text, check.evidence, check.mend)
        for check in page.checks
    ]
    advice = [Finding("!", each) for each in (*page.summary.warnings, *page.summary.advice)]
    return sorted([*points, *advice], key=lambda one: "✗!✓".index(one.sign))


class ClaimScreen(Page):
    """One claim."""

    PLACE = "claims"
    CSS_PATH = "claim.tcss"
    HELP = (
        "A claim as it stands: its lines, the checklist of its documentation, and the narrative as it will "
        "be printed. What is missing is mended where it belongs, and stands here at once."
    )
    BINDING_GROUP_TITLE = "Claim"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Claims", key_display="esc", tooltip="Back to the claims", id="claim.back"),
        Binding("P", "print", "Print", tooltip="Print its documentation as PDF", id="claim.print"),
        Binding("y", "remarks", "Copy", tooltip="Copy the text for a remarks box", id="claim.remarks"),
        Binding("x", "void", "Void", tooltip="Take the claim back, with a reason", id="claim.void"),
        Binding("h", "history", "History", tooltip="Show what was done to the claim", id="claim.history"),
        Binding("O", "folder", "Folder", tooltip="Open the folder of its pages", id="claim.folder"),
    ]

    lines = query_one(ClaimLines)
    checks = query_one(Findings)

    shown_page: reactive[ClaimPage | None] = reactive(None)
    """What is shown, as it was read last."""

    def __init__(self, seat: Seat, number: str) -> None:
        """The claim of a number."""
        super().__init__(seat)
        self._number = number

    def body(self) -> ComposeResult:
        """Whose claim it is, lines beside checks, the narrative below."""
        yield Static(id="claim_title")
        with Horizontal(id="parts"):
            yield ClaimLines("lines")
            yield Findings("checks")
        with VerticalScroll(id="told"):
            yield Static(id="narrative")

    def on_mount(self) -> None:
        """Begin at the checks: they say what is to be done."""
        self.set_focus(self.checks)

    def look(self) -> None:
        """Have the claim read anew."""
        self.ask(partial(jobs_claims.read_claim, number=self._number), replaces="claim")

    def about(self) -> About:
        """The claim's patient."""
        return About(self.shown_page.claim.patient_id) if self.shown_page else About()

    @on(ClaimRead)
    def _read(self, message: ClaimRead) -> None:
        self.pulse = message.page.pulse
        self.shown_page = message.page

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
        checks = {f"{number}": one for number, one in enumerate(findings_of(page))}
        missing = sum(one.sign == "✗" for one in checks.values())
        look_at = sum(one.sign == "!" for one in checks.values())
        self.checks.border_title = (f"{missing} missing" if missing else "All points are met") + (
            f" · {look_at} to look at" if look_at else ""
        )
        self.checks.show(tuple(checks), checks)
        self.query_one("#narrative", Static).update(told_of(page))
        self.refresh_bindings()

    @on(Findings.Chosen, "#checks")
    def _mend(self) -> None:
        finding = self.checks.marked
        if finding is None:
            return
        mend = finding.mend
        if mend is None:
            words = "\n".join(part for part in (finding.text, finding.evidence) if part)
            self.notify(shown(words), markup=False, timeout=10)
        elif mend.record == "case":
            self.post_message(Go("patients", f"{mend.record_id}#case.{mend.field}"))
        else:
            self.post_message(Go("log", mend.record_id))

    @on(ClaimLines.Chosen, "#lines")
    def _activity(self, message: ClaimLines.Chosen) -> None:
        assert self.shown_page is not None
        behind = self.shown_page.claim.lines[int(message.key)].activity_ids
        self.post_message(Go("log", behind[0]))

    @on(Printed)
    def _printed(self, message: Printed) -> None:
        self.acted(message.acted)

    @on(Copied)
    def _copied(self, message: Copied) -> None:
        self.app.copy_to_clipboard(message.text)
        self.acted(message.acted)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A claim that was taken back is only looked at."""
        if action in {"print", "remarks", "void"}:
            return self.shown_page is not None and not self.shown_page.claim.voided
        return super().check_action(action, parameters)

    def action_back(self) -> None:
        """Back to the claims."""
        self.dismiss(None)

    def action_print(self) -> None:
        """Print its documentation."""
        self.ask(partial(jobs_claims.print_pages, numbers=(self._number,)))

    def action_remarks(self) -> None:
        """Copy the text for a remarks box."""
        self.ask(partial(jobs_claims.copy_remarks, number=self._number))

    def action_void(self) -> None:
        """Take it back, once a reason is given."""
        words = "Its activities can be amended and claimed again; the claim stays in the record, as voided."
        self.app.push_screen(AskScreen(f"Void claim {self._number}?", words, "why"), self._void_for)

    def _void_for(self, reason: str | None) -> None:
        if reason:
            self.ask(partial(jobs_claims.void, number=self._number, reason=reason))

    def action_history(self) -> None:
        """Show what was done to it."""
        from casemgr.tui.screens.history import HistoryScreen

        assert self.shown_page is not None
        self.open(HistoryScreen(self.seat, "claim", self.shown_page.claim.id))

    def action_folder(self) -> None:
        """Open the folder of its pages, or say where it is."""
        if not show_folder(self.seat.exports):
            self.app.copy_to_clipboard(str(self.seat.exports))
            self.notify(
                f"{self.seat.exports}\nIts name is on the clipboard.", title="The pages are in", markup=False
            )


def title_of(page: ClaimPage) -> Content:
    """Whose claim it is, under what, and how far it is."""
    claim, summary = page.claim, page.summary
    who = summary.patient
    met = sum(check.satisfied for check in page.checks)
    state = "VOIDED" if claim.voided else claim.status.upper()
    if claim.voided:
        style = "bold $text-error"
    else:
        style = "bold $text-success" if met == len(page.checks) else "bold $text-warning"
    return Content("\n").join(
        [
            Content.assemble(
                (shown(f"{who.name}  {format_us(who.birth_date)}  #{who.chart_number}"), "bold"),
                f"   Claim {shown(claim.number)}   ",
                (f"{state}  {met} of {len(page.checks)} points", style),
            ),
            Content.assemble(
                (f"{format_minutes(summary.minutes)} · {format_cents(summary.charge_cents)}", "bold"),
                (
                    shown(
                        f" · {format_us(summary.first_service)} to {format_us(summary.last_service)} · "
                        f"{summary.payer} · member {summary.member_id}"
                    ),
                    "$foreground-muted",
                ),
            ),
        ]
    )


def told_of(page: ClaimPage) -> Content:
    """The narrative, the remarks text, and what was printed."""
    parts = [Content.styled("Narrative, as it will be printed", "bold $foreground-muted")]
    parts += [Content(shown(each)) for each in page.summary.narrative]
    said = f"Remarks text, {len(page.remarks)} of 400 characters; y copies it"
    parts += [Content.styled(said, "bold $foreground-muted"), Content(shown(page.remarks))]
    if page.printed:
        parts.append(Content.styled("Left the house", "bold $foreground-muted"))
        parts += [
            Content(shown(f"{each.when}  {each.by}  {each.what}  {each.file}")) for each in page.printed
        ]
    return Content("\n").join(parts)
