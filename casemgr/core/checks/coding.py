"""Whether code, place and fee are right, and what stands on the same date goes together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.checks.words import spoken, work_name
from casemgr.core.findings import Finding, Mend, Severity
from casemgr.core.minutes import format_minutes
from casemgr.core.not_billable import tells
from casemgr.core.rule_words import unit_words
from casemgr.core.text import same_words
from casemgr.core.units import units
from casemgr.core.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.core.claim_facts import Billed, ClaimFacts, Line
    from casemgr.core.kinds import Kind

BUNDLED, DUPLICATE, NOT_COVERED = "bundled", "duplicate", "not_covered"


def code(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether each code is known here, and in force on its date."""
    told = set()
    for line in facts.lines:
        found = facts.house.codes.get(line.code)
        if found is None:
            if line.code not in told:
                told.add(line.code)
                yield Finding(
                    "code",
                    Severity.WARNING,
                    f"No file describes {line.code}",
                    "Nothing is known here of its dates in force and its documentation.",
                    mend=Mend("payer", facts.payer.id, "codes"),
                    line=line.number,
                )
        elif not found.in_force(line.service_date):
            early = found.effective_from is not None and line.service_date < found.effective_from
            edge = found.effective_from if early else found.effective_to
            assert edge is not None
            since = f"since {spoken(facts, edge)} only" if early else f"until {spoken(facts, edge)} only"
            yield Finding(
                "code",
                Severity.ERROR,
                f"{line.code} was not in force on {spoken(facts, line.service_date)}",
                f"It may be reported {since}.",
                "The code set in force on the service date applies.",
                "; ".join(found.sources[:1]),
                Mend("payer", facts.payer.id, "codes"),
                line.number,
            )


