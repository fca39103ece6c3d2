"""What the month's screen asks of the lane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from casemgr.core.wording import counted
from casemgr.tui.jobs import now
from casemgr.tui.messages import Acted

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.core.dates import Month
    from casemgr.services.desk import Desk
    from casemgr.services.month_view import MonthView
    from casemgr.tui.exporting import Course


@dataclass
class MonthRead(Message):
    """A month as it stands."""

    view: MonthView


@dataclass
class Exported(Message):
    """A workbook was written."""

    path: Path
    acted: Acted


def view_month(desk: Desk, month: Month) -> MonthRead:
    """Read a month."""
    from casemgr.services.month_view import month_view

    return MonthRead(month_view(desk, month))


def export(desk: Desk, month: Month, course: Course) -> Exported:
    """Write the month's workbook, as long as nobody stops it."""
    from casemgr.core.money import format_cents
    from casemgr.services.exports import export_month

    done = export_month(desk, month, progress=course.report)
    words = (
        f"{done.path.name} · {counted(done.rows, 'activity')} · "
        f"{counted(done.billing_lines, 'billing line')} · {format_cents(done.charge_cents)} · "
        "agrees with the log"
    )
    return Exported(done.path, Acted("exported", now(desk), words))


def draft(desk: Desk, month: Month) -> Acted:
    """Draft the month's claims."""
    from casemgr.services.claims import draft_claims

    drafted = draft_claims(desk, month)
    count = len(drafted.claims)
    minutes = sum(claim.minutes for claim in drafted.claims)
    left = f" · {len(drafted.left_out):,} activities left out, with why" if drafted.left_out else ""
    words = f"{count} {'claim' if count == 1 else 'claims'} for {month.title} · {minutes:,} min{left}"
    return Acted("drafted", now(desk), words)
