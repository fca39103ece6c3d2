"""The list of checks: each is known by its id, says nothing where all is well, and says its finding whole."""

from __future__ import annotations

import inspect
from dataclasses import replace
from datetime import date

import pytest

from casemgr.core import checks
from casemgr.core.checks import CHECKS, Check, look_at
from casemgr.core.findings import Severity
from casemgr.core.payer_rules import Rule
from casemgr.core.readiness import Scale
from tests.core.checks.facts import billed, facts, house, line, plan, with_billed, with_case, work

SUBJECTS = [
    module
    for name, module in inspect.getmembers(checks, inspect.ismodule)
    if module.__name__.startswith("casemgr.core.checks.")
]


def test_nothing_is_found_where_nothing_is_missing() -> None:
    claim = facts()
    assert look_at(claim) == ()
    ready = Scale().readiness(claim, ())
    assert (ready.score, ready.ready, ready.missing) == (100, True, ())


def test_ids_are_unique_and_every_check_says_what_it_looks_at() -> None:
    ids = [check.id for check in CHECKS]
    assert len(set(ids)) == len(ids)
    assert all(check.looks_at and not check.looks_at.endswith(".") for check in CHECKS)


@pytest.mark.parametrize("module", SUBJECTS, ids=lambda module: module.__name__.rpartition(".")[2])
def test_every_public_check_is_in_the_list(module: object) -> None:
    listed = {check.look for check in CHECKS}
    taking_facts = {
        one
        for name, one in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_")
        and one.__module__ == getattr(module, "__name__", "")
        and list(inspect.signature(one).parameters) == ["facts"]
    }
    assert taking_facts <= listed


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_a_check_is_documented_and_guards_against_a_reason_that_there_is(check: Check) -> None:
    assert check.look.__doc__
    reasons = {reason.id for reason in house().reasons.denials}
    assert not check.reason or check.reason in reasons
    assert not check.asks or check.asks in Rule.model_fields


def test_a_line_whose_work_was_taken_away_is_told_by_its_quantity() -> None:
    rules = plan({"roles": ["dentist"], "required": ["note"], "limit": [{"count": 1, "per": "month"}]})
    emptied = line(rules)._replace(work=(), minutes=0)
    both = facts(rules, emptied, line(rules, emptied.service_date, "D9991", number=2))
    for claim in (facts(rules, emptied), with_billed(both, [billed(emptied.service_date, "D9994")])):
        assert "quantity" in {finding.check for finding in look_at(claim)}


def test_a_finding_says_by_which_check_how_grave_it_is_and_no_name_of_a_patient() -> None:
    worst = plan(
        {
            "covered": False,
            "authorization": True,
            "limit": [{"count": 1, "per": "month"}],
            "excludes": ["D9991"],
            "companions": ["D9994"],
            "places": ["02"],
            "roles": ["dentist"],
            "minimum_minutes": 30,
            "required": ["response", "patient.phone"],
            "late_entry_days": 1,
            "not_billable": [{"why": "No calls", "kinds": ["referral"]}],
            "verified_on": "2020-01-01",
        },
        filing_days=3,
        synthetic=True,
    )
    late = work("w1", late_days=2, status="draft", outcome_words="", note="")
    claim = facts(worst, line(worst, house().as_of.replace(month=12), "D9992", late))
    claim = with_billed(
        replace(claim, diagnoses=("Z59.7",), member_id="", amendment_owed=True),
        [billed(date(2026, 12, 2), "D9991"), billed(date(2026, 12, 2), "D9992", claim_id="x")],
    )
    claim = with_case(claim, consent="", plan="tbd", treating_dentist_npi="1")
    known = {check.id: check for check in CHECKS}
    findings = look_at(claim)
    assert len({finding.check for finding in findings}) > 20
    assert [finding.severity for finding in findings] == sorted(finding.severity for finding in findings)
    for finding in findings:
        assert finding.severity >= known[finding.check].gravest
        assert finding.reason in ("", known[finding.check].reason)
        assert finding.severity is Severity.NOTE or finding.mend
        assert finding.title
        text = " ".join((finding.title, finding.why, finding.rule))
        assert "Garcia" not in text
        assert "Ana" not in text
        assert "None" not in text
