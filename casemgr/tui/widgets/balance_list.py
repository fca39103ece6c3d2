"""What payers and patients owe: the sums by age, and the claims, the oldest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from casemgr.core.aging import BUCKETS
from casemgr.core.dates import format_us
from casemgr.core.money import format_cents
from casemgr.services.aging import AgedClaim
from casemgr.tui.text import shown
from casemgr.tui.widgets.columns import Column, fit, heading, line, text
from casemgr.tui.widgets.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casemgr.services.aging import Aging

LATE = ("", "", "$text-warning", "bold $text-error")
"""How each of BUCKETS stands out."""
MOST_PAYERS = 4
"""Payers whose own sums are shown; the list itself has them all."""


class BalanceList(Listing[AgedClaim]):
    """Claims of which something is owed, the oldest first."""

    HELP = (
        "Claims of which something is owed or to be done, by the days since they were first sent, the oldest "
        "first: what the insurer owes apart from what the patient owes. Enter opens the claim."
    )
    BINDING_GROUP_TITLE = "Balances"

    COLUMNS = (
        Column("Claim", 14, 18),
        Column("Patient", 12, 30, 2),
        Column("Payer", 10, 26, 1, from_width=110),
        Column("State", 12, from_width=100),
        Column("Days", 4, right=True),
        Column("Insurer", 9, right=True),
        Column("Patient owes", 12, right=True, from_width=94),
        Column("Next", 10, 34, 2),
        Column("By", 10),
    )

    def head(self, width: int) -> Content:
        """The columns' titles."""
        return heading(self.COLUMNS, fit(self.COLUMNS, width))

    def draw(self, row: AgedClaim, width: int) -> Sequence[Content]:
        """One claim."""
        one = row.row
        due = one.next_action_on or one.deadline
        cells = {
            "Claim": text(one.claim_number),
            "Patient": text(one.patient, "bold"),
            "Payer": text(one.payer),
            "State": text(one.status),
            "Days": text("" if one.age_days is None else str(one.age_days), LATE[row.bucket]),
            "Insurer": text(format_cents(one.insurer_cents), LATE[row.bucket]),
            "Patient owes": text(format_cents(one.patient_cents) if one.patient_cents else ""),
            "Next": text(one.next_action),
            "By": text(format_us(due or "")),
        }
        return (line(self.COLUMNS, fit(self.COLUMNS, width), cells),)


def sums_of(aging: Aging) -> Content:
    """What is owed by age, of all and of each payer, money under money."""
    payers = aging.payers if 1 < len(aging.payers) <= MOST_PAYERS else ()
    rows = [("All", aging.buckets, aging.total), *((one.payer, one.buckets, one.total) for one in payers)]
    name = min(26, max(len(row[0]) for row in rows))
    head = "".join(f"{bucket + ' d':>12}" for bucket in BUCKETS)
    lines = [
        Content.styled(f"{'':{name}}{head}{'Insurer':>12}{'Patient':>12}", "$foreground-muted"),
    ]
    for title, buckets, total in rows:
        cells = [
            (f"{format_cents(owed.insurer_cents):>12}", style)
            for owed, style in zip(buckets, LATE, strict=True)
        ]
        cells += [
            (f"{format_cents(total.insurer_cents):>12}", "bold"),
            (f"{format_cents(total.patient_cents):>12}", ""),
        ]
        lines.append(Content.assemble(f"{shown(title)[:name]:{name}}", *cells))
    return Content("\n").join(lines)


def about_of(one: AgedClaim | None) -> Content:
    """What the payer said last about the marked claim, and its deadline."""
    if one is None:
        return Content()
    row = one.row
    parts = [f"{row.payer} · {row.status}", f"sent {format_us(row.sent_on)}" if row.sent_on else "not sent"]
    if row.answer:
        parts.append(f"answered {format_us(row.answered_on or '')}: {row.answer}")
    if row.deadline:
        parts.append(f"{row.deadline_of} by {format_us(row.deadline)}")
    if one.overpaid_cents:
        parts.append(f"overpaid by {format_cents(one.overpaid_cents)}")
    return Content(shown(" · ".join(parts)))
