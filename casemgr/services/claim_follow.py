"""A claim follows its log: what is amended or voided works its claim's lines out again, in the same deed.

A draft stays one; a claim that was ready is a draft again; of one that was sent, a corrected claim is owed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.claim_life import FINISHED, status_label
from casemgr.core.claims import plan_claims
from casemgr.core.dates import format_us
from casemgr.core.ids import short
from casemgr.core.money import format_cents
from casemgr.core.records import Activity, Coverage
from casemgr.core.wording import counted
from casemgr.errors import RuleRefused
from casemgr.services.kept_rules import rules_of
from casemgr.services.refusals import NOTHING_CHANGED
from casemgr.store.reads.claims import claim_by_number, standing_lines
from casemgr.store.reads.records import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.core.billing import Claim, ClaimLine
    from casemgr.core.claims import Planned
    from casemgr.services.desk import Desk
    from casemgr.store.ledger import Transaction


def refuse_finished(desk: Desk, number: str) -> None:
    """Refuse to change what stands on a claim that came to its end."""
    claim = _claim(desk, number)
    if claim.status in FINISHED:
        raise RuleRefused(
            f"This activity stands on claim {claim.number}, which is {status_label(claim.status)}",
            f"What was paid or given up would no longer agree with the log. {NOTHING_CHANGED}",
            f"If it has to change: casemgr claim reopen {claim.number} --reason “…” first.",
        )


def follow(desk: Desk, tx: Transaction, number: str, was: Activity, now: Activity) -> tuple[str, ...]:
    """Work a claim's lines out again after one of its activities changed, under the rules of its drafting.

    What no longer fits, such as an activity of another month or one that is not billable now, drops off and
    is free. A claim on which nothing is left is voided if it was never sent.

    Args:
        desk: the open practice.
        tx: the deed that changed the activity, which is saved in it already.
        number: the claim's.
        was: the activity as it was.
        now: as it is.

    Returns:
        What became of the claim, for people; nothing where it says what it said.

    Raises:
        RuleRefused: it was sent, and nothing would be left on it.
    """
    claim = _claim(desk, number)
    planned = _planned(desk, claim, was, now)
    lines = planned.claims[0].lines if planned.claims else ()
    why = f"activity {short(now.id)} was {'voided' if now.voided else 'amended'}"
    if not lines:
        if claim.submissions:
            sent = format_us(claim.submissions[-1].sent_on)
            raise RuleRefused(
                f"Nothing would be left on claim {claim.number}, which was sent",
                f"It was sent on {sent}, and would bill nothing. {NOTHING_CHANGED}",
                f"Void claim {claim.number} first, with a reason, and tell the payer that it is withdrawn.",
            )
        voided = claim.model_copy(update={"voided": True})
        tx.append("void", "claim", voided, why)
        told = f"Claim {claim.number} is voided: nothing stands on it any more"
        return (told, *_dropped(planned, (), now))
    ready = claim.status == "ready"
    if lines == claim.lines and not ready:
        return ()
    followed = claim.model_copy(
        update={
            "lines": lines,
            "status": "draft" if ready else claim.status,
            "amendment_owed": claim.amendment_owed or (bool(claim.submissions) and lines != claim.lines),
        }
    )
    tx.append("follow", "claim", followed, why)
    return (_told(claim, followed), *_dropped(planned, followed.lines, now))


def _planned(desk: Desk, claim: Claim, was: Activity, now: Activity) -> Planned:
    """What the activities of a claim make as they are now."""
    found = [load(desk.store, Activity, each) for line in claim.lines for each in line.activity_ids]
    records = sorted(
        (one for one in found if one and not one.voided and one.billed_in == claim.month),
        key=lambda one: (one.service_date, one.start, one.entered_at, one.id),
    )
    coverage = load(desk.store, Coverage, claim.coverage_id)
    assert coverage is not None
    codes = {each: line.code for line in claim.lines for each in line.activity_ids}
    if (was.kind, was.service_date) != (now.kind, now.service_date):
        del codes[now.id]
    own = {(claim.patient_id, line.service_date, line.code) for line in claim.lines}
    rules = rules_of(desk, claim)
    return plan_claims(
        records,
        {claim.patient_id: [coverage]},
        lambda _: rules,
        desk.kinds,
        standing_lines(desk.store, (claim.patient_id,)) - own,
        codes,
    )


def _told(claim: Claim, followed: Claim) -> str:
    """`Claim K7Q2-2026-0001 follows: 35 min instead of 20; it was sent on 10/31/2026, so a corrected …`."""
    changed = ", ".join(_differences(claim, followed)) or "its log changed"
    if claim.status == "ready":
        then = "; it was ready and is a draft again"
    elif followed.amendment_owed:
        sent = format_us(claim.submissions[-1].sent_on)
        then = f"; it was sent on {sent}, so a corrected claim is owed"
    else:
        then = ""
    return f"Claim {claim.number} follows: {changed}{then}"


def _differences(claim: Claim, followed: Claim) -> Iterator[str]:
    if followed.minutes != claim.minutes:
        yield f"{followed.minutes} min instead of {claim.minutes}"
    if followed.charge_cents != claim.charge_cents:
        yield f"{format_cents(followed.charge_cents)} instead of {format_cents(claim.charge_cents)}"
    if len(followed.lines) != len(claim.lines):
        yield f"{counted(len(followed.lines), 'line')} instead of {len(claim.lines)}"
    gone, come = _named(claim.lines) - _named(followed.lines), _named(followed.lines) - _named(claim.lines)
    if len(gone) == len(come) == 1:
        yield f"{come.pop()} instead of {gone.pop()}"


def _named(lines: tuple[ClaimLine, ...]) -> set[str]:
    return {f"{line.code} on {format_us(line.service_date)}" for line in lines}


def _dropped(planned: Planned, lines: tuple[ClaimLine, ...], now: Activity) -> Iterator[str]:
    """What is on no claim now, and why; a voided activity is on none anyhow."""
    why = dict(planned.left_out)
    if now.voided or any(now.id in line.activity_ids for line in lines):
        why.pop(now.id, None)
    elif now.id not in why:
        yield f"Activity {short(now.id)} is on no claim now: it belongs to another month's run"
    for activity_id, reason in why.items():
        said = ": ".join(filter(None, (str(reason), planned.words.get(activity_id))))
        yield f"Activity {short(activity_id)} is on no claim now: {said}"


def _claim(desk: Desk, number: str) -> Claim:
    claim = claim_by_number(desk.store, number)
    assert claim is not None
    return claim
