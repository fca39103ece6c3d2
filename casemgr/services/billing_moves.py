"""What billing says of a claim in a month's workbook, held against what is known, and the moves that follow.

Only moves of a claim's life are made: it was sent, the payer took it in, the payer answered. Cents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.billing import Adjustment, Remittance, RemittanceLine
from casemgr.core.billing_commands import SubmitClaims
from casemgr.core.claim_life import ANSWERED, FINISHED, UNSENT, status_label
from casemgr.core.dates import format_us
from casemgr.core.money import format_cents
from casemgr.core.text import fold
from casemgr.errors import InputRefused, RuleRefused
from casemgr.intake.billing_table import WHOLE_CLAIM
from casemgr.services.answers import append_answer
from casemgr.services.claim_life import append_sending
from casemgr.services.claim_moves import append_move
from casemgr.services.remittances import refuse_day

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import date

    from casemgr.core.billing import Claim, ClaimLine, ClaimStatus, Method
    from casemgr.intake.billing_table import BillingRow
    from casemgr.intake.remittance_cells import Told
    from casemgr.services.desk import Desk
    from casemgr.services.line_answers import LineAnswer
    from casemgr.store.ledger import Transaction

MONEY = frozenset({"Paid", "Adjusted (CO)", "Patient (PR)", "Reason (CARC)"})
"""The columns that are an answer of the payer."""
_COMMANDS = {"appealed": "appeal", "closed": "close", "written_off": "write-off", "ready": "ready"}
"""The commands for states that no workbook brings about."""


class Difference(NamedTuple):
    """A cell that says something else than what is known."""

    place: str
    """`Billing lines, row 5`."""
    label: str
    """What its column is called."""
    known: str
    said: str


class Said(NamedTuple):
    """A row, what was known of its line, and where the two differ."""

    row: BillingRow
    line: ClaimLine
    known: LineAnswer
    taken_off: tuple[Adjustment, ...]
    """What the payer's answers took off it so far."""
    differences: tuple[Difference, ...]

    @property
    def labels(self) -> frozenset[str]:
        """The columns in which they differ."""
        return frozenset(one.label for one in self.differences)


def differences(
    row: BillingRow,
    known: LineAnswer,
    taken_off: Sequence[Adjustment],
    been: Collection[ClaimStatus],
    sent: Collection[str],
) -> Iterator[Difference]:
    """Where a row says something else than what is known; a blank cell says nothing.

    Args:
        row: the row.
        known: what the workbook would say now.
        taken_off: what the payer's answers took off the line so far.
        been: the states in which the claim was before: an older workbook is no news.
        sent: the ISO days on which it was sent.
    """

    def differing(label: str, known_: str, said: str) -> Difference:
        return Difference(f"{row.origin.sheet}, row {row.origin.row}", label, known_, said)

    if row.status and row.status not in been:
        yield differing("Status", known.status, status_label(row.status))
    if row.submitted_on and row.submitted_on.isoformat() not in sent:
        yield differing("Submitted on", _day(known.submitted_on), _day(row.submitted_on))
    answered = False
    for label, was, now in (
        ("Paid", known.paid_cents, row.paid_cents),
        ("Adjusted (CO)", known.adjusted_cents, row.adjusted_cents),
        ("Patient (PR)", known.patient_cents, row.patient_cents),
    ):
        if now is not None and now != (was or 0):
            answered = True
            yield differing(label, "" if was is None else format_cents(was), format_cents(now))
    if row.reason and fold(row.reason) != fold(known.reason) and not _same_reasons(row.reasons, taken_off):
        answered = True
        yield differing("Reason (CARC)", known.reason, row.reason)
    if row.payer_claim_number and row.payer_claim_number != known.payer_claim_number:
        yield differing("Payer claim no.", known.payer_claim_number, row.payer_claim_number)
    # The day of an answer is that of the newest one, so that an older line's own is no news by itself.
    if row.answered_on and row.answered_on != known.answered_on and (answered or not known.answered_on):
        yield differing("Answered on", _day(known.answered_on), _day(row.answered_on))


def _same_reasons(told: Sequence[Told], taken_off: Sequence[Adjustment]) -> bool:
    """Whether a row lists the reasons that stand already, with those amounts that it names."""
    stands: dict[tuple[str, str], int] = {}
    for one in taken_off:
        stands[one.group, one.carc] = stands.get((one.group, one.carc), 0) + one.cents
    said = {(one.group, one.carc): one.cents for one in told}
    return said.keys() == {key for key in stands if key[1]} and all(
        cents is None or cents == stands[key] for key, cents in said.items()
    )


