"""A payer's answer to a claim, booked: the answer is kept, and the claim goes where its money says."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.claim_life import ANSWERED, FINISHED, WAITING, status_label
from casemgr.core.claim_money import WHOLE, keys_of
from casemgr.core.dates import format_us
from casemgr.core.money import format_cents
from casemgr.errors import RuleRefused
from casemgr.services.claim_life import append_reopen
from casemgr.services.claim_money import account_of
from casemgr.services.claim_moves import append_move
from casemgr.services.kept_rules import rules_of
from casemgr.services.refusals import NOTHING_CHANGED

if TYPE_CHECKING:
    from casemgr.core.billing import Claim, ClaimStatus, Remittance, RemittanceLine
    from casemgr.core.claim_money import Money
    from casemgr.services.desk import Desk
    from casemgr.store.ledger import Transaction


class Answered(NamedTuple):
    """An answer that was booked, and what it did to its claim."""

    remittance: Remittance
    claim: Claim
    before: ClaimStatus
    money: Money
    warnings: tuple[str, ...]


def unanswerable(claim: Claim) -> str:
    """Why a claim cannot have been answered, as a sentence; empty where it can."""
    if claim.voided:
        return f"Claim {claim.number} is voided."
    if not claim.submissions:
        return f"Claim {claim.number} was never sent: it is {status_label(claim.status)}."
    return ""


def append_answer(
    desk: Desk, tx: Transaction, claim: Claim, answer: Remittance, action: str = "add"
) -> Answered:
    """Book an answer inside a transaction that the caller holds.

    A finished claim is reopened, since its money changes. One that is being corrected keeps its state. What
    was written off in part and comes after all is no longer written off.

    Args:
        desk: the open practice.
        tx: the transaction.
        claim: the claim as it stands.
        answer: what the payer said, with an id of its own.
        action: `add` where it was typed in, `import` where a file says it.

    Raises:
        RuleRefused: the claim is voided, or was never sent.
    """
    if why := unanswerable(claim):
        raise RuleRefused(
            why.rstrip("."),
            NOTHING_CHANGED,
            f"`casemgr claim history {claim.number}` shows what became of it.",
        )
    warnings = _odd(claim, answer)
    tx.append(action, "remittance", answer)
    now = claim
    if claim.status in FINISHED:
        now = append_reopen(desk, tx, claim, "the payer answered again")
        warnings.append(f"Claim {claim.number} was {status_label(claim.status)}: it is open again")
    account = account_of(desk, now)
    named: dict[str, str | int] = {}
    if answer.payer_claim_number:
        named["payer_claim_number"] = answer.payer_claim_number
    if came := min(now.written_off_cents, account.money.overpaid_cents):
        # Else the payer would seem to have paid too much what only nobody expected of it any more.
        named["written_off_cents"] = now.written_off_cents - came
        account = account_of(desk, now.model_copy(update=named))
        warnings.append(f"Claim {claim.number}: {format_cents(came)} is no longer written off, since it came")
    if now.status in WAITING | ANSWERED:
        to = account.implied
        verb = "reverse" if answer.reversal else "deny" if to == "denied" else "pay"
        now = append_move(
            tx, now, verb, to, in_words(answer), appeal_by=_appeal_by(desk, now, answer, to), **named
        )
    else:
        warnings.append(f"Claim {claim.number} is being corrected: it stays {status_label(claim.status)}")
        said = now.model_copy(update=named)
        if said != now:
            now = said
            tx.append("edit", "claim", now, in_words(answer))
    if account.money.overpaid_cents:
        over = format_cents(account.money.overpaid_cents)
        warnings.append(f"Claim {claim.number} is overpaid by {over}: the payer may ask for it back")
    if account.money.paid_cents < 0:
        back = format_cents(-account.money.paid_cents)
        warnings.append(f"Claim {claim.number}: {back} more was taken back than had come")
    return Answered(answer, now, claim.status, account.money, tuple(warnings))


def _appeal_by(desk: Desk, claim: Claim, answer: Remittance, to: ClaimStatus) -> str:
    """The last day for an appeal: as the payer says, else as its rules count it from the answer on."""
    if to == "paid":
        return ""
    if answer.appeal_by:
        return answer.appeal_by
    days = rules_of(desk, claim).appeal_days
    if days is None or answer.reversal:
        return claim.appeal_by
    # From the notice's own date, which is the payer's, where it came in late.
    since = min(filter(None, (answer.paid_on, answer.received_on)))
    return (date.fromisoformat(since) + timedelta(days=days)).isoformat()


def _odd(claim: Claim, answer: Remittance) -> list[str]:
    """What does not fit together, in words; nothing of it is refused, since payers do as they do."""
    found = []
    keys = keys_of(claim)
    billed = sum(line.billed_cents for line in answer.lines)
    whole = not answer.reversal and {(line.service_date, line.code) for line in answer.lines} >= {*keys}
    charged = claim.billed_cents
    if (whole or _is_whole(answer)) and billed != charged and not answer.reversal:
        found.append(
            f"Claim {claim.number}: the payer answers a charge of {format_cents(billed)}, "
            f"{format_cents(charged)} was sent"
        )
    for line in answer.lines:
        key = line.service_date, line.code
        if key != WHOLE and key not in keys:
            day = f" on {format_us(line.service_date)}" if line.service_date else " without a date"
            found.append(
                f"Claim {claim.number} has no line {line.code}{day}: "
                "the answer counts for the claim as a whole"
            )
    if answer.paid_on and answer.paid_on < claim.sent_on:
        found.append(
            f"Claim {claim.number} was sent on {format_us(claim.sent_on)}, after the answer's own date"
        )
    return found


def _is_whole(answer: Remittance) -> bool:
    return all((line.service_date, line.code) == WHOLE for line in answer.lines)


def in_words(answer: Remittance) -> str:
    """An answer in a line: `check 4711: $45.00 paid; CO-45 $15.00`."""
    parts = [f"{format_cents(answer.paid_cents)} paid"]
    if reasons := reasons_in_words(answer.lines):
        parts.append(reasons)
    if remarks := sorted({*answer.remarks, *(code for line in answer.lines for code in line.remarks)}):
        parts.append(" ".join(remarks))
    check = f"check {answer.check_number}: " if answer.check_number else ""
    return check + "; ".join(parts)


def reasons_in_words(lines: tuple[RemittanceLine, ...]) -> str:
    """What was taken off, by reason: `CO-45 $15.00; PR-3 $5.00`."""
    sums: dict[str, int] = {}
    for line in lines:
        for one in line.adjustments:
            name = f"{one.group}-{one.carc}" if one.carc else one.group
            sums[name] = sums.get(name, 0) + one.cents
    return "; ".join(f"{name} {format_cents(cents)}" for name, cents in sums.items())
