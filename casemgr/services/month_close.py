"""Closing a month for everybody, with its figures and its workbook of record, and reopening it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.billing import MonthClose
from casemgr.core.dates import Month, format_us
from casemgr.core.month import LeftOutWhy
from casemgr.core.records import Activity
from casemgr.core.rows import ActivityFilter
from casemgr.core.text import tidy
from casemgr.errors import CasemgrError, InputRefused, RuleRefused
from casemgr.services.exports import export_month
from casemgr.services.month_rows import MonthRows
from casemgr.services.month_standing import frozen_of, standing
from casemgr.services.permissions import need
from casemgr.services.proof import prove_month
from casemgr.services.refusals import NOTHING_CHANGED
from casemgr.services.releases import AS_USUAL, PAYMENT, let_leave
from casemgr.services.runs import first_open, next_month
from casemgr.store.reads.activities import activities
from casemgr.store.reads.months import close_of, late_ids, late_sums
from casemgr.store.reads.records import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from casemgr.services.desk import Desk
    from casemgr.services.exports import ExportedMonth
    from casemgr.services.month_standing import Hindrance
    from casemgr.services.releases import ReleaseWish
    from casemgr.store.ledger import Transaction


class ClosedMonth(NamedTuple):
    """A month that was closed, or would be."""

    close: MonthClose
    warnings: tuple[Hindrance, ...]
    moved: int
    """Unsigned drafts that go to a later run with it."""
    run: Month
    """That run."""
    workbook: ExportedMonth | None = None
    """The workbook of record; None where it could not be written, or in a dry run."""
    failed: CasemgrError | None = None
    """Why it could not."""


class Reopened(NamedTuple):
    """A month that was reopened."""

    close: MonthClose
    came_back: int
    """Activities that had come too late for it and are billed with it again."""
    stayed: int
    """Activities of it that stay in a later run: they are on a claim there, or that run is closed."""


def close_month(
    desk: Desk,
    month: Month,
    reason: str = "",
    *,
    dry_run: bool = False,
    path: Path | None = None,
    wish: ReleaseWish = AS_USUAL,
    progress: Callable[[int], None] | None = None,
) -> ClosedMonth:
    """Lock a month's activities and claim lines for everybody, freeze its figures, and write its workbook.

    Unsigned drafts go to a later run, so that they can still be signed. If the workbook cannot be written,
    the month is closed all the same.

    Args:
        desk: the open practice.
        month: which.
        reason: why it is closed although errors stand, or before it has ended.
        dry_run: refuse what would be refused, and change nothing.
        path: the workbook's file; see services.exports.export_workbook.
        wish: for whom the workbook is encrypted, or whether it may leave in the clear.
        progress: told how many rows are written.

    Raises:
        ClearNotAllowed: the workbook would leave in the clear, which who acts has not allowed.
        RuleRefused: who acts may not, or it is closed already, has not begun, or, without a reason, has not
            ended or errors stand.
        VerificationFailed: a row is not what the ledger says.
    """
    need(desk, "close", "month")
    if dry_run:
        with desk.store.snapshot():
            return _closing(desk, month, reason, desk.today())
    # Asked before the month is closed: it would else be closed without a workbook.
    let_leave(desk, wish, PAYMENT)
    with desk.write() as tx:
        today = desk.local(tx.now).date()
        would = _closing(desk, month, reason, today)
        closed = would._replace(close=_append_close(desk, tx, month, would, reason))
    try:
        return closed._replace(workbook=export_month(desk, month, path, wish=wish, progress=progress))
    except CasemgrError as error:
        return closed._replace(failed=error)


def _closing(desk: Desk, month: Month, reason: str, today: date) -> ClosedMonth:
    """What closing a month would do.

    Raises:
        RuleRefused: see close_month.
    """
    _refuse_too_early(desk, month, reason, today)
    prove_month(desk, month)
    rows = MonthRows(desk, month)
    found = standing(desk, month, rows)
    if found.errors and not tidy(reason):
        raise RuleRefused(
            f"{month.title} cannot be closed yet",
            "\n".join(f"{one.words}: {one.todo}." for one in found.errors) + f"\n{NOTHING_CHANGED}",
            "Or close it as it is, and say why with --reason.",
        )
    close = MonthClose(
        id=str(month),
        closed=True,
        closed_by=desk.login,
        figures=frozen_of(rows.figures()),
        taken_with=tuple(one.words for one in found.errors),
    )
    moved = rows.sums.left_out_by[LeftOutWhy.DRAFT]
    # Not the month itself, which is open still.
    run = first_open(desk, max(next_month(month), Month.of(today)))
    return ClosedMonth(close, found.warnings, moved, run)


def _refuse_too_early(desk: Desk, month: Month, reason: str, today: date) -> None:
    """Refuse a month that is closed already, that has not begun, or, without a reason, has not ended."""
    closed = close_of(desk.store, str(month))
    if closed is not None:
        raise RuleRefused(
            f"{month.title} is closed already",
            f"{closed.by} closed it on {format_us(desk.local(closed.at).date())}. {NOTHING_CHANGED}",
            f"`casemgr month show {month}` says with which figures.",
        )
    if today < month.first:
        raise RuleRefused(
            f"{month.title} has not begun",
            f"There is nothing to close. {NOTHING_CHANGED}",
            "Close it when it is over.",
        )
    if today < month.last and not tidy(reason):
        raise RuleRefused(
            f"{month.title} has not ended",
            f"What is logged after its closing is billed with a later month. {NOTHING_CHANGED}",
            f"Close it from {format_us(month.last)} on, or say with --reason why it is closed before.",
        )


def _append_close(desk: Desk, tx: Transaction, month: Month, would: ClosedMonth, reason: str) -> MonthClose:
    """Close a month inside the caller's transaction, once its drafts have gone to a later run."""
    for row in activities(desk.store, ActivityFilter(run=str(month), drafts=True)) if would.moved else ():
        _append_run(desk, tx, row.id, str(would.run), f"{month.title} was closed")
    # Asked again, since the drafts are gone from it.
    figures = frozen_of(MonthRows(desk, month).figures()) if would.moved else would.close.figures
    close = would.close.model_copy(update={"closed_at": tx.now, "figures": figures})
    tx.append("close", "month", close, tidy(reason))
    return close


