"""The rows that an import refused: kept in the record by place and reason, and written out to be mended."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casemgr.clock import local
from casemgr.core.records import RejectedRow
from casemgr.errors import NotWritten
from casemgr.services.disclosures import record_disclosure
from casemgr.store.database import make_private_folder

if TYPE_CHECKING:
    from casemgr.intake.fates import Reading, Rejected
    from casemgr.intake.sheets import Sheet
    from casemgr.services.desk import Desk


def rejected_rows(reading: Reading[Any]) -> tuple[RejectedRow, ...]:
    """The refused rows as the record keeps them: where they stand and why, not what they say."""
    return tuple(
        RejectedRow(
            sheet=row.origin.sheet,
            row=row.origin.row,
            field=row.field,
            reason=row.reason,
            month=row.month,
            digest=row.digest,
            mends=row.mends,
        )
        for row in reading.rejected
    )


def mended_rows(reading: Reading[Any]) -> tuple[str, ...]:
    """Marks of the earlier rejected rows that this reading brings in, or finds in already."""
    return tuple(dict.fromkeys(row.mends for row in (*reading.accepted, *reading.duplicates) if row.mends))


def keep_rejects(desk: Desk, reading: Reading[Any], path: Path | None = None) -> Path | None:
    """Write the refused rows to a workbook of the same shape, with the reasons beside them, and record it.

    Args:
        desk: the open practice.
        reading: what became of the file.
        path: where to; without one, `rejected-NAME.xlsx` in the practice's exports, numbered where that is taken.

    Returns:
        The workbook, or None where nothing was refused.
    """
    if not reading.rejected:
        return None
    # Imported here: most imports refuse something, but dry runs and clean files need no workbook.
    from casemgr.documents.rejects import RejectsSheet, write_rejects

    if path is None:
        make_private_folder(desk.places.exports)
        path = free_name(desk.places.exports, f"rejected-{Path(reading.file).stem.removeprefix('rejected-')}")
    sheets = [
        RejectsSheet(
            name=sheet.name,
            titles=sheet.titles,
            headings=sheet.heading_row,
            rows=[rejected_cells(reading.file, sheet, row) for row in reading.rejected if row.origin.sheet == sheet.name],
        )
        for sheet in reading.sheets
    ]
    digest = write_rejects(path, sheets, made_at=local(desk.clock.now(), UTC))
    record_disclosure(desk, "export", "rejected rows", path, digest, rows=len(reading.rejected))
    return path


def rejected_cells(file: str, sheet: Sheet, row: Rejected) -> Any:
    """A refused row with its reason, its mark, and which of its cells is wrong."""
    from casemgr.documents.rejects import RejectedCells

    mark = row.mends or f"{file}|{row.origin.sheet}|{row.origin.row}"
    return RejectedCells(row.cells, row.reason, mark, sheet.headings.columns.get(row.field))


def free_name(folder: Path, stem: str) -> Path:
    """A name in a folder that is not taken: an earlier workbook may be half mended."""
    for number in range(1, 10_000):
        path = folder / (f"{stem}.xlsx" if number == 1 else f"{stem}-{number}.xlsx")
        if not path.exists():
            return path
    raise NotWritten("There are too many workbooks of rejected rows", str(folder), "Take away those that you have mended.")
