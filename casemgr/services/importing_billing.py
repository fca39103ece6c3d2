"""Taking in what billing filled in on a month's workbook: legal moves only, all in one transaction.

What the workbook says is held against what is known; what says the same changes nothing, so that the same
file again does nothing. A dry run does the same and takes it back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.billing import Claim
from casemgr.core.claim_money import keys_of, standing
from casemgr.core.dates import format_us
from casemgr.core.money import format_cents
from casemgr.core.records import ImportBatch, RejectedRow
from casemgr.core.rows import StandingLine
from casemgr.errors import CasemgrError, InputRefused
from casemgr.intake.billing_table import read_billing
from casemgr.intake.tables import read_tables
from casemgr.intake.vocabulary import load_vocabulary, read_mapping
from casemgr.services.billing_moves import Said, differences, take
from casemgr.services.line_answers import line_answers
from casemgr.services.permissions import need
from casemgr.store.ledger import history
from casemgr.store.reads.answers import remittances_of
from casemgr.store.reads.claims import claim_by_number, last_import

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from casemgr.core.billing import ClaimLine, ClaimStatus, Method
    from casemgr.intake.billing_table import BillingRow, BillingTable
    from casemgr.intake.sheets import Origin
    from casemgr.services.billing_moves import Difference
    from casemgr.services.desk import Desk
    from casemgr.store.ledger import Transaction


class TakenIn(NamedTuple):
    """A claim of which something was taken in."""

    number: str
    before: ClaimStatus
    after: ClaimStatus
    differences: tuple[Difference, ...]
    warnings: tuple[str, ...]


class RefusedRow(NamedTuple):
    """A row that was not taken in."""

    origin: Origin
    number: str
    reason: str


class ImportedBilling(NamedTuple):
    """What became of a workbook."""

    file: str
    taken: tuple[TakenIn, ...]
    refused: tuple[RefusedRow, ...]
    same: int
    """Rows that say nothing else than what is known."""
    ignored: int
    skipped: tuple[str, ...]
    """Sheets that have no lines of claims."""
    dry_run: bool = False


def import_billing(
    desk: Desk,
    path: Path,
    mapping: Sequence[str] = (),
    *,
    method: Method = "electronic",
    dry_run: bool = False,
) -> ImportedBilling:
    """Take in the status columns of a month's workbook.

    Args:
        desk: the open practice.
        path: the workbook, or text with its columns.
        mapping: `column=heading` where guessing fails.
        method: how the claims were sent that it says were sent.
        dry_run: tell what would happen, and save nothing.

    Raises:
        NotFound: there is no such file.
        InputRefused: it cannot be read, or has no lines of claims; nothing was taken in.
        RuleRefused: who acts may not book payments.
    """
    need(desk, "import", "remittance")
    vocabulary = load_vocabulary("billing", desk.places.config / "intake")
    columns = read_mapping(tuple(mapping), vocabulary)
    table = read_billing(read_tables(path, own=True), vocabulary, desk.today(), columns)
    with desk.write(dry_run=dry_run) as tx:
        done = _taken_in(desk, tx, table, method)
        _append_batch(desk, tx, table, done)
    return done._replace(dry_run=dry_run)


def _taken_in(desk: Desk, tx: Transaction, table: BillingTable, method: Method) -> ImportedBilling:
    """Everything in the workbook, by claim; the faults of one claim keep no other out."""
    refused = [RefusedRow(fault.origin, fault.number, fault.reason) for fault in table.faults]
    faulty = {fault.number: fault.origin for fault in table.faults if fault.number}
    by_claim: dict[str, list[BillingRow]] = {}
    for row in table.rows:
        by_claim.setdefault(row.number, []).append(row)
    taken, same = [], 0
    for number, rows in by_claim.items():
        try:
            if number in faulty:
                origin = faulty[number]
                raise InputRefused(f"A row of this claim cannot be read: {origin.sheet}, row {origin.row}")
            with tx.attempt():
                one = _claim(desk, tx, table.file, number, rows, method)
        except CasemgrError as error:
            reason = " ".join(filter(None, (f"{error.title}.", error.todo)))
            refused += (RefusedRow(row.origin, number, reason) for row in rows)
        else:
            taken += [one] if one.differences else []
            same += 0 if one.differences else len(rows)
    refused.sort(key=lambda row: row.origin)
    return ImportedBilling(table.file, tuple(taken), tuple(refused), same, table.ignored, table.skipped)


def _claim(
    desk: Desk, tx: Transaction, file: str, number: str, rows: list[BillingRow], method: Method
) -> TakenIn:
    """What the rows of one claim say, taken in.

    Raises:
        CasemgrError: why it cannot be; what was appended is to be taken back.
    """
    claim = claim_by_number(desk.store, number)
    if claim is None:
        raise InputRefused(
            f"There is no claim {number} here", "", "Is this the workbook of another practice?"
        )
    if claim.voided:
        raise InputRefused(f"Claim {number} is voided", "", "Export the month anew.")
    said = _said(desk, claim, rows)
    told = tuple(each for one in said for each in one.differences)
    if not told:
        return TakenIn(number, claim.status, claim.status, (), ())
    now, warnings = take(desk, tx, file, claim, said, method)
    return TakenIn(number, claim.status, now.status, told, warnings)


def _said(desk: Desk, claim: Claim, rows: list[BillingRow]) -> list[Said]:
    """The rows of a claim with their lines, what is known of each, and where they differ.

    Raises:
        InputRefused: a row is about no line of the claim, or its line says something else by now.
    """
    been = {Claim.model_validate_json(entry.body).status for entry in history(desk.store, "claim", claim.id)}
    sent = {one.sent_on for one in claim.submissions}
    lines = {(line.service_date, line.code): line for line in claim.lines}
    stands = standing(remittances_of(desk.store, claim.id), keys_of(claim))
    answers = line_answers(desk, (_standing(claim, line) for line in claim.lines))
    found = {}
    for row in rows:
        key = row.service_date.isoformat(), row.code
        line, name = lines.get(key), f"{row.code} on {format_us(row.service_date)}"
        if line is None:
            raise InputRefused(f"Claim {claim.number} has no line {name}")
        if key in found:
            raise InputRefused(f"The line {name} is there twice")
        for what, was, now in (
            ("minutes", row.minutes, line.minutes),
            ("quantity", row.quantity, line.quantity),
            ("charge", row.charge_cents, line.charge_cents),
        ):
            if was is not None and was != now:
                shown = format_cents if what == "charge" else str
                raise InputRefused(
                    f"The {what} of {name} is {shown(was)} in the workbook and {shown(now)} on the claim",
                    "",
                    "Export the month anew; what was logged is changed with `casemgr activity amend`.",
                )
        known = answers[claim.number, *key]
        taken_off = tuple(each for said in stands.said.get(key, ()) for each in said.adjustments)
        told = tuple(differences(row, known, taken_off, been, sent))
        found[key] = Said(row, line, known, taken_off, told)
    return list(found.values())


def _standing(claim: Claim, line: ClaimLine) -> StandingLine:
    return StandingLine(
        claim.number,
        claim.payer_name,
        claim.member_id,
        line.service_date,
        line.code,
        line.minutes,
        line.quantity,
        line.fee_cents,
    )


def _append_batch(desk: Desk, tx: Transaction, table: BillingTable, done: ImportedBilling) -> None:
    """Record the run, unless nothing came in and nothing else is wrong than the last time."""
    rejected = tuple(
        RejectedRow(
            sheet=one.origin.sheet, row=one.origin.row, field="claim", reason=one.reason, said=one.number
        )
        for one in done.refused
    )
    before = last_import(desk.store, "billing", table.file)
    if not done.taken and (not rejected if before is None else before.rejected == rejected):
        return
    tx.append(
        "import",
        "import",
        ImportBatch(
            id=tx.new_id(),
            kind="billing",
            file=table.file,
            sha256=table.sha256,
            imported_at=tx.now,
            accepted=len(done.taken),
            duplicates=done.same,
            ignored=done.ignored,
            rejected=rejected,
        ),
    )
