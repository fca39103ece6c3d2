"""Who pays for a patient's care, and between which dates."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.claims import coverage_on, fee_cents
from casemgr.core.dates import format_us
from casemgr.core.ids import short
from casemgr.core.records import Coverage, Patient
from casemgr.core.text import fold, tidy
from casemgr.errors import NotFound, RuleRefused
from casemgr.services.refusals import read_iso, refused
from casemgr.store.reads.patients import coverages, coverages_of
from casemgr.store.reads.records import full_id, load

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from casemgr.core.commands import AddCoverage
    from casemgr.core.payers import Payer
    from casemgr.core.rows import CoverageRow
    from casemgr.services.content import ContentDesk
    from casemgr.services.desk import Desk
    from casemgr.store.ledger import Transaction

EDITABLE = ("member_id", "valid_from", "valid_to")
"""What an edit may change; another payer is another coverage."""


class PayerName(NamedTuple):
    """A payer as a coverage keeps it."""

    payer: str
    """Id of the payer's file, or the folded name where there is none."""
    payer_name: str


class Billed(NamedTuple):
    """How a payer is billed for a kind of activity."""

    kind: str
    title: str
    code: str
    fee_cents: int
    """For one unit; 0 where the rules name none."""
    nomenclature: str
    """The code that the code set itself names for this work."""
    warning: str
    """Why the code differs from what the code set says of this work; empty where it does not."""


def add_coverage(desk: Desk, wish: AddCoverage) -> Coverage:
    """Save a patient's cover.

    Raises:
        InputRefused: payer or member id is missing, a date cannot be, or the payer covers that time already.
    """
    with desk.write() as tx:
        return append_coverage(
            desk, tx, wish.patient_id, wish.payer, wish.member_id, wish.valid_from, wish.valid_to
        )


def append_coverage(
    desk: Desk,
    tx: Transaction,
    patient_id: str,
    payer: str,
    member_id: str,
    valid_from: str = "",
    valid_to: str = "",
) -> Coverage:
    """Check a patient's cover and append it inside the caller's transaction; dates are ISO text."""
    patient = load(desk.store, Patient, patient_id)
    if patient is None or patient.voided:
        raise NotFound(
            "There is no such patient", "Nothing was saved.", "`casemgr patient list` shows who there is."
        )
    called = named_payer(desk, payer)
    coverage = Coverage(
        id=tx.new_id(),
        patient_id=patient_id,
        payer=called.payer,
        payer_name=called.payer_name,
        member_id=tidy(member_id),
        valid_from=read_iso(valid_from),
        valid_to=read_iso(valid_to),
    )
    check_coverage(desk, coverage)
    tx.append("add", "coverage", coverage)
    return coverage


def edit_coverage(desk: Desk, coverage_id: str, changes: Mapping[str, str], reason: str = "") -> Coverage:
    """End a coverage, or correct its member id or dates; claims that were drafted keep what they say.

    Args:
        desk: the open practice.
        coverage_id: the id, or its last characters.
        changes: member_id, valid_from and valid_to, dates as ISO text.
        reason: why, for the ledger.

    Raises:
        InputRefused: nothing changes, or the result cannot be.
    """
    with desk.write() as tx:
        record = load(desk.store, Coverage, full_id(desk.store, "coverage", coverage_id))
        assert record is not None
        if record.voided:
            raise RuleRefused("This coverage was withdrawn", "Nothing was changed.", "Add it anew.")
        unknown = sorted(set(changes) - set(EDITABLE))
        if unknown:
            raise refused(f"A coverage has no “{unknown[0]}” to change", f"It can be {', '.join(EDITABLE)}.")
        edited = record.model_copy(
            update={
                name: tidy(value) if name == "member_id" else read_iso(value)
                for name, value in changes.items()
            }
        )
        if edited == record:
            raise refused("The coverage says this already", "Name what changes, such as --to.")
        check_coverage(desk, edited)
        tx.append("edit", "coverage", edited, tidy(reason))
        return edited


def check_coverage(desk: Desk, coverage: Coverage) -> None:
    """Refuse a coverage that cannot be, or overlaps another by the same payer; asked under the write lock."""
    if not coverage.payer_name:
        raise refused("The payer is missing", "`casemgr payer list` shows those that are known.", "payer")
    if not coverage.member_id:
        raise refused(
            f"The member id at {coverage.payer_name} is missing",
            "It stands on the patient's card, and no claim goes without it.",
            "member_id",
        )
    if coverage.valid_from and coverage.valid_to and coverage.valid_to < coverage.valid_from:
        raise refused(
            f"It would end on {format_us(coverage.valid_to)}, before it begins",
            f"It begins on {format_us(coverage.valid_from)}: look at both dates.",
            "valid_to",
        )
    rivals = [
        row.coverage
        for row in coverages(desk.store, coverage.patient_id)
        if row.coverage.id != coverage.id and row.coverage.payer == coverage.payer
    ]
    for other in rivals:
        if _overlap(coverage, other):
            error = refused(
                f"The patient has cover by {coverage.payer_name} in that time already",
                f"End the other one first: casemgr coverage edit {short(other.id)} --to DATE.",
            )
            error.candidates = (described(other),)
            raise error


