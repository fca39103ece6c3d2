"""The moves that people make in a claim's life, from ready to closed.

What payers answer moves a claim as well: see services/remittances.py.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from casemgr.core.billing import Submission
from casemgr.core.claim_life import allowed, before_finished
from casemgr.core.dates import format_us
from casemgr.core.findings import Severity
from casemgr.core.money import format_cents
from casemgr.core.packet import control_number_of
from casemgr.core.text import tidy
from casemgr.errors import InputRefused, RuleRefused
from casemgr.services.claim_checks import check_claims
from casemgr.services.claim_money import account_of
from casemgr.services.claim_moves import Moved, append_move, as_status, each, refuse_illegal, wrong_date
from casemgr.services.claims import the_claim
from casemgr.services.kept_rules import keep_rules
from casemgr.services.refusals import NOTHING_CHANGED, no_reason
from casemgr.store.contents import kept_content
from casemgr.store.ledger import history
from casemgr.store.reads.answers import remittances_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from casemgr.core.billing import Claim
    from casemgr.core.billing_commands import SubmitClaims
    from casemgr.core.findings import Finding
    from casemgr.services.desk import Desk
    from casemgr.store.ledger import Transaction


def ready(desk: Desk, numbers: Sequence[str], reason: str = "") -> list[Moved]:
    """Declare drafts ready to be sent.

    Args:
        desk: the open practice.
        numbers: the claims.
        reason: why they may go with the errors that the checks find; without errors it is not needed.

    Raises:
        RuleRefused: one of them is no draft, or the checks find errors and no reason is given.
    """
    found: dict[str, tuple[Finding, ...]] = {}

    def step(tx: Transaction, claim: Claim) -> Moved:
        refuse_illegal(claim, "ready")
        if not found:
            drafts = [the_claim(desk, number) for number in numbers]
            found.update(
                errors_by_number(desk, [one.number for one in drafts if allowed(one.status, "ready")])
            )
        errors = found[claim.number]
        if errors and not tidy(reason):
            raise unready(claim, errors)
        warnings: tuple[str, ...] = ()
        if errors:
            warnings = (f"Claim {claim.number} is ready with {told(errors)}",)
        return Moved(append_move(tx, claim, "ready", "ready", reason), claim.status, warnings)

    return each(desk, numbers, step)


def errors_by_number(desk: Desk, numbers: Sequence[str]) -> dict[str, tuple[Finding, ...]]:
    """The errors that the checks find, by claim; read for all of them together."""
    return {
        one.number: tuple(found for found in one.readiness.findings if found.severity is Severity.ERROR)
        for one in check_claims(desk, numbers)
    }


def without_errors(desk: Desk, numbers: Sequence[str]) -> tuple[str, ...]:
    """Those of some claims in which the checks find no error."""
    return tuple(number for number, errors in errors_by_number(desk, numbers).items() if not errors)


def unready(claim: Claim, errors: Sequence[Finding]) -> RuleRefused:
    """The checks found errors."""
    return RuleRefused(
        f"Claim {claim.number} is not ready: {told(errors)}",
        NOTHING_CHANGED,
        f"`casemgr claim check {claim.number}` says where to mend it; --reason takes it as it is.",
    )


def told(errors: Sequence[Finding]) -> str:
    """Errors in a line: `2 errors (Unsigned entry; Diagnosis missing)`."""
    many = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
    titles = dict.fromkeys(error.title for error in errors)
    return f"{many} ({'; '.join(titles)})"


def submit(desk: Desk, wish: SubmitClaims) -> list[Moved]:
    """Record that claims were sent; each sending has its own attachment control number.

    Raises:
        RuleRefused: one of them is not ready.
        InputRefused: the day is in the future, or before the work or the last sending.
    """
    return each(
        desk, wish.numbers, lambda tx, claim: Moved(append_sending(desk, tx, claim, wish), claim.status)
    )


def append_sending(desk: Desk, tx: Transaction, claim: Claim, wish: SubmitClaims) -> Claim:
    """Record inside a transaction that the caller holds that a claim was sent.

    Raises:
        RuleRefused: it is not ready.
        InputRefused: the day is in the future, or before the work or the last sending.
    """
    refuse_illegal(claim, "submit")
    last = max((line.service_date for line in claim.lines), default="")
    on = wish.sent_on.isoformat()
    if wish.sent_on > desk.today():
        raise wrong_date(f"{format_us(wish.sent_on)} is in the future")
    if on < last:
        raise wrong_date(f"It was sent on {format_us(on)}, before its last work on {format_us(last)}")
    if claim.submissions and on < claim.submissions[-1].sent_on:
        raise wrong_date(f"It was sent before, on {format_us(claim.submissions[-1].sent_on)}")
    sending = Submission(
        sent_on=on,
        at=tx.now,
        method=wish.method,
        kind="corrected" if claim.submissions else "original",
        control_number=control_number_of(claim),
        reference=tidy(wish.reference),
        minutes=claim.minutes,
        charge_cents=claim.charge_cents,
    )
    return append_move(
        tx,
        claim,
        "submit",
        "submitted",
        submissions=(*claim.submissions, sending),
        payer_rules=kept_rules(desk, claim),
        amendment_owed=False,
        appealed_on="",
        appeal_by="",
    )


def kept_rules(desk: Desk, claim: Claim) -> str:
    """The digest of the payer's rules that a claim was drafted under; today's where those were never kept."""
    if kept_content(desk.store, claim.payer_rules) is not None:
        return claim.payer_rules
    return keep_rules(desk, desk.payers.rules_for(claim.payer))


def accept(desk: Desk, numbers: Sequence[str], payer_claim_number: str = "") -> list[Moved]:
    """Record that the payer took claims in; one may get the payer's own number."""
    if payer_claim_number and len(numbers) > 1:
        raise InputRefused("A payer's claim number belongs to one claim", NOTHING_CHANGED, "Name one claim.")

    def step(tx: Transaction, claim: Claim) -> Moved:
        named = {"payer_claim_number": tidy(payer_claim_number)} if tidy(payer_claim_number) else {}
        return Moved(append_move(tx, claim, "accept", "accepted", **named), claim.status)

    return each(desk, numbers, step)


