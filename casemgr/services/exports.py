"""Workbooks: written from one snapshot, checked against the log, recorded."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from casemgr.clock import local
from casemgr.core.ids import short
from casemgr.core.sources import MONTH_PROFILE, Needs, kind_of, needs
from casemgr.documents.files import check_place, new_file, put_in_place
from casemgr.documents.workbook import fill_workbook, write_workbook
from casemgr.errors import NotWritten, VerificationFailed
from casemgr.services.disclosures import record_disclosure
from casemgr.services.month_rows import control_sheet
from casemgr.services.profiles import profile_named
from casemgr.services.releases import AS_USUAL, OPERATIONS, PAYMENT, let_leave
from casemgr.services.sources import Scope, SourceRows, as_of, narrowed, title_of
from casemgr.store.keys import make_private_folder
from casemgr.store.ledger import witness

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from casemgr.core.dates import Month
    from casemgr.core.ledger import Witness
    from casemgr.core.profiles import Profile
    from casemgr.documents.workbook import WrittenWorkbook
    from casemgr.services.desk import Desk
    from casemgr.services.releases import Release, ReleaseWish


class ExportedWorkbook(NamedTuple):
    """A workbook that was written."""

    path: Path
    sha256: str
    """Of the workbook itself, be it encrypted or not."""
    witness: Witness
    title: str
    """What it is of, such as `October 2026`."""
    rows: Mapping[str, int]
    """Rows of each sheet, by the sheet's title."""
    figures: Mapping[str, int]
    """The log's own figures: `source.rows`, and `source.field` for what can be summed."""


class ExportedMonth(NamedTuple):
    """A month's workbook that was written; `rows` and `minutes` are those of the month's activities."""

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
    wish: ReleaseWish = AS_USUAL,
    overwrite: bool = False,
    progress: Callable[[int], None] | None = None,
) -> ExportedMonth:
    """Write a month's workbook for billing and record it; see export_workbook."""
    release = let_leave(desk, wish, PAYMENT)
    rows = SourceRows(desk, Scope(month))
    profile = profile_named(desk, MONTH_PROFILE)
    # What is told of it does not depend on the sheets that a practice's own profile has.
    told = ("activities", "billing_lines")
    done = _export(desk, profile, rows, path, release, overwrite=overwrite, progress=progress, also=told)
    return ExportedMonth(
        done.path,
        done.figures["activities.rows"],
        done.figures["activities.minutes"],
        done.sha256,
        done.witness,
        done.figures["billing_lines.rows"],
        done.figures["billing_lines.charge_cents"],
        rows.month.sums.to_draft_lines,
        rows.month.sums.left_out,
    )


def export_workbook(
    desk: Desk,
    profile: Profile,
    scope: Scope,
    path: Path | None = None,
    *,
    wish: ReleaseWish = AS_USUAL,
    overwrite: bool = False,
    progress: Callable[[int], None] | None = None,
) -> ExportedWorkbook:
    """Write a workbook and record it.

    The same profile, scope and record give the same bytes; a file that holds them already is left as it is.
    Encrypted, they give another file each time, and nothing of it lies on the disk in the clear.

    Args:
        desk: the open practice.
        profile: its sheets and columns; see services.profiles.profile_named.
        scope: what it is of.
        path: the file; without one, `PROFILE-PERIOD-at-POSITION.xlsx` in the practice's exports, after the
            ledger's position, so that a later export never meets an earlier one. It names nobody.
        wish: for whom it is encrypted, or whether it may leave in the clear.
        overwrite: whether another file of that name may be replaced.
        progress: told how many rows are written; it stops the export by raising Cancelled.

    Raises:
        ClearNotAllowed: it would leave in the clear, which who acts has not allowed.
        NotWritten: another file of that name is there, or it cannot be written.
        VerificationFailed: the sheets do not agree with the log; nothing is left behind.
        Cancelled: `progress` stopped it; nothing is left behind.
    """
    release = let_leave(desk, wish, OPERATIONS)
    if needs(profile) is Needs.DAY:
        scope = as_of(desk, scope)
    rows = SourceRows(desk, scope)
    return _export(desk, profile, rows, path, release, overwrite=overwrite, progress=progress)


