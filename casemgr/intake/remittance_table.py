"""A list of payers' answers in a workbook or csv, read into the same claims as an 835.

A row is a line of a claim, or a claim as a whole where it has no procedure code. The rows of one claim and
one check are one answer; a row that cannot be understood in one way only keeps its claim out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from casemgr.core.dates import format_us
from casemgr.core.remittance_advice import (
    DENIED,
    REVERSAL,
    STATUSES,
    AdviceFault,
    AdviceFile,
    AdvisedAdjustment,
    AdvisedClaim,
    AdvisedLine,
    PaymentAdvice,
    Place,
)
from casemgr.core.text import fold
from casemgr.core.wording import quoted
from casemgr.errors import ParseError
from casemgr.intake.cells import cell_date, cell_text, overlong_cells
from casemgr.intake.remittance_cells import (
    Row,
    Told,
    cell_cents,
    leading_code,
    listed_adjustments,
    procedure_code,
    remark_codes,
    settled,
)
from casemgr.intake.sheets import cells_of, read_sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from casemgr.intake.tables import Cell, TableFile
    from casemgr.intake.vocabulary import Vocabulary

SaidT = TypeVar("SaidT")
ReadT = TypeVar("ReadT")

PROCESSED = "1"
_COLUMNS_OF_THEIR_OWN = {
    "deductible": ("PR", "1"),
    "coinsurance": ("PR", "2"),
    "copay": ("PR", "3"),
    "write_off": ("CO", "45"),
}
"""Columns that are about one group and reason each."""
MAX_UNITS = 99


@dataclass(frozen=True, slots=True)
class RemittanceContext:
    """What a list of payers' answers is read against.

    Attributes:
        today: the local date; later dates of service and of payment are refused.
        vocabulary: what practices call the columns, for the table `remittance`.
    """

    today: date
    vocabulary: Vocabulary


class _Payment(NamedTuple):
    """By what the rows of one payment are known."""

    payer: str
    check: str
    paid_on: date | None


class _Answer(NamedTuple):
    """A row that could be read."""

    number: str
    status: str
    payer_claim: str
    patient: str
    patient_cents: int
    received_on: date | None
    line: AdvisedLine


@dataclass(slots=True)
class _Claim:
    """The rows of one claim within a payment."""

    answers: list[_Answer] = field(default_factory=list)
    faulty: bool = False


@dataclass(slots=True)
class _Gathered:
    """A payment while its rows are read."""

    payer: str
    place: Place
    paid_cents: int = 0
    """Of all its rows, those too that are not taken in."""
    claims: dict[tuple[str, bool], _Claim] = field(default_factory=dict)
    faults: list[AdviceFault] = field(default_factory=list)


def read_remittance_table(
    file: TableFile, context: RemittanceContext, mapping: Mapping[str, str] | None = None
) -> AdviceFile:
    """Read every sheet of a list of payers' answers.

    Args:
        file: what was read of it.
        context: what it is read against.
        mapping: column to heading, as told by `--map`.

    Raises:
        InputRefused: the columns cannot be told.
    """
    sheets, skipped = read_sheets(file, context.vocabulary, mapping)
    payments: dict[_Payment, _Gathered] = {}
    ignored = 0
    for sheet in sheets:
        for origin, row in sheet.rows():
            reader = _RowReader(cells_of(row, sheet.headings.columns), context)
            if sheet.repeats_headings(row) or reader.no_claim():
                ignored += 1
            else:
                _gather(payments, Place(origin.sheet, 0, origin.row), reader)
    _hold_back(payments)
    advices = tuple(_advice(key, gathered) for key, gathered in payments.items())
    return AdviceFile(file.name, file.sha256, advices, ignored, tuple(sheet.sheet for sheet in skipped))


def _hold_back(payments: Mapping[_Payment, _Gathered]) -> None:
    """Keep out whatever else is said of a claim with a faulty row: its check or date may be the fault."""
    rows = {
        fold(fault.number): fault.place
        for payment in payments.values()
        for fault in payment.faults
        if fault.number
    }
    for payment in payments.values():
        for (number, _), claim in payment.claims.items():
            if number in rows and not claim.faulty:
                claim.faulty = True
                reason = f"Another row of this claim cannot be taken in: {rows[number]}."
                first = claim.answers[0]
                payment.faults.append(AdviceFault(first.line.place, first.number, reason))


def _gather(payments: dict[_Payment, _Gathered], place: Place, reader: _RowReader) -> None:
    """Put a row to its payment and claim."""
    answer = reader.answer(place)
    payer = reader.text("payer")
    key = _Payment(fold(payer), reader.text("check"), reader.paid_on)
    payment = payments.setdefault(key, _Gathered(payer, place))
    payment.paid_cents += reader.paid_cents
    number = reader.text("claim")
    claim = payment.claims.setdefault((fold(number), reader.reversal), _Claim())
    faults = list(reader.faults)
    if answer is not None:
        faults += _clashes(answer, claim.answers)
        claim.answers.append(answer)
    claim.faulty = claim.faulty or bool(faults)
    if faults:
        payment.faults.append(AdviceFault(place, number, " ".join(faults)))


def _clashes(answer: _Answer, earlier: list[_Answer]) -> list[str]:
    """Why a row cannot stand beside the earlier ones of its claim."""
    line = answer.line
    for other in earlier:
        if (line.code, line.service_date) == (other.line.code, other.line.service_date):
            return [
                f"The same claim, code and date stand in row {other.line.place.number} already: put the "
                "adjustments of one line into one row."
            ]
        if bool(line.code) != bool(other.line.code):
            has = "a" if line.code else "no"
            return [f"It has {has} code, unlike row {other.line.place.number} of its claim."]
        if answer.payer_claim and other.payer_claim and answer.payer_claim != other.payer_claim:
            return [f"Its payer's claim number is not that of row {other.line.place.number} of its claim."]
    return []


def _advice(key: _Payment, payment: _Gathered) -> PaymentAdvice:
    claims = tuple(_claim(claim.answers) for claim in payment.claims.values() if not claim.faulty)
    return PaymentAdvice(
        payer=payment.payer,
        payer_id="",
        payee="",
        payee_id="",
        trace=key.check,
        method="",
        paid_on=key.paid_on,
        total_cents=payment.paid_cents,
        claims=claims,
        provider_adjustments=(),
        faults=tuple(payment.faults),
        difference_cents=0,
        place=payment.place,
    )


def _claim(answers: list[_Answer]) -> AdvisedClaim:
    first, lines = answers[0], [answer.line for answer in answers]
    statuses = {answer.status for answer in answers}
    whole = lines[0] if not lines[0].code else None
    return AdvisedClaim(
        number=first.number,
        status=first.status if len(statuses) == 1 else PROCESSED,
        payer_claim_number=next((answer.payer_claim for answer in answers if answer.payer_claim), ""),
        charge_cents=sum(line.charge_cents for line in lines),
        paid_cents=sum(line.paid_cents for line in lines),
        patient_cents=sum(answer.patient_cents for answer in answers),
        received_on=next((answer.received_on for answer in answers if answer.received_on), None),
        patient_name=next((answer.patient for answer in answers if answer.patient), ""),
        member_id="",
        adjustments=whole.adjustments if whole else (),
        remarks=whole.remarks if whole else (),
        lines=() if whole else tuple(lines),
        place=lines[0].place,
    )


class _RowReader:
    """Reads the cells of one row, and gathers what is wrong with them."""

    def __init__(self, cells: Mapping[str, Cell], context: RemittanceContext) -> None:
        self._cells, self._words, self._today = cells, context.vocabulary.words, context.today
        self.faults: list[str] = []
        self.paid_on: date | None = None
        self.paid_cents = 0
        self.reversal = False

    def text(self, name: str) -> str:
        """What a cell says; "" where that is nothing."""
        text = cell_text(self._cells.get(name))
        return "" if fold(text) in self._words["nothing"] else text

    def no_claim(self) -> bool:
        """Whether the row is a total or a remark rather than an answer to a claim."""
        said = fold(self.text("claim"))
        if self.text("code"):
            return False
        if said:
            return any(f"{said} ".startswith(f"{word} ") for word in self._words["not_claims"])
        return not self.text("service_date")

    def answer(self, place: Place) -> _Answer | None:
        """The row as the answer to a line or claim; None where faults say why it is none."""
        if endless := overlong_cells(self._cells):
            self.faults += [problem for _, problem in endless]
            return None
        number = self.text("claim")
        if not number:
            self.faults.append("There is no claim number.")
        self.paid_on = self._date("check_date", "payment")
        service_date = self._date("service_date", "service")
        code = self._read(procedure_code, self.text("code")) if self.text("code") else ""
        if service_date and not self.text("code"):
            self.faults.append("There is a service date and no procedure code.")
        units = self._units()
        remarks = self._read(remark_codes, self.text("remarks"))
        billed, paid, allowed = (self._cents(name) for name in ("billed", "paid", "allowed"))
        self.paid_cents = paid or 0
        status = self._status(billed, paid)
        adjustments = self._adjustments(billed, paid, allowed, status)
        if self.faults or code is None or remarks is None or billed is None or paid is None:
            return None
        line = AdvisedLine(
            code=code,
            submitted_code="",
            service_date=service_date,
            charge_cents=billed,
            paid_cents=paid,
            allowed_cents=allowed,
            units=units,
            adjustments=adjustments,
            remarks=remarks,
            control_number="",
            place=place,
        )
        owed = sum(one.cents for one in adjustments if one.group == "PR")
        received_on = self._date("received", "receipt")
        patient, payer_claim = self.text("patient"), self.text("payer_claim")
        return _Answer(number, status, payer_claim, patient, owed, received_on, line)

    def _adjustments(
        self, billed: int | None, paid: int | None, allowed: int | None, status: str
    ) -> tuple[AdvisedAdjustment, ...]:
        named = tuple(Told(*key, self._cents(name)) for name, key in _COLUMNS_OF_THEIR_OWN.items())
        patient, adjusted = self._cents("patient_pays"), self._cents("adjusted")
        reason = self.text("reason")
        leading = leading_code(reason)
        listed = self.text("adjustments")
        if adjusted and leading and not listed:
            # A column called reason may hold the code that the amount beside it is about.
            listed = f"{leading.group}-{leading.carc}"
        told = self._read(lambda text: listed_adjustments(text, self.text("group"), adjusted), listed)
        if self.faults or told is None or billed is None or paid is None:
            return ()
        if leading and all((one.group, one.carc) != leading[:2] for one in told):
            told = (*told, leading)
        lists = ((name.partition("_"), said) for name, said in self._words.items())
        carc = next(
            (after for (name, _, after), said in lists if name == "carc" and fold(reason) in said), ""
        )
        row = Row(billed, paid, allowed, patient, named, told, status == DENIED, carc)
        return self._read(settled, row) or ()

    def _status(self, billed: int | None, paid: int | None) -> str:
        """The status code; a row that takes charges back is a reversal, whatever it is called."""
        said = self.text("status")
        folded = fold(said)
        status = PROCESSED
        if folded in self._words["denied"]:
            status = DENIED
        elif folded in self._words["reversed"]:
            status = REVERSAL
        elif told := next((key for key, meaning in STATUSES.items() if folded in (key, fold(meaning))), ""):
            status = told
        elif folded and folded not in self._words["paid"]:
            self.faults.append(f"{quoted(said)} is no answer to a claim: write paid, denied or reversal.")
        if status == DENIED and paid:
            self.faults.append("It says denied, and something was paid.")
        if billed is not None and billed < 0 and status == PROCESSED:
            status = REVERSAL
        self.reversal = status == REVERSAL
        if billed and (billed > 0) == self.reversal:
            self.faults.append("A reversal takes charges back, and nothing else does: its sign is wrong.")
        return status

    def _cents(self, name: str) -> int | None:
        faults = len(self.faults)
        cents = self._read(lambda cell: cell_cents(cell, self._words["nothing"]), self._cells.get(name))
        if cents is None and len(self.faults) == faults and name in ("billed", "paid"):
            self.faults.append(f"There is no amount {name}: write 0 where nothing was.")
        return cents

    def _units(self) -> int:
        text = self.text("units") or "1"
        if text.isascii() and text.isdecimal() and len(text) <= 2 and int(text) <= MAX_UNITS:
            return int(text)
        self.faults.append(f"{quoted(text)} are no units: write a whole number.")
        return 0

    def _date(self, name: str, what: str) -> date | None:
        if not self.text(name):
            return None
        found = self._read(lambda cell: cell_date(cell, self._today), self._cells[name])
        if found and found > self._today:
            self.faults.append(f"The date of {what}, {format_us(found)}, is in the future.")
        return found

    def _read(self, read: Callable[[SaidT], ReadT], said: SaidT) -> ReadT | None:
        try:
            return read(said)
        except ParseError as fault:
            self.faults.append(str(fault))
            return None