def appeal(desk: Desk, numbers: Sequence[str], on: date, reason: str) -> list[Moved]:
    """Record that appeals were sent.

    Raises:
        RuleRefused: a claim has no answer to appeal against.
        InputRefused: no reason, or the day cannot be.
    """
    today = desk.today()

    def step(tx: Transaction, claim: Claim) -> Moved:
        refuse_illegal(claim, "appeal")
        if on > today:
            raise wrong_date(f"{format_us(on)} is in the future")
        if on.isoformat() < claim.submissions[-1].sent_on:
            raise wrong_date(
                f"The claim itself was sent later, on {format_us(claim.submissions[-1].sent_on)}"
            )
        answered = first_answered(desk, claim)
        if on.isoformat() < answered:
            raise wrong_date(f"The payer answered later, on {format_us(answered)}")
        late: tuple[str, ...] = ()
        if claim.appeal_by and on.isoformat() > claim.appeal_by:
            late = (f"Claim {claim.number}: the last day for an appeal was {format_us(claim.appeal_by)}",)
        moved = append_move(tx, claim, "appeal", "appealed", reason, appealed_on=on.isoformat())
        return Moved(moved, claim.status, late)

    return each(desk, numbers, step)


def first_answered(desk: Desk, claim: Claim) -> str:
    """The day of the first live answer since a claim was last sent, by its own date; empty without any."""
    days = (min(filter(None, (one.paid_on, one.received_on))) for one in remittances_of(desk.store, claim.id))
    return min((day for day in days if day >= claim.submissions[-1].sent_on), default="")


