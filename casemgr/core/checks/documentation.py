"""Whether the record says what an auditor looks for: the case, what came of each contact, who answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.checklist import FROM_CASE, OUTCOMES, by_case
from casemgr.core.checks.words import npi_valid, spoken, staff_name, unsaid, work_name
from casemgr.core.findings import Finding, Mend, Severity
from casemgr.core.ids import short
from casemgr.core.records import is_npi
from casemgr.core.rule_words import ITEMS, item_words
from casemgr.core.text import same_words
from casemgr.core.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from casemgr.core.claim_facts import ClaimFacts, Line, Work
    from casemgr.core.fields import FieldProblem
    from casemgr.core.payer_rules import Said

REASON = "documentation"
CHECKLIST = "the documentation checklist of the code"
_OF_ALL_KINDS = frozenset(item for item in ITEMS if "." not in item)


def case(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether a case of case management says why any of the work was needed."""
    if facts.case is None:
        yield Finding(
            "case",
            Severity.ERROR,
            "No case was open on its dates",
            "Nothing says why the work was needed: complaint, findings and plan stand in a case. Open one: "
            "a claim that was not sent takes it up.",
            "A claim needs its reasons: complaint and history, findings, a plan with its rationale.",
            mend=Mend("case", facts.patient.id),
            reason=REASON,
        )


