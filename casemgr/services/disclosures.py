"""What left the house: each workbook, page and copy is recorded with who, when, what, to whom and its digest.

HIPAA's accounting of disclosures (45 CFR 164.528) exempts payment and operations; an auditor still asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.records import Disclosure

if TYPE_CHECKING:
    from casemgr.services.desk import Desk
    from casemgr.services.releases import Release


def record_disclosure(
    desk: Desk,
    action: str,
    what: str,
    file: str,
    sha256: str,
    release: Release,
    *,
    rows: int = 0,
    filters: str = "",
    sealed_sha256: str = "",
) -> None:
    """Record that something leaves; done before it appears, since nothing leaves unrecorded.

    Args:
        desk: the open practice.
        action: one of core.ledger.DISCLOSURES.
        what: kind of document.
        file: its name without the folder, or `printer NAME`; empty for what is shown on the screen.
        sha256: the digest of its content.
        release: in which form it leaves, to whom and why; see services.releases.let_leave.
        rows: how many rows or activities it shows.
        filters: what it was narrowed to, without names: a month or a claim's number.
        sealed_sha256: the digest of the encrypted file.
    """
    with desk.write() as tx:
        record = Disclosure(
            id=tx.new_id(),
            what=what,
            filters=filters,
            rows=rows,
            sha256=sha256,
            file=file,
            left_as=release.left_as,
            recipients=tuple(map(str, release.recipients)),
            sealed_sha256=sealed_sha256,
            sent_to=release.sent_to,
            purpose=release.purpose,
        )
        tx.append(action, "disclosure", record)
