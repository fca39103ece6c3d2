"""Whether somebody pays for it: coverage on the date, benefits verified, prior authorization."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from casemgr.core.checks.words import spoken
from casemgr.core.claims import coverage_on
from casemgr.core.findings import Finding, Mend, Severity
from casemgr.core.windows import year_around
from casemgr.core.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.core.billing import Authorization
    from casemgr.core.claim_facts import Authorized, ClaimFacts, Line

NOT_COVERED, AUTHORIZATION = "not_covered", "authorization"
FRESH_DAYS = 90
"""A verification that is older than this on the service date should be asked anew."""
_FRESH = timedelta(days=FRESH_DAYS)


def coverage(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether the claim's coverage holds on each date, and no later one takes its place."""
    mend = Mend("coverage", facts.coverage.id)
    first, last = facts.coverage.valid_from, facts.coverage.valid_to
    if facts.coverage.voided:
        yield Finding(
            "coverage",
            Severity.ERROR,
            "The coverage was taken away since",
            "It was voided after the claim was drafted. Void this claim, and draft it anew.",
            mend=mend,
            reason=NOT_COVERED,
        )
        return
    for line in facts.lines:
        day = line.day
        if (first and day < first) or (last and day > last):
            bound = (
                f"begins on {spoken(facts, first)}"
                if first and day < first
                else f"ended on {spoken(facts, last)}"
            )
            yield Finding(
                "coverage",
                Severity.ERROR,
                f"Not covered on {spoken(facts, day)}",
                f"The coverage under which the claim was drafted {bound}.",
                "Coverage must hold on the service date.",
                mend=mend,
                line=line.number,
                reason=NOT_COVERED,
            )
            continue
        holds = coverage_on(facts.coverages, day) if len(facts.coverages) > 1 else None
        if holds is not None and holds.id != facts.coverage.id:
            yield Finding(
                "coverage",
                Severity.WARNING,
                f"Another coverage holds on {spoken(facts, day)}",
                f"{holds.payer_name} began later than the coverage of this claim and holds on that date too.",
                "Of several coverages, the one that began last is billed first here.",
                mend=Mend("coverage", holds.id),
                line=line.number,
                reason=NOT_COVERED,
            )