def to_look_at(desk: Desk, coverage: Coverage) -> list[str]:
    """What should be looked at again in a coverage: another payer at the same time, or one without a file."""
    found = [
        f"{other.coverage.payer_name} covers that time too: claims go to the one that began last, "
        f"unless you end it with `casemgr coverage edit {short(other.coverage.id)} --to DATE`"
        for other in coverages(desk.store, coverage.patient_id)
        if other.coverage.id != coverage.id and _overlap(coverage, other.coverage)
    ]
    if desk.payers.find(coverage.payer_name) is None:
        names = {fold(name): payer.name for payer in desk.payers for name in (payer.name, *payer.aliases)}
        near = get_close_matches(fold(coverage.payer_name), names, n=1)
        meant = f"; did you mean {names[near[0]]}?" if near else ""
        found.append(f"no payer file has the name “{coverage.payer_name}”, so no fee is known{meant}")
    return found


def listed(desk: Desk, patient_id: str = "") -> list[CoverageRow]:
    """Coverages of one patient or of all, by patient and first day."""
    return coverages(desk.store, patient_id)


def the_coverage(desk: Desk, patient_id: str, payer: str, day: date) -> Coverage:
    """The patient's coverage by a payer, or that of a day where no payer is named.

    Raises:
        NotFound: there is none; those that there are are named.
    """
    own = coverages_of(desk.store, patient_id)
    if payer:
        known = desk.payers.find(tidy(payer))
        wanted = {fold(payer), known.id if known else fold(payer)}
        own = [one for one in own if one.payer in wanted or fold(one.payer_name) in wanted]
    found = coverage_on(own, day.isoformat()) or (own[0] if payer and own else None)
    if found is None:
        named = tuple(one.payer_name for one in coverages_of(desk.store, patient_id))
        raise NotFound(
            f"No coverage by {tidy(payer)} is known" if payer else f"No coverage holds on {format_us(day)}",
            "Nothing was saved.",
            "Add it first: casemgr coverage add",
            named,
        )
    return found


def in_force(coverage: Coverage, day: date) -> bool:
    """Whether a coverage holds on a day."""
    return coverage_on([coverage], day.isoformat()) is not None


def named_payer(desk: Desk, text: str) -> PayerName:
    """The payer that a text means: one that has a file, else the name as it is written."""
    name = tidy(text)
    found = desk.payers.find(name) if name else None
    if found is not None:
        return PayerName(found.id, found.name)
    return PayerName(fold(name).replace(" ", "-"), name)


def payer_known(desk: ContentDesk, text: str) -> Payer:
    """The payer file that an id, a name or an alias names, or an example's id or name.

    Raises:
        NotFound: there is none; those that there are are named.
    """
    found = desk.payers.find(tidy(text)) or desk.payer_examples.find(tidy(text))
    if found is None:
        raise NotFound(
            f"There is no file for the payer “{tidy(text)}”",
            "Its claims use each kind's own code and the fees of “generic”, if there is such a file.",
            "A practice adds payers of its own in the folder that `casemgr locate` names.",
            tuple(payer.id for payer in desk.payers),
        )
    return found


def billed(desk: ContentDesk, payer: Payer) -> tuple[Billed, ...]:
    """Code and fee of each kind of activity under a payer's rules of today, or the last in force."""
    today = desk.today()
    day = today if payer.in_force(today) else payer.valid_to or payer.valid_from or today
    codes = {kind.kind: payer.code_for(kind, day) for kind in desk.kinds}
    return tuple(
        Billed(
            kind.kind,
            kind.title,
            codes[kind.kind],
            fee_cents(payer, codes[kind.kind], day.isoformat()),
            kind.nomenclature,
            kind.warning_for(codes[kind.kind]),
        )
        for kind in desk.kinds
    )


def described(coverage: Coverage) -> str:
    """`Sunrise Medicaid Dental · SYN4410231 · from 1/1/2026 to 12/31/2026`."""
    parts = [coverage.payer_name, coverage.member_id, span(coverage)]
    return " · ".join(part for part in parts if part)


def span(coverage: Coverage) -> str:
    """`from 1/1/2026 to 12/31/2026`; empty where it is open at both ends."""
    begins = f"from {format_us(coverage.valid_from)}" if coverage.valid_from else ""
    ends = f"to {format_us(coverage.valid_to)}" if coverage.valid_to else ""
    return f"{begins} {ends}".strip()


def _overlap(one: Coverage, other: Coverage) -> bool:
    """Whether two spans share a day; an open end reaches on."""
    return (not one.valid_to or not other.valid_from or other.valid_from <= one.valid_to) and (
        not other.valid_to or not one.valid_from or one.valid_from <= other.valid_to
    )
