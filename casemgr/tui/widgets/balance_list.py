"""What payers and patients owe: the sums by age, and the claims, the oldest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from casemgr.core.aging import BUCKETS
from casemgr.core.dates import format_us
from casemgr.core.money import format_cents
from casemgr.services.aging import AgedClaim
from casemgr.tui.text import shown
from casemgr.tui.widgets.columns import GAP, Column, fit, heading, line, text
from casemgr.tui.widgets.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.geometry import Size

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
        Column("Claim", 14, 16),
        Column("Patient", 12, 30, 2),
        Column("Payer", 10, 26, 1, from_width=134),
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


class Sums(Widget):
    """What is owed by age, of all and of each payer, money under money."""

    can_focus = False

    aging: reactive[Aging | None] = reactive(None, layout=True)
    """What to show."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A line for each, and the titles."""
        return len(self._lines(width))

    def render(self) -> Content:
        """All lines."""
        return Content("\n").join(self._lines(self.content_size.width))

    def _lines(self, width: int) -> list[Content]:
        return sums_of(self.aging, width) if self.aging is not None else []


def sums_of(aging: Aging, width: int) -> list[Content]:
    """The lines of what is owed at a width."""
    payers = aging.payers if 1 < len(aging.payers) <= MOST_PAYERS else ()
    rows = [("All", aging.buckets, aging.total), *((one.payer, one.buckets, one.total) for one in payers)]
    titles = (*(f"{bucket} d" for bucket in BUCKETS), "Insurer", "Patient")
    styles = (*LATE, "bold", "")
    sums = [
        (*(owed.insurer_cents for owed in buckets), total.insurer_cents, total.patient_cents)
        for _, buckets, total in rows
    ]
    least = max(len(word) for word in (*titles, *(format_cents(cents) for row in sums for cents in row)))
    columns = (Column("", 4, 26), *(Column(title, least, right=True) for title in titles))
    widths = fit(columns, min(width, 26 + len(titles) * (least + GAP + 1)))
    lines = [heading(columns, widths).stylize("$foreground-muted")]
    for (name, _, _), cents in zip(rows, sums, strict=True):
        cells = {"": text(name)}
        for title, style, each in zip(titles, styles, cents, strict=True):
            cells[title] = text(format_cents(each), style) if each else text("–", "$foreground-muted")
        lines.append(line(columns, widths, cells))
    return lines


def about_of(one: AgedClaim | None) -> Content:
    """What is to be done next about the marked claim, what the payer said last, and its deadline."""
    if one is None:
        return Content()
    row = one.row
    due = f" by {format_us(row.next_action_on)}" if row.next_action_on else ""
    parts = [f"→ {row.next_action}{due}"] if row.next_action else []
    parts += [f"{row.payer} · {row.status}", f"sent {format_us(row.sent_on)}" if row.sent_on else "not sent"]
    if row.answer:
        parts.append(f"answered {format_us(row.answered_on or '')}: {row.answer}")
    if row.deadline and (row.deadline, row.deadline_of) != (row.next_action_on, row.next_action):
        parts.append(f"{row.deadline_of} by {format_us(row.deadline)}")
    if one.overpaid_cents:
        parts.append(f"overpaid by {format_cents(one.overpaid_cents)}")
    return Content(shown(" · ".join(parts)))