def reopen_month(desk: Desk, month: Month, why: str) -> Reopened:
    """Open a closed month again, with the reason.

    What came too late for it comes back to it, unless it is on a claim of its later run, or that run is
    closed.

    Raises:
        InputRefused: no reason.
        RuleRefused: who acts may not, or it is not closed.
    """
    need(desk, "reopen", "month")
    with desk.write() as tx:
        record = load(desk.store, MonthClose, str(month))
        if record is None or not record.closed:
            raise RuleRefused(f"{month.title} is not closed", NOTHING_CHANGED)
        if not tidy(why):
            raise InputRefused(
                "A month can only be reopened with a reason",
                NOTHING_CHANGED,
                "Say why with --why, in a few words.",
            )
        opened = MonthClose(id=record.id, closed=False)
        tx.append("reopen", "month", opened, tidy(why))
        back = [each for each, run in late_ids(desk.store, record.id) if close_of(desk.store, run) is None]
        for each in back:
            _append_run(desk, tx, each, "", f"{month.title} was reopened")
        (_, out) = late_sums(desk.store, record.id)
        return Reopened(opened, len(back), sum(count for _, count in out))


def _append_run(desk: Desk, tx: Transaction, activity_id: str, run: str, why: str) -> None:
    """Have an activity billed in another month's run, or, with an empty one, in its own."""
    record = load(desk.store, Activity, activity_id)
    assert record is not None
    tx.append("move", "activity", record.model_copy(update={"run_month": run}), why)