def member(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether the claim has the member's id, and it is still the coverage's."""
    mend = Mend("coverage", facts.coverage.id, "member_id")
    if not facts.member_id:
        yield Finding(
            "member",
            Severity.ERROR,
            "Missing: member id",
            "The payer cannot find the patient.",
            "Every claim names the subscriber’s id.",
            "ADA claim form, item 15",
            mend,
        )
    elif facts.member_id != facts.coverage.member_id and not facts.coverage.voided:
        yield Finding(
            "member",
            Severity.WARNING,
            "The member id was changed since",
            "The coverage has another member id now than the claim was drafted with.",
            "Every claim names the subscriber’s id.",
            "ADA claim form, item 15",
            mend,
        )


def covered(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether the payer's rules say that it does not cover a code."""
    for line in facts.lines:
        said = line.asks.said("covered")
        if said.value is False:
            yield Finding(
                "covered",
                Severity.ERROR,
                f"{line.code} is not covered",
                "The payer’s rules say so for this date.",
                f"{line.code}: not covered.",
                line.asks.origin(said.rule),
                Mend("payer", facts.payer.id, "rule"),
                line.number,
                NOT_COVERED,
            )


def benefits(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether the payer was asked about each code, what it said, and whether that was recent."""
    mend = Mend("verification", facts.patient.id)
    rule = "Before the service, ask the payer whether it covers the code."
    for code in dict.fromkeys(line.code for line in facts.lines):
        lines = [line for line in facts.lines if line.code == code]
        asked = next((one for one in facts.verifications if not one.codes or code in one.codes), None)
        if asked is None:
            yield Finding(
                "benefits",
                Severity.WARNING,
                f"Benefits for {code} were not verified",
                "Nobody has asked the payer whether it covers this code for the patient.",
                rule,
                mend=mend,
                line=lines[0].number,
                reason=NOT_COVERED,
            )
            continue
        on = date.fromisoformat(asked.verified_on)
        if asked.covered == "no":
            yield Finding(
                "benefits",
                Severity.ERROR,
                f"The payer said that {code} is not covered",
                f"It was asked on {spoken(facts, on)}.{f' {asked.said}' if asked.said else ''}",
                rule,
                mend=mend,
                line=lines[0].number,
                reason=NOT_COVERED,
            )
            continue
        if asked.covered == "unknown":
            yield Finding(
                "benefits",
                Severity.NOTE,
                f"The payer did not say whether {code} is covered",
                f"It was asked on {spoken(facts, on)}.",
                rule,
                mend=mend,
                line=lines[0].number,
                reason=NOT_COVERED,
            )
        stale = next((line for line in lines if _stale(facts, line, on)), None)
        if stale is not None:
            yield Finding(
                "benefits",
                Severity.NOTE,
                f"Benefits for {code} were verified on {spoken(facts, on)} only",
                f"That was in another benefit year, or more than {FRESH_DAYS} days before the service.",
                f"Verify anew in each benefit year, and after {FRESH_DAYS} days.",
                mend=mend,
                line=stale.number,
                reason=NOT_COVERED,
            )


def _stale(facts: ClaimFacts, line: Line, on: date) -> bool:
    if on < line.service_date - _FRESH:
        return True
    return on < year_around(line.service_date, facts.payer.benefit_year).first


def authorization(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether prior authorization is there where it is needed, and holds for dates, codes and units."""
    if facts.authorization_id:
        named = next(
            (one for one in facts.authorizations if one.authorization.id == facts.authorization_id), None
        )
        if named is None:
            yield Finding(
                "authorization",
                Severity.ERROR,
                "The authorization is not one of this coverage",
                "It was voided, or belongs to another coverage.",
                "A claim names an authorization of its own payer.",
                mend=Mend("claim", facts.claim_id, "authorization_id"),
                reason=AUTHORIZATION,
            )
        else:
            yield from _fits(facts, named)
        return
    for line in facts.lines:
        said = line.asks.said("authorization")
        if not said.value:
            continue
        fitting = next(
            (
                one.authorization.number
                for one in facts.authorizations
                if not _misfit(facts, one.authorization, line)
            ),
            "",
        )
        yield Finding(
            "authorization",
            Severity.ERROR,
            f"{line.code} needs prior authorization",
            f"Authorization {fitting} would fit: name it on the claim."
            if fitting
            else "No authorization on file fits its date and code.",
            f"{line.code}: needs prior authorization.",
            line.asks.origin(said.rule),
            Mend("claim", facts.claim_id, "authorization_id")
            if fitting
            else Mend("authorization", facts.patient.id),
            line.number,
            AUTHORIZATION,
        )


def _fits(facts: ClaimFacts, named: Authorized) -> Iterator[Finding]:
    """Whether the authorization that the claim names holds for each line, and has the units."""
    held = named.authorization
    mend = Mend("authorization", held.id)
    wanted = 0
    for line in facts.lines:
        misfit = _misfit(facts, held, line)
        if not held.codes or line.code in held.codes:
            wanted += line.quantity
        # What needs no authorization may stand beside what does.
        if misfit and line.asks.said("authorization").value is not False:
            yield Finding(
                "authorization",
                Severity.ERROR,
                f"Authorization {held.number} {misfit}",
                "The line would be denied as if there were none.",
                "An authorization holds for its own dates and codes.",
                mend=mend,
                line=line.number,
                reason=AUTHORIZATION,
            )
    if not held.units:
        return
    after = named.used + wanted
    over = after > held.units
    yield Finding(
        "authorization",
        Severity.ERROR if over else Severity.NOTE,
        f"{after} of {counted(held.units, 'unit')} used of authorization {held.number}",
        f"{counted(named.used, 'unit')} on other claims, {wanted} on this one.",
        f"Authorization {held.number}: {counted(held.units, 'unit')}.",
        mend=mend,
        reason=AUTHORIZATION,
    )


def _misfit(facts: ClaimFacts, held: Authorization, line: Line) -> str:
    """Why an authorization does not hold for a line; empty where it does."""
    day = line.day
    if held.valid_from and day < held.valid_from:
        return f"begins on {spoken(facts, held.valid_from)}, after {spoken(facts, day)}"
    if held.valid_to and day > held.valid_to:
        return f"ended on {spoken(facts, held.valid_to)}, before {spoken(facts, day)}"
    return "" if not held.codes or line.code in held.codes else f"is not for {line.code}"
