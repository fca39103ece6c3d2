"""What left the house: each workbook, page and copy is recorded with who, when, what and its digest.

HIPAA's accounting of disclosures (45 CFR 164.528) exempts payment and operations; an auditor still asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.records import Disclosure

if TYPE_CHECKING:
    from casemgr.services.desk import Desk


def record_disclosure(
    desk: Desk, action: str, what: str, file: str, sha256: str, *, rows: int = 0, filters: str = ""
) -> None:
    """Record that something leaves; done before it appears, since nothing leaves unrecorded.

    Args:
        desk: the open practice.
        action: one of core.ledger.DISCLOSURES.
        what: kind of document.
        file: its name without the folder, or `printer NAME`; empty for what is shown on the screen.
        sha256: its digest.
        rows: how many rows or activities it shows.
        filters: what it was narrowed to, without names: a month or a claim's number.
    """
    with desk.write() as tx:
        record = Disclosure(id=tx.new_id(), what=what, filters=filters, rows=rows, sha256=sha256, file=file)
        tx.append(action, "disclosure", record)
