"""What left the house: each workbook, page and copy is recorded with who, when, what, to whom and its digest.

HIPAA's accounting of disclosures (45 CFR 164.528) exempts payment and operations; an auditor still asks.
"""

from __future__ import annotations

import json
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

from casemgr.clock import instant_of
from casemgr.core.records import Disclosure
from casemgr.core.text import initials
from casemgr.store.reads.disclosures import everything_disclosed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from casemgr.core.records import LeftAs, Patient
    from casemgr.services.desk import Desk
    from casemgr.services.releases import Release
    from casemgr.store.reads.disclosures import Left

FORMS: dict[LeftAs, str] = {
    "": "",
    "clear": "in the clear",
    "encrypted": "encrypted with the practice's own key",
    "paper": "on paper",
    "screen": "on the screen",
}
"""What each form is called; nothing was said of what left before forms were recorded."""


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
        to = f"; to {record.sent_to}" if record.sent_to else ""
        tx.append(action, "disclosure", record, how_words(record.left_as, record.recipients) + to)


def how_words(left_as: LeftAs, recipients: Sequence[str]) -> str:
    """In which form something left: `encrypted for harbor-audit (age1…)`, `in the clear`."""
    return f"encrypted for {', '.join(recipients)}" if recipients else FORMS[left_as]


def unnamed(patient: Patient) -> str:
    """Whom a document is about, without a name: `patient A.G., chart 1030`."""
    return f"patient {initials(patient.last_name, patient.first_name)}, chart {patient.chart_number}"


class ListedDisclosure(NamedTuple):
    """Something that left, for an accounting."""

    at: datetime
    """In the practice's time zone."""
    staff: str
    what: str
    of: str
    """What it was narrowed to: a month, a claim's number, a patient's chart."""
    rows: int
    how: str
    encrypted: bool
    recipients: tuple[str, ...]
    sent_to: str
    purpose: str
    file: str
    sha256: str
    """Of its content; of an encrypted file `sealed_sha256`."""
    sealed_sha256: str

    def value(self) -> dict[str, Any]:
        """As JSON."""
        return {**self._asdict(), "at": self.at.isoformat(timespec="seconds")}


class Accounting(NamedTuple):
    """What left, and what may have held the same person beside it."""

    listed: tuple[ListedDisclosure, ...]
    """Newest first."""
    of_several: int
    """Of one patient's: documents of the same time that are of several, of whom the record keeps no list."""


def accounting(
    desk: Desk, since: date | None = None, patient_id: str = "", *, backups: bool = False
) -> Accounting:
    """What left the house.

    Args:
        desk: the open practice.
        since: first local date.
        patient_id: only what is of this patient alone: of their claims, their chart, or narrowed to them.
        backups: backups as well.
    """
    from casemgr.services.patients import the_patient

    begin = instant_of(datetime.combine(since, time(), desk.zone)) if since else 0
    actions = ("export", "print", *(("backup", "restore", "drill") if backups else ()))
    with desk.store.snapshot():
        found = everything_disclosed(desk.store, actions, begin)
        patient = the_patient(desk, patient_id) if patient_id else None
    if patient is None:
        return Accounting(tuple(_listed(desk, row) for row in found), 0)
    chart = f", chart {patient.chart_number}"
    own = [row for row in found if row.patient_id == patient.id or row.filters.endswith(chart)]
    of_one = [row for row in found if row.patient_id or ", chart " in row.filters]
    return Accounting(tuple(_listed(desk, row) for row in own), len(found) - len(of_one))


def _listed(desk: Desk, row: Left) -> ListedDisclosure:
    recipients = tuple(json.loads(row.recipients))
    return ListedDisclosure(
        at=desk.local(row.at),
        staff=row.staff,
        what=row.what,
        of=row.filters,
        rows=row.rows,
        how=how_words(row.left_as, recipients),
        encrypted=row.left_as == "encrypted",
        recipients=recipients,
        sent_to=row.sent_to,
        purpose=row.purpose,
        file=row.file,
        sha256=row.sha256,
        sealed_sha256=row.sealed_sha256,
    )
