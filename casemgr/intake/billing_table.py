"""A month's workbook in which billing filled in what became of the lines, read row by row.

What the row says of the line itself is read as well, so that a row which was changed there is found out.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from casemgr.core.claim_life import STATUSES, status_label
from casemgr.core.month import TO_DRAFT
from casemgr.core.text import fold
from casemgr.core.wording import quoted
from casemgr.errors import ParseError
from casemgr.intake.cells import cell_date, cell_text, overlong_cells
from casemgr.intake.remittance_cells import cell_cents, listed_adjustments, procedure_code
from casemgr.intake.sheets import Origin, cells_of, read_sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from casemgr.core.billing import ClaimStatus
    from casemgr.intake.remittance_cells import Told
    from casemgr.intake.tables import Cell, TableFile
    from casemgr.intake.vocabulary import Vocabulary

T = TypeVar("T")

_STATUS_OF: dict[str, ClaimStatus] = {fold(status_label(each)): each for each in STATUSES}
_FILLED = ("status", "submitted_on", "paid", "adjusted", "patient_pays", "reason", "answered_on")
_MOST_DIGITS = 9
"""Of a whole number: Python does not turn thousands of digits into one."""
WHOLE_CLAIM = "(whole claim)"
"""With what the workbook marks a reason that was given for a claim of several lines as a whole."""


class BillingRow(NamedTuple):
    """A line of a claim, and what billing says of it; None and empty text where a cell is blank. Cents."""

    origin: Origin
    number: str
    """The claim's."""
    service_date: date
    code: str
    minutes: int | None
    quantity: int | None
    charge_cents: int
    status: ClaimStatus | None
    submitted_on: date | None
    paid_cents: int | None
    adjusted_cents: int | None
    patient_cents: int | None
    reason: str
    """As written."""
    reasons: tuple[Told, ...]
    payer_claim_number: str
    answered_on: date | None


class BillingFault(NamedTuple):
    """A row that cannot be understood."""

    origin: Origin
    number: str
    """The claim's, as far as it can be read."""
    reason: str


@dataclass(frozen=True, slots=True)
class BillingTable:
    """A workbook that was read."""

    file: str
    sha256: str
    rows: tuple[BillingRow, ...]
    faults: tuple[BillingFault, ...]
    ignored: int
    """Rows that are no line of a claim: totals, and lines that were still to be drafted."""
    skipped: tuple[str, ...]
    """Sheets without the columns needed."""


def read_billing(
    file: TableFile, vocabulary: Vocabulary, today: date, mapping: Mapping[str, str] | None = None
) -> BillingTable:
    """Read every sheet that has lines of claims; of a formula, the value that was kept with it.

    Args:
        file: what was read of it.
        vocabulary: what the columns are called, for the table `billing`.
        today: the local date; later dates are refused.
        mapping: column to heading, as told by `--map`.

    Raises:
        InputRefused: the columns cannot be told.
    """
    sheets, skipped = read_sheets(file, vocabulary, mapping)
    rows: list[BillingRow] = []
    faults: list[BillingFault] = []
    ignored = 0
    for sheet in sheets:
        for origin, written in sheet.rows():
            cells = cells_of(written, sheet.headings.columns)
            number = cell_text(cells["claim"]).upper()
            if sheet.repeats_headings(written) or not number or fold(number) in vocabulary.words["no_line"]:
                ignored += 1
                continue
            if fold(number) == TO_DRAFT:
                if any(cell_text(cells.get(name)) for name in _FILLED):
                    faults.append(BillingFault(origin, "", "It is on no claim yet: draft the month first."))
                else:
                    ignored += 1
                continue
            try:
                rows.append(_row(origin, number, cells, vocabulary.words["nothing"], today))
            except ParseError as error:
                faults.append(BillingFault(origin, number, str(error)))
    return BillingTable(
        file.name, file.sha256, tuple(rows), tuple(faults), ignored, tuple(one.sheet for one in skipped)
    )


def _row(
    origin: Origin, number: str, cells: Mapping[str, Cell], nothing: frozenset[str], today: date
) -> BillingRow:
    for _, problem in overlong_cells(cells):
        raise ParseError(problem)
    reason = cell_text(cells.get("reason"))
    whole = reason.endswith(WHOLE_CLAIM)
    charge = _cents(cells, "charge", "Charge", nothing)
    if charge is None:
        raise ParseError("Charge: it is blank.")
    return BillingRow(
        origin,
        number,
        _of("Service date", lambda: cell_date(cells["service_date"], today)),
        _of("Code", lambda: procedure_code(cell_text(cells["code"]))),
        _whole(cells, "minutes", "Minutes"),
        _whole(cells, "quantity", "Quantity"),
        charge,
        _status(cell_text(cells["status"])),
        _day(cells, "submitted_on", "Submitted on", nothing, today),
        _cents(cells, "paid", "Paid", nothing),
        _cents(cells, "adjusted", "Adjusted (CO)", nothing),
        _cents(cells, "patient_pays", "Patient (PR)", nothing),
        reason,
        () if whole or fold(reason) in nothing else _of("Reason", lambda: listed_adjustments(reason)),
        cell_text(cells.get("payer_claim")),
        _day(cells, "answered_on", "Answered on", nothing, today),
    )


def _status(text: str) -> ClaimStatus | None:
    if not text:
        return None
    found = _STATUS_OF.get(fold(text))
    if found is None:
        near = get_close_matches(fold(text), _STATUS_OF, n=1)
        meant = f" Did you mean {near[0]}?" if near else f" They are {', '.join(_STATUS_OF)}."
        raise ParseError(f"Status: {quoted(text)} is none.{meant}")
    return found


def _day(
    cells: Mapping[str, Cell], name: str, label: str, nothing: frozenset[str], today: date
) -> date | None:
    cell = cells.get(name)
    if fold(cell_text(cell)) in nothing | {""}:
        return None
    day = _of(label, lambda: cell_date(cell, today))
    if day > today:
        raise ParseError(f"{label}: {day.month}/{day.day}/{day.year} is in the future.")
    return day


def _cents(cells: Mapping[str, Cell], name: str, label: str, nothing: frozenset[str]) -> int | None:
    cents = _of(label, lambda: cell_cents(cells.get(name), nothing))
    if cents is not None and cents < 0:
        raise ParseError(f"{label}: an amount is less than nothing.")
    return cents


def _whole(cells: Mapping[str, Cell], name: str, label: str) -> int | None:
    text = cell_text(cells.get(name)).replace(",", "")
    if text and not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
        raise ParseError(f"{label}: {quoted(text)} is no whole number.")
    return int(text) if text else None


def _of(label: str, reads: Callable[[], T]) -> T:
    """What a cell is read as; what is refused begins with its column."""
    try:
        return reads()
    except ParseError as error:
        raise ParseError(f"{label}: {error}") from None
