"""What left the house: each workbook, page and copy is recorded with who, when, what and its digest.

HIPAA's accounting of disclosures (45 CFR 164.528) exempts payment and operations; an auditor still asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.records import Disclosure

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.services.desk import Desk


def record_disclosure(
    desk: Desk,
    action: str,
    what: str,
    path: Path | None,
    sha256: str,
    *,
    rows: int = 0,
    filters: str = "",
    fresh: bool = True,
) -> None:
    """Record that a file left; where that fails it is taken away again, since nothing leaves unrecorded.

    Args:
        desk: the open practice.
        action: one of core.ledger.DISCLOSURES.
        what: kind of document.
        path: the file that was written; None for what is shown on the screen.
        sha256: its digest.
        rows: how many rows or activities it shows.
        filters: what it was narrowed to, without names.
        fresh: whether the file was written just now; one that was there before is never taken away.
    """
    try:
        with desk.write() as tx:
            tx.append(
                action,
                "disclosure",
                Disclosure(
                    id=tx.new_id(),
                    what=what,
                    filters=filters,
                    rows=rows,
                    sha256=sha256,
                    file=path.name if path else "",
                ),
            )
    except BaseException:
        if path and fresh:
            path.unlink(missing_ok=True)
        raise
