"""Whether the rules themselves can be relied on: real, in force, with a source that was read of late."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from casemgr.core.checks.words import spoken
from casemgr.core.findings import Finding, Mend, Severity
from casemgr.core.payer_checks import OLD_DAYS
from casemgr.core.rule_words import codes_words, dates_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.core.claim_facts import ClaimFacts


def synthetic(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether the payer's figures are made up for examples."""
    if facts.payer.synthetic:
        yield Finding(
            "synthetic",
            Severity.WARNING,
            f"The figures of {facts.payer.name} are made up",
            "They are examples: put the practice’s own fees and the payer’s rules into its file.",
            mend=Mend("payer", facts.payer.id),
        )


def payer_dates(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether the payer's file holds for each date, and says the same as when the claim was drafted."""
    mend = Mend("payer", facts.payer.id, "valid_to")
    bounded = facts.payer.valid_from or facts.payer.valid_to
    for line in facts.lines if bounded else ():
        if not facts.payer.in_force(line.service_date):
            holds = dates_words(facts.payer.valid_from, facts.payer.valid_to)
            yield Finding(
                "payer_dates",
                Severity.WARNING,
                f"No rules of {facts.payer.name} for {spoken(facts, line.service_date)}",
                f"Its file holds {holds}: code and fee are those of nobody’s rules.",
                mend=mend,
                line=line.number,
            )
            break
    if facts.payer_changed and not facts.sent:
        yield Finding(
            "payer_dates",
            Severity.NOTE,
            f"The file of {facts.payer.name} was changed since",
            "It keeps the rules with which it was drafted. To use the new ones, void it and draft anew.",
            mend=Mend("claim", facts.claim_id),
        )


def rule_sources(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether each rule that is used names its source, and was compared with it within a year."""
    told = set()
    old = facts.as_of - timedelta(days=OLD_DAYS)
    for line in facts.lines:
        for rule in line.asks.rules:
            if id(rule) in told:
                continue
            told.add(id(rule))
            if rule.source and rule.verified_on is not None and rule.verified_on >= old:
                continue
            if not rule.source:
                what = "names no source"
            elif rule.verified_on is None:
                what = "was never compared with its source"
            else:
                what = f"was last compared with its source on {spoken(facts, rule.verified_on)}"
            yield Finding(
                "rule_sources",
                Severity.WARNING,
                f"The rule for {codes_words(rule)} {what}",
                "Rules change: read the payer’s manual again, and write down when.",
                f"Rules are compared with their source every {OLD_DAYS} days.",
                line.asks.origin(rule),
                Mend("payer", facts.payer.id, "verified_on"),
                line.number,
            )


def lapsed(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether the rules that name a code are none that hold on its date."""
    told = set()
    for line in facts.lines:
        asks = line.asks
        if not asks.lapsed or line.code in told or any(line.code in rule.codes for rule in asks.rules):
            continue
        told.add(line.code)
        nearest = asks.lapsed[-1]
        ended = nearest.valid_to is not None and nearest.valid_to < line.service_date
        edge = nearest.valid_to if ended else nearest.valid_from
        assert edge is not None
        yield Finding(
            "lapsed",
            Severity.WARNING,
            f"The rules for {line.code} {'ended' if ended else 'begin'} on {spoken(facts, edge)}",
            f"No rule that names the code holds on {spoken(facts, line.service_date)}: the payer may want it "
            "otherwise now.",
            f"{codes_words(nearest)}: in force {dates_words(nearest.valid_from, nearest.valid_to)}.",
            asks.origin(nearest),
            Mend("payer", facts.payer.id, "rule"),
            line.number,
        )
