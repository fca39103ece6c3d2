"""The month's workbook: written from one snapshot, checked against the log, recorded."""

from __future__ import annotations

import os
from datetime import UTC
from typing import TYPE_CHECKING, NamedTuple

from casemgr.clock import local
from casemgr.core.month import ROW_TYPES
from casemgr.core.profiles import read_profile
from casemgr.documents.workbook import write_workbook
from casemgr.errors import ContentBroken, NotWritten, VerificationFailed
from casemgr.resources import content_files
from casemgr.services.disclosures import record_disclosure
from casemgr.services.month import MonthRows
from casemgr.store.keys import make_private_folder
from casemgr.store.ledger import witness

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from casemgr.core.dates import Month
    from casemgr.core.ledger import Witness
    from casemgr.core.profiles import Profile
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
        path: the file; without one, `billing-YYYY-MM.xlsx` in the practice's exports.
        overwrite: whether another file of that name may be replaced.
        progress: told how many rows are written.

    Raises:
        NotWritten: another file of that name is there, or it cannot be written.
        VerificationFailed: the sheets do not agree with the log; nothing is left behind.
    """
    if path is None:
        make_private_folder(desk.places.exports)
        path = desk.places.exports / f"billing-{month}.xlsx"
    target = path.expanduser().absolute()
    profile = workbook_profile(desk, MONTH_PROFILE)
    # A file of that name may hold the same bytes: then there is nothing to overwrite.
    compared = target.is_file() and not overwrite
    written_to = target.with_name(f".{target.name}.{os.getpid()}.new") if compared else target
    try:
        with desk.store.snapshot():
            rows = MonthRows(desk, month)
            control = rows.control()
            printed, at = witness(desk.store)
            written = write_workbook(
                written_to,
                profile,
                rows.sources(),
                control,
                made_at=local(at, UTC),
                progress=progress,
                overwrite=overwrite,
            )
        if written.differing:
            written_to.unlink(missing_ok=True)
            raise VerificationFailed(
                "The workbook would not agree with the log",
                f"These figures differ: {', '.join(written.differing)}. No workbook was kept.",
                "Run `casemgr verify` and report this; the log itself was not changed.",
            )
        if compared:
            keep_if_same(target, written_to)
    finally:
        if compared:
            written_to.unlink(missing_ok=True)
    figures = control.figures
    record_disclosure(
        desk,
        "export",
        "month workbook",
        target,
        written.sha256,
        rows=figures["activities.rows"],
        filters=str(month),
        fresh=not compared,
    )
    return ExportedMonth(
        target,
        figures["activities.rows"],
        figures["activities.minutes"],
        written.sha256,
        printed,
        figures["billing_lines.rows"],
        figures["billing_lines.charge_cents"],
        rows.sums.left_out,
    )


def keep_if_same(target: Path, written: Path) -> None:
    """Leave a file that has the same bytes as it is.

    Raises:
        NotWritten: it has others.
    """
    if target.read_bytes() != written.read_bytes():
        raise NotWritten(
            f"{target.name} is there already and says something else",
            f"The record has changed since it was made, or it was edited. {target} was not touched.",
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