def take(
    desk: Desk, tx: Transaction, file: str, claim: Claim, rows: Sequence[Said], method: Method
) -> tuple[Claim, tuple[str, ...]]:
    """Make the moves that the rows of one claim say, inside a transaction that the caller holds.

    Args:
        desk: the open practice.
        tx: the transaction.
        file: the workbook's name.
        claim: the claim as it stands.
        rows: what is said of its lines.
        method: how it was sent, where it was.

    Returns:
        The claim after them, and what should be looked at.

    Raises:
        CasemgrError: one of them cannot be made; what was appended is to be taken back by the caller.
    """
    now = _sent(desk, tx, claim, rows, method)
    wanted = {one.row.status for one in rows if one.row.status and "Status" in one.labels}
    number = _agreed((one.row.payer_claim_number for one in rows), "Payer claim no.")
    if "accepted" in wanted and now.status == "submitted":
        now = append_move(tx, now, "accept", "accepted")
    now, warnings = _answered(desk, tx, file, now, rows)
    if number and number != now.payer_claim_number:
        now = now.model_copy(update={"payer_claim_number": number})
        tx.append("edit", "claim", now, f"as {file} says")
    _refuse_other_status(now, wanted)
    return now, warnings


def _sent(desk: Desk, tx: Transaction, claim: Claim, rows: Sequence[Said], method: Method) -> Claim:
    """The claim after its sending, where the rows say one that is not known."""
    new = [one for one in rows if "Submitted on" in one.labels]
    if new:
        _agreed((_day(one.row.submitted_on) for one in rows), "Submitted on")
        on = new[0].row.submitted_on
        assert on is not None
        if claim.status not in UNSENT:
            raise RuleRefused(
                f"Claim {claim.number} was sent on {format_us(claim.submissions[-1].sent_on)}, "
                f"not on {format_us(on)}",
                "",
                f"If it was sent again: casemgr claim correct {claim.number}.",
            )
        return append_sending(desk, tx, claim, SubmitClaims((claim.number,), method, on))
    if claim.status in UNSENT and (MONEY | {"Answered on", "Payer claim no."}) & _labels(rows):
        raise RuleRefused(
            f"Claim {claim.number} is {status_label(claim.status)}: its row does not say when it was sent",
            "",
            "Fill in “Submitted on”.",
        )
    return claim


def _answered(
    desk: Desk, tx: Transaction, file: str, claim: Claim, rows: Sequence[Said]
) -> tuple[Claim, tuple[str, ...]]:
    """The claim after the answers that are not known, one for each day on which the payer answered."""
    by_day: dict[date, list[Said]] = {}
    for one in rows:
        if not MONEY & one.labels:
            if one.row.status == "denied" and "Status" in one.labels:
                raise InputRefused(
                    "It says denied, and not why", "", "Write the reason's code, such as CO-197."
                )
            if "Answered on" in one.labels:
                raise InputRefused(
                    "It says on which day the payer answered, and nothing new of what", "", "Fill in “Paid”."
                )
            continue
        if one.row.answered_on is None:
            raise InputRefused("It does not say when the payer answered", "", "Fill in “Answered on”.")
        by_day.setdefault(one.row.answered_on, []).append(one)
    warnings: list[str] = []
    for on, of_day in sorted(by_day.items()):
        refuse_day(desk, claim, on)
        lines = tuple(_line(one) for one in of_day)
        answer = Remittance(
            id=tx.new_id(),
            claim_id=claim.id,
            received_on=on.isoformat(),
            paid_on=on.isoformat(),
            payer_claim_number=of_day[0].row.payer_claim_number,
            lines=lines,
            file=file,
        )
        done = append_answer(desk, tx, claim, answer, "import")
        claim = done.claim
        warnings += done.warnings
    return claim, tuple(warnings)


