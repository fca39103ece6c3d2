"""What payers and patients owe, by the age of each claim; worked out from what was known on a day.

Sendings, answers and payments count by their own days, the moves that people make, and what they take back,
by when they were entered. So a report as of a past day says what that day's said, as far as nothing was
recorded late.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from casemgr.clock import instant_of
from casemgr.core.aging import BUCKETS, Situation, bucket_of, deadline, next_step
from casemgr.core.billing_rows import AgingRow
from casemgr.core.checks.filing import filed_by
from casemgr.core.claim_life import ANSWERED, FINISHED, UNSENT, WAITING, status_label
from casemgr.core.claim_money import in_order, keys_of, standing
from casemgr.core.denials import advise
from casemgr.core.text import fold, initials
from casemgr.services.answers import in_words
from casemgr.services.claim_money import account_from, meanings_of
from casemgr.services.kept_rules import rules_of
from casemgr.store.reads.aging import claims_owing, claims_then
from casemgr.store.reads.answers import (
    claims_whose,
    first_recorded,
    live_before,
    payments_by_claim,
    remittances_by_claim,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from casemgr.core.account_rows import ClaimWhose
    from casemgr.core.billing import Claim, ClaimStatus, PatientPayment, Remittance
    from casemgr.services.claim_money import Account
    from casemgr.services.desk import Desk

_Kept = TypeVar("_Kept", "Remittance", "PatientPayment")


class AgedClaim(NamedTuple):
    """A claim of which something is open, or something is still to be done."""

    claim_id: str
    patient_id: str
    payer_id: str
    status: ClaimStatus
    bucket: int
    """Which of BUCKETS its age belongs to."""
    row: AgingRow
    overpaid_cents: int


class Owed(NamedTuple):
    """Sums over some claims. Cents; an insurer's negative balance is what was paid too much."""

    claims: int
    insurer_cents: int
    patient_cents: int


class PayerOwes(NamedTuple):
    """Sums of one payer: in each of BUCKETS, and in all."""

    payer: str
    buckets: tuple[Owed, ...]
    total: Owed


class Aging(NamedTuple):
    """What is owed on a day."""

    as_of: date
    claims: tuple[AgedClaim, ...]
    """The oldest first."""
    buckets: tuple[Owed, ...]
    """In the order of BUCKETS."""
    payers: tuple[PayerOwes, ...]
    """By name."""
    total: Owed

    @property
    def rows(self) -> list[AgingRow]:
        """For a workbook."""
        return [one.row for one in self.claims]


def aging(desk: Desk, as_of: date | None = None, payer: str = "", patient_id: str = "") -> Aging:
    """What payers and patients owe on a day, today unless said.

    Args:
        desk: the open practice.
        as_of: the day, at its end.
        payer: only this payer's: its id, or a name as the practice writes it.
        patient_id: only this patient's.
    """
    day = as_of or desk.today()
    with desk.store.snapshot():
        claims = _claims(desk, day, patient_id)
        whose = claims_whose(desk.store, (claim.id for claim in claims))
        if payer:
            claims = [claim for claim in claims if _is_payer(desk, whose[claim.id], payer)]
        ids = [claim.id for claim in claims]
        past = day < desk.today()
        answers = remittances_by_claim(desk.store, ids, past)
        payments = payments_by_claim(desk.store, ids, past)
        if past:
            answers = _as_then(desk, day, "remittance", answers)
            payments = _as_then(desk, day, "patient_payment", payments)
        late = _recorded_after(desk, day, answers)
        meanings = meanings_of(desk)
        found = []
        for claim in claims:
            account = account_from(
                claim,
                [one for one in answers.get(claim.id, ()) if one.received_on <= day.isoformat()],
                [one for one in payments.get(claim.id, ()) if one.received_on <= day.isoformat()],
                meanings,
            )
            if claim.status in WAITING and any(one.id in late for one in account.remittances):
                # Answered by then and entered later: its record said that evening that it still waited.
                answered = claim.model_copy(update={"status": account.implied})
                aged = _aged(desk, day, answered, whose[claim.id], account)
            else:
                aged = _aged(desk, day, claim, whose[claim.id], account)
            if aged is not None:
                found.append(aged)
    found.sort(key=lambda one: (one.row.sent_on or day, one.row.claim_number))
    names = sorted({one.row.payer for one in found}, key=fold)
    return Aging(
        day,
        tuple(found),
        _buckets(found),
        tuple(
            PayerOwes(name, _buckets(of_payer), _owed(of_payer))
            for name in names
            for of_payer in [[one for one in found if one.row.payer == name]]
        ),
        _owed(found),
    )


def _buckets(claims: Sequence[AgedClaim]) -> tuple[Owed, ...]:
    return tuple(_owed(one for one in claims if one.bucket == at) for at in range(len(BUCKETS)))


def _owed(claims: Iterable[AgedClaim]) -> Owed:
    rows = [one.row for one in claims]
    return Owed(len(rows), sum(row.insurer_cents for row in rows), sum(row.patient_cents for row in rows))


def _is_payer(desk: Desk, claim: ClaimWhose, payer: str) -> bool:
    known = desk.payers.find(payer)
    return claim.payer == (known.id if known else payer) or fold(claim.payer_name) == fold(payer)


