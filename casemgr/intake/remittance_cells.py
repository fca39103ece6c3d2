"""Amounts, codes and adjustments as billers write them in a table of payers' answers.

What can be read in two ways is refused: an adjustment says who bears it, why and how much, or the rest of
the row leaves only one amount that it can be.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.money import MAX_CENTS, format_cents, parse_cents
from casemgr.core.remittance_advice import GROUPS, AdvisedAdjustment
from casemgr.core.text import fold
from casemgr.core.wording import listed, quoted
from casemgr.errors import ParseError
from casemgr.intake.cells import cell_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casemgr.intake.tables import Cell

_DASHES = frozenset("-–—")
_REASON = r"\d{1,3}|[A-Z]\d{1,2}"
_GROUP = rf"({'|'.join(GROUPS)})[\s-]*"
_ITEM = re.compile(
    rf"(?:{_GROUP})?({_REASON})(?:(?:\s*[:=@]\s*|\s+|(?=\$))([-−]?\$?[\d.,]+))?", re.IGNORECASE
)
_LEADING = re.compile(rf"{_GROUP}({_REASON})(?![0-9A-Z])", re.IGNORECASE)
_BETWEEN = re.compile(r"[;|/\n]|,\s*(?=[A-Za-z])|\s+(?=(?:CO|PR|OA|PI|CR)[\s-]*[0-9A-Z])", re.IGNORECASE)
_REMARK = re.compile(r"(?:M|MA|N)\d{1,4}")
_PROCEDURE = re.compile(r"D?(\d{4})")
_ROUNDING = Decimal("0.0001")


class Told(NamedTuple):
    """An adjustment as a cell names it."""

    group: str
    carc: str
    cents: int | None
    """None where the cell names no amount."""


def cell_cents(cell: Cell, nothing: frozenset[str] = frozenset()) -> int | None:
    """The dollars in a cell as cents; None where it is blank, a dash or a word for nothing.

    A number keeps its cents exactly; what a formula left of rounding, less than a hundredth of a cent, goes.

    Raises:
        ParseError: it is no amount, has parts of a cent, or is beyond the bounds.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if not abs(cell) <= MAX_CENTS:
            raise ParseError(f"An amount is more than {format_cents(MAX_CENTS)}.")
        exact = Decimal(repr(cell)) * 100
        cents = round(exact)
        if abs(cents) > MAX_CENTS:
            raise ParseError(f"{quoted(cell_text(cell))} is more than {format_cents(MAX_CENTS)}.")
        if abs(exact - cents) > _ROUNDING:
            raise ParseError(f"{quoted(cell_text(cell))} has parts of a cent.")
        return cents
    text = cell_text(cell)
    if not text or text in _DASHES or fold(text) in nothing:
        return None
    # In accounting formats the sign of the dollar stands apart, and before the brackets.
    text = text.replace("$ ", "$")
    return _cents("($" + text[2:] if text.startswith("$(") else text)


def _cents(text: str) -> int:
    try:
        return parse_cents(text)
    except ParseError as fault:
        raise ParseError(f"{str(fault).rstrip('.')}.") from None


def listed_adjustments(text: str, group: str = "", cents: int | None = None) -> tuple[Told, ...]:
    """The adjustments that a cell lists: `CO-45 5.00; PR-1 10.00`, `CO197`, `45` beside a group's own column.

    Args:
        text: the cell; "" lists none.
        group: what the column of group codes says, for reasons without one.
        cents: what the column of adjustment amounts says; only one reason may stand there then.

    Raises:
        ParseError: a part is no such thing, a group is missing, or an amount fits several.
    """
    group = group.upper().strip()
    if group and group not in GROUPS:
        raise ParseError(f"{quoted(group)} is no group code: write {listed(GROUPS)}.")
    found = [_listed(part.strip(" ,"), group) for part in _BETWEEN.split(text) if part.strip(" ,")]
    if cents is None or not (cents or found):
        return tuple(found)
    amount = format_cents(cents)
    if not found:
        raise ParseError(f"The adjustment of {amount} has no reason: write a code such as CO-45 beside it.")
    if len(found) > 1:
        raise ParseError(f"The adjustment of {amount} has several reasons: write each with its own amount.")
    if found[0].cents not in (None, cents):
        raise ParseError(f"The adjustment of {amount} has another amount beside its reason.")
    return (found[0]._replace(cents=cents),)


def _listed(part: str, group: str) -> Told:
    found = _ITEM.fullmatch(part)
    if found is None:
        raise ParseError(f"{quoted(part)} is no adjustment: write it such as CO-45 5.00.")
    bearer = (found[1] or group).upper()
    if not bearer:
        raise ParseError(f"{quoted(part)} does not say who bears it: write CO-{found[2]} or PR-{found[2]}.")
    return Told(bearer, _bare(found[2]), _cents(found[3]) if found[3] else None)


def leading_code(text: str) -> Told | None:
    """The code with which a reason in words begins, such as `CO197 no authorization`; None without one."""
    found = _LEADING.match(text)
    return Told(found[1].upper(), _bare(found[2]), None) if found else None