def _line(one: Said) -> RemittanceLine:
    """The payer's answer to a line: what it paid beyond what is booked, and all that it takes off by now."""
    row, charge = one.row, one.line.charge_cents
    booked = one.known.paid_cents or 0
    paid = booked if row.paid_cents is None else row.paid_cents
    if paid < booked:
        raise RuleRefused(
            f"{format_cents(paid)} paid is less than the {format_cents(booked)} that is booked",
            "",
            "Take that answer back first: casemgr remittance void.",
        )
    if one.known.reason.endswith(WHOLE_CLAIM):
        raise RuleRefused(
            "The claim was answered as a whole", "", "Say what is new with `casemgr claim pay`."
        )
    unchanged = not {"Adjusted (CO)", "Patient (PR)", "Reason (CARC)"} & one.labels
    taken_off = list(one.taken_off) if unchanged else _taken_off(row, charge - paid)
    if sum(each.cents for each in taken_off) > charge - paid:
        raise InputRefused(
            f"What was paid and taken off is more than the charge of {format_cents(charge)}",
            "",
            "Look at the amounts again.",
        )
    return RemittanceLine(
        service_date=one.line.service_date,
        code=one.line.code,
        billed_cents=charge,
        paid_cents=paid - booked,
        adjustments=tuple(taken_off),
    )


def _taken_off(row: BillingRow, unpaid: int) -> list[Adjustment]:
    """What the payer took off a line, by the columns of the row: amounts in all, and the reasons for them."""
    others = [one for one in row.reasons if one.group != "PR"]
    patient = [one for one in row.reasons if one.group == "PR"]
    if row.patient_cents and not patient:
        found = [Adjustment(group="PR", carc="", cents=row.patient_cents)]
    else:
        rest = None if others and row.adjusted_cents is None else unpaid - (row.adjusted_cents or 0)
        found = _shared("Patient (PR)", patient, row.patient_cents, rest)
    if row.adjusted_cents and not others:
        raise InputRefused(
            f"{format_cents(row.adjusted_cents)} is adjusted, and it does not say why",
            "",
            "Write the reason's code, such as CO-45.",
        )
    rest = unpaid - sum(one.cents for one in found)
    return _shared("Adjusted (CO)", others, row.adjusted_cents, rest) + found


def _shared(label: str, reasons: Sequence[Told], total: int | None, rest: int | None) -> list[Adjustment]:
    """An amount by its reasons; of one reason without an amount, it is what the others leave.

    Args:
        label: what the amount's column is called.
        reasons: those that the row lists.
        total: the column's amount; None where it is blank.
        rest: what nothing else of the row explains, where that is known.
    """
    waiting = [one for one in reasons if one.cents is None]
    given = sum(one.cents or 0 for one in reasons)
    if len(waiting) > 1:
        named = " and ".join(f"{one.group}-{one.carc}" for one in waiting)
        raise InputRefused(
            f"{named} have no amounts", "", "Write each with its own, such as CO-45 10.00; CO-97 5.00."
        )
    left = (rest if total is None else total) if waiting else given
    if left is None:
        raise InputRefused(f"{label} is blank, and the rest can be shared in two ways", "", "Fill it in.")
    if left < given or (not waiting and total is not None and total != given):
        raise InputRefused(
            f"{label} is {format_cents(total or 0)}, and its reasons come to {format_cents(given)}",
            "",
            "Look at the amounts again.",
        )
    return [
        Adjustment.model_validate(
            {"group": one.group, "carc": one.carc, "cents": left - given if one.cents is None else one.cents}
        )
        for one in reasons
    ]


def _refuse_other_status(claim: Claim, wanted: Collection[ClaimStatus]) -> None:
    """Refuse where the rows say a state that the claim has not come to by what they say besides."""
    for status in wanted:
        said, stands = status_label(status), status_label(claim.status)
        if status in _COMMANDS:
            raise RuleRefused(
                f"The workbook says {said}, and claim {claim.number} is {stands}",
                "",
                f"That is said with `casemgr claim {_COMMANDS[status]} {claim.number}`.",
            )
        if status == claim.status or (status in ("submitted", "accepted") and claim.status not in UNSENT):
            continue
        # Line by line, some may be paid and some denied; then the claim is neither.
        if status in ANSWERED and len(wanted) > 1 and claim.status in ANSWERED | FINISHED:
            continue
        raise RuleRefused(
            f"The workbook says {said}; by its amounts and dates, claim {claim.number} is {stands}",
            "",
            "Fill in what is missing, or mend the status.",
        )


def _labels(rows: Iterable[Said]) -> frozenset[str]:
    return frozenset(label for one in rows for label in one.labels)


def _agreed(values: Iterable[str], label: str) -> str:
    """What all rows of a claim that say anything say; or empty.

    Raises:
        InputRefused: they say different things.
    """
    said = list(dict.fromkeys(value for value in values if value))
    if len(said) > 1:
        raise InputRefused(
            f"The rows of the claim differ in “{label}”: {' and '.join(said)}", "", "Say the same in each."
        )
    return said[0] if said else ""


def _day(day: date | None) -> str:
    return format_us(day) if day else ""