def correct(desk: Desk, numbers: Sequence[str], reason: str = "") -> list[Moved]:
    """Take claims back to draft, to be sent again as corrected; a ready one needs no reason.

    What was sent and answered stays; the corrected claim is owed until it is sent.
    """
    return each(
        desk,
        numbers,
        lambda tx, claim: Moved(append_move(tx, claim, "correct", "draft", reason), claim.status),
    )


def close(desk: Desk, numbers: Sequence[str], reason: str = "") -> list[Moved]:
    """End claims of which nothing more is expected.

    Raises:
        InputRefused: the insurer still owes something, or a corrected claim is owed, and no reason is given.
    """

    def step(tx: Transaction, claim: Claim) -> Moved:
        refuse_illegal(claim, "close")
        money = account_of(desk, claim).money
        if not tidy(reason) and money.insurer_cents:
            raise no_reason(
                f"The insurer's balance of claim {claim.number} is {format_cents(money.insurer_cents)}: "
                "it closes with a reason only"
            )
        if not tidy(reason) and claim.amendment_owed:
            raise no_reason(f"A corrected claim is owed for {claim.number}: it closes with a reason only")
        warnings = []
        if money.patient_balance_cents > 0:
            owed = format_cents(money.patient_balance_cents)
            warnings.append(f"Claim {claim.number}: the patient still owes {owed}")
        return Moved(append_move(tx, claim, "close", "closed", reason), claim.status, tuple(warnings))

    return each(desk, numbers, step)


def write_off(desk: Desk, numbers: Sequence[str], reason: str, cents: int | None = None) -> list[Moved]:
    """Give up what the insurer still owes, or a part of it; the rest of it given up ends a claim.

    Args:
        desk: the open practice.
        numbers: the claims; with `cents` it is one.
        reason: why.
        cents: how much; None for all of it.
    """
    if cents is not None and len(numbers) > 1:
        raise InputRefused(
            "An amount is written off of one claim", NOTHING_CHANGED, "Name one claim, or no amount."
        )

    def step(tx: Transaction, claim: Claim) -> Moved:
        refuse_illegal(claim, "write off")
        money = account_of(desk, claim).money
        wanted = money.insurer_cents if cents is None else cents
        # A claim without a charge has nothing to give up, and still comes to an end.
        if wanted <= 0 and (cents is not None or money.charge_cents or money.insurer_cents):
            raise InputRefused(
                f"There is nothing to write off of claim {claim.number}",
                f"The insurer's balance is {format_cents(money.insurer_cents)}. {NOTHING_CHANGED}",
            )
        if wanted > money.insurer_cents:
            raise InputRefused(
                f"{format_cents(wanted)} is more than is open of claim {claim.number}",
                f"The insurer's balance is {format_cents(money.insurer_cents)}. {NOTHING_CHANGED}",
            )
        moved = append_move(
            tx,
            claim,
            "write off",
            "written_off" if wanted == money.insurer_cents else claim.status,
            reason,
            written_off_cents=claim.written_off_cents + wanted,
        )
        return Moved(moved, claim.status)

    return each(desk, numbers, step)


def reopen(desk: Desk, numbers: Sequence[str], reason: str) -> list[Moved]:
    """Take claims up again where they stood before they were closed or written off."""
    return each(desk, numbers, lambda tx, claim: Moved(append_reopen(desk, tx, claim, reason), claim.status))


def append_reopen(desk: Desk, tx: Transaction, claim: Claim, reason: str) -> Claim:
    """Reopen a claim inside a transaction that the caller holds; what ended it is no longer written off."""
    refuse_illegal(claim, "reopen")
    images = [json.loads(entry.body) for entry in history(desk.store, "claim", claim.id)]
    before = before_finished(as_status(image.get("status", "draft")) for image in images)
    assert before is not None
    then = next(image for image in reversed(images) if image.get("status", "draft") == before)
    return append_move(
        tx, claim, "reopen", before, reason, written_off_cents=then.get("written_off_cents", 0)
    )
