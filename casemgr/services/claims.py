"""Drafting a month's claims from the log, and taking one back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.billing import MAX_DIAGNOSES, Claim
from casemgr.core.claim_life import FINISHED, UNSENT
from casemgr.core.claims import Planned, plan_claims
from casemgr.core.dates import format_us
from casemgr.core.money import format_cents
from casemgr.core.records import Case
from casemgr.core.rows import ActivityFilter, ActivityRow, ClaimRow
from casemgr.core.text import fold, tidy
from casemgr.errors import NotFound, RuleRefused
from casemgr.services.activities import case_on
from casemgr.services.kept_rules import keep_rules
from casemgr.services.proof import prove_month
from casemgr.services.refusals import NOTHING_CHANGED, no_reason
from casemgr.services.runs import refuse_closed
from casemgr.store.reads.activities import activities
from casemgr.store.reads.answers import payments_of, remittances_of
from casemgr.store.reads.benefits import authorizations_of
from casemgr.store.reads.claims import (
    claim_by_number,
    claim_rows,
    claims_numbered,
    next_claim_number,
    standing_lines,
)
from casemgr.store.reads.patients import coverages_of
from casemgr.store.reads.records import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from casemgr.core.billing import Authorization
    from casemgr.core.claims import PlannedClaim
    from casemgr.core.dates import Month
    from casemgr.core.month import LeftOutWhy
    from casemgr.core.payers import Payer
    from casemgr.core.records import Coverage
    from casemgr.core.rows import ClaimNumber
    from casemgr.services.desk import Desk


class Drafted(NamedTuple):
    """What a drafting made, and what it had to leave out."""

    claims: tuple[Claim, ...]
    left_out: tuple[tuple[ActivityRow, LeftOutWhy], ...]
    words: Mapping[str, str]
    """What the payer's rules say of it, by the id of an activity that they leave out."""


def plan_month(desk: Desk, month: Month, patient_id: str = "") -> tuple[Planned, dict[str, ActivityRow]]:
    """What the month's unclaimed activities would make, with those activities by id."""
    wanted = ActivityFilter(run=str(month), patient_id=patient_id, unclaimed=True)
    unclaimed = {row.id: row for row in activities(desk.store, wanted)}
    patients = {row.patient_id for row in unclaimed.values()}
    planned = plan_claims(
        unclaimed.values(),
        {each: coverages_of(desk.store, each) for each in patients},
        rules_for(desk),
        desk.kinds,
        standing_lines(desk.store, patients),
    )
    return planned, unclaimed


def rules_for(desk: Desk) -> Callable[[Coverage], Payer]:
    """Looks up the payer's rules for a coverage."""
    return lambda coverage: desk.payers.rules_for(coverage.payer)


def draft_claims(desk: Desk, month: Month, patient_id: str = "") -> Drafted:
    """Draft claims from the month's signed, unclaimed activities, all in one transaction.

    Activities that cannot be claimed are listed with the reason, never lost.

    Raises:
        RuleRefused: the month is closed.
    """
    with desk.write() as tx:
        refuse_closed(desk, str(month))
        prove_month(desk, month, patient_id)
        planned, unclaimed = plan_month(desk, month, patient_id)
        made = []
        # Numbers follow the order in which people look for claims: by patient.
        for plan in sorted(
            planned.claims, key=lambda one: patient_order(unclaimed[one.lines[0].activity_ids[0]])
        ):
            case_id = case_on(desk, plan.patient_id, date.fromisoformat(plan.lines[-1].service_date))
            claim = Claim(
                id=tx.new_id(),
                number=next_claim_number(desk.store, month.year),
                patient_id=plan.patient_id,
                coverage_id=plan.coverage.id,
                payer=plan.coverage.payer,
                payer_name=plan.coverage.payer_name,
                member_id=plan.coverage.member_id,
                month=str(month),
                case_id=case_id,
                payer_rules=keep_rules(desk, plan.payer),
                diagnoses=diagnoses_of(desk, case_id),
                authorization_id=authorization_for(desk, plan),
                lines=plan.lines,
            )
            tx.append("draft", "claim", claim)
            made.append(claim)
        left_out = tuple((unclaimed[each], why) for each, why in planned.left_out)
        return Drafted(tuple(made), left_out, planned.words)


