"""Payers' answers as people type them in, list them and take them back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.account_rows import ListedRemittance
from casemgr.core.billing import Adjustment, Claim, Remittance, RemittanceLine
from casemgr.core.billing_commands import AnswerClaim, AnsweredLine
from casemgr.core.claim_life import ANSWERED, FINISHED, WAITING, status_label
from casemgr.core.claim_money import WHOLE
from casemgr.core.dates import format_us
from casemgr.core.money import format_cents
from casemgr.core.remittance_advice import GROUPS
from casemgr.core.text import tidy
from casemgr.errors import InputRefused, NotFound, RuleRefused
from casemgr.services.answers import Answered, append_answer
from casemgr.services.claim_money import account_of
from casemgr.services.claim_moves import append_move, as_status, field_refused, live_claim, wrong_date
from casemgr.services.denials import DenialHelp, advice_for_remittance
from casemgr.services.refusals import NOTHING_CHANGED, no_reason
from casemgr.store.ledger import history
from casemgr.store.reads.answers import claims_whose, first_recorded, remittances_between, remittances_of
from casemgr.store.reads.records import full_id, load

if TYPE_CHECKING:
    from datetime import date

    from casemgr.core.billing import ClaimStatus
    from casemgr.core.billing_commands import DenyClaim
    from casemgr.core.claim_money import Key
    from casemgr.core.dates import Month
    from casemgr.services.desk import Desk
    from casemgr.store.ledger import Transaction


class ShownRemittance(NamedTuple):
    """An answer, its claim, and what to do about what it denied."""

    listed: ListedRemittance
    status: str
    """The claim's, in words."""
    help: DenialHelp


class TakenBack(NamedTuple):
    """An answer that was voided, and its claim after that."""

    remittance: Remittance
    claim: Claim
    before: ClaimStatus


def answer(desk: Desk, wish: AnswerClaim) -> Answered:
    """Book an answer that was typed in.

    Raises:
        RuleRefused: the claim is voided, or was never sent.
        InputRefused: the day cannot be, or nothing was said.
    """
    with desk.write() as tx:
        claim = live_claim(desk, wish.number)
        refuse_day(desk, claim, wish.on)
        if not wish.lines:
            raise InputRefused(
                "It is not said what the payer answered", NOTHING_CHANGED, "Say what was paid."
            )
        if wish.reversal and any(one.paid_cents > 0 for one in wish.lines):
            raise field_refused(
                "paid", "What takes an earlier answer back has no positive amount", "Write it such as -45.00."
            )
        lines = tuple(_line(claim, one) for one in wish.lines)
        return _booked(desk, tx, claim, wish, lines)


def deny(desk: Desk, wish: DenyClaim) -> Answered:
    """Book a refusal to pay a claim, or some of its lines: the whole charge of each is denied.

    Raises:
        RuleRefused: the claim is voided, or was never sent.
        InputRefused: the day cannot be, or the claim has no such line.
    """
    with desk.write() as tx:
        claim = live_claim(desk, wish.number)
        refuse_day(desk, claim, wish.on)
        adjustment = read_adjustment(wish.group, wish.carc, 0)
        keys = wish.lines or tuple((line.service_date, line.code) for line in claim.lines)
        charges = {(line.service_date, line.code): line.charge_cents for line in claim.lines}
        for key in keys:
            if key not in charges:
                raise no_such_line(claim, key)
        lines = tuple(
            _line(claim, AnsweredLine(key, 0, (adjustment.model_copy(update={"cents": charges[key]}),)))
            for key in keys
        )
        told = AnswerClaim(
            wish.number,
            wish.on,
            (),
            wish.remarks,
            wish.check_number,
            wish.payer_claim_number,
            wish.appeal_by,
            note=wish.note,
        )
        return _booked(desk, tx, claim, told, lines)


