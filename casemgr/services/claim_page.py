"""Claims as a screen shows them: what a month has, and one claim with what it lacks and where to mend it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.checklist import FROM_CASE, OUTCOMES
from casemgr.core.dates import format_us
from casemgr.core.records import Case
from casemgr.services.changes import pulse
from casemgr.services.claim_checks import check_claims
from casemgr.services.claims import listed, plan_month, the_claim
from casemgr.services.summaries import (
    checklist,
    lacks_follow_up,
    records_of,
    remarks_of,
    summary_of,
)
from casemgr.store.reads.disclosures import disclosed
from casemgr.store.reads.records import load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casemgr.core.billing import Claim, ClaimLine
    from casemgr.core.dates import Month
    from casemgr.core.records import Activity
    from casemgr.core.rows import ClaimRow
    from casemgr.core.summary import ClaimSummary, ShownCheck
    from casemgr.services.changes import Pulse
    from casemgr.services.claim_checks import Checked
    from casemgr.services.desk import Desk


NO_CASE = "No case was open when it was drafted: open one, void this claim, and draft it anew"
"""What a claim without a case lacks, for good."""


class ClaimsView(NamedTuple):
    """A month's claims, and what could be drafted yet. Minutes and cents."""

    month: Month
    pulse: Pulse
    claims: tuple[ClaimRow, ...]
    """By number; the voided ones only where they are wanted."""
    to_draft: int
    """Claims that drafting would make now."""
    to_draft_cents: int

    @property
    def charge_cents(self) -> int:
        """Charges of the live claims."""
        return sum(row.charge_cents for row in self.claims if not row.voided)


class Readiness(NamedTuple):
    """How far a claim's documentation is."""

    met: int
    points: int
    missing: tuple[str, ...]
    """The checklist's words for what is missing."""


class Mend(NamedTuple):
    """Where something that is missing is put right."""

    record: str
    """`case` or `activity`."""
    record_id: str
    """Of a case the patient's, since the case may have to be opened first."""
    field: str


class PageCheck(NamedTuple):
    """A point of the checklist, and where to mend it; None where it is met, or nothing here can mend it."""

    text: str
    satisfied: bool
    evidence: str
    mend: Mend | None


class Printed(NamedTuple):
    """A page or text of the claim that left the house."""

    when: str
    """`10/31/2026 18:00`, in the practice's time zone."""
    by: str
    what: str
    file: str
    """A file's name, or `printer NAME`; empty for what was copied."""


class ClaimPage(NamedTuple):
    """All that there is to say about a claim."""

    claim: Claim
    summary: ClaimSummary
    remarks: str
    """The text for a remarks box, as it would be copied; looking at it discloses nothing."""
    checks: tuple[PageCheck, ...]
    work: tuple[str, ...]
    """What was done for each line: the titles of its activities' kinds."""
    printed: tuple[Printed, ...]
    """The newest first."""
    pulse: Pulse
    checked: Checked | None
    """What all checks find, and the score; None for a voided claim."""


def claims_view(desk: Desk, month: Month, include_voided: bool = False) -> ClaimsView:
    """A month's claims as they stand now."""
    with desk.store.snapshot():
        planned, _ = plan_month(desk, month)
        return ClaimsView(
            month,
            pulse(desk),
            tuple(listed(desk, month, include_voided=include_voided)),
            len(planned.claims),
            sum(line.charge_cents for claim in planned.claims for line in claim.lines),
        )


def readiness(desk: Desk, numbers: Iterable[str]) -> dict[str, Readiness]:
    """How far the documentation of some claims is, by number."""
    found = {}
    with desk.store.snapshot():
        for number in numbers:
            claim = the_claim(desk, number)
            case = load(desk.store, Case, claim.case_id) if claim.case_id else None
            points = checklist(desk, claim, case, records_of(desk, claim))
            missing = tuple(point.text for point in points if not point.satisfied)
            found[number] = Readiness(len(points) - len(missing), len(points), missing)
    return found


def claim_page(desk: Desk, number: str) -> ClaimPage:
    """A claim as its screen shows it.

    Raises:
        NotFound: there is none of that number.
    """
    with desk.store.snapshot():
        claim = the_claim(desk, number)
        summary = summary_of(desk, claim)
        records = records_of(desk, claim)
        checks = tuple(
            PageCheck(
                check.text,
                check.satisfied,
                NO_CASE if _had_no_case(claim, check) else check.evidence,
                None if check.satisfied else _mend(desk, claim, check.id, records),
            )
            for check in summary.checklist
        )
        return ClaimPage(
            claim,
            summary,
            remarks_of(desk, claim),
            checks,
            tuple(_work(desk, line, records) for line in claim.lines),
            printed_of(desk, claim),
            pulse(desk),
            None if claim.voided else next(check_claims(desk, [claim.number])),
        )


def _had_no_case(claim: Claim, check: ShownCheck) -> bool:
    return check.id in FROM_CASE and not claim.case_id


def _work(desk: Desk, line: ClaimLine, records: list[Activity]) -> str:
    kinds = Counter(record.kind for record in records if record.id in line.activity_ids)
    titles = (
        f"{desk.labels.of(kind).title}{f' ×{count}' if count > 1 else ''}" for kind, count in kinds.items()
    )
    return ", ".join(titles)


def _mend(desk: Desk, claim: Claim, check: str, records: list[Activity]) -> Mend | None:
    if check in FROM_CASE:
        # A claim keeps the case of the day when it was drafted; one that is opened later is not its own.
        return Mend("case", claim.patient_id, check) if claim.case_id else None
    if check != OUTCOMES:
        return None
    lacking = next((record for record in records if not record.outcome_words), None)
    if lacking is not None:
        return Mend("activity", lacking.id, "outcome")
    last = next((record for record in reversed(records) if lacks_follow_up(desk, record)), None)
    return Mend("activity", last.id, "next_step") if last is not None else None


def printed_of(desk: Desk, claim: Claim) -> tuple[Printed, ...]:
    """What of a claim left the house, the newest first."""
    found = []
    for one in disclosed(desk.store, "print", claim.number):
        at = desk.local(one.at)
        found.append(Printed(f"{format_us(at.date())} {at:%H:%M}", one.staff, one.what, one.file))
    return tuple(found)
