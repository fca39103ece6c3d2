"""The month's workbook: written from one snapshot, checked against the log, recorded."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC
from typing import TYPE_CHECKING, NamedTuple

from casemgr.clock import local
from casemgr.core.month import ROW_TYPES
from casemgr.core.profiles import read_profile
from casemgr.documents.files import check_place, put_in_place
from casemgr.documents.workbook import write_workbook
from casemgr.errors import ContentBroken, NotWritten, VerificationFailed
from casemgr.resources import content_files
from casemgr.services.disclosures import record_disclosure
from casemgr.services.month import MonthRows
from casemgr.services.proof import prove_month
from casemgr.store.keys import make_private_folder
from casemgr.store.ledger import witness

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from casemgr.core.dates import Month
    from casemgr.core.ledger import Witness
    from casemgr.core.profiles import Profile
    from casemgr.documents.workbook import WrittenWorkbook
    from casemgr.services.desk import Desk

MONTH_PROFILE = "month.toml"


class ExportedMonth(NamedTuple):
    """A workbook that was written; `rows` and `minutes` are those of the month's activities."""

    path: Path
    rows: int
    minutes: int
    sha256: str
    witness: Witness
    billing_lines: int
    charge_cents: int
    to_draft: int
    """Of the billing lines, those that are on no claim yet."""
    left_out: int
    """Activities that are not billed."""


def export_month(
    desk: Desk,
    month: Month,
    path: Path | None = None,
    *,
    overwrite: bool = False,
    progress: Callable[[int], None] | None = None,
) -> ExportedMonth:
    """Write a month's workbook and record it.

    The same month and record give the same bytes; a file that holds them already is left as it is.

    Args:
        desk: the open practice.
        month: which.
        path: the file; without one, `billing-YYYY-MM-at-POSITION.xlsx` in the practice's exports, after the
            ledger's position, so that a later export never meets an earlier one.
        overwrite: whether another file of that name may be replaced.
        progress: told how many rows are written; it stops the export by raising Cancelled.

    Raises:
        NotWritten: another file of that name is there, or it cannot be written.
        VerificationFailed: the sheets do not agree with the log; nothing is left behind.
        Cancelled: `progress` stopped it; nothing is left behind.
    """
    profile = workbook_profile(desk, MONTH_PROFILE)
    with desk.store.snapshot():
        prove_month(desk, month.first.isoformat(), month.last.isoformat())
        printed, at = witness(desk.store)
        if path is None:
            make_private_folder(desk.places.exports)
            path = desk.places.exports / f"billing-{month}-at-{printed.seq}.xlsx"
        target = path.expanduser().absolute()
        unplaced = target.with_name(f".casemgr-{os.getpid()}-{target.name}.part")
        rows = MonthRows(desk, month)
        control = rows.control()
        try:
            written = write_workbook(
                unplaced,
                profile,
                rows.sources(),
                control,
                made_at=local(at, UTC),
                progress=progress,
                overwrite=True,
            )
        except BaseException:
            # Who stops it is told of the last row once the file is whole.
            with suppress(OSError):
                unplaced.unlink(missing_ok=True)
            raise
    figures = control.figures
    try:
        refuse_differing(written)
        there = target.is_file() and not overwrite
        if there:
            refuse_other_bytes(target, unplaced)
        else:
            check_place(target, overwrite=overwrite)
        # Recorded before it appears: nothing leaves unrecorded, whatever happens next.
        record_disclosure(
            desk,
            "export",
            "month workbook",
            target.name,
            written.sha256,
            rows=figures["activities.rows"],
            filters=str(month),
        )
        if not there:
            put_in_place(unplaced, target, overwrite=overwrite)
    finally:
        unplaced.unlink(missing_ok=True)
    return ExportedMonth(
        target,
        figures["activities.rows"],
        figures["activities.minutes"],
        written.sha256,
        printed,
        figures["billing_lines.rows"],
        figures["billing_lines.charge_cents"],
        rows.sums.to_draft_lines,
        rows.sums.left_out,
    )


def refuse_differing(written: WrittenWorkbook) -> None:
    """Keep no workbook that does not agree with the log.

    Raises:
        VerificationFailed: it does not.
    """
    if written.differing:
        raise VerificationFailed(
            "The workbook would not agree with the log",
            f"These figures differ: {', '.join(written.differing)}. No workbook was kept.",
            "Run `casemgr verify` and report this; the log itself was not changed.",
        )


def refuse_other_bytes(target: Path, written: Path) -> None:
    """A file that has the same bytes is left as it is.

    Raises:
        NotWritten: it has others.
    """
    if target.read_bytes() != written.read_bytes():
        raise NotWritten(
            f"{target.name} is there already and is another workbook",
            "The record has a newer entry since, so that the witness differs, or the file was edited. "
            f"{target} was not touched.",
            "Name another file with -o, or replace it with --overwrite.",
        )


def workbook_profile(desk: Desk, name: str) -> Profile:
    """A workbook's sheets and columns; the practice's own file of that name takes the place of ours.

    Raises:
        ContentBroken: there is none, or it is broken.
    """
    found = {path.name: path for path in content_files("exports/workbooks", desk.places.config / "workbooks")}
    if name not in found:
        raise ContentBroken(
            f"There is no workbook profile {name}",
            "It should be in exports/workbooks.",
            "Install casemgr again.",
        )
    path = found[name]
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentBroken(
            f"{path.name} cannot be read", f"{path}: {error}", "Allow reading it, as UTF-8."
        ) from error
    return read_profile(text, str(path), ROW_TYPES)