def nomenclature(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether each code is the one that the code set names for the kind of work."""
    other: dict[tuple[str, str], tuple[Kind, Line]] = {}
    for line, work in facts.work:
        kind = facts.house.kinds.get(work.kind)
        if kind is not None and line.code != kind.nomenclature:
            other.setdefault((work.kind, line.code), (kind, line))
    if not other:
        return
    kind, line = next(iter(other.values()))
    named = listed(sorted({kind.nomenclature for kind, _ in other.values()}), "and")
    more = f" and {counted(len(other) - 1, 'other kind')}" if len(other) > 1 else ""
    yield Finding(
        "nomenclature",
        Severity.WARNING,
        f"{line.code} for {kind.title.lower()}{more}: the code set names {named}",
        " ".join(kind.warning_for(line.code) for kind, line in other.values()),
        "; ".join(dict.fromkeys(f"{kind.title}: {kind.nomenclature}" for kind, _ in other.values())) + ".",
        "our reading of the code set’s nomenclature",
        Mend("payer", facts.payer.id, "codes"),
        line.number,
    )


def fee(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether every line has a fee, and the claim a charge."""
    without = [line for line in facts.lines if not line.fee_cents]
    if not without:
        return
    nothing = len(without) == len(facts.lines)
    codes = listed(dict.fromkeys(line.code for line in without), "and")
    yield Finding(
        "fee",
        Severity.ERROR if nothing else Severity.WARNING,
        "The claim charges nothing" if nothing else f"No fee for {codes}",
        f"No fee is set for {codes}: put the practice’s own full fee into the payer’s file, and draft anew.",
        "A line states the practice’s full fee.",
        "ADA claim form, item 31",
        Mend("payer", facts.payer.id, "fees"),
        without[0].number,
    )


def place(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether the payer takes the place of service."""
    for line in facts.lines:
        said = line.asks.said("places")
        if said.value and facts.place_of_service not in said.value:
            yield Finding(
                "place",
                Severity.ERROR,
                f"Place of service {facts.place_of_service} is not taken for {line.code}",
                f"The payer takes {listed(said.value)}.",
                f"{line.code}: place of service {listed(said.value)}.",
                line.asks.origin(said.rule),
                Mend("claim", facts.claim_id, "place_of_service"),
                line.number,
            )


def duplicate(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether the same date and code stand on another live claim."""
    for line in facts.lines:
        for one in facts.beside(line):
            if one.code == line.code and one.claim_id != facts.claim_id:
                yield Finding(
                    "duplicate",
                    Severity.ERROR,
                    f"{line.code} on {spoken(facts, line.service_date)} stands on {one.number} too",
                    "The payer takes the second one for a copy of the first.",
                    "One line for each date and code.",
                    mend=Mend("claim", facts.claim_id, "lines"),
                    line=line.number,
                    reason=DUPLICATE,
                )
                break


def same_day(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether codes stand on one date that a rule keeps apart."""
    for line in facts.lines:
        told = set()
        for said in line.asks.each("excludes"):
            for one in facts.beside(line):
                if one.code in said.value and one.code not in told:
                    told.add(one.code)
                    yield Finding(
                        "same_day",
                        Severity.ERROR,
                        f"{line.code} and {one.code} on the same date",
                        f"Both stand on {spoken(facts, line.service_date)}{_elsewhere(facts, one)}. The "
                        "payer pays one of them.",
                        f"{line.code}: not on the same date as {listed(said.value)}.",
                        line.asks.origin(said.rule),
                        Mend("claim", facts.claim_id, "lines"),
                        line.number,
                        BUNDLED,
                    )


def companions(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether a code that is paid beside another one has that other one."""
    for line in facts.lines:
        beside = {one.code for one in facts.beside(line)}
        for said in line.asks.each("companions"):
            if beside.isdisjoint(said.value):
                yield Finding(
                    "companions",
                    Severity.WARNING,
                    f"{line.code} needs {listed(said.value)} on the same date",
                    "No claim here has it. Make sure that it goes to the payer from elsewhere.",
                    f"{line.code}: only with {listed(said.value)} on the same date.",
                    line.asks.origin(said.rule),
                    Mend("claim", facts.claim_id, "lines"),
                    line.number,
                    BUNDLED,
                )


def bundling(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether work under several codes of one date is documented apart, each in words of its own."""
    for line in facts.lines:
        others = [one for one in facts.beside(line) if one.code != line.code]
        if not others or not line.work:
            continue
        said = _words(line)
        here = {each.number: each for each in facts.lines}
        for one in others:
            other = here.get(one.line) if one.claim_id == facts.claim_id else None
            if other is not None and (other.number < line.number or not other.work):
                continue  # told with the earlier line, or by its quantity
            both = f"{line.code} and {one.code}"
            if not said or (other is not None and not _words(other)):
                title = f"{both} on one date, and a note is missing"
            elif other is not None and said & _words(other):
                title = f"{both} on one date, with the same words"
            else:
                continue
            last = line.work[-1] if not said or other is None else other.work[-1]
            yield Finding(
                "bundling",
                Severity.WARNING,
                title,
                "The payer may take one for part of the other: each needs a note of its own, such as that of "
                f"{work_name(facts, last)}.",
                "Work under several codes of one date is documented separately.",
                "D9993 in use: separate and independently documented",
                Mend("activity", last.id, "note"),
                line.number,
                BUNDLED,
            )


def not_billable(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether a line holds work that the payer's rules do not pay."""
    for line in facts.lines:
        for said in line.asks.each("not_billable"):
            for one in said.value:
                for work in line.work:
                    if tells(one, work):
                        yield Finding(
                            "not_billable",
                            Severity.ERROR,
                            f"Not billable: {work_name(facts, work)}",
                            one.why,
                            f"{line.code}: {one.why}",
                            line.asks.origin(said.rule),
                            Mend("claim", facts.claim_id, "lines"),
                            line.number,
                            NOT_COVERED,
                        )


def quantity(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether the minutes of each line make the units that it claims."""
    for line in facts.lines:
        how = line.asks.counting
        minutes = [work.minutes for work in line.work]
        if how.unit == "month" and how.summed:
            by_day: dict[str, int] = {}
            for work in line.work:
                by_day[work.service_date] = by_day.get(work.service_date, 0) + work.minutes
            minutes = list(by_day.values())
        made = units(how, minutes)
        if made == line.quantity:
            continue
        said = line.asks.said("unit")
        if said.rule is None:
            said = line.asks.said("minimum_minutes")
        when = f"{format_minutes(sum(minutes))} on {spoken(facts, line.service_date)}"
        least = f"at least {how.minimum_minutes} min" if how.minimum_minutes else ""
        one = f"one unit is {unit_words(said.rule)}" if said.rule and said.rule.unit else ""
        yield Finding(
            "quantity",
            Severity.ERROR,
            f"{when} make {made}, not {line.quantity}" if made else f"{when} make no unit",
            "The quantity is not what the payer’s rules make of the minutes. Void it, and draft anew.",
            f"{line.code}: {', '.join(filter(None, (one, least))) or 'one unit a date'}.",
            line.asks.origin(said.rule),
            Mend("claim", facts.claim_id, "lines"),
            line.number,
            NOT_COVERED,
        )


def _words(line: Line) -> frozenset[str]:
    """What the notes of a line say; empty where there is none."""
    return frozenset(text for work in line.work if (text := same_words(work.note)))


def _elsewhere(facts: ClaimFacts, one: Billed) -> str:
    return "" if one.claim_id == facts.claim_id else f", {one.code} on {one.number}"
