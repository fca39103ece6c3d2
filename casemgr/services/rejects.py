"""The rows that an import refused: kept in the record by place and reason, and written out to be mended."""

from __future__ import annotations

import re
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casemgr.clock import local
from casemgr.core.records import RejectedRow
from casemgr.core.text import tidy
from casemgr.errors import NotWritten
from casemgr.intake.cells import cell_text
from casemgr.services.disclosures import record_disclosure
from casemgr.services.releases import OPERATIONS, Release
from casemgr.store.keys import make_private_folder

_NOT_PLAIN = re.compile(r"[^\w .#(),-]+")
MOST_OF_A_NAME = 80
"""Characters of the name of a file that was read, in that of the workbook of its rejected rows."""
MOST_SAID = 400
"""Characters of a refused row that the record keeps."""

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.intake.fates import Reading, Rejected
    from casemgr.intake.sheets import Sheet
    from casemgr.services.desk import Desk
    from casemgr.store.ledger import Transaction


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
            said=" · ".join(text for cell in row.cells if (text := cell_text(cell)))[:MOST_SAID],
        )
        for row in reading.rejected
    )


def mended_rows(reading: Reading[Any]) -> tuple[str, ...]:
    """Marks of the earlier rejected rows that this reading brings in, or finds in already."""
    marks = [row.mends for row in reading.accepted] + [row.mends for row in reading.duplicates]
    return tuple(dict.fromkeys(mark for mark in marks if mark))


def commit_with_rejects(
    desk: Desk, path: Path | None, work: Callable[[Transaction], Reading[Any]]
) -> tuple[Reading[Any], Path | None]:
    """Do an import in one transaction, and write its refused rows to a workbook before it commits.

    So nothing comes in where the workbook cannot be written, and no workbook stays where nothing came in.

    Args:
        desk: the open practice.
        path: where the workbook goes; without one, `rejected-NAME.xlsx` in the practice's exports, numbered
            where that is taken.
        work: reads and appends inside the transaction.

    Returns:
        What became of the file, and the workbook; None where nothing was refused.

    Raises:
        NotWritten: the workbook cannot be written.
    """
    written = None
    try:
        with desk.write() as tx:
            reading = work(tx)
            written = write_refused(desk, reading, path)
    except BaseException:
        if written:
            written[0].unlink(missing_ok=True)
        raise
    if written is None:
        return reading, None
    target, digest = written
    # Nobody is asked: who imported them brought these rows in the clear.
    back = Release("clear", OPERATIONS, sent_to=desk.login)
    record_disclosure(desk, "export", "rejected rows", target.name, digest, back, rows=len(reading.rejected))
    return reading, target


def write_refused(desk: Desk, reading: Reading[Any], path: Path | None) -> tuple[Path, str] | None:
    """Write the refused rows to a workbook of the same shape, with the reasons beside them.

    Returns:
        The workbook and its SHA-256, or None where nothing was refused.
    """
    if not reading.rejected:
        return None
    # Imported here: most imports refuse something, but dry runs and clean files need no workbook.
    from casemgr.documents.rejects import RejectsSheet, write_rejects

    if path is None:
        make_private_folder(desk.places.exports)
        stem = plain_stem(reading.file).removeprefix("rejected-")
        path = free_name(desk.places.exports, f"rejected-{stem}")
    sheets = [
        RejectsSheet(
            name=sheet.name,
            titles=sheet.titles,
            headings=sheet.heading_row,
            rows=[
                rejected_cells(reading.file, sheet, row)
                for row in reading.rejected
                if row.origin.sheet == sheet.name
            ],
        )
        for sheet in reading.sheets
    ]
    return path, write_rejects(path, sheets, made_at=local(desk.clock.now(), UTC))


def rejected_cells(file: str, sheet: Sheet, row: Rejected) -> Any:
    """A refused row with its reason, its mark, and which of its cells is wrong."""
    from casemgr.documents.rejects import RejectedCells

    mark = row.mends or f"{file}|{row.origin.sheet}|{row.origin.row}"
    return RejectedCells(row.cells, row.reason, mark, sheet.headings.columns.get(row.field))


def plain_stem(name: str) -> str:
    """A file's name without its ending, and without what a terminal or another program would obey."""
    return _NOT_PLAIN.sub("_", tidy(Path(name).stem))[:MOST_OF_A_NAME] or "file"


def free_name(folder: Path, stem: str) -> Path:
    """A name in a folder that is not taken: an earlier workbook may be half mended."""
    for number in range(1, 10_000):
        path = folder / (f"{stem}.xlsx" if number == 1 else f"{stem}-{number}.xlsx")
        if not path.exists():
            return path
    raise NotWritten(
        "There are too many workbooks of rejected rows", str(folder), "Take away those that you have mended."
    )
