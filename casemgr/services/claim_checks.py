"""Checking claims: the facts are gathered in batches, the checks are asked, the score is worked out."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.checks import look_at
from casemgr.core.dates import Month
from casemgr.core.readiness import Denials, Readiness, Scale
from casemgr.errors import RuleRefused
from casemgr.services.claim_facts import gather
from casemgr.services.claims import the_claim
from casemgr.store.reads import claim_facts as reads

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from casemgr.core.records import Patient
    from casemgr.services.desk import Desk

DENIALS_DAYS = 730
"""Denials of so many days back say what this practice's documentation lacked."""


class Checked(NamedTuple):
    """A claim that was checked."""

    number: str
    status: str
    patient: Patient
    readiness: Readiness


def check_claim(desk: Desk, number: str) -> Readiness:
    """What the checks find of a claim, and how ready it is.

    Raises:
        NotFound: there is none of that number.
        RuleRefused: it is voided.
    """
    (found,) = check_claims(desk, [number])
    return found.readiness


def check_claims(desk: Desk, wanted: Iterable[str] | Month) -> Iterator[Checked]:
    """What the checks find of claims, one at a time, in memory that does not grow with them.

    Args:
        desk: the open practice.
        wanted: numbers of claims, in whose order they come; or a month, whose live claims come by number.

    Raises:
        NotFound: there is none of a number.
        RuleRefused: one is voided.
    """
    if isinstance(wanted, Month):
        ids = reads.claims_to_check(desk.store, str(wanted))
    else:
        ids = _live(desk, list(wanted))
    scale = Scale(denials_of(desk))
    for facts in gather(desk, ids):
        found = scale.readiness(facts, look_at(facts))
        yield Checked(facts.number, facts.status, facts.patient, found)


def _live(desk: Desk, numbers: list[str]) -> list[str]:
    """Ids of the claims with some numbers, in their order."""
    known = reads.numbered(desk.store, [number.strip().upper() for number in numbers])
    ids = []
    for number in numbers:
        found = known.get(number.strip().upper())
        if found is None:
            claim = the_claim(desk, number)
            found = claim.id, claim.voided
        if found[1]:
            raise RuleRefused(
                f"Claim {number.strip()} is voided",
                "There is nothing to check on it.",
                "Draft its work anew.",
            )
        ids.append(found[0])
    return ids


def denials_of(desk: Desk) -> Denials:
    """For which reasons this practice's claims were denied in the last two years."""
    since = (desk.today() - timedelta(days=DENIALS_DAYS)).isoformat()
    by_reason: dict[str, set[str]] = {}
    for claim_id, lines, remarks in reads.answers(desk.store, since):
        overall = json.loads(remarks)
        for line in json.loads(lines):
            if line["paid_cents"]:
                continue
            for adjustment in line["adjustments"]:
                reason = desk.reasons.denied_with(adjustment["carc"], [*line["remarks"], *overall])
                if reason is not None:
                    by_reason.setdefault(reason.id, set()).add(claim_id)
    claims = len(set().union(*by_reason.values()))
    return Denials(claims, {reason: len(found) for reason, found in by_reason.items()})
