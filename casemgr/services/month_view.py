"""A month as billing will get it: what is billable, what is left out and why, and what left the house."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.billing import MonthClose
from casemgr.core.dates import Month, format_us
from casemgr.core.month import LeftOutWhy
from casemgr.core.sources import MONTH_PROFILE, kind_of
from casemgr.services.changes import pulse
from casemgr.services.claims import listed
from casemgr.services.month_rows import TODO, MonthRows
from casemgr.services.month_standing import Standing, differing, standing, state_of
from casemgr.store.ledger import changed_since
from casemgr.store.reads.disclosures import disclosed
from casemgr.store.reads.months import closes, late_sums, runs
from casemgr.store.reads.records import load

if TYPE_CHECKING:
    from collections.abc import Mapping

    from casemgr.core.month import LeftOut
    from casemgr.core.rows import ClaimRow
    from casemgr.services.changes import Pulse
    from casemgr.services.desk import Desk
    from casemgr.services.month_standing import MonthState


class LeftOutSum(NamedTuple):
    """All that is left out for one reason."""

    why: LeftOutWhy
    number: int
    """How many things are left out for it."""
    minutes: int | None
    """None for what does not stand in the log: rejected rows and voided activities."""
    todo: str
    rows: tuple[LeftOut, ...]


class LastExport(NamedTuple):
    """The newest workbook of a month."""

    file: str
    when: str
    """`10/31/2026 18:00`, in the practice's time zone."""
    by: str
    """Login of who exported it."""
    changed_since: bool
    """Whether the record was changed since, by anybody and in any month: another export may differ."""


class MonthView(NamedTuple):
    """What the month's workbook would say now. Minutes and cents; the same figures as its control sheet."""

    month: Month
    pulse: Pulse
    activities: int
    minutes: int
    billed: int
    """Activities that are billed."""
    billed_minutes: int
    lines: int
    charge_cents: int
    to_draft_lines: int
    """Of the lines, those that are on no claim yet."""
    to_draft_cents: int
    claims: tuple[ClaimRow, ...]
    left_out: tuple[LeftOutSum, ...]
    """By reason, the reasons in their own order; those without anything are not in it."""
    exported: LastExport | None
    rows_to_write: int
    """Rows of all sheets of the workbook."""
    state: MonthState
    standing: Standing
    """What is not in order; nothing of a closed month."""
    differing: Mapping[str, tuple[int, int]]
    """Of a closed month the figures that are not what was frozen: then and now."""
    late_in: tuple[tuple[str, int], ...]
    """From which months, such as `2026-09`, how many activities came too late and are billed here."""
    late_out: tuple[tuple[str, int], ...]
    """With which later months how many of its activities are billed, since they came too late."""


class ListedMonth(NamedTuple):
    """A month in the list of all of them. Minutes and cents."""

    month: Month
    state: MonthState
    activities: int
    minutes: int
    claims: int
    charge_cents: int
    """Of its claims; what is still to be drafted is not in it."""


def month_view(desk: Desk, month: Month) -> MonthView:
    """A month as it stands now."""
    with desk.store.snapshot():
        rows = MonthRows(desk, month)
        figures, sums = rows.control().figures, rows.sums
        by_why: dict[LeftOutWhy, list[LeftOut]] = defaultdict(list)
        for row in rows.left_out():
            by_why[row.why].append(row)
        state = state_of(desk, month)
        late_in, late_out = late_sums(desk.store, str(month))
        return MonthView(
            month=month,
            pulse=pulse(desk),
            activities=figures["activities.rows"],
            minutes=figures["activities.minutes"],
            billed=figures["billing_lines.activities"],
            billed_minutes=figures["billing_lines.minutes"],
            lines=figures["billing_lines.rows"],
            charge_cents=figures["billing_lines.charge_cents"],
            to_draft_lines=sums.to_draft_lines,
            to_draft_cents=sums.to_draft_cents,
            claims=tuple(listed(desk, month)),
            left_out=tuple(_summed(why, by_why[why]) for why in LeftOutWhy if by_why[why]),
            exported=last_export(desk, month),
            rows_to_write=sum(count for name, count in figures.items() if name.endswith(".rows")),
            state=state,
            standing=Standing((), ()) if state.closed else standing(desk, month, rows),
            differing=differing(state.figures, figures),
            late_in=tuple(late_in),
            late_out=tuple(late_out),
        )


def listed_months(desk: Desk) -> list[ListedMonth]:
    """Every month with anything in its run, or that is closed, the newest first."""
    with desk.store.snapshot():
        found = {one.month: one for one in runs(desk.store)}
        months = sorted({*found, *closes(desk.store)}, reverse=True)
        return [
            ListedMonth(
                Month.parse(month),
                state_of(desk, Month.parse(month)),
                *(found[month][1:] if month in found else (0, 0, 0, 0)),
            )
            for month in months
        ]


def last_export(desk: Desk, month: Month) -> LastExport | None:
    """The newest workbook of a month; of a closed one that of record, which was written first since."""
    found = disclosed(desk.store, "export", str(month), what=kind_of(MONTH_PROFILE))
    kept = load(desk.store, MonthClose, str(month))
    if kept is not None and kept.closed:
        found = [one for one in found if one.at >= kept.closed_at][-1:] or found
    for one in found[:1]:
        at = desk.local(one.at)
        when = f"{format_us(at.date())} {at:%H:%M}"
        return LastExport(one.file, when, one.staff, changed_since(desk.store, one.at))
    return None


def _summed(why: LeftOutWhy, rows: list[LeftOut]) -> LeftOutSum:
    minutes = [row.minutes for row in rows if row.minutes is not None]
    return LeftOutSum(why, len(rows), sum(minutes) if minutes else None, TODO[why], tuple(rows))
