"""What became of claim lines: state, when they were sent, what the payer said last and paid in all."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.claim_life import status_label
from casemgr.core.claim_money import in_order, standing
from casemgr.store.reads.answers import remittances_by_claim
from casemgr.store.reads.claim_lines import claims_told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from casemgr.core.billing import Adjustment, RemittanceLine
    from casemgr.core.claim_money import Key
    from casemgr.core.rows import StandingLine
    from casemgr.services.desk import Desk


class LineAnswer(NamedTuple):
    """What became of a line, by the fields of core.month.BillingLine; empty where nothing was said yet."""

    status: str = ""
    submitted_on: date | None = None
    paid_cents: int | None = None
    adjusted_cents: int | None = None
    patient_cents: int | None = None
    reason: str = ""
    payer_claim_number: str = ""
    answered_on: date | None = None


NO_ANSWER = LineAnswer()
"""Of a line that is on no claim yet."""


def line_answers(desk: Desk, lines: Iterable[StandingLine]) -> Mapping[tuple[str, str, str], LineAnswer]:
    """What became of some lines, by claim number, ISO service date and code.

    What was answered to a claim of several lines as a whole, or to a line that it no longer has, stands on
    its first line and says so.

    Args:
        desk: the open practice; the caller holds a snapshot of the store.
        lines: all lines of each claim that is among them.
    """
    of_claim: dict[str, list[Key]] = {}
    for line in lines:
        of_claim.setdefault(line.number, []).append((line.service_date, line.code))
    claims = claims_told(desk.store, of_claim)
    answers = remittances_by_claim(desk.store, (claim.id for claim in claims)) if claims else {}
    found: dict[tuple[str, str, str], LineAnswer] = {}
    for claim in claims:
        told = LineAnswer(
            status=status_label(claim.status),
            submitted_on=_day(claim.sent_on),
            payer_claim_number=claim.payer_claim_number,
        )
        keys = of_claim[claim.number]
        found |= {(claim.number, *key): told for key in keys}
        remittances = in_order(answers.get(claim.id, ()))
        if not remittances:
            continue
        stands = standing(remittances, keys)
        on = _day(remittances[-1].paid_on or remittances[-1].received_on)
        for key in keys:
            if key in stands.paid:
                found[claim.number, *key] = _answered(told, stands.paid[key], stands.said.get(key, ()), on)
        loose = [key for key in stands.paid if key not in keys]
        if loose:
            said = [one for key in loose for one in stands.said.get(key, ())]
            whole = _answered(told, sum(stands.paid[key] for key in loose), said, on)
            mark = " (whole claim)" if len(keys) > 1 and whole.reason else ""
            first = claim.number, *keys[0]
            found[first] = _together(found[first], whole._replace(reason=f"{whole.reason}{mark}"))
    return found


def _answered(told: LineAnswer, paid: int, said: Iterable[RemittanceLine], on: date | None) -> LineAnswer:
    adjustments = [one for line in said for one in line.adjustments]
    return told._replace(
        paid_cents=paid,
        adjusted_cents=sum(one.cents for one in adjustments if one.group != "PR"),
        patient_cents=sum(one.cents for one in adjustments if one.group == "PR"),
        reason="; ".join(dict.fromkeys(filter(None, map(_reason, adjustments)))),
        answered_on=on,
    )


def _reason(one: Adjustment) -> str:
    """`CO-45`; empty for a patient's part of which a table does not say why."""
    return f"{one.group}-{one.carc}" if one.carc else ""


def _together(first: LineAnswer, whole: LineAnswer) -> LineAnswer:
    """A line's own answer and that to the whole claim, or to a line that is gone: it has none to stand on."""
    return first._replace(
        paid_cents=(first.paid_cents or 0) + (whole.paid_cents or 0),
        adjusted_cents=(first.adjusted_cents or 0) + (whole.adjusted_cents or 0),
        patient_cents=(first.patient_cents or 0) + (whole.patient_cents or 0),
        reason="; ".join(filter(None, (first.reason, whole.reason))),
        answered_on=whole.answered_on,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
