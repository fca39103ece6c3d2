"""Taking in a practice's own log: all accepted rows in one transaction, the rest told row by row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from casemgr.core.dates import Month, format_us
from casemgr.core.digest import content_digest
from casemgr.core.people import PatientIndex
from casemgr.core.records import Activity, FollowUp, ImportBatch, Source
from casemgr.core.rows import ActivityFilter
from casemgr.intake.fates import Accepted, Duplicate, Ignored, Rejected, summarise_log
from casemgr.intake.rows import LogContext, read_log
from casemgr.intake.tables import read_tables
from casemgr.intake.vocabulary import load_vocabulary, read_mapping
from casemgr.services.permissions import need
from casemgr.services.rejects import commit_with_rejects, mended_rows, rejected_rows
from casemgr.services.runs import run_of
from casemgr.store.reads.activities import activities, known_digests
from casemgr.store.reads.claims import last_import, mended_marks
from casemgr.store.reads.follow_ups import first_due
from casemgr.store.reads.patients import all_refs, cases
from casemgr.store.reads.records import all_staff

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from casemgr.core.records import Case
    from casemgr.intake.fates import LogEntry, Reading, Row
    from casemgr.intake.tables import TableFile
    from casemgr.services.desk import Desk
    from casemgr.store.ledger import Transaction


@dataclass(frozen=True)
class Imported:
    """What became of a file."""

    reading: Reading[Any]
    summary: dict[str, Any]
    """As `--json` prints it."""
    rejects: Path | None
    """The workbook of rejected rows, where there are any and it was not a dry run."""
    follow_ups: int = 0
    """Follow-ups that were opened."""
    past_follow_ups: int = 0
    """Due dates before today: they stand as next step of their activities."""
    paying_themselves: int = 0
    """Patients without a carrier that could be billed."""
    later: tuple[tuple[str, str, int], ...] = ()
    """Month, run and number of the rows that come too late for their own month, which is closed."""
    dry_run: bool = False


def import_log(
    desk: Desk,
    path: Path,
    mapping: Sequence[str] = (),
    *,
    dry_run: bool = False,
    draft: bool = False,
    rejects: Path | None = None,
) -> Imported:
    """Take in a log. Rows that are in already are recognised by what they say: doing it again adds nothing.

    Args:
        desk: the open practice.
        path: xlsx, xls, ods or delimited text.
        mapping: `column=heading` where guessing fails.
        dry_run: tell what would happen, and save nothing.
        draft: leave the activities unsigned.
        rejects: where the workbook of rejected rows goes; without one, beside the other exports.

    Raises:
        NotFound, InputRefused: the file, or its columns, cannot be read.
        NotWritten: the workbook of rejected rows cannot be written; nothing came in.
        RuleRefused: who acts may not log work.
    """
    need(desk, "import", "activity")
    vocabulary = load_vocabulary("log", desk.places.config / "intake")
    file = read_tables(path)
    columns = read_mapping(tuple(mapping), vocabulary)
    if dry_run:
        with desk.store.snapshot():
            reading = read_against_log(desk, file, vocabulary, columns)
            later = late_rows(desk, reading.accepted, desk.today())
        return Imported(reading, summarise_log(reading), None, later=later, dry_run=True)
    opened = past = 0
    later = ()

    def take_in(tx: Transaction) -> Reading[LogEntry]:
        nonlocal opened, past, later
        # Read under the lock: of two imports of one file at once, the second finds the first one's rows.
        reading = read_against_log(desk, file, vocabulary, columns)
        later = late_rows(desk, reading.accepted, desk.local(tx.now).date())
        opened, past = append_rows(desk, tx, file.name, reading.accepted, draft)
        append_batch(desk, tx, "log", file, summarise_log(reading), reading)
        return reading

    reading, workbook = commit_with_rejects(desk, rejects, take_in)
    return Imported(reading, summarise_log(reading), workbook, opened, past, later=later)


def read_against_log(
    desk: Desk, file: TableFile, vocabulary: Any, mapping: dict[str, str]
) -> Reading[LogEntry]:
    """Read a log and recognise what is in already, whether it was imported or logged by hand."""
    store = desk.store
    context = LogContext(
        today=desk.today(),
        kinds=desk.kinds,
        patients=PatientIndex(all_refs(store)),
        staff=tuple(all_staff(store)),
        vocabulary=vocabulary,
    )
    reading = read_log(file, context, mapping)
    dates = [row.entry.service_date for row in reading.accepted]
    if dates:
        known = known_digests(desk.store, [row.entry.digest for row in reading.accepted])
        known |= logged_digests(desk, min(dates), max(dates))
        reading = replace(reading, rows=tuple(as_known(row, known) for row in reading.rows))
    return less_mended(reading, mended_marks(store))


def less_mended(reading: Reading[LogEntry], marks: set[str]) -> Reading[LogEntry]:
    """Take out the rows whose place an earlier import has mended.

    Still rejected in the practice's own file, such a row is in already. Accepted with other words than those
    that came in, it would be the same work twice: it is refused.
    """
    if not marks:
        return reading
    cells = {origin: row for sheet in reading.sheets for origin, row in sheet.rows()}
    rows: list[Row[LogEntry]] = []
    for row in reading.rows:
        place = f"{reading.file}|{row.origin.sheet}|{row.origin.row}"
        if isinstance(row, Rejected) and (row.mends or place) in marks:
            rows.append(Ignored(row.origin, "mended since, and in"))
        elif isinstance(row, Accepted) and (row.mends or place) in marks:
            reason = "This row was mended and taken in before, with other words: amend that activity instead."
            month = row.entry.service_date.isoformat()[:7]
            written = tuple(cells[row.origin])
            rows.append(Rejected(row.origin, "row", reason, month, row.entry.digest, written, row.mends))
        else:
            rows.append(row)
    return replace(reading, rows=tuple(rows))


def as_known(row: Row[LogEntry], known: set[str]) -> Row[LogEntry]:
    """An accepted row whose content is in already, as a duplicate."""
    if isinstance(row, Accepted) and row.entry.digest in known:
        return Duplicate(row.origin, row.entry, row.mends, None)
    return row


def logged_digests(desk: Desk, first: date, last: date) -> set[str]:
    """The digests of what was logged by hand between two service dates."""
    between = first.isoformat(), last.isoformat()
    due = first_due(desk.store, *between)
    return {
        content_digest(
            staff=row.staff,
            service_date=row.service_date,
            patient_id=row.patient_id,
            kind=row.kind,
            minutes=row.minutes,
            method=row.method,
            note=row.note,
            outcome_words=row.outcome_words,
            follow_up=due.get(row.id, ""),
        )
        for row in activities(desk.store, ActivityFilter(*between))
        if not row.source
    }


def late_rows(
    desk: Desk, rows: Iterable[Accepted[LogEntry]], today: date
) -> tuple[tuple[str, str, int], ...]:
    """Month, run and number of the rows whose own month is closed."""
    found = Counter(
        (str(Month.of(row.entry.service_date)), run)
        for row in rows
        if (run := run_of(desk, row.entry.service_date, today))
    )
    return tuple((month, run, count) for (month, run), count in sorted(found.items()))


def append_rows(
    desk: Desk, tx: Transaction, file: str, rows: Iterable[Accepted[LogEntry]], draft: bool
) -> tuple[int, int]:
    """Append the accepted rows; what they may say was checked when they were read.

    Returns:
        How many follow-ups were opened, and how many were due before today.
    """
    today = desk.local(tx.now).date()
    opened = past = 0
    by_patient: dict[str, list[Case]] = {}
    for row in rows:
        entry = row.entry
        of_patient = by_patient.get(entry.patient_id)
        if of_patient is None:
            of_patient = by_patient[entry.patient_id] = cases(desk.store, entry.patient_id)
        day = entry.service_date.isoformat()
        open_then = (
            case
            for case in of_patient
            if case.opened_on <= day and (not case.closed_on or day <= case.closed_on)
        )
        case = next(open_then, None)
        due = entry.follow_up
        # What was due before today is history: a due list full of it would hide what is still to be done.
        is_past = due is not None and due < today
        past += is_past
        next_step = entry.follow_up_text
        if due is not None and is_past:
            next_step = f"{next_step} Follow up by {format_us(due)}".strip()
        record = Activity(
            id=tx.new_id(),
            patient_id=entry.patient_id,
            kind=entry.kind,
            staff=entry.staff,
            service_date=day,
            minutes=entry.minutes,
            outcome=entry.outcome,
            outcome_words=entry.outcome_words,
            method=entry.method,
            contacted=entry.contacted,
            next_step=next_step,
            note=entry.note,
            case_id=case.id if case else "",
            status="draft" if draft else "signed",
            signed_by="" if draft else desk.staff.id,
            signed_at=0 if draft else tx.now,
            entered_at=tx.now,
            entered_by=desk.staff.id,
            late_days=max(0, (today - entry.service_date).days),
            run_month=run_of(desk, entry.service_date, today),
            source=Source(
                file=file, sheet=row.origin.sheet, row=row.origin.row, digest=entry.digest, mends=row.mends
            ),
        )
        tx.append("import", "activity", record)
        if due is not None and not is_past:
            tx.append(
                "add",
                "follow_up",
                FollowUp(
                    id=tx.new_id(),
                    due_date=due.isoformat(),
                    what=entry.follow_up_text or entry.outcome_words,
                    patient_id=entry.patient_id,
                    activity_id=record.id,
                    assigned_to=entry.staff,
                ),
            )
            opened += 1
    return opened, past


def append_batch(
    desk: Desk,
    tx: Transaction,
    kind: str,
    file: TableFile,
    summary: dict[str, Any],
    reading: Reading[Any],
) -> None:
    """Record the run, unless nothing came in and nothing else is wrong than the last time."""
    before = last_import(desk.store, kind, file.name)
    rejected, mended = rejected_rows(reading), mended_rows(reading)
    if (
        before is not None
        and not summary["accepted"]
        and (before.rejected, before.mended) == (rejected, mended)
    ):
        return
    tx.append(
        "import",
        "import",
        ImportBatch.model_validate(
            {
                "id": tx.new_id(),
                "kind": kind,
                "file": file.name,
                "sha256": file.sha256,
                "imported_at": tx.now,
                "accepted": summary["accepted"],
                "minutes": summary.get("minutes", 0),
                "duplicates": len(summary["duplicates"]),
                "ignored": summary["ignored"],
                "rejected": rejected,
                "mended": mended,
            }
        ),
    )