def diagnoses_of(desk: Desk, case_id: str) -> tuple[str, ...]:
    """The barriers of a case that may stand on a claim as diagnoses, the first ones; words are none."""
    case = load(desk.store, Case, case_id) if case_id else None
    found = [desk.reasons.barrier(text) for text in case.barriers] if case else []
    return tuple(dict.fromkeys(barrier.code for barrier in found if barrier))[:MAX_DIAGNOSES]


def authorization_for(desk: Desk, plan: PlannedClaim) -> str:
    """Id of the authorization under a claim's coverage that allows most of its lines, or an empty string."""

    def allowed(one: Authorization) -> int:
        return sum(
            (not one.codes or line.code in one.codes)
            and (not one.valid_from or one.valid_from <= line.service_date)
            and (not one.valid_to or line.service_date <= one.valid_to)
            for line in plan.lines
        )

    under = [
        one
        for one in authorizations_of(desk.store, plan.patient_id)
        if one.coverage_id == plan.coverage.id and allowed(one)
    ]
    return max(under, key=allowed).id if under else ""


def patient_order(row: ActivityRow) -> tuple[str, str, str]:
    """Sorts by name as people file them, then by birth date."""
    return (fold(row.last_name), fold(row.first_name), row.birth_date)


def void_claim(desk: Desk, number: str, reason: str) -> Claim:
    """Take one claim back; see void_claims."""
    return void_claims(desk, (number,), reason)[0]


def void_claims(desk: Desk, numbers: Iterable[str], reason: str) -> list[Claim]:
    """Take claims back, all or none, with the reason; their activities can be claimed again.

    Raises:
        InputRefused: no reason.
        RuleRefused: one is voided already, or was sent, or its month is closed.
    """
    taken = []
    with desk.write() as tx:
        # Named twice, a claim is voided once.
        for number in dict.fromkeys(text.strip().upper() for text in numbers):
            claim = the_claim(desk, number)
            if claim.voided:
                raise RuleRefused(f"Claim {claim.number} is voided already", NOTHING_CHANGED)
            refuse_closed(desk, claim.month)
            refuse_void(desk, claim)
            if not tidy(reason):
                raise no_reason("A claim can only be voided with a reason")
            voided = claim.model_copy(update={"voided": True})
            tx.append("void", "claim", voided, tidy(reason))
            taken.append(voided)
    return taken


def refuse_void(desk: Desk, claim: Claim) -> None:
    """Refuse to void what the payer has; taken back, it may be withdrawn as long as no money came for it."""
    if claim.status not in UNSENT:
        first = (
            f"Reopen it with `casemgr claim reopen {claim.number}`, then take"
            if claim.status in FINISHED
            else "Take"
        )
        raise RuleRefused(
            f"Claim {claim.number} was sent on {format_us(claim.sent_on)}: it cannot be voided",
            "Nothing was changed. The payer has it, so that it stays in the record.",
            f"{first} it back with `casemgr claim correct {claim.number}`: to send it corrected, or to void "
            "it and tell the payer that it is withdrawn.",
        )
    came = sum(one.paid_cents for one in remittances_of(desk.store, claim.id))
    came += sum(one.cents for one in payments_of(desk.store, claim.id))
    if came:
        raise RuleRefused(
            f"{format_cents(came)} came for claim {claim.number}: it cannot be voided",
            "Nothing was changed.",
            "Book the money that went back first, or send the claim corrected.",
        )


def the_claim(desk: Desk, number: str) -> Claim:
    """The claim of a number.

    Raises:
        NotFound: there is none.
    """
    found = claim_by_number(desk.store, number)
    if found is None:
        raise NotFound(
            f"There is no claim “{tidy(number)}”",
            "Nothing was changed.",
            "`casemgr claim list` shows the numbers.",
        )
    return found


def numbered(desk: Desk, part: str, limit: int = 10) -> list[ClaimNumber]:
    """Claims with a text anywhere in the number, the newest first; none where it has no digit."""
    wanted = part.strip()
    return claims_numbered(desk.store, wanted, limit) if any(map(str.isdigit, wanted)) else []


def listed(
    desk: Desk, month: Month | None = None, patient_id: str = "", include_voided: bool = False
) -> list[ClaimRow]:
    """Claims of a month and a patient, or of all."""
    return claim_rows(desk.store, str(month) if month else "", patient_id, include_voided)