def _export(
    desk: Desk,
    profile: Profile,
    rows: SourceRows,
    path: Path | None,
    release: Release,
    *,
    overwrite: bool,
    progress: Callable[[int], None] | None,
    also: tuple[str, ...] = (),
) -> ExportedWorkbook:
    """See export_workbook; `also` are sources whose figures are wanted without a sheet of theirs."""
    names = dict.fromkeys((*(sheet.source for sheet in profile.sheets), *also))
    with desk.store.snapshot():
        rows.prove(names)
        printed, at = witness(desk.store)
        if path is None:
            make_private_folder(desk.places.exports)
            own = desk.places.exports / file_name(profile, rows.scope, printed)
            target = release.own_place(own, overwrite=overwrite)
        else:
            target = release.place(path)
        figures = rows.figures(names)
        title, filters = title_of(rows.scope, needs(profile)), narrowed(desk, rows.scope)
        unplaced, sealing = unplaced_beside(target), BytesIO()
        content = (
            profile,
            rows.rows(sheet.source for sheet in profile.sheets),
            control_sheet(desk, title, filters, figures),
        )
        made_at = local(at, UTC)
        # Encrypted, it is made in memory: what lay on a disk in the clear could be found there again.
        if release.sealed:
            written = fill_workbook(sealing, *content, made_at=made_at, progress=progress)
        else:
            written = write_workbook(unplaced, *content, made_at=made_at, progress=progress, overwrite=True)
    by_sheet = {sheet.title: written.rows[sheet.id] for sheet in profile.sheets}

    def record(sealed_sha256: str = "") -> None:
        # Done before it appears: nothing leaves unrecorded, whatever happens next.
        record_disclosure(
            desk,
            "export",
            kind_of(profile.id),
            target.name,
            written.sha256,
            release,
            rows=figures.get("activities.rows", sum(by_sheet.values())),
            filters=recorded_filters(rows.scope, needs(profile), filters),
            sealed_sha256=sealed_sha256,
        )

    try:
        refuse_differing(written)
        if release.sealed:
            content_sealed = release.sealed_bytes(sealing.getvalue())
            with new_file(target, overwrite=overwrite) as file:
                file.write(content_sealed)
                record(release.digest(content_sealed))
        elif target.is_file() and not overwrite:
            refuse_other_bytes(target, unplaced)
            record()
        else:
            check_place(target, overwrite=overwrite)
            record()
            put_in_place(unplaced, target, overwrite=overwrite)
    finally:
        with suppress(OSError):
            unplaced.unlink(missing_ok=True)
    return ExportedWorkbook(target, written.sha256, printed, title, by_sheet, figures)


def unplaced_beside(target: Path) -> Path:
    """Where a workbook is made that may yet not be kept; as files.new_file names what it left unfinished."""
    return target.with_name(f".casemgr-{os.getpid()}-{target.name}.part")


def recorded_filters(scope: Scope, needed: Needs, narrowed_to: str) -> str:
    """What the record says that a workbook is of: `2026-10`, `as of 2026-11-21`, and whom, without a name."""
    days = f"as of {scope.period.last}" if needed is Needs.DAY else str(scope.period)
    return f"{days}, {narrowed_to}" if narrowed_to else days


def file_name(profile: Profile, scope: Scope, at: Witness) -> str:
    """`activity-log-2026-10-at-123.xlsx`; of one patient, with the end of an id that says nothing."""
    days = str(scope.period.last if needs(profile) is Needs.DAY else scope.period).replace(" ", "-")
    whose = f"-patient-{short(scope.patient_id)}" if scope.patient_id else ""
    return f"{profile.stem}-{days}{whose}-at-{at.seq}.xlsx"


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
            "The record changed since, the file was edited, or another version or profile wrote it. "
            f"{target} was not touched.",
            "Name another file with -o, or replace it with --overwrite.",
        )