def _bare(carc: str) -> str:
    """A reason without leading zeros, in capitals."""
    return carc.upper().lstrip("0") or "0"


def remark_codes(text: str) -> tuple[str, ...]:
    """The RARCs in a cell: `N706`, `N362, M86`.

    Raises:
        ParseError: something in it is none.
    """
    codes = re.split(r"[\s,;|/]+", text.upper().strip()) if text.strip() else []
    for code in codes:
        if not _REMARK.fullmatch(code):
            raise ParseError(f"{quoted(code)} is no remark code: they are such as N706, M127 or MA130.")
    return tuple(dict.fromkeys(codes))


def procedure_code(text: str) -> str:
    """A procedure code as it stands on claims: `D9992` of `d9992` and of `9992`.

    Raises:
        ParseError: it is none.
    """
    found = _PROCEDURE.fullmatch(text.upper().replace(" ", ""))
    if not found:
        raise ParseError(f"{quoted(text)} is no procedure code.")
    return f"D{found[1]}"


class Row(NamedTuple):
    """The money of a row, in cents; None where its column is blank or missing."""

    billed: int
    paid: int
    allowed: int | None
    patient: int | None
    """What the patient owes of it."""
    columns: tuple[Told, ...]
    """Deductible, coinsurance, copay and write-off from columns of their own."""
    told: tuple[Told, ...]
    denied: bool
    reason: str
    """CARC for the reason in words, or ""."""


def settled(row: Row) -> tuple[AdvisedAdjustment, ...]:
    """The adjustments of a row, so that billed = paid + adjustments.

    Raises:
        ParseError: they do not add up, or what is left can be understood in two ways.
    """
    if row.denied and row.billed and not (row.told or row.reason):
        raise ParseError("It says denied and not why: write the reason's code, such as CO-197.")
    known, open_ = _merged(row.told, row.columns)
    for_patient = sum(one.cents for one in known if one.group == "PR")
    if row.patient is not None:
        left = row.patient - for_patient
        waiting = [one for one in open_ if one.group == "PR"]
        if len(waiting) == 1 and left:
            known.append(AdvisedAdjustment("PR", waiting[0].carc, left))
            open_.remove(waiting[0])
        elif not waiting and left and not for_patient and not row.reason:
            known.append(AdvisedAdjustment("PR", "", left))
    left = row.billed - row.paid - sum(one.cents for one in known)
    if len(open_) > 1:
        raise ParseError(f"{listed(_named(open_), 'and')} have no amounts: write each with its own.")
    if open_ and (not left or (left < 0) != (row.billed < 0)):
        raise ParseError(f"{_named(open_)[0]} has no amount, and nothing is left for it.")
    if open_:
        known.append(AdvisedAdjustment(open_[0].group, open_[0].carc, left))
    elif left:
        known.append(_rest(row, left, known))
    owed = sum(one.cents for one in known if one.group == "PR")
    if row.patient is not None and owed != row.patient:
        raise ParseError(
            f"The patient's part, {format_cents(row.patient)}, is not what the adjustments for the patient "
            f"(PR) come to, {format_cents(owed)}."
        )
    return tuple(known)


def _rest(row: Row, left: int, known: Iterable[AdvisedAdjustment]) -> AdvisedAdjustment:
    """What remains of a charge, where only one thing can be meant by it."""
    why = row.reason
    if why and (left < 0) == (row.billed < 0):
        if row.patient is None:
            raise ParseError(
                f"The reason does not say who bears {format_cents(left)}: write CO-{why} or PR-{why}."
            )
        return AdvisedAdjustment("PR" if row.patient == left else "CO", why, left)
    # A charge above what the plan allows is what reason 45 says; with nothing allowed, it would be a denial.
    beyond = row.billed - row.allowed if row.allowed else 0
    if left == beyond and (left < 0) == (row.billed < 0) and all(one.group == "PR" for one in known):
        return AdvisedAdjustment("CO", "45", left)
    raise ParseError(
        f"Billed {format_cents(row.billed)} is not paid {format_cents(row.paid)} and adjustments of "
        f"{format_cents(row.billed - row.paid - left)} together: {format_cents(left)} is not explained."
    )


def _merged(told: Iterable[Told], columns: Iterable[Told]) -> tuple[list[AdvisedAdjustment], list[Told]]:
    """Those with amounts, and those that still need one; a column and the list may say the same."""
    known: list[AdvisedAdjustment] = []
    waiting: list[Told] = []
    amounts = {(one.group, one.carc): one.cents for one in columns}
    for one in told:
        column = amounts.pop((one.group, one.carc), None)
        if column is not None and one.cents not in (None, column):
            raise ParseError(f"{_named([one])[0]} has two amounts in the row.")
        cents = one.cents if column is None else column
        if cents is None:
            waiting.append(one)
        else:
            known.append(AdvisedAdjustment(one.group, one.carc, cents))
    known += (AdvisedAdjustment(*key, cents) for key, cents in amounts.items() if cents)
    return known, waiting


def _named(listed_: Iterable[Told]) -> list[str]:
    return [f"{one.group}-{one.carc}" for one in listed_]