def _claims(desk: Desk, day: date, patient_id: str) -> list[Claim]:
    """The claims that were sent by a day, as they stood at its end."""
    today = desk.today()
    if day >= today:
        return list(claims_owing(desk.store, day.isoformat(), patient_id))
    found = []
    for claim, then in claims_then(desk.store, day.isoformat(), _end(desk, day), patient_id):
        if (then or claim).voided:
            continue
        sent = tuple(one for one in claim.submissions if one.sent_on <= day.isoformat())
        # Sent by then and entered later: it was with the payer, whatever its record said that evening.
        known = then if then is not None and then.submissions else None
        found.append(
            (known or claim).model_copy(
                update={"submissions": sent} if known else {"submissions": sent, **_JUST_SENT}
            )
        )
    return found


def _end(desk: Desk, day: date) -> int:
    """The instant at which a day ends here, in microseconds."""
    midnight = datetime.combine(day + timedelta(days=1), time(), desk.zone)
    return instant_of(midnight.astimezone(UTC))


def _as_then(
    desk: Desk, day: date, entity: str, found: Mapping[str, Sequence[_Kept]]
) -> dict[str, list[_Kept]]:
    """What counted at the end of a past day, by claim: what was taken back later still did."""
    voided = [one.id for of_claim in found.values() for one in of_claim if one.voided]
    stood = live_before(desk.store, entity, voided, _end(desk, day))
    return {
        claim_id: [
            one.model_copy(update={"voided": False}) for one in of_claim if not one.voided or one.id in stood
        ]
        for claim_id, of_claim in found.items()
    }


def _recorded_after(desk: Desk, day: date, answers: Mapping[str, Sequence[Remittance]]) -> set[str]:
    """The answers that were recorded after a past day, whatever day they name; ids."""
    if day >= desk.today():
        return set()
    ids = [one.id for of_claim in answers.values() for one in of_claim]
    end = _end(desk, day)
    return {each for each, at in first_recorded(desk.store, "remittance", ids).items() if at >= end}


_JUST_SENT = {
    "status": "submitted",
    "written_off_cents": 0,
    "appealed_on": "",
    "appeal_by": "",
    "amendment_owed": False,
    "next_action": "",
    "next_action_on": "",
}


def _aged(desk: Desk, day: date, claim: Claim, whose: ClaimWhose, account: Account) -> AgedClaim | None:
    """A claim as it belongs in the list; None where nothing is open and nothing to be done."""
    answers = account.remittances
    money = account.money
    open_ = claim.status not in FINISHED and (claim.status != "paid" or claim.amendment_owed)
    if not (open_ or money.insurer_cents or money.patient_balance_cents):
        return None
    first = date.fromisoformat(claim.submissions[0].sent_on)
    age = (day - first).days
    situation = _situation(desk, day, claim, account)
    step = next_step(situation)
    last, of = deadline(situation)
    bucket = bucket_of(age)
    in_bucket = [money.insurer_cents if at == bucket else 0 for at in range(len(BUCKETS))]
    newest = in_order(answers)[-1] if answers else None
    birth = date.fromisoformat(whose.birth_date)
    row = AgingRow(
        claim_number=claim.number,
        patient=whose.patient,
        initials=initials(whose.last_name, whose.first_name),
        birth_date=birth,
        birth_year=birth.year,
        chart_number=whose.chart_number,
        payer=whose.payer_name,
        sent_on=first,
        age_days=age,
        days_0_30_cents=in_bucket[0],
        days_31_60_cents=in_bucket[1],
        days_61_90_cents=in_bucket[2],
        days_91_cents=in_bucket[3],
        insurer_cents=money.insurer_cents,
        patient_cents=money.patient_balance_cents,
        status=status_label(claim.status),
        answered_on=date.fromisoformat(newest.paid_on or newest.received_on) if newest else None,
        deadline=last,
        next_action=step.what,
        next_action_on=step.on,
        answer=in_words(newest) if newest else "",
        deadline_of=of,
    )
    return AgedClaim(
        claim.id,
        claim.patient_id,
        whose.payer,
        claim.status,
        bucket,
        row,
        money.overpaid_cents,
    )


def _situation(desk: Desk, day: date, claim: Claim, account: Account) -> Situation:
    money = account.money
    rules = rules_of(desk, claim)
    file_by = None
    if rules.filing_days is not None and claim.lines:
        earliest = min(line.service_date for line in claim.lines)
        file_by = filed_by(rules, date.fromisoformat(earliest))
    calls_for = None
    if claim.status in ANSWERED | UNSENT:
        _, said, remarks = standing(account.remittances, keys_of(claim))
        reasons = advise((line for lines in said.values() for line in lines), remarks, desk.reasons)
        calls_for = reasons[0].action if reasons else None
    return Situation(
        status=claim.status,
        as_of=day,
        last_sent=date.fromisoformat(claim.submissions[-1].sent_on),
        appealed_on=_day(claim.appealed_on),
        appeal_by=_day(claim.appeal_by),
        file_by=file_by,
        amendment_owed=claim.amendment_owed,
        calls_for=calls_for,
        overpaid=money.overpaid_cents > 0,
        patient_owes=money.patient_balance_cents > 0,
        patient_overpaid=money.patient_balance_cents < 0,
        said=claim.next_action,
        said_on=_day(claim.next_action_on),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