def case_dates(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether the case was open on each date."""
    if facts.case is None:
        return
    opened, closed = facts.case.opened_on, facts.case.closed_on
    days = {work.service_date: line for line, work in facts.work}
    for day, line in days.items():
        if day < opened or (closed and day > closed):
            yield Finding(
                "case_dates",
                Severity.WARNING,
                f"The case was {'not yet open' if day < opened else 'closed'} on {spoken(facts, day)}",
                "Work outside an episode of case management has no plan that it belongs to.",
                mend=Mend("case", facts.patient.id, "opened_on" if day < opened else "closed_on"),
                line=line.number,
                reason=REASON,
            )


def from_case(field: str, severity: Severity) -> Callable[[ClaimFacts], Iterator[Finding]]:
    """The check of one point of the checklist that the case documents."""

    def point(facts: ClaimFacts) -> Iterator[Finding]:
        if facts.case is None or field not in facts.points:
            return
        met = by_case(facts.case, field)
        if not met.met:
            yield Finding(
                field,
                severity,
                f"Missing: {FROM_CASE[field].lower()}",
                f"{met.evidence}.",
                facts.points[field],
                CHECKLIST,
                Mend("case", facts.patient.id, field),
                reason=REASON,
            )

    point.__doc__ = f"Whether the case says it: {FROM_CASE[field].lower()}."
    return point


def outcomes(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether every activity says what came of it, and at least one what follows."""
    if OUTCOMES not in facts.points:
        return
    followed = False
    untold: list[tuple[Line, Work]] = []
    for line, work in facts.work:
        followed = followed or work.followed or bool(work.next_step)
        if unsaid(work.outcome_words):
            untold.append((line, work))
    if untold:
        line, work = untold[0]
        many = work_name(facts, work) if len(untold) == 1 else counted(len(untold), "entry")
        yield Finding(
            "outcomes",
            Severity.ERROR,
            f"Nothing says what came of {many}",
            "Without its result, an entry does not show that the time led anywhere.",
            facts.points[OUTCOMES],
            CHECKLIST,
            Mend("activity", work.id, "outcome"),
            line.number,
            REASON,
        )
    if not followed:
        last = facts.lines[-1].work[-1].id if facts.lines and facts.lines[-1].work else ""
        yield Finding(
            "outcomes",
            Severity.WARNING,
            "No next step and no follow-up",
            "No activity of the claim says what follows.",
            facts.points[OUTCOMES],
            CHECKLIST,
            Mend("activity", last, "next_step") if last else None,
            reason=REASON,
        )


def other_points(facts: ClaimFacts) -> Iterator[Finding]:
    """Points of a code's checklist that no field holds, for the treating dentist to confirm."""
    for item, text in facts.points.items():
        if item not in FROM_CASE and item != OUTCOMES:
            yield Finding(
                "other_points",
                Severity.NOTE,
                f"To be confirmed by the treating dentist: {text}",
                rule=text,
                source=CHECKLIST,
            )


def consent(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether the case says that the patient, or who decides for them, consented."""
    if facts.case is not None and unsaid(facts.case.consent):
        yield Finding(
            "consent",
            Severity.WARNING,
            "No consent is on file",
            "The case does not say who consented to case management, and when.",
            "Consent is obtained once and kept in the chart.",
            mend=Mend("case", facts.patient.id, "consent"),
            reason=REASON,
        )


def dentist(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether a treating dentist is named, with an NPI."""
    if facts.case is None:
        return
    named, npi = facts.case.treating_dentist, facts.case.treating_dentist_npi
    form = "ADA claim form, items 53 to 56"
    for field, value, what in (
        ("treating_dentist", named, "treating dentist"),
        ("treating_dentist_npi", npi, "NPI of the treating dentist"),
    ):
        if unsaid(value):
            yield Finding(
                "dentist",
                Severity.ERROR,
                f"Missing: {what}",
                "The form has no box for the case manager: the claim goes under the treating dentist.",
                "Every claim names its treating dentist and their individual NPI.",
                form,
                Mend("case", facts.patient.id, field),
                reason=REASON,
            )
    if npi and not npi_valid(npi):
        yield _odd_npi(
            "dentist", "The treating dentist’s NPI", npi, form, Mend("case", facts.patient.id, field)
        )


def practice(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether the practice's NPI and tax id are known."""
    house = facts.house.practice
    form = "ADA claim form, items 48 to 51"
    for field, value, what in (("npi", house.npi, "NPI"), ("tax_id", house.tax_id, "tax id (TIN)")):
        if not value:
            yield Finding(
                "practice",
                Severity.ERROR,
                f"Missing: the practice’s {what}",
                "The payer cannot tell whom to pay.",
                "Every claim names the billing entity by NPI and tax id.",
                form,
                Mend("practice", "practice", field),
                reason=REASON,
            )
    if house.npi and not npi_valid(house.npi):
        yield _odd_npi("practice", "The practice’s NPI", house.npi, form, Mend("practice", "practice", "npi"))


def _odd_npi(check: str, whose: str, npi: str, form: str, mend: Mend) -> Finding:
    odd = "has a wrong check digit" if is_npi(npi) else "is not ten digits"
    return Finding(
        check,
        Severity.WARNING,
        f"{whose} {odd}",
        "Somebody mistyped it, or it is no NPI: clearing houses refuse such a claim.",
        "An NPI is ten digits, the last of which checks the others.",
        form,
        mend,
        reason=REASON,
    )


def kind_fields(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether each activity fills what its kind's documentation needs, and its kind is still declared."""
    lacking: dict[tuple[str, FieldProblem], list[tuple[Line, Work]]] = {}
    for line, work in facts.work:
        kind = facts.house.kinds.get(work.kind)
        if kind is None:
            yield Finding(
                "kind_fields",
                Severity.WARNING,
                f"No file declares the kind of {work_name(facts, work)} any more",
                f"The kind “{work.kind}” was taken away since; its page has plain words only.",
                mend=Mend("activity", work.id, "kind"),
                line=line.number,
                reason=REASON,
            )
            continue
        for problem in kind.missing_fields(work.fields):
            lacking.setdefault((kind.title, problem), []).append((line, work))
    for (title, problem), found in lacking.items():
        line, work = found[0]
        many = f" in {counted(len(found), 'entry')}" if len(found) > 1 else f": {work_name(facts, work)}"
        yield Finding(
            "kind_fields",
            Severity.WARNING,
            f"{problem.message.removesuffix('.')}{many}",
            f"{title}: its documentation asks for it.",
            f"What the documentation of {title.lower()} needs.",
            f"schema/activities/{work.kind}.toml",
            Mend("activity", work.id, problem.field),
            line.number,
            REASON,
        )


def required(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether the record holds every item that the payer's rules ask for."""
    # By the rule's identity: to compare two whole rules costs more than to look at the claim.
    lacking: dict[tuple[str, str, int], tuple[Said, list[tuple[Mend, str, Line]]]] = {}
    for line in facts.lines:
        for said in line.asks.each("required"):
            for item in said.value:
                _, found = lacking.setdefault((item, line.code, id(said.rule)), (said, []))
                for mend, where in _lacking(facts, line, item):
                    if all(mend != other for other, _, _ in found):
                        found.append((mend, where, line))
    for (item, code, _), (said, places) in lacking.items():
        if not places:
            continue
        mend, where, line = places[0]
        where = where if len(places) == 1 else f" in {counted(len(places), 'entry')}"
        yield Finding(
            "required",
            Severity.ERROR,
            f"Missing: {item_words(item)}{where}",
            "The payer asks for it and would deny the line without it.",
            f"For {code} the record must hold: {item_words(item)}.",
            line.asks.origin(said.rule),
            mend,
            line.number,
            REASON,
        )


def _lacking(facts: ClaimFacts, line: Line, item: str) -> Iterator[tuple[Mend, str]]:
    """Where an item is not said on a line, and a word for it."""
    record, dot, name = item.partition(".")
    if not dot:
        for work in line.work:
            if item in _OF_ALL_KINDS:
                value = work.outcome_words if item == "outcome" else str(getattr(work, item))
            else:
                kind = facts.house.kinds.get(work.kind)
                # A field of one kind is asked of that kind alone.
                if kind is None or kind.field(item) is None:
                    continue
                value = work.fields.get(item, "")
            if unsaid(value):
                yield Mend("activity", work.id, item), f" of {work_name(facts, work)}"
    elif record == "staff":
        for login in sorted(line.staff):
            if not getattr(facts.house.staff.get(login), name, ""):
                yield Mend("staff", login, name), f": {staff_name(facts, login)}"
    elif record == "case":
        value = getattr(facts.case, name, "")
        if not value or (isinstance(value, str) and unsaid(value)):
            yield Mend("case", facts.patient.id, name), ""
    elif unsaid(getattr(facts.patient, name, "")):
        yield Mend("patient", facts.patient.id, name), ""


def unsigned(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether every activity is signed."""
    for line, work in facts.work:
        if work.status != "signed":
            yield Finding(
                "unsigned",
                Severity.ERROR,
                f"Not signed: {work_name(facts, work)}",
                "No claim goes before its documentation is complete and signed.",
                mend=Mend("activity", work.id, "status"),
                line=line.number,
                reason=REASON,
            )


def amended(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether the log changed since the claim was sent; taken back to be corrected, it is what is owed."""
    if facts.amendment_owed and facts.sent:
        yield Finding(
            "amended",
            Severity.ERROR,
            "A corrected claim is owed",
            "The log was changed after the claim was sent, so that the payer holds what is no longer true. "
            "Take it back with `claim correct` and submit it as corrected.",
            "A correction that affects a claim requires an amended claim (Iowa 441-79.3).",
            mend=Mend("claim", facts.claim_id),
            reason=REASON,
        )


def late_entry(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether entries were made late, and so late that they do not count."""
    late: list[int] = []
    for line, work in facts.work:
        if not work.late_days or work.copied:
            continue  # a copied entry was made in time, as far as anybody knows: in the practice's own log
        said = line.asks.said("late_entry_days")
        if said.value is not None and work.late_days > said.value:
            yield Finding(
                "late_entry",
                Severity.ERROR,
                f"Entered {counted(work.late_days, 'day')} late: {work_name(facts, work)}",
                "The payer does not count an entry that was made so long after the service.",
                f"Entries count up to {counted(said.value, 'day')} after the service.",
                line.asks.origin(said.rule),
                Mend("activity", work.id),
                line.number,
                REASON,
            )
        else:
            late.append(work.late_days)
    if late:
        yield Finding(
            "late_entry",
            Severity.NOTE,
            f"{counted(len(late), 'late entry')}, up to {counted(max(late), 'day')} after the service",
            "Each is labeled as late on the claim's pages, as the CMS Program Integrity Manual asks.",
            reason=REASON,
        )


def identical_notes(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether notes are word for word those of another date."""
    seen: dict[str, tuple[str, str]] = {}
    for other in facts.elsewhere:
        seen.setdefault(other.words, (other.service_date, other.id))
    found: dict[str, tuple[Line, Work, str]] = {}
    for line, work in facts.work:
        text = same_words(work.note)
        if len(text) < SHORTEST_NOTE:
            continue
        day, other_id = seen.setdefault(text, (work.service_date, work.id))
        if day != work.service_date:
            found.setdefault(text, (line, work, other_id))
    if not found:
        return
    line, work, other_id = next(iter(found.values()))
    many = f" and {counted(len(found) - 1, 'other')}" if len(found) > 1 else ""
    yield Finding(
        "identical_notes",
        Severity.WARNING,
        f"The same note word for word on another date: {work_name(facts, work)}{many}",
        f"Activity {short(other_id)} says exactly the same. Auditors take notes that were copied for work "
        "that was not done.",
        "Each note tells of its own contact.",
        mend=Mend("activity", work.id, "note"),
        line=line.number,
        reason=REASON,
    )


SHORTEST_NOTE = 30
"""Characters below which two notes may well be the same: `left voicemail`."""