def _booked(
    desk: Desk, tx: Transaction, claim: Claim, wish: AnswerClaim, lines: tuple[RemittanceLine, ...]
) -> Answered:
    remarks = tuple(tidy(code).upper() for code in wish.remarks if tidy(code))
    booked = Remittance(
        id=tx.new_id(),
        claim_id=claim.id,
        received_on=wish.on.isoformat(),
        paid_on=wish.on.isoformat(),
        check_number=tidy(wish.check_number),
        payer_claim_number=tidy(wish.payer_claim_number),
        reversal=wish.reversal,
        appeal_by=wish.appeal_by.isoformat() if wish.appeal_by else "",
        lines=lines,
        remarks=remarks,
        note=wish.note.strip(),
    )
    same = [
        one
        for one in remittances_of(desk.store, claim.id)
        if one.check_number and (one.check_number, one.lines) == (booked.check_number, booked.lines)
    ]
    done = append_answer(desk, tx, claim, booked)
    warnings = list(done.warnings)
    if same:
        warnings.append(f"Check {booked.check_number} was booked for claim {claim.number} before")
    unexplained = sum(
        line.billed_cents - line.paid_cents - sum(one.cents for one in line.adjustments)
        for line in booked.lines
    )
    if unexplained > 0 and not booked.reversal:
        warnings.append(
            f"{format_cents(unexplained)} of the charge is neither paid nor explained: it stays open. "
            "Say what was taken off with --adjust, such as CO-45=15.00"
        )
    return done._replace(warnings=tuple(warnings))


def refuse_day(desk: Desk, claim: Claim, on: date) -> None:
    """Refuse an answer from the future, or from before the claim was sent."""
    if on > desk.today():
        raise wrong_date(f"{format_us(on)} is in the future")
    if claim.sent_on and on.isoformat() < claim.sent_on:
        raise wrong_date(f"Claim {claim.number} was sent on {format_us(claim.sent_on)}, after that")


def no_such_line(claim: Claim, key: Key) -> InputRefused:
    """The claim has no line of that date and code."""
    error = field_refused(
        "line",
        f"Claim {claim.number} has no line {key[1]} on {format_us(key[0])}",
        "Name a line by its date and code.",
    )
    error.candidates = tuple(f"{line.service_date}:{line.code}" for line in claim.lines)
    return error


def _line(claim: Claim, said: AnsweredLine) -> RemittanceLine:
    """What was said of a line, with the charge that it answers; of a lone line, the claim is the line."""
    key = said.key
    if key == WHOLE and len(claim.lines) == 1:
        key = claim.lines[0].service_date, claim.lines[0].code
    charges = {(line.service_date, line.code): line.charge_cents for line in claim.lines}
    if key != WHOLE and key not in charges:
        raise no_such_line(claim, key)
    billed = claim.billed_cents if key == WHOLE else charges[key]
    adjustments = tuple(read_adjustment(one.group, one.carc, one.cents) for one in said.adjustments)
    if said.allowed_cents is not None and not any(one.carc == "45" for one in adjustments):
        if said.allowed_cents > billed:
            raise field_refused(
                "allowed",
                f"{format_cents(said.allowed_cents)} is more than the charge of {format_cents(billed)}",
            )
        if billed > said.allowed_cents:
            above = Adjustment(group="CO", carc="45", cents=billed - said.allowed_cents)
            adjustments = (above, *adjustments)
    return RemittanceLine(
        service_date=key[0],
        code=key[1],
        billed_cents=billed,
        allowed_cents=said.allowed_cents,
        paid_cents=said.paid_cents,
        adjustments=adjustments,
    )


def read_adjustment(group: str, carc: str, cents: int) -> Adjustment:
    """An adjustment with its codes as payers write them.

    Raises:
        InputRefused: there is no such group, or no reason is named.
    """
    who, why = tidy(group).upper(), tidy(carc).upper().removeprefix("CARC").strip().lstrip("0")
    if who not in GROUPS:
        raise field_refused(
            "group", f"“{tidy(group)}” is no group of adjustments", f"They are {', '.join(GROUPS)}."
        )
    if not why:
        raise field_refused("carc", "The reason code (CARC) is missing", "It stands on the payer's notice.")
    return Adjustment.model_validate({"group": who, "carc": why, "cents": cents})


