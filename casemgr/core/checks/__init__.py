"""The checks of a claim: each a pure function of its facts, all of them in one list.

A check says nothing where all is well. To add one: write the function in the file of its subject, put it into
CHECKS with what it looks at, and test both sides of its edge.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.checks import (
    coding,
    coverage,
    diagnosis,
    documentation,
    filing,
    frequency,
    origins,
    staffing,
    times,
)
from casemgr.core.findings import Severity, gravest_first

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable

    from casemgr.core.claim_facts import ClaimFacts
    from casemgr.core.findings import Finding

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


class Check(NamedTuple):
    """One check, as people and the readiness of a claim know it."""

    id: str
    looks_at: str
    """What it looks at, in a few words."""
    gravest: Severity
    """The gravest that it may find."""
    reason: str
    """Id of the denial reason that it guards against; empty where there is none."""
    look: Callable[[ClaimFacts], Iterable[Finding]]
    asks: str = ""
    """The field of Rule without which it does not apply; empty where it applies to every claim."""
    worth: int = 1
    """As how many checks it counts: payers look at some first, and others hang on a case."""

    def applies(self, ruled: Container[str]) -> bool:
        """Whether it has anything to look at, where the rules say something of these fields."""
        return not self.asks or self.asks in ruled


def _point(field: str, looks_at: str, gravest: Severity) -> Check:
    return Check(field, looks_at, gravest, _DOC, documentation.from_case(field, gravest), worth=3)


_DOC, _BUNDLED, _COVERED = "documentation", "bundled", "not_covered"


CHECKS: tuple[Check, ...] = (
    Check(
        "case",
        "a case of case management, drafted with the claim",
        _ERROR,
        _DOC,
        documentation.case,
        worth=16,
    ),
    Check("case_dates", "the case was open on each date", _WARNING, _DOC, documentation.case_dates),
    _point("complaint", "chief complaint and history", _ERROR),
    _point("findings", "findings that support the code", _ERROR),
    _point("supplementary", "tests, images or other data", _WARNING),
    _point("plan", "a plan with its rationale", _ERROR),
    Check(
        "outcomes",
        "what came of each contact, and what follows",
        _ERROR,
        _DOC,
        documentation.outcomes,
        worth=3,
    ),
    Check("other_points", "further points of the code’s checklist", _NOTE, _DOC, documentation.other_points),
    Check("consent", "consent on file", _WARNING, _DOC, documentation.consent, worth=2),
    Check("dentist", "treating dentist and their NPI", _ERROR, _DOC, documentation.dentist),
    Check("practice", "the practice’s NPI and tax id", _ERROR, _DOC, documentation.practice),
    Check("kind_fields", "what the kind of activity asks for", _WARNING, _DOC, documentation.kind_fields),
    Check("required", "what the payer wants in the record", _ERROR, _DOC, documentation.required, "required"),
    Check("unsigned", "every activity is signed", _ERROR, _DOC, documentation.unsigned),
    Check("amended", "changes since the claim was sent", _ERROR, _DOC, documentation.amended),
    Check("late_entry", "entries made long after the service", _ERROR, _DOC, documentation.late_entry),
    Check("identical_notes", "the same note on two dates", _WARNING, _DOC, documentation.identical_notes),
    Check("coverage", "coverage on each date", _ERROR, _COVERED, coverage.coverage, worth=3),
    Check("member", "the member id", _ERROR, "", coverage.member),
    Check("covered", "codes that the payer does not cover", _ERROR, _COVERED, coverage.covered, "covered"),
    Check("benefits", "benefits verified, and not long ago", _ERROR, _COVERED, coverage.benefits, worth=2),
    Check(
        "authorization",
        "prior authorization: dates, codes, units left",
        _ERROR,
        "authorization",
        coverage.authorization,
        worth=2,
    ),
    Check(
        "frequency",
        "how often the payer pays, and when the next is due",
        _ERROR,
        "frequency",
        frequency.frequency,
        "limits",
    ),
    Check("code", "codes known and in force on the date", _ERROR, "", coding.code),
    Check("nomenclature", "the code that the code set names for the work", _WARNING, "", coding.nomenclature),
    Check("fee", "a fee on every line", _ERROR, "", coding.fee),
    Check("quantity", "units that the minutes make, and minimum minutes", _ERROR, _COVERED, coding.quantity),
    Check("place", "the place of service", _ERROR, "", coding.place, "places"),
    Check("not_billable", "work that is not paid", _ERROR, _COVERED, coding.not_billable, "not_billable"),
    Check("duplicate", "the same date and code on another claim", _ERROR, "duplicate", coding.duplicate),
    Check("same_day", "codes that exclude each other", _ERROR, _BUNDLED, coding.same_day, "excludes"),
    Check("companions", "codes that must stand beside", _WARNING, _BUNDLED, coding.companions, "companions"),
    Check("bundling", "several codes on a date, documented apart", _WARNING, _BUNDLED, coding.bundling),
    Check("diagnosis", "diagnoses: one to four", _ERROR, "diagnosis", diagnosis.diagnosis, worth=2),
    Check(
        "diagnosis_codes",
        "diagnosis codes that may stand on a claim",
        _ERROR,
        "diagnosis",
        diagnosis.diagnosis_codes,
    ),
    Check("pairing", "barriers that explain the code", _NOTE, "diagnosis", diagnosis.pairing),
    Check("dates", "dates in the future or before birth", _ERROR, _DOC, times.dates),
    Check("clock", "times that a day had, and midnight", _ERROR, _DOC, times.clock),
    Check("overlap", "two things at once", _ERROR, _DOC, times.overlap),
    Check("same_minutes", "the same minutes under two codes", _ERROR, _DOC, times.same_minutes),
    Check("long_day", "more than a working day", _WARNING, _DOC, times.long_day),
    Check("round_minutes", "minutes that are always round", _NOTE, _DOC, times.round_minutes),
    Check("role", "who may render the code", _ERROR, "provider_type", staffing.role, "roles"),
    Check("at_work", "who rendered it worked here", _ERROR, "provider_type", staffing.at_work),
    Check("filing", "days left to file", _ERROR, "late_filing", filing.filing),
    Check("appeal", "days left to appeal", _WARNING, "late_filing", filing.appeal),
    Check("synthetic", "made-up figures", _WARNING, "", origins.synthetic),
    Check("payer_dates", "the payer’s file holds, and is the same still", _WARNING, "", origins.payer_dates),
    Check("rule_sources", "rules with an old source, or none", _WARNING, "", origins.rule_sources),
    Check("lapsed", "rules that are over", _WARNING, "", origins.lapsed),
)
"""Every check, in the order in which people would look."""


def look_at(facts: ClaimFacts) -> tuple[Finding, ...]:
    """What all checks find, the gravest first."""
    found: list[Finding] = []
    for look in _applying(facts.ruled):
        found += look(facts)
    return gravest_first(found)


@lru_cache(maxsize=256)
def _applying(ruled: frozenset[str]) -> tuple[Callable[[ClaimFacts], Iterable[Finding]], ...]:
    """The checks that have anything to look at; a payer's rules speak of few different things."""
    return tuple(check.look for check in CHECKS if check.applies(ruled))
