"""Taking in a practice's own lists of patients and staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casemgr.core.commands import AddPatient, AddStaff
from casemgr.errors import CasemgrError, InputRefused
from casemgr.intake.fates import PatientEntry
from casemgr.intake.people import PatientContext, StaffContext, read_patients, read_staff
from casemgr.intake.tables import read_tables
from casemgr.intake.vocabulary import load_vocabulary, read_mapping
from casemgr.services.importing import Imported, append_batch
from casemgr.services.patients import append_patient
from casemgr.services.permissions import need
from casemgr.services.rejects import commit_with_rejects
from casemgr.services.staff import append_staff
from casemgr.store.reads.patients import all_refs
from casemgr.store.reads.records import all_staff

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from casemgr.intake.fates import Reading, StaffEntry
    from casemgr.intake.tables import TableFile
    from casemgr.intake.vocabulary import Vocabulary
    from casemgr.services.desk import Desk
    from casemgr.store.ledger import Transaction


def import_patients(
    desk: Desk, path: Path, mapping: Sequence[str] = (), *, dry_run: bool = False, rejects: Path | None = None
) -> Imported:
    """Take in a list of patients, with their coverage where payer and member id are given.

    A chart number that stands for the same person already is a duplicate.

    Raises:
        NotFound, InputRefused: the file, or its columns, cannot be read.
    """

    def read(file: TableFile, words: Vocabulary, columns: dict[str, str]) -> Reading[PatientEntry]:
        return read_patients(file, PatientContext(desk.today(), all_refs(desk.store), words), columns)

    def append(tx: Transaction, entry: PatientEntry) -> None:
        # Without both, there is nothing by which a payer could be billed.
        covered = bool(entry.payer_name and entry.member_id)
        wish = AddPatient(
            last_name=entry.last_name,
            first_name=entry.first_name,
            birth_date=entry.birth_date,
            chart_number=entry.chart_number,
            gender=entry.gender,
            language=entry.language,
            phone=entry.phone,
            address=entry.address,
            payer=entry.payer_name if covered else "",
            member_id=entry.member_id if covered else "",
        )
        append_patient(desk, tx, wish, allow_namesake=True)

    return take_in(desk, "patients", path, mapping, read, append, lambda tx, entry: None, dry_run, rejects)


def import_staff(
    desk: Desk, path: Path, mapping: Sequence[str] = (), *, dry_run: bool = False, rejects: Path | None = None
) -> Imported:
    """Take in a list of staff; a login that is there already is a duplicate, of which only gaps are filled.

    Raises:
        NotFound, InputRefused: the file, or its columns, cannot be read.
    """

    def read(file: TableFile, words: Vocabulary, columns: dict[str, str]) -> Reading[StaffEntry]:
        known = {member.id: member.name for member in all_staff(desk.store)}
        return read_staff(file, StaffContext(known, words), columns)

    def append(tx: Transaction, entry: StaffEntry) -> None:
        wish = AddStaff(entry.login, entry.name, entry.credential, entry.role or "case manager", entry.npi)
        append_staff(desk, tx, wish)

    def complete(tx: Transaction, entry: StaffEntry) -> None:
        member = desk.member(entry.login)
        gaps = {"credential": entry.credential, "npi": entry.npi}
        filled = {name: value for name, value in gaps.items() if value and not getattr(member, name)}
        if filled:
            tx.append("edit", "staff", member.model_copy(update=filled), "filled in from a list of staff")

    return take_in(desk, "staff", path, mapping, read, append, complete, dry_run, rejects)


def take_in(
    desk: Desk,
    kind: Any,
    path: Path,
    mapping: Sequence[str],
    read: Callable[[TableFile, Vocabulary, dict[str, str]], Reading[Any]],
    append: Callable[[Transaction, Any], None],
    complete: Callable[[Transaction, Any], None],
    dry_run: bool,
    rejects: Path | None,
) -> Imported:
    """Read a list, append what is accepted in one transaction, and write out what is not."""
    need(desk, "add", "staff" if kind == "staff" else "patient")
    vocabulary = load_vocabulary(kind, desk.places.config / "intake")
    file = read_tables(path)
    columns = read_mapping(tuple(mapping), vocabulary)
    if dry_run:
        reading = read(file, vocabulary, columns)
        return Imported(reading, reading.summary(), None, dry_run=True)

    def work(tx: Transaction) -> Reading[Any]:
        reading = read(file, vocabulary, columns)
        for row in reading.accepted:
            try:
                append(tx, row.entry)
            except CasemgrError as error:
                place = f"{row.origin.sheet}, row {row.origin.row}"
                raise InputRefused(
                    f"{place}: {error.title}",
                    f"{error.detail} Nothing of {file.name} was taken in.".strip(),
                    error.todo,
                ) from error
        for known in reading.duplicates:
            complete(tx, known.entry)
        append_batch(desk, tx, kind, file, reading.summary(), reading)
        return reading

    reading, workbook = commit_with_rejects(desk, rejects, work)
    alone = sum(
        1 for row in reading.accepted if isinstance(row.entry, PatientEntry) and not row.entry.member_id
    )
    return Imported(reading, reading.summary(), workbook, paying_themselves=alone)