def void_remittance(desk: Desk, text: str, reason: str) -> TakenBack:
    """Take an answer back, with the reason; the claim's state is worked out again from those that are left.

    Raises:
        NotFound: there is none.
        RuleRefused: it is voided already, or its claim is finished.
        InputRefused: no reason.
    """
    with desk.write() as tx:
        remittance = the_remittance(desk, text)
        claim = load(desk.store, Claim, remittance.claim_id)
        assert claim is not None
        if remittance.voided:
            raise RuleRefused("This answer is voided already", NOTHING_CHANGED)
        if claim.status in FINISHED:
            raise RuleRefused(
                f"Claim {claim.number} is {status_label(claim.status)}",
                NOTHING_CHANGED,
                f"Reopen it first with `casemgr claim reopen {claim.number}`.",
            )
        if not tidy(reason):
            raise no_reason("An answer can only be voided with a reason")
        voided = remittance.model_copy(update={"voided": True})
        tx.append("void", "remittance", voided, tidy(reason))
        after = claim
        if claim.status in ANSWERED:
            to = status_without(desk, claim)
            late = {"appeal_by": ""} if to not in ANSWERED or to == "paid" else {}
            after = append_move(tx, claim, "take back", to, tidy(reason), **late)
        return TakenBack(voided, after, claim.status)


def status_without(desk: Desk, claim: Claim) -> ClaimStatus:
    """Where an answered claim stands by the answers that are left: those since it was last with the payer."""
    sent_at, waiting = 0, as_status("submitted")
    for entry in history(desk.store, "claim", claim.id):
        status = as_status(json.loads(entry.body).get("status", "draft"))
        if status in WAITING:
            sent_at, waiting = entry.at, status
    left = [one.id for one in remittances_of(desk.store, claim.id)]
    recorded = first_recorded(desk.store, "remittance", left)
    return account_of(desk, claim).implied if any(at > sent_at for at in recorded.values()) else waiting


def the_remittance(desk: Desk, text: str) -> Remittance:
    """The answer of an id, or of its last characters.

    Raises:
        NotFound: there is none.
        InputRefused: several have it.
    """
    found = load(desk.store, Remittance, full_id(desk.store, "remittance", text))
    if found is None:
        raise NotFound(
            f"There is no answer “{tidy(text)}”", NOTHING_CHANGED, "`casemgr remittance list` shows them."
        )
    return found


def shown(desk: Desk, text: str) -> ShownRemittance:
    """An answer by its id, with what its reasons mean.

    Raises:
        NotFound: there is none.
        InputRefused: several have that id's end.
    """
    with desk.store.snapshot():
        remittance = the_remittance(desk, text)
        claim = load(desk.store, Claim, remittance.claim_id)
        assert claim is not None
        whose = claims_whose(desk.store, (claim.id,))[claim.id]
        return ShownRemittance(
            ListedRemittance(remittance, whose),
            "voided" if claim.voided else status_label(claim.status),
            advice_for_remittance(desk, remittance, claim),
        )


def listed(
    desk: Desk, month: Month | None = None, claim: str = "", include_voided: bool = False
) -> list[ListedRemittance]:
    """The answers received in a month, or to a claim, by day; those of one day as they were recorded."""
    with desk.store.snapshot():
        if claim:
            wanted = remittances_of(desk.store, live_claim(desk, claim).id, include_voided)
        else:
            first = month.first.isoformat() if month else ""
            last = month.last.isoformat() if month else ""
            wanted = remittances_between(desk.store, first, last, include_voided)
        whose = claims_whose(desk.store, {one.claim_id for one in wanted})
    found = [ListedRemittance(one, whose[one.claim_id]) for one in wanted]
    return sorted(found, key=lambda one: one.remittance.received_on)
