"""Payers' rules in words: units, limits, origin; for pages to look up, for findings, for refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.dates import format_us
from casemgr.core.money import format_cents
from casemgr.core.payer_rules import ANY_CODE
from casemgr.core.wording import listed

if TYPE_CHECKING:
    from datetime import date

    from casemgr.core.payer_rules import Limit, NotBillable, Rule

UNITS = {
    "day": "a date",
    "visit": "a visit, that is one activity",
    "15_minutes": "15 minutes, to the nearest",
    "8_minutes": "15 minutes by the 8-minute rule (8–22 min are 1, 23–37 are 2)",
    "month": "a calendar month",
}
"""What one unit is, by its id."""

SPANS = {
    "day": "a day",
    "month": "a calendar month",
    "calendar_year": "a calendar year",
    "benefit_year": "a benefit year",
    "service_year": "a year from the first service on",
    "episode": "a case of case management",
}
"""The spans of limits, by their ids; rolling ones have their days in the words."""

ITEMS = {
    "start": "time of day",
    "method": "contact method",
    "contacted": "who was contacted",
    "outcome": "outcome",
    "reason": "reason",
    "response": "response",
    "next_step": "next step",
    "note": "note",
    "case.consent": "consent",
    "case.complaint": "chief complaint and history",
    "case.findings": "clinical findings",
    "case.barriers": "barriers to care",
    "case.supplementary": "tests, images or other data on file",
    "case.plan": "plan with its rationale",
    "case.treating_dentist": "treating dentist",
    "case.treating_dentist_npi": "treating dentist’s NPI",
    "patient.phone": "patient’s phone",
    "patient.address": "patient’s address",
    "patient.language": "patient’s language",
    "patient.gender": "patient’s gender",
    "staff.credential": "credential of who rendered it",
    "staff.npi": "NPI of who rendered it",
}
"""What a rule may require of the record, beside the own fields of the kinds of activity."""


def unit_words(rule: Rule) -> str:
    """`a calendar month that reached 20 min`; empty where the rule names no unit."""
    if rule.unit is None:
        return ""
    reached = f" that reached {rule.monthly_minutes} min" if rule.unit == "month" else ""
    return UNITS[rule.unit] + reached


def span_words(limit: Limit) -> str:
    """The span of a limit: `any 30 days`, `a calendar year`."""
    return f"any {limit.days} days" if limit.per == "days" else SPANS[limit.per]


def limit_words(limit: Limit) -> str:
    """`at most 3 in a calendar year, for each patient`."""
    within = span_words(limit)
    joint = "" if limit.per == "day" else "in "
    whom = "patient" if limit.scope == "patient" else "member of staff who renders it"
    return f"at most {limit.count} {joint}{within}, for each {whom}"


def item_words(item: str) -> str:
    """What a rule requires, in words: `patient’s phone`; a kind's own field as it is named."""
    return ITEMS.get(item) or item.replace("_", " ")


def codes_words(rule: Rule) -> str:
    """The codes of a rule: `D9992, D9993`, `any other code`."""
    named = [code for code in rule.codes if code != ANY_CODE]
    return ", ".join(
        [*named, *(["any other code" if named else "any code"] if ANY_CODE in rule.codes else [])]
    )


def dates_words(valid_from: date | None, valid_to: date | None) -> str:
    """When a rule holds: `from 3/19/2020 to 4/24/2020`; `always`."""
    begins = f"from {format_us(valid_from)}" if valid_from else ""
    ends = f"to {format_us(valid_to)}" if valid_to else ""
    return f"{begins} {ends}".strip() or "always"


def origin_words(rule: Rule) -> str:
    """Where a rule comes from: `Provider manual, p. 4; compared with it on 11/21/2026`."""
    if not rule.source:
        return "no source given"
    compared = f"compared with it on {format_us(rule.verified_on)}" if rule.verified_on else "never compared"
    return f"{rule.source}; {compared}"


def expired(rule: Rule, today: date) -> bool:
    """Whether a rule's last day has passed."""
    return rule.valid_to is not None and rule.valid_to < today


def not_billable_words(one: NotBillable) -> str:
    """`not billable: A voicemail is no contact`."""
    return f"not billable: {one.why}"


def rule_words(rule: Rule) -> tuple[str, ...]:
    """What a rule says, a phrase for each thing, in the order in which people ask."""
    said = []
    if rule.covered is not None:
        said.append("covered" if rule.covered else "not covered")
    if rule.authorization is not None:
        said.append("needs prior authorization" if rule.authorization else "needs no prior authorization")
    if rule.unit:
        said.append(f"one unit is {unit_words(rule)}")
    if rule.sum_contacts is not None:
        may = "may" if rule.sum_contacts else "may not"
        said.append(f"the minutes of several contacts of a date {may} be added up")
    if rule.minimum_minutes:
        said.append(f"at least {rule.minimum_minutes} min")
    said += [limit_words(limit) for limit in rule.limits]
    if rule.excludes:
        said.append(f"not on the same date as {listed(rule.excludes)}")
    if rule.companions:
        said.append(f"only with {listed(rule.companions)} on the same date")
    if rule.places:
        said.append(f"place of service {listed(rule.places)}")
    if rule.roles:
        said.append(f"rendered by {listed(rule.roles)}")
    said += [not_billable_words(one) for one in rule.not_billable]
    if rule.required:
        said.append(f"the record must hold: {', '.join(map(item_words, rule.required))}")
    if rule.late_entry_days is not None:
        said.append(f"entered at most {rule.late_entry_days} days after the service")
    if rule.fee is not None:
        said.append(f"fee {format_cents(rule.fee)}")
    if rule.note:
        said.append(rule.note)
    return tuple(said)
