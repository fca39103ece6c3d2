"""The parts of a claim's screen: its lines, what the checks find, and the texts above and below."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from casemgr.core.claim_life import status_label
from casemgr.core.dates import format_us
from casemgr.core.findings import Severity
from casemgr.core.minutes import format_minutes
from casemgr.core.money import format_cents
from casemgr.services.denials import told as told_denials
from casemgr.tui.text import shown
from casemgr.tui.widgets.columns import Column, fit, heading, line, text
from casemgr.tui.widgets.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casemgr.core.findings import Finding
    from casemgr.core.summary import ShownLine
    from casemgr.services.claim_page import ClaimPage


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


class Checked(NamedTuple):
    """A finding, or a point of the checklist that is met."""

    sign: str
    """✗ is an error, ! is to be looked at, · is good to know, ✓ is met."""
    title: str
    why: str = ""
    finding: Finding | None = None


SIGNS = {
    "✗": "bold $text-error",
    "!": "bold $text-warning",
    "·": "$foreground-muted",
    "✓": "$text-success",
}
SIGN_OF = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.NOTE: "·"}


class Findings(Listing[Checked]):
    """What the checks find, and what is met."""

    HELP = (
        "What the checks find, the gravest first. ✗ would be denied, ! is to be looked at, · is good to "
        "know, ✓ is met. The marked one stands below in full, with the rule and its source. Enter goes to "
        "where it is mended."
    )
    BINDING_GROUP_TITLE = "Checks"

    def row_lines(self, width: int) -> int:
        """What it is, and why."""
        return 2

    def draw(self, row: Checked, width: int) -> Sequence[Content]:
        """One of them in two lines."""
        where = "" if row.finding is None or row.finding.mend is None else f"  → {row.finding.mend.record}"
        why = Content.styled(shown(row.why), "$foreground-muted")
        why = why.truncate(max(8, width - 2 - len(where)), ellipsis=True)
        strong = "bold" if row.sign in "✗!" else ""
        return (
            Content.assemble((f"{row.sign} ", SIGNS[row.sign]), (shown(row.title), strong)),
            Content.assemble("  ", why, (where, "$text-accent")),
        )


def checked(page: ClaimPage) -> list[Checked]:
    """The gravest first, and what is met last."""
    found = page.readiness.findings if page.readiness is not None else ()
    rows = [Checked(SIGN_OF[one.severity], one.title, one.why or one.rule, one) for one in found]
    rows += [Checked("!", warning) for warning in page.summary.warnings]
    rows += [Checked("✓", check.text, check.evidence) for check in page.summary.checklist if check.satisfied]
    return rows


def in_full(row: Checked | None) -> Content:
    """A finding with all that there is to say about it."""
    if row is None:
        return Content()
    finding = row.finding
    parts = [Content.assemble((f"{row.sign} ", SIGNS[row.sign]), (shown(row.title), "bold"))]
    if row.why:
        parts.append(Content(shown(row.why)))
    if finding is not None and finding.rule and finding.rule != row.why:
        parts.append(Content.assemble(("Rule: ", "$foreground-muted"), shown(finding.rule)))
    if finding is not None and finding.source:
        parts.append(Content.assemble(("Source: ", "$foreground-muted"), shown(finding.source)))
    return Content("\n").join(parts)


def title_of(page: ClaimPage) -> Content:
    """Whose claim it is, under what, how ready it is, and where it stands."""
    claim, summary = page.claim, page.summary
    who = summary.patient
    state, style = _state(page)
    lines = [
        Content.assemble(
            (shown(f"{who.name}  {format_us(who.birth_date)}  #{who.chart_number}"), "bold"),
            f"   Claim {shown(claim.number)}   ",
            (state, style),
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
    if claim.submissions:
        lines.append(_standing(page))
    return Content("\n").join(lines)


def _state(page: ClaimPage) -> tuple[str, str]:
    if page.claim.voided or page.readiness is None:
        return "VOIDED", "bold $text-error"
    state = status_label(page.claim.status).upper()
    score = f"{state}  {page.readiness.score} %"
    return score, "bold $text-success" if page.readiness.ready else "bold $text-warning"


def _standing(page: ClaimPage) -> Content:
    """When it was sent, what came of it, and what comes next."""
    claim, money = page.claim, page.account.money
    parts = [f"sent {format_us(claim.submissions[-1].sent_on)}"]
    amounts = (
        ("paid", money.paid_cents),
        ("by contract", money.contractual_cents),
        ("patient", money.patient_cents),
        ("denied", money.denied_cents),
        ("written off", money.written_off_cents),
    )
    parts += [f"{name} {format_cents(cents)}" for name, cents in amounts if cents]
    if money.insurer_cents:
        parts.append(f"open {format_cents(money.insurer_cents)}")
    if claim.appeal_by:
        parts.append(f"appeal by {format_us(claim.appeal_by)}")
    if claim.next_action:
        parts.append(f"next: {claim.next_action} {format_us(claim.next_action_on)}")
    owed = Content.styled("  A CORRECTED CLAIM IS OWED", "bold $text-error") if claim.amendment_owed else ""
    return Content.assemble(shown(" · ".join(parts)), owed)


def told_of(page: ClaimPage) -> Content:
    """What was denied and what to do, narrative, remarks text, what goes with it, and what was printed."""
    parts: list[Content] = []
    if page.help.reasons:
        parts.append(_head("Denied, and what to do about it"))
        parts += [Content(shown(each)) for each in told_denials(page.help)]
    parts.append(_head("Narrative, as it will be printed"))
    parts += [Content(shown(each)) for each in page.summary.narrative]
    parts += [
        _head(f"Remarks text, {len(page.remarks)} of 400 characters; y copies it"),
        Content(shown(page.remarks)),
    ]
    if page.attachments:
        parts.append(_head("Attached"))
        parts += [Content(shown(f"{one.what or one.name}  {one.pages} p.")) for one in page.attachments]
    if page.printed:
        parts.append(_head("Left the house"))
        parts += [
            Content(shown(f"{each.when}  {each.by}  {each.what}  {each.file}")) for each in page.printed
        ]
    return Content("\n").join(parts)


def _head(words: str) -> Content:
    return Content.styled(words, "bold $foreground-muted")
